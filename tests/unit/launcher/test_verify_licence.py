"""`xuke verify-licence` without a platform: a licence, the same with one byte changed, and a foreign authority."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.launcher.command_line import main
from services.licensing.document.development_authority import create_development_authority
from services.licensing.document.pdf import issue_document
from services.licensing.document.signing import TRUST_FILE, Es256Signer
from tests.unit.licensing.licence_samples import PUBLIC_URL, facts, renderer

Verify = Callable[..., Result]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with a signing key and a licence signed with it."""
    folder = tmp_path_factory.mktemp("state")
    create_development_authority(folder / "signing", datetime.now(UTC))
    signer = Es256Signer.load(folder / "signing")
    issued = issue_document(facts(), signer, renderer(), PUBLIC_URL, datetime.now(UTC))
    (folder / "licence.pdf").write_bytes(issued.pdf)
    return folder


@pytest.fixture
def verify(state: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    monkeypatch.setenv("XUKE_HOME", str(state))
    return lambda *arguments: CliRunner().invoke(main, ["verify-licence", *map(str, arguments)])


def test_a_licence_is_genuine_and_says_that_it_is_a_specimen(verify: Verify, state: Path) -> None:
    shown = verify(state / "licence.pdf")
    assert shown.exit_code == 0, shown.output
    assert str(facts().number) in shown.stdout
    assert "受信任" in shown.stdout.replace("\n", "")
    assert "specimen" in shown.stdout
    told = json.loads(verify(state / "licence.pdf", "--json").stdout)
    assert (told["genuine"], told["findings"], told["standing"]) == (True, [], "DEVELOPMENT")
    assert told["number"] == str(facts().number)


def test_one_flipped_byte_is_found(verify: Verify, state: Path, tmp_path: Path) -> None:
    content = bytearray((state / "licence.pdf").read_bytes())
    content[len(content) // 3] ^= 1
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(content)
    shown = verify(altered)
    assert shown.exit_code == 1
    assert "DOCUMENT_ALTERED" in shown.stdout
    result = verify(altered, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert not told["genuine"]
    assert "number" not in told
    assert all(finding["zh"] and finding["en"] != finding["reason"] for finding in told["findings"])


def test_the_key_of_another_authority_is_not_trusted(verify: Verify, state: Path, tmp_path: Path) -> None:
    create_development_authority(tmp_path, datetime.now(UTC))
    result = verify(state / "licence.pdf", "--trust", tmp_path / TRUST_FILE, "--json")
    assert result.exit_code == 1
    assert [one["reason"] for one in json.loads(result.stdout)["findings"]] == ["SIGNER_NOT_TRUSTED"]
    assert verify(state / "licence.pdf", "--trust", state / "signing" / TRUST_FILE).exit_code == 0


@pytest.mark.parametrize(
    ("trust", "reason"),
    [("nonexistent.pem", "FILE_NOT_READABLE"), ("licence.pdf", "TRUST_NOT_A_CERTIFICATE")],
)
def test_what_cannot_be_trusted_at_all_is_named(verify: Verify, state: Path, trust: str, reason: str) -> None:
    result = verify(state / "licence.pdf", "--trust", state / trust)
    assert result.exit_code == 1
    assert reason in result.stderr


def test_the_version_is_told_and_help_names_the_command() -> None:
    assert CliRunner().invoke(main, ["--version"]).stdout.startswith("xuke, version ")
    assert "verify-licence" in CliRunner().invoke(main, ["--help"]).stdout
