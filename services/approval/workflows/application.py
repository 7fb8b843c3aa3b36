"""The procedure of one application, from its submission to its licence or another end.

One clock and one history per application: the legs of the agencies are state, timers and activities in here.
The record is the database; this workflow pulls it when kicked, when an instant of it comes, and twice a day.
"""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.approval.domain.application_procedure import decide, next_due_at
    from services.approval.domain.decisions import Await, Conclude, Patience, Proceed
    from services.approval.domain.position import ApplicationPosition, ApplicationState
    from services.approval.domain.steps import SettleClassification, StopWatching
    from services.approval.workflows.execution import (
        LOAD_APPLICATION_POSITION,
        PULL_RETRY_THRESHOLD,
        RETRY,
        SETTLES_CLASSIFICATION,
        STEP_LIMIT,
        STOPS_WATCHING,
        take,
        take_if_possible,
    )
    from services.approval.workflows.kicks import Kicks
    from services.approval.workflows.visibility import Visibility


LICENSING = "licensing"
CONSULTATION = "consultation"


@workflow.defn(name="ApplicationWorkflow")
class ApplicationWorkflow:
    """Workflow id: "application/" and the application id. `known` is handed on by the run before."""

    @workflow.init
    def __init__(self, application_id: str, known: dict[str, int] | None = None) -> None:
        self._application_id = application_id
        self._kicks = Kicks(known)
        self._patience = Patience()
        self._visibility = Visibility()

    @workflow.signal(name="kick")
    def kick(self, source: str, sequence: int) -> None:
        """Says that a source ("licensing", "consultation") has events up to a sequence."""
        self._kicks.receive(source, sequence)

    @workflow.run
    async def run(self, application_id: str, known: dict[str, int] | None = None) -> str:
        """Conducts the application and returns the word of the state it ended in."""
        while True:
            position = await self._pull()
            match decide(position, workflow.now()):
                case Conclude(state):
                    if state != ApplicationState.LICENSED and workflow.patched(STOPS_WATCHING):
                        # One that is looked at for longer is let go when the next result of it is told.
                        await take_if_possible(StopWatching(self._application_id))
                    if workflow.patched(SETTLES_CLASSIFICATION):
                        await take((SettleClassification(self._application_id),))
                    await workflow.wait_condition(workflow.all_handlers_finished)
                    return state
                case Proceed(steps):
                    pause = self._patience.before(steps)
                    if pause > timedelta(0):
                        await self._kicks.wait(pause)
                    await take(steps)
                case Await(until):
                    self._patience.reset()
                    await self._kicks.wait(until - workflow.now())
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(args=[application_id, self._kicks.known])

    async def _pull(self) -> ApplicationPosition:
        self._kicks.begin_pull()
        position: ApplicationPosition = await workflow.execute_local_activity(
            LOAD_APPLICATION_POSITION,
            args=[self._application_id, self._kicks.known],
            result_type=ApplicationPosition,
            start_to_close_timeout=STEP_LIMIT,
            retry_policy=RETRY,
            local_retry_threshold=PULL_RETRY_THRESHOLD,
        )
        self._kicks.end_pull(LICENSING, position.sequence)
        self._kicks.end_pull(CONSULTATION, position.consultation_sequence)
        self._visibility.show(position.state.value, position.sequence, next_due_at(position))
        return position
