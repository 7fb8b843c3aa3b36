"""Items that a proposal is said not to touch come to the same as before, whatever they are: held against a full look."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.classification.domain.effects import days_of_effect, restood
from services.classification.domain.entries import ControlList
from services.classification.domain.index import ListIndex
from services.classification.domain.interpretations import RecordedInterpretation, rules_asking
from services.classification.domain.item import Item, Nature, StatedParameter
from services.classification.domain.list_changes import applied, changes_between
from services.classification.domain.list_rows import Row, list_of, row_of, standing_row, standings_of
from services.classification.domain.outcomes import Outcome
from services.classification.domain.standings import EntryStatus, Standing, with_standing
from services.classification.domain.stored import Conclusion, StoredItem
from services.classification.examination import Examination, read_examination
from services.classification.knowledge import Knowledge
from services.classification.prospects import Prospect, can_touch, deciding, reread_by
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.rules.truth import Truth
from services.classification.service import classify_by
from services.classification.stored_items import conclusion_of
from tests.unit.classification.rules.fixtures import book_of, entry

TODAY, LATER = date(2026, 11, 21), date(2027, 1, 1)
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DRAWN = 120
POLICY = read_search_policy()
LIMIT = "boundary:microwave_power"


@pytest.fixture(scope="module")
def shipped() -> ControlList:
    return read_control_list()


@pytest.fixture(scope="module")
def examination() -> Examination:
    return read_examination()


@pytest.fixture(scope="module")
def current(shipped: ControlList, examination: Examination) -> Knowledge:
    return Knowledge((ListIndex(shipped, POLICY),), examination, "now")


@pytest.fixture(scope="module")
def items(shipped: ControlList) -> list[StoredItem]:
    """Things named as entries are, two of them at a time, with codes, with figures, and things of no entry."""
    draw = random.Random(20261121)
    found = [
        Item(name_zh="微波等离子体化学气相沉积（MPCVD）设备", parameters=_powered(power))
        for power in ("9", "10", "10.0", "11", "约10")
    ]
    found += [Item(name_zh="仲钨酸铵"), Item(name_zh="木制餐桌"), Item(name_en="ammonium paratungstate")]
    for _ in range(DRAWN - len(found)):
        one, other = draw.choice(shipped.entries), draw.choice(shipped.entries)
        found.append(
            draw.choice(
                (
                    Item(name_zh=one.name_zh[:40] or "x"),
                    Item(Nature.GOODS, name_zh=one.name_zh[:20], name_en=other.name_en[:60]),
                    Item(
                        name_zh=f"{one.name_zh[:15]}用{other.name_zh[:10]}",
                        description=other.parameters_zh[:200],
                    ),
                    Item(name_zh="设备", claimed_control_code=one.control_code or "1C004"),
                    Item(name_zh=one.name_zh[:30], parameters=_powered("10")),
                )
            )
        )
    return [_stored(f"products/{at:04}", each) for at, each in enumerate(found)]


def _powered(power: str) -> tuple[StatedParameter, ...]:
    return (StatedParameter("微波功率", power, "千瓦"), StatedParameter("微波频率", "915", "兆赫"))


def _stored(subject: str, item: Item, regime: str = "") -> StoredItem:
    nothing = Conclusion(Outcome.NO_ENTRY_FOUND, ())
    return StoredItem(subject, "o", item, regime, nothing, (), TODAY, NOW, "now", None, False, True)


def conclusions(known: Knowledge, item: StoredItem, days: Sequence[date]) -> list[Conclusion]:
    asked = tuple(each for each in known.indexes if item.regime in ("", each.control_list.regime))
    return [conclusion_of(classify_by(replace(known, indexes=asked), item.item, day, NOW)) for day in days]


def looked_at(prospect: Prospect, items: Sequence[StoredItem]) -> tuple[int, int]:
    """How many of the items are left alone, and how many change; whatever changes is not left alone."""
    left, changed = 0, 0
    for item in items:
        before, after = (
            conclusions(known, item, prospect.days) for known in (prospect.current, prospect.proposed)
        )
        if not can_touch(prospect, item):
            left += 1
            assert before == after, item
        changed += before != after
        # The lists that decide are enough to come to it.
        for known, found in ((prospect.current, before), (prospect.proposed, after)):
            assert conclusions(deciding(known, item.regime), item, prospect.days) == found
    return left, changed


def proposing(current: Knowledge, stated: Sequence[Row]) -> Prospect:
    (index,) = current.indexes
    shipped = index.control_list
    rows = [row_of(each) for each in shipped.entries]
    changes = changes_between(rows, stated, None)
    made = list_of(shipped.regime, shipped.edition, shipped.covers_from, applied(rows, changes))
    proposed = replace(current, indexes=(ListIndex(made, POLICY),), name="then")
    return Prospect(current, proposed, days_of_effect(changes, TODAY), restood(changes))


def test_standings_touch_what_may_find_their_entries(
    current: Knowledge, shipped: ControlList, items: list[StoredItem]
) -> None:
    draw = random.Random(5)
    for since in (TODAY, LATER):
        chosen = {each.identifier: each for each in draw.sample(shipped.entries, 8)}
        chosen["1C117.d.1"] = next(each for each in shipped.entries if each.identifier == "1C117.d.1")
        stated = []
        for each in chosen.values():
            row = row_of(each)
            now = Standing(EntryStatus.SUSPENDED, since, date(2028, 1, 1), "公告")
            row["standings"] = [standing_row(one) for one in with_standing(standings_of(row), now)]
            stated.append(row)
        prospect = proposing(current, stated)
        assert prospect.restood == chosen.keys()
        left, changed = looked_at(prospect, items)
        assert left > len(items) // 3
        assert changed > 0


def test_other_words_change_the_search_and_leave_nothing_alone(
    current: Knowledge, shipped: ControlList, items: list[StoredItem]
) -> None:
    row = {**row_of(shipped.entries[0]), "name_zh": "木制餐桌"}
    prospect = proposing(current, [row])
    assert prospect.restood is None
    assert all(can_touch(prospect, item) for item in items)


def _settling(current: Knowledge, answer: Truth) -> Prospect:
    record = RecordedInterpretation(1, "2B005", "2024-33/2B005", LIMIT, answer, TODAY, "basis", "x")
    proposed = replace(current, examination=current.examination.interpreted((record,)))
    return Prospect(current, proposed, (TODAY,), frozenset(), reread_by(current, "2B005", (TODAY,)))


@pytest.mark.parametrize("answer", [Truth.TRUE, Truth.FALSE])
def test_an_interpretation_touches_what_its_entry_is_ruled_on_otherwise_for(
    current: Knowledge, items: list[StoredItem], answer: Truth
) -> None:
    prospect = _settling(current, answer)
    assert [each.identifier for each in prospect.reread] == ["2B005"]
    left, changed = looked_at(prospect, items)
    assert left > len(items) // 2
    assert changed > 0


def test_a_list_of_another_country_touches_what_was_asked_under_it_alone(
    current: Knowledge, shipped: ControlList
) -> None:
    foreign = "eu_dual_use"
    assert foreign in current.examination.foreign_regimes
    old = ListIndex(replace(shipped, regime=foreign, version="eu 1", entries=shipped.entries[:20]), POLICY)
    new = ListIndex(replace(shipped, regime=foreign, version="eu 2", entries=shipped.entries[:30]), POLICY)
    before = replace(current, indexes=(*current.indexes, old))
    prospect = Prospect(before, replace(before, indexes=(*current.indexes, new)), (TODAY,))
    of_all = [
        _stored(f"products/{at}", Item(name_zh=one.name_zh)) for at, one in enumerate(shipped.entries[:40])
    ]
    assert looked_at(prospect, of_all) == (len(of_all), 0)
    of_foreign = [replace(each, regime=foreign) for each in of_all]
    assert looked_at(prospect, of_foreign)[0] == 0


def test_rules_that_refer_to_an_entry_put_its_questions_too() -> None:
    def refers(code: str) -> dict[str, str]:
        return {"ref": code, "quote": "words"}

    asks = {"judge": "what_it_means", "quote": "words"}
    book = book_of(
        entry("A", asks), entry("B", refers("A")), entry("C", {"not": refers("B")}), entry("D", asks)
    )
    assert rules_asking(book, "A") == {"A", "B", "C"}
    assert rules_asking(book, "D") == {"D"}
