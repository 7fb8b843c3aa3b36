"""Tasks to reason about in tests of the rules."""

from datetime import UTC, datetime
from uuid import UUID

from services.consultation.domain.consolidation import Answer
from services.consultation.domain.records import Condition, ConditionText, GivenOpinion, Task
from services.consultation.domain.vocabulary import Opinion, RoundState, TaskState

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def task(
    state: TaskState = TaskState.OPEN,
    *,
    opinion: Opinion | None = None,
    mandatory: bool = True,
    due_at: datetime | None = NOW,
    agency: str = "SASTIND",
    round_state: RoundState = RoundState.OPEN,
) -> Task:
    given = None if opinion is None else GivenOpinion(1, opinion, "because", (), "reviewer", NOW)
    return Task(
        task_id=UUID(int=1),
        round_id=UUID(int=2),
        round_state=round_state,
        application_id=UUID(int=3),
        agency=agency,
        mandatory=mandatory,
        reason="",
        state=state,
        due_at=due_at,
        given=given,
        conditions=(),
        waiver=None,
        reminders_sent=0,
        version=1,
    )


def answer(opinion: Opinion, mandatory: bool = True) -> Answer:
    return Answer(mandatory, TaskState.ANSWERED, opinion)


def condition(*, lifted: bool = False) -> Condition:
    return Condition(
        UUID(int=4), UUID(int=1), "SASTIND", ConditionText("每季度报告", "Report quarterly"), lifted, 1
    )
