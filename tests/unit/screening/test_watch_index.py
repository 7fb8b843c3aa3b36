"""What a screening finds of a party, the reverse index finds from the entry: whoever is concerned is looked at."""

import dataclasses
import random

import pytest

from services.screening.domain.list_index import ListIndex, names_of
from services.screening.domain.lists import PartyList
from services.screening.reference_files import read_shipped
from services.screening.watch_index import WatchIndex

CHANCE = random.Random(5)


def written_otherwise(name: str) -> list[str]:
    """The name, a letter wrong, its words in another order or one fewer, and as the name of a branch."""
    at = CHANCE.randrange(1, max(2, len(name) - 1))
    words = name.split()
    if len(words) < 2:
        return [name, f"{name}上海分公司"]
    return [
        name,
        name[:at] + name[at + 1 :],
        " ".join(reversed(words)),
        " ".join(words[:-1]),
        f"{name} Shanghai Branch",
    ]


@pytest.fixture(scope="module")
def listed() -> PartyList:
    """Some entries of every list that is shipped, as one."""
    lists = read_shipped().lists
    entries = [
        dataclasses.replace(entry, list_code=lists[0].list_code, holders=())
        for one in lists
        for entry in one.entries[::6]
    ]
    return dataclasses.replace(lists[0], entries=tuple({one.entry_id: one for one in entries}.values()))


def test_every_party_that_a_screening_finds_is_found_from_the_side_of_the_entry(listed: PartyList) -> None:
    parties = sorted(
        {other for entry in listed.entries for name in names_of(entry) for other in written_otherwise(name)}
    )
    forward = ListIndex(listed)
    found = {(alike.entry.entry_id, party) for party in parties for alike in forward.alike([party], "", "")}
    reverse = WatchIndex()
    reverse.add(parties)
    from_entries = {
        (entry.entry_id, party) for entry in listed.entries for party in reverse.alike(names_of(entry))
    }
    assert len(found) > len(listed.entries)
    assert found - from_entries == set()
    # And hardly anybody else: what a change costs goes by whom it concerns.
    assert len(from_entries - found) < len(found) / 5


def test_the_same_address_written_otherwise_is_found() -> None:
    index = WatchIndex()
    index.add((), ["Room 5, 1200 Harbour Road, Busan", "7 Other Street, Busan"])
    assert index.at(["1200 Harbour Rd., Rm 5, Busan"]) == {"Room 5, 1200 Harbour Road, Busan"}
