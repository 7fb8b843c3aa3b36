"""The two services of people and organisations, wired."""

from xuke.licensing.v1 import organisation_pb2, organisation_pb2_grpc

from services.foundation.database import Database
from services.foundation.grpc_server import Registration
from services.licensing.applicant_gate import admit
from services.licensing.server_organisations import (
    DIRECTORY_PERMISSIONS,
    ORGANISATION_PERMISSIONS,
    DirectoryServicer,
    OrganisationServicer,
)


def organisation_registrations(database: Database) -> list[Registration]:
    """DirectoryService and OrganisationService with their permissions."""
    guarded = database.guarded(admit)
    services = organisation_pb2.DESCRIPTOR.services_by_name
    return [
        Registration(
            services["DirectoryService"],
            organisation_pb2_grpc.add_DirectoryServiceServicer_to_server,
            DirectoryServicer(guarded),
            DIRECTORY_PERMISSIONS,
        ),
        Registration(
            services["OrganisationService"],
            organisation_pb2_grpc.add_OrganisationServiceServicer_to_server,
            OrganisationServicer(guarded),
            ORGANISATION_PERMISSIONS,
        ),
    ]
