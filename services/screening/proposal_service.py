"""The use cases of proposals: one person proposes a change of lists, rules or destinations, another decides.

A file is read outside any transaction; whatever is wrong with it, nothing of it is kept. A version that is
activated counts from that moment on, and stays for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import failed_precondition, invalid_field, not_found, stale_etag
from services.foundation.ledger import Subject
from services.foundation.proposals import ProposalAction, ProposalState, next_state
from services.screening.domain.lists import PartyList
from services.screening.domain.proposal_changes import applied, changes_between
from services.screening.domain.proposal_records import (
    FileFormat,
    ProposalDraft,
    ProposalRecord,
    ProposedData,
    data_of,
)
from services.screening.imports.importer import Context, Importer, Proposed, Row
from services.screening.list_definitions import StatedDefinition, definition_for
from services.screening.proposal_drafts import NO_DEFINITION, Difference, draft_of, whole_difference
from services.screening.rescreening_kick import RESCREENING
from services.screening.store import lists, proposals
from services.screening.store.list_contents import current_entry_ids, read_definition

Importers = Mapping[FileFormat, Importer]


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file that somebody brings in. `read_on` is the day of law on which it was read at its source."""

    file_format: FileFormat
    list_code: str
    definition: StatedDefinition | None
    read_on: date | None
    file_name: str
    reason: str

    @property
    def data(self) -> ProposedData:
        """Which data the file changes."""
        return data_of(self.file_format)


def importer_of(importers: Importers, draft: ProposalDraft) -> Importer:
    """What knows the data of a proposal."""
    return importers[draft.file_format or _ANY_FORMAT]


# Entries that are changed in a form are parties like any others.
_ANY_FORMAT: Final = FileFormat.PARTIES_CSV


def context_of(work: UnitOfWork, request: ImportRequest) -> Context:
    """What the file is to be read against. Errors: those of `definition_for`; LIST_FORMAT_NEEDS_NO_LIST."""
    return Context(_definition(work, request), current_entry_ids(work.connection))


def context_of_entries(work: UnitOfWork, importers: Importers, list_code: str) -> Context:
    """What entries that are stated in a form are to be read against. Errors: NOT_FOUND."""
    version = require_current(work, importers, list_code)
    return Context(read_definition(work.connection, version), current_entry_ids(work.connection))


def propose_import(
    work: UnitOfWork, importers: Importers, request: ImportRequest, stated: Sequence[Row], sha256: str
) -> ProposalRecord:
    """Proposes what a file states. Errors: INVALID_ARGUMENT with LIST_NOTHING_CHANGES; see `context_of`."""
    importer = importers[request.file_format]
    read_on = _read_on(work, request)
    difference = whole_difference(work, importer, request.list_code, stated, importer.merged, read_on)
    draft = draft_of(
        difference,
        request.file_format,
        read_on,
        request.reason,
        list_code=request.list_code,
        definition=_definition(work, request),
        file_name=request.file_name,
        file_sha256=sha256,
    )
    return _propose(work, importer, draft, difference)


def propose_shipped(
    work: UnitOfWork, importers: Importers, party_list: PartyList, reason: str
) -> ProposalRecord | None:
    """Proposes a list as it comes with the program, over the one that counts; None where nothing differs."""
    importer, code, read_on = importers[_ANY_FORMAT], party_list.list_code, party_list.read_on
    stated = [entry.content for entry in party_list.entries]
    difference = whole_difference(work, importer, code, stated, lambda _, entry: entry, read_on)
    draft = draft_of(
        difference,
        FileFormat.NONE,
        read_on,
        reason,
        list_code=code,
        definition=party_list.definition,
        file_name=party_list.version,
    )
    return _keep(work, importer, draft, difference)


def propose_shipped_rows(
    work: UnitOfWork,
    importers: Importers,
    file_format: FileFormat,
    version: str,
    stated: Sequence[Row],
    reason: str,
) -> ProposalRecord | None:
    """Proposes rules or destinations as they come with the program, in the manner of a file that states them.

    `version` is what the program calls them. What it leaves out ends. None where nothing differs from what counts.
    """
    importer, today = importers[file_format], legal_day(work.call.now)
    difference = whole_difference(work, importer, "", stated, importer.merged, today)
    draft = draft_of(difference, file_format, today, reason, file_name=version)
    return _keep(work, importer, draft, difference)


