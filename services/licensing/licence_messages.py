"""Messages of the licence contract from what the use cases return, and demands from what customs sends."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from sqlalchemy import Row
from xuke.foundation.v1 import foundation_pb2
from xuke.licensing.v1 import dossier_pb2
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.ledger import LedgerEvent
from services.foundation.messages import LocalizedText, render
from services.licensing.application_shapes import fill
from services.licensing.customs_service import ChangePage, StatusBatch, normal_number
from services.licensing.document.canonical import decimal_text
from services.licensing.domain.licence_state import LicenceState, SuspensionReason
from services.licensing.domain.licence_usage import Demand, LineOutcome
from services.licensing.licence_procedure_service import Position
from services.licensing.licence_service import LicencePage, LicenceView
from services.licensing.store.licence_status_store import Status


def timestamp(instant: datetime | None) -> Timestamp | None:
    """An aware instant as a protobuf timestamp."""
    if instant is None:
        return None
    message = Timestamp()
    message.FromDatetime(instant)
    return message


def to_state(state: str) -> messages.LicenceState.ValueType:
    """The state in the words of the contract."""
    return messages.LicenceState.Value(f"LICENCE_STATE_{state}")


def from_state(state: messages.LicenceState.ValueType) -> LicenceState:
    """The state of a word of the contract."""
    return LicenceState(messages.LicenceState.Name(state).removeprefix("LICENCE_STATE_"))


def from_suspension_reason(reason: messages.SuspensionReason.ValueType) -> SuspensionReason:
    """The reason of a word of the contract."""
    return SuspensionReason(messages.SuspensionReason.Name(reason).removeprefix("SUSPENSION_REASON_"))


def to_licence(view: LicenceView) -> messages.Licence:
    """The licence as its holder and officers see it."""
    row, particulars = view.row, view.row.particulars
    return messages.Licence(
        number=row.number,
        application_id=row.application_id,
        application_number=row.application_number,
        instrument=dossier_pb2.Instrument.Value(f"INSTRUMENT_{row.instrument}"),
        state=to_state(row.state),
        state_reason=view.state_reason,
        etag=str(row.version),
        holder_name_zh=row.holder_name_zh,
        holder_name_en=row.holder_name_en,
        unified_social_credit_code=row.unified_social_credit_code,
        province=row.province,
        destination=row.destination,
        importer=_party(dossier_pb2.PARTY_ROLE_IMPORTER, particulars["importer"]),
        consignee=_party(dossier_pb2.PARTY_ROLE_CONSIGNEE, particulars["consignee"]),
        end_user=_party(dossier_pb2.PARTY_ROLE_END_USER, particulars["end_user"]),
        end_use=_end_use(particulars["end_use"]),
        customs_office=row.customs_office,
        valid_from=row.valid_from.isoformat(),
        valid_to=row.valid_to.isoformat(),
        lines=[_line(line) for line in view.lines],
        conditions=[foundation_pb2.LocalizedText(**condition) for condition in particulars["conditions"]],
        uses_allowed=row.uses_allowed or 0,
        uses_made=row.uses_made,
        canonical_sha256=row.canonical_sha256,
        canonical_sm3=row.canonical_sm3,
        document_sha256=row.document_sha256 or "",
        issued_at=timestamp(row.issued_at),
        acknowledged_at=timestamp(row.acknowledged_at),
        due_diligence_demanded=view.due_diligence_demanded,
        due_diligence=[
            messages.RecordedDueDiligence(
                due_diligence=fill(dossier_pb2.DueDiligence(), each.due_diligence),
                recorded_at=timestamp(each.recorded_at),
                recorded_by=each.recorded_by,
            )
            for each in view.due_diligence
        ],
    )


def to_licences(page: LicencePage) -> messages.ListLicencesResponse:
    """One page of licences."""
    return messages.ListLicencesResponse(
        licences=[to_licence(view) for view in page.licences], next_page_token=page.next_page_token
    )


def to_usage(entries: Iterable[Row[Any]]) -> messages.ListUsageResponse:
    """The usage ledger."""
    return messages.ListUsageResponse(
        entries=[
            messages.UsageEntry(
                entry_number=entry.entry_number,
                kind=messages.UsageKind.Value(f"USAGE_KIND_{entry.kind}"),
                declaration_number=entry.declaration_number,
                declaration_line=entry.declaration_line,
                licence_line=entry.licence_line,
                quantity=decimal_text(entry.quantity),
                unit=entry.unit,
                recorded_at=timestamp(entry.recorded_at),
                recorded_by=entry.recorded_by,
                available_after=decimal_text(entry.available_after),
            )
            for entry in entries
        ]
    )


def to_position(position: Position) -> messages.LicencePosition:
    """The position of a licence in the procedure."""
    return messages.LicencePosition(
        number=position.number,
        state=to_state(position.state),
        sequence=position.sequence,
        events=[_event(event) for event in position.events],
        expires_at=timestamp(position.expires_at),
        document_prepared=position.document_prepared,
        application_id=position.application_id,
    )


def to_status(status: Status) -> messages.LicenceStatus:
    """What customs may know of a licence."""
    return messages.LicenceStatus(
        number=status.number,
        state=to_state(status.state),
        state_reason=status.state_reason,
        usable=status.usable,
        valid_from=status.valid_from.isoformat(),
        valid_to=status.valid_to.isoformat(),
        unified_social_credit_code=status.unified_social_credit_code,
        holder_name_zh=status.holder_name_zh,
        destination=status.destination,
        consignee_name=status.consignee_name,
        end_user_name=status.end_user_name,
        customs_office=status.customs_office,
        lines=[
            messages.LicenceLine(
                line_number=line.line_number,
                name_zh=line.name_zh,
                name_en=line.name_en,
                control_code=line.control_code,
                hs_code=line.hs_code,
                unit=line.unit,
                licensed_quantity=line.licensed_quantity,
                reserved_quantity=line.reserved_quantity,
                committed_quantity=line.committed_quantity,
                available_quantity=line.available_quantity,
                value=line.value,
                currency=line.currency,
            )
            for line in status.lines
        ],
        uses_allowed=status.uses_allowed,
        uses_made=status.uses_made,
        acknowledged_at=timestamp(status.acknowledged_at),
    )


def to_statuses(batch: StatusBatch) -> messages.BatchGetLicenceStatusesResponse:
    """Many statuses, and the numbers that are not of a licence."""
    return messages.BatchGetLicenceStatusesResponse(
        statuses=[to_status(status) for status in batch.statuses], unknown_numbers=batch.unknown_numbers
    )


def to_changes(page: ChangePage) -> messages.ListLicenceChangesResponse:
    """One page of the feed of changes."""
    return messages.ListLicenceChangesResponse(
        changes=[
            messages.LicenceChange(
                number=change.number,
                action=change.action,
                occurred_at=timestamp(change.occurred_at),
                state=to_state(change.state),
                state_reason=change.state_reason,
            )
            for change in page.changes
        ],
        next_cursor=page.next_cursor,
        more=page.more,
    )


def from_write_off(request: messages.WriteOffRequest) -> list[Demand]:
    """The lines of a declaration. A text that is no licence number stays as it is: it is known to nobody."""
    return [
        Demand(
            line.declaration_line,
            normal_number(line.licence_number) or line.licence_number,
            line.licence_line,
            Decimal(line.quantity) if line.quantity else None,
            line.unit,
            line.hs_code,
        )
        for line in request.lines
    ]


def to_write_off(outcomes: Iterable[LineOutcome]) -> messages.WriteOffResponse:
    """The answer line by line, each refusal with its reason in words."""
    return messages.WriteOffResponse(results=[_result(outcome) for outcome in outcomes])


def _result(outcome: LineOutcome) -> messages.WriteOffResult:
    result = messages.WriteOffResult(
        declaration_line=outcome.demand.declaration_line,
        accepted=outcome.refusal is None,
        licence_number=outcome.demand.licence_number,
        licence_line=outcome.demand.licence_line,
    )
    if outcome.refusal is not None:
        result.reason = outcome.refusal.reason
        result.explanation.CopyFrom(_localized(render(outcome.refusal.reason, outcome.refusal.metadata)))
    if outcome.balances is not None:
        result.reserved_quantity = decimal_text(outcome.balances.reserved)
        result.committed_quantity = decimal_text(outcome.balances.committed)
        result.available_quantity = decimal_text(outcome.balances.available)
        result.licence_state = to_state(outcome.balances.licence_state)
    return result


def _localized(text: LocalizedText) -> foundation_pb2.LocalizedText:
    return foundation_pb2.LocalizedText(zh=text.zh, en=text.en)


def _event(event: LedgerEvent) -> foundation_pb2.Event:
    """An event with its ids and words only: quantities of declarations stay out of the procedure's history."""
    return foundation_pb2.Event(
        sequence=event.sequence,
        event_id=str(event.event_id),
        occurred_at=timestamp(event.occurred_at),
        action=event.action,
        actor_role=event.actor_role,
        state=event.state,
        references={
            key: value for key, value in event.payload.items() if isinstance(value, str) and key != "state"
        },
    )


