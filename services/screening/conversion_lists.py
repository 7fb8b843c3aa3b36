"""Lists and proposals between the contract and the use cases: nothing is decided here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp
from xuke.foundation.v1 import foundation_pb2
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import screening_pb2

from services.foundation.errors import invalid_field
from services.foundation.file_faults import Faults
from services.foundation.messages import render
from services.foundation.principal import Principal, Role
from services.foundation.proposals import ProposalState, allowed_actions
from services.screening.domain.lists import Verdict
from services.screening.domain.proposal_changes import Change, ChangeKind, field_changes
from services.screening.domain.proposal_records import FileFormat, ProposalRecord, ProposedData
from services.screening.imports import united_nations
from services.screening.imports.faults import EntryFaults
from services.screening.imports.importer import Row
from services.screening.imports.parties import PartyReader
from services.screening.imports.table import CONTROL, Line
from services.screening.list_definitions import StatedDefinition
from services.screening.proposal_service import ImportRequest
from services.screening.store.lists import Activation

FORMATS: Final[Mapping[int, FileFormat]] = {
    messages.LIST_FORMAT_PARTIES_CSV: FileFormat.PARTIES_CSV,
    messages.LIST_FORMAT_UNITED_NATIONS_XML: FileFormat.UNITED_NATIONS_XML,
    messages.LIST_FORMAT_RULES_CSV: FileFormat.RULES_CSV,
    messages.LIST_FORMAT_DESTINATIONS_CSV: FileFormat.DESTINATIONS_CSV,
}
_FORMAT_MESSAGES: Final[Mapping[FileFormat, "messages.ListFormat.ValueType"]] = {
    FileFormat.NONE: messages.LIST_FORMAT_UNSPECIFIED,
    FileFormat.PARTIES_CSV: messages.LIST_FORMAT_PARTIES_CSV,
    FileFormat.UNITED_NATIONS_XML: messages.LIST_FORMAT_UNITED_NATIONS_XML,
    FileFormat.RULES_CSV: messages.LIST_FORMAT_RULES_CSV,
    FileFormat.DESTINATIONS_CSV: messages.LIST_FORMAT_DESTINATIONS_CSV,
}
STATES: Final[Mapping[int, ProposalState]] = {
    messages.PROPOSAL_STATE_PROPOSED: ProposalState.PROPOSED,
    messages.PROPOSAL_STATE_ACTIVATED: ProposalState.ACTIVATED,
    messages.PROPOSAL_STATE_REJECTED: ProposalState.REJECTED,
    messages.PROPOSAL_STATE_WITHDRAWN: ProposalState.WITHDRAWN,
}
_STATE_MESSAGES: Final[Mapping[ProposalState, "messages.ProposalState.ValueType"]] = {
    ProposalState.PROPOSED: messages.PROPOSAL_STATE_PROPOSED,
    ProposalState.ACTIVATED: messages.PROPOSAL_STATE_ACTIVATED,
    ProposalState.REJECTED: messages.PROPOSAL_STATE_REJECTED,
    ProposalState.WITHDRAWN: messages.PROPOSAL_STATE_WITHDRAWN,
}
_CHANGE_KINDS: Final[Mapping[ChangeKind, "messages.ChangeKind.ValueType"]] = {
    ChangeKind.ADDED: messages.CHANGE_KIND_ADDED,
    ChangeKind.CHANGED: messages.CHANGE_KIND_CHANGED,
    ChangeKind.ENDED: messages.CHANGE_KIND_ENDED,
}
_VERDICTS: Final[Mapping[int, Verdict]] = {
    screening_pb2.VERDICT_CLEAR: Verdict.CLEAR,
    screening_pb2.VERDICT_REVIEW: Verdict.REVIEW,
    screening_pb2.VERDICT_RESTRICTED: Verdict.RESTRICTED,
    screening_pb2.VERDICT_PROHIBITED: Verdict.PROHIBITED,
}
# What the contract calls otherwise than the content of an entry.
_FIELD_NAMES: Final = {"region": "country"}


def day_in(text: str, field: str) -> date | None:
    """A day of law; None for the empty text. Errors: INVALID_ARGUMENT on the field."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise invalid_field(field, "SCREENING_DAY_INVALID", value=text) from error


def instant(moment: datetime) -> Timestamp:
    """An instant in UTC."""
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def import_request(description: messages.ImportDescription) -> ImportRequest:
    """What somebody brings in, and for which list.

    Errors: INVALID_ARGUMENT with LIST_CODES_DIFFER, LIST_OF_OTHER_FORMAT, LIST_TEXT_UNPRINTABLE.
    """
    definition = description.definition if description.HasField("definition") else None
    list_code = description.list_code.strip()
    if definition is not None:
        if list_code and list_code != definition.list_code:
            raise invalid_field(
                "list_code", "LIST_CODES_DIFFER", list_code=list_code, other=definition.list_code
            )
        list_code = definition.list_code
    file_format = FORMATS[description.format]
    if file_format is FileFormat.UNITED_NATIONS_XML:
        if list_code not in ("", united_nations.LIST_CODE):
            raise invalid_field("list_code", "LIST_OF_OTHER_FORMAT", list_code=united_nations.LIST_CODE)
        list_code = united_nations.LIST_CODE
    return ImportRequest(
        file_format,
        printable(list_code, "list_code"),
        _stated_definition(definition) if definition is not None else None,
        day_in(description.read_on, "read_on"),
        printable(description.file_name, "file_name"),
        printable(description.reason, "reason"),
    )


def printable(text: str, field: str) -> str:
    """A text that can be kept and shown. Errors: INVALID_ARGUMENT on the field, LIST_TEXT_UNPRINTABLE."""
    if CONTROL.search(text):
        raise invalid_field(field, "LIST_TEXT_UNPRINTABLE")
    return text