def propose_entry_changes(
    work: UnitOfWork,
    importers: Importers,
    list_code: str,
    base_version: str,
    stated: Sequence[Row],
    reason: str,
) -> ProposalRecord:
    """Proposes new entries and changes of entries; those that are not stated stay as they are.

    Errors: NOT_FOUND; FAILED_PRECONDITION with LIST_BASE_CHANGED where the list is at another version by now.
    """
    importer = importers[_ANY_FORMAT]
    base = require_current(work, importers, list_code)
    if base != base_version:
        raise failed_precondition("LIST_BASE_CHANGED", base_version=base_version, current_version=base)
    before = importer.rows(work.connection, base)
    changes = changes_between(before, stated, importer.key, importer.merged, None)
    difference = Difference(base, before, changes)
    definition = read_definition(work.connection, base)
    read_on = date.fromisoformat(definition["read_on"])
    draft = draft_of(difference, FileFormat.NONE, read_on, reason, list_code=list_code, definition=definition)
    return _propose(work, importer, draft, difference)


def require_current(work: UnitOfWork, importers: Importers, list_code: str) -> str:
    """The version of a list that counts. Errors: NOT_FOUND where there is no such list."""
    version = importers[_ANY_FORMAT].current_version(work.connection, list_code)
    if not version:
        raise not_found("party_list", list_code)
    return version


def activate(work: UnitOfWork, importers: Importers, proposal_id: UUID, etag: str) -> ProposalRecord:
    """Makes what is proposed count, by another person than the one who proposed it.

    Errors: NOT_FOUND; ABORTED for a stale etag; FAILED_PRECONDITION, see `next_state`, and LIST_TOO_OLD where the
    file was read too long ago to be relied on by now.
    """
    proposal = _locked(work, proposal_id, etag)
    draft = proposal.draft
    importer = importer_of(importers, draft)
    lists.lock_list(work.connection, draft.list_code or draft.data.value)
    current = importer.current_version(work.connection, draft.list_code)
    state = _next(work, proposal, ProposalAction.ACTIVATE, current)
    _require_fresh(work, draft)
    changes = [change for _, change in proposals.list_changes(work.connection, proposal_id)]
    before = importer.rows(work.connection, current) if current else []
    proposed = proposed_of(draft, proposal.proposed_by, str(proposal_id))
    version = importer.activate(work, proposed, applied(before, changes, importer.key))
    if version != draft.list_version:
        raise RuntimeError(f"proposal {proposal_id} became {version}, not {draft.list_version}")
    _record_activation(work, draft, proposal_id)
    return _decided(work, proposal, state, "LIST_PROPOSAL_ACTIVATED", "")


def reject(work: UnitOfWork, proposal_id: UUID, etag: str, reason: str) -> ProposalRecord:
    """Ends a proposal without effect, by another person than the one who made it."""
    proposal = _locked(work, proposal_id, etag)
    state = _next(work, proposal, ProposalAction.REJECT, proposal.draft.base_version)
    return _decided(work, proposal, state, "LIST_PROPOSAL_REJECTED", reason)


def withdraw(work: UnitOfWork, proposal_id: UUID, etag: str) -> ProposalRecord:
    """Ends a proposal without effect, by the one who made it."""
    proposal = _locked(work, proposal_id, etag)
    state = _next(work, proposal, ProposalAction.WITHDRAW, proposal.draft.base_version)
    return _decided(work, proposal, state, "LIST_PROPOSAL_WITHDRAWN", "")


def proposed_of(draft: ProposalDraft, proposed_by: str, proposal_id: str = "") -> Proposed:
    """What an importer needs to know of a proposal."""
    return Proposed(proposal_id, draft.list_code, draft.read_on, draft.definition, proposed_by)


