"""The gRPC face of the sealed record, and who may read it."""

from uuid import UUID

import grpc
from xuke.audit.v1 import audit_pb2 as messages
from xuke.audit.v1 import audit_pb2_grpc as contract

from services.foundation.audit_log.statements import SignedCheckpoint
from services.foundation.grpc_server import Registration
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.sealer.service import SealedRecord

_READERS = allow(Role.AUDITOR, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)


class AuditServicer(contract.AuditServiceServicer):
    """What auditors and the ministry ask of the sealed record."""

    def __init__(self, record: SealedRecord) -> None:
        self._record = record

    def GetCheckpoint(
        self, request: messages.GetCheckpointRequest, context: grpc.ServicerContext
    ) -> messages.Checkpoint:
        return _checkpoint(request.service, self._record.checkpoint(request.service))

    def GetInclusionProof(
        self, request: messages.GetInclusionProofRequest, context: grpc.ServicerContext
    ) -> messages.InclusionProof:
        proved = self._record.prove(request.service, UUID(request.event_id))
        return messages.InclusionProof(
            leaf_index=proved.proof.index,
            leaf_hash=proved.proof.leaf_hash.hex(),
            path=[head.hex() for head in proved.proof.path],
            checkpoint=_checkpoint(request.service, proved.proof.signed),
            public_key=proved.verifier_key,
        )


def _checkpoint(service: str, signed: SignedCheckpoint) -> messages.Checkpoint:
    return messages.Checkpoint(
        service=service,
        size=signed.checkpoint.size,
        root=signed.checkpoint.root.hex(),
        note=signed.note,
    )


def registrations(record: SealedRecord) -> list[Registration]:
    """The service with the permission of each method."""
    return [
        Registration(
            messages.DESCRIPTOR.services_by_name["AuditService"],
            contract.add_AuditServiceServicer_to_server,
            AuditServicer(record),
            {"GetCheckpoint": _READERS, "GetInclusionProof": _READERS},
        )
    ]
