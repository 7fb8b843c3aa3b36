"""No licence on an old screening: while screening cannot answer, the approved case waits and says why."""

import pytest
from temporalio.exceptions import ApplicationError
from xuke.licensing.v1 import application_pb2 as licensing

from services.approval.activities.application_steps import ApplicationSteps
from services.approval.activities.services import Services
from services.approval.domain.steps import IssueLicence, StepResult
from services.foundation.errors import ErrorCode, XukeError, failed_precondition, not_found
from tests.contract.approval.answering_services import Answers, answers, services, taken
from tests.contract.licensing.application_world import World, world
from tests.contract.licensing.test_rescreening import PROHIBITED, record, rescreened

__all__ = ["answers", "services", "world"]

STALE = "SCREENING_LIST_STALE"


@pytest.fixture
def steps(services: Services) -> ApplicationSteps:
    return ApplicationSteps(services)


@pytest.fixture
def approved(world: World) -> str:
    application_id = world.proposed()
    world.countersign(application_id)
    return application_id


def issue(steps: ApplicationSteps, application_id: str) -> StepResult:
    return taken(steps.issue_licence, IssueLicence(application_id))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (failed_precondition(STALE, list_code="control_list"), STALE),
        (XukeError(ErrorCode.UNAVAILABLE, "SERVICE_UNREACHABLE"), "SCREENING_UNREACHABLE"),
        (XukeError(ErrorCode.DEADLINE_EXCEEDED, "CALL_TIMED_OUT"), "SCREENING_UNREACHABLE"),
    ],
)
@pytest.mark.parametrize("is_watched", [True, False])
def test_the_case_says_why_its_licence_is_not_issued_and_gets_it_once_screening_answers(
    world: World,
    steps: ApplicationSteps,
    answers: Answers,
    approved: str,
    error: XukeError,
    reason: str,
    is_watched: bool,
) -> None:
    if is_watched:
        answers.rescreening = error
    else:
        # It was screened before exports were watched: it is screened as a new one.
        answers.rescreening, answers.screening = not_found("watched_export", approved), error
    for _ in range(2):
        with pytest.raises(ApplicationError) as raised:
            issue(steps, approved)
        assert (raised.value.type, raised.value.message) == ("UNAVAILABLE", reason)
        assert not raised.value.non_retryable
    case = world.case(approved)
    assert (case.state, case.waiting_reason) == (licensing.APPLICATION_STATE_APPROVED, reason)
    assert [entry.action for entry in case.history].count("wait") == 1

    if is_watched:
        answers.rescreening = None
    answers.screening = None
    assert issue(steps, approved) is StepResult.DONE
    case = world.case(approved)
    assert (case.state, case.waiting_reason) == (licensing.APPLICATION_STATE_LICENSED, "")


def test_what_holds_the_licence_meanwhile_ends_the_step(
    world: World, steps: ApplicationSteps, answers: Answers, approved: str
) -> None:
    answers.rescreening = failed_precondition(STALE, list_code="control_list")
    record(world, approved, rescreened(world, PROHIBITED, open_hits=1))
    assert issue(steps, approved) is StepResult.SUPERSEDED
    assert world.case(approved).waiting_reason == ""
