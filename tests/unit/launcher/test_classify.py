"""`xuke classify` and `xuke explain`: files of the caller, without a running platform."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.launcher.command_line import main

ITEMS = "id,hs,name_zh,parameters\n1,2841801000,仲钨酸铵,\n2,,三氧化二锑,纯度=99.5 %\n"
LIST = "path,kind,text,valid_from\n1C350.14,provision,Potassium fluoride (CAS 7789-23-3);,2025-11-15\n"


def invoke(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_a_file_of_items_is_classified(tmp_path: Path) -> None:
    items, out = tmp_path / "items.csv", tmp_path / "out.csv"
    items.write_text(ITEMS, encoding="utf-8")
    invoke("classify", str(items), "--out", str(out), "--as-of", "2026-11-21")
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["overall"]) for row in rows] == [
        ("1", "CONTROLLED"),
        ("2", "NOT_CONTROLLED_FOR_ENTRY"),
    ]


def test_a_file_of_items_is_classified_under_the_list_of_another_regime(tmp_path: Path) -> None:
    items, regime, out = tmp_path / "items.csv", tmp_path / "list.csv", tmp_path / "out.csv"
    items.write_text("id,name_en\n1,potassium fluoride\n", encoding="utf-8")
    regime.write_text(LIST, encoding="utf-8")
    invoke("classify", str(items), "--out", str(out), "--regime", "eu_dual_use", "--list", str(regime))
    with out.open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["codes"] == "1C350.14=NEEDS_INFORMATION"
    assert row["list_version"].startswith("eu_dual_use 2025-11-15 sha256:")


TEMPLATE = """identifier,name_en,parameters_en,cas_numbers,announcement,effective_from,quality,parameters_complete
T1.a,graphite crucibles,purity of 99.99 % or more,,2026-01,2026-01-01,,
T2,potassium fluoride,,7789-23-3,2026-01,2026-02-01,A,yes
"""


def test_lists_in_both_forms_are_asked_each_for_itself(tmp_path: Path) -> None:
    items, trial, annex = tmp_path / "items.csv", tmp_path / "Trial list.csv", tmp_path / "eu_dual_use.csv"
    items.write_text(
        "id,name_en\n1,graphite crucible\n2,potassium fluoride\n3,garden chair\n", encoding="utf-8"
    )
    trial.write_text(TEMPLATE, encoding="utf-8-sig")
    annex.write_text(LIST, encoding="utf-8")
    out = tmp_path / "out.csv"
    asked = ("--list", str(trial), "--list", str(annex), "--as-of", "2026-11-21")
    invoke("classify", str(items), "--out", str(out), *asked)
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(row["id"], row["list_version"].split()[0], row["overall"], row["codes"]) for row in rows]
    assert found == [
        ("1", "TRIAL-LIST", "NEEDS_INFORMATION", "T1.a=NEEDS_INFORMATION"),
        ("1", "eu_dual_use", "NO_ENTRY_FOUND", ""),
        ("2", "TRIAL-LIST", "CONTROLLED", "T2=CONTROLLED"),
        ("2", "eu_dual_use", "NEEDS_INFORMATION", "1C350.14=NEEDS_INFORMATION"),
        ("3", "TRIAL-LIST", "NO_ENTRY_FOUND", ""),
        ("3", "eu_dual_use", "NO_ENTRY_FOUND", ""),
    ]
    assert "T1.a“graphite crucibles”" in rows[0]["questions"]
    assert "purity of 99.99 % or more" in rows[0]["questions"]
    # Neither the sentence of a Chinese declaration nor a regime of Chinese law is for them.
    assert {(row["customs_remark"], row["legal_regimes"]) for row in rows} == {("", "")}


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (TEMPLATE.replace("2026-02-01", "1.2.2026"), "3", "effective_from"),
        (TEMPLATE.replace("T1.a", ""), "2", "identifier"),
        (LIST.replace("2025-11-15", "soon"), "2", "valid_from"),
    ],
)
def test_what_is_wrong_in_a_list_is_told_with_line_and_column(
    tmp_path: Path, content: str, line: str, column: str
) -> None:
    items, listed, out = tmp_path / "items.csv", tmp_path / "list.csv", tmp_path / "out.csv"
    items.write_text(ITEMS, encoding="utf-8")
    listed.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(main, ["classify", str(items), "--out", str(out), "--list", str(listed)])
    assert result.exit_code == 1
    said = "".join(result.stderr.split())
    assert f"第{line}行" in said
    assert column in said
    assert "list.csv" in said
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--regime", "us_ear"), "CLASSIFICATION_LIST_NEEDED"),
        (("--list", "nowhere.csv"), "CLASSIFICATION_FILE_UNREADABLE"),
    ],
)
def test_what_is_missing_is_told_by_name(tmp_path: Path, arguments: tuple[str, ...], reason: str) -> None:
    items = tmp_path / "items.csv"
    items.write_text(ITEMS, encoding="utf-8")
    result = CliRunner().invoke(
        main, ["classify", str(items), "--out", str(tmp_path / "out.csv"), *arguments]
    )
    assert result.exit_code == 1
    assert reason in result.stderr


def test_a_result_is_never_written_over_what_is_read(tmp_path: Path) -> None:
    items, listed, link = tmp_path / "items.csv", tmp_path / "list.csv", tmp_path / "link.csv"
    items.write_text(ITEMS, encoding="utf-8")
    listed.write_text(LIST, encoding="utf-8")
    link.symlink_to(items)
    for out in (items, listed, link):
        refused = CliRunner().invoke(main, ["classify", str(items), "--out", str(out), "--list", str(listed)])
        assert refused.exit_code == 1
        assert "FILE_IS_INPUT" in refused.stderr
    assert items.read_text(encoding="utf-8") == ITEMS
    assert listed.read_text(encoding="utf-8") == LIST


@pytest.mark.parametrize("fault", [b"id,name_zh\n1,a\n2,\xff\n", b"name_zh\na\n", b""])
def test_a_run_that_fails_leaves_the_earlier_result(tmp_path: Path, fault: bytes) -> None:
    items, out = tmp_path / "items.csv", tmp_path / "out.csv"
    items.write_bytes(fault)
    out.write_text("earlier", encoding="utf-8")
    assert CliRunner().invoke(main, ["classify", str(items), "--out", str(out)]).exit_code == 1
    assert out.read_text(encoding="utf-8") == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["items.csv", "out.csv"]


def test_an_entry_is_explained_line_by_line() -> None:
    said = json.loads(
        invoke("explain", "1c004", "密度=18.1 g/cm3; 弹性极限=700 MPa", "--as-of", "2026-11-21", "--json")
    )
    assert (said["code"], said["status"], said["outcome"]) == (
        "1C004",
        "IN_FORCE",
        "NOT_CONTROLLED_FOR_ENTRY",
    )
    lines = {line["about"]: line for line in said["conditions"]}
    assert lines["density"]["truth"] == "TRUE"
    assert lines["density"]["quote"] == "密度大于17.5g/cm³"
    assert lines["elastic_limit"]["truth"] == "FALSE"
    assert lines["ultimate_tensile_strength"]["truth"] == "UNKNOWN"

    shown = invoke("explain", "1C004", "密度=18.1 g/cm3", "--as-of", "2026-11-21")
    assert "✓ quantity: 密度大于17.5g/cm³" in shown
    assert "? quantity: 极限抗拉强度大于1270MPa" in shown
    assert "NEEDS_INFORMATION" in shown


def test_an_entry_that_is_not_held_is_told_by_name() -> None:
    result = CliRunner().invoke(main, ["explain", "9A999"])
    assert result.exit_code == 1
    assert "9A999" in result.stderr
