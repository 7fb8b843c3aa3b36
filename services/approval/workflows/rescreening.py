"""Has changes of lists, rules and decisions followed, and delivers to licensing what they change.

One for the platform. What is owed stands in the databases: whatever dies in between, the next look goes on there.
"""

import dataclasses
from datetime import timedelta
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from services.approval.domain.rescreening import Looked, next_look
    from services.approval.workflows.execution import DELIVER_RESCREENINGS, RESCREEN, RETRY


# Building the index of a large register of exports after a restart takes its time.
LOOK_LIMIT = timedelta(seconds=60)
DELIVERY_LIMIT = timedelta(seconds=30)
# Then what earlier looks have found is delivered, and the look is taken again after the rest.
LOOK_ATTEMPTS: Final = dataclasses.replace(RETRY, maximum_attempts=5)


@workflow.defn(name="RescreeningWorkflow")
class RescreeningWorkflow:
    """Workflow id: "rescreening/all"."""

    def __init__(self) -> None:
        self._awake = False

    @workflow.signal(name="kick")
    def kick(self, source: str, sequence: int) -> None:
        """Says that a list, the rules or a decision on a hit has changed."""
        self._awake = True

    @workflow.run
    async def run(self, subject: str) -> None:
        """Looks again whenever woken, every few minutes, and as each day of law begins; without end."""
        while not workflow.info().is_continue_as_new_suggested():
            self._awake = False
            try:
                looked: Looked = await workflow.execute_activity(
                    RESCREEN,
                    result_type=Looked,
                    start_to_close_timeout=LOOK_LIMIT,
                    retry_policy=LOOK_ATTEMPTS,
                )
            except ActivityError:
                # Every attempt was logged. No patch: in histories of before a look never ended so. What it has
                # kept before it failed, and what others have, is delivered all the same.
                looked = Looked(undelivered=True)
            delivered = 0
            if looked.undelivered:
                delivered = await workflow.execute_activity(
                    DELIVER_RESCREENINGS,
                    result_type=int,
                    start_to_close_timeout=DELIVERY_LIMIT,
                    retry_policy=RETRY,
                )
            # What licensing cannot take now is tried again after the rest.
            if not looked.more and not delivered:
                await self._rest()
        await workflow.wait_condition(workflow.all_handlers_finished)
        workflow.continue_as_new(subject)

    async def _rest(self) -> None:
        try:
            until = next_look(workflow.now()) - workflow.now()
            await workflow.wait_condition(lambda: self._awake, timeout=until)
        except TimeoutError:
            # The time being up is one of the two things waited for.
            return
