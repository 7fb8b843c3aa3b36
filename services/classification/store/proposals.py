"""Queries over the proposals to change control lists and to settle questions of their rules."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from services.classification.domain.list_records import (
    ListFormat,
    ProposalDraft,
    ProposalKind,
    ProposalRecord,
    ProposedInterpretation,
)
from services.classification.rules.truth import Truth
from services.classification.store.proposal_tables import control_list_change, control_list_proposal
from services.foundation.proposals import ProposalState
from services.foundation.proposed_changes import Change, ChangeKind

# Columns that hold an attribute of the draft as it is.
_OF_DRAFT = (
    "regime",
    "base_version",
    "list_version",
    "edition",
    "covers_from",
    "file_name",
    "file_sha256",
    "reason",
    "legal_basis",
    "url",
    "added",
    "changed",
    "ended",
    "unchanged",
)


def add_proposal(
    connection: Connection, draft: ProposalDraft, changes: Sequence[Change], proposed_by: str, now: datetime
) -> ProposalRecord:
    """Keeps a proposal with every entry that it changes."""
    row = connection.execute(
        insert(control_list_proposal)
        .values(
            **{name: getattr(draft, name) for name in _OF_DRAFT},
            kind=draft.kind.value,
            file_format=draft.file_format.value,
            interpretation=_content(draft.interpretation),
            row_version=1,
            state=ProposalState.PROPOSED.value,
            proposed_by=proposed_by,
            proposed_at=now,
            decided_by="",
            decision_reason="",
        )
        .returning(control_list_proposal)
    ).one()
    if changes:
        connection.execute(
            insert(control_list_change),
            [
                {
                    "proposal_id": row.proposal_id,
                    "position": at,
                    "identifier": change.key,
                    "change": change.kind.value,
                    "before": change.before,
                    "after": change.after,
                }
                for at, change in enumerate(changes)
            ],
        )
    return _proposal(row)


def find_proposal(connection: Connection, proposal_id: UUID, *, lock: bool = False) -> ProposalRecord | None:
    """A proposal, if the caller may see it; with `lock` nobody else decides it until the transaction ends."""
    query = select(control_list_proposal).where(control_list_proposal.c.proposal_id == proposal_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _proposal(row)


def list_proposals(
    connection: Connection, states: Collection[ProposalState], before: UUID | None, size: int
) -> list[ProposalRecord]:
    """Proposals, newest first, after the one with the id `before`; no states mean all of them."""
    columns = control_list_proposal.c
    query = select(control_list_proposal).order_by(columns.proposal_id.desc()).limit(size)
    if states:
        query = query.where(columns.state.in_([state.value for state in states]))
    if before is not None:
        query = query.where(columns.proposal_id < before)
    return [_proposal(row) for row in connection.execute(query)]


def proposals_of(connection: Connection, regime: str, proposed_by: str) -> list[ProposalRecord]:
    """What somebody proposed for a regime, newest first."""
    columns = control_list_proposal.c
    rows = connection.execute(
        select(control_list_proposal)
        .where(columns.regime == regime, columns.proposed_by == proposed_by)
        .order_by(columns.proposal_id.desc())
    )
    return [_proposal(row) for row in rows]


def list_changes(
    connection: Connection, proposal_id: UUID, after: int = -1, size: int | None = None
) -> list[tuple[int, Change]]:
    """What a proposal changes, in order of the identifiers, after a place in that order."""
    columns = control_list_change.c
    rows = connection.execute(
        select(control_list_change)
        .where(columns.proposal_id == proposal_id, columns.position > after)
        .order_by(columns.position)
        .limit(size)
    )
    return [
        (row.position, Change(row.identifier, ChangeKind(row.change), row.before, row.after)) for row in rows
    ]


def decide(
    connection: Connection,
    proposal: ProposalRecord,
    state: ProposalState,
    decided_by: str,
    now: datetime,
    reason: str = "",
) -> ProposalRecord:
    """Ends a proposal that the caller has locked."""
    row = connection.execute(
        update(control_list_proposal)
        .where(control_list_proposal.c.proposal_id == proposal.proposal_id)
        .values(
            state=state.value,
            row_version=proposal.row_version + 1,
            decided_by=decided_by,
            decided_at=now,
            decision_reason=reason,
        )
        .returning(control_list_proposal)
    ).one()
    return _proposal(row)


def _content(proposed: ProposedInterpretation | None) -> dict[str, str] | None:
    if proposed is None:
        return None
    return {
        "identifier": proposed.identifier,
        "path": proposed.path,
        "question": proposed.question,
        "answer": proposed.answer.value,
        "valid_from": proposed.valid_from.isoformat(),
        "basis": proposed.basis,
    }


def _interpretation(content: Mapping[str, str] | None) -> ProposedInterpretation | None:
    if content is None:
        return None
    return ProposedInterpretation(
        content["identifier"],
        content["path"],
        content["question"],
        Truth(content["answer"]),
        date.fromisoformat(content["valid_from"]),
        content["basis"],
    )


def _proposal(row: Row[Any]) -> ProposalRecord:
    return ProposalRecord(
        proposal_id=row.proposal_id,
        row_version=row.row_version,
        state=ProposalState(row.state),
        draft=ProposalDraft(
            kind=ProposalKind(row.kind),
            file_format=ListFormat(row.file_format),
            interpretation=_interpretation(row.interpretation),
            **{name: getattr(row, name) for name in _OF_DRAFT},
        ),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at.astimezone(UTC),
        decided_by=row.decided_by,
        decided_at=row.decided_at.astimezone(UTC) if row.decided_at else None,
        decision_reason=row.decision_reason,
    )
