"""The one pass over log and database against what plain sets say."""

from itertools import groupby
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.foundation.audit_log.comparison import Comparison, Stretch, stretches
from services.foundation.audit_log.entry import AuditRow, entry_bytes, entry_position
from services.foundation.audit_log.statements import Epoch
from tests.unit.foundation.test_audit_log_files import NOW


def row_of(xid: int, seq: int, event: int, content: int) -> AuditRow:
    event_id = str(UUID(int=event))
    return (
        seq,
        str(xid),
        event_id,
        "2026-11-21T10:44:59.000000Z",
        "s",
        "r",
        "o",
        "a",
        "t",
        "i",
        seq,
        str(content),
        "",
    )


def ordered(rows: list[AuditRow]) -> list[AuditRow]:
    return sorted(rows, key=lambda row: (int(row[1]), row[0]))


# Few values, so that collisions are common: of positions, of events, and of contents.
ROWS = st.lists(
    st.builds(row_of, st.integers(1, 4), st.integers(1, 8), st.integers(1, 12), st.integers(0, 1)),
    unique_by=(lambda row: row[0], lambda row: row[2]),
    max_size=8,
).map(ordered)


@given(ROWS, ROWS, ROWS)
def test_every_entry_and_every_row_is_accounted_for(
    first: list[AuditRow], second: list[AuditRow], database: list[AuditRow]
) -> None:
    # Two runs of the log, as an epoch with leftovers has them, may claim one position twice.
    log = sorted((entry_bytes(row), index) for index, row in enumerate(first + second))
    comparison = Comparison()
    comparison.run(log, database)

    rows = {entry_bytes(row) for row in database}
    sealed = {entry for entry, _ in log}
    assert comparison.matched == len(rows & sealed)
    altered = {entry for entry, _ in comparison.altered}
    missing = [entry for entry, _ in comparison.missing]
    assert comparison.matched + len(altered) + len(missing) == len(log)
    assert len(comparison.altered) + len(comparison.unknown) == len(rows - sealed)
    place_of = {entry[:32]: entry for entry in rows}
    for entry in altered:
        assert entry not in rows
        assert entry[:32] in place_of
    for entry in comparison.unknown:
        assert entry in rows - sealed
        assert not any(other[:32] == entry[:32] for other in sealed)
    for entry, group in groupby(sorted(missing)):
        # An entry whose row is there is missing only as the second claim to the same row.
        assert entry not in rows or len(list(group)) < [item for item, _ in log].count(entry)
    matched = [entry_position(entry) for entry in rows & sealed]
    assert comparison.last_matched == max(matched, default=(0, 0))
    assert comparison.greatest_matched_seq == max((seq for _, seq in matched), default=0)


def test_equal_logs_match() -> None:
    rows = [row_of(xid, xid * 2, xid, 0) for xid in range(1, 6)]
    comparison = Comparison()
    comparison.run(((entry_bytes(row), index) for index, row in enumerate(rows)), iter(rows))
    assert comparison == Comparison(matched=5, last_matched=(5, 10), greatest_matched_seq=10)


def test_the_stretches_of_a_log() -> None:
    epochs = [
        Epoch("o", 0, "c", 0, 0, 0, NOW),
        Epoch("o", 1, "d", 10, 12, 40, NOW),
        Epoch("o", 2, "e", 20, 20, 55, NOW),
        Epoch("o", 3, "f", 30, 31, 80, NOW),
    ]
    assert stretches(epochs, 25) == [
        Stretch(0, 10, 12, 0, 40),
        Stretch(12, 20, 20, 40, 55),
        Stretch(20, 25, 25, 55, None),
    ]
    assert stretches(epochs[:1], 0) == [Stretch(0, 0, 0, 0, None)]
    assert stretches([], 5) == []
