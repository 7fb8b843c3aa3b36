"""The files of a log: what a crash leaves behind, what only tampering leaves behind, and proofs."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.foundation.audit_log.entry import AuditRow, Entry, entry_bytes
from services.foundation.audit_log.log_check import LogCheck, check_log
from services.foundation.audit_log.log_writer import LogInUse, LogWriter, create_log
from services.foundation.audit_log.proof import NotAsSealed, check_inclusion, prove_inclusion
from services.foundation.audit_log.report import FindingKind
from services.foundation.audit_log.sealed_log import LogDamaged, SealedLog
from services.foundation.audit_log.signed_note import InvalidNote, SigningKey
from services.foundation.audit_log.statements import Checkpoint, Epoch
from services.foundation.merkle import CompactRange, leaf_hash

NOW = datetime(2026, 11, 21, 10, 44, 59, tzinfo=UTC)
ORIGIN = "xuke/test"


def row(number: int, xid: int | None = None) -> AuditRow:
    event_id = str(UUID(int=number))
    instant = "2026-11-21T10:44:59.000000Z"
    xid_text = str(1000 + number if xid is None else xid)
    return (number, xid_text, event_id, instant, "s", "r", "o", "a", "t", "i", number, "{}", "")


def entries(begin: int, end: int) -> list[bytes]:
    return [entry_bytes(row(number)) for number in range(begin, end)]


def root(items: list[bytes]) -> bytes:
    tree = CompactRange()
    for item in items:
        tree.append(leaf_hash(item))
    return tree.root()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of three checkpoints: nothing, five entries, twelve entries."""
    folder = tmp_path / "logs" / "test"
    create_log(folder, ORIGIN, "cluster-1", NOW)
    writer = LogWriter(folder)
    writer.append(entries(1, 6), NOW + timedelta(seconds=1))
    writer.append(entries(6, 13), NOW + timedelta(seconds=2))
    writer.close()
    return folder


def checked(folder: Path, witness: Checkpoint | None = None) -> LogCheck:
    log = SealedLog(folder)
    return check_log(log, log.verifier_key(), witness)


def kinds(check: LogCheck) -> list[FindingKind]:
    return [finding.kind for finding in check.findings]


def test_a_log_says_what_was_put_in(folder: Path) -> None:
    log = SealedLog(folder)
    latest = log.latest_checkpoint()
    assert latest == Checkpoint(ORIGIN, 12, root(entries(1, 13)), NOW + timedelta(seconds=2))
    assert list(log.entries(0, 12)) == entries(1, 13)
    assert list(log.entries(3, 5)) == entries(4, 6)
    assert log.epochs() == [Epoch(ORIGIN, 0, "cluster-1", 0, 0, 0, NOW)]
    check = checked(folder)
    assert (check.findings, check.checkpoints, check.present) == ([], 3, 12)


def test_a_new_log_is_whole_or_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "test"
    create_log(folder, ORIGIN, "cluster-1", NOW)
    assert checked(folder).findings == []
    assert (folder / "signing_key").stat().st_mode & 0o777 == 0o600
    before = SealedLog(folder).verifier_key()
    with pytest.raises(OSError, match="not empty"):
        create_log(folder, ORIGIN, "cluster-1", NOW)
    assert SealedLog(folder).verifier_key() == before
    assert [path.name for path in tmp_path.iterdir()] == ["test"]


def test_one_writer_at_a_time(folder: Path) -> None:
    writer = LogWriter(folder)
    with pytest.raises(LogInUse):
        LogWriter(folder)
    writer.close()
    LogWriter(folder).close()


def cut(name: str, length: int) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / name, (folder / name).stat().st_size - length)


def extend(name: str, data: bytes) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.write(data)

    return apply


def flip(name: str, offset: int) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        data = bytearray((folder / name).read_bytes())
        data[offset] ^= 1
        (folder / name).write_bytes(data)

    return apply


@pytest.mark.parametrize(
    "crash",
    [
        extend("entries", entries(13, 14)[0]),
        extend("entries", entries(13, 14)[0][:17]),
        extend("subtrees", b"x" * 40),
        extend("checkpoints", b"xuke/test\n13\n"),
        extend("checkpoints", "xuke/test\n13\nroot\nsealed\n\n— xuke/te".encode()[:-3]),
        extend("epochs", b"xuke/test/epoch\n1\n"),
        cut("subtrees", 32),
        cut("subtrees", 7),
        flip("subtrees", -1),
    ],
)
def test_after_a_crash_the_log_goes_on_from_its_last_checkpoint(
    folder: Path, crash: Callable[[Path], None]
) -> None:
    crash(folder)
    writer = LogWriter(folder)
    writer.append(entries(13, 20), NOW)
    writer.close()
    check = checked(folder)
    assert (check.findings, check.size) == ([], 19)
    assert SealedLog(folder).latest_checkpoint().root == root(entries(1, 20))


