"""What a proposed version of a list would do to the exports that are watched: told before it is activated."""

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.screening import conversion
from services.screening.bases import Bases
from services.screening.domain.lists import PartyList
from services.screening.domain.rescreening import Concern, changed_entries
from services.screening.domain.screen import basis_of, conclude, find
from services.screening.store import hits, watched
from services.screening.watch_index import WatchIndex


def effects_of(work: UnitOfWork, bases: Bases, index: WatchIndex, proposed: PartyList) -> tuple[int, int]:
    """How many watched exports would get a graver verdict today, and how many a milder one; nothing is kept.

    Counted against the verdict that each has now. Errors: those of `find`.
    """
    current = bases.current(work.connection)
    today = legal_day(work.call.now)
    others = [listed for listed in current.lists if listed.list_code != proposed.list_code]
    before = next((listed for listed in current.lists if listed.list_code == proposed.list_code), None)
    lists = sorted([*others, proposed], key=lambda listed: listed.list_code)
    known = {one.party_list.version: one for one in current.indexes}
    basis = basis_of(lists, current.rules, current.destinations, current.comparison, known)
    index.catch_up(index.behind(work.connection))
    traces = changed_entries(before, proposed, current.lists)
    concern = Concern(
        names=frozenset().union(*(index.alike(trace.names) for trace in traces)),
        addresses=frozenset().union(*(index.at(trace.addresses) for trace in traces)),
        identifiers=frozenset().union(*(trace.identifiers for trace in traces)),
    )
    more = less = 0
    for one in watched.watched_that(work.connection, watched.concerned(concern)):
        export = conversion.export_of(conversion.restated(one.export))
        found = find(export, basis, today, today)
        decided = hits.applied_to(work.connection, (hit.key for hit in found.hits))
        verdict = conclude(found, decided).verdict
        more += verdict > one.verdict
        less += verdict < one.verdict
    return more, less
