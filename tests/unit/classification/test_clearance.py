"""What must never be cleared, however it is told: each item here is one figure away from its own entry."""

import random
from datetime import date

import pytest

from services.classification.batch import Classifier, classifier_of, parameters_of
from services.classification.domain.entries import ControlEntry, TermKind
from services.classification.domain.item import Item
from services.classification.domain.outcomes import Classification, Outcome, QuestionCode

DAY = date(2026, 11, 21)
CLEARED = (Outcome.NO_ENTRY_FOUND, Outcome.NOT_CONTROLLED_FOR_ENTRY, Outcome.DECONTROLLED)
# Purity that misses the limit of 3C003.c.
BELOW = "纯度=99.5 %"
NAME = "三氧化二锑"


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return classifier_of(DAY)


def ask(classifier: Classifier, parameters: str = BELOW, **item: str) -> Classification:
    return classifier.classify(Item(parameters=parameters_of(parameters), **item))


@pytest.mark.parametrize(
    "item",
    [
        {"name_zh": NAME},
        {"name_zh": "高纯三氧化二锑粉末", "name_en": "antimony trioxide powder"},
        {"name_zh": "三氧化二锑，纯度99.5%"},
        {"name_zh": NAME, "description": "白色粉末，纯度为99.5 %，用于阻燃剂。"},
    ],
)
def test_a_figure_below_the_limit_clears_what_the_entry_names(
    classifier: Classifier, item: dict[str, str]
) -> None:
    assert ask(classifier, **item).overall is Outcome.NOT_CONTROLLED_FOR_ENTRY


@pytest.mark.parametrize(
    ("item", "question"),
    [
        # The entry names a part of the item only.
        ({"name_zh": "飞机起落架（三氧化二锑）"}, QuestionCode.NAME_NOT_ACCOUNTED_FOR),
        ({"name_zh": "三氧化二锑、轴承"}, QuestionCode.NAME_NOT_ACCOUNTED_FOR),
        # The other language says something else.
        ({"name_zh": NAME, "name_en": "landing gear"}, QuestionCode.NAME_NOT_ACCOUNTED_FOR),
        # The text states another figure than the parameters do.
        ({"name_zh": NAME, "description": "纯度为99.999%"}, QuestionCode.STATE_QUANTITY),
        ({"name_zh": NAME, "description": "纯度 99.999 %，用于红外材料"}, QuestionCode.STATE_QUANTITY),
        ({"name_zh": NAME, "description": "Powder with a purity of 99.999 %."}, QuestionCode.STATE_QUANTITY),
        ({"name_zh": "三氧化二锑，纯度９９．９９９％"}, QuestionCode.STATE_QUANTITY),
        # Part of the description cannot be read.
        ({"name_zh": NAME, "description": "порошок для инфракрасной оптики"}, QuestionCode.TEXT_NOT_READ),
        # A heading above the entry is claimed.
        ({"name_zh": NAME, "claimed_control_code": "3C003"}, QuestionCode.RESOLVE_CLAIM),
        ({"name_zh": NAME, "claimed_control_code": "3C003.c"}, QuestionCode.RESOLVE_CLAIM),
        # Other lists.
        ({"name_zh": NAME, "description": "用于导弹"}, QuestionCode.OTHER_LIST),
    ],
)
def test_whatever_else_is_said_is_asked_about(
    classifier: Classifier, item: dict[str, str], question: QuestionCode
) -> None:
    answer = ask(classifier, **item)
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert question in {each.code for each in answer.questions}


def clues_of(entry: ControlEntry) -> list[dict[str, str]]:
    """How an item lets on that it is what an entry names, each alone."""
    names = [term.text for term in entry.terms if term.kind is TermKind.NAME]
    clues = [{"description": name} for name in names]
    clues += [{"name_en": entry.name_en}] if entry.name_en else []
    for term in entry.terms:
        if term.kind is TermKind.CAS_NUMBER:
            clues.append({"cas_number": term.text})
            clues.append({"description": f"内含物 CAS：{term.text.replace('-', '–')}"})
            clues.append({"description": term.text.translate(FULL_WIDTH)})
    clues += [{"hs_code": code} for code in entry.hs_codes[:1]]
    if entry.control_code:
        clues.append({"description": f"按{entry.control_code.translate(FULL_WIDTH)}归类"})
    return clues


FULL_WIDTH = str.maketrans("0123456789-.", "０１２３４５６７８９－．")


def test_a_clue_to_another_entry_is_never_overlooked(classifier: Classifier) -> None:
    chance = random.Random(7)
    others = [
        entry
        for entry in classifier.index.control_list.entries
        if entry.status_on(DAY).applies and not entry.code.startswith("3C003")
    ]
    tried = 0
    for entry in chance.sample(others, 120):
        for clue in clues_of(entry):
            answer = ask(classifier, **{"name_zh": NAME, **clue})
            pointed = any(each.entry is entry for each in answer.candidates)
            tried += 1
            # Prose of which a few words only are shared may be about anything; a name or code of an entry is not.
            assert answer.overall not in CLEARED or not pointed, (entry.code, clue)
            assert pointed, (entry.code, clue)
    assert tried > 300


@pytest.mark.parametrize("parameters", ["大众消费类产品=是", "大众消费类产品=是; 对称密钥长度=256 bit"])
def test_mass_market_cryptography_is_released_by_law_whatever_its_keys(
    classifier: Classifier, parameters: str
) -> None:
    answer = ask(classifier, parameters, name_zh="加密VPN设备（IPSec/SSL VPN）")
    assert answer.overall is Outcome.DECONTROLLED
    assert "《密码法》第二十八条第二款" in answer.candidates[0].entry.decontrol_zh


def test_of_two_entries_one_alone_releases(classifier: Classifier) -> None:
    answer = ask(
        classifier, "大众消费类产品=是", name_zh="加密VPN设备（IPSec/SSL VPN）", description="含密码分析设备"
    )
    assert answer.overall is Outcome.NEEDS_INFORMATION


def test_an_item_that_points_to_more_entries_than_are_examined_is_not_cleared(classifier: Classifier) -> None:
    entries = [
        entry.name_zh for entry in classifier.index.control_list.entries if not entry.name_zh.startswith("三")
    ]
    answer = ask(classifier, name_zh=NAME, description="；".join(entries[:200])[:7900])
    assert answer.overall not in CLEARED
    assert len([each for each in answer.questions if not each.code.startswith("CATCH_ALL")]) <= 5


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"name_en": "yttriumtarget"}, "1C908"),
        ({"name_en": "Coxiellaburnetii"}, "1C351.b.1"),
        ({"name_en": "amonium paratungstate"}, "1C117.d.1"),
        ({"name_zh": "仲钨酸氨"}, "1C117.d.1"),
        ({"name_zh": "三氧化二銻"}, "3C003.c"),
    ],
)
def test_misspelt_names_propose_the_entry(classifier: Classifier, item: dict[str, str], code: str) -> None:
    answer = classifier.classify(Item(**item))
    assert any(each.entry.code.startswith(code) for each in answer.candidates)
    assert answer.overall not in CLEARED
