"""Entries, signed notes and statements: one spelling each, and nothing else passes."""

import base64
import dataclasses
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.audit_log.entry import (
    AuditRow,
    Entry,
    canonical_bytes,
    entry_bytes,
    entry_position,
    row_leaf_hash,
)
from services.foundation.audit_log.signed_note import InvalidNote, SigningKey, VerifierKey, split_notes
from services.foundation.audit_log.statements import Checkpoint, Epoch
from services.foundation.clock import SHANGHAI
from services.foundation.ledger import canonical_json

NOW = datetime(2026, 11, 21, 10, 44, 59, 123456, tzinfo=UTC)
COLUMNS = (
    "seq",
    "xid",
    "event_id",
    "occurred_at",
    "actor_subject",
    "actor_role",
    "actor_organisation",
    "action",
    "subject_type",
    "subject_id",
    "subject_sequence",
    "payload",
    "trace_id",
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
ROWS: st.SearchStrategy[AuditRow] = st.tuples(
    st.integers(1, 2**63 - 1),
    st.integers(0, 2**64 - 1).map(str),
    st.uuids().map(str),
    st.datetimes().map(lambda value: value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
    *[TEXTS] * 6,
    st.integers(1, 2**63 - 1),
    TEXTS,
    TEXTS,
)


@given(ROWS)
def test_an_event_is_spelt_as_the_ledger_spells_json(row: AuditRow) -> None:
    spelt = canonical_bytes(row)
    assert spelt == canonical_json(dict(zip(COLUMNS, row, strict=True))).encode()
    assert json.loads(spelt) == dict(zip(COLUMNS, row, strict=True))


@given(ROWS)
def test_an_entry_says_which_event_it_is(row: AuditRow) -> None:
    data = entry_bytes(row)
    entry = Entry.of_bytes(data)
    assert len(data) == 64
    assert (str(entry.xid), entry.seq, entry.event_id) == (row[1], row[0], UUID(row[2]))
    assert entry.digest == hashlib.sha256(canonical_bytes(row)).digest()
    assert entry.to_bytes() == data
    assert entry_position(data) == entry.position
    assert row_leaf_hash(row) == hashlib.sha256(b"\x00" + data).digest()


@given(ROWS, ROWS)
def test_entries_order_as_their_positions(one: AuditRow, other: AuditRow) -> None:
    assert (entry_bytes(one)[:16] < entry_bytes(other)[:16]) is (
        (int(one[1]), one[0]) < (int(other[1]), other[0])
    )


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey.create("xuke/licensing", tmp_path / "key")


def test_a_note_opens_with_its_key_only(key: SigningKey, tmp_path: Path) -> None:
    note = key.sign("xuke/licensing\n12\nroot\n")
    assert key.verifier.open(note) == "xuke/licensing\n12\nroot\n"
    other = SigningKey.create("xuke/licensing", tmp_path / "other")
    with pytest.raises(InvalidNote):
        other.verifier.open(note)
    namesake = SigningKey.create("xuke/screening", tmp_path / "namesake")
    with pytest.raises(InvalidNote):
        namesake.verifier.open(note)


def test_a_note_is_laid_out_as_c2sp_says(key: SigningKey) -> None:
    text, signature_line = key.sign("line\n").split("\n\n")
    assert text == "line"
    assert signature_line.startswith("— xuke/licensing ")
    decoded = base64.b64decode(signature_line.split(" ")[2])
    material = b"\x01" + key.verifier.public_key
    assert decoded[:4] == hashlib.sha256(b"xuke/licensing\n" + material).digest()[:4]
    assert len(decoded) == 4 + 64


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("12", "13"),
        lambda note: note.replace("— xuke/licensing", "— xuke/screening"),
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("—", "-"),
        lambda note: note[:-5] + "!!!!\n",
        lambda note: note[:-9] + "AAA=\n",
        lambda note: "more\n" + note,
        lambda note: "",
        lambda note: "\udcff" + note,
    ],
)
def test_a_changed_note_does_not_open(key: SigningKey, spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(InvalidNote):
        key.verifier.open(spoil(key.sign("xuke/licensing\n12\nroot\n")))


def test_what_cannot_be_a_note_is_not_signed(key: SigningKey) -> None:
    for text in ("no line break", "two\n\nparts\n"):
        with pytest.raises(ValueError):
            key.sign(text)


def test_a_verifier_key_is_read_back_and_checked(key: SigningKey) -> None:
    text = str(key.verifier)
    assert VerifierKey.parse(f"{text}\n") == key.verifier
    name, key_id, encoded = text.split("+", 2)
    for wrong in (
        "",
        f"{name}+00000000+{encoded}",
        f"{name}+{key_id}+AAAA",
        f"{name}+{key_id}",
        f"{name}+{key_id}+!",
    ):
        with pytest.raises(InvalidNote):
            VerifierKey.parse(wrong)


def test_a_private_key_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "key"
    made = SigningKey.create("a", file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load("a", file).verifier == made.verifier
    with pytest.raises(FileExistsError):
        SigningKey.create("a", file)
    file.chmod(0o640)
    with pytest.raises(PermissionError):
        SigningKey.load("a", file)
    with pytest.raises(ValueError):
        SigningKey.create("two words", tmp_path / "no")


def test_notes_are_split_and_a_torn_one_is_left_out(key: SigningKey) -> None:
    notes = [key.sign(f"{number}\n") for number in range(3)]
    whole = "".join(notes)
    assert list(split_notes(whole)) == notes
    for cut in range(len(notes[2])):
        assert list(split_notes(notes[0] + notes[1] + notes[2][:cut])) == notes[:2]


CHECKPOINT = Checkpoint("xuke/licensing", 12, b"r" * 32, NOW)
EPOCH = Epoch("xuke/licensing", 1, "7710578334817348666", 10, 12, 40, NOW)


def test_statements_are_read_back() -> None:
    assert CHECKPOINT.text().splitlines() == [
        "xuke/licensing",
        "12",
        base64.b64encode(b"r" * 32).decode(),
        "sealed 2026-11-21T10:44:59.123456Z",
    ]
    assert Checkpoint.parse(CHECKPOINT.text()) == CHECKPOINT
    assert Epoch.parse(EPOCH.text()) == EPOCH
    east = dataclasses.replace(CHECKPOINT, sealed_at=NOW.astimezone(SHANGHAI))
    assert east.text() == CHECKPOINT.text()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12\n", "012\n"),
        ("12\n", "+12\n"),
        ("12\n", "-1\n"),
        ("12\n", "\n"),
        ("Z", ""),
        ("sealed ", ""),
        ("xuke", "x\nuke"),
    ],
)
def test_another_spelling_is_not_a_checkpoint(old: str, new: str) -> None:
    text = CHECKPOINT.text().replace(old, new, 1)
    with pytest.raises(InvalidNote):
        Checkpoint.parse(text)


@given(st.text(max_size=80))
def test_any_text_is_a_statement_or_refused(text: str) -> None:
    for kind in (Checkpoint, Epoch):
        with pytest.raises(InvalidNote):
            kind.parse(text)


@given(
    st.integers(0, 2**63), st.binary(min_size=32, max_size=32), st.timedeltas(timedelta(0), timedelta(36500))
)
def test_every_checkpoint_is_read_back(size: int, root: bytes, later: timedelta) -> None:
    checkpoint = Checkpoint("xuke/licensing", size, root, NOW + later)
    assert Checkpoint.parse(checkpoint.text()) == checkpoint
