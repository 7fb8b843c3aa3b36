"""A running consultation service over a fresh database."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.consultation.v1 import consultation_pb2 as messages
from xuke.consultation.v1 import consultation_pb2_grpc as contract

from services.consultation.reference_files import read_agencies
from services.consultation.server import registrations
from services.consultation.store.tables import ledger
from services.foundation.database import Database
from services.foundation.principal import Principal
from tests.conftest import ServiceDatabase
from tests.support import identity
from tests.support.services import RunningService, SettableClock, request_id, running

DUE = datetime(2026, 3, 20, 16, 0, tzinfo=UTC)


class Platform:
    """What the tests do with the service, as whom."""

    def __init__(
        self, running_service: RunningService, clock: SettableClock, database: ServiceDatabase
    ) -> None:
        self.service = running_service
        self.clock = clock
        self.database = database

    def people(self, principal: Principal) -> contract.ConsultationServiceStub:
        return contract.ConsultationServiceStub(self.service.channel(principal))

    @property
    def procedure(self) -> contract.ConsultationProcedureServiceStub:
        return contract.ConsultationProcedureServiceStub(self.service.channel(identity.PROCEDURE))

    def open_round(
        self, *tasks: messages.NewTask, application_id: str = "", round_number: int = 1
    ) -> messages.Round:
        return self.procedure.OpenRound(
            messages.OpenRoundRequest(
                request_id=request_id(),
                application_id=application_id or str(uuid.uuid4()),
                round_number=round_number,
                tasks=tasks,
            )
        )

    def answer(
        self,
        task: messages.Task,
        request: messages.SubmitOpinionRequest,
        who: Principal = identity.AGENCY_REVIEWER,
    ) -> messages.Task:
        request.task_id = task.task_id
        return self.people(who).SubmitOpinion(request)

    def close(self, round_: messages.Round) -> messages.Round:
        return self.procedure.CloseRound(
            messages.CloseRoundRequest(request_id=request_id(), round_id=round_.round_id)
        )

    def abandon(self, round_: messages.Round) -> messages.Round:
        return self.procedure.AbandonRound(
            messages.AbandonRoundRequest(request_id=request_id(), round_id=round_.round_id)
        )

    def expire(self, task: messages.Task) -> messages.Task:
        return self.procedure.ExpireTask(
            messages.ExpireTaskRequest(request_id=request_id(), task_id=task.task_id)
        )

    def events(self, round_: messages.Round, after: int = 0) -> list[tuple[int, str, str]]:
        answer = self.procedure.ListEvents(
            messages.ListEventsRequest(application_id=round_.application_id, after_sequence=after)
        )
        return [(event.sequence, event.action, event.state) for event in answer.events]


def new_task(
    agency: str = "SASTIND", mandatory: bool = True, due_at: datetime | None = DUE
) -> messages.NewTask:
    task = messages.NewTask(agency=agency, mandatory=mandatory, reason="missile technology")
    if due_at is not None:
        timestamp = Timestamp()
        timestamp.FromDatetime(due_at)
        task.due_at.CopyFrom(timestamp)
    return task


def opinion(
    word: messages.Opinion.ValueType = messages.OPINION_APPROVE, *conditions: str, etag: str = ""
) -> messages.SubmitOpinionRequest:
    factors = [value for value in messages.ReviewFactor.values() if value]
    return messages.SubmitOpinionRequest(
        request_id=request_id(),
        etag=etag,
        opinion=word,
        reasons="examined",
        factors=[
            messages.FactorAssessment(factor=factor, rating=messages.FACTOR_RATING_NO_CONCERN)
            for factor in factors
        ],
        conditions=[messages.NewCondition(text_zh=f"条件 {text}", text_en=text) for text in conditions],
    )


@pytest.fixture(scope="module")
def module_database(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("consultation")


@pytest.fixture(scope="module")
def module_platform(module_database: ServiceDatabase) -> Iterator[Platform]:
    clock = SettableClock(DUE)
    database = Database(module_database.url, ledger)
    with running(registrations(database, read_agencies()), clock) as service:
        yield Platform(service, clock, module_database)
    database.dispose()


@pytest.fixture
def platform(module_platform: Platform) -> Platform:
    """The running service, its clock well before anything is due."""
    module_platform.clock.instant = DUE - timedelta(days=10)
    return module_platform
