"""Reconciliation as an activity."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import grpc
import structlog
from temporalio import activity
from temporalio.client import Client
from xuke.licensing.v1 import application_pb2 as licensing

from services.approval.activities.calls import failure
from services.approval.activities.services import Services
from services.approval.reconciliation import OpenSubject, forget_runs, reconcile
from services.approval.workflows.execution import RECONCILE
from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.temporal import TASK_QUEUE

PAGE_SIZE = 500
# Their runs tell nothing that the records of the services do not.
OWN_WORKFLOW = "ReconcileWorkflow"
HOUSEKEEPING = (OWN_WORKFLOW, "RescreeningWorkflow")
KEEP_OWN_RUNS = timedelta(days=1)

_log = structlog.get_logger()


async def open_subjects(services: Services) -> AsyncIterator[list[OpenSubject]]:
    """Pages of the open subjects of licensing. Errors: XukeError where it cannot be asked."""
    token = ""
    while True:
        request = licensing.ListOpenSubjectsRequest(page_size=PAGE_SIZE, page_token=token)
        try:
            page = await asyncio.to_thread(services.procedure.ListOpenSubjects, request)
        except grpc.RpcError as error:
            raise from_rpc_error(error, "licensing") from None
        yield [OpenSubject(subject.kind, subject.id, subject.sequence) for subject in page.subjects]
        token = page.next_page_token
        if not token:
            return


class Housekeeping:
    """What the schedule runs."""

    def __init__(self, services: Services, client: Client, task_queue: str = TASK_QUEUE) -> None:
        self._services = services
        self._client = client
        self._task_queue = task_queue

    @activity.defn(name=RECONCILE)
    async def reconcile(self) -> int:
        """Wakes the open subjects whose workflow is missing or behind; returns how many."""
        try:
            kicked = await reconcile(
                self._client, open_subjects(self._services), activity.heartbeat, self._task_queue
            )
        except XukeError as error:
            raise failure(error) from None
        if kicked:
            _log.warning("reconciled", kicked=kicked)
        for workflow in HOUSEKEEPING:
            await forget_runs(self._client, workflow, datetime.now(UTC) - KEEP_OWN_RUNS)
        return kicked
