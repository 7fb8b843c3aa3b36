"""The life of one licence as far as time moves it: its document at the start, its expiry at the end.

Customs' write-offs are row locks of licensing and never wait for this workflow.
"""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.approval.domain.decisions import Await, Conclude, Patience, Proceed
    from services.approval.domain.licence_procedure import RUN_LENGTH, decide
    from services.approval.domain.position import LicencePosition
    from services.approval.domain.steps import StopWatchingLicence
    from services.approval.workflows.execution import (
        LOAD_LICENCE_POSITION,
        PULL_RETRY_THRESHOLD,
        RETRY,
        STEP_LIMIT,
        STOPS_WATCHING,
        take,
        take_if_possible,
    )
    from services.approval.workflows.kicks import Kicks
    from services.approval.workflows.visibility import Visibility


LICENSING = "licensing"


@workflow.defn(name="LicenceWorkflow")
class LicenceWorkflow:
    """Workflow id: "licence/" and the licence number. `known` is handed on by the run before."""

    @workflow.init
    def __init__(self, number: str, known: dict[str, int] | None = None) -> None:
        self._number = number
        self._kicks = Kicks(known)
        self._patience = Patience()
        self._visibility = Visibility()

    @workflow.signal(name="kick")
    def kick(self, source: str, sequence: int) -> None:
        """Says that licensing has events of the licence up to a sequence."""
        self._kicks.receive(source, sequence)

    @workflow.run
    async def run(self, number: str, known: dict[str, int] | None = None) -> str:
        """Conducts the licence and returns the word of the state it ended in."""
        while True:
            position: LicencePosition = await self._pull()
            match decide(position, workflow.now()):
                case Conclude(state):
                    if workflow.patched(STOPS_WATCHING):
                        await take_if_possible(StopWatchingLicence(self._number))
                    await workflow.wait_condition(workflow.all_handlers_finished)
                    return state
                case Proceed(steps):
                    pause = self._patience.before(steps)
                    if pause > timedelta(0):
                        await self._kicks.wait(pause)
                    await take(steps)
                case Await(until):
                    self._patience.reset()
                    await self._kicks.wait(min(until, self._ends_at) - workflow.now())
            if workflow.info().is_continue_as_new_suggested() or workflow.now() >= self._ends_at:
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(args=[number, self._kicks.known])

    @property
    def _ends_at(self) -> datetime:
        return workflow.info().start_time + RUN_LENGTH

    async def _pull(self) -> LicencePosition:
        self._kicks.begin_pull()
        position: LicencePosition = await workflow.execute_local_activity(
            LOAD_LICENCE_POSITION,
            args=[self._number, self._kicks.known],
            result_type=LicencePosition,
            start_to_close_timeout=STEP_LIMIT,
            retry_policy=RETRY,
            local_retry_threshold=PULL_RETRY_THRESHOLD,
        )
        self._kicks.end_pull(LICENSING, position.sequence)
        self._visibility.show(position.state.value, position.sequence, position.expires_at)
        return position
