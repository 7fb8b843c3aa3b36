"""The four services, the relay, Temporal and the worker in one process; people act through the interfaces."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import grpc
from temporalio.client import Client
from temporalio.worker import Worker
from xuke.classification.v1.classification_pb2_grpc import ClassificationServiceStub
from xuke.classification.v1.precedent_pb2_grpc import PrecedentServiceStub
from xuke.consultation.v1 import consultation_pb2 as consultation
from xuke.consultation.v1.consultation_pb2_grpc import (
    ConsultationProcedureServiceStub,
    ConsultationServiceStub,
)
from xuke.licensing.v1.application_pb2_grpc import ProcedureServiceStub, ReviewServiceStub
from xuke.licensing.v1.licence_pb2_grpc import LicenceProcedureServiceStub
from xuke.screening.v1.rescreening_pb2_grpc import RescreeningServiceStub
from xuke.screening.v1.screening_pb2_grpc import ScreeningServiceStub

from services.approval.activities.services import Services
from services.approval.worker import activities, build_worker, ensure_rescreening
from services.classification import loading as classification_loading
from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations as classification_registrations
from services.classification.store.tables import ledger as classification_ledger
from services.consultation.reference_files import read_agencies
from services.consultation.server import registrations as consultation_registrations
from services.consultation.store.tables import ledger as consultation_ledger
from services.foundation.database import Database
from services.foundation.documents.local_folder import LocalFolderDocumentStore
from services.foundation.grpc_channel import open_channel
from services.foundation.grpc_server import Registration, Server
from services.foundation.ledger import Ledger
from services.foundation.principal import Principal, Role
from services.launcher.ports import free_ports
from services.licensing.application_registrations import application_registrations, load_context
from services.licensing.document.development_authority import create_development_authority
from services.licensing.document.signing import Es256Signer
from services.licensing.licence_registrations import licence_registrations
from services.licensing.notification_registrations import notification_registrations
from services.licensing.store.metadata import ledger as licensing_ledger
from services.relay.relay import Relay
from services.screening import loading as screening_loading
from services.screening.bases import Bases
from services.screening.domain.lists import PartyList
from services.screening.reference_files import read_comparison, read_shipped
from services.screening.server import registrations as screening_registrations
from services.screening.store.tables import ledger as screening_ledger
from tests.conftest import ServiceDatabase
from tests.contract.consultation.conftest import opinion
from tests.contract.licensing.application_world import MONDAY, World
from tests.support import identity
from tests.support.lists import make_current
from tests.support.services import RunningService, SettableClock, request_id, running

CALL_SECONDS = 4.0


@dataclass
class Platform:
    """What a test needs of the whole."""

    world: World
    consultation: RunningService
    client: Client
    task_queue: str
    # The server of screening, which a test may start late.
    screening: Server
    # Loads the lists of parties as shipped, which a test may begin without.
    refresh_lists: Callable[[], None]
    services: Services
    worker: Worker
    # A channel to screening as somebody.
    to_screening: Callable[[Principal], grpc.Channel]

    def tasks(self, agency: str) -> list[consultation.Task]:
        """The open tasks of an agency, as its reviewer sees them."""
        found = self._reviewer(agency).ListTasks(
            consultation.ListTasksRequest(agency=agency, states=[consultation.TASK_STATE_OPEN])
        )
        return list(found.tasks)

    def open_round(self, application_id: str, agencies: Iterable[str]) -> None:
        """What the procedure does first when agencies were chosen."""
        procedure = ConsultationProcedureServiceStub(self.consultation.channel(identity.PROCEDURE))
        tasks = [consultation.NewTask(agency=agency, mandatory=True) for agency in agencies]
        procedure.OpenRound(
            consultation.OpenRoundRequest(
                request_id=request_id(), application_id=application_id, round_number=1, tasks=tasks
            )
        )

    def rounds(self, application_id: str) -> list[consultation.Round]:
        """The rounds of an application, as the ministry sees them."""
        ministry = ConsultationServiceStub(self.consultation.channel(identity.MINISTRY_OFFICER))
        return list(ministry.ListRounds(consultation.ListRoundsRequest(application_id=application_id)).rounds)

    def answer(self, agency: str) -> None:
        """The agency approves of what it is asked, with a condition."""
        for task in self.tasks(agency):
            request = opinion(consultation.OPINION_APPROVE_WITH_CONDITIONS, "report the arrival")
            request.task_id, request.etag = task.task_id, task.etag
            self._reviewer(agency).SubmitOpinion(request)

    def _reviewer(self, agency: str) -> ConsultationServiceStub:
        who = Principal(f"reviewer-{agency}", agency, Role.AGENCY_REVIEWER, agency=agency)
        return ConsultationServiceStub(self.consultation.channel(who))


@asynccontextmanager
async def whole_platform(
    make: Callable[[str], ServiceDatabase],
    client: Client,
    folder: Path,
    *,
    screening_runs: bool = True,
    stale_lists: bool = False,
) -> AsyncIterator[Platform]:
    """Starts everything; the clock of the record stands on a Monday of a published year."""
    clock, task_queue = SettableClock(MONDAY), uuid.uuid4().hex
    licensing, consulting = make("licensing"), make("consultation")
    (folder / "keys").mkdir()
    create_development_authority(folder / "keys", MONDAY)
    async with AsyncExitStack() as stack:

        def served(addresses: ServiceDatabase, ledger: Ledger, registered: Registered) -> RunningService:
            database = Database(addresses.url, ledger)
            stack.callback(database.dispose)
            return stack.enter_context(running(registered(database), clock))

        documents = LocalFolderDocumentStore(folder / "documents")
        signer = Es256Signer.load(folder / "keys")
        at_licensing = served(
            licensing,
            licensing_ledger,
            lambda database: [
                *application_registrations(database, documents, load_context()),
                *licence_registrations(database, documents, signer, "https://xuke.example"),
                *notification_registrations(database),
            ],
        )
        at_consultation = served(
            consulting,
            consultation_ledger,
            lambda database: consultation_registrations(database, read_agencies()),
        )

        def classification(database: Database) -> list[Registration]:
            classification_loading.load(database, read_control_list(), clock)
            return classification_registrations(database, Indexes(read_search_policy()), read_examination())

        at_classification = served(make("classification"), classification_ledger, classification)
        screening_addresses = make("screening")
        screening_database = Database(screening_addresses.url, screening_ledger)
        stack.callback(screening_database.dispose)
        comparison = read_comparison()
        shipped = read_shipped()
        stale = replace(shipped, lists=tuple(_stale(listed) for listed in shipped.lists))
        screening_loading.load(screening_database, stale if stale_lists else shipped, clock)
        screening_address = f"127.0.0.1:{free_ports(1)[0]}"
        screening_server = Server(
            screening_address,
            screening_registrations(screening_database, Bases(comparison)),
            identity.verifier(),
            clock,
        )
        if screening_runs:
            screening_server.start()
        stack.callback(screening_server.stop)
        to_screening = open_channel(
            screening_address, lambda: identity.token(identity.PROCEDURE), CALL_SECONDS
        )
        stack.callback(to_screening.close)

        as_procedure = at_licensing.channel(identity.PROCEDURE)
        to_consultation = at_consultation.channel(identity.PROCEDURE)
        services = Services(
            channels=(),
            procedure=ProcedureServiceStub(as_procedure),
            review=ReviewServiceStub(as_procedure),
            licence=LicenceProcedureServiceStub(as_procedure),
            consultation=ConsultationServiceStub(to_consultation),
            consultation_procedure=ConsultationProcedureServiceStub(to_consultation),
            classification=ClassificationServiceStub(at_classification.channel(identity.PROCEDURE)),
            precedents=PrecedentServiceStub(at_classification.channel(identity.PROCEDURE)),
            screening=ScreeningServiceStub(to_screening),
            rescreening=RescreeningServiceStub(to_screening),
        )
        for service, addresses in (
            ("licensing", licensing),
            ("consultation", consulting),
            ("screening", screening_addresses),
        ):
            relay = asyncio.create_task(Relay(service, addresses.url, client, task_queue).run())
            stack.push_async_callback(_ended, relay)
        worker = await stack.enter_async_context(
            build_worker(client, activities(services, client, task_queue), task_queue)
        )
        await ensure_rescreening(client, task_queue)
        world = World(at_licensing, clock, licensing)
        yield Platform(
            world,
            at_consultation,
            client,
            task_queue,
            screening_server,
            lambda: make_current(screening_database, *shipped.lists),
            services,
            worker,
            lambda who: stack.enter_context(
                closing(open_channel(screening_address, lambda: identity.token(who), CALL_SECONDS))
            ),
        )


def _stale(listed: PartyList) -> PartyList:
    """The list as it was read too long ago for anybody to pass."""
    return replace(listed, version=f"earlier {listed.version}", read_on=date(2024, 1, 1))


Registered = Callable[[Database], list[Registration]]


async def _ended(task: "asyncio.Task[None]") -> None:
    assert not task.done()
    task.cancel()
    await asyncio.wait({task})