def _stated_definition(definition: messages.ListDefinition) -> StatedDefinition:
    return StatedDefinition(
        name_zh=printable(definition.name.zh.strip(), "definition.name.zh"),
        name_en=printable(definition.name.en.strip(), "definition.name.en"),
        match_verdict=_VERDICTS.get(definition.match_verdict),
        likeness_verdict=_VERDICTS.get(definition.likeness_verdict),
        instrument=printable(definition.source.instrument.strip(), "definition.source.instrument"),
        article=printable(definition.source.article.strip(), "definition.source.article"),
        url=printable(definition.source.url.strip(), "definition.source.url"),
        effective_from=day_in(definition.effective_from, "definition.effective_from"),
        maximum_age_days=definition.maximum_age_days,
    )


class _EntryLine(Line):
    """An entry of a form, read as a line of the template is; its lists are lists already."""

    def __init__(
        self, at: int, values: dict[str, str], lists: Mapping[str, Sequence[str]], faults: Faults
    ) -> None:
        super().__init__(at, values | dict.fromkeys(lists, ""), faults)
        self._lists = lists

    def values(self, column: str) -> Sequence[str]:
        """The values of a list."""
        return self._lists.get(column, ())


def stated_entries(entries: Iterable[messages.ListEntry], reader: PartyReader, faults: Faults) -> list[Row]:
    """What a form states of entries. Errors: INVALID_ARGUMENT with everything that is wrong."""
    stated = [reader.read(_entry_line(at, entry, faults)) for at, entry in enumerate(entries)]
    reader.finish()
    faults.settle()
    return stated


def entry_faults() -> Faults:
    """Where what is wrong with the entries of a form is collected."""
    return EntryFaults()


def _entry_line(at: int, entry: messages.ListEntry, faults: Faults) -> Line:
    values = {
        "entry_id": entry.entry_id,
        "name_zh": entry.name_zh,
        "name_en": entry.name_en,
        "kind": entry.kind,
        "country": entry.country,
        "announcement": entry.source.instrument,
        "article": entry.source.article,
        "url": entry.source.url,
        "effective_from": entry.effective_from,
        "effective_to": entry.effective_to,
        "suspended_from": entry.suspended_from,
        "suspended_to": entry.suspended_to,
        "stopped_from": entry.stopped_from,
        "unconfirmed_from": entry.unconfirmed_from,
        "standing_basis": entry.standing_basis,
    }
    lists = {
        "aliases": entry.aliases,
        "addresses": entry.addresses,
        "identifiers": entry.identifiers,
        "born": entry.born,
        "measures": entry.measures,
        "holders": [f"{one.list_code}:{one.entry_id}:{one.percent}" for one in entry.holders],
    }
    return _EntryLine(at, values, lists, faults)


def proposal_message(
    proposal: ProposalRecord, current_version: str, caller: Principal, effects: tuple[int, int] = (0, 0)
) -> messages.Proposal:
    """A proposal as the caller sees it; `effects` are how many verdicts would become graver, and milder."""
    draft = proposal.draft
    name = (
        foundation_pb2.LocalizedText(zh=draft.definition["name_zh"], en=draft.definition["name_en"])
        if draft.data is ProposedData.PARTIES
        else _name_of(draft.data)
    )
    actions = allowed_actions(proposal.standing(current_version), caller.subject)
    return messages.Proposal(
        proposal_id=str(proposal.proposal_id),
        etag=str(proposal.row_version),
        state=_STATE_MESSAGES[proposal.state],
        format=_FORMAT_MESSAGES[draft.file_format],
        list_code=draft.list_code,
        list_name=name,
        base_version=draft.base_version,
        list_version=draft.list_version,
        read_on=draft.read_on.isoformat(),
        file_name=draft.file_name,
        reason=draft.reason,
        proposed_by=proposal.proposed_by,
        proposed_at=instant(proposal.proposed_at),
        decided_by=proposal.decided_by,
        decided_at=instant(proposal.decided_at) if proposal.decided_at else None,
        decision_reason=proposal.decision_reason,
        added=draft.added,
        changed=draft.changed,
        ended=draft.ended,
        unchanged=draft.unchanged,
        more_severe=effects[0],
        less_severe=effects[1],
        allowed_actions=(
            [action.value.lower() for action in actions] if caller.role is Role.LIST_EDITOR else []
        ),
    )


def _name_of(data: ProposedData) -> foundation_pb2.LocalizedText:
    text = render(f"LIST_NAME_{data.value}")
    return foundation_pb2.LocalizedText(zh=text.zh, en=text.en)


def change_message(change: Change) -> messages.EntryChange:
    """What a proposal changes of one entry, field by field."""
    return messages.EntryChange(
        entry_id=change.key,
        kind=_CHANGE_KINDS[change.kind],
        name_zh=str(change.after.get("name_zh", change.after.get("text_zh", ""))),
        name_en=str(change.after.get("name_en", change.after.get("text_en", ""))),
        fields=[
            messages.ChangedField(
                field=_FIELD_NAMES.get(field.field, field.field), before=field.before, after=field.after
            )
            for field in field_changes(change)
        ],
    )


def version_message(activation: Activation, *, is_current: bool) -> messages.ListVersion:
    """A version of a list at the time it became the current one."""
    return messages.ListVersion(
        list_version=activation.version,
        read_on=activation.read_on.isoformat(),
        entry_count=activation.entries,
        activated_at=instant(activation.activated_at),
        proposed_by=activation.proposed_by,
        activated_by=activation.activated_by,
        proposal_id=str(activation.proposal_id) if activation.proposal_id else "",
        current=is_current,
    )
