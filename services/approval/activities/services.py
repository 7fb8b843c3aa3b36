"""The stubs of the services that the procedure calls, as its service account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import grpc
from xuke.classification.v1.classification_pb2_grpc import ClassificationServiceStub
from xuke.classification.v1.precedent_pb2_grpc import PrecedentServiceStub
from xuke.consultation.v1.consultation_pb2_grpc import (
    ConsultationProcedureServiceStub,
    ConsultationServiceStub,
)
from xuke.licensing.v1.application_pb2_grpc import ProcedureServiceStub, ReviewServiceStub
from xuke.licensing.v1.licence_pb2_grpc import LicenceProcedureServiceStub
from xuke.screening.v1.rescreening_pb2_grpc import RescreeningServiceStub
from xuke.screening.v1.screening_pb2_grpc import ScreeningServiceStub

from services.approval.activities.calls import CALL_DEADLINE_SECONDS
from services.foundation.grpc_channel import open_channel

CALLED = ("licensing", "consultation", "classification", "screening")


@dataclass(frozen=True)
class Services:
    """One stub for each interface that the procedure uses."""

    channels: tuple[grpc.Channel, ...]
    procedure: ProcedureServiceStub
    review: ReviewServiceStub
    licence: LicenceProcedureServiceStub
    consultation: ConsultationServiceStub
    consultation_procedure: ConsultationProcedureServiceStub
    classification: ClassificationServiceStub
    precedents: PrecedentServiceStub
    screening: ScreeningServiceStub
    rescreening: RescreeningServiceStub

    @classmethod
    def at(cls, addresses: Mapping[str, str], token: Callable[[], str]) -> "Services":
        """Stubs for the services at host:port by name (those of `CALLED`); connects when first used."""
        channels = {
            service: open_channel(addresses[service], token, CALL_DEADLINE_SECONDS) for service in CALLED
        }
        return cls(
            channels=tuple(channels.values()),
            procedure=ProcedureServiceStub(channels["licensing"]),
            review=ReviewServiceStub(channels["licensing"]),
            licence=LicenceProcedureServiceStub(channels["licensing"]),
            consultation=ConsultationServiceStub(channels["consultation"]),
            consultation_procedure=ConsultationProcedureServiceStub(channels["consultation"]),
            classification=ClassificationServiceStub(channels["classification"]),
            precedents=PrecedentServiceStub(channels["classification"]),
            screening=ScreeningServiceStub(channels["screening"]),
            rescreening=RescreeningServiceStub(channels["screening"]),
        )

    def close(self) -> None:
        """Closes the channels."""
        for channel in self.channels:
            channel.close()
