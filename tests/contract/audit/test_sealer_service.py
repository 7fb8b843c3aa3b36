"""The sealer as a service: it seals by itself, proves over gRPC to those who may ask, and says when it stopped."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
from xuke.audit.v1 import audit_pb2 as messages
from xuke.audit.v1 import audit_pb2_grpc as contract

from services.foundation import merkle
from services.foundation.audit_log.entry import row_leaf_hash
from services.foundation.audit_log.report import FindingKind
from services.foundation.audit_log.rows import row_of_event
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.sealer import Sealer
from services.foundation.audit_log.signed_note import VerifierKey
from services.foundation.audit_log.statements import Checkpoint
from services.foundation.clock import SystemClock
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from services.launcher.ports import free_ports
from services.sealer import sealing
from services.sealer.sealing import Sealing
from services.sealer.server import registrations
from services.sealer.service import SealedRecord
from tests.contract.audit.conftest import NOW, AuditedDatabase
from tests.support import identity
from tests.support.services import RunningService, running
from tests.support.waiting import wait_until

READERS = {Role.AUDITOR, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR}


def size_of(folder: Path) -> int:
    return SealedLog(folder).latest_checkpoint().size if folder.exists() else -1


@pytest.fixture
def sealer(
    audited: AuditedDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[RunningService, Sealing]]:
    """The sealer of one database, named "ledger", with its gRPC server."""
    monkeypatch.setattr(sealing, "INTERVAL_SECONDS", 0.05)
    monkeypatch.setattr(sealing, "_CONTRADICTION_PAUSE_SECONDS", 0.05)
    kept = Sealing(sealing.AuditedDatabase("ledger", audited.owner_url, audited.folder), SystemClock())
    kept.start()
    try:
        with running(registrations(SealedRecord({"ledger": kept}))) as service:
            yield service, kept
    finally:
        kept.stop()


def stub(service: RunningService, principal: Principal = identity.AUDITOR) -> contract.AuditServiceStub:
    return contract.AuditServiceStub(service.channel(principal))


@contextmanager
def refused() -> Iterator[list[XukeError]]:
    errors: list[XukeError] = []
    with pytest.raises(grpc.RpcError) as raised:
        yield errors
    errors.append(from_rpc_error(raised.value))


def test_an_event_is_sealed_by_itself_and_proved(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing]
) -> None:
    service, _ = sealer
    audited.write(7)
    wait_until(lambda: size_of(audited.folder) == 7)
    event_id = audited.events()[4]
    proof = stub(service).GetInclusionProof(
        messages.GetInclusionProofRequest(service="ledger", event_id=str(event_id))
    )

    key = VerifierKey.parse(proof.public_key)
    assert key == SealedLog(audited.folder).verifier_key()
    signed = Checkpoint.parse(key.open(proof.checkpoint.note))
    assert (signed.origin, signed.size) == ("xuke/ledger", proof.checkpoint.size)
    assert signed.root.hex() == proof.checkpoint.root
    with audited.connection() as connection:
        row = row_of_event(connection, event_id)
    assert row is not None
    leaf = row_leaf_hash(row)
    assert leaf.hex() == proof.leaf_hash
    path = [bytes.fromhex(head) for head in proof.path]
    assert merkle.verify_inclusion(leaf, proof.leaf_index, signed.size, path, signed.root)


def test_checkpoints_grow_consistently(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing]
) -> None:
    service, _ = sealer
    audited.write(3)
    wait_until(lambda: size_of(audited.folder) == 3)
    old = stub(service).GetCheckpoint(messages.GetCheckpointRequest(service="ledger"))
    audited.write(4)
    wait_until(lambda: size_of(audited.folder) == 7)
    new = stub(service).GetCheckpoint(messages.GetCheckpointRequest(service="ledger"))
    proof = merkle.consistency_proof(old.size, new.size, SealedLog(audited.folder).node)
    assert merkle.verify_consistency(
        old.size, bytes.fromhex(old.root), new.size, bytes.fromhex(new.root), proof
    )


def test_what_is_unknown_or_not_sealed_is_not_found(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing]
) -> None:
    service, _ = sealer
    wait_until(lambda: size_of(audited.folder) == 0)
    with audited.engine.connect() as open_transaction:
        audited.append(open_transaction, subject="open")
        audited.write(1)  # committed, and not sealed before the open transaction ends
        committed = audited.events()[2]
        asked = [("ledger", committed), ("ledger", uuid4()), ("elsewhere", committed)]
        for name, event_id in asked:
            with refused() as errors:
                stub(service).GetInclusionProof(
                    messages.GetInclusionProofRequest(service=name, event_id=str(event_id))
                )
            assert errors[0].code is ErrorCode.NOT_FOUND
    with refused() as errors:
        stub(service).GetCheckpoint(messages.GetCheckpointRequest(service="elsewhere"))
    assert errors[0].code is ErrorCode.NOT_FOUND


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda principal: principal.role)
def test_who_may_read(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing], principal: Principal
) -> None:
    service, _ = sealer
    audited.write(1)
    wait_until(lambda: size_of(audited.folder) == 1)
    client = stub(service, principal)
    calls = (
        lambda: client.GetCheckpoint(messages.GetCheckpointRequest(service="ledger")),
        lambda: client.GetInclusionProof(
            messages.GetInclusionProofRequest(service="ledger", event_id=str(audited.events()[1]))
        ),
    )
    for call in calls:
        if principal.role in READERS:
            call()
        else:
            with refused() as errors:
                call()
            assert (errors[0].code, errors[0].reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED")


def test_a_request_that_is_not_well_formed_names_its_field(sealer: tuple[RunningService, Sealing]) -> None:
    service, _ = sealer
    with refused() as errors:
        stub(service).GetInclusionProof(messages.GetInclusionProofRequest(service="ledger", event_id="x"))
    assert errors[0].code is ErrorCode.INVALID_ARGUMENT
    assert [violation.field for violation in errors[0].violations] == ["event_id"]


def test_an_altered_event_has_no_proof(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing]
) -> None:
    service, _ = sealer
    audited.write(3)
    wait_until(lambda: size_of(audited.folder) == 3)
    audited.tamper("UPDATE audit_event SET action = 'x' WHERE seq = 2")
    with refused() as errors:
        stub(service).GetInclusionProof(
            messages.GetInclusionProofRequest(service="ledger", event_id=str(audited.events()[2]))
        )
    assert (errors[0].code, errors[0].reason) == (ErrorCode.FAILED_PRECONDITION, "EVENT_NOT_AS_SEALED")


def test_a_contradiction_stops_the_sealing_and_is_said(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing]
) -> None:
    service, kept = sealer
    audited.write(3)
    wait_until(lambda: size_of(audited.folder) == 3)
    lost = audited.events()[3]
    audited.tamper("DELETE FROM audit_event WHERE seq = 3")
    wait_until(lambda: kept.contradiction != "")
    audited.write(1)
    with refused() as errors:
        stub(service).GetCheckpoint(messages.GetCheckpointRequest(service="ledger"))
    assert (errors[0].code, errors[0].reason) == (ErrorCode.FAILED_PRECONDITION, "SEALING_STOPPED")
    assert errors[0].metadata == {"service": "ledger", "cause": "DATABASE_BEHIND_LOG"}
    assert size_of(audited.folder) == 3
    report = audited.verify()
    assert [(finding.kind, finding.event_id) for finding in report.findings] == [
        (FindingKind.EVENT_DELETED, lost)
    ]


def test_a_lost_log_stops_the_sealing_and_is_said(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing]
) -> None:
    service, kept = sealer
    audited.write(2)
    wait_until(lambda: size_of(audited.folder) == 2)
    event = audited.events()[1]
    shutil.rmtree(audited.folder)
    wait_until(lambda: kept.contradiction == "LOG_MISSING")
    asked = (
        lambda: stub(service).GetCheckpoint(messages.GetCheckpointRequest(service="ledger")),
        lambda: stub(service).GetInclusionProof(
            messages.GetInclusionProofRequest(service="ledger", event_id=str(event))
        ),
    )
    for ask in asked:
        with refused() as errors:
            ask()
        assert (errors[0].code, errors[0].reason) == (ErrorCode.FAILED_PRECONDITION, "SEALING_STOPPED")
        assert errors[0].metadata == {"service": "ledger", "cause": "LOG_MISSING"}
    assert not audited.folder.exists()


def test_sealing_goes_on_after_the_database_was_away(
    audited: AuditedDatabase, sealer: tuple[RunningService, Sealing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_PAUSE_SECONDS", 0.05)
    audited.write(2)
    wait_until(lambda: size_of(audited.folder) == 2)
    for _ in range(3):
        audited.tamper(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            f" WHERE datname = '{audited.name}' AND pid <> pg_backend_pid()"
        )
        audited.write(2)
        expected = len(audited.events())
        wait_until(lambda size=expected: size_of(audited.folder) == size)
    assert audited.verify().intact


class SealerProcess:
    """`python -m services.sealer` over the databases it is given."""

    def __init__(self, audited: AuditedDatabase, logs: Path, others: list[AuditedDatabase]) -> None:
        databases = dict(
            zip(("licensing", "classification", "screening", "consultation"), [audited, *others], strict=True)
        )
        self._environment = {
            "PATH": os.environ["PATH"],
            "XUKE_AUDIT_LOG": str(logs),
            "XUKE_SEALER_ADDRESS": f"127.0.0.1:{free_ports(1)[0]}",
            "XUKE_ISSUER_URL": "http://127.0.0.1:1",
        } | {
            f"XUKE_{service.upper()}_OWNER_DATABASE_URL": database.owner_url
            for service, database in databases.items()
        }

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "services.sealer"], env=self._environment)

    def act(self, command: str, service: str) -> int:
        done = subprocess.run(
            [sys.executable, "-m", "services.sealer", command, service],
            env=self._environment,
            check=False,
        )
        return done.returncode


def test_a_killed_sealer_loses_nothing_and_doubles_nothing(audited: AuditedDatabase, tmp_path: Path) -> None:
    others = [audited.copy() for _ in range(3)]
    logs = tmp_path / "logs"
    program = SealerProcess(audited, logs, others)
    audited.folder = logs / "licensing"
    written = 0
    for number in range(3):
        process = program.start()
        audited.write(40)
        written += 40
        if number:
            # While it is at work: some of what was written is sealed, most likely not all.
            wait_until(lambda least=written - 39: size_of(audited.folder) >= least)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=20)
        audited.write(5)
        written += 5
    process = program.start()
    wait_until(lambda: size_of(audited.folder) == written)
    wait_until(
        lambda: all(size_of(logs / name) == 0 for name in ("classification", "screening", "consultation"))
    )
    report = audited.verify()
    assert (report.intact, report.matched, report.unsealed) == (True, written, 0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0


def seal_as_licensing(audited: AuditedDatabase) -> None:
    sealer = Sealer(audited.folder, "xuke/licensing", audited.connection(), NOW)
    assert sealer.seal(NOW) is not None
    sealer.close()


def test_an_operator_opens_an_epoch_beside_the_running_sealer(
    audited: AuditedDatabase, tmp_path: Path
) -> None:
    others = [audited.copy() for _ in range(3)]
    logs = tmp_path / "logs"
    audited.folder = logs / "licensing"
    logs.mkdir()
    audited.write(3)
    seal_as_licensing(audited)
    older = audited.copy()
    audited.write(2)
    seal_as_licensing(audited)

    program = SealerProcess(older, logs, others)
    process = program.start()
    try:
        older.write(4)
        assert program.act("open-epoch", "licensing") == 0
        older.write(1)
        wait_until(lambda: size_of(older.folder) == 5 + 4 + 1)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    report = older.verify()
    assert {finding.kind for finding in report.findings} == {FindingKind.EVENT_DELETED}
    assert (len(report.findings), report.matched) == (2, 8)


def test_an_operator_begins_a_new_log_beside_the_running_sealer(
    audited: AuditedDatabase, tmp_path: Path
) -> None:
    others = [audited.copy() for _ in range(3)]
    logs = tmp_path / "logs"
    audited.folder = logs / "licensing"
    logs.mkdir()
    audited.write(3)
    seal_as_licensing(audited)
    program = SealerProcess(audited, logs, others)
    assert program.act("new-log", "licensing") == 1
    shutil.rmtree(audited.folder)
    process = program.start()
    try:
        assert program.act("new-log", "licensing") == 0
        audited.write(1)
        wait_until(lambda: size_of(audited.folder) == 4)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert audited.verify().intact
