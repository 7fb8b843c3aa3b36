"""The outbox of one service as the relay reads it: unsent rows under lock, and the call that wakes it."""

from collections.abc import Sequence
from datetime import timedelta

from psycopg import AsyncConnection

from services.foundation.ledger import Kick
from services.relay.kicks import OutboxRow

CHANNEL = "outbox"
BATCH = 100
_CONNECT_SECONDS = 5
# A batch is locked while its kicks are sent; what takes longer is cut off and sent again.
_SESSION = "-c idle_in_transaction_session_timeout=10000 -c statement_timeout=5000"

# Rows that another relay is just sending are passed over.
_UNSENT = """
    SELECT seq, workflow, workflow_id, source, sequence
    FROM outbox WHERE sent_at IS NULL ORDER BY seq LIMIT %s FOR UPDATE SKIP LOCKED
"""
_MARK_SENT = "UPDATE outbox SET sent_at = now() WHERE seq = ANY(%s)"


async def connect(url: str) -> AsyncConnection:
    """A connection to the database at a SQLAlchemy address. Errors: psycopg.OperationalError."""
    return await AsyncConnection.connect(
        url.replace("postgresql+psycopg://", "postgresql://", 1),
        options=_SESSION,
        connect_timeout=_CONNECT_SECONDS,
        application_name="relay",
    )


async def locked_batch(connection: AsyncConnection) -> list[OutboxRow]:
    """The first unsent rows, locked until the transaction ends."""
    cursor = await connection.execute(_UNSENT, (BATCH,))
    return [
        OutboxRow(seq, Kick(workflow, workflow_id, source), sequence)
        for seq, workflow, workflow_id, source, sequence in await cursor.fetchall()
    ]


async def mark_sent(connection: AsyncConnection, rows: Sequence[int]) -> None:
    """Marks rows of the locked batch as sent; takes effect when the transaction commits."""
    await connection.execute(_MARK_SENT, (list(rows),))


async def listen(connection: AsyncConnection) -> None:
    """Asks to be woken when a service commits a row."""
    await connection.set_autocommit(True)
    await connection.execute(f"LISTEN {CHANNEL}")


async def wait_for_rows(connection: AsyncConnection, at_most: timedelta) -> None:
    """Returns when a row was committed since the last call, or when the time is up."""
    notifications = connection.notifies(timeout=at_most.total_seconds(), stop_after=1)
    _ = [notification async for notification in notifications]
