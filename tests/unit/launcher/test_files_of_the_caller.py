"""Files and folders that the caller names: what cannot be used is told by name."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from services.foundation.audit_log.signed_note import VerifierKey
from services.foundation.errors import XukeError
from services.launcher.addresses import NAMES
from services.launcher.audit import Keepsake
from services.launcher.command_line import main
from services.launcher.commands.output import read_file, tell, write_file
from services.launcher.ports import keep_ports

KEY = VerifierKey("xuke/licensing", bytes(range(32)))


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (tmp_path / "nonexistent" / "x.pdf", tmp_path):
        with pytest.raises(XukeError, match="FILE_NOT_WRITABLE") as refused:
            write_file(file, b"%PDF-")
        tell(refused.value)
        told = capsys.readouterr().err.replace("\n", "")
        assert told.count(str(file)) == 2
        assert "Errno" not in told


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(XukeError, match="FILE_NOT_READABLE") as refused:
        read_file(tmp_path / "x.pdf")
    assert refused.value.metadata["file"] == str(tmp_path / "x.pdf")


def test_a_folder_that_cannot_keep_anything_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(XukeError, match="KEEPSAKE_NOT_USABLE") as refused:
        Keepsake(tmp_path / "file" / "auditor").keep("licensing", KEY, "")
    assert refused.value.metadata["folder"] == str(tmp_path / "file" / "auditor")


def test_a_folder_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "licensing.key").write_text("a house key")
    with pytest.raises(XukeError, match="KEEPSAKE_NOT_USABLE"):
        Keepsake(tmp_path).key("licensing")


@pytest.mark.parametrize("command", [("verify-audit",), ("case", "SQ32-2026-0000001"), ("licence", "1")])
def test_a_platform_that_was_stopped_is_to_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    keep_ports(tmp_path / "ports.json", NAMES, None)
    monkeypatch.setenv("XUKE_HOME", str(tmp_path))
    result = CliRunner().invoke(main, list(command))
    assert result.exit_code == 1
    assert "PLATFORM_NOT_RUNNING" in result.stderr
    assert "xuke up" in result.stderr
