"""Verification: does the database still say what it said when it was sealed?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from services.foundation.audit_log.comparison import Comparison, IndexedEntry, stretches
from services.foundation.audit_log.entry import Entry, Position, entry_bytes, entry_position
from services.foundation.audit_log.log_check import LogCheck, check_log
from services.foundation.audit_log.report import AuditReport, Finding, FindingKind
from services.foundation.audit_log.rows import (
    Connection,
    counters,
    events_at,
    events_never_numbered,
    rows_in_order,
    rows_of_events,
)
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.signed_note import VerifierKey
from services.foundation.audit_log.statements import Checkpoint

MAXIMUM_FINDINGS: Final = 10_000
_LOOKED_UP_FOR_EVIDENCE: Final = 1000


def verify(
    folder: Path, key: VerifierKey, connection: Connection, witness: Checkpoint | None = None
) -> AuditReport:
    """Checks a log against itself and a database against the log.

    `key` is the public key that the auditor trusts, not the one found with the log; `witness` a checkpoint
    kept from an earlier verification. The database is read in one snapshot taken after the log, so that a
    sealer may go on meanwhile. Names every event that was deleted, altered, moved, or inserted behind the
    seal, up to `MAXIMUM_FINDINGS`.
    """
    log = SealedLog(folder)
    check = check_log(log, key, witness)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        comparison = _compare(log, check, connection)
        seal = _Seal.of(log, check)
        unknown = [Entry.of_bytes(data) for data in comparison.unknown]
        behind = [entry for entry in unknown if seal.covers(entry)]
        inserted = [(entry.seq, entry.event_id) for entry in behind] + events_never_numbered(connection)
        findings = check.findings + _findings(check, comparison, inserted, connection)
    return AuditReport(
        origin=check.origin,
        size=check.size,
        root=check.root.hex(),
        checkpoints=check.checkpoints,
        matched=comparison.matched,
        unsealed=len(unknown) - len(behind),
        findings=tuple(findings[:MAXIMUM_FINDINGS]),
        omitted=max(0, len(findings) - MAXIMUM_FINDINGS),
    )


def _compare(log: SealedLog, check: LogCheck, connection: Connection) -> Comparison:
    comparison = Comparison()
    for stretch in stretches(check.epochs, check.present) if check.epochs else ():
        rows = rows_in_order(connection, stretch.after_seq, stretch.through_seq)
        comparison.run(stretch.entries(log), rows)
    return comparison


@dataclass(frozen=True, slots=True)
class _Seal:
    """How far the log has been: where an event that it does not hold has been put in afterwards."""

    after_seq: int
    last: Position

    @classmethod
    def of(cls, log: SealedLog, check: LogCheck) -> "_Seal":
        found = stretches(check.epochs, check.present)
        if not found or found[-1].begin == check.present:
            return cls(found[-1].after_seq if found else 0, (0, 0))
        return cls(found[-1].after_seq, entry_position(log.entry(check.present - 1)))

    def covers(self, entry: Entry) -> bool:
        return entry.seq <= self.after_seq or entry.position <= self.last


def _findings(
    check: LogCheck, comparison: Comparison, inserted: list[tuple[int, UUID]], connection: Connection
) -> list[Finding]:
    findings = []
    rolled_back, missing = _rolled_back(check, comparison.missing, connection)
    if rolled_back is not None:
        findings.append(rolled_back)
    elsewhere = rows_of_events(connection, [Entry.of_bytes(entry).event_id for entry, _ in missing])
    for data, index in missing:
        entry = Entry.of_bytes(data)
        row = elsewhere.get(entry.event_id)
        if row is None:
            findings.append(Finding(FindingKind.EVENT_DELETED, index, entry.seq, entry.event_id))
        else:
            content_kept = entry_bytes((entry.seq, str(entry.xid), *row[2:])) == data
            details = {"seq_now": str(row[0]), "xid_now": row[1], "content_kept": str(content_kept).lower()}
            findings.append(Finding(FindingKind.EVENT_MOVED, index, entry.seq, entry.event_id, details))
    for data, index in comparison.altered:
        entry = Entry.of_bytes(data)
        findings.append(Finding(FindingKind.EVENT_ALTERED, index, entry.seq, entry.event_id))
    findings += [
        Finding(FindingKind.EVENT_INSERTED, None, seq, event_id)
        for seq, event_id in inserted
        if event_id not in elsewhere
    ]
    return findings


def _rolled_back(
    check: LogCheck, missing: list[IndexedEntry], connection: Connection
) -> tuple[Finding | None, list[IndexedEntry]]:
    """Tells an older copy of the database from deleted events; returns the events still to be explained.

    In an older copy everything from some entry to the end of the log is missing, and the database has not
    counted as far as those entries, or gave their sequences to events of other transactions.
    """
    by_index = sorted(missing, key=lambda item: item[1])
    tail: list[IndexedEntry] = []
    while by_index and by_index[-1][1] == check.present - 1 - len(tail):
        tail.append(by_index.pop())
    if not tail:
        return None, by_index
    tail.reverse()
    lost = [Entry.of_bytes(entry) for entry, _ in tail]
    last_seq, next_xid = counters(connection)
    taken = events_at(connection, [entry.seq for entry in lost[:_LOOKED_UP_FOR_EVIDENCE]])
    known = {entry.event_id for entry in lost}
    holding = {
        "sequence": last_seq is not None and last_seq < max(entry.seq for entry in lost),
        "transaction_id": next_xid <= max(entry.xid for entry in lost),
        "sequence_reused": any(
            entry.seq in taken and taken[entry.seq][0] not in known and taken[entry.seq][1] != entry.xid
            for entry in lost
        ),
    }
    evidence = [name for name, holds in holding.items() if holds]
    if not evidence:
        return None, by_index + tail
    details = {"events_lost": str(len(tail)), "evidence": " ".join(evidence)}
    return Finding(
        FindingKind.DATABASE_ROLLED_BACK, tail[0][1], lost[0].seq, lost[0].event_id, details
    ), by_index
