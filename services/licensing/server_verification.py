"""The public verification of licences over gRPC: one method, for the portal alone."""

import grpc
from xuke.licensing.v1 import licence_pb2 as messages
from xuke.licensing.v1 import licence_pb2_grpc

from services.foundation.database import Database
from services.foundation.grpc_server import current_call
from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role
from services.licensing import licence_messages as convert
from services.licensing.verification_service import verify_licence

VERIFICATION_PERMISSIONS: dict[str, Permission] = {"VerifyLicence": allow(Role.PORTAL)}


class LicenceVerificationServicer(licence_pb2_grpc.LicenceVerificationServiceServicer):
    """xuke.licensing.v1.LicenceVerificationService."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def VerifyLicence(
        self, request: messages.VerifyLicenceRequest, context: grpc.ServicerContext
    ) -> messages.LicenceVerification:
        with self._database.begin(current_call()) as work:
            found = verify_licence(work, request.number)
            return messages.LicenceVerification(
                number=found.number,
                state=convert.to_state(found.state),
                valid_from=found.valid_from.isoformat(),
                valid_to=found.valid_to.isoformat(),
                as_of=convert.timestamp(work.call.now),
            )
