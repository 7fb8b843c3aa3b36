import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.errors import ErrorCode, XukeError
from services.screening.domain.lists import (
    CONTROL_LIST,
    REQUIRED_LISTS,
    UNRELIABLE_ENTITY_LIST,
    WATCH_LIST,
    EntryKind,
    Holder,
    ListedParty,
    Standing,
    Verdict,
    entry_of_content,
    list_of_definition,
    require_usable,
)
from services.screening.domain.screen import Basis
from services.screening.reference_files import REFERENCE, party_list, read_basis

DAYS = st.dates(date(2024, 12, 1), date(2030, 1, 1))


def entry_of(basis: Basis, entry_id: str) -> ListedParty:
    return next(
        entry for party_list in basis.lists for entry in party_list.entries if entry.entry_id == entry_id
    )


@pytest.mark.parametrize(
    ("entry_id", "day", "standing"),
    [
        ("CONTROL-2026-11-01", date(2026, 2, 23), Standing.ANNOUNCED),
        ("CONTROL-2026-11-01", date(2026, 2, 24), Standing.IN_FORCE),
        ("CONTROL-2026-11-01", date(2026, 11, 21), Standing.IN_FORCE),
        # No. 13 of 2025: measures stopped from 2025-11-10.
        ("CONTROL-2025-13-01", date(2025, 11, 9), Standing.IN_FORCE),
        ("CONTROL-2025-13-01", date(2025, 11, 10), Standing.STOPPED),
        # No. 21 of 2025: suspended 2025-11-10 to 2026-11-10; what followed is not confirmed.
        ("CONTROL-2025-21-01", date(2025, 11, 9), Standing.IN_FORCE),
        ("CONTROL-2025-21-01", date(2025, 11, 10), Standing.SUSPENDED),
        ("CONTROL-2025-21-01", date(2026, 11, 10), Standing.SUSPENDED),
        ("CONTROL-2025-21-01", date(2026, 11, 11), Standing.UNCONFIRMED),
        ("CONTROL-2025-22-01", date(2026, 11, 21), Standing.UNCONFIRMED),
    ],
)
def test_standing_on_a_day(basis: Basis, entry_id: str, day: date, standing: Standing) -> None:
    assert entry_of(basis, entry_id).standing_on(day) is standing


def test_a_delisted_party_no_longer_counts(basis: Basis) -> None:
    entry = replace(entry_of(basis, "CONTROL-2026-11-01"), effective_to=date(2026, 6, 30))
    assert entry.standing_on(date(2026, 6, 30)) is Standing.IN_FORCE
    assert entry.standing_on(date(2026, 7, 1)) is Standing.DELISTED


@given(st.data(), DAYS)
def test_whoever_is_listed_and_not_delisted_is_never_clear(
    basis: Basis, data: st.DataObject, day: date
) -> None:
    listed = data.draw(st.sampled_from(basis.lists))
    entry = data.draw(st.sampled_from(listed.entries))
    standing = entry.standing_on(day)
    for is_match in (True, False):
        verdict = listed.verdict_of(standing, is_match)
        assert (verdict is Verdict.CLEAR) is (day < entry.effective_from)
    assert listed.verdict_of(standing, True) >= listed.verdict_of(standing, False)


def test_the_lists_differ_in_effect(basis: Basis) -> None:
    effects = {
        listed.list_code: (listed.match_verdict, listed.likeness_verdict, len(listed.entries))
        for listed in basis.lists
    }
    assert effects == {
        CONTROL_LIST: (Verdict.PROHIBITED, Verdict.REVIEW, 153),
        WATCH_LIST: (Verdict.RESTRICTED, Verdict.REVIEW, 40),
        UNRELIABLE_ENTITY_LIST: (Verdict.REVIEW, Verdict.REVIEW, 16),
    }


def test_every_entry_names_its_announcement_and_has_both_names(basis: Basis) -> None:
    identifiers = [entry.entry_id for listed in basis.lists for entry in listed.entries]
    assert len(identifiers) == len(set(identifiers)) == 209
    for listed in basis.lists:
        assert listed.measures
        for entry in listed.entries:
            assert entry.list_code == listed.list_code
            assert "公告" in entry.source.instrument
            assert entry.source.url.startswith("https://")
            assert entry.name_zh
            assert entry.name_en
            assert entry.region in basis.comparison.countries or entry.region == "EU"


