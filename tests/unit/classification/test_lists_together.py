"""Lists of several regimes asked together: one of another country is shown and decides nothing."""

from datetime import UTC, date, datetime

import pytest

from services.classification.domain.index import ListIndex
from services.classification.domain.item import Item
from services.classification.domain.outcomes import CATCH_ALL, Outcome, QuestionCode
from services.classification.examination import read_examination
from services.classification.knowledge import Knowledge
from services.classification.list_files import read_list_content
from services.classification.reference_files import read_search_policy
from services.classification.service import Answer, classify_by

DAY, NOW = date(2026, 11, 21), datetime(2026, 11, 21, tzinfo=UTC)
FILE = """entry_code,path,parent_path,kind,text,valid_from
9Z001,9Z001,,provision,Wooden furniture and ammonium paratungstate for trial purposes,2025-11-15
"""


@pytest.fixture(scope="module")
def foreign() -> ListIndex:
    return ListIndex(read_list_content(FILE.encode(), "eu.csv", "eu_dual_use"), read_search_policy())


def ask(*indexes: ListIndex, name_en: str) -> Answer:
    known = Knowledge(indexes, read_examination(), "known")
    return classify_by(known, Item(name_en=name_en), DAY, NOW)


def codes(answer: Answer) -> tuple[list[str], list[str]]:
    return (
        [each.candidate.entry.code for each in answer.candidates],
        [each.candidate.entry.code for each in answer.related if each.control_list.regime == "eu_dual_use"],
    )


def test_a_foreign_list_neither_adds_an_outcome_nor_a_code(index: ListIndex, foreign: ListIndex) -> None:
    answer = ask(index, foreign, name_en="wooden furniture")
    assert (answer.overall, codes(answer)) == (Outcome.NO_ENTRY_FOUND, ([], ["9Z001"]))
    answer = ask(index, foreign, name_en="ammonium paratungstate")
    assert answer.overall is Outcome.CONTROLLED
    assert codes(answer)[0][0] == "1C117.d.1"
    assert codes(answer)[1] == ["9Z001"]
    assert answer.remark is not None
    assert answer.remark.control_codes == ("1C117.d.1",)
    assert [each.regime for each in answer.regimes] == ["DUAL_USE"]
    assert len(answer.list_versions) == 2


def test_a_foreign_list_that_is_asked_alone_answers_for_itself(foreign: ListIndex) -> None:
    answer = ask(foreign, name_en="wooden furniture")
    assert (answer.overall, codes(answer)) == (Outcome.NEEDS_INFORMATION, (["9Z001"], []))
    # The sentence of a Chinese declaration and the regimes of Chinese law are not for it.
    assert (answer.remark, answer.regimes) == (None, ())


def test_five_questions_are_asked_of_all_lists_together(index: ListIndex, foreign: ListIndex) -> None:
    answer = ask(
        index, foreign, name_en="corrosion resistant vacuum pumps and valves of tungsten and graphite"
    )
    assert len([each for each in answer.questions if each.code not in CATCH_ALL]) <= 5


@pytest.mark.parametrize(
    ("claimed", "lists", "is_unknown"),
    [
        ("9E903", ("shipped",), True),
        ("9E903", ("shipped", "cn_second"), False),
        ("9e903", ("cn_second", "shipped"), False),
        ("1C117.d.1", ("shipped", "cn_second"), False),
        ("9E904", ("shipped", "cn_second"), True),
        # A list of another country decides nothing, so neither does its number.
        ("9E903", ("shipped", "eu_dual_use"), True),
        ("9E903", ("eu_dual_use",), False),
    ],
)
def test_a_code_of_one_list_is_not_called_unknown_by_another(
    index: ListIndex, claimed: str, lists: tuple[str, ...], is_unknown: bool
) -> None:
    asked = [
        index
        if name == "shipped"
        else ListIndex(
            read_list_content(FILE.replace("9Z001", "9E903").encode(), "list.csv", name), read_search_policy()
        )
        for name in lists
    ]
    item = Item(name_en="garden chair", claimed_control_code=claimed)
    answer = classify_by(Knowledge(tuple(asked), read_examination(), "known"), item, DAY, NOW)
    codes_asked = [each.code for each in answer.questions]
    assert (QuestionCode.CONTROL_CODE_NOT_LOADED in codes_asked) is is_unknown
    assert answer.overall >= Outcome.NEEDS_INFORMATION