def _party(role: dossier_pb2.PartyRole.ValueType, party: dict[str, str]) -> dossier_pb2.Party:
    return dossier_pb2.Party(
        role=role,
        name_zh=party["name_zh"],
        name_en=party["name_en"],
        country=party["country"],
        address=party["address"],
    )


def _end_use(end_use: dict[str, str]) -> dossier_pb2.EndUse:
    return dossier_pb2.EndUse(
        description_zh=end_use["description_zh"],
        description_en=end_use["description_en"],
        end_user_kind=dossier_pb2.EndUserKind.Value(f"END_USER_KIND_{end_use['end_user_kind']}"),
        purpose=dossier_pb2.EndUsePurpose.Value(f"END_USE_PURPOSE_{end_use['purpose']}"),
    )


def _line(line: Row[Any]) -> messages.LicenceLine:
    return messages.LicenceLine(
        line_number=line.line_number,
        name_zh=line.name_zh,
        name_en=line.name_en,
        control_code=line.control_code,
        hs_code=line.hs_code,
        unit=line.unit,
        licensed_quantity=decimal_text(line.licensed),
        reserved_quantity=decimal_text(line.reserved),
        committed_quantity=decimal_text(line.committed),
        available_quantity=decimal_text(line.licensed - line.reserved - line.committed),
        value=decimal_text(line.value),
        currency=line.currency,
    )