@pytest.mark.parametrize("code", REQUIRED_LISTS)
def test_a_missing_empty_or_stale_list_stops_the_screening(basis: Basis, code: str) -> None:
    today = date(2026, 11, 21)
    require_usable(basis.lists, today)
    without = tuple(listed for listed in basis.lists if listed.list_code != code)
    empty = tuple(
        replace(listed, entries=()) if listed.list_code == code else listed for listed in basis.lists
    )
    stale = tuple(
        replace(listed, maximum_age_days=30) if listed.list_code == code else listed for listed in basis.lists
    )
    for lists, reason in (
        (without, "SCREENING_LIST_MISSING"),
        (empty, "SCREENING_LIST_EMPTY"),
        (stale, "SCREENING_LIST_STALE"),
    ):
        with pytest.raises(XukeError) as refused:
            require_usable(lists, today)
        assert (refused.value.code, refused.value.reason) == (ErrorCode.FAILED_PRECONDITION, reason)
        assert refused.value.metadata["list_code"] == code


def test_a_list_is_fresh_through_its_last_day(basis: Basis) -> None:
    listed = basis.lists[0]
    last = listed.read_on + timedelta(days=listed.maximum_age_days)
    require_usable(basis.lists, last)
    with pytest.raises(XukeError):
        require_usable(basis.lists, last + timedelta(days=1))


def test_a_version_names_the_content(basis: Basis) -> None:
    assert read_basis().versions == basis.versions
    with (REFERENCE / "lists.csv").open(encoding="utf-8", newline="") as file:
        described = next(csv.DictReader(file))
    with (REFERENCE / "parties.csv").open(encoding="utf-8", newline="") as file:
        parties = [row for row in csv.DictReader(file) if row["list_code"] == described["list_code"]]
    version = party_list(described, parties, []).version
    changed = party_list(described, parties[:-1], []).version
    assert version.startswith("CN-CONTROL-LIST-OF-PARTIES 2026-08-24 sha256:")
    assert changed != version


@given(st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_no_version(basis: Basis, random: Random) -> None:
    for listed in basis.lists:
        entries = list(listed.entries)
        random.shuffle(entries)
        assert replace(listed, entries=tuple(entries)).versioned() == listed


def test_every_word_of_an_entry_and_of_its_list_is_in_the_version(basis: Basis) -> None:
    listed = basis.lists[0]
    first, *others = listed.entries
    versions = {listed.version}
    for changed in (
        replace(first, suspended_to=date(2030, 1, 1)),
        replace(first, measures=("TRADE_PROHIBITED",)),
        replace(first, holders=(Holder("watch_list", "W-1", Decimal("50.5")),)),
        replace(first, addresses=("1 Road",)),
        replace(first, kind=EntryKind.PERSON),
    ):
        assert changed.digest != first.digest
        assert entry_of_content(changed.content) == changed
        versions.add(replace(listed, entries=(changed, *others)).versioned().version)
    for definition in (
        replace(listed, match_verdict=Verdict.REVIEW),
        replace(listed, required=False),
        replace(listed, maximum_age_days=1),
        replace(listed, measures=listed.measures[:1]),
        replace(listed, read_on=date(2026, 9, 1)),
    ):
        versions.add(definition.versioned().version)
    assert len(versions) == 11
    assert list_of_definition(listed.definition, listed.entries) == listed


def test_an_equal_entry_has_an_equal_digest(basis: Basis) -> None:
    digests = {entry.digest for listed in basis.lists for entry in listed.entries}
    assert len(digests) == 209
    assert digests == {entry.digest for listed in read_basis().lists for entry in listed.entries}


def test_an_entry_may_entail_some_of_the_measures_of_its_list(basis: Basis) -> None:
    listed = next(one for one in basis.lists if one.list_code == WATCH_LIST)
    entry, day = listed.entries[0], date(2026, 11, 21)
    assert listed.measures_of(entry, day) == listed.measures
    limited = replace(entry, measures=("UNDERTAKING",))
    assert [measure.measure for measure in listed.measures_of(limited, day)] == ["UNDERTAKING"]
    assert listed.measures_of(limited, date(2024, 11, 30)) == ()


def test_a_list_that_is_not_required_may_be_missing_or_empty_but_not_past_its_review_day(
    basis: Basis,
) -> None:
    today = date(2026, 11, 21)
    further = replace(basis.lists[0], list_code="further", required=False, entries=())
    require_usable((*basis.lists, further), today)
    stale = replace(further, maximum_age_days=30)
    with pytest.raises(XukeError) as refused:
        require_usable((*basis.lists, stale), today)
    assert (refused.value.reason, refused.value.metadata["list_code"]) == ("SCREENING_LIST_STALE", "further")
    # Whatever it says of itself: these three are needed always.
    lenient = tuple(replace(listed, required=False, entries=()) for listed in basis.lists)
    with pytest.raises(XukeError, match="SCREENING_LIST_EMPTY"):
        require_usable(lenient, today)
