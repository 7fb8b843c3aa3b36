"""The sealer over a real database: what it seals, what it waits for, and when it refuses."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from services.foundation.audit_log.log_writer import LogInUse, LogWriter
from services.foundation.audit_log.proof import check_inclusion, prove_inclusion
from services.foundation.audit_log.report import FindingKind
from services.foundation.audit_log.rows import row_of_event
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.sealer import Refusal, Sealer, SealingRefused, start_new_log
from services.launcher.postgres import EmbeddedPostgres
from tests.contract.audit.conftest import NOW, ORIGIN, AuditedDatabase, provision


def test_events_are_sealed_and_proved(audited: AuditedDatabase) -> None:
    audited.write(5)
    first = audited.seal()
    assert first is not None
    assert first.size == 5
    audited.write(3)
    second = audited.seal()
    assert second is not None
    assert second.size == 8
    assert audited.seal() is None, "a checkpoint is signed only for something new"
    audited.write(2)

    report = audited.verify()
    assert report.intact
    assert (report.origin, report.size, report.matched, report.unsealed) == (ORIGIN, 8, 8, 2)
    assert report.root == second.root.hex()
    assert report.checkpoints == 3

    log = SealedLog(audited.folder)
    events = audited.events()
    with audited.connection() as connection:
        for seq, event_id in events.items():
            row = row_of_event(connection, event_id)
            assert row is not None
            proof = prove_inclusion(log, row)
            if seq > 8:
                assert proof is None
            else:
                assert proof is not None
                assert check_inclusion(proof, row, log.verifier_key())


def test_an_empty_database_is_intact(audited: AuditedDatabase) -> None:
    assert audited.seal() is None
    report = audited.verify()
    assert (report.intact, report.size, report.matched) == (True, 0, 0)


def test_a_late_committer_with_a_lower_sequence_is_not_lost(audited: AuditedDatabase) -> None:
    sealer = audited.sealer()
    audited.write(1)
    assert sealer.seal(NOW) is not None
    with audited.engine.connect() as late:
        audited.append(late, subject="late")
        audited.write(2)
        assert sealer.seal(NOW) is None, "nothing is sealed past a transaction that is still open"
        assert audited.verify().unsealed == 2
        late.commit()
    checkpoint = sealer.seal(NOW)
    sealer.close()
    assert checkpoint is not None
    assert checkpoint.size == 4
    assert audited.verify().intact


def test_an_older_transaction_with_a_higher_sequence_keeps_its_place(audited: AuditedDatabase) -> None:
    sealer = audited.sealer()
    with audited.engine.connect() as old, audited.engine.connect() as young:
        for connection in (old, young):
            connection.execute(text("SELECT pg_current_xact_id()"))
        audited.append(young, subject="young")
        young.commit()
        audited.append(old, subject="old")
        old.commit()
    assert sealer.seal(NOW) is not None
    audited.write(1)
    assert sealer.seal(NOW) is not None
    sealer.close()
    order = [int.from_bytes(entry[8:16]) for entry in SealedLog(audited.folder).entries(0, 3)]
    assert order == [2, 1, 3]
    assert audited.verify().intact


def test_a_rolled_back_transaction_leaves_a_gap_and_no_finding(audited: AuditedDatabase) -> None:
    with audited.engine.connect() as connection:
        audited.append(connection)
        connection.rollback()
    audited.write(2)
    assert audited.seal() is not None
    assert sorted(audited.events()) == [2, 3]
    assert audited.verify().intact


def test_a_long_backlog_is_sealed_in_steps(audited: AuditedDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.foundation.audit_log.sealer.ROWS_PER_CHECKPOINT", 4)
    with audited.engine.begin() as connection:
        for _ in range(10):
            audited.append(connection)
    sealer = audited.sealer()
    sizes = [checkpoint.size for _ in range(3) if (checkpoint := sealer.seal(NOW))]
    assert sealer.seal(NOW) is None
    sealer.close()
    assert sizes == [4, 8, 10]
    assert audited.verify().intact


def test_one_sealer_per_database(audited: AuditedDatabase, tmp_path: Path) -> None:
    sealer = audited.sealer()
    with audited.connection() as connection, pytest.raises(SealingRefused) as refused:
        Sealer(tmp_path / "elsewhere", ORIGIN, connection, NOW)
    assert refused.value.reason is Refusal.ANOTHER_SEALER
    assert not (tmp_path / "elsewhere").exists()
    with pytest.raises(LogInUse):
        LogWriter(audited.folder)
    sealer.close()
    audited.sealer().close()


def test_a_sealer_that_died_between_append_and_checkpoint(audited: AuditedDatabase) -> None:
    audited.write(3)
    assert audited.seal() is not None
    with (audited.folder / "entries").open("ab") as file:
        file.write(b"left over from a crash" * 4)
    audited.write(2)
    checkpoint = audited.seal()
    assert checkpoint is not None
    assert checkpoint.size == 5
    assert audited.verify().intact


def test_verification_while_the_sealer_goes_on(audited: AuditedDatabase) -> None:
    sealer = audited.sealer()
    for size in range(1, 6):
        audited.write(1)
        assert sealer.seal(NOW) is not None
        report = audited.verify()
        assert (report.intact, report.size) == (True, size)
    sealer.close()


def test_the_sealer_refuses_a_database_that_lost_its_last_sealed_event(audited: AuditedDatabase) -> None:
    audited.write(3)
    assert audited.seal() is not None
    audited.tamper("DELETE FROM audit_event WHERE seq = 3")
    audited.write(1)
    with pytest.raises(SealingRefused) as refused:
        audited.seal()
    assert refused.value.reason is Refusal.DATABASE_BEHIND_LOG


def test_a_new_epoch_only_after_something_was_restored(audited: AuditedDatabase) -> None:
    audited.write(1)
    assert audited.seal() is not None
    sealer = audited.sealer()
    with pytest.raises(SealingRefused) as refused:
        sealer.open_epoch(NOW)
    sealer.close()
    assert refused.value.reason is Refusal.NOTHING_RESTORED


def test_after_an_older_copy_the_log_goes_on_and_still_names_what_was_lost(audited: AuditedDatabase) -> None:
    audited.write(3)
    assert audited.seal() is not None
    copy = audited.copy()
    audited.write(2)
    assert audited.seal() is not None
    lost = [event for seq, event in audited.events().items() if seq > 3]

    copy.write(4)  # takes sequences 4 and 5 again
    with pytest.raises(SealingRefused) as refused:
        copy.seal()
    assert refused.value.reason is Refusal.DATABASE_BEHIND_LOG
    sealer = copy.sealer()
    epoch = sealer.open_epoch(NOW)
    assert (epoch.number, epoch.leftovers_from, epoch.first_index, epoch.after_seq) == (1, 5, 9, 7)
    copy.write(2)
    assert sealer.seal(NOW) is not None
    sealer.close()
    report = copy.verify()
    assert [(finding.kind, finding.event_id) for finding in report.findings] == [
        (FindingKind.EVENT_DELETED, event) for event in lost
    ]
    assert (report.matched, report.size) == (9, 11)


def test_a_dump_restored_into_another_cluster_goes_on_in_a_new_epoch(
    audited: AuditedDatabase, second_cluster: Callable[[], EmbeddedPostgres]
) -> None:
    with audited.superuser() as connection:
        for _ in range(3000):  # so that the ids of the new cluster are lower than those that were sealed
            connection.execute("SELECT pg_current_xact_id()")
    audited.write(4)
    assert audited.seal() is not None
    audited.write(2)  # not sealed before the dump was taken
    other = second_cluster()
    provision(other)
    restored = AuditedDatabase(other, "restored", audited.folder)
    with other.connect() as connection:
        connection.execute("CREATE DATABASE restored OWNER xuke_ledger_owner")
    dump = subprocess.run(
        [
            audited.cluster.binaries / "pg_dump",
            "--dbname",
            audited.cluster.url(audited.name).replace("+psycopg", ""),
        ],
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [
            other.binaries / "psql",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            other.url("restored").replace("+psycopg", ""),
        ],
        check=True,
        capture_output=True,
        input=dump.stdout,
    )

    with pytest.raises(SealingRefused) as refused:
        restored.seal()
    assert refused.value.reason is Refusal.OTHER_CLUSTER
    sealer = restored.sealer()
    epoch = sealer.open_epoch(NOW)
    assert (epoch.leftovers_from, epoch.first_index, epoch.after_seq) == (4, 6, 6)
    restored.write(3)
    checkpoint = sealer.seal(NOW)
    sealer.close()
    assert checkpoint is not None
    assert checkpoint.size == 9
    log = SealedLog(restored.folder)
    assert log.entry(6)[:8] < log.entry(5)[:8], "the transaction ids began anew"
    report = restored.verify()
    assert (report.intact, report.matched, report.unsealed) == (True, 9, 0)

    last = max(restored.events())
    restored.tamper(f"UPDATE audit_event SET action = 'other' WHERE seq IN (2, 6, {last})")
    assert [(finding.kind, finding.index, finding.seq) for finding in restored.verify().findings] == [
        (FindingKind.EVENT_ALTERED, 1, 2),
        (FindingKind.EVENT_ALTERED, 5, 6),
        (FindingKind.EVENT_ALTERED, 8, last),
    ]


def reason_of(act: Callable[[], object]) -> Refusal:
    with pytest.raises(SealingRefused) as refused:
        act()
    return refused.value.reason


def test_a_first_log_takes_the_events_that_were_there_before_it(audited: AuditedDatabase) -> None:
    audited.write(3)
    checkpoint = audited.seal()
    assert checkpoint is not None
    assert checkpoint.size == 3


@pytest.mark.parametrize("written", [0, 3], ids=["nothing sealed yet", "events sealed"])
def test_a_log_that_is_gone_is_not_made_anew_unasked(audited: AuditedDatabase, written: int) -> None:
    audited.write(written)
    audited.seal()
    shutil.rmtree(audited.folder)
    assert reason_of(audited.seal) is Refusal.LOG_MISSING
    assert not audited.folder.exists()


def test_a_log_that_goes_away_under_its_sealer_is_missed(audited: AuditedDatabase) -> None:
    sealer = audited.sealer()
    audited.folder.rename(audited.folder.with_name("moved"))
    audited.write(1)
    assert reason_of(lambda: sealer.seal(NOW)) is Refusal.LOG_MISSING
    sealer.close()
    audited.folder.with_name("moved").rename(audited.folder)
    assert audited.seal() is not None
    assert audited.verify().intact


def test_another_log_is_not_taken_for_that_of_the_database(audited: AuditedDatabase) -> None:
    audited.write(2)
    audited.seal()
    audited.folder.rename(audited.folder.with_name("moved"))
    other = audited.copy()
    other.tamper("DELETE FROM audit_log_identity")
    assert other.seal() is not None
    assert reason_of(audited.seal) is Refusal.OTHER_LOG
    shutil.rmtree(audited.folder)
    audited.folder.with_name("moved").rename(audited.folder)
    audited.write(1)
    assert audited.seal() is not None


def test_a_new_log_only_for_one_that_is_lost(audited: AuditedDatabase) -> None:
    audited.write(2)
    audited.seal()
    old_key = SealedLog(audited.folder).verifier_key()

    def renew() -> None:
        with audited.connection() as connection:
            start_new_log(audited.folder, ORIGIN, connection, NOW)

    assert reason_of(renew) is Refusal.LOG_NOT_LOST
    shutil.rmtree(audited.folder)
    renew()
    audited.write(1)
    checkpoint = audited.seal()
    assert checkpoint is not None
    assert checkpoint.size == 3
    assert SealedLog(audited.folder).verifier_key() != old_key
    assert audited.verify().intact


def test_a_log_from_before_databases_knew_theirs_is_taken_as_theirs(audited: AuditedDatabase) -> None:
    audited.write(1)
    audited.seal()
    audited.tamper("DELETE FROM audit_log_identity")
    audited.write(1)
    assert audited.seal() is not None
    shutil.rmtree(audited.folder)
    assert reason_of(audited.seal) is Refusal.LOG_MISSING
