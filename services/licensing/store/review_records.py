"""Queries on what the authority recorded about a case: checks, notices, rounds, exclusions, decisions."""

import json
import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, tuple_, update

from services.foundation.ledger import canonical_json
from services.foundation.legal_clock import ExclusionReason
from services.foundation.messages import LocalizedText
from services.licensing.domain.application_state import Outcome
from services.licensing.domain.case_parts import (
    AutomaticCheck,
    Basis,
    ConsultationRound,
    Decision,
    ExclusionRemark,
    Notice,
    PlannedAgency,
)
from services.licensing.domain.findings import (
    ConsultationSummary,
    Deficiency,
    FactorAssessment,
    ItemClassification,
    LegalSource,
    NoticeKind,
    ScreeningSummary,
    ScreeningVerdict,
)
from services.licensing.domain.records import from_json, to_json
from services.licensing.store import rescreenings
from services.licensing.store.application_tables import (
    application,
    automatic_check,
    consultation_round,
    decision,
    exclusion,
    notice,
)
from services.licensing.store.applications import utc


def _json(record: object) -> str:
    return canonical_json(to_json(record))


def add_check(
    connection: Connection, application_id: uuid.UUID, check: AutomaticCheck, now: datetime
) -> None:
    """Stores what the automatic checks found; once per submission."""
    connection.execute(
        insert(automatic_check).values(
            application_id=application_id,
            submission_number=check.submission_number,
            classifications=_json(check.classifications),
            screening=_json(check.screening),
            recorded_at=now,
        )
    )


def find_check(
    connection: Connection, application_id: uuid.UUID, submission_number: int
) -> AutomaticCheck | None:
    """The checks of a submission with the screening that counts now, None while they wait."""
    row = connection.execute(
        select(automatic_check).where(
            automatic_check.c.application_id == application_id,
            automatic_check.c.submission_number == submission_number,
        )
    ).first()
    if row is None:
        return None
    later = rescreenings.newest(connection, [(application_id, submission_number)]).get(application_id)
    return AutomaticCheck(
        row.submission_number,
        from_json(tuple[ItemClassification, ...], json.loads(row.classifications)),
        later.screening if later else from_json(ScreeningSummary, json.loads(row.screening)),
    )


def add_notice(connection: Connection, application_id: uuid.UUID, added: Notice) -> None:
    """Stores a notice to the applicant."""
    connection.execute(
        insert(notice).values(
            notice_id=added.notice_id,
            application_id=application_id,
            kind=added.kind,
            issued_at=added.issued_at,
            text_zh=added.text.zh,
            text_en=added.text.en,
            deficiencies=_json(added.deficiencies),
            sources=_json(added.sources),
        )
    )


def verdicts(
    connection: Connection, submissions: Collection[tuple[uuid.UUID, int]]
) -> dict[uuid.UUID, ScreeningVerdict]:
    """The verdicts that count on submissions (application and number), by application; none while checks wait."""
    rows = connection.execute(
        select(automatic_check.c.application_id, automatic_check.c.screening).where(
            tuple_(automatic_check.c.application_id, automatic_check.c.submission_number).in_(submissions)
        )
    )
    checked = {key: ScreeningVerdict(json.loads(screening)["verdict"]) for key, screening in rows}
    later = rescreenings.newest(connection, submissions)
    return checked | {key: later[key].screening.verdict for key in later.keys() & checked.keys()}


def screening_of_licence(connection: Connection, licence_number: str) -> tuple[bool, int]:
    """Whether the screening that counts prohibits what a licence was issued for, and how many of its hits are open;
    False and none where there is no screening.
    """
    row = connection.execute(
        select(application.c.application_id, application.c.submission_number).where(
            application.c.licence_number == licence_number
        )
    ).first()
    check = find_check(connection, row.application_id, row.submission_number) if row is not None else None
    if check is None:
        return False, 0
    return check.screening.verdict is ScreeningVerdict.PROHIBITED, check.screening.open_hits


def notices(connection: Connection, application_id: uuid.UUID) -> list[Notice]:
    """Notices of a case, oldest first."""
    return notices_of(connection, [application_id]).get(application_id, [])


