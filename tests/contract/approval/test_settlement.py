"""What classification hears of a case from the procedure: real licensing, real classification, the real activities."""

import dataclasses
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC

import pytest
import sqlalchemy
from temporalio.testing import ActivityEnvironment
from xuke.classification.v1 import classification_pb2 as classification
from xuke.classification.v1 import precedent_pb2 as precedents
from xuke.classification.v1.classification_pb2_grpc import ClassificationServiceStub
from xuke.classification.v1.precedent_pb2_grpc import PrecedentServiceStub
from xuke.consultation.v1.consultation_pb2_grpc import (
    ConsultationProcedureServiceStub,
    ConsultationServiceStub,
)
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.licensing.v1.application_pb2_grpc import ProcedureServiceStub, ReviewServiceStub
from xuke.licensing.v1.licence_pb2_grpc import LicenceProcedureServiceStub
from xuke.screening.v1 import screening_pb2 as screening
from xuke.screening.v1 import screening_pb2_grpc as screening_contract
from xuke.screening.v1.rescreening_pb2_grpc import RescreeningServiceStub

from services.approval.activities.automatic_checks import AutomaticChecks
from services.approval.activities.services import Services
from services.approval.activities.settlement import Settlement
from services.approval.domain.steps import RunAutomaticChecks, SettleClassification, StepResult
from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations
from services.classification.store.tables import ledger
from services.foundation.database import Database
from services.foundation.grpc_server import Registration
from services.foundation.permissions import allow
from services.foundation.principal import Principal, Role
from tests.conftest import ServiceDatabase
from tests.contract.licensing.application_world import COMPLETE, World, dossier, world
from tests.support import identity
from tests.support.services import RunningService, call_of, request_id, running

__all__ = ["world"]


class Screening(screening_contract.ScreeningServiceServicer):
    """Has nothing against anybody."""

    def Screen(self, request: screening.ScreenRequest, context: object) -> screening.Screening:
        return screening.Screening(screening_id=str(uuid.uuid4()), verdict=screening.VERDICT_CLEAR)


@pytest.fixture
def database(service_database: Callable[[str], ServiceDatabase]) -> Iterator[Database]:
    made = Database(service_database("classification").url, ledger)
    yield made
    made.dispose()


@pytest.fixture
def classifying(world: World, database: Database) -> Iterator[RunningService]:
    load(database, read_control_list(), world.clock)
    contract = screening.DESCRIPTOR.services_by_name["ScreeningService"]
    registered = [
        *registrations(database, Indexes(read_search_policy()), read_examination()),
        Registration(
            contract,
            screening_contract.add_ScreeningServiceServicer_to_server,
            Screening(),
            {method.name: allow(Role.PROCEDURE) for method in contract.methods},
        ),
    ]
    with running(registered, world.clock) as service:
        yield service


@pytest.fixture
def services(world: World, classifying: RunningService) -> Services:
    licensed, others = (each.channel(identity.PROCEDURE) for each in (world.service, classifying))
    return Services(
        channels=(),
        procedure=ProcedureServiceStub(licensed),
        review=ReviewServiceStub(licensed),
        licence=LicenceProcedureServiceStub(licensed),
        consultation=ConsultationServiceStub(others),
        consultation_procedure=ConsultationProcedureServiceStub(others),
        classification=ClassificationServiceStub(others),
        precedents=PrecedentServiceStub(others),
        screening=screening_contract.ScreeningServiceStub(others),
        rescreening=RescreeningServiceStub(others),
    )


def activity() -> ActivityEnvironment:
    made = ActivityEnvironment()
    made.info = dataclasses.replace(made.info, workflow_run_id=str(uuid.uuid4()))
    return made


def check(services: Services, application_id: str, submission_number: int = 1) -> None:
    done = activity().run(
        AutomaticChecks(services).run_automatic_checks, RunAutomaticChecks(application_id, submission_number)
    )
    assert done is StepResult.DONE


def settle(services: Services, application_id: str) -> None:
    done = activity().run(Settlement(services).settle_classification, SettleClassification(application_id))
    assert done is StepResult.DONE


