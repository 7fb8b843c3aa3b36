from datetime import date
from pathlib import Path

import pytest

from services.classification.batch import Classifier, classifier_of
from services.classification.domain.entries import ControlEntry, Quality
from services.classification.domain.item import Item, Nature
from services.classification.domain.outcomes import CATCH_ALL, Outcome, QuestionCode
from services.classification.list_files import read_list_file
from services.classification.regimes import classifier_of_regime
from services.foundation.errors import XukeError

HEADER = "entry_code,path,parent_path,kind,text,valid_from\n"
LIST = (
    HEADER
    + """\
2B231,2B231,,provision,Vacuum pumps having all of the following characteristics:,2025-11-15
2B231,2B231.a,2B231,provision,Input throat size equal to or greater than 380 mm;,2025-11-15
2B231,2B231.b,2B231,provision,Pumping speed equal to or greater than 15 m3/s; and,2025-11-15
2B231,2B231,,technical_note,Technical Note: The pumping speed is determined with nitrogen gas or air.,2025-11-15
1C350,1C350,,provision,"Chemicals, which may be used as precursors for toxic chemical agents, as follows:",2025-11-15
1C350,1C350.14,1C350,provision,Potassium fluoride (CAS 7789-23-3);,2025-11-15
1C350,1C350.15,1C350,provision,Not used;,2025-11-15
1C350,1C350,,decontrol_note,Note 4: 1C350 does not control products identified as consumer goods.,2025-11-15
1E001,1E001,,provision,Technology for the development of equipment specified in 2B231.,2025-11-15
"""
)
TODAY = date(2026, 11, 21)


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return classifier_of_regime("eu_dual_use", path, TODAY)


def entry(classifier: Classifier, code: str) -> ControlEntry:
    found = classifier.index.entry(code)
    assert found is not None
    return found


def test_provisions_become_entries_with_what_stands_above_them(classifier: Classifier) -> None:
    control_list = classifier.index.control_list
    assert [each.identifier for each in control_list.entries] == [
        "2B231",
        "2B231.a",
        "2B231.b",
        "1C350",
        "1C350.14",
        "1E001",
    ]
    assert control_list.regime == "eu_dual_use"
    assert control_list.edition == control_list.covers_from == date(2025, 11, 15)
    chemical = entry(classifier, "1C350.14")
    assert chemical.name_en == "Potassium fluoride"
    assert "consumer goods" in chemical.decontrol_en
    assert "nitrogen" in entry(classifier, "2B231.a").note_en
    assert all(each.quality is Quality.PARSED for each in control_list.entries)


@pytest.mark.parametrize(
    ("item", "first"),
    [
        (Item(cas_number="7789-23-3"), "1C350.14"),
        (Item(name_en="potassium fluoride"), "1C350.14"),
        (Item(name_en="turbomolecular vacuum pump with a throat of 400 mm"), "2B231.a"),
        (Item(claimed_control_code="2b231.A"), "2B231.a"),
    ],
)
def test_a_list_without_rules_proposes_and_asks(classifier: Classifier, item: Item, first: str) -> None:
    answer = classifier.classify(item)
    assert answer.candidates[0].entry.identifier == first
    assert {each.outcome for each in answer.candidates} == {Outcome.NEEDS_INFORMATION}
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert answer.remark is None
    assert all(each.agencies == () for each in answer.candidates)


def test_what_the_list_does_not_name_is_no_clearance(classifier: Classifier) -> None:
    # The commodity code stands in the licence catalogue of another regime.
    answer = classifier.classify(Item(name_en="oak table", hs_code="2841801000"))
    assert answer.overall is Outcome.NO_ENTRY_FOUND
    assert tuple(question.code for question in answer.questions) == CATCH_ALL


def test_technology_finds_the_entry_for_technology(classifier: Classifier) -> None:
    answer = classifier.classify(
        Item(nature=Nature.TECHNOLOGY, description="technology for the development of 2B231 equipment")
    )
    assert answer.candidates[0].entry.identifier == "1E001"


def test_the_list_says_nothing_of_days_before_it(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    answer = classifier_of(date(2025, 11, 14), read_list_file(path, "eu_dual_use")).classify(
        Item(name_en="potassium fluoride")
    )
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert answer.questions[0].code is QuestionCode.DAY_BEFORE_LIST


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "CLASSIFICATION_FILE_COLUMN_MISSING", "1"),
        (b"path,text,valid_from\n", "CLASSIFICATION_FILE_COLUMN_MISSING", "1"),
        (HEADER.encode(), "CLASSIFICATION_FILE_EMPTY", None),
        (HEADER.encode() + b"2B231,2B231\n", "CLASSIFICATION_FILE_ROW_UNREADABLE", "2"),
        (
            HEADER.encode() + b"2B231,2B231,,provision,Pumps,yesterday\n",
            "CLASSIFICATION_FILE_ROW_UNREADABLE",
            "2",
        ),
        (HEADER.encode() + b"2B231,2B231,,provision,\xff,2025-11-15\n", "CLASSIFICATION_FILE_NOT_UTF8", "2"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_place(
    tmp_path: Path, content: bytes, reason: str, line: str | None
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(XukeError) as refused:
        read_list_file(path, "eu_dual_use")
    assert refused.value.reason == reason
    assert refused.value.metadata.get("line") == line


def test_a_regime_without_a_list_asks_for_one(tmp_path: Path) -> None:
    with pytest.raises(XukeError) as refused:
        classifier_of_regime("us_ear", None, TODAY)
    assert (refused.value.reason, refused.value.metadata) == (
        "CLASSIFICATION_LIST_NEEDED",
        {"regime": "us_ear"},
    )
    with pytest.raises(XukeError) as missing:
        classifier_of_regime("us_ear", tmp_path / "none.csv", TODAY)
    assert missing.value.reason == "CLASSIFICATION_FILE_UNREADABLE"
