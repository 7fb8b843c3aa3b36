"""What exports of certain items need besides a licence: designated exporters, destinations that are not shut out."""

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest

from services.foundation.errors import XukeError
from services.launcher.state_folder import PROJECT
from services.licensing.application_registrations import load_context
from services.licensing.domain.export_conditions import ConditionKind, Designation, ExportConditions
from services.licensing.reference_files import export_conditions, load_procedures

EXPORTER = "91320100MA1XUKE016"
TODAY = date(2026, 11, 21)
SHIPPED = export_conditions()


def unmet(conditions: ExportConditions, code: str, country: str = "KR", day: date = TODAY) -> list[str]:
    return [each.condition_id for each in conditions.unmet((code,), EXPORTER, {country}, day)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1C450.c.22", ["CONTROLLED-CHEMICALS"]),
        ("1c450.A", ["CONTROLLED-CHEMICALS"]),
        ("１Ｃ450.a", ["CONTROLLED-CHEMICALS"]),
        (" 1C 450", ["CONTROLLED-CHEMICALS"]),
        ("\u200b1C450", ["CONTROLLED-CHEMICALS"]),
        ("1C350.c", []),
        ("1C117.d.1", []),
        ("", []),
    ],
)
def test_controlled_chemicals_are_for_designated_exporters(code: str, expected: list[str]) -> None:
    assert unmet(SHIPPED, code) == expected


@pytest.mark.parametrize(
    ("day", "is_met"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_designation_holds_from_its_first_day_to_its_last(day: date, is_met: bool) -> None:
    designated = Designation("CONTROLLED-CHEMICALS", EXPORTER, date(2026, 1, 1), date(2026, 12, 31))
    conditions = dataclasses.replace(SHIPPED, designations=(designated,))
    assert (unmet(conditions, "1C450.b.7", day=day) == []) is is_met
    other = dataclasses.replace(designated, condition_id="NUCLEAR-SAFEGUARDS")
    assert unmet(dataclasses.replace(SHIPPED, designations=(other,)), "1C450.b.7", day=day)


def test_the_row_on_safeguards_is_kept_and_switched_off() -> None:
    assert unmet(SHIPPED, "2B231", "PK") == []
    switched_on = tuple(dataclasses.replace(each, enabled=True) for each in SHIPPED.conditions)
    conditions = ExportConditions(switched_on)
    assert unmet(conditions, "2B231", "PK") == ["NUCLEAR-SAFEGUARDS"]
    assert unmet(conditions, "2B231", "KR") == []
    assert unmet(conditions, "2B350", "PK") == []
    (row,) = [each for each in switched_on if each.kind is ConditionKind.DESTINATION_SHUT_OUT]
    assert (row.source.instrument, row.source.article) == ("核出口管制条例", "Art. 5(3)")


def test_the_industry_ministry_is_consulted_on_controlled_chemicals() -> None:
    route = load_procedures().effective_on("dual_use", TODAY).route(("1C450.c.22",))
    assert {each.agency for each in route if each.mandatory} == {"MIIT"}


HEADING = "condition_id,unified_social_credit_code,name_zh,instrument,effective_from,effective_to\n"


def test_the_file_that_the_readme_shows_designates(tmp_path: Path) -> None:
    readme = (PROJECT / "services/licensing/README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    path = tmp_path / "designated.csv"
    path.write_text(shown, encoding="utf-8")
    conditions = load_context(designations_file=path).reference.conditions
    assert unmet(conditions, "1C450.b.7") == []
    assert unmet(conditions, "1C450.b.7", day=date(2025, 12, 31)) == ["CONTROLLED-CHEMICALS"]
    assert unmet(load_context().reference.conditions, "1C450.b.7") == ["CONTROLLED-CHEMICALS"]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("condition_id,effective_from,effective_to\n", "1", "unified_social_credit_code"),
        (f"{HEADING}CHEMICALS,{EXPORTER},,,2026-01-01,\n", "2", "condition_id"),
        # The condition on destinations knows no designation.
        (f"{HEADING}NUCLEAR-SAFEGUARDS,{EXPORTER},,,2026-01-01,\n", "2", "condition_id"),
        (
            f"{HEADING}CONTROLLED-CHEMICALS,{EXPORTER[:-1]}7,,,2026-01-01,\n",
            "2",
            "unified_social_credit_code",
        ),
        (f"{HEADING}CONTROLLED-CHEMICALS,{EXPORTER},,,1.1.2026,\n", "2", "effective_from"),
        (f"{HEADING}CONTROLLED-CHEMICALS,{EXPORTER},,,2026-01-01,2025-12-31\n", "2", "effective_to"),
        (f"{HEADING}CONTROLLED-CHEMICALS,{EXPORTER}\n", "2", "effective_from"),
    ],
)
def test_a_file_that_cannot_be_read_names_line_and_column(
    tmp_path: Path, content: str, line: str, column: str
) -> None:
    path = tmp_path / "designated.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(XukeError) as refused:
        export_conditions(path)
    assert refused.value.reason == "DESIGNATIONS_UNREADABLE"
    assert (refused.value.metadata["line"], refused.value.metadata["column"]) == (line, column)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(XukeError) as refused:
        export_conditions(tmp_path / "nowhere.csv")
    assert refused.value.metadata["file"].endswith("nowhere.csv")
