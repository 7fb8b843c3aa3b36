"""The table of licence requirements: what the law's rows say on which day, and what must hold of any table."""

import random
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classification.domain.requirement_rows import (
    Basis,
    Confidence,
    EndUse,
    EndUserStatus,
    ExportedItem,
    ItemSet,
    Mode,
    RequirementOutcome,
    RequirementRow,
    RequirementTable,
    Validity,
)
from services.classification.domain.requirements import Circumstances, Determination, determine
from services.classification.domain.standings import EntryStatus
from services.classification.reference_files import read_control_list
from services.classification.requirement_files import read_requirements

TABLE = read_requirements()
TODAY = date(2026, 11, 21)
ORDINARY = Circumstances(
    mode=Mode.EXPORT,
    destination="DE",
    end_uses=frozenset({EndUse.CIVIL}),
    end_user_statuses=frozenset({EndUserStatus.NONE}),
)
TO_US, TO_JP = replace(ORDINARY, destination="US"), replace(ORDINARY, destination="JP")


def listed(*codes: str) -> list[ExportedItem]:
    return [ExportedItem(code, is_listed=True) for code in codes]


def word(name: str) -> list[ExportedItem]:
    return [ExportedItem(name, is_listed=False)]


def used_for(base: Circumstances, *uses: EndUse) -> Circumstances:
    return replace(base, end_uses=frozenset(uses))


def used_by(base: Circumstances, *statuses: EndUserStatus) -> Circumstances:
    return replace(base, end_user_statuses=frozenset(statuses))


def deciding(found: Determination) -> set[str]:
    """The rows that the certain outcome rests on."""
    return {
        each.row.row_id
        for each in found.rows
        if each.counts and not each.possible and each.row.outcome == found.outcome
    }


FOREIGN_MADE = replace(ORDINARY, mode=Mode.FOREIGN_MADE, content_percent=Decimal("0.1"))
MASS_MARKET = replace(ORDINARY, facts={"MASS_MARKET_CRYPTOGRAPHY": True})
NO_SAFEGUARDS = replace(ORDINARY, facts={"DESTINATION_WITHOUT_COMPREHENSIVE_SAFEGUARDS": True})

