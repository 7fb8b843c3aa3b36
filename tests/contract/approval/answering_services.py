"""The real licensing, and a classification and a screening that answer what a test tells them."""

import dataclasses
import uuid
from collections.abc import Callable, Iterator
from typing import TypeVar

import grpc
import pytest
from google.protobuf.descriptor import ServiceDescriptor
from temporalio.testing import ActivityEnvironment
from xuke.classification.v1 import classification_pb2 as classification
from xuke.classification.v1 import classification_pb2_grpc as classification_contract
from xuke.classification.v1.precedent_pb2_grpc import PrecedentServiceStub
from xuke.consultation.v1.consultation_pb2_grpc import (
    ConsultationProcedureServiceStub,
    ConsultationServiceStub,
)
from xuke.licensing.v1.application_pb2_grpc import ProcedureServiceStub, ReviewServiceStub
from xuke.licensing.v1.licence_pb2_grpc import LicenceProcedureServiceStub
from xuke.screening.v1 import rescreening_pb2 as rescreening
from xuke.screening.v1 import rescreening_pb2_grpc as rescreening_contract
from xuke.screening.v1 import screening_pb2 as screening
from xuke.screening.v1 import screening_pb2_grpc as screening_contract

from services.approval.activities.services import Services
from services.approval.domain.steps import StepResult
from services.foundation.errors import XukeError
from services.foundation.grpc_server import Registration
from services.foundation.permissions import allow
from services.foundation.principal import Role
from tests.contract.licensing.application_world import World
from tests.support import identity
from tests.support.services import running

Step = TypeVar("Step")


class Answers:
    """The error that each service gives next; without one it has nothing against the export."""

    classification: XukeError | None = None
    screening: XukeError | None = None
    rescreening: XukeError | None = None


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
        return screening.Screening(
            screening_id=str(uuid.uuid4()), subject=request.subject, verdict=screening.VERDICT_CLEAR
        )


class Rescreening(rescreening_contract.RescreeningServiceServicer):
    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def RescreenOne(
        self, request: rescreening.RescreenOneRequest, context: grpc.ServicerContext
    ) -> rescreening.ChangedScreening:
        if self._answers.rescreening is not None:
            raise self._answers.rescreening
        return rescreening.ChangedScreening(watched_as=request.watched_as, differs=False)

    def MarkDelivered(
        self, request: rescreening.MarkDeliveredRequest, context: grpc.ServicerContext
    ) -> rescreening.MarkDeliveredResponse:
        return rescreening.MarkDeliveredResponse()


def registration(service: ServiceDescriptor, add: Callable[..., None], servicer: object) -> Registration:
    return Registration(
        service, add, servicer, {method.name: allow(Role.PROCEDURE) for method in service.methods}
    )


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def services(world: World, answers: Answers) -> Iterator[Services]:
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
        registration(
            rescreening.DESCRIPTOR.services_by_name["RescreeningService"],
            rescreening_contract.add_RescreeningServiceServicer_to_server,
            Rescreening(answers),
        ),
    ]
    with running(registered, world.clock) as others:
        to_licensing, to_others = (each.channel(identity.PROCEDURE) for each in (world.service, others))
        yield Services(
            channels=(),
            procedure=ProcedureServiceStub(to_licensing),
            review=ReviewServiceStub(to_licensing),
            licence=LicenceProcedureServiceStub(to_licensing),
            consultation=ConsultationServiceStub(to_others),
            consultation_procedure=ConsultationProcedureServiceStub(to_others),
            classification=classification_contract.ClassificationServiceStub(to_others),
            precedents=PrecedentServiceStub(to_others),
            screening=screening_contract.ScreeningServiceStub(to_others),
            rescreening=rescreening_contract.RescreeningServiceStub(to_others),
        )


def taken(activity: Callable[[Step], StepResult], step: Step) -> StepResult:
    """What an activity makes of a step, as the worker would run it."""
    made = ActivityEnvironment()
    made.info = dataclasses.replace(made.info, workflow_run_id=str(uuid.uuid4()))
    result: StepResult = made.run(activity, step)
    return result
