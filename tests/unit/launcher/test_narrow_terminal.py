"""A terminal of 80 columns shows all that a wide one does."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from services.launcher.accounts import accounts
from services.launcher.addresses import NAMES, Addresses
from services.launcher.command_line import main
from services.launcher.commands.doctor import findings_table
from services.launcher.commands.running import account_table, address_table
from services.launcher.health.finding import Finding, Status
from services.launcher.platform import Platform
from services.launcher.processes import Place
from services.launcher.state_folder import StateFolder
from tests.unit.launcher.terminal import seen, without_spaces

LONG = Path(
    "/srv/许可平台/很长的状态目录的名称在这里/a-folder-whose-name-is-longer-than-the-terminal-is-wide/状态"
)


def columns_of(text: str) -> list[str]:
    """The words of each column of a table with lines between the columns, folded parts put together."""
    rows = [
        line.strip()[1:-1].replace("┃", "│").split("│")
        for line in text.splitlines()
        if "│" in line or "┃" in line
    ]
    width = max(len(row) for row in rows)
    return [
        without_spaces("".join(row[column] for row in rows if len(row) == width)) for column in range(width)
    ]


def test_every_account_is_shown_in_one_piece_and_every_name_whole() -> None:
    shown = seen(account_table(LONG), 80)
    assert max(map(len, shown.splitlines())) <= 80
    role, account, who, acts_for = columns_of(shown)
    known = accounts()
    for one in [*known.persons.values(), *known.programs.values()]:
        assert one.name in shown
        assert without_spaces(one.principal.name) in who
        assert one.principal.organisation in acts_for
        assert one.principal.role.value in role
    assert "…" not in shown
    assert without_spaces(str(LONG)) in without_spaces(shown)
    assert "development only" in shown
    assert {part.strip() for part in account.split("*")}


def test_every_address_is_whole() -> None:
    platform = Platform(LONG)
    addresses = Addresses(dict.fromkeys(NAMES, 65535))
    platform._place = Place(StateFolder(LONG), addresses)
    _, shown = columns_of(seen(address_table(platform), 80))
    assert without_spaces(str(LONG)) in shown
    for name in ("customs", "issuer", "temporal_ui"):
        assert addresses.url(name) in shown


@pytest.mark.parametrize("status", list(Status))
def test_every_finding_is_whole_in_both_languages(status: Status) -> None:
    figures = {"folder": str(LONG), "free_gigabytes": "0.1"}
    finding = Finding("disk", "很长的名称" * 6, status, "DISK_FULL", figures)
    shown = seen(findings_table([finding]), 80)
    lines = [line for line in shown.splitlines() if line.strip()]
    assert max(map(len, lines)) <= 80
    assert "…" not in shown.replace("…", "", 1 if status is Status.BEHIND else 0)
    together = sorted(without_spaces(shown))
    for text in (finding.sentence.zh, finding.sentence.en, finding.subject):
        for character in set(without_spaces(text)):
            assert together.count(character) >= without_spaces(text).count(character)


def test_a_healthy_finding_speaks_both_languages() -> None:
    shown = seen(findings_table([Finding("process", "relay", Status.OK, "PROCESS_UP")]), 80)
    assert "正在运行" in shown
    assert "running" in shown


def test_the_command_at_80_columns_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / ("很长的目录" * 12)
    folder.mkdir()
    (folder / "ports.json").write_text("{}")
    monkeypatch.setenv("XUKE_HOME", str(folder))
    result = CliRunner().invoke(main, ["doctor"])
    assert result.exit_code == 1
    assert result.stdout.count("很") >= 3 * 12