# items, circumstances, day, certain outcome, the rows it rests on
CASES = [
    (listed("1C004"), ORDINARY, TODAY, "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED"}),
    (listed("1C004"), ORDINARY, date(2024, 12, 1), "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED"}),
    (listed("1C004"), ORDINARY, date(2024, 11, 30), "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED-2020"}),
    (word("NOT_LISTED"), ORDINARY, TODAY, "NO_LISTED_REQUIREMENT", {"NOT-LISTED"}),
    (
        word("NOT_LISTED"),
        used_for(ORDINARY, EndUse.CIVIL, EndUse.TERRORISM),
        TODAY,
        "INDIVIDUAL_LICENCE",
        {"CATCH-ALL-TERRORISM"},
    ),
    # Announcement 2024 No. 46: paragraph 2 is suspended from 2025-11-09 to 2026-11-27, paragraph 1 is not.
    (listed("3C001.a"), TO_US, date(2025, 11, 8), "PRESUMPTION_OF_DENIAL", {"US-MINERALS"}),
    (listed("3C001.a"), TO_US, date(2025, 11, 9), "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED"}),
    (listed("3C001.a"), TO_US, date(2026, 11, 27), "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED"}),
    (listed("3C001.a"), TO_US, date(2026, 11, 28), "PRESUMPTION_OF_DENIAL", {"US-MINERALS"}),
    (listed("2E901.b"), TO_US, date(2025, 1, 1), "PRESUMPTION_OF_DENIAL", {"US-MINERALS"}),
    (listed("1C108.b"), TO_US, date(2025, 1, 1), "STRICT_REVIEW", {"US-GRAPHITE"}),
    (listed("3C001.a"), TO_US, date(2024, 12, 2), "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED"}),
    (listed("1C004"), used_for(TO_US, EndUse.MILITARY), TODAY, "PROHIBITED", {"US-MILITARY-USE"}),
    (listed("1C004"), used_by(TO_US, EndUserStatus.MILITARY), TODAY, "PROHIBITED", {"US-MILITARY-USER"}),
    (
        listed("1C004"),
        used_for(TO_JP, EndUse.RAISES_MILITARY_STRENGTH),
        date(2026, 1, 6),
        "PROHIBITED",
        {"JP-MILITARY-USE"},
    ),
    (
        listed("1C004"),
        used_for(TO_JP, EndUse.RAISES_MILITARY_STRENGTH),
        date(2026, 1, 5),
        "INDIVIDUAL_LICENCE",
        {"DUAL-USE-LISTED"},
    ),
    (listed("1C004"), used_by(ORDINARY, EndUserStatus.CONTROL_LIST), TODAY, "PROHIBITED", {"CONTROL-LIST"}),
    (listed("1C004"), used_by(ORDINARY, EndUserStatus.WATCH_LIST), TODAY, "STRICT_REVIEW", {"WATCH-LIST"}),
    (
        word("UNMANNED_AIRCRAFT"),
        used_for(ORDINARY, EndUse.MILITARY),
        TODAY,
        "PROHIBITED",
        {"UNMANNED-AIRCRAFT"},
    ),
    # 密码法 Art. 28(2).
    (listed("5A002.b"), ORDINARY, TODAY, "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED", "CRYPTOGRAPHY-LISTED"}),
    (listed("5A002.b"), MASS_MARKET, TODAY, "NO_LISTED_REQUIREMENT", {"CRYPTOGRAPHY-MASS-MARKET"}),
    # What releases one item releases no other.
    (listed("5A002.b", "1C004"), MASS_MARKET, TODAY, "INDIVIDUAL_LICENCE", {"DUAL-USE-LISTED"}),
    # 两用物项出口管制条例 Art. 47(2), (3).
    (listed("1C450.c.1"), ORDINARY, TODAY, "INDIVIDUAL_LICENCE", {"CHEMICALS"}),
    (word("MISSILE_LIST_PART_1"), ORDINARY, TODAY, "INDIVIDUAL_LICENCE", {"MISSILE-LIST-PART-1"}),
    # 核出口管制条例 Art. 5(3).
    # The control list of parties is one of the Export Control Law: it holds for every controlled item.
    (
        word("NUCLEAR_LIST"),
        used_by(replace(ORDINARY, destination="FR"), EndUserStatus.CONTROL_LIST),
        TODAY,
        "PROHIBITED",
        {"CONTROL-LIST-NUCLEAR"},
    ),
    (
        word("MISSILE_LIST_PART_1"),
        used_by(ORDINARY, EndUserStatus.CONTROL_LIST),
        TODAY,
        "PROHIBITED",
        {"CONTROL-LIST-MILITARY"},
    ),
    (word("NUCLEAR_LIST"), NO_SAFEGUARDS, TODAY, "PROHIBITED", {"NUCLEAR-SAFEGUARDS"}),
    (word("NUCLEAR_LIST"), replace(ORDINARY, destination="FR"), TODAY, "INDIVIDUAL_LICENCE", {"NUCLEAR"}),
    # Art. 48(2), 49, and Announcement 2025 No. 61 on both days of its intervals.
    (
        listed("1C004"),
        replace(ORDINARY, mode=Mode.WITHIN_SPECIAL_AREAS),
        TODAY,
        "NO_LISTED_REQUIREMENT",
        {"DUAL-USE-SPECIAL-AREAS"},
    ),
    (listed("1C004"), FOREIGN_MADE, TODAY, "NO_LISTED_REQUIREMENT", {"FOREIGN-MADE"}),
    (listed("1C903.b"), FOREIGN_MADE, date(2026, 11, 10), "NO_LISTED_REQUIREMENT", {"FOREIGN-MADE"}),
    (listed("1C903.b"), FOREIGN_MADE, date(2026, 11, 11), "INDIVIDUAL_LICENCE", {"RARE-EARTH-CONTENT"}),
    (
        listed("1C903.b"),
        replace(FOREIGN_MADE, content_percent=Decimal("0.09")),
        TODAY,
        "NO_LISTED_REQUIREMENT",
        {"FOREIGN-MADE"},
    ),
]


@pytest.mark.parametrize(("items", "known", "day", "outcome", "rows"), CASES)
def test_the_rows_of_the_law(
    items: list[ExportedItem], known: Circumstances, day: date, outcome: str, rows: set[str]
) -> None:
    found = determine(TABLE, items, known, day)
    assert found.outcome is not None
    assert found.outcome.name == outcome
    assert deciding(found) == rows


