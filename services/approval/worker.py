"""The worker of the procedure and the schedule of its housekeeping."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
)
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from services.approval.activities.application_steps import ApplicationSteps
from services.approval.activities.automatic_checks import AutomaticChecks
from services.approval.activities.housekeeping import Housekeeping
from services.approval.activities.licence_steps import LicenceSteps
from services.approval.activities.positions import Positions
from services.approval.activities.rescreening import Rescreening
from services.approval.activities.services import Services
from services.approval.activities.settlement import Settlement
from services.approval.workflows.application import ApplicationWorkflow
from services.approval.workflows.licence import LicenceWorkflow
from services.approval.workflows.reconciliation import ReconcileWorkflow
from services.approval.workflows.rescreening import RescreeningWorkflow
from services.foundation.ledger import Kick
from services.foundation.temporal import TASK_QUEUE, kick

WORKFLOWS = (ApplicationWorkflow, LicenceWorkflow, ReconcileWorkflow, RescreeningWorkflow)
# Events of screening wake it too; the worker starts it, so that it follows the clock before there are any.
RESCREENING = Kick("RescreeningWorkflow", "rescreening/all", "screening")
SCHEDULE_ID = "reconcile"
RECONCILE_EVERY = timedelta(minutes=1)
# A missed run is made up for by the next one.
CATCH_UP = timedelta(minutes=1)

STEPS_AT_ONCE = 16
PULLS_AT_ONCE = 16
# Few, because a workflow task that does not yield within two seconds counts as deadlocked, and many replays
# at once on a loaded machine take that long.
WORKFLOW_TASKS_AT_ONCE = 8
CACHED_WORKFLOWS = 500
# How long the tasks of a worker that was killed wait for it before another gets them.
STICKY = timedelta(seconds=2)
GRACE = timedelta(seconds=10)
HEARTBEAT_THROTTLE = timedelta(seconds=5)
RPC_TIMEOUT = timedelta(seconds=3)


def activities(services: Services, client: Client, task_queue: str = TASK_QUEUE) -> list[Callable[..., Any]]:
    """Every activity, bound to the services it calls."""
    positions, application = Positions(services), ApplicationSteps(services)
    licence, checks = LicenceSteps(services), AutomaticChecks(services)
    rescreening = Rescreening(services)
    return [
        positions.load_application_position,
        positions.load_licence_position,
        checks.run_automatic_checks,
        application.open_consultation_round,
        application.remind_agency,
        application.expire_agency_task,
        application.close_consultation_round,
        application.abandon_consultation_round,
        application.record_reminder,
        application.expire_deadline,
        application.issue_licence,
        licence.prepare_licence_document,
        licence.expire_licence,
        rescreening.rescreen,
        rescreening.deliver,
        rescreening.stop_watching,
        rescreening.stop_watching_licence,
        Settlement(services).settle_classification,
        Housekeeping(services, client, task_queue).reconcile,
    ]


def build_worker(
    client: Client,
    implementations: Sequence[Callable[..., Any]],
    task_queue: str = TASK_QUEUE,
    cached_workflows: int = CACHED_WORKFLOWS,
) -> Worker:
    """A worker of the workflows with these activities.

    It is not versioned: a change of the command sequence is guarded by `workflow.patched` and by the replay
    of recorded histories.
    """
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=implementations,
        activity_executor=ThreadPoolExecutor(STEPS_AT_ONCE + PULLS_AT_ONCE, thread_name_prefix="activity"),
        max_cached_workflows=cached_workflows,
        max_concurrent_workflow_tasks=WORKFLOW_TASKS_AT_ONCE if cached_workflows else None,
        max_concurrent_activities=STEPS_AT_ONCE,
        max_concurrent_local_activities=PULLS_AT_ONCE,
        sticky_queue_schedule_to_start_timeout=STICKY,
        graceful_shutdown_timeout=GRACE,
        max_heartbeat_throttle_interval=HEARTBEAT_THROTTLE,
    )


async def ensure_rescreening(client: Client, task_queue: str = TASK_QUEUE) -> None:
    """Starts the workflow of the re-screening where none runs, and wakes the one that does."""
    await kick(client, RESCREENING, 0, task_queue)


async def ensure_schedule(client: Client, task_queue: str = TASK_QUEUE) -> None:
    """Creates the schedule of the reconciliation, or brings an older one to its present form."""
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(ReconcileWorkflow.run, id=SCHEDULE_ID, task_queue=task_queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=RECONCILE_EVERY)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
    )
    try:
        await client.create_schedule(SCHEDULE_ID, schedule, trigger_immediately=True, rpc_timeout=RPC_TIMEOUT)
    except ScheduleAlreadyRunningError:
        existing = client.get_schedule_handle(SCHEDULE_ID)
        await existing.update(lambda _: ScheduleUpdate(schedule=schedule), rpc_timeout=RPC_TIMEOUT)


async def schedule_lost(client: Client) -> bool:
    """Whether Temporal answers and does not know the schedule: its store was replaced by an empty one."""
    try:
        await client.get_schedule_handle(SCHEDULE_ID).describe(rpc_timeout=RPC_TIMEOUT)
    except RPCError as error:
        return error.status is RPCStatusCode.NOT_FOUND
    return False
