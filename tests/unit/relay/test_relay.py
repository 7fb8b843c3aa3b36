"""The relay between a real outbox and a real Temporal server."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, MutableMapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy
from structlog.testing import capture_logs
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client
from temporalio.converter import default
from temporalio.service import RPCError, RPCStatusCode

from services.foundation.database import Database
from services.foundation.ledger import Kick, Ledger, Subject
from services.relay.outbox import connect
from services.relay.relay import Relay
from tests.conftest import ServiceDatabase, superuser_connection
from tests.support.identity import PROCEDURE
from tests.support.services import call_of
from tests.support.temporal_server import TemporalServer, eventually


class Outbox:
    """Writes as a service does, and looks into the table."""

    def __init__(self, addresses: ServiceDatabase) -> None:
        self.addresses = addresses
        self._database = Database(addresses.url, Ledger(sqlalchemy.MetaData()))

    def write(self, workflow_id: str, count: int = 1) -> None:
        """So many acts, each in its own transaction with its event and its kick."""
        for _ in range(count):
            with self._database.begin(call_of(PROCEDURE)) as work:
                wake = Kick("ApplicationWorkflow", workflow_id, "licensing")
                work.record(Subject("application", workflow_id), "ACTED", {"state": "SUBMITTED"}, wake)

    def unsent(self) -> int:
        with superuser_connection(self.addresses) as connection:
            row = connection.execute("SELECT count(*) FROM outbox WHERE sent_at IS NULL").fetchone()
            assert row is not None
            return int(row[0])

    async def is_empty(self) -> bool:
        return self.unsent() == 0

    def close(self) -> None:
        self._database.dispose()


@pytest.fixture
def outbox(service_database: Callable[[str], ServiceDatabase]):
    opened = Outbox(service_database("licensing"))
    yield opened
    opened.close()


@asynccontextmanager
async def relaying(outbox: Outbox, client: Client, relays: int = 1) -> AsyncIterator[None]:
    """That many relays side by side; none may end by itself."""
    tasks = [
        asyncio.create_task(Relay("licensing", outbox.addresses.url, client).run()) for _ in range(relays)
    ]
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def kicks_of(client: Client, workflow_id: str) -> list[tuple[str, int]]:
    """The kicks that reached a workflow, in order."""
    try:
        history = await client.get_workflow_handle(workflow_id).fetch_history()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return []
    kicks = []
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
            attributes = event.workflow_execution_signaled_event_attributes
            source, sequence = await default().decode(attributes.input.payloads, [str, int])
            kicks.append((source, sequence))
    return kicks


def a_workflow_id() -> str:
    return f"application/{uuid.uuid4()}"


async def test_a_committed_act_wakes_its_workflow_with_its_id_as_the_only_argument(
    outbox: Outbox, client: Client
) -> None:
    workflow_id = a_workflow_id()
    async with relaying(outbox, client):
        outbox.write(workflow_id)
        await eventually(outbox.is_empty)
    assert await kicks_of(client, workflow_id) == [("licensing", 1)]
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    started = history.events[0].workflow_execution_started_event_attributes
    assert started.workflow_type.name == "ApplicationWorkflow"
    assert await default().decode(started.input.payloads) == [workflow_id.removeprefix("application/")]


async def test_acts_before_the_relay_ran_become_one_kick_each(outbox: Outbox, client: Client) -> None:
    workflow_ids = [a_workflow_id() for _ in range(30)]
    for workflow_id in workflow_ids:
        outbox.write(workflow_id, 5)
    async with relaying(outbox, client):
        await eventually(outbox.is_empty)
    # 150 rows are more than one batch: a workflow at its border may be woken twice.
    kicks = [await kicks_of(client, workflow_id) for workflow_id in workflow_ids]
    assert all(received[-1] == ("licensing", 5) for received in kicks)
    assert sum(len(received) for received in kicks) <= len(workflow_ids) + 1


async def test_several_relays_share_the_work_and_lose_nothing(outbox: Outbox, client: Client) -> None:
    workflow_ids = [a_workflow_id() for _ in range(40)]
    async with relaying(outbox, client, relays=3):
        for workflow_id in workflow_ids:
            outbox.write(workflow_id, 2)
        await eventually(outbox.is_empty)
    for workflow_id in workflow_ids:
        assert max(await kicks_of(client, workflow_id)) == ("licensing", 2)


async def test_while_temporal_is_down_nothing_counts_as_sent_and_afterwards_everything_arrives(
    outbox: Outbox, client: Client, temporal_server: TemporalServer
) -> None:
    workflow_ids = [a_workflow_id() for _ in range(5)]
    with capture_logs() as log:
        async with relaying(outbox, client):
            temporal_server.kill()
            for workflow_id in workflow_ids:
                outbox.write(workflow_id)
            await eventually(lambda: _logged(log, "kick_refused"))
            await eventually(lambda: _logged(log, "temporal_unreachable"))
    assert outbox.unsent() == len(workflow_ids)
    async with relaying(outbox, client):
        temporal_server.start()
        await eventually(outbox.is_empty)
    for workflow_id in workflow_ids:
        assert ("licensing", 1) in await kicks_of(client, workflow_id)


async def _logged(log: list[MutableMapping[str, Any]], event: str) -> bool:
    return any(entry["event"] == event for entry in log)


async def test_a_relay_that_lost_its_database_comes_back(outbox: Outbox, client: Client) -> None:
    async with relaying(outbox, client):
        outbox.write(first := a_workflow_id())
        await eventually(outbox.is_empty)
        with superuser_connection(outbox.addresses) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'relay'"
            )
        outbox.write(second := a_workflow_id())
        await eventually(outbox.is_empty)
    assert await kicks_of(client, first) == await kicks_of(client, second) == [("licensing", 1)]


async def test_a_relay_killed_between_the_kick_and_its_mark_kicks_again(
    outbox: Outbox, client: Client
) -> None:
    workflow_id = a_workflow_id()
    outbox.write(workflow_id)
    dying = Relay("licensing", outbox.addresses.url, client)
    async with await connect(outbox.addresses.url) as connection:
        with pytest.raises(psycopg.OperationalError):
            async with connection.transaction():
                batch = await dying.relay_batch(connection)
                assert batch.sent == 1
                # What SIGKILL does to the connection of a process.
                with superuser_connection(outbox.addresses) as superuser:
                    superuser.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
                await connection.execute("SELECT 1")
    assert outbox.unsent() == 1
    async with relaying(outbox, client):
        await eventually(outbox.is_empty)
    assert await kicks_of(client, workflow_id) == [("licensing", 1), ("licensing", 1)]


async def test_rows_that_another_relay_holds_are_passed_over(outbox: Outbox, client: Client) -> None:
    held, free = a_workflow_id(), a_workflow_id()
    outbox.write(held)
    async with await connect(outbox.addresses.url) as other:
        await other.execute("SELECT seq FROM outbox WHERE sent_at IS NULL FOR UPDATE")
        outbox.write(free)
        async with relaying(outbox, client):
            await eventually(lambda: _one_left(outbox))
            assert await kicks_of(client, free) == [("licensing", 1)]
            assert await kicks_of(client, held) == []
            await other.rollback()
            await eventually(outbox.is_empty)
    assert await kicks_of(client, held) == [("licensing", 1)]


async def _one_left(outbox: Outbox) -> bool:
    return outbox.unsent() == 1


async def test_the_relay_is_woken_by_the_commit_and_does_not_wait_for_its_poll(
    outbox: Outbox, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.relay.relay.POLL", timedelta(minutes=10))
    async with relaying(outbox, client):
        outbox.write(first := a_workflow_id())
        await eventually(outbox.is_empty)
        outbox.write(second := a_workflow_id())
        await eventually(outbox.is_empty)
    assert await kicks_of(client, first) == await kicks_of(client, second) == [("licensing", 1)]
