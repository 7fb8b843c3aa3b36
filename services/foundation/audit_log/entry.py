"""One audit event as the sealed log keeps it.

An entry is 64 bytes: the transaction id and the sequence that order it, the event's id, and the SHA-256
of its canonical form. The entry, not the row, is the leaf of the Merkle tree: the log can so name an
event whose row is gone, and cannot be made to name another.
"""

import hashlib
import struct
from dataclasses import dataclass
from json import JSONEncoder
from typing import Final, TypeAlias
from uuid import UUID

from services.foundation.merkle import leaf_hash

ENTRY_SIZE: Final = 64

_LAYOUT: Final = struct.Struct(">QQ16s32s")
_POSITION: Final = struct.Struct(">QQ")
_quote: Final = JSONEncoder(ensure_ascii=False).encode

Position: TypeAlias = tuple[int, int]
"""Where an event stands in the order of sealing: transaction id, then sequence."""

AuditRow: TypeAlias = tuple[int, str, str, str, str, str, str, str, str, str, int, str, str]
"""The columns of an audit event in the order of `ROW_COLUMNS`."""

# Text is made by the database where the driver would make slower objects. The transaction id is renamed,
# because ordering by a column of the result called xid would order by its text.
ROW_COLUMNS: Final = (
    "seq, xid::text AS transaction_id, event_id::text AS event,"
    " to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS instant,"
    " actor_subject, actor_role, actor_organisation, action, subject_type, subject_id, subject_sequence,"
    " payload, trace_id"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry taken apart."""

    xid: int
    seq: int
    event_id: UUID
    digest: bytes

    @property
    def position(self) -> Position:
        """Where the event stands in the order of sealing."""
        return self.xid, self.seq

    @classmethod
    def of_bytes(cls, data: bytes) -> "Entry":
        """Takes apart the 64 bytes of an entry."""
        xid, seq, event_id, digest = _LAYOUT.unpack(data)
        return cls(xid, seq, UUID(bytes=event_id), digest)

    def to_bytes(self) -> bytes:
        """The 64 bytes of the entry."""
        return _LAYOUT.pack(self.xid, self.seq, self.event_id.bytes, self.digest)


def canonical_bytes(row: AuditRow) -> bytes:
    """The one spelling of an audit event: JSON in UTF-8, sorted keys, no spaces, instants in UTC.

    The transaction id is text, since it may exceed what JSON numbers carry safely. Written out by hand
    because this runs for every event at every verification; it is the same text that the JSON encoder
    gives with sorted keys.
    """
    (
        seq,
        xid,
        event_id,
        occurred_at,
        actor_subject,
        actor_role,
        actor_organisation,
        action,
        subject_type,
        subject_id,
        subject_sequence,
        payload,
        trace_id,
    ) = row
    return (
        f'{{"action":{_quote(action)},"actor_organisation":{_quote(actor_organisation)},'
        f'"actor_role":{_quote(actor_role)},"actor_subject":{_quote(actor_subject)},'
        f'"event_id":"{event_id}","occurred_at":"{occurred_at}","payload":{_quote(payload)},'
        f'"seq":{seq},"subject_id":{_quote(subject_id)},"subject_sequence":{subject_sequence},'
        f'"subject_type":{_quote(subject_type)},"trace_id":{_quote(trace_id)},"xid":"{xid}"}}'
    ).encode()


def entry_bytes(row: AuditRow) -> bytes:
    """The entry of a row."""
    event_id = bytes.fromhex(row[2].replace("-", ""))
    return _LAYOUT.pack(int(row[1]), row[0], event_id, hashlib.sha256(canonical_bytes(row)).digest())


def entry_position(data: bytes) -> Position:
    """Where an entry stands in the order of sealing, read without taking all of it apart."""
    position: Position = _POSITION.unpack_from(data)
    return position


def row_leaf_hash(row: AuditRow) -> bytes:
    """The leaf hash that an inclusion proof of the row's event must start from."""
    return leaf_hash(entry_bytes(row))