def _propose(
    work: UnitOfWork, importer: Importer, draft: ProposalDraft, difference: Difference
) -> ProposalRecord:
    kept = _keep(work, importer, draft, difference)
    if kept is None:
        raise invalid_field("content", "LIST_NOTHING_CHANGES", version=draft.base_version)
    return kept


def _keep(
    work: UnitOfWork, importer: Importer, draft: ProposalDraft, difference: Difference
) -> ProposalRecord | None:
    """Keeps a proposal; None where it would change nothing."""
    actor = work.call.principal.subject
    rows = applied(difference.before, difference.changes, importer.key)
    version = importer.version_of(proposed_of(draft, actor), rows)
    if version == draft.base_version:
        return None
    kept = proposals.add_proposal(
        work.connection, replace(draft, list_version=version), difference.changes, actor, work.call.now
    )
    _record(work, kept, "LIST_PROPOSED")
    return kept


def _definition(work: UnitOfWork, request: ImportRequest) -> Mapping[str, Any]:
    if request.data is not ProposedData.PARTIES:
        if request.list_code or request.definition is not None:
            raise invalid_field("list_code", "LIST_FORMAT_NEEDS_NO_LIST")
        return NO_DEFINITION
    return definition_for(
        work.connection,
        request.list_code,
        request.definition,
        _read_on(work, request),
        legal_day(work.call.now),
    )


def _read_on(work: UnitOfWork, request: ImportRequest) -> date:
    if request.read_on is not None:
        return request.read_on
    if request.data is ProposedData.PARTIES:
        raise invalid_field("read_on", "LIST_READ_ON_MISSING")
    return legal_day(work.call.now)


def _require_fresh(work: UnitOfWork, draft: ProposalDraft) -> None:
    """A whole list that is past its review day would stop every screening. Changes of entries make none older."""
    if draft.data is ProposedData.PARTIES and draft.file_format is not FileFormat.NONE:
        days = int(draft.definition["maximum_age_days"])
        if draft.read_on + timedelta(days=days) < legal_day(work.call.now):
            raise failed_precondition("LIST_TOO_OLD", read_on=draft.read_on.isoformat(), days=str(days))


def _locked(work: UnitOfWork, proposal_id: UUID, etag: str) -> ProposalRecord:
    found = proposals.find_proposal(work.connection, proposal_id, lock=True)
    if found is None:
        raise not_found("list_proposal", str(proposal_id))
    if etag != str(found.row_version):
        raise stale_etag("list_proposal", str(proposal_id))
    return found


def _next(
    work: UnitOfWork, proposal: ProposalRecord, action: ProposalAction, current_version: str
) -> ProposalState:
    return next_state(proposal.standing(current_version), action, work.call.principal.subject)


def _decided(
    work: UnitOfWork, proposal: ProposalRecord, state: ProposalState, action: str, reason: str
) -> ProposalRecord:
    actor = work.call.principal.subject
    decided = proposals.decide(work.connection, proposal, state, actor, work.call.now, reason)
    _record(work, decided, action)
    return decided


def _record(work: UnitOfWork, proposal: ProposalRecord, action: str) -> None:
    draft = proposal.draft
    work.record(
        Subject("list_proposal", str(proposal.proposal_id)),
        action,
        {
            "state": proposal.state.value,
            "data": draft.data.value,
            "list_code": draft.list_code,
            "base_version": draft.base_version,
            "version": draft.list_version,
            "added": str(draft.added),
            "changed": str(draft.changed),
            "ended": str(draft.ended),
        },
    )


def _record_activation(work: UnitOfWork, draft: ProposalDraft, proposal_id: UUID) -> None:
    """Another version counts from here on: the one place that says so to whoever has to look again."""
    is_list = draft.data is ProposedData.PARTIES
    work.record(
        Subject("party_list", draft.list_code) if is_list else Subject("screening_data", draft.data.value),
        "LIST_VERSION_ACTIVATED",
        {
            "state": "activated",
            "version": draft.list_version,
            "base_version": draft.base_version,
            "proposal_id": str(proposal_id),
        },
        RESCREENING,
    )
