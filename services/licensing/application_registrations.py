"""The application services and their statistics, wired."""

from datetime import timedelta
from pathlib import Path

from xuke.licensing.v1 import application_pb2, application_pb2_grpc

from services.foundation.database import Database
from services.foundation.documents.malware_scanner import MalwareScanner
from services.foundation.documents.store import DocumentStore
from services.foundation.grpc_server import Registration
from services.foundation.working_days import WorkingDayCalendar
from services.licensing.applicant_gate import admit
from services.licensing.application_context import ApplicationContext
from services.licensing.reference_files import load_procedures, load_reference
from services.licensing.server_applications import APPLICATION_PERMISSIONS, ApplicationServicer
from services.licensing.server_procedure import APPLICATION_PROCEDURE_PERMISSIONS, ProcedureServicer
from services.licensing.server_review import REVIEW_PERMISSIONS, ReviewServicer
from services.licensing.server_statistics import statistics_registration

# Managers look at figures of months: half a minute is nothing to them, and spares the database.
_STATISTICS_LIFETIME = timedelta(seconds=30)


def load_context(
    calendar_file: Path | None = None, designations_file: Path | None = None
) -> ApplicationContext:
    """What the use cases work with.

    `calendar_file` holds holiday notices newer than those shipped, `designations_file` the companies that are
    designated to export besides those shipped.
    """
    return ApplicationContext(
        WorkingDayCalendar.load(calendar_file), load_procedures(), load_reference(designations_file)
    )


def application_registrations(
    database: Database,
    documents: DocumentStore,
    context: ApplicationContext,
    scanner: MalwareScanner | None = None,
    statistics_lifetime: timedelta = _STATISTICS_LIFETIME,
) -> list[Registration]:
    """ApplicationService, ReviewService, ProcedureService and StatisticsService with their permissions.

    Uploads are looked at by `scanner`; without one they are not looked at for malware. Figures are kept in this
    process for `statistics_lifetime`.
    """
    guarded = database.guarded(admit)
    services = application_pb2.DESCRIPTOR.services_by_name
    return [
        Registration(
            services["ApplicationService"],
            application_pb2_grpc.add_ApplicationServiceServicer_to_server,
            ApplicationServicer(guarded, context, documents, scanner),
            APPLICATION_PERMISSIONS,
        ),
        Registration(
            services["ReviewService"],
            application_pb2_grpc.add_ReviewServiceServicer_to_server,
            ReviewServicer(guarded, context, documents),
            REVIEW_PERMISSIONS,
        ),
        Registration(
            services["ProcedureService"],
            application_pb2_grpc.add_ProcedureServiceServicer_to_server,
            ProcedureServicer(database, context),
            APPLICATION_PROCEDURE_PERMISSIONS,
        ),
        statistics_registration(database, context, statistics_lifetime),
    ]
