"""The shipped directory, sentences and documentation agree with the code."""

import re
from pathlib import Path

import pytest

import services.consultation
from services.consultation.domain.agencies import Agency, AgencyDirectory
from services.consultation.domain.consolidation import truth_table_as_markdown
from services.consultation.domain.records import NewTask
from services.consultation.domain.task_state import transitions_as_markdown
from services.consultation.reference_files import read_agencies
from services.foundation.errors import XukeError
from services.foundation.messages import catalogue

SERVICE = Path(services.consultation.__file__).parent


def test_directory() -> None:
    assert read_agencies().codes() == (
        "MFA",
        "MIIT",
        "SASTIND",
        "CAEA",
        "CMC-EDD",
        "MARA",
        "NHC",
        "SCA",
        "MPS",
    )


def test_a_row_without_legal_source_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "agencies.csv"
    file.write_text(
        "code,name_zh,name_en,competence,legal_source\nMFA,外交部,Foreign,all,\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="MFA has no legal source"):
        read_agencies(file)


def test_an_agency_stands_in_the_directory_once() -> None:
    agency = Agency("MFA", "外交部", "Ministry of Foreign Affairs", "all", "law")
    with pytest.raises(ValueError, match="twice"):
        AgencyDirectory([agency, agency])


def test_tasks_name_known_agencies_once_each() -> None:
    tasks = [NewTask(code, False, "", None) for code in ("MFA", "FBI", "MFA")]
    with pytest.raises(XukeError) as refused:
        read_agencies().check_tasks(tasks)
    assert [(each.field, each.reason) for each in refused.value.violations] == [
        ("tasks[1].agency", "UNKNOWN_AGENCY"),
        ("tasks[2].agency", "AGENCY_REPEATED"),
    ]


def test_every_reason_has_its_sentences() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in SERVICE.rglob("*.py"))
    raised = set(
        re.findall(r'(?:failed_precondition|permission_denied)\(\s*"([A-Z_]+)"', sources)
        + re.findall(r'(?:FieldViolation|invalid_field)\(\s*f?"?[^",]+"?,\s*"([A-Z_]+)"', sources)
    )
    assert {"ROUND_CLOSED", "FACTORS_MISSING", "ETAG_MISSING", "UNKNOWN_AGENCY"} <= raised
    assert raised - catalogue().keys() == set()


@pytest.mark.parametrize("table", [transitions_as_markdown(), truth_table_as_markdown()])
def test_the_readme_shows_the_tables(table: str) -> None:
    assert table in (SERVICE / "README.md").read_text(encoding="utf-8")
