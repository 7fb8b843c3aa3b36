"""What a refusal means for the procedure, and the ids that its requests carry."""

import uuid
from dataclasses import replace

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from xuke.licensing.v1 import application_pb2 as licensing

from services.approval.activities.calls import acting, identified, reading
from services.approval.domain.steps import StepResult
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.tracing import current_trace_id

SUPERSEDING = {ErrorCode.FAILED_PRECONDITION, ErrorCode.ABORTED, ErrorCode.ALREADY_EXISTS}
RUN_ID = str(uuid.uuid4())


def environment(activity_id: str = "1", attempt: int = 1) -> ActivityEnvironment:
    made = ActivityEnvironment()
    made.info = replace(made.info, activity_id=activity_id, attempt=attempt, workflow_run_id=RUN_ID)
    return made


def expiry(deadline_id: str = "d") -> licensing.ExpireDeadlineRequest:
    return licensing.ExpireDeadlineRequest(application_id="a", deadline_id=deadline_id)


def request_id(made: ActivityEnvironment, deadline_id: str = "d") -> str:
    return made.run(lambda: identified(expiry(deadline_id)).request_id)


def test_every_retry_of_a_decision_carries_the_same_id() -> None:
    first = request_id(environment())
    assert uuid.UUID(first)
    assert request_id(environment(attempt=7)) == first


def test_a_new_decision_about_the_same_thing_carries_a_new_id() -> None:
    """Else a step that came too early would be answered for ever that nothing changed."""
    assert request_id(environment(activity_id="2")) != request_id(environment(activity_id="1"))


def test_another_content_carries_another_id() -> None:
    """Else a retry that read the record anew would be refused as a reuse of the id."""
    assert request_id(environment(), "d") != request_id(environment(), "e")


@pytest.mark.parametrize("code", ErrorCode)
def test_a_step_is_superseded_by_the_record_and_retried_after_anything_else(code: ErrorCode) -> None:
    @acting
    def step() -> None:
        raise XukeError(code, "SOME_REASON", {"end_user": "a secret name"})

    if code in SUPERSEDING:
        assert environment().run(step) is StepResult.SUPERSEDED
        return
    with pytest.raises(ApplicationError) as raised:
        environment().run(step)
    assert raised.value.type == code.name
    assert not raised.value.non_retryable
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_step_that_was_done_says_so() -> None:
    assert environment().run(acting(lambda: None)) is StepResult.DONE


def test_a_pull_is_never_superseded() -> None:
    @reading
    def pull() -> None:
        raise XukeError(ErrorCode.FAILED_PRECONDITION, "SOME_REASON")

    with pytest.raises(ApplicationError):
        environment().run(pull)


def test_the_calls_of_one_run_are_one_trace() -> None:
    assert environment().run(reading(current_trace_id)) == uuid.UUID(RUN_ID).hex
