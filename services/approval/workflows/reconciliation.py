"""Makes lost kicks and a lost Temporal store harmless: wakes every open subject whose workflow is behind."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.approval.workflows.execution import RECONCILE, RETRY


LIMIT = timedelta(minutes=10)
# The activity reports each page; a worker that died is noticed after this.
HEARTBEAT = timedelta(seconds=30)


@workflow.defn(name="ReconcileWorkflow")
class ReconcileWorkflow:
    """Run every minute by a schedule that skips while one still runs."""

    @workflow.run
    async def run(self) -> int:
        """Returns how many subjects were woken."""
        woken: int = await workflow.execute_activity(
            RECONCILE,
            result_type=int,
            start_to_close_timeout=LIMIT,
            heartbeat_timeout=HEARTBEAT,
            retry_policy=RETRY,
        )
        return woken
