"""Every (role, state, action) is either in the table or refused."""

import itertools
from datetime import timedelta

import pytest

from services.consultation.domain.task_state import TRANSITIONS, Action, attempt, next_state
from services.consultation.domain.vocabulary import Opinion, RoundState, TaskState
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.principal import Role
from tests.support import identity
from tests.unit.consultation.samples import NOW, task

_BY_ROLE = {principal.role: principal for principal in identity.ONE_OF_EACH_ROLE}

# (state, action) -> (who may, where it leads) with every guard satisfied; written out apart from the table.
ALLOWED = {
    ("OPEN", "ANSWER"): ("agency_reviewer", "ANSWERED"),
    ("OVERDUE", "ANSWER"): ("agency_reviewer", "ANSWERED"),
    ("ANSWERED", "ANSWER"): ("agency_reviewer", "ANSWERED"),
    ("OPEN", "EXPIRE"): ("procedure", "OVERDUE"),
    ("OPEN", "WAIVE"): ("ministry_director", "WAIVED"),
    ("OVERDUE", "WAIVE"): ("ministry_director", "WAIVED"),
    ("ANSWERED", "WAIVE"): ("ministry_director", "WAIVED"),
    ("OPEN", "CLOSE"): ("procedure", "CLOSED_UNANSWERED"),
    ("OVERDUE", "CLOSE"): ("procedure", "CLOSED_UNANSWERED"),
    ("ANSWERED", "CLOSE"): ("procedure", "ANSWERED"),
    ("WAIVED", "CLOSE"): ("procedure", "WAIVED"),
    ("OPEN", "ABANDON"): ("procedure", "CLOSED_UNANSWERED"),
    ("OVERDUE", "ABANDON"): ("procedure", "CLOSED_UNANSWERED"),
    ("ANSWERED", "ABANDON"): ("procedure", "ANSWERED"),
    ("WAIVED", "ABANDON"): ("procedure", "WAIVED"),
}


@pytest.mark.parametrize(("role", "state", "action"), list(itertools.product(Role, TaskState, Action)))
def test_whole_matrix(role: Role, state: TaskState, action: Action) -> None:
    answered = state is TaskState.ANSWERED
    subject = task(state, opinion=Opinion.NOT_COMPETENT if answered else None, mandatory=False)
    result = attempt(subject, action, _BY_ROLE[role], NOW)
    who, target = ALLOWED.get((state, action), ("", ""))
    if role == who:
        assert result == TaskState(target)
    else:
        assert isinstance(result, XukeError)
        roles = {row.role for row in TRANSITIONS if row.action is action}
        expected = ErrorCode.FAILED_PRECONDITION if role in roles else ErrorCode.PERMISSION_DENIED
        assert result.code is expected


def test_refusal_names_state_and_what_is_possible() -> None:
    with pytest.raises(XukeError) as refused:
        next_state(task(TaskState.WAIVED), Action.ANSWER, identity.AGENCY_REVIEWER, NOW)
    assert refused.value.reason == "TASK_STATE_FORBIDS_ACTION"
    assert refused.value.metadata["state"] == "WAIVED"
    assert refused.value.metadata["allowed"] == "CLOSE ABANDON"


@pytest.mark.parametrize(
    ("action", "actor"),
    [
        (Action.ANSWER, identity.AGENCY_REVIEWER),
        (Action.WAIVE, identity.MINISTRY_DIRECTOR),
        (Action.EXPIRE, identity.PROCEDURE),
        (Action.CLOSE, identity.PROCEDURE),
        (Action.ABANDON, identity.PROCEDURE),
    ],
)
def test_nothing_changes_in_a_closed_round(action: Action, actor: identity.Principal) -> None:
    with pytest.raises(XukeError) as refused:
        next_state(task(mandatory=False, round_state=RoundState.CLOSED), action, actor, NOW)
    assert refused.value.reason == "ROUND_CLOSED"


def test_another_agency_may_not_answer() -> None:
    with pytest.raises(XukeError) as refused:
        next_state(task(agency="SASTIND"), Action.ANSWER, identity.OTHER_AGENCY, NOW)
    assert (refused.value.code, refused.value.reason) == (
        ErrorCode.PERMISSION_DENIED,
        "TASK_OF_ANOTHER_AGENCY",
    )


def test_a_reviewer_without_agency_answers_for_nobody() -> None:
    nobody = identity.Principal("agency-0", "Nobody", Role.AGENCY_REVIEWER)
    assert isinstance(attempt(task(agency="SASTIND"), Action.ANSWER, nobody, NOW), XukeError)


@pytest.mark.parametrize(
    ("due_in", "expected"),
    [
        (timedelta(0), TaskState.OVERDUE),
        (timedelta(microseconds=-1), TaskState.OVERDUE),
        (timedelta(microseconds=1), "TASK_NOT_DUE"),
        (None, "TASK_NOT_DUE"),
    ],
)
def test_expiry_needs_a_due_time_that_has_come(due_in: timedelta | None, expected: str) -> None:
    due_at = None if due_in is None else NOW + due_in
    result = attempt(task(due_at=due_at), Action.EXPIRE, identity.PROCEDURE, NOW)
    assert (result.reason if isinstance(result, XukeError) else result) == expected


@pytest.mark.parametrize("opinion", [each for each in Opinion if each is not Opinion.NOT_COMPETENT])
def test_an_opinion_that_was_given_cannot_be_waived(opinion: Opinion) -> None:
    result = attempt(task(TaskState.ANSWERED, opinion=opinion), Action.WAIVE, identity.MINISTRY_DIRECTOR, NOW)
    assert isinstance(result, XukeError)
    assert result.reason == "OPINION_CANNOT_BE_WAIVED"


_MISSING = pytest.mark.parametrize(
    ("state", "opinion"),
    [
        (TaskState.OPEN, None),
        (TaskState.OVERDUE, None),
        (TaskState.ANSWERED, Opinion.NOT_COMPETENT),
    ],
)


@_MISSING
def test_a_missing_mandatory_opinion_does_not_keep_a_round_from_being_abandoned(
    state: TaskState, opinion: Opinion | None
) -> None:
    result = attempt(task(state, opinion=opinion), Action.ABANDON, identity.PROCEDURE, NOW)
    assert not isinstance(result, XukeError)


@_MISSING
def test_a_missing_mandatory_opinion_keeps_the_round_open(state: TaskState, opinion: Opinion | None) -> None:
    result = attempt(task(state, opinion=opinion), Action.CLOSE, identity.PROCEDURE, NOW)
    assert isinstance(result, XukeError)
    assert result.reason == "MANDATORY_OPINIONS_MISSING"
