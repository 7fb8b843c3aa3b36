"""Every row of the rule of every entry is on the sheet, in both languages, with its number in the tree."""

import re
from dataclasses import replace

import pytest

from services.classification.domain.item import Item, StatedParameter
from services.classification.domain.ruling import Condition, Ruling
from services.classification.papers.rows import Row, leaves_of, rows_of
from services.classification.papers.wording import WORDING
from services.classification.rules.truth import Truth
from tests.unit.classification.papers.samples import DAY, antimony_oxide, comparison, knowledge

PURITY = "纯度大于等于99.99%"


def rows(item: Item, code: str) -> tuple[Row, ...]:
    candidate = comparison(item, code).found.candidate
    return rows_of(candidate, item)


@pytest.mark.parametrize(
    ("stated", "truth", "near"),
    [
        ("99.995 %", Truth.TRUE, True),
        ("99.5 %", Truth.FALSE, True),
        ("90 %", Truth.FALSE, False),
        ("", Truth.UNKNOWN, False),
    ],
)
def test_a_limit_is_met_not_met_or_unknown(stated: str, truth: Truth, near: bool) -> None:
    (row,) = (row for row in rows(antimony_oxide(stated), "3C003.c") if row.quote == PURITY)
    assert (row.number, row.depth, row.truth, row.near_limit) == ("1.2", 1, truth, near)
    assert (row.given, row.limit["zh"]) == (stated, "≥ 99.99 %")
    assert row.asked == {"zh": "纯度", "en": "purity"}
    assert bool(row.remarks) == near


def test_what_the_entry_describes_is_held_against_the_name() -> None:
    (row,) = (row for row in rows(antimony_oxide(), "3C003.c") if row.number == "1.1")
    assert (row.quote, row.given, row.truth) == ("锑的氧化物", "三氧化二锑\nantimony trioxide", Truth.TRUE)


def test_words_have_both_languages() -> None:
    item = Item(name_zh="钨合金棒", parameters=(StatedParameter("形态", "圆柱体"),))
    (row,) = (row for row in rows(item, "1C117.c.1.a") if row.quote == "不含颗粒、粉末状" and row.given)
    assert row.given == "圆柱体 cylinder"
    assert row.limit == {"zh": "为颗粒、粉末", "en": "is granule, powder"}


def test_an_entry_without_a_rule_has_its_description_limits_and_releases() -> None:
    judge = knowledge().examination.judges_of("cn_dual_use")(Item(), DAY)
    entries = knowledge().indexes[0].control_list.entries
    without = [entry for entry in entries if judge(entry, False) is None]
    limited = next(entry for entry in without if entry.parameters_zh)
    releasing = next(entry for entry in without if entry.decontrol_zh)
    for entry in (limited, releasing):
        found = rows(Item(name_zh=entry.name_zh), entry.identifier)
        texts = (entry.name_zh, entry.parameters_zh, entry.decontrol_zh)
        assert [row.quote for row in found] == [text for text in texts if text]
        assert [row.truth for row in found] == [Truth.TRUE, *(Truth.UNKNOWN for _ in found[1:])]
        assert [row.number for row in found] == [str(at) for at in range(1, len(found) + 1)]


def test_every_row_of_every_rule_is_there_and_asks_in_both_languages() -> None:
    (index,) = knowledge().indexes
    judge = knowledge().examination.judges_of("cn_dual_use")(Item(), DAY)
    held = 0
    for entry in index.control_list.entries:
        ruling = judge(entry, False)
        if ruling is None:
            continue
        candidate = comparison(Item(name_zh="某物"), entry.identifier).found.candidate
        found = rows_of(candidate, Item())
        assert [row.quote for row in found] == [each.quote for each in ruling.conditions]
        assert len({row.number for row in found}) == len(found)
        for row in found:
            assert row.asked["zh"], (entry.identifier, row.number)
            assert row.asked["en"], (entry.identifier, row.number)
            assert not re.search(r"[一-鿿]", row.asked["en"]), (entry.identifier, row)
            assert not any("RULE_FAULT" in remark["zh"] for remark in row.remarks)
            assert row.depth == row.number.count(".")
        held += 1
    assert held > 50


def test_rows_that_only_join_others_are_not_counted() -> None:
    found = rows(antimony_oxide(), "3C003.c")
    assert [row.number for row in leaves_of(found)] == ["1.1", "1.2"]


def test_an_interpretation_that_settled_a_row_is_named() -> None:
    candidate = comparison(antimony_oxide(), "3C003.c").found.candidate
    line = Condition(0, "x", "judge", "", "原文", "", "", Truth.TRUE, False, (), "商务部复函〔2026〕1号")
    settled = replace(candidate, ruling=Ruling(Truth.TRUE, None, (line,), ()))
    (row,) = rows_of(settled, Item())
    assert [remark["zh"] for remark in row.remarks] == ["依解释确定：商务部复函〔2026〕1号"]


def test_every_word_of_the_table_has_both_languages() -> None:
    def check(value: object) -> None:
        if isinstance(value, dict) and set(value) == {"zh", "en"}:
            assert value["zh"]
            assert value["en"]
        elif isinstance(value, dict):
            for member in value.values():
                check(member)
        elif isinstance(value, list):
            for member in value:
                check(member)
        else:
            pytest.fail(f"not a text in two languages: {value!r}")

    check(WORDING)
