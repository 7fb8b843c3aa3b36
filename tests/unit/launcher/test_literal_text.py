"""What applicants write is shown as they wrote it: it is neither a mark for colours nor a command to a terminal."""

import pytest
from click.testing import CliRunner
from xuke.licensing.v1 import application_pb2, dossier_pb2, licence_pb2

from services.foundation.errors import invalid_field, not_found
from services.launcher.command_line import main
from services.launcher.commands.case_view import application_view, case_view
from services.launcher.commands.doctor import findings_table
from services.launcher.commands.licence_view import licence_view
from services.launcher.commands.output import literal, tell
from services.launcher.demo.narrator import Step, TerminalNarrator
from services.launcher.health.finding import Finding, Status
from tests.unit.launcher.terminal import printed, seen, terminal

TEXTS = ["[/]", "[red]x[/]", "[link=https://example.org]甲[/link]", "[bold", ":smile:", "甲[公司]"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_case_shows_what_was_written(text: str) -> None:
    case = application_pb2.Case(
        number=text, waiting_reason=text, decision=application_pb2.Decision(proposed_by=text)
    )
    case.dossier.applicant.name_zh = text
    case.history.add(actor=text, action=text)
    case.deadlines.add(kind=text)
    shown = seen(case_view(case, []))
    assert shown.count(text) >= 6


@pytest.mark.parametrize("text", TEXTS)
def test_an_application_shows_what_was_written(text: str) -> None:
    application = application_pb2.Application(number=text)
    application.status.asked_of_you.add(code=text, field=text, text={"zh": text})
    application.notices.add(kind=text, text={"zh": text})
    assert seen(application_view(application)).count(text) >= 6


@pytest.mark.parametrize("text", TEXTS)
def test_a_licence_shows_what_was_written(text: str) -> None:
    licence = licence_pb2.Licence(number=text, holder_name_zh=text, end_user=dossier_pb2.Party(name_zh=text))
    licence.lines.add(name_zh=text)
    assert seen(licence_view(licence, [])).count(text) >= 4


@pytest.mark.parametrize("text", TEXTS)
def test_a_finding_shows_what_was_seen(text: str) -> None:
    finding = Finding("disk", text, Status.BEHIND, "DISK_FULL", {"folder": text, "free_gigabytes": "0"})
    assert seen(findings_table([finding])).count(text) == 3


@pytest.mark.parametrize("text", TEXTS)
def test_a_story_shows_what_happened(text: str) -> None:
    console = terminal(200)
    with TerminalNarrator(console, 1) as narrator:
        narrator.begin(f"A {text}")
        # The room for who does it is narrow.
        narrator.step(Step(text[:20], text, changed=text, facts=[text]), 0.1)
        narrator.table(text, [text], [[text]])
    assert printed(console).count(text) >= 7


@pytest.mark.parametrize("text", TEXTS)
def test_a_refusal_shows_what_was_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell(not_found("application", text))
    tell(invalid_field(text, "UNKNOWN_HS_CODE", value=text))
    assert capsys.readouterr().err.replace("\n", "").count(text) >= 3


def test_what_steers_a_terminal_is_made_harmless() -> None:
    assert literal("甲\x1b[31m乙\x07\u202e丙\n丁").plain == "甲\ufffd[31m乙\ufffd\ufffd丙\n丁"


def test_a_case_that_nobody_has_is_refused_whatever_its_name(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUKE_HOME", f"{tmp_path}/[/]")
    result = CliRunner().invoke(main, ["case", "[/]"])
    assert result.exit_code == 1
    assert "PLATFORM_NEVER_STARTED" in result.stderr
    assert isinstance(result.exception, SystemExit)
