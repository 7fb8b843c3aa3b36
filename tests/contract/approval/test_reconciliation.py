"""Reconciliation, its schedule and the namespace against a real Temporal server."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from services.approval.activities.housekeeping import OWN_WORKFLOW
from services.approval.domain.position import ApplicationState
from services.approval.reconciliation import OpenSubject, forget_runs, reconcile
from services.approval.worker import (
    RECONCILE_EVERY,
    SCHEDULE_ID,
    build_worker,
    ensure_schedule,
    schedule_lost,
)
from services.foundation.temporal import (
    RETENTION,
    SEARCH_ATTRIBUTES,
    SEQUENCE,
    connect,
    ensure_namespace,
    kick,
)
from tests.support.temporal_server import NAMESPACE, TemporalServer, eventually
from tests.unit.approval.record import Record


async def pages(*subjects: OpenSubject) -> AsyncIterator[list[OpenSubject]]:
    """One subject a page."""
    for subject in subjects:
        yield [subject]


async def signals(client: Client, subject: OpenSubject) -> int:
    """How many kicks a subject's workflow has received; 0 where there is none."""
    try:
        history = await client.get_workflow_handle(subject.wake.workflow_id).fetch_history()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return 0
    return sum(
        event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED for event in history.events
    )


async def test_what_is_missing_or_behind_is_woken_and_nothing_else(client: Client) -> None:
    queue = uuid.uuid4().hex
    record = Record()
    subject = OpenSubject("application", "a", 1)
    licence = OpenSubject("licence", "n", 1)
    async with build_worker(client, record.activities(), queue):
        assert await reconcile(client, pages(subject, licence), task_queue=queue) == 2

        async def shown(sequence: int) -> bool:
            """What the reconciliation goes by: the sequence that Temporal lists."""
            found = [each async for each in client.list_workflows("WorkflowType = 'ApplicationWorkflow'")]
            return any(each.typed_search_attributes.get(SEQUENCE) == sequence for each in found)

        async def checked() -> bool:
            return record.application.state is ApplicationState.PROVINCIAL_REVIEW

        await eventually(checked)
        await eventually(lambda: shown(record.application.sequence))
        present = OpenSubject("application", "a", record.application.sequence)
        assert await reconcile(client, pages(present), task_queue=queue) == 0
        behind = OpenSubject("application", "a", record.act(ApplicationState.MINISTRY_INTAKE))
        assert await reconcile(client, pages(behind), task_queue=queue) == 1
        await eventually(lambda: shown(record.application.sequence))


async def test_an_empty_temporal_is_rebuilt_from_the_record(
    client: Client, temporal_server: TemporalServer
) -> None:
    subjects = [OpenSubject("application", str(number), number) for number in range(1, 30)]
    subjects += [OpenSubject("licence", str(number), number) for number in range(1, 6)]
    assert await reconcile(client, pages(*subjects)) == len(subjects)
    temporal_server.kill()
    temporal_server.empty()
    temporal_server.start()
    again = await ensure_namespace(temporal_server.address, NAMESPACE)
    assert await signals(again, subjects[0]) == 0
    assert await reconcile(again, pages(*subjects)) == len(subjects)
    assert [await signals(again, subject) for subject in subjects] == [1] * len(subjects)


async def test_old_runs_of_the_housekeeping_are_forgotten_and_no_others(client: Client) -> None:
    queue, record = uuid.uuid4().hex, Record(prohibited=True)
    async with build_worker(client, [*record.activities(), nothing_to_reconcile], queue):
        await client.execute_workflow(OWN_WORKFLOW, id="reconcile-1", task_queue=queue)
        application = OpenSubject("application", "a", 1)
        await kick(client, application.wake, 1, queue)
        await client.get_workflow_handle(application.wake.workflow_id).result()

        async def closed(expected: set[str]) -> bool:
            return {
                each.id async for each in client.list_workflows("ExecutionStatus != 'Running'")
            } == expected

        both = {"reconcile-1", "application/a"}
        await eventually(lambda: closed(both))
        now = datetime.now(UTC)
        assert await forget_runs(client, OWN_WORKFLOW, now - timedelta(hours=1)) == []
        # Temporal takes half a minute to do it.
        assert await forget_runs(client, OWN_WORKFLOW, now + timedelta(seconds=1)) == ["reconcile-1"]


@activity.defn(name="reconcile")
async def nothing_to_reconcile() -> int:
    return 0


async def test_the_schedule_is_made_once_and_its_loss_is_noticed(client: Client) -> None:
    assert await schedule_lost(client)
    await ensure_schedule(client)
    await ensure_schedule(client)
    assert not await schedule_lost(client)
    described = await client.get_schedule_handle(SCHEDULE_ID).describe()
    assert described.schedule.spec.intervals[0].every == RECONCILE_EVERY
    assert len([entry async for entry in await client.list_schedules()]) == 1


async def test_the_namespace_gets_its_retention_and_its_search_attributes(
    temporal_server: TemporalServer,
) -> None:
    """Also where somebody made it before, with the default of a day."""
    earlier = await connect(temporal_server.address, NAMESPACE)
    await earlier.workflow_service.register_namespace(
        RegisterNamespaceRequest(
            namespace=NAMESPACE, workflow_execution_retention_period=Duration(seconds=86400)
        )
    )
    client = await ensure_namespace(temporal_server.address, NAMESPACE)
    await ensure_namespace(temporal_server.address, NAMESPACE)
    described = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=NAMESPACE)
    )
    retention = described.config.workflow_execution_retention_ttl.ToTimedelta()
    assert retention == RETENTION > timedelta(days=1)
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=NAMESPACE)
    )
    assert {key.name for key in SEARCH_ATTRIBUTES} <= set(listed.custom_attributes)
