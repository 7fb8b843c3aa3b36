"""Between the messages of the contract and the types of the domain."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from xuke.consultation.v1 import consultation_pb2 as messages
from xuke.foundation.v1 import foundation_pb2

from services.consultation.domain.conditions import Amendment
from services.consultation.domain.opinion import DraftOpinion
from services.consultation.domain.records import (
    Condition,
    ConditionText,
    FactorAssessment,
    NewTask,
    Round,
    Task,
)
from services.consultation.domain.vocabulary import FactorRating, Opinion, ReviewFactor, TaskState
from services.consultation.store.reading import TaskPlace
from services.consultation.store.statistics import AgencyStatistics
from services.foundation.errors import FieldViolation, invalid_argument, invalid_field
from services.foundation.ledger import LedgerEvent
from services.foundation.pagination import decode_page_token, encode_page_token

_NO_DUE_TIME = "none"


def draft_opinion(request: messages.SubmitOpinionRequest) -> DraftOpinion:
    """The opinion that a request carries."""
    return DraftOpinion(
        opinion=Opinion(_word(messages.Opinion.Name(request.opinion), "OPINION")),
        reasons=request.reasons,
        factors=tuple(
            FactorAssessment(
                ReviewFactor(_word(messages.ReviewFactor.Name(each.factor), "REVIEW_FACTOR")),
                FactorRating(_word(messages.FactorRating.Name(each.rating), "FACTOR_RATING")),
                each.comment,
            )
            for each in request.factors
        ),
        conditions=tuple(ConditionText(each.text_zh, each.text_en) for each in request.conditions),
    )


def amendment(request: messages.AmendConditionRequest) -> Amendment:
    """The change of a condition that a request carries."""
    return Amendment(request.text_zh, request.text_en, request.lift, request.reason)


def new_tasks(tasks: Iterable[messages.NewTask]) -> list[NewTask]:
    """The requests to agencies. Errors: INVALID_ARGUMENT for a due time that is no instant."""
    return [
        NewTask(each.agency, each.mandatory, each.reason, _due_at(each, index))
        for index, each in enumerate(tasks)
    ]


def task_states(states: Iterable[messages.TaskState.ValueType]) -> list[TaskState]:
    """The states to narrow a list to. Errors: INVALID_ARGUMENT for one that is none."""
    known, violations = [], []
    for index, state in enumerate(states):
        if state not in messages.TaskState.values():
            violations.append(FieldViolation(f"states[{index}]", "enum.defined_only"))
        elif state == messages.TASK_STATE_UNSPECIFIED:
            violations.append(FieldViolation(f"states[{index}]", "enum.not_in"))
        else:
            known.append(TaskState(_word(messages.TaskState.Name(state), "TASK_STATE")))
    if violations:
        raise invalid_argument(*violations)
    return known


def place_of_token(token: str) -> TaskPlace | None:
    """The place that a page token names. Errors: INVALID_ARGUMENT for a token that we did not make."""
    position = decode_page_token(token, 2)
    if position is None:
        return None
    try:
        due_at = None if position[0] == _NO_DUE_TIME else datetime.fromisoformat(position[0])
        if due_at is not None and due_at.tzinfo is None:
            raise ValueError(position[0])
        return TaskPlace(due_at, UUID(position[1]))
    except ValueError as error:
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID") from error


def token_of_place(place: TaskPlace | None) -> str:
    """The page token of a place; empty where there are no more."""
    if place is None:
        return ""
    due_at = place.due_at.isoformat() if place.due_at else _NO_DUE_TIME
    return encode_page_token(due_at, str(place.task_id))


def round_message(round_: Round) -> messages.Round:
    """A round as the contract shows it."""
    return messages.Round(
        round_id=str(round_.round_id),
        application_id=str(round_.application_id),
        round_number=round_.round_number,
        state=messages.RoundState.Value(f"ROUND_STATE_{round_.state}"),
        tasks=[task_message(task) for task in round_.tasks],
        consolidation=messages.Consolidation.Value(f"CONSOLIDATION_{round_.consolidation}")
        if round_.consolidation
        else messages.CONSOLIDATION_UNSPECIFIED,
        consolidation_reason=round_.consolidation_reason,
        opened_at=_timestamp(round_.opened_at),
        closed_at=_timestamp(round_.closed_at),
    )


def task_message(task: Task) -> messages.Task:
    """A task as the contract shows it."""
    message = messages.Task(
        task_id=str(task.task_id),
        round_id=str(task.round_id),
        application_id=str(task.application_id),
        agency=task.agency,
        mandatory=task.mandatory,
        reason=task.reason,
        state=messages.TaskState.Value(f"TASK_STATE_{task.state}"),
        due_at=_timestamp(task.due_at),
        conditions=[condition_message(condition) for condition in task.conditions],
        etag=str(task.version),
        reminders_sent=task.reminders_sent,
    )
    if task.given is not None:
        message.opinion = messages.Opinion.Value(f"OPINION_{task.given.opinion}")
        message.reasons = task.given.reasons
        message.factors.extend(_factor_message(each) for each in task.given.factors)
        message.answered_by = task.given.given_by
        message.answered_at.FromDatetime(task.given.given_at)
    if task.waiver is not None:
        message.waived_by = task.waiver.waived_by
        message.waiver_reason = task.waiver.reason
        message.waived_at.FromDatetime(task.waiver.waived_at)
    return message


def condition_message(condition: Condition) -> messages.Condition:
    """A condition as the contract shows it."""
    return messages.Condition(
        condition_id=str(condition.condition_id),
        task_id=str(condition.task_id),
        agency=condition.agency,
        text_zh=condition.text.zh,
        text_en=condition.text.en,
        lifted=condition.lifted,
        etag=str(condition.version),
    )


def event_message(event: LedgerEvent) -> foundation_pb2.Event:
    """An event of the ledger as the contract shows it: ids and words only."""
    return foundation_pb2.Event(
        sequence=event.sequence,
        event_id=str(event.event_id),
        occurred_at=_timestamp(event.occurred_at),
        action=event.action,
        actor_role=event.actor_role,
        state=event.state,
        references={name: str(value) for name, value in event.payload.items() if name != "state"},
    )


def task_statistics_message(as_of: datetime, agencies: Sequence[AgencyStatistics]) -> messages.TaskStatistics:
    """Figures about agencies as the contract shows them."""
    return messages.TaskStatistics(
        as_of=_timestamp(as_of),
        agencies=[
            messages.AgencyStatistics(
                agency=each.agency,
                open=each.open,
                overdue=each.overdue,
                answered=each.answered,
                unanswered=each.unanswered,
                median_days=each.median_days,
                ninetieth_percentile_days=each.ninetieth_percentile_days,
                late=each.late,
            )
            for each in agencies
        ],
    )


def _factor_message(assessment: FactorAssessment) -> messages.FactorAssessment:
    return messages.FactorAssessment(
        factor=messages.ReviewFactor.Value(f"REVIEW_FACTOR_{assessment.factor}"),
        rating=messages.FactorRating.Value(f"FACTOR_RATING_{assessment.rating}"),
        comment=assessment.comment,
    )


def _due_at(task: messages.NewTask, index: int) -> datetime | None:
    if not task.HasField("due_at"):
        return None
    try:
        return task.due_at.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise invalid_field(f"tasks[{index}].due_at", "INSTANT_INVALID") from error


def _timestamp(instant: datetime | None) -> Timestamp | None:
    if instant is None:
        return None
    timestamp = Timestamp()
    timestamp.FromDatetime(instant)
    return timestamp


def _word(name: str, prefix: str) -> str:
    return name.removeprefix(f"{prefix}_")
