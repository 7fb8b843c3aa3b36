"""Wakes every open subject whose workflow is missing or behind the record.

The same function repairs a lost kick, run every minute, and rebuilds everything when Temporal's store is gone.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client

from services.foundation.ledger import Kick
from services.foundation.temporal import SEQUENCE, TASK_QUEUE, kick

WORKFLOWS = {"application": "ApplicationWorkflow", "licence": "LicenceWorkflow"}
SOURCE = "licensing"
DELETED_AT_ONCE = 200


@dataclass(frozen=True)
class OpenSubject:
    """An open application or a live licence, and the last event of its ledger."""

    kind: str
    id: str
    sequence: int

    @property
    def wake(self) -> Kick:
        """What wakes its workflow."""
        return Kick(WORKFLOWS[self.kind], f"{self.kind}/{self.id}", SOURCE)


async def reconcile(
    client: Client,
    pages: AsyncIterator[list[OpenSubject]],
    report: Callable[[int], None] = lambda _: None,
    task_queue: str = TASK_QUEUE,
) -> int:
    """Kicks the open subjects that no running workflow has caught up with; returns how many.

    `report` is told the number after each kick. What Temporal lists lags behind a little, so
    one may be kicked that need not be, which is harmless.
    """
    seen = await _running(client)
    kicked = 0
    async for page in pages:
        for subject in page:
            if seen.get(subject.wake.workflow_id, -1) < subject.sequence:
                await kick(client, subject.wake, subject.sequence, task_queue)
                kicked += 1
                report(kicked)
    return kicked


async def _running(client: Client) -> dict[str, int]:
    """The last sequence that each running workflow has seen, by workflow id; 0 where it has seen none."""
    types = " OR ".join(f"WorkflowType = '{name}'" for name in WORKFLOWS.values())
    return {
        execution.id: execution.typed_search_attributes.get(SEQUENCE) or 0
        async for execution in client.list_workflows(f"ExecutionStatus = 'Running' AND ({types})")
    }


async def forget_runs(client: Client, workflow: str, closed_before: datetime) -> list[str]:
    """Deletes runs of a housekeeping workflow that closed before an instant (UTC); returns their ids.

    The namespace keeps runs for years; those of the reconciliation, one a minute, are of no interest so long.
    """
    before = closed_before.isoformat()
    query = f"WorkflowType = '{workflow}' AND ExecutionStatus != 'Running' AND CloseTime < '{before}'"
    deleted = []
    async for execution in client.list_workflows(query, limit=DELETED_AT_ONCE):
        request = DeleteWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=execution.id, run_id=execution.run_id),
        )
        await client.workflow_service.delete_workflow_execution(request)
        deleted.append(execution.id)
    return deleted
