"""The use cases of control lists as they come with the program."""

from collections.abc import Iterable
from typing import Final

from services.classification import proposal_drafts, proposal_service
from services.classification.domain.entries import ControlList
from services.classification.domain.list_changes import changes_between, left_out
from services.classification.domain.list_records import ProposalDraft, ProposalKind, ProposalRecord
from services.classification.domain.list_rows import Row, row_of
from services.classification.store import lists, proposals
from services.classification.store.lists import ListVersion
from services.foundation.database import UnitOfWork
from services.foundation.ledger import Subject
from services.foundation.proposals import ProposalState

# Why the program proposes something, for people to read in the list of proposals.
SHIPPED_REASON: Final = "随新版程序提供 | Comes with a new version of the program"


def load_list(work: UnitOfWork, control_list: ControlList) -> bool:
    """Makes a version that comes with the program the one that counts; False where it is that already."""
    lists.lock_regime(work.connection, control_list.regime)
    current = lists.current_version(work.connection, control_list.regime)
    if current is not None and current.version == control_list.version:
        return False
    lists.add_list(work.connection, control_list)
    lists.add_activation(work.connection, control_list.regime, control_list.version, work.call.now)
    work.record(
        Subject("control_list", control_list.version),
        "LIST_VERSION_LOADED",
        {
            "state": "loaded",
            "regime": control_list.regime,
            "edition": control_list.edition.isoformat(),
            "entries": str(len(control_list.entries)),
        },
    )
    return True


def load_or_propose(work: UnitOfWork, control_list: ControlList) -> bool:
    """Loads a list that is not there yet. Of one that is, what the program brings anew is proposed, once.

    What people activated is never undone by a start of the program: a list editor decides, and what the program
    says as it did before stays as people have it. A proposal of the program that is still open is withdrawn for a
    newer one, also where it says the same and what counts has moved on since. An edition earlier than the one that
    an earlier program brought is not proposed. Returns whether anything was done.
    """
    lists.lock_regime(work.connection, control_list.regime)
    known = lists.activations(work.connection, control_list.regime)
    if not known:
        return load_list(work, control_list)
    if any(activation.version.version == control_list.version for activation in known):
        return False
    actor = work.call.principal.subject
    current = known[0].version
    made = proposals.proposals_of(work.connection, control_list.regime, actor)
    newest = next((each for each in made if each.draft.file_name == control_list.version), None)
    if newest is not None and not _is_overtaken(newest, current):
        return False
    shipped_before = next(
        (each.version for each in known if each.proposal_id is None or each.proposed_by == actor),
        known[-1].version,
    )
    # Held against what came with a program: the days of an amendment that people brought in say nothing of it.
    if control_list.edition < shipped_before.edition:
        return False
    for proposal in made:
        if proposal.state is ProposalState.PROPOSED:
            proposal_service.withdraw(work, proposal.proposal_id, str(proposal.row_version))
    base = proposal_drafts.base_of(work, control_list.regime)
    stated = _merged(
        {entry.identifier: row_of(entry) for entry in control_list.entries},
        {row["identifier"]: row for row in base.rows},
        {
            entry.identifier: row_of(entry)
            for entry in lists.read_list(work.connection, shipped_before).entries
        },
    )
    changes = changes_between(
        base.rows,
        stated,
        lambda row: left_out(row, control_list.edition, control_list.version),
    )
    if not changes:
        return False
    draft = ProposalDraft(
        kind=ProposalKind.LIST,
        regime=control_list.regime,
        base_version=base.name,
        list_version="",
        edition=control_list.edition,
        covers_from=control_list.covers_from,
        reason=SHIPPED_REASON,
        file_name=control_list.version,
    )
    proposal_drafts.propose_changes(work, draft, base.rows, changes, "content")
    return True


def _is_overtaken(proposal: ProposalRecord, current: ListVersion) -> bool:
    """Whether it is open and nobody can activate it any more: what counts has moved on since."""
    return proposal.state is ProposalState.PROPOSED and proposal.draft.base_version != current.version


def _merged(
    shipped: dict[str, dict[str, object]],
    current: dict[str, Row],
    shipped_before: dict[str, dict[str, object]],
) -> Iterable[Row]:
    """What the program says, but of fields that it says as before what people have made of them."""
    for identifier, row in shipped.items():
        here, before = current.get(identifier), shipped_before.get(identifier)
        if here is None or before is None:
            yield row
        else:
            yield {name: here[name] if before[name] == value else value for name, value in row.items()}
    # What people added is theirs; the program never had it.
    for identifier, entry in current.items():
        if identifier not in shipped and identifier not in shipped_before:
            yield entry
