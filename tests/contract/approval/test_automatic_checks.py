"""What the automatic checks make of a service that refuses to answer: whatever it says, the case waits."""

import dataclasses
import uuid

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from xuke.licensing.v1 import application_pb2 as licensing

from services.approval.activities.automatic_checks import AutomaticChecks
from services.approval.activities.services import Services
from services.approval.domain.steps import RunAutomaticChecks, StepResult
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.messages import render
from tests.contract.approval.answering_services import Answers, answers, services, taken
from tests.contract.licensing.application_world import World, dossier, world

__all__ = ["answers", "services", "world"]


@pytest.fixture
def checks(services: Services) -> AutomaticChecks:
    return AutomaticChecks(services)


def run(checks: AutomaticChecks, application_id: str) -> StepResult:
    return taken(checks.run_automatic_checks, RunAutomaticChecks(application_id, 1))


def test_whatever_a_service_refuses_with_the_application_waits_and_names_it(
    world: World, checks: AutomaticChecks, answers: Answers
) -> None:
    application_id = world.submitted().application_id
    for service in ("screening", "classification"):
        for code in ErrorCode:
            if (service, code) == ("classification", ErrorCode.INVALID_ARGUMENT):
                continue
            reason = f"{service.upper()}_{code.name}"
            setattr(answers, service, XukeError(code, reason))
            with pytest.raises(ApplicationError) as raised:
                run(checks, application_id)
            assert (raised.value.type, raised.value.message) == ("UNAVAILABLE", reason)
            assert not raised.value.non_retryable
            case = world.case(application_id)
            assert (case.state, case.waiting_reason) == (licensing.APPLICATION_STATE_SUBMITTED, reason)
        setattr(answers, service, None)
    assert run(checks, application_id) is StepResult.DONE
    assert world.case(application_id).waiting_reason == ""


@pytest.mark.parametrize("service", ["classification", "screening"])
def test_whether_a_service_is_gone_or_hangs_the_case_names_it_once(
    world: World, checks: AutomaticChecks, answers: Answers, service: str
) -> None:
    application_id = world.submitted().application_id
    reason = f"{service.upper()}_UNREACHABLE"
    for code, word in (
        (ErrorCode.UNAVAILABLE, "SERVICE_UNREACHABLE"),
        (ErrorCode.DEADLINE_EXCEEDED, "CALL_TIMED_OUT"),
        (ErrorCode.UNAVAILABLE, "SERVICE_UNREACHABLE"),
    ):
        setattr(answers, service, XukeError(code, word))
        with pytest.raises(ApplicationError, match=reason):
            run(checks, application_id)
    case = world.case(application_id)
    assert case.waiting_reason == reason
    assert [entry.action for entry in case.history].count("wait") == 1
    sentence = render(reason, {})
    assert reason not in (sentence.zh, sentence.en)


def test_an_item_that_cannot_be_classified_is_a_finding_and_no_reason_to_wait(
    world: World, checks: AutomaticChecks, answers: Answers
) -> None:
    application_id = world.submitted().application_id
    answers.classification = XukeError(ErrorCode.INVALID_ARGUMENT, "INVALID_INPUT")
    assert run(checks, application_id) is StepResult.DONE
    case = world.case(application_id)
    assert case.state == licensing.APPLICATION_STATE_PROVINCIAL_REVIEW
    assert case.classifications[0].outcome == "NEEDS_INFORMATION"


def test_the_checks_of_a_long_dossier_are_heard_of_after_each_item(
    world: World, checks: AutomaticChecks, answers: Answers
) -> None:
    content = dossier()
    for number in range(2, 6):
        content.items.add().CopyFrom(content.items[0])
        content.items[-1].line_number = number
    application_id = world.submitted(content=content).application_id
    heard: list[tuple[object, ...]] = []
    environment = ActivityEnvironment()
    environment.info = dataclasses.replace(environment.info, workflow_run_id=str(uuid.uuid4()))
    environment.on_heartbeat = lambda *details: heard.append(details)
    step = RunAutomaticChecks(application_id, 1)
    assert environment.run(checks.run_automatic_checks, step) is StepResult.DONE
    assert len(world.case(application_id).classifications) == 5
    # One after each item and one after the screening.
    assert len(heard) == 6


def test_an_application_that_was_withdrawn_waits_for_nobody(
    world: World, checks: AutomaticChecks, answers: Answers
) -> None:
    application_id = world.submitted().application_id
    world.withdraw(application_id)
    answers.screening = XukeError(ErrorCode.FAILED_PRECONDITION, "SCREENING_LIST_STALE")
    assert run(checks, application_id) is StepResult.SUPERSEDED
