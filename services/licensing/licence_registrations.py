"""The four licence services, wired."""

from xuke.licensing.v1 import licence_pb2, licence_pb2_grpc

from services.foundation.database import Database
from services.foundation.documents.store import DocumentStore
from services.foundation.grpc_server import Registration
from services.licensing.applicant_gate import admit
from services.licensing.document.pdf import LicenceRenderer
from services.licensing.document.signing import Signer
from services.licensing.licence_procedure_service import LicencePress
from services.licensing.server_customs import CUSTOMS_PERMISSIONS, CustomsServicer
from services.licensing.server_licences import (
    LICENCE_PERMISSIONS,
    PROCEDURE_PERMISSIONS,
    LicenceProcedureServicer,
    LicenceServicer,
)
from services.licensing.server_verification import VERIFICATION_PERMISSIONS, LicenceVerificationServicer


def licence_registrations(
    database: Database, documents: DocumentStore, signer: Signer, public_url: str
) -> list[Registration]:
    """LicenceService, LicenceProcedureService, CustomsService and LicenceVerificationService with permissions.

    `public_url` is the base of the addresses printed on licences.
    """
    press = LicencePress(documents, signer, LicenceRenderer(), public_url)
    services = licence_pb2.DESCRIPTOR.services_by_name
    return [
        Registration(
            services["LicenceService"],
            licence_pb2_grpc.add_LicenceServiceServicer_to_server,
            LicenceServicer(database.guarded(admit), press),
            LICENCE_PERMISSIONS,
        ),
        Registration(
            services["LicenceProcedureService"],
            licence_pb2_grpc.add_LicenceProcedureServiceServicer_to_server,
            LicenceProcedureServicer(database, press),
            PROCEDURE_PERMISSIONS,
        ),
        Registration(
            services["CustomsService"],
            licence_pb2_grpc.add_CustomsServiceServicer_to_server,
            CustomsServicer(database),
            CUSTOMS_PERMISSIONS,
        ),
        Registration(
            services["LicenceVerificationService"],
            licence_pb2_grpc.add_LicenceVerificationServiceServicer_to_server,
            LicenceVerificationServicer(database),
            VERIFICATION_PERMISSIONS,
        ),
    ]
