"""The use cases of the party lists, each within one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found
from services.foundation.ledger import Subject
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.foundation.proposals import ProposalState
from services.screening import proposal_service
from services.screening.bases import Bases
from services.screening.domain.lists import ListedParty, PartyList, entry_of_content
from services.screening.proposal_service import Importers
from services.screening.store import list_contents, lists, proposals
from services.screening.store.lists import Activation

# Why the program proposes something, for people to read in the list of proposals.
SHIPPED_REASON: Final = "随新版程序提供 | Comes with a new version of the program"


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries of one version, with how many there are in all and where the next page begins."""

    version: str
    entries: Sequence[ListedParty]
    total: int
    next_page_token: str


def load_list(work: UnitOfWork, party_list: PartyList) -> bool:
    """Makes a version that comes with the program the current one; False where it is that already."""
    lists.lock_list(work.connection, party_list.list_code)
    if lists.current_version(work.connection, party_list.list_code) == party_list.version:
        return False
    lists.add_list(work.connection, party_list)
    lists.add_activation(work.connection, party_list.list_code, party_list.version, work.call.now)
    work.record(
        Subject("party_list", party_list.list_code),
        "LIST_VERSION_LOADED",
        {
            "state": "loaded",
            "version": party_list.version,
            "read_on": party_list.read_on.isoformat(),
            "entries": str(len(party_list.entries)),
        },
    )
    return True


def load_or_propose(work: UnitOfWork, importers: Importers, party_list: PartyList) -> bool:
    """Loads a list that is not there yet. Of one that is, what the program brings anew is proposed, once.

    What people activated is never undone by a start of the program: a list editor decides. A proposal of an
    earlier program that is still open is withdrawn for the newer one; what was read before the current version is
    not proposed. Returns whether anything was done.
    """
    lists.lock_list(work.connection, party_list.list_code)
    known = lists.activations(work.connection, party_list.list_code)
    if not known:
        return load_list(work, party_list)
    if any(activation.version == party_list.version for activation in known):
        return False
    actor = work.call.principal.subject
    made = proposals.find_by_file(work.connection, party_list.list_code, actor)
    if any(proposal.draft.file_name == party_list.version for proposal in made):
        return False
    if party_list.read_on < known[0].read_on:
        return False
    for proposal in made:
        if proposal.state is ProposalState.PROPOSED:
            proposal_service.withdraw(work, proposal.proposal_id, str(proposal.row_version))
    return proposal_service.propose_shipped(work, importers, party_list, SHIPPED_REASON) is not None


def current_lists(work: UnitOfWork, bases: Bases) -> Sequence[tuple[PartyList, datetime]]:
    """The current version of each list, and since when (UTC) it counts."""
    since = {stored.version: stored.activated_at for stored in lists.current_lists(work.connection)}
    return [(listed, since[listed.version]) for listed in bases.current(work.connection).lists]


def list_entries(
    work: UnitOfWork, list_code: str, version: str, query: str, size: int, page_token: str
) -> EntryPage:
    """Entries of a version (empty: the current one) that hold a text. Errors: NOT_FOUND."""
    position = decode_page_token(page_token, 2)
    # Another version may have been activated since the first page.
    chosen = position[0] if position else version or lists.current_version(work.connection, list_code) or ""
    if lists.list_of_version(work.connection, chosen) != list_code:
        raise not_found("list_version", chosen or list_code)
    after = int(position[1]) if position is not None and position[1].isdecimal() else -1
    wanted = page_size(size)
    found = list_contents.page_of_contents(work.connection, chosen, query.strip(), after, wanted + 1)
    page = found[:wanted]
    return EntryPage(
        chosen,
        [entry_of_content(content) for _, content in page],
        list_contents.count_entries(work.connection, chosen, query.strip()),
        encode_page_token(chosen, str(page[-1][0])) if len(found) > wanted else "",
    )


def list_versions(work: UnitOfWork, list_code: str) -> Sequence[Activation]:
    """Every activation of a list, newest first. Errors: NOT_FOUND."""
    found = lists.activations(work.connection, list_code)
    if not found:
        raise not_found("party_list", list_code)
    return found