def test_registration_needs_the_item_to_be_one_that_the_ministry_names() -> None:
    going = replace(ORDINARY, mode=Mode.REPAIR_ABROAD)
    unknown = determine(TABLE, listed("1C004"), going, TODAY)
    assert unknown.outcome is RequirementOutcome.INDIVIDUAL_LICENCE
    assert unknown.unknown_columns == ("REGISTRABLE_ITEM",)
    known = determine(TABLE, listed("1C004"), replace(going, facts={"REGISTRABLE_ITEM": True}), TODAY)
    assert known.outcome is RequirementOutcome.REGISTRATION
    watched = used_by(replace(going, facts={"REGISTRABLE_ITEM": True}), EndUserStatus.WATCH_LIST)
    assert determine(TABLE, listed("1C004"), watched, TODAY).outcome is RequirementOutcome.STRICT_REVIEW


def test_a_general_licence_is_shown_for_whom_no_list_and_no_army_stands_behind_only() -> None:
    for statuses, shown in (
        ({EndUserStatus.NONE}, True),
        ({EndUserStatus.WATCH_LIST}, False),
        ({EndUserStatus.MILITARY, EndUserStatus.WATCH_LIST}, False),
    ):
        found = determine(TABLE, listed("1C004"), used_by(ORDINARY, *statuses), TODAY)
        assert ("DUAL-USE-GENERAL" in {each.row.row_id for each in found.rows}) is shown


def test_what_is_not_known_makes_a_row_possible_and_is_asked() -> None:
    found = determine(TABLE, listed("1C004"), replace(ORDINARY, destination="US", end_uses=None), TODAY)
    assert found.outcome is RequirementOutcome.INDIVIDUAL_LICENCE
    assert found.worst_possible is RequirementOutcome.PROHIBITED
    assert found.unknown_columns == ("end_use",)


def test_of_an_unclassified_item_nothing_is_certain() -> None:
    found = determine(TABLE, [], ORDINARY, TODAY)
    assert found.outcome is None
    assert "control_codes" in found.unknown_columns


def test_a_replaced_row_is_shown_and_names_what_stands_in_its_place() -> None:
    found = determine(TABLE, listed("5A002.b"), MASS_MARKET, TODAY)
    shown = {each.row.row_id: each.replaced_by for each in found.rows if not each.counts}
    assert shown["CRYPTOGRAPHY-LISTED"] == ("CRYPTOGRAPHY-MASS-MARKET",)


def test_what_is_replaced_is_no_longer_possible_either() -> None:
    found = determine(TABLE, listed("5A002.b"), MASS_MARKET, TODAY)
    assert found.worst_possible is RequirementOutcome.NO_LISTED_REQUIREMENT


def test_a_row_that_is_replaced_for_one_item_counts_for_the_other_and_stands_once() -> None:
    found = determine(TABLE, listed("5A002.b", "1C004"), MASS_MARKET, TODAY)
    rows = [each for each in found.rows if each.row.row_id == "DUAL-USE-LISTED"]
    assert [(each.counts, each.items) for each in rows] == [(True, ("1C004",))]


def test_a_row_that_is_switched_off_does_not_count() -> None:
    first_schedule = determine(TABLE, listed("1C450.a"), ORDINARY, TODAY)
    assert deciding(first_schedule) == {"CHEMICALS"}
    affiliate = used_by(ORDINARY, EndUserStatus.AFFILIATE_OF_LISTED)
    assert deciding(determine(TABLE, listed("1C903.b"), affiliate, TODAY)) == {"DUAL-USE-LISTED"}


def test_the_most_severe_row_comes_first_and_what_is_replaced_last() -> None:
    known = used_by(MASS_MARKET, EndUserStatus.WATCH_LIST)
    found = determine(TABLE, listed("5A002.b"), known, TODAY)
    assert [each.row.row_id for each in found.rows] == [
        "WATCH-LIST",
        "CRYPTOGRAPHY-MASS-MARKET",
        "CRYPTOGRAPHY-LISTED",
        "DUAL-USE-LISTED",
    ]


