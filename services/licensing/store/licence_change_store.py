"""The feed of licence changes: every change after a place, in an order that no late commit can slip behind.

A serial number is taken when a row is written, not when it is committed: a reader that remembers only the
last serial seen loses the row of a transaction that commits later. Rows are therefore served in the order of
(transaction, serial), and only those of transactions older than any that is still open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

# The transaction id comes out under another name: ordering by an output column would order by its text.
_PAGE = text(
    """
    SELECT change.xid::text AS transaction, change.seq, change.number, change.action, change.state,
           change.state_reason, change.occurred_at
    FROM licence_change AS change
    WHERE (change.xid, change.seq) > (CAST(:transaction AS xid8), :seq)
      AND change.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY change.xid, change.seq
    LIMIT :limit
    """
)
_EPOCH = text(
    """
    SELECT epoch || '/' || system_identifier || '/' || timeline_id AS epoch,
           pg_snapshot_xmax(pg_current_snapshot())::text AS horizon
    FROM feed_epoch, pg_control_system(), pg_control_checkpoint()
    """
)


@dataclass(frozen=True)
class Place:
    """A place in the feed: right after the row `seq` of the transaction. The beginning is before any row."""

    transaction: int
    seq: int


BEGINNING = Place(0, 0)


@dataclass(frozen=True)
class FeedEpoch:
    """Which history of the database this is, and the first transaction id it has not given out yet."""

    name: str
    horizon: int


@dataclass(frozen=True)
class Change:
    """One change of state, with its place in the feed."""

    place: Place
    number: str
    action: str
    state: str
    state_reason: str
    occurred_at: datetime


def read_epoch(connection: Connection) -> FeedEpoch:
    """The present epoch: the owner's mark, the identity of the cluster, and its timeline after a recovery."""
    row = connection.execute(_EPOCH).one()
    return FeedEpoch(row.epoch, int(row.horizon))


def read_changes(connection: Connection, after: Place, limit: int) -> Sequence[Change]:
    """At most `limit` changes after a place, in order."""
    rows = connection.execute(
        _PAGE, {"transaction": str(after.transaction), "seq": after.seq, "limit": limit}
    )
    return [
        Change(
            Place(int(row.transaction), row.seq),
            row.number,
            row.action,
            row.state,
            row.state_reason,
            row.occurred_at,
        )
        for row in rows
    ]
