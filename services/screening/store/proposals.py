"""Queries over the proposals to change lists, rules and the register of destinations."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from services.foundation.proposals import ProposalState
from services.screening.domain.proposal_changes import Change, ChangeKind
from services.screening.domain.proposal_records import (
    FileFormat,
    ProposalDraft,
    ProposalRecord,
    ProposedData,
)
from services.screening.store.bulk import add_rows
from services.screening.store.proposal_tables import list_proposal, list_proposal_change

# Columns that hold an attribute of the draft as it is.
_OF_DRAFT = (
    "list_code",
    "base_version",
    "list_version",
    "read_on",
    "definition",
    "file_name",
    "file_sha256",
    "reason",
    "added",
    "changed",
    "ended",
    "unchanged",
)


def add_proposal(
    connection: Connection, draft: ProposalDraft, changes: Sequence[Change], proposed_by: str, now: datetime
) -> ProposalRecord:
    """Keeps a proposal with every row that it changes."""
    row = connection.execute(
        insert(list_proposal)
        .values(
            **{name: getattr(draft, name) for name in _OF_DRAFT},
            data=draft.data.value,
            file_format=draft.file_format.value,
            row_version=1,
            state=ProposalState.PROPOSED.value,
            proposed_by=proposed_by,
            proposed_at=now,
            decided_by="",
            decision_reason="",
        )
        .returning(list_proposal)
    ).one()
    add_rows(
        connection,
        list_proposal_change,
        (
            {
                "proposal_id": row.proposal_id,
                "position": at,
                "row_key": change.key,
                "change": change.kind.value,
                "before": change.before,
                "after": change.after,
            }
            for at, change in enumerate(changes)
        ),
    )
    return _proposal(row)


def find_proposal(connection: Connection, proposal_id: UUID, *, lock: bool = False) -> ProposalRecord | None:
    """A proposal, if the caller may see it; with `lock` nobody else decides it until the transaction ends."""
    query = select(list_proposal).where(list_proposal.c.proposal_id == proposal_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _proposal(row)


def list_proposals(
    connection: Connection,
    states: Collection[ProposalState],
    list_code: str,
    before: UUID | None,
    size: int,
) -> list[ProposalRecord]:
    """Proposals, newest first, after the one with the id `before`; no states and no code mean all of them."""
    columns = list_proposal.c
    query = select(list_proposal).order_by(columns.proposal_id.desc()).limit(size)
    if states:
        query = query.where(columns.state.in_([state.value for state in states]))
    if list_code:
        query = query.where(columns.list_code == list_code)
    if before is not None:
        query = query.where(columns.proposal_id < before)
    return [_proposal(row) for row in connection.execute(query)]


def find_by_file(
    connection: Connection, list_code: str, proposed_by: str, file_name: str = ""
) -> list[ProposalRecord]:
    """What somebody proposed for a list, by the name of the file if one is given, newest first."""
    columns = list_proposal.c
    query = (
        select(list_proposal)
        .where(columns.list_code == list_code, columns.proposed_by == proposed_by)
        .order_by(columns.proposal_id.desc())
    )
    if file_name:
        query = query.where(columns.file_name == file_name)
    return [_proposal(row) for row in connection.execute(query)]


def list_changes(
    connection: Connection, proposal_id: UUID, after: int = -1, size: int | None = None
) -> list[tuple[int, Change]]:
    """What a proposal changes, in order of the keys, after a place in that order."""
    columns = list_proposal_change.c
    rows = connection.execute(
        select(list_proposal_change)
        .where(columns.proposal_id == proposal_id, columns.position > after)
        .order_by(columns.position)
        .limit(size)
    )
    return [(row.position, _change(row)) for row in rows]


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
        update(list_proposal)
        .where(list_proposal.c.proposal_id == proposal.proposal_id)
        .values(
            state=state.value,
            row_version=proposal.row_version + 1,
            decided_by=decided_by,
            decided_at=now,
            decision_reason=reason,
        )
        .returning(list_proposal)
    ).one()
    return _proposal(row)


def _proposal(row: Row[Any]) -> ProposalRecord:
    return ProposalRecord(
        proposal_id=row.proposal_id,
        row_version=row.row_version,
        state=ProposalState(row.state),
        draft=ProposalDraft(
            data=ProposedData(row.data),
            file_format=FileFormat(row.file_format),
            **{name: getattr(row, name) for name in _OF_DRAFT},
        ),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at.astimezone(UTC),
        decided_by=row.decided_by,
        decided_at=row.decided_at.astimezone(UTC) if row.decided_at else None,
        decision_reason=row.decision_reason,
    )


def _change(row: Row[Any]) -> Change:
    return Change(row.row_key, ChangeKind(row.change), row.before, row.after)