def test_an_unconfirmed_row_sets_aside_only_what_it_ordered_itself() -> None:
    relief = determine(TABLE, listed("1C903.b"), used_for(FOREIGN_MADE, EndUse.HUMANITARIAN), TODAY)
    assert relief.outcome is RequirementOutcome.DECLARATION_ONLY
    row = next(each for each in TABLE.rows if each.row_id == "RARE-EARTH-HUMANITARIAN")
    of_another = replace(row, basis=Basis("another announcement", "", ""))
    table = RequirementTable.of(
        "x", [*(each for each in TABLE.rows if each is not row), of_another], TABLE.destination_facts
    )
    kept = determine(table, listed("1C903.b"), used_for(FOREIGN_MADE, EndUse.HUMANITARIAN), TODAY)
    assert kept.outcome is RequirementOutcome.INDIVIDUAL_LICENCE


def test_every_row_stands_on_a_source_and_says_what_it_means() -> None:
    for row in TABLE.rows:
        assert row.basis.instrument
        assert row.basis.article
        assert row.text_zh
        assert row.text_en
        assert row.enabled or row.confidence is Confidence.LOW


@pytest.mark.parametrize(
    ("code", "is_listed", "included"),
    [
        ("1C117", True, True),
        ("1C117.d.1", True, True),
        ("1C11", True, False),
        ("1C1170", True, False),
        ("3A201", True, True),
        ("2C351", True, False),
        ("WORD", False, True),
        ("1C117", False, False),
        ("WORD", True, False),
    ],
)
def test_an_item_set_is_prefixes_third_characters_and_words(
    code: str, is_listed: bool, included: bool
) -> None:
    group = ItemSet("x", False, ("1C117",), "2", frozenset({"WORD"}))
    assert group.includes(ExportedItem(code, is_listed)) is included


def test_item_sets_name_codes_of_the_list() -> None:
    codes = {entry.code for entry in read_control_list().entries}
    # The fourth heading of the schedule of chemicals and that of unmanned aircraft are held by parts only.
    for row in TABLE.rows:
        for group in row.item_sets:
            for prefix in group.prefixes:
                held = any(code == prefix or code.startswith(f"{prefix}.") for code in codes)
                assert held or not row.enabled, prefix


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2025, 1, 1), EntryStatus.ANNOUNCED),
        (date(2025, 1, 2), EntryStatus.IN_FORCE),
        (date(2025, 3, 3), EntryStatus.SUSPENDED),
        (date(2025, 4, 4), EntryStatus.SUSPENDED),
        (date(2025, 4, 5), EntryStatus.UNCONFIRMED),
        (date(2025, 5, 5), EntryStatus.UNCONFIRMED),
        (date(2025, 5, 6), EntryStatus.REPEALED),
    ],
)
def test_standing_on_both_days_of_each_interval(day: date, standing: EntryStatus) -> None:
    validity = Validity(date(2025, 1, 2), date(2025, 5, 5), date(2025, 3, 3), date(2025, 4, 4))
    assert validity.on(day) is standing


@pytest.mark.parametrize(
    "rows",
    [
        lambda a, b: [a, replace(b, row_id="A")],
        lambda a, b: [a, replace(b, instead_of=frozenset({"C"}))],
        lambda a, b: [replace(a, instead_of=frozenset({"B"})), replace(b, instead_of=frozenset({"A"}))],
        lambda a, b: [a, replace(b, confidence=Confidence.LOW)],
    ],
)
def test_a_table_that_would_hang_on_its_order_or_on_guesses_is_refused(rows) -> None:
    a = RequirementRow("A", "r", RequirementOutcome.PROHIBITED, Basis("x", "", ""), Validity(TODAY))
    with pytest.raises(ValueError):
        RequirementTable.of("x", rows(a, replace(a, row_id="B")), {})


# Any table, any knowledge.

_MODES, _USES, _STATUSES = list(Mode)[:3], list(EndUse)[:3], list(EndUserStatus)[:3]
_CODES, _FACTS, _COUNTRIES = ["1A001", "2B002", "NOT_LISTED"], ["F", "G"], ["US", "JP", "DE"]
_some = st.frozensets
_sets = st.builds(
    ItemSet,
    st.just("s"),
    st.booleans(),
    st.sampled_from([(), ("1A001",)]),
    st.sampled_from(["", "0"]),
    _some(st.just("NOT_LISTED"), max_size=1),
)
_validities = st.sampled_from(
    [Validity(TODAY), Validity(TODAY, None, TODAY, TODAY), Validity(date(2020, 1, 1))]
)


