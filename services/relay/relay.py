"""Carries the kicks of one service's outbox to Temporal. Any number of relays may run side by side.

A row is marked as sent in the transaction that holds its lock, and only after Temporal accepted the kick: a
relay that dies in between sends it again, which is harmless, and none is lost.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import structlog
from psycopg import AsyncConnection
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.foundation.temporal import TASK_QUEUE, kick
from services.relay.kicks import PendingKick, coalesce
from services.relay.outbox import connect, listen, locked_batch, mark_sent, wait_for_rows

POLL = timedelta(seconds=0.5)
KICKS_AT_ONCE = 8
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
_HEALTH_TIMEOUT = timedelta(seconds=1)

_UNREACHABLE = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        # The namespace is not there yet; the worker registers it.
        RPCStatusCode.NOT_FOUND,
    }
)

_log = structlog.get_logger()


@dataclass
class Batch:
    """What became of one batch: kicks accepted, the rows they settle, and whether Temporal is away."""

    sent: int = 0
    settled: list[int] = field(default_factory=list)
    unreachable: bool = False


class Relay:
    """The relay of one database: `service` names it in the log, `url` is its SQLAlchemy address."""

    def __init__(self, service: str, url: str, client: Client, task_queue: str = TASK_QUEUE) -> None:
        self._service = service
        self._url = url
        self._client = client
        self._task_queue = task_queue
        self._at_once = asyncio.Semaphore(KICKS_AT_ONCE)

    async def run(self) -> None:
        """Relays until cancelled, whatever goes down and comes back meanwhile."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                async with await connect(self._url) as waiting, await connect(self._url) as working:
                    await listen(waiting)
                    _log.info("relaying", service=self._service)
                    pause = FIRST_PAUSE_SECONDS
                    await self._relay(waiting, working)
            except psycopg.Error as error:
                _log.warning("outbox_unreadable", service=self._service, error=str(error).strip())
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _relay(self, waiting: AsyncConnection, working: AsyncConnection) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            batch = await self.relay_batch(working)
            if batch.unreachable:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                await self._until_healthy()
            elif not batch.sent:
                pause = FIRST_PAUSE_SECONDS
                await wait_for_rows(waiting, POLL)

    async def relay_batch(self, connection: AsyncConnection) -> Batch:
        """Sends the first unsent kicks and marks those that Temporal accepted."""
        batch = Batch()
        async with connection.transaction():
            kicks = coalesce(await locked_batch(connection))
            await asyncio.gather(*(self._send(pending, batch) for pending in kicks))
            if batch.settled:
                await mark_sent(connection, batch.settled)
        return batch

    async def _send(self, pending: PendingKick, batch: Batch) -> None:
        async with self._at_once:
            if batch.unreachable:
                # The rest would only keep the transaction open.
                return
            try:
                await kick(self._client, pending.wake, pending.sequence, self._task_queue)
            except RPCError as error:
                batch.unreachable |= error.status in _UNREACHABLE
                _log.error(
                    "kick_refused",
                    service=self._service,
                    workflow_id=pending.wake.workflow_id,
                    status=error.status.name,
                )
                return
        batch.sent += 1
        batch.settled += pending.rows

    async def _until_healthy(self) -> None:
        """Waits for Temporal outside any transaction: one that idles holds back every feed by cursor."""
        while True:
            try:
                if await self._client.service_client.check_health(timeout=_HEALTH_TIMEOUT):
                    return
            except RPCError as error:
                _log.warning("temporal_unreachable", service=self._service, status=error.status.name)
            await asyncio.sleep(FIRST_PAUSE_SECONDS)
