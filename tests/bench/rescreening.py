"""Measures how soon a changed list is followed: whose parties it may concern, and what it entails for them.

Part of `make bench-screening`. The parties are generated; one in ten of the changed entries bears the name of a
watched party, misspelt or not.
"""

import dataclasses
import random
import time
from collections.abc import Callable, Sequence
from datetime import date

from services.screening.domain.export import Export, Party, PartyRole
from services.screening.domain.list_index import ListIndex
from services.screening.domain.lists import PartyList
from services.screening.domain.rescreening import changed_entries
from services.screening.domain.rules import EndUsePurpose, EndUserKind
from services.screening.domain.screen import basis_of, conclude, find
from services.screening.reference_files import read_comparison, read_shipped
from services.screening.watch_index import WatchIndex

CHANGED = 1_000
NAMED = CHANGED // 10
# How many entries a long list has.
LISTED = 25_000


def bench_rescreening(parties: Sequence[str], names: Sequence[str], misspelt: Callable[[str], str]) -> None:
    """`names` are of the changed entries; some are replaced by those of parties."""
    chance = random.Random(11)
    shipped = read_shipped()
    before = shipped.lists[0]
    listed = [misspelt(name) if chance.random() < 0.5 else name for name in chance.sample(parties, NAMED)]
    now = with_entries(before, [*names[: CHANGED - NAMED], *listed])

    started = time.process_time()
    index = WatchIndex()
    index.add(parties)
    built = time.process_time() - started

    basis = basis_of((now, *shipped.lists[1:]), shipped.rules, shipped.destinations, read_comparison())
    visible, listed_before = seconds_until_visible(before, parties, names)

    started = time.process_time()
    concerned: set[str] = set()
    for trace in changed_entries(before, now, basis.lists):
        concerned |= index.alike(trace.names)
    looked_up = time.process_time() - started

    started = time.process_time()
    day = now.read_on
    hit = sum(bool(conclude(find(export_of(name), basis, day, day), {}).hits) for name in sorted(concerned))
    screened = time.process_time() - started
    print(
        f"\nre-screening of {len(parties):,} watched parties after a change of {CHANGED:,} entries, CPU of one core\n"
        f"  a change of {CHANGED:,} entries in a list of {listed_before:,} is visible after {visible:.2f} s (goal 1 s)\n"
        f"  {len(concerned):,} parties that it may concern found in {looked_up:.1f} s, screened anew in {screened:.1f} s: "
        f"{hit:,} with a hit; together {looked_up + screened:.1f} s (goal 10 s)\n"
        f"  the reverse index is built once, at the start of a process, in {built:.1f} s"
    )


def seconds_until_visible(
    template: PartyList, names: Sequence[str], others: Sequence[str]
) -> tuple[float, int]:
    """How long it takes to make the index of a long list anew from the version before, and how long that list is."""
    before = with_entries(template, names[:LISTED])
    now = with_entries(template, [*others[:CHANGED], *names[CHANGED:LISTED]])
    index = ListIndex(before)
    started = time.process_time()
    ListIndex(now, before=index)
    return time.process_time() - started, len(before.entries)


def with_entries(listed: PartyList, names: Sequence[str]) -> PartyList:
    """A version of the list that says the same, and has an entry for each name besides."""
    template = dataclasses.replace(
        listed.entries[0],
        name_zh="",
        aliases=(),
        effective_from=date(2020, 1, 1),
        effective_to=None,
        suspended_from=None,
        suspended_to=None,
        stopped_from=None,
    )
    entries = (
        dataclasses.replace(template, entry_id=f"bench-{number:05}", name_en=name)
        for number, name in enumerate(names)
    )
    return dataclasses.replace(listed, entries=(*listed.entries, *entries)).versioned()


def export_of(name: str) -> Export:
    """An export to one party."""
    party = Party(PartyRole.END_USER, "", name, "KR")
    return Export((party,), "KR", EndUserKind.CIVIL, EndUsePurpose.CIVIL)
