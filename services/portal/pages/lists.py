"""Lists of parties to read: which there are, what stands in them on a day, and their versions."""

from datetime import date
from typing import Final

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.screening.v1 import list_pb2 as pl

from services.foundation.errors import not_found
from services.portal.page import Page
from services.portal.party_lists import PROPOSAL_READERS, READERS, find_list, legal_today, read_lists
from services.portal.readings import as_day, as_text
from services.portal.services import services

ENTRIES_SHOWN: Final = 50
PROPOSALS_SHOWN: Final = 20
_GREATEST_QUERY: Final = 200
_MOST_FOUND: Final = 200


def lists() -> ResponseReturnValue:
    """Every list with its version and whether it may be relied on, and the proposals that wait for a second person."""
    known = read_lists()
    proposals = pl.ListProposalsResponse()
    if g.principal.role in PROPOSAL_READERS.roles:
        proposals = services().ask(
            services().lists.ListProposals,
            pl.ListProposalsRequest(states=[pl.PROPOSAL_STATE_PROPOSED], page_size=PROPOSALS_SHOWN),
        )
    return render_template(
        "lists/lists.html",
        lists=known,
        stopping=[one for one in known if one.stops],
        proposals=proposals.proposals,
    )


def entries(list_code: str) -> ResponseReturnValue:
    """Entries of a list by name, alias or id, and how they stand on a day."""
    known = find_list(list_code)
    query = as_text(request.args.get("query", ""))[:_GREATEST_QUERY]
    version = _version_asked()
    typed = request.args.get("as_of", "").strip()
    as_of = day_asked(typed)
    found = services().ask(
        services().lists.ListEntries,
        pl.ListEntriesRequest(
            list_code=list_code,
            list_version=version,
            query=query,
            as_of=as_of or "",
            page_size=ENTRIES_SHOWN,
            page_token=request.args.get("page", "")[:400],
        ),
    )
    return render_template(
        "lists/entries.html",
        known=known,
        found=found,
        query=query,
        version=version,
        typed=typed,
        as_of=as_of or legal_today().isoformat(),
        not_a_day=as_of is None,
        is_first="page" not in request.args,
    )


def entry(list_code: str, entry_id: str) -> ResponseReturnValue:
    """One entry with all that the list says of it."""
    version = _version_asked()
    known = find_list(list_code)
    found, read_version = read_entry(list_code, entry_id, version)
    return render_template(
        "lists/entry.html",
        known=known,
        entry=found,
        version=version,
        read_version=read_version,
        today=legal_today().isoformat(),
    )


def read_entry(list_code: str, entry_id: str, version: str = "") -> tuple[pl.ListEntry, str]:
    """An entry as it stands today, and the version of the list that it was read in. Errors: NOT_FOUND."""
    if len(entry_id) > _GREATEST_QUERY or not entry_id.isprintable():
        raise not_found("list_entry", entry_id)
    token = ""
    while True:
        found = services().ask(
            services().lists.ListEntries,
            pl.ListEntriesRequest(
                list_code=list_code,
                list_version=version,
                query=entry_id,
                page_size=_MOST_FOUND,
                page_token=token,
            ),
        )
        for one in found.entries:
            if one.entry_id == entry_id:
                return one, found.list_version
        token = found.next_page_token
        if not token:
            raise not_found("list_entry", entry_id)


def versions(list_code: str) -> ResponseReturnValue:
    """Every version of a list, the newest first, with the two people who made it."""
    known = find_list(list_code)
    found = services().ask(services().lists.ListListVersions, pl.ListListVersionsRequest(list_code=list_code))
    return render_template("lists/versions.html", known=known, versions=found.versions)


def _version_asked() -> str:
    """The version in the address; empty for the current one."""
    version = request.args.get("version", "")[:200]
    return version if version.isprintable() else ""


def day_asked(typed: str) -> str | None:
    """The day of law in an address, YYYY-MM-DD; empty for none, None for what is no day."""
    try:
        return date.fromisoformat(as_day(typed)).isoformat() if typed else ""
    except ValueError:
        return None


PATH: Final = "/lists/parties/<list_code>"
PAGES: Final[tuple[Page, ...]] = (
    Page("lists", "/lists", lists, READERS),
    Page("list_entries", PATH, entries, READERS),
    Page("list_entry", f"{PATH}/entries/<path:entry_id>", entry, READERS),
    Page("list_versions", f"{PATH}/versions", versions, READERS),
)
