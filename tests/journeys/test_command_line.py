"""What people see of the running platform from its command line."""

import datetime
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from xuke.licensing.v1 import licence_pb2, licence_pb2_grpc

from services.foundation.identity import TokenVerifier, issuer_keys
from services.launcher.clients import People
from services.launcher.command_line import main
from services.launcher.demo import story_b, story_d
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.stories import ORGANISATION, declaration_numbers
from services.launcher.health.examination import examine
from services.launcher.platform import Platform
from services.launcher.readiness import wait_until

_numbers = declaration_numbers()
Call = Callable[..., Result]


@pytest.fixture
def xuke(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("XUKE_HOME", str(platform.folder.path))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(main, list(arguments))


def answer(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def refused_case(people: People) -> Any:
    """A case refused at the gate, as the ministry sees it."""
    cast = Cast(people, SilentNarrator())
    return cast.province.case(story_b.play(cast, ORGANISATION))


@pytest.fixture(scope="module")
def suspended_licence(people: People) -> str:
    story_d.play(Cast(people, SilentNarrator()), ORGANISATION, next(_numbers))
    licences = licence_pb2_grpc.LicenceServiceStub(people.channel("jiangsu.exporter", "licensing"))
    listed = licences.ListLicences(licence_pb2.ListLicencesRequest(page_size=200)).licences
    suspended = [one.number for one in listed if one.state == licence_pb2.LICENCE_STATE_SUSPENDED]
    return suspended[0]


def test_a_healthy_platform(xuke: Call) -> None:
    assert wait_until(lambda: answer(xuke("doctor", "--json"))["healthy"], 20)
    report = answer(xuke("doctor", "--json"))
    checks = {finding["check"] for finding in report["findings"]}
    assert checks == {"process", "outbox", "email", "seal", "procedure", "calendar", "malware", "disk"}
    up = [finding["subject"] for finding in report["findings"] if finding["reason"] == "PROCESS_UP"]
    assert len(up) == 13


def test_a_process_that_is_down_is_named_with_what_to_do(xuke: Call, platform: Platform) -> None:
    for process in ("sealer", "relay"):
        platform.kill(process)
        try:
            result = xuke("doctor", "--json")
            assert result.exit_code == 1
            down = [one for one in json.loads(result.stdout)["findings"] if one["status"] == "down"]
            assert [one["subject"] for one in down] == [process]
            assert f"{process}.log" in down[0]["en"]
        finally:
            platform.restart(process)


def test_events_that_do_not_reach_the_procedure_are_told(
    xuke: Call, platform: Platform, refused_case: Any
) -> None:
    platform.kill("relay")
    try:
        with platform.place.postgres.connect("xuke_licensing") as connection:
            # A kick of a case that is concluded wakes nobody, however late it comes.
            connection.execute(
                "INSERT INTO outbox (workflow, workflow_id, source, sequence, created_at)"
                " VALUES ('ApplicationWorkflow', %s, 'licensing', 1, now() - interval '1 minute')",
                (f"application/{refused_case.application_id}",),
            )
        result = xuke("doctor", "--json")
        assert result.exit_code == 1
        behind = [one for one in json.loads(result.stdout)["findings"] if one["status"] == "behind"]
        assert [(one["subject"], one["figures"]["unsent"]) for one in behind] == [("licensing", "1")]
        assert "relay" in behind[0]["zh"]
    finally:
        platform.restart("relay")
    assert wait_until(lambda: answer(xuke("doctor", "--json"))["healthy"], 20)


def test_a_database_that_is_down_is_a_finding(platform: Platform) -> None:
    platform.kill("postgres")
    try:
        findings = examine(platform.place, None, datetime.date(2026, 1, 5))
        assert "DATABASE_NOT_ASKED" in {finding.reason for finding in findings}
    finally:
        platform.restart("postgres")


def test_a_case_by_id_and_by_number(xuke: Call, refused_case: Any) -> None:
    by_id = answer(xuke("case", refused_case.application_id, "--json"))
    by_number = answer(xuke("case", refused_case.number, "--json"))
    assert by_id == by_number
    assert by_id["state"] == "APPLICATION_STATE_GATE_REFUSED"
    assert [entry["sequence"] for entry in by_id["history"]] == [
        str(number) for number in range(1, len(by_id["history"]) + 1)
    ]


def test_a_number_in_lower_case_is_found_and_no_number_is_nobodys(xuke: Call, refused_case: Any) -> None:
    assert answer(xuke("case", refused_case.number.lower(), "--json"))["number"] == refused_case.number
    for account in ("ministry.officer", "jiangsu.exporter"):
        for identifier in ("", "[/]"):
            result = xuke("case", identifier, "--as", account)
            assert result.exit_code == 1
            assert isinstance(result.exception, SystemExit)
            assert refused_case.application_id not in result.output


def test_a_case_as_people_read_it(xuke: Call, refused_case: Any) -> None:
    shown = xuke("case", refused_case.number).output
    for expected in (
        refused_case.number,
        "自动核查拒绝",
        "refused at the gate",
        "Review clock",
        "History",
        "submit",
    ):
        assert expected in shown


def test_the_applicant_sees_the_application_and_no_internal_history(xuke: Call, refused_case: Any) -> None:
    result = xuke("case", refused_case.number, "--as", "jiangsu.exporter", "--json")
    application = answer(result)
    assert application["number"] == refused_case.number
    assert "history" not in application
    assert "Notices" in xuke("case", refused_case.number, "--as", "jiangsu.exporter").output


def test_another_organisation_does_not_learn_of_it(xuke: Call, refused_case: Any) -> None:
    for identifier in (refused_case.number, refused_case.application_id):
        result = xuke("case", identifier, "--as", "guangdong.exporter", "--json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["error"] == "NOT_FOUND"


def test_a_licence_and_its_document(xuke: Call, suspended_licence: str, tmp_path: Path) -> None:
    file = tmp_path / "licence.pdf"
    # The procedure prepares the document shortly after the licence is issued.
    assert wait_until(lambda: xuke("licence", suspended_licence, "--pdf", str(file)).exit_code == 0, 30)
    shown = answer(xuke("licence", suspended_licence, "--json", "--pdf", str(file)))
    assert shown["licence"]["state"] == "LICENCE_STATE_SUSPENDED"
    assert file.read_bytes().startswith(b"%PDF-")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == shown["licence"]["document_sha256"]
    assert "最终用户改变" in xuke("licence", suspended_licence).output


def test_a_document_that_was_written_verifies_offline_and_one_that_cannot_be_is_told(
    xuke: Call, suspended_licence: str, tmp_path: Path
) -> None:
    file = tmp_path / "licence.pdf"
    assert wait_until(lambda: xuke("licence", suspended_licence, "--pdf", str(file)).exit_code == 0, 30)
    assert answer(xuke("verify-licence", str(file), "--json"))["number"] == suspended_licence
    result = xuke("licence", suspended_licence, "--pdf", str(tmp_path / "nonexistent" / "x.pdf"))
    assert result.exit_code == 1
    assert "FILE_NOT_WRITABLE" in result.stderr


def test_a_refusal_names_the_field_and_the_fix_in_both_languages(xuke: Call) -> None:
    result = xuke("licence", "123")
    assert result.exit_code == 1
    assert "number" in result.stderr
    assert "许可证号" in result.stderr
    assert "A licence number has" in result.stderr
    assert "Traceback" not in result.output


def test_a_token_is_one_of_the_account(xuke: Call, platform: Platform) -> None:
    url = platform.addresses.url("issuer")
    token = xuke("token", "mfa.reviewer").stdout.strip()
    assert TokenVerifier(url, "xuke", issuer_keys(url)).verify(token).agency == "MFA"
    unknown = xuke("token", "nobody")
    assert unknown.exit_code == 1
    assert "nobody" in unknown.stderr


def test_the_record_is_as_sealed_and_an_event_is_proved(
    xuke: Call, refused_case: Any, tmp_path: Path
) -> None:
    keep = str(tmp_path / "auditor")
    assert wait_until(lambda: answer(xuke("verify-audit", "--json"))["licensing"]["unsealed"] == 0, 20)
    for _ in range(2):
        reports = answer(xuke("verify-audit", "--json", "--keep", keep))
        assert all(report["intact"] for report in reports.values())
    event = refused_case.history[0].event_id
    proof = answer(xuke("verify-audit", "--event", event, "--json"))
    assert (proof["service"], proof["holds"]) == ("licensing", True)
    unknown = xuke("verify-audit", "--event", "00000000-0000-4000-8000-000000000000")
    assert unknown.exit_code == 1


def test_a_folder_that_cannot_keep_what_was_verified_is_named(xuke: Call, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = xuke("verify-audit", "--json", "--keep", str(tmp_path / "file" / "auditor"))
    assert result.exit_code == 1
    refusal = json.loads(result.stdout)
    assert refusal["error"] == "KEEPSAKE_NOT_USABLE"
    assert refusal["metadata"]["folder"] == str(tmp_path / "file" / "auditor")


def test_an_altered_event_is_named(xuke: Call, platform: Platform, refused_case: Any) -> None:
    event = refused_case.history[0].event_id
    change = "UPDATE audit_event SET actor_subject = %s WHERE event_id = %s"
    with platform.place.postgres.connect("xuke_licensing") as connection:
        connection.execute(change, ("somebody.else", event))
        try:
            result = xuke("verify-audit", "--service", "licensing", "--json")
            proof = xuke("verify-audit", "--event", event, "--json")
        finally:
            connection.execute(change, (refused_case.history[0].actor, event))
    assert result.exit_code == proof.exit_code == 1
    findings = json.loads(result.stdout)["licensing"]["findings"]
    assert [(one["kind"], one["event_id"]) for one in findings] == [("EVENT_ALTERED", event)]
    assert json.loads(proof.stdout)["error"] == "EVENT_NOT_AS_SEALED"
    assert answer(xuke("verify-audit", "--service", "licensing", "--json"))["licensing"]["intact"]


@pytest.mark.parametrize("command", [("reset", "--yes"), ("rebuild-procedure", "--yes"), ("up",)])
def test_a_running_platform_is_neither_reset_nor_started_twice(
    xuke: Call, platform: Platform, command: tuple[str, ...]
) -> None:
    result = xuke(*command)
    assert result.exit_code == 1
    assert "PLATFORM_RUNNING" in result.stderr
    assert platform.folder.processes.exists()
    assert json.loads(platform.folder.processes.read_text()) == platform.process_ids
