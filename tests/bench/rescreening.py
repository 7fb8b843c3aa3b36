"""Measures how soon a changed list is followed: whose parties it may concern, and what it entails for them.

Part of `make bench-screening`. Parties and entries are generated: bodies and people of invented names, with the words
of trade and the legal forms that real ones share. One in ten of the changed entries bears a name that some of the
watched parties bear too, misspelt or not, so that about one party in a hundred has to be found; what share in fact
has a hit is stated in the row.
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
# So many of a thousand parties bear the name of a changed entry.
NAMED_PARTIES = 10
ONSETS = ("b", "br", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "kh", "kr", "l", "m", "n", "p", "r", "s", "sh",
          "sk", "st", "t", "tr", "ts", "v", "w", "y", "z", "zh")  # fmt: skip
VOWELS = ("a", "e", "i", "o", "u", "ai", "ou")
CODAS = ("", "", "", "k", "l", "m", "n", "ng", "r", "s", "t")
TRADES = ("Aviation", "Ceramics", "Chemical", "Electronics", "Energy", "Engineering", "General Trading", "Industrial",
          "Instruments", "International", "Logistics", "Machinery", "Materials", "Metals", "Optical", "Precision",
          "Research", "Semiconductor", "Shipping", "Systems", "Technology", "Tools")  # fmt: skip
FORMS = (
    "Co., Ltd.",
    "Corporation",
    "GmbH",
    "Inc.",
    "JSC",
    "Limited",
    "LLC",
    "S.A.",
    "Institute",
    "University",
)
# How many entries a long list has.
LISTED = 25_000


def invented_word(chance: random.Random, syllables: Sequence[int]) -> str:
    """A word that nothing is called by."""
    parts = (
        chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice(CODAS)
        for _ in range(chance.choice(syllables))
    )
    return "".join(parts).capitalize()


class Names:
    """Names as bodies and people bear them: of words of their own, and of words that many share."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given = [invented_word(chance, (2, 3)) for _ in range(2_000)]
        self._family = [invented_word(chance, (1, 2, 3)) for _ in range(10_000)]
        self._places = [invented_word(chance, (2, 3)) for _ in range(20_000)]

    def draw(self, count: int) -> list[str]:
        """So many names."""
        return [self._person() if self._chance.random() < 0.3 else self._body() for _ in range(count)]

    def _person(self) -> str:
        given = [self._chance.choice(self._given) for _ in range(self._chance.choice((1, 1, 2)))]
        return " ".join((*given, self._chance.choice(self._family)))

    def _body(self) -> str:
        chance = self._chance
        own = [invented_word(chance, (3, 4))]
        if chance.random() < 0.5:
            own = [chance.choice(self._places), invented_word(chance, (2, 3))]
        return " ".join((*own, chance.choice(TRADES), chance.choice(FORMS)))


def bench_rescreening(count: int, misspelt: Callable[[str], str]) -> None:
    """Of `count` watched parties."""
    chance = random.Random(11)
    drawn = Names(chance)
    names = drawn.draw(CHANGED)
    bearing = count * NAMED_PARTIES // 1000
    parties = [
        *drawn.draw(count - bearing),
        *(
            misspelt(name) if chance.random() < 0.5 else name
            for name in (chance.choice(names[:NAMED]) for _ in range(bearing))
        ),
    ]
    shipped = read_shipped()
    before = shipped.lists[0]
    now = with_entries(before, names)

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
    again = [at for at, name in enumerate(parties) if name in concerned]
    hit = {at for at in again if conclude(find(export_of(parties[at]), basis, day, day), {}).hits}
    screened = time.process_time() - started
    found = len(hit.intersection(range(count - bearing, count)))
    print(
        f"\nre-screening of {count:,} watched parties after a change of {CHANGED:,} entries, CPU of one core\n"
        f"  a change of {CHANGED:,} entries in a list of {listed_before:,} is visible after {visible:.2f} s (goal 1 s)\n"
        f"  {bearing / count:.1%} of the parties bear the name of a changed entry, misspelt or not; {found / bearing:.1%} "
        f"of these have a hit, and {len(hit) / count:.2%} of all parties\n"
        f"  whose parties it may concern is looked up in {looked_up:.1f} s; the {len(again):,} found are screened anew in "
        f"{screened:.1f} s, without the database: {len(hit):,} with a hit; together {looked_up + screened:.1f} s "
        f"(goal 10 s)\n"
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