def test_a_checkpoint_torn_anywhere_is_dropped(folder: Path, tmp_path: Path) -> None:
    notes = list(SealedLog(folder).checkpoint_notes())
    last = notes[-1].encode()
    for length in range(1, len(last) + 1):
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        cut("checkpoints", length)(copy)
        writer = LogWriter(copy)
        assert writer.checkpoint.size == 5
        writer.append(entries(6, 9), NOW)
        writer.close()
        check = checked(copy)
        assert (check.findings, check.size, check.present) == ([], 8, 8)
        shutil.rmtree(copy)


def test_a_log_longer_than_the_tail_that_is_read(folder: Path) -> None:
    writer = LogWriter(folder)
    for number in range(13, 60):
        writer.append(entries(number, number + 1), NOW)
    writer.close()
    assert (folder / "checkpoints").stat().st_size > 2 * 4096
    extend("checkpoints", b"torn")(folder)
    writer = LogWriter(folder)
    assert writer.checkpoint.size == 59
    writer.close()
    check = checked(folder)
    assert (check.findings, check.checkpoints) == ([], 50)


def emptied(name: str) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / name, 0)


def altered_entry_without_subtrees(folder: Path) -> None:
    flip("entries", 3 * 64 + 40)(folder)
    emptied("subtrees")(folder)


@pytest.mark.parametrize(
    "tamper",
    [
        cut("entries", 64),
        cut("entries", 1),
        altered_entry_without_subtrees,
        flip("checkpoints", -20),
        emptied("checkpoints"),
        extend("checkpoints", b"x" * 5000),
        flip("epochs", 20),
        flip("verifier_key", -10),
    ],
)
def test_the_sealer_does_not_go_on_with_a_log_that_contradicts_itself(
    folder: Path, tamper: Callable[[Path], None]
) -> None:
    tamper(folder)
    with pytest.raises((LogDamaged, InvalidNote)):
        LogWriter(folder)


def test_another_key_in_the_place_of_the_signing_key_is_refused(folder: Path) -> None:
    (folder / "signing_key").unlink()
    SigningKey.create(ORIGIN, folder / "signing_key")
    with pytest.raises(LogDamaged):
        LogWriter(folder)


def test_an_altered_entry_is_between_two_roots(folder: Path) -> None:
    flip("entries", 7 * 64 + 40)(folder)
    finding = checked(folder).findings[0]
    assert (finding.kind, finding.index) == (FindingKind.ENTRIES_FORGED, 5)
    assert finding.details["through"] == "11"


def test_a_shortened_log_is_truncated(folder: Path) -> None:
    cut("entries", 64 * 3)(folder)
    check = checked(folder)
    assert kinds(check) == [FindingKind.ENTRIES_TRUNCATED]
    assert (check.findings[0].index, check.present) == (5, 9)


def test_damaged_subtrees_only_hurt_proofs(folder: Path) -> None:
    flip("subtrees", 5)(folder)
    assert kinds(checked(folder)) == [FindingKind.SUBTREES_DAMAGED]


def test_a_forged_checkpoint_is_named(folder: Path, tmp_path: Path) -> None:
    forged = Checkpoint(ORIGIN, 12, b"f" * 32, NOW)
    forger = SigningKey.create(ORIGIN, tmp_path / "forger")
    extend("checkpoints", forger.sign(forged.text()).encode())(folder)
    check = checked(folder)
    assert kinds(check) == [FindingKind.CHECKPOINT_FORGED]
    assert check.findings[0].details["checkpoint"] == "3"
    assert check.size == 12


def test_checkpoints_signed_by_the_sealer_itself_must_agree_with_the_entries(folder: Path) -> None:
    key = SigningKey.load(ORIGIN, folder / "signing_key")
    extend("checkpoints", key.sign(Checkpoint(ORIGIN, 12, b"f" * 32, NOW).text()).encode())(folder)
    assert kinds(checked(folder)) == [FindingKind.ENTRIES_FORGED]


@pytest.mark.parametrize(
    "odd", [Checkpoint("xuke/other", 12, b"f" * 32, NOW), Checkpoint(ORIGIN, 5, b"f" * 32, NOW)]
)
def test_a_checkpoint_of_another_log_or_a_shrinking_one_is_forged(folder: Path, odd: Checkpoint) -> None:
    key = SigningKey.load(ORIGIN, folder / "signing_key")
    extend("checkpoints", key.sign(odd.text()).encode())(folder)
    assert kinds(checked(folder)) == [FindingKind.CHECKPOINT_FORGED]