def stored(database: Database) -> dict[str, tuple[str, bool]]:
    """What is kept, by subject: whose it is, and whether it is open."""
    with database.begin(call_of(identity.AUDITOR)) as work:
        rows = work.connection.execute(
            sqlalchemy.text("SELECT subject, organisation, is_open FROM classified_item")
        )
        return {subject: (organisation, is_open) for subject, organisation, is_open in rows}


def found(
    classifying: RunningService, who: Principal = identity.MINISTRY_OFFICER
) -> Sequence[precedents.Precedent]:
    stub = PrecedentServiceStub(classifying.channel(who))
    item = classification.Item(name_zh="仲钨酸铵")
    return stub.FindPrecedents(precedents.FindPrecedentsRequest(item=item)).precedents


def assess(world: World, application_id: str, *codes: str) -> None:
    world.reviewer(identity.MINISTRY_OFFICER).AssessItem(
        licensing.AssessItemRequest(
            request_id=request_id(),
            application_id=application_id,
            etag=world.case(application_id).etag,
            line_number=1,
            control_codes=codes,
            reason="纯度为 99.95%，属于该编码。",
        )
    )


def test_what_a_reviewer_assessed_is_a_precedent_once_the_licence_is_issued(
    world: World, services: Services, classifying: RunningService, database: Database
) -> None:
    application_id = world.submitted().application_id
    check(services, application_id)
    subject = f"applications/{application_id}/1/1"
    assert stored(database) == {subject: (identity.EXPORTER.organisation, True)}
    world.forward(application_id)
    world.accept(application_id)
    assess(world, application_id, "2B350")
    assess(world, application_id, "1C117.d.1", "1C117.c")
    world.consult(application_id)
    world.close_round(application_id)
    world.propose(application_id)
    world.countersign(application_id)
    assert not found(classifying)
    world.procedure.IssueLicence(
        licensing.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    )
    for _ in range(2):
        settle(services, application_id)
    (kept,) = found(classifying)
    assert kept.subject == f"applications/{application_id}/1"
    # The applicant is shown what was decided, without the reasons and the person.
    (own,) = found(classifying, identity.EXPORTER)
    assert (own.subject, own.control_codes, own.reason) == (kept.subject, kept.control_codes, "")
    assert not found(classifying, identity.OTHER_EXPORTER)
    assert list(kept.control_codes) == ["1C117.d.1", "1C117.c"]
    assert (kept.reason, kept.decided_by) == (
        "纯度为 99.95%，属于该编码。",
        identity.MINISTRY_OFFICER.subject,
    )
    assert kept.decided_at.ToDatetime(UTC) == world.clock.now()
    assert (kept.item.name_zh, kept.item.hs_code) == ("仲钨酸铵", "2841801000")
    assert list(kept.list_versions)
    assert stored(database) == {subject: (identity.EXPORTER.organisation, False)}


def test_a_withdrawn_application_leaves_no_precedent_and_nothing_open(
    world: World, services: Services, classifying: RunningService, database: Database
) -> None:
    application_id = world.submitted().application_id
    check(services, application_id)
    world.forward(application_id)
    assess(world, application_id, "2B350")
    world.withdraw(application_id)
    settle(services, application_id)
    assert not found(classifying)
    assert [is_open for _, is_open in stored(database).values()] == [False]


def test_a_later_submission_takes_the_place_of_the_earlier(
    world: World, services: Services, database: Database
) -> None:
    application_id = world.submitted(COMPLETE).application_id
    check(services, application_id)
    world.request_supplement(
        application_id,
        identity.PROVINCIAL_OFFICER,
        licensing.Deficiency(code="OTHER", field="dossier.items[0].description"),
    )
    mended: dossiers.Dossier = dossier()
    mended.items[0].description = "白色结晶粉末"
    world.applicant().UpdateApplication(
        licensing.UpdateApplicationRequest(
            request_id=request_id(),
            application_id=application_id,
            etag=world.get(application_id).etag,
            dossier=mended,
        )
    )
    world.supplement(application_id)
    check(services, application_id, 2)
    assert {subject.rsplit("/", 2)[1]: is_open for subject, (_, is_open) in stored(database).items()} == {
        "1": False,
        "2": True,
    }