@st.composite
def tables(draw: st.DrawFn) -> list[RequirementRow]:
    count = draw(st.integers(1, 7))
    ids = [f"R{at}" for at in range(count)]
    replaced = draw(st.frozensets(st.sampled_from(ids)))
    return [
        RequirementRow(
            row_id=row_id,
            regime="r",
            outcome=draw(st.sampled_from(RequirementOutcome)),
            basis=Basis(draw(st.sampled_from("xy")), "", ""),
            validity=draw(_validities),
            item_sets=tuple(draw(st.lists(_sets, max_size=2))),
            modes=draw(_some(st.sampled_from(_MODES), max_size=2)),
            destinations=draw(_some(st.sampled_from(_COUNTRIES), max_size=2)),
            end_uses=draw(_some(st.sampled_from(_USES), max_size=2)),
            end_user_statuses=draw(_some(st.sampled_from(_STATUSES), max_size=2)),
            content_from=draw(st.sampled_from([None, Decimal("0.1"), Decimal(50)])),
            fact=draw(st.sampled_from(["", *_FACTS])),
            instead_of=draw(st.frozensets(st.sampled_from(sorted(replaced))))
            if replaced and row_id not in replaced
            else frozenset(),
        )
        for row_id in ids
    ]


_knowledge = st.builds(
    Circumstances,
    st.sampled_from(_MODES),
    st.sampled_from(_COUNTRIES),
    _some(st.sampled_from(_USES), min_size=1, max_size=2),
    _some(st.sampled_from(_STATUSES), min_size=1, max_size=2),
    st.sampled_from([Decimal(0), Decimal("0.1"), Decimal(100)]),
    st.fixed_dictionaries({fact: st.booleans() for fact in _FACTS}),
)
_items = st.lists(
    st.sampled_from([ExportedItem(code, code != "NOT_LISTED") for code in _CODES]), min_size=1, max_size=3
)
_destination_facts = st.dictionaries(
    st.sampled_from(_FACTS), st.dictionaries(st.sampled_from(_COUNTRIES), st.booleans())
)


def forget(data: st.DataObject, known: Circumstances) -> Circumstances:
    """The same circumstances with some of them not known."""
    kept = {}
    for each in fields(known):
        value = getattr(known, each.name)
        if each.name == "facts":
            kept[each.name] = {name: held for name, held in value.items() if data.draw(st.booleans())}
        else:
            kept[each.name] = value if data.draw(st.booleans()) else None
    return Circumstances(**kept)


@settings(deadline=None, max_examples=200)
@given(rows=tables(), items=_items, full=_knowledge, facts=_destination_facts, data=st.data())
def test_knowing_more_is_less_severe_only_where_a_row_says_so(rows, items, full, facts, data) -> None:
    table = RequirementTable.of("x", rows, facts)
    more = determine(table, items, full, TODAY)
    less = determine(table, items if data.draw(st.booleans()) else [], forget(data, full), TODAY)
    said_so = {
        row_id
        for each in more.rows
        if each.row.instead_of and not each.possible
        for row_id in each.row.instead_of
    }
    for each in less.rows:
        if each.counts and not each.possible:
            now = next(one for one in more.rows if one.row is each.row)
            assert not now.possible
            assert now.counts or each.row.row_id in said_so
    if not said_so:
        assert (more.outcome or 0) >= (less.outcome or 0)


@settings(deadline=None, max_examples=200)
@given(rows=tables(), items=_items, full=_knowledge, data=st.data())
def test_what_turns_out_was_possible_before(rows, items, full, data) -> None:
    table = RequirementTable.of("x", rows, {})
    less = determine(table, items, forget(data, full), TODAY)
    more = determine(table, items, full, TODAY)
    assert {each.row.row_id for each in more.rows} <= {each.row.row_id for each in less.rows}
    assert (more.outcome or 0) <= (less.worst_possible or 0)
    assert not more.unknown_columns


@settings(deadline=None, max_examples=100)
@given(rows=tables(), items=_items, full=_knowledge, data=st.data(), seed=st.integers())
def test_the_order_of_rows_and_items_is_of_no_consequence(rows, items, full, data, seed) -> None:
    known = forget(data, full)
    shuffled, turned = list(rows), list(items)
    random.Random(seed).shuffle(shuffled)
    random.Random(seed).shuffle(turned)
    assert determine(RequirementTable.of("x", rows, {}), items, known, TODAY) == determine(
        RequirementTable.of("x", shuffled, {}), turned, known, TODAY
    )
