import csv
import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from services.classification.batch import (
    RESULT_COLUMNS,
    Classifier,
    classifier_of,
    classify_rows,
    parameters_of,
    read_rows,
)
from services.classification.domain.item import StatedParameter
from services.foundation.errors import XukeError

TODAY = date(2026, 11, 21)
ITEMS = """\
id,hs,name_zh,name_en,description,parameters,destination,end_use
1,2841801000,仲钨酸铵,ammonium paratungstate,,,KR,carbide tools
2,,三氧化二锑,,,纯度=99.5 %,kr,
3,,三氧化二锑,,,,,
4,9403600000,木制家具,wooden furniture,,,Korea,
5,0000000000,仲钨酸铵,,,,,
6,,设备,,,,,
7,,,,,,,
8,,人造金刚石单晶,,,平均粒径=100 μm,,
"""


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return classifier_of(TODAY)


def results(text: str, classifier: Classifier, folder: Path) -> dict[str, dict[str, str]]:
    path = folder / "items.csv"
    path.write_text(text, encoding="utf-8-sig")
    rows = classify_rows(read_rows(path, ("id",), lambda read: None), classifier)
    return {row[0]: dict(zip(RESULT_COLUMNS, row, strict=True)) for row in rows}


def test_every_row_has_its_outcome_codes_questions_and_reasons(
    classifier: Classifier, tmp_path: Path
) -> None:
    found = results(ITEMS, classifier, tmp_path)
    assert {number: row["overall"] for number, row in found.items()} == {
        "1": "CONTROLLED",
        "2": "NOT_CONTROLLED_FOR_ENTRY",
        "3": "NEEDS_INFORMATION",
        "4": "NO_ENTRY_FOUND",
        "5": "CONTROLLED",
        "6": "NEEDS_INFORMATION",
        "7": "NEEDS_INFORMATION",
        "8": "CONTROLLED_UNLESS_DECONTROL_SHOWN",
    }
    assert found["1"]["codes"].startswith("1C117.d.1=CONTROLLED")
    assert found["1"]["customs_remark"] == "属于两用物项，管制编码：1C117.d.1"
    assert found["1"]["questions"] == ""
    assert "HS_CODE_10(2841801000)" in found["1"]["reasons"]
    assert found["2"]["customs_remark"].startswith("不属于管制物项；参数：99.5 %")
    assert "3C003.c=NOT_CONTROLLED_FOR_ENTRY" in found["2"]["codes"]
    assert "纯度大于等于99.99%" in found["3"]["questions"]
    assert found["4"]["codes"] == ""
    assert found["4"]["questions"].count("第十二条第三款") == 3
    assert found["5"]["questions"].startswith("HS_CODE_UNKNOWN")
    assert "过于笼统" in found["6"]["questions"]
    assert found["7"]["questions"].startswith("ITEM_UNDESCRIBED")
    assert all(row["as_of"] == "2026-11-21" for row in found.values())


def test_the_same_file_on_another_day(tmp_path: Path) -> None:
    suspended = classifier_of(date(2026, 3, 1))
    assert results(ITEMS, suspended, tmp_path)["8"]["codes"].startswith("2C902.b=NOT_CONTROLLED_FOR_ENTRY")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("纯度=99.9 %", (StatedParameter("纯度", "99.9 %"),)),
        (
            " density = 18.1 g/cm3 ；tensile strength＝1300 MPa;;",
            (StatedParameter("density", "18.1 g/cm3"), StatedParameter("tensile strength", "1300 MPa")),
        ),
        ("form: powder", (StatedParameter("form", "powder"),)),
        ("a=b=c", (StatedParameter("a", "b=c"),)),
        ("nothing; =5; x=", ()),
    ],
)
def test_parameters_are_read_as_people_separate_them(
    text: str, expected: tuple[StatedParameter, ...]
) -> None:
    assert parameters_of(text) == expected


HOSTILE = [
    "钨" * 1_000_000,
    "a " * 500_000,
    "=" * 100_000,
    "\u202e\ufeff\u0000" * 50,
    "１Ｃ１１７．ｄ．１",
    "'; DROP TABLE control_entry; --",
    "{control_code} {0} %s",
    "𠮷" * 300,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_have_a_defined_answer(classifier: Classifier, tmp_path: Path, text: str) -> None:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(["id", "name_zh", "description", "parameters"])
    writer.writerow(["x", text, text, f"纯度={text}"])
    row = results(written.getvalue(), classifier, tmp_path)["x"]
    assert row["overall"] in ("NEEDS_INFORMATION", "NO_ENTRY_FOUND")
    assert row["questions"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "CLASSIFICATION_FILE_EMPTY"),
        (b"name_zh\nx\n", "CLASSIFICATION_FILE_COLUMN_MISSING"),
        (b"id,name_zh\n1,\xff\n", "CLASSIFICATION_FILE_NOT_UTF8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(content)
    with pytest.raises(XukeError) as refused:
        list(read_rows(path, ("id",), lambda read: None))
    assert refused.value.reason == reason


def test_another_process_with_another_hash_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(ITEMS, encoding="utf-8")
    script = (
        "import csv, pathlib, sys\n"
        "from datetime import date\n"
        "from services.classification.batch import classifier_of, classify_rows, read_rows\n"
        "rows = read_rows(pathlib.Path(sys.argv[1]), ('id',), lambda read: None)\n"
        "csv.writer(sys.stdout).writerows(classify_rows(rows, classifier_of(date(2026, 11, 21))))\n"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", script, str(path)],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(written) == 1
    assert written.pop().count(b"\r\n") == 8
