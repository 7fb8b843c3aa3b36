"""A figure that clears an item, and another one beside it, wherever it stands; answers in doubt; answers denied."""

from datetime import date

import pytest

from services.classification.batch import Classifier, classifier_of, parameters_of
from services.classification.domain.figures import figures
from services.classification.domain.item import Item
from services.classification.domain.outcomes import Classification, Outcome, QuestionCode
from services.classification.rules.loading import read_rules

CLEARED = (Outcome.NO_ENTRY_FOUND, Outcome.NOT_CONTROLLED_FOR_ENTRY, Outcome.DECONTROLLED)

HYDRIDE, PURE = "锑的氢化物", "纯度=99.99 %"
JAMMER, NEAR = "反无人机电子干扰设备", "干扰范围=4 km"
ENGINE, WEAK = "专门用于特定无人驾驶航空飞行器或无人驾驶飞艇的航空发动机", "最大持续功率=15 kW"
CIPHER = "密码机、密码卡"
CASTING = "燃气涡轮发动机/燃气轮机叶片等所需高温合金的定向晶或单晶铸造设备"


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return classifier_of(date(2026, 11, 21))


def ask(classifier: Classifier, parameters: str, **item: str) -> Classification:
    return classifier.classify(Item(parameters=parameters_of(parameters), **item))


@pytest.mark.parametrize(
    ("parameters", "item"),
    [
        (PURE, {"name_zh": HYDRIDE}),
        (PURE, {"name_zh": f"{HYDRIDE}（99.99%）"}),
        (PURE, {"name_zh": f"{HYDRIDE} 4N", "description": "3N"}),
        (PURE, {"name_zh": HYDRIDE, "description": "含量99.99%，水分0.05%，25 kg/桶"}),
        (f"{PURE}; 规格=99.9 %", {"name_zh": HYDRIDE}),
        (f"{PURE}; 主含量=99.9 %", {"name_zh": HYDRIDE}),
        (NEAR, {"name_zh": f"{JAMMER}（3km）", "description": "外形尺寸2 m，功率20kW，速度8 km/h"}),
        (WEAK, {"name_zh": ENGINE, "description": "功率15kW，总长2m，20 kW·h"}),
        ("大众消费类产品=是", {"name_zh": CIPHER}),
        ("大众消费类产品=是", {"name_zh": CIPHER, "description": "属于大众消费类产品，不含电池"}),
        ("铸造方式=等轴晶", {"name_zh": CASTING}),
    ],
)
def test_what_contradicts_nothing_still_clears(
    classifier: Classifier, parameters: str, item: dict[str, str]
) -> None:
    cleared = (Outcome.NOT_CONTROLLED_FOR_ENTRY, Outcome.DECONTROLLED)
    assert ask(classifier, parameters, **item).overall in cleared


@pytest.mark.parametrize(
    ("parameters", "item", "asked"),
    [
        *(
            (PURE, {"name_zh": name}, "purity")
            for name in (
                f"{HYDRIDE}（99.9999%）",
                f"99.9999%{HYDRIDE}",
                f"{HYDRIDE} 6N",
                f"{HYDRIDE}６Ｎ",
                f"{HYDRIDE}，含量百分之99.9999",
            )
        ),
        (PURE, {"name_zh": HYDRIDE, "name_en": "antimony hydrides 99.9999%"}, "purity"),
        *(
            (PURE, {"name_zh": HYDRIDE, "description": text}, "purity")
            for text in ("99.9999%", "6N", "≥99.9999%", "含量99.9999%", "99.99~99.9999%", "99.9999 wt.%")
        ),
        *(
            (f"{PURE}; {name}={value}", {"name_zh": HYDRIDE}, "purity")
            for name, value in (
                ("第二批纯度", "99.9999 %"),
                ("含量", "6N"),
                ("主含量", "6N"),
                ("assay", "6N"),
                ("规格", "6N"),
                ("级别", "6N"),
            )
        ),
        (NEAR, {"name_zh": f"{JAMMER}（8km）"}, "jamming_range"),
        *(
            (NEAR, {"name_zh": JAMMER, "description": text}, "jamming_range")
            for text in ("有效距离8公里", "最大8km", "规格999999km", "4~8km", "8以上km", "距离-8km")
        ),
        *(
            (f"{NEAR}; {name}=8 km", {"name_zh": JAMMER}, "jamming_range")
            for name in ("作用距离", "最大距离")
        ),
        (WEAK, {"name_zh": f"{ENGINE}（20kW）"}, "maximum_continuous_power"),
        (WEAK, {"name_zh": f"{ENGINE} 20kW"}, "maximum_continuous_power"),
        (WEAK, {"name_zh": ENGINE, "description": "功率20kW"}, "maximum_continuous_power"),
        (WEAK, {"name_zh": ENGINE, "description": "额定功率20千瓦"}, "maximum_continuous_power"),
        (f"{WEAK}; 功率=20 kW", {"name_zh": ENGINE}, "maximum_continuous_power"),
    ],
)
def test_another_figure_of_the_same_kind_is_asked_about(
    classifier: Classifier, parameters: str, item: dict[str, str], asked: str
) -> None:
    answer = ask(classifier, parameters, **item)
    assert answer.overall is Outcome.NEEDS_INFORMATION
    first = answer.questions[0]
    assert (first.code, first.item_value) == (QuestionCode.STATE_QUANTITY, asked)
    assert "≠" in first.quantity_zh
    assert "≠" in first.quantity_en


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        *(
            (CIPHER, f"大众消费类产品={answer}")
            for answer in ("是?", "是？", "?是", "true?", "~是", "是…", "!是")
        ),
        (CASTING, "铸造方式=等轴晶?"),
        (CASTING, "铸造方式=等轴晶？"),
    ],
)
def test_an_answer_in_doubt_clears_nothing(classifier: Classifier, name: str, parameters: str) -> None:
    assert ask(classifier, parameters, name_zh=name).overall not in CLEARED


@pytest.mark.parametrize(
    "description",
    [
        "不属于大众消费类产品",
        "非大众消费类，供政府专用",
        "This is not a mass-market product.",
        "未用于大众消费类产品",
    ],
)
def test_a_release_that_the_description_denies_is_asked_about(
    classifier: Classifier, description: str
) -> None:
    answer = ask(classifier, "大众消费类产品=是", name_zh=CIPHER, description=description)
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert answer.questions[0].code is QuestionCode.ANSWER_QUESTION
    assert answer.questions[0].item_value == "mass_market_cryptography"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("有效距离8公里", "length", {"8 公里"}),
        ("5~20 kW, 3/4 m", "power", {"5 kW", "20 kW"}),
        ("10×20×30mm", "length", {"10 mm", "20 mm", "30 mm"}),
        ("8 km/h, 8 models", "length", set()),
        ("18 g/cm³", "density", {"18 g/cm^3"}),
        ("18 g/cm³", "mass", set()),
        ("不小于 5 kW，约6 kW", "power", {"不小于 5 kW", "约6 kW"}),
        ("-40 ℃", "temperature", {"-40 °C"}),
        ("2026", "length", set()),
    ],
)
def test_figures_are_read_with_their_units(text: str, kind: str, found: set[str]) -> None:
    units = read_rules().units
    assert set(figures((text,), units.dimension(kind), units)) == found
