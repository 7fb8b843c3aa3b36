"""The real Temporal server with a virtual clock for each workflow, and a worker around a record in memory."""

import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Replayer

from services.approval.worker import CACHED_WORKFLOWS, WORKFLOWS, build_worker
from services.foundation.ledger import Kick
from services.foundation.temporal import SEARCH_ATTRIBUTES, kick
from tests.unit.approval.record import Record

TEMPORAL = Path(sys.executable).parent / "temporal"
HISTORIES = Path(__file__).resolve().parents[2] / "histories"
# Set it to keep the histories of this run as those that later versions must be able to replay.
RECORDING = "XUKE_RECORD_HISTORIES" in os.environ
PATIENCE_SECONDS = 20


@asynccontextmanager
async def virtual_time(*dynamic_configuration: str) -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clocks stand still until a test fast-forwards one."""
    settings = (
        "frontend.WorkflowTimeSkippingEnabled=true",
        'history.timerProcessorMaxTimeShift="1ms"',
        *dynamic_configuration,
    )
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(TEMPORAL),
        dev_server_log_level="error",
        search_attributes=SEARCH_ATTRIBUTES,
        dev_server_extra_args=[part for one in settings for part in ("--dynamic-config-value", one)],
    )
    async with environment:
        yield environment


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def environment() -> AsyncIterator[WorkflowEnvironment]:
    async with virtual_time() as started:
        yield started


@dataclass
class Story:
    """One workflow, its record, and its clock."""

    environment: WorkflowEnvironment
    record: Record
    wake: Kick
    task_queue: str

    @property
    def handle(self) -> WorkflowHandle[Any, Any]:
        return self.environment.client.get_workflow_handle(self.wake.workflow_id)

    async def kick(self, sequence: int, source: str = "licensing") -> None:
        """What the relay does."""
        wake = Kick(self.wake.workflow, self.wake.workflow_id, source)
        await kick(self.environment.client, wake, sequence, self.task_queue)

    async def now(self) -> datetime:
        """The workflow's virtual time."""
        return await self.environment.get_current_time(self.handle)

    async def pass_time(self, duration: timedelta) -> bool:
        """Fast-forwards; False if the workflow ended on the way."""
        return await self.environment.fast_forward(self.handle, duration)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits until the record is as told."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, (self.record.application, self.record.taken)
            await asyncio.sleep(0.01)

    async def until_idle(self) -> None:
        """Waits until the workflow has nothing under way but a timer."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            described = (await self.handle.describe()).raw_description
            if not described.pending_activities and not described.HasField("pending_workflow_task"):
                return
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)

    async def end(self, name: str | None = None) -> str:
        """The state in which the workflow ended; its history replays, and is kept if this run records."""
        result: str = await self.handle.result(rpc_timeout=timedelta(seconds=PATIENCE_SECONDS))
        await self.replay(name)
        return result

    async def replay(self, name: str | None = None, run_id: str | None = None) -> None:
        """Replays the history so far, of the present run or that named, with the code as it is."""
        handle = self.environment.client.get_workflow_handle(self.wake.workflow_id, run_id=run_id)
        history = await handle.fetch_history()
        await Replayer(workflows=WORKFLOWS).replay_workflow(history)
        if name is not None and RECORDING:
            events = [json.dumps(_anonymous(event)) for event in json.loads(history.to_json())["events"]]
            document = '{"events": [\n' + ",\n".join(events) + "\n]}\n"
            (HISTORIES / f"{name}.json").write_text(document, encoding="utf-8")


_OF_THE_MACHINE = ("identity", "stackTrace")


def _anonymous(value: Any) -> Any:
    """A history without the names of the machine and the processes that made it."""
    if isinstance(value, dict):
        return {key: _anonymous(part) for key, part in value.items() if key not in _OF_THE_MACHINE}
    return [_anonymous(part) for part in value] if isinstance(value, list) else value


StoryOf = Callable[..., Any]


@pytest.fixture
def story(environment: WorkflowEnvironment) -> StoryOf:
    """`async with story(record)` runs a worker around a record, on a task queue of its own."""

    @asynccontextmanager
    async def tell(
        record: Record,
        workflow: str = "ApplicationWorkflow",
        cached_workflows: int = CACHED_WORKFLOWS,
        on: WorkflowEnvironment | None = None,
    ) -> AsyncIterator[Story]:
        name, where = uuid.uuid4().hex, on or environment
        worker = build_worker(where.client, record.activities(), name, cached_workflows)
        async with worker:
            yield Story(where, record, Kick(workflow, f"test/{name}", "licensing"), name)

    return tell
