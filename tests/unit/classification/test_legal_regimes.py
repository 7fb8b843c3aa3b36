"""Which body of law an item falls under, and what its entry has to do with international arrangements."""

from datetime import date

import pytest

from services.classification.batch import Classifier, classifier_of
from services.classification.domain.entries import ControlList
from services.classification.domain.item import Item
from services.classification.domain.legal_regimes import BasisKind
from services.classification.domain.obligations import Arrangement
from services.classification.domain.outcomes import Outcome, QuestionCode
from services.classification.reference_files import read_obligations, read_regimes

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return classifier_of(DAY)


@pytest.mark.parametrize(
    ("code", "regime", "track", "article"),
    [
        ("1C450.c.22", "CONTROLLED_CHEMICAL", "", "Art. 47(2)"),
        ("5A002.c", "DUAL_USE", "CRYPTOGRAPHY", "Art. 28(1)"),
        ("1C351.a.1", "DUAL_USE", "BIOLOGICAL", "二（二）"),
        ("1C350.c", "DUAL_USE", "CHEMICAL", "二（二）"),
        ("1C117.d.1", "DUAL_USE", "MISSILE", "二（二）"),
        ("2B231", "DUAL_USE", "NUCLEAR", "二（二）"),
        ("3C001.a", "DUAL_USE", "", "Art. 2"),
    ],
)
def test_a_code_says_the_regime(code: str, regime: str, track: str, article: str) -> None:
    (found,) = read_regimes().of_codes([code], DAY, possible=False)
    assert (found.regime, found.track, found.article) == (regime, track, article)
    assert (found.basis_kind is BasisKind.INFERRED) is (track in ("MISSILE", "NUCLEAR"))


def test_controlled_chemicals_had_their_regulation_before_the_unified_one() -> None:
    (before,) = read_regimes().of_codes(["1C450.c.22"], date(2024, 11, 30), possible=False)
    (after,) = read_regimes().of_codes(["1C450.c.22"], date(2024, 12, 1), possible=False)
    assert (before.instrument, after.instrument) == ("监控化学品管理条例", "两用物项出口管制条例")


@pytest.mark.parametrize(
    ("item", "regime", "instrument", "article"),
    [
        ({"name_zh": "弹道导弹"}, "MILITARY", "两用物项出口管制条例", "Art. 47(3)"),
        ({"name_en": "ballistic missiles"}, "MILITARY", "两用物项出口管制条例", "Art. 47(3)"),
        ({"name_zh": "固體火箭發動機"}, "MILITARY", "两用物项出口管制条例", "Art. 47(3)"),
        ({"name_zh": "机载重力仪"}, "MILITARY", "两用物项出口管制条例", "Art. 47(3)"),
        (
            {"name_zh": "电缆", "description": "用于运载火箭的电缆"},
            "MILITARY",
            "两用物项出口管制条例",
            "Art. 47(3)",
        ),
        ({"name_zh": "大型无人机"}, "MILITARY", "两用物项出口管制条例", "Art. 47(3)"),
        ({"name_zh": "核反应堆压力容器"}, "NUCLEAR", "核出口管制条例", "Art. 2"),
        ({"name_en": "heavy water production plant"}, "NUCLEAR", "核出口管制条例", "Art. 3(2)"),
        ({"name_zh": "丙酮"}, "PRECURSOR", "易制毒化学品管理条例", "Art. 26"),
        ({"name_en": "Acetone, 99.5 %"}, "PRECURSOR", "易制毒化学品管理条例", "Art. 26"),
    ],
)
def test_words_of_other_lists_route_an_item_and_are_asked_about(
    classifier: Classifier, item: dict[str, str], regime: str, instrument: str, article: str
) -> None:
    answer = classifier.classify(Item(**item))
    found = [each for each in answer.regimes if each.regime == regime]
    assert [(each.instrument, each.article) for each in found][:1] == [(instrument, article)]
    assert all(each.possible and each.quote for each in found)
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert QuestionCode.OTHER_LIST in {question.code for question in answer.questions}


@pytest.mark.parametrize(
    "item",
    [{"name_zh": "无人机电池"}, {"name_zh": "丙酮酸"}, {"name_en": "drone battery"}, {"name_zh": "木制家具"}],
)
def test_words_within_other_words_route_nothing(classifier: Classifier, item: dict[str, str]) -> None:
    answer = classifier.classify(Item(**item))
    assert {each.regime for each in answer.regimes} <= {"DUAL_USE"}


def test_what_is_controlled_has_the_regime_of_its_entry_for_certain(classifier: Classifier) -> None:
    answer = classifier.classify(Item(name_zh="氰化钠"))
    assert [(each.regime, each.possible, each.because) for each in answer.regimes] == [
        ("CONTROLLED_CHEMICAL", False, ("1C450.c.22",))
    ]


def test_the_schedule_of_a_chemical_is_that_of_the_convention() -> None:
    table = read_obligations()
    assert table.schedule_of("1C450.c.5") == "3"
    assert table.schedule_of("1C450.b.7") == "2"
    # National additions to the third class, and chemicals that the convention does not schedule.
    assert table.schedule_of("1C450.c.22") == ""
    assert table.schedule_of("1C350.c") == ""
    assert {each.arrangement for each in table.of_code("1C450.c.22")} == {Arrangement.CONTROLLED_CHEMICALS}


def test_every_chemical_with_a_schedule_is_in_the_list_and_its_number_is_stated_once(
    control_list: ControlList,
) -> None:
    table = read_obligations()
    codes = {entry.code for entry in control_list.entries}
    scheduled = [code for code in sorted(codes) if table.schedule_of(code)]
    assert len(scheduled) == 21
    for code in scheduled:
        (place,) = [each for each in table.of_code(code) if each.arrangement is Arrangement.CWC]
        assert place.codes == (code,)
        numbers = [
            term.text
            for entry in control_list.entries
            if entry.code == code
            for term in entry.terms
            if term.kind == "cas"
        ]
        assert all(f"CAS {number}）" in place.text_zh for number in numbers), code


@pytest.mark.parametrize(
    ("code", "arrangement"), [("1C117.d.1", "MTCR"), ("2B231", "NSG"), ("1C351.a.1", "AUSTRALIA_GROUP")]
)
def test_an_arrangement_told_by_the_number_says_that_it_is_inferred(code: str, arrangement: str) -> None:
    (found,) = read_obligations().of_code(code)
    assert (found.arrangement, found.basis_kind) == (arrangement, BasisKind.INFERRED)


def test_the_same_number_in_another_list_is_told_without_more() -> None:
    table = read_obligations()
    found = table.same_number("2B231")
    assert found is not None
    assert (found.code, found.regime) == ("2B231", "eu_dual_use")
    below = table.same_number("5A002.c")
    assert below is not None
    assert below.code == "5A002"
    assert table.same_number("1C914.c.3") is None
