"""Like items decided before: how alike, in which order, and what they may bring about."""

import dataclasses
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.classify import classify
from services.classification.domain.codes import HsRegister
from services.classification.domain.index import ListIndex, PointerKind
from services.classification.domain.item import Item
from services.classification.domain.outcomes import Outcome
from services.classification.domain.precedents import LEAST_PROPOSED, Precedent, PrecedentIndex
from services.classification.precedent_service import NotedPrecedents
from services.classification.reference_files import read_control_list, read_hs_register, read_search_policy

NOON = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
VOCABULARY = read_search_policy().vocabulary
MOTOR = Item(name_zh="特种陶瓷轴承滚子", name_en="ceramic bearing roller", hs_code="8482990000")


def precedent(item: Item, *codes: str, days: int = 0, serial: int = 1) -> Precedent:
    at = NOON + timedelta(days=days)
    return Precedent(
        uuid.UUID(int=serial), f"applications/{serial}/1", item, codes, "理由", "m-1", at, at, ("v1",)
    )


def found(item: Item, *precedents: Precedent, **limits: object) -> list[tuple[int, float]]:
    alike = PrecedentIndex(precedents, VOCABULARY).find(item, 10, **limits)  # type: ignore[arg-type]
    return [(each.precedent.precedent_id.int, round(each.score, 4)) for each in alike]


def test_the_same_name_is_wholly_alike_in_either_language_and_any_script() -> None:
    kept = precedent(MOTOR)
    for item in (
        Item(name_zh="特種陶瓷軸承滾子"),
        Item(name_en="Ceramic bearing  ROLLER"),
        Item(name_zh="特种陶瓷轴承滚子", name_en="something else entirely"),
    ):
        assert found(item, kept) == [(1, 1.0)]


def test_a_commodity_code_adds_to_words_and_says_nothing_alone() -> None:
    kept = precedent(MOTOR)
    by_words = Item(name_zh="陶瓷轴承")
    scores = [
        found(dataclasses.replace(by_words, hs_code=code), kept)[0][1]
        for code in ("", "8482100000", "8482991000", "84829900", "8482990000")
    ]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)
    assert found(Item(name_zh="毛巾", hs_code="8482990000"), kept) == []


def test_the_newest_of_equals_comes_first_and_later_ones_are_not_known_earlier() -> None:
    first, second = precedent(MOTOR, "2A001"), precedent(MOTOR, days=3, serial=2)
    assert found(MOTOR, first, second) == [(2, 1.0), (1, 1.0)]
    assert found(MOTOR, first, second, known_at=NOON + timedelta(days=1)) == [(1, 1.0)]
    assert found(MOTOR, first, second, known_at=NOON - timedelta(days=1)) == []


_WORDS = st.text(alphabet="特种陶瓷轴承滚子电机 abc", max_size=12)
_ITEMS = st.builds(Item, name_zh=_WORDS, name_en=_WORDS, description=_WORDS)


@given(_ITEMS, st.lists(_ITEMS, max_size=6))
def test_what_else_is_kept_changes_no_likeness(item: Item, others: list[Item]) -> None:
    kept = precedent(MOTOR)
    alone = dict(found(item, kept))
    several = (kept, *(precedent(other, serial=at) for at, other in enumerate(others, 2)))
    together = found(item, *several)
    assert {key: score for key, score in together if key == 1} == alone
    assert together == found(item, *reversed(several))
    assert all(0 < score <= 1 for _, score in together)


@pytest.fixture(scope="module")
def index() -> ListIndex:
    return ListIndex(read_control_list(), read_search_policy())


@pytest.fixture(scope="module")
def register() -> HsRegister:
    return read_hs_register()


def test_a_precedent_proposes_an_entry_and_never_decides(index: ListIndex, register: HsRegister) -> None:
    item = Item(name_zh="七彩蝴蝶牌旋纹筒")
    day = date(2026, 11, 21)
    code = next(
        entry.identifier
        for entry in index.control_list.entries
        if not entry.parameters_zh and entry.control_code
    )
    before = classify(item, day, index, register)
    assert code not in {each.entry.identifier for each in before.candidates}
    kept = PrecedentIndex([precedent(item, code, "9Z999")], VOCABULARY)
    after = classify(item, day, index, register, precedents=kept.proposing(index))
    (proposed,) = (each for each in after.candidates if each.entry.identifier == code)
    assert [(each.kind, each.item_value) for each in proposed.pointers] == [
        (PointerKind.PRECEDENT, "七彩蝴蝶牌旋纹筒")
    ]
    assert not proposed.identified
    assert proposed.outcome is Outcome.NEEDS_INFORMATION
    assert after.overall is Outcome.NEEDS_INFORMATION


def test_a_precedent_without_codes_clears_nothing(index: ListIndex, register: HsRegister) -> None:
    item = Item(name_zh="仲钨酸铵", hs_code="2841801000", claimed_control_code="1C117.d.1")
    day = date(2026, 11, 21)
    kept = PrecedentIndex([precedent(item)], VOCABULARY)
    assert kept.find(item, 1)[0].score == 1
    without = classify(item, day, index, register)
    assert classify(item, day, index, register, precedents=kept.proposing(index)) == without
    assert without.overall >= Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN


def test_what_is_hardly_alike_proposes_nothing(index: ListIndex) -> None:
    kept = PrecedentIndex([precedent(MOTOR, "1C117.d.1")], VOCABULARY)
    near, far = Item(name_zh="特种陶瓷轴承滚柱"), Item(name_zh="陶瓷碗")
    assert [
        score >= LEAST_PROPOSED for score in (kept.find(each, 1, 0.0)[0].score for each in (near, far))
    ] == [
        True,
        False,
    ]
    proposing = kept.proposing(index)
    assert [identifier for identifier, _ in proposing(near)] == ["1C117.d.1"]
    assert list(proposing(far)) == []
    noted = NotedPrecedents(kept.proposing)
    assert list(noted(index)(far)) == []
    assert not noted.proposed
    assert list(noted(index)(near)) == list(proposing(near))
    assert noted.proposed
