"""An index made from the one before is the one built anew: in every table, and in what it finds."""

import dataclasses
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.domain.list_index import ListIndex
from services.screening.domain.lists import PartyList
from services.screening.matching.matcher import Index, read_matcher
from services.screening.matching.read_names import ReadNames, read_names
from services.screening.matching.rows import Numbered, Ragged
from services.screening.matching.segment import IndexedName
from services.screening.reference_files import read_shipped

WORDS = st.sampled_from(
    [
        "ivanov", "sergei", "ji", "woo", "al", "j", "35", "jsc", "moscow", "institute", "bank", "ГРПЗ", "grpz", "gosudarstvenny",
        "priborny", "zavod", "研究所", "三菱", "金正恩", "有限公司", "김정은", "иванов", "(holdings)", "s e r g e i", "4lpha",
    ]
)  # fmt: skip
ENTITIES = st.sampled_from("ABCDEFGH")
NAMES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
GIVEN = st.lists(st.tuples(ENTITIES, NAMES), max_size=12)
CHANGES = st.lists(st.tuples(GIVEN, st.sets(ENTITIES, max_size=3)), min_size=1, max_size=3)
UNHURRIED = settings(deadline=None, max_examples=80)


def content(read: ReadNames) -> list[object]:
    """Everything that names were read as, in values that are compared as such."""

    def plain(value: object) -> object:
        match value:
            case Ragged():
                return value.values.tolist(), value.starts.tolist()
            case Numbered():
                return value.things, plain(value.numbers)
            case np.ndarray():
                return value.tolist()
            case _:
                return value

    return [plain(getattr(read, field.name)) for field in dataclasses.fields(read)]


@UNHURRIED
@given(GIVEN, GIVEN, st.sets(ENTITIES, max_size=4))
def test_names_changed_one_by_one_are_names_read_anew(
    before: list[tuple[str, str]], added: list[tuple[str, str]], removed: set[str]
) -> None:
    analyser = read_matcher().analyser
    gone = removed | {entity for entity, _ in added}
    changed, new_words, kept = read_names(before, analyser).changed(gone, read_names(added, analyser))
    anew = read_names([*(one for one in before if one[0] not in gone), *added], analyser)
    assert content(changed) == content(anew)
    known = [*read_names(before, analyser).words.things, *new_words]
    assert [known[number] for number in kept] == anew.words.things


@UNHURRIED
@given(GIVEN, CHANGES, st.lists(NAMES, min_size=1, max_size=4))
def test_an_index_changed_again_and_again_finds_what_one_built_anew_finds(
    before: list[tuple[str, str]],
    changes: list[tuple[list[tuple[str, str]], set[str]]],
    queries: list[str],
) -> None:
    matcher = read_matcher()
    names = {IndexedName(*one) for one in before}
    index = Index(matcher, names)
    for added, removed in changes:
        new = {IndexedName(*one) for one in added}
        gone = removed | {one.entity for one in new}
        names = {one for one in names if one.entity not in gone} | new
        index = index.changed_by(new, removed)
    anew = Index(matcher, names)
    for query in [*queries, *(one.name for one in sorted(names)[:3])]:
        assert repr(index.search(query)) == repr(anew.search(query))
        assert repr(index.all_above(query, 0)) == repr(anew.all_above(query, 0))


@pytest.fixture(scope="module")
def shipped() -> PartyList:
    return max(read_shipped().lists, key=lambda listed: len(listed.entries))


def test_a_list_made_from_an_earlier_version_finds_the_same(shipped: PartyList) -> None:
    chance = random.Random(3)
    entries = list(shipped.entries)
    swapped = [
        dataclasses.replace(one, name_en=other.name_en, aliases=other.aliases, addresses=other.addresses)
        for one, other in zip(chance.sample(entries, 20), chance.sample(entries, 20), strict=True)
    ]
    kept = {one.entry_id: one for one in entries[:-15]} | {one.entry_id: one for one in swapped}
    new = [dataclasses.replace(one, entry_id=f"new-{one.entry_id}") for one in entries[:10]]
    later = dataclasses.replace(shipped, entries=(*kept.values(), *new)).versioned()
    changed, anew = ListIndex(later, before=ListIndex(shipped)), ListIndex(later)
    found = 0
    for entry in [*chance.sample(entries, 60), *swapped, *new]:
        for name in (entry.name_zh, entry.name_en, entry.name_en[1:], *entry.aliases):
            alike = changed.alike([name], entry.region, next(iter(entry.identifiers), ""))
            assert repr(alike) == repr(anew.alike([name], entry.region, next(iter(entry.identifiers), "")))
            found += len(alike)
        for address in entry.addresses:
            assert changed.at_address(address) == anew.at_address(address)
    assert found > 100