def notices_of(
    connection: Connection, application_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Notice]]:
    """The same of several cases, by their ids; one that has none is left out."""
    rows = connection.execute(
        select(notice).where(notice.c.application_id.in_(application_ids)).order_by(notice.c.serial)
    )
    found: dict[uuid.UUID, list[Notice]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(
            Notice(
                row.notice_id,
                NoticeKind(row.kind),
                row.issued_at.astimezone(UTC),
                LocalizedText(row.text_zh, row.text_en),
                from_json(tuple[Deficiency, ...], json.loads(row.deficiencies)),
                from_json(tuple[LegalSource, ...], json.loads(row.sources)),
            )
        )
    return found


def add_round(connection: Connection, application_id: uuid.UUID, added: ConsultationRound) -> None:
    """Stores the plan of a round of consultation."""
    connection.execute(
        insert(consultation_round).values(
            application_id=application_id,
            round_number=added.round_number,
            plan=_json(added.plan),
            round_id=added.round_id,
            summary="",
            started_at=added.started_at,
            closed_at=added.closed_at,
        )
    )


def set_round_id(connection: Connection, application_id: uuid.UUID, round_number: int, round_id: str) -> None:
    """Stores the id that the consultation service gave a round."""
    connection.execute(
        update(consultation_round).where(*_round(application_id, round_number)).values(round_id=round_id)
    )


def close_round(
    connection: Connection, application_id: uuid.UUID, summary: ConsultationSummary, now: datetime
) -> None:
    """Stores how a round ended."""
    connection.execute(
        update(consultation_round)
        .where(*_round(application_id, summary.round_number))
        .values(summary=_json(summary), closed_at=now)
    )


def _round(application_id: uuid.UUID, round_number: int) -> tuple[Any, ...]:
    return (
        consultation_round.c.application_id == application_id,
        consultation_round.c.round_number == round_number,
    )


def rounds(connection: Connection, application_id: uuid.UUID) -> list[ConsultationRound]:
    """Rounds of a case in order."""
    rows = connection.execute(
        select(consultation_round)
        .where(consultation_round.c.application_id == application_id)
        .order_by(consultation_round.c.round_number)
    )
    return [
        ConsultationRound(
            row.round_number,
            from_json(tuple[PlannedAgency, ...], json.loads(row.plan)),
            row.round_id,
            from_json(ConsultationSummary, json.loads(row.summary)) if row.summary else None,
            row.started_at.astimezone(UTC),
            utc(row.closed_at),
        )
        for row in rows
    ]


def start_exclusion(
    connection: Connection,
    application_id: uuid.UUID,
    exclusion_id: uuid.UUID,
    reason: ExclusionReason,
    note: str,
    now: datetime,
) -> None:
    """Stores that the review limit is stopped, and why; the ledger carries the instant."""
    connection.execute(
        insert(exclusion).values(
            exclusion_id=exclusion_id,
            application_id=application_id,
            reason=reason,
            note=note,
            started_at=now,
            result="",
        )
    )


def end_exclusion(
    connection: Connection, application_id: uuid.UUID, exclusion_id: uuid.UUID, result: str, now: datetime
) -> bool:
    """Stores what came of it; false if no such exclusion is open."""
    return (
        connection.execute(
            update(exclusion)
            .where(
                exclusion.c.application_id == application_id,
                exclusion.c.exclusion_id == exclusion_id,
                exclusion.c.ended_at.is_(None),
            )
            .values(ended_at=now, result=result)
        ).rowcount
        == 1
    )


def exclusion_remarks(connection: Connection, application_id: uuid.UUID) -> dict[str, ExclusionRemark]:
    """What officers wrote of the exclusions of a case, by their ids."""
    rows = connection.execute(
        select(exclusion.c.exclusion_id, exclusion.c.note, exclusion.c.result).where(
            exclusion.c.application_id == application_id
        )
    )
    return {str(row.exclusion_id): ExclusionRemark(row.note, row.result) for row in rows}


def exclusion_is_open(connection: Connection, application_id: uuid.UUID) -> bool:
    """Whether the review limit is stopped now."""
    return (
        connection.execute(
            select(exclusion.c.exclusion_id).where(
                exclusion.c.application_id == application_id, exclusion.c.ended_at.is_(None)
            )
        ).first()
        is not None
    )


def add_decision(connection: Connection, application_id: uuid.UUID, added: Decision) -> None:
    """Stores a proposal."""
    connection.execute(
        insert(decision).values(
            application_id=application_id,
            proposal_number=added.proposal_number,
            outcome=added.outcome,
            reasons=added.reasons,
            factors=_json(added.factors),
            conditions=canonical_json([[each.zh, each.en] for each in added.conditions]),
            proposed_by=added.proposed_by,
            proposed_at=added.proposed_at,
            countersigned_by="",
            comment="",
            basis="" if added.basis is None else _json(added.basis),
            taken_back_by="",
            taken_back_because="",
        )
    )


def countersign(connection: Connection, application_id: uuid.UUID, signed: Decision) -> None:
    """Stores what the second officer made of a proposal."""
    connection.execute(
        update(decision)
        .where(
            decision.c.application_id == application_id,
            decision.c.proposal_number == signed.proposal_number,
        )
        .values(
            countersigned_by=signed.countersigned_by,
            countersigned_at=signed.countersigned_at,
            agreed=signed.agreed,
            comment=signed.comment,
        )
    )


def take_back(connection: Connection, application_id: uuid.UUID, taken: Decision) -> None:
    """Stores that a decision was taken back, and why; who agreed to it stays."""
    connection.execute(
        update(decision)
        .where(
            decision.c.application_id == application_id,
            decision.c.proposal_number == taken.proposal_number,
        )
        .values(
            taken_back_by=taken.taken_back_by,
            taken_back_at=taken.taken_back_at,
            taken_back_because=taken.taken_back_because,
        )
    )


def decisions(connection: Connection, application_id: uuid.UUID) -> list[Decision]:
    """Every proposal of a case, oldest first; each but the last was sent or taken back."""
    rows = connection.execute(
        select(decision)
        .where(decision.c.application_id == application_id)
        .order_by(decision.c.proposal_number)
    )
    return [_decision(row) for row in rows]


def last_decision(connection: Connection, application_id: uuid.UUID) -> Decision | None:
    """The last proposal of a case."""
    found = decisions(connection, application_id)
    return found[-1] if found else None


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        proposal_number=row.proposal_number,
        outcome=Outcome(row.outcome),
        reasons=row.reasons,
        factors=from_json(tuple[FactorAssessment, ...], json.loads(row.factors)),
        conditions=tuple(LocalizedText(zh, en) for zh, en in json.loads(row.conditions)),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at.astimezone(UTC),
        countersigned_by=row.countersigned_by,
        countersigned_at=utc(row.countersigned_at),
        agreed=row.agreed,
        comment=row.comment,
        basis=from_json(Basis, json.loads(row.basis)) if row.basis else None,
        taken_back_by=row.taken_back_by,
        taken_back_at=utc(row.taken_back_at),
        taken_back_because=row.taken_back_because,
    )
