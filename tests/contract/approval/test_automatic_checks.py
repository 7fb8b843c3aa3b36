"""What the automatic checks make of a service that refuses to answer: whatever it says, the case waits."""

import dataclasses
import uuid
from collections.abc import Callable, Iterator

import grpc
import pytest
from google.protobuf.descriptor import ServiceDescriptor
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from xuke.classification.v1 import classification_pb2 as classification
from xuke.classification.v1 import classification_pb2_grpc as classification_contract
from xuke.classification.v1.precedent_pb2_grpc import PrecedentServiceStub
from xuke.consultation.v1.consultation_pb2_grpc import (
    ConsultationProcedureServiceStub,
    ConsultationServiceStub,
)
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1.application_pb2_grpc import ProcedureServiceStub, ReviewServiceStub
from xuke.licensing.v1.licence_pb2_grpc import LicenceProcedureServiceStub
from xuke.screening.v1 import screening_pb2 as screening
from xuke.screening.v1 import screening_pb2_grpc as screening_contract
from xuke.screening.v1.rescreening_pb2_grpc import RescreeningServiceStub

from services.approval.activities.automatic_checks import AutomaticChecks
from services.approval.activities.services import Services
from services.approval.domain.steps import RunAutomaticChecks, StepResult
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_server import Registration
from services.foundation.messages import render
from services.foundation.permissions import allow
from services.foundation.principal import Role
from tests.contract.licensing.application_world import World, world
from tests.support import identity
from tests.support.services import running

__all__ = ["world"]


class Answers:
    """The error that each service gives next; without one it has nothing against the export."""

    classification: XukeError | None = None
    screening: XukeError | None = None


class Classifying(classification_contract.ClassificationServiceServicer):
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def Classify(
        self, request: classification.ClassifyRequest, context: grpc.ServicerContext
    ) -> classification.ClassifyResponse:
        if self._answers.classification is not None:
            raise self._answers.classification
        return classification.ClassifyResponse(overall=classification.OUTCOME_NO_ENTRY_FOUND)


class Screening(screening_contract.ScreeningServiceServicer):
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def Screen(self, request: screening.ScreenRequest, context: grpc.ServicerContext) -> screening.Screening:
        if self._answers.screening is not None:
            raise self._answers.screening
        return screening.Screening(screening_id=str(uuid.uuid4()), verdict=screening.VERDICT_CLEAR)


def registration(service: ServiceDescriptor, add: Callable[..., None], servicer: object) -> Registration:
    return Registration(
        service, add, servicer, {method.name: allow(Role.PROCEDURE) for method in service.methods}
    )


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def checks(world: World, answers: Answers) -> Iterator[AutomaticChecks]:
    """The activity around the real licensing, and a classification and a screening that say what they are told."""
    registered = [
        registration(
            classification.DESCRIPTOR.services_by_name["ClassificationService"],
            classification_contract.add_ClassificationServiceServicer_to_server,
            Classifying(answers),
        ),
        registration(
            screening.DESCRIPTOR.services_by_name["ScreeningService"],
            screening_contract.add_ScreeningServiceServicer_to_server,
            Screening(answers),
        ),
    ]
    with running(registered, world.clock) as others:
        to_licensing, to_others = (each.channel(identity.PROCEDURE) for each in (world.service, others))
        yield AutomaticChecks(
            Services(
                channels=(),
                procedure=ProcedureServiceStub(to_licensing),
                review=ReviewServiceStub(to_licensing),
                licence=LicenceProcedureServiceStub(to_licensing),
                consultation=ConsultationServiceStub(to_others),
                consultation_procedure=ConsultationProcedureServiceStub(to_others),
                classification=classification_contract.ClassificationServiceStub(to_others),
                precedents=PrecedentServiceStub(to_others),
                screening=screening_contract.ScreeningServiceStub(to_others),
                rescreening=RescreeningServiceStub(to_others),
            )
        )


def run(checks: AutomaticChecks, application_id: str) -> StepResult:
    made = ActivityEnvironment()
    made.info = dataclasses.replace(made.info, workflow_run_id=str(uuid.uuid4()))
    result: StepResult = made.run(checks.run_automatic_checks, RunAutomaticChecks(application_id, 1))
    return result


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


def test_an_application_that_was_withdrawn_waits_for_nobody(
    world: World, checks: AutomaticChecks, answers: Answers
) -> None:
    application_id = world.submitted().application_id
    world.withdraw(application_id)
    answers.screening = XukeError(ErrorCode.FAILED_PRECONDITION, "SCREENING_LIST_STALE")
    assert run(checks, application_id) is StepResult.SUPERSEDED