def test_a_forged_epoch_is_named(folder: Path) -> None:
    flip("epochs", 20)(folder)
    assert kinds(checked(folder)) == [FindingKind.EPOCH_FORGED] * 2


def rewritten(folder: Path, replaced: int, size: int) -> None:
    """What whoever holds the signing key can do: the same log with one other entry."""
    items = entries(1, size + 1)
    items[replaced] = entry_bytes(row(99))
    key = (folder / "signing_key").read_bytes()
    verifier = (folder / "verifier_key").read_bytes()
    shutil.rmtree(folder)
    create_log(folder, ORIGIN, "cluster-1", NOW)
    (folder / "signing_key").write_bytes(key)
    (folder / "verifier_key").write_bytes(verifier)
    loaded = SigningKey.load(ORIGIN, folder / "signing_key")
    first = Epoch(ORIGIN, 0, "cluster-1", 0, 0, 0, NOW)
    (folder / "epochs").write_text(loaded.sign(first.text()), encoding="utf-8")
    nothing = Checkpoint(ORIGIN, 0, root([]), NOW)
    (folder / "checkpoints").write_text(loaded.sign(nothing.text()), encoding="utf-8")
    writer = LogWriter(folder)
    writer.append(items, NOW)
    writer.close()


def test_a_kept_checkpoint_shows_a_log_written_anew(folder: Path) -> None:
    witness = Checkpoint(ORIGIN, 5, root(entries(1, 6)), NOW)
    assert checked(folder, witness).findings == []
    rewritten(folder, replaced=7, size=12)
    assert checked(folder, witness).findings == []
    rewritten(folder, replaced=3, size=12)
    assert checked(folder).findings == []
    assert kinds(checked(folder, witness)) == [FindingKind.LOG_REWRITTEN]


def test_a_kept_checkpoint_shows_a_log_cut_back_with_its_checkpoints(folder: Path) -> None:
    witness = SealedLog(folder).latest_checkpoint()
    notes = list(SealedLog(folder).checkpoint_notes())
    cut("checkpoints", len(notes[-1].encode()))(folder)
    LogWriter(folder).close()
    assert checked(folder).findings == []
    assert kinds(checked(folder, witness)) == [FindingKind.LOG_REWRITTEN]


def test_every_event_has_a_proof_that_only_its_own_row_fits(folder: Path) -> None:
    log, key = SealedLog(folder), SealedLog(folder).verifier_key()
    for number in range(1, 13):
        proof = prove_inclusion(log, row(number))
        assert proof is not None
        assert proof.index == number - 1
        assert check_inclusion(proof, row(number), key)
        assert not check_inclusion(proof, row(number % 12 + 1), key)
        altered = (*row(number)[:11], '{"x":1}', "")
        assert not check_inclusion(proof, altered, key)
        with pytest.raises(NotAsSealed):
            prove_inclusion(log, altered)
    assert prove_inclusion(log, row(13)) is None


def test_leftovers_of_an_epoch_are_out_of_order_and_still_proved(folder: Path) -> None:
    writer = LogWriter(folder)
    leftovers = [entry_bytes(row(20, xid=1001)), entry_bytes(row(21, xid=1002))]
    epoch = writer.open_epoch("cluster-2", leftovers, 30, NOW)
    assert (epoch.number, epoch.leftovers_from, epoch.first_index, epoch.after_seq) == (1, 12, 14, 30)
    writer.append([entry_bytes(row(31, xid=5))], NOW)
    writer.close()
    assert checked(folder).findings == []
    key = SealedLog(folder).verifier_key()
    for index, event in ((12, row(20, xid=1001)), (14, row(31, xid=5)), (0, row(1))):
        proof = prove_inclusion(SealedLog(folder), event)
        assert proof is not None
        assert proof.index == index
        assert check_inclusion(proof, event, key)
    assert Entry.of_bytes(SealedLog(folder).entry(14)).seq == 31


def test_an_epoch_whose_leftovers_were_not_sealed_is_dropped(folder: Path) -> None:
    copy = folder.with_name("before")
    shutil.copytree(folder, copy)
    writer = LogWriter(folder)
    writer.open_epoch("cluster-2", [entry_bytes(row(20))], 30, NOW)
    writer.close()
    shutil.copy(folder / "epochs", copy / "epochs")
    writer = LogWriter(copy)
    assert [epoch.number for epoch in writer.epochs] == [0]
    writer.open_epoch("cluster-2", [entry_bytes(row(20))], 30, NOW)
    writer.close()
    assert checked(copy).findings == []
    assert [epoch.number for epoch in SealedLog(copy).epochs()] == [0, 1]
