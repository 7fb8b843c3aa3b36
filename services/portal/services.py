"""The services that the portal asks, as the person who is signed in, or as itself.

Each service checks the role of the caller itself; what the portal shows to whom is no protection.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

import grpc
from flask import Flask, current_app, g
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from xuke.classification.v1 import (
    classification_pb2_grpc,
    control_list_pb2_grpc,
    inquiry_pb2_grpc,
    precedent_pb2_grpc,
    product_pb2_grpc,
    requirement_pb2_grpc,
)
from xuke.consultation.v1 import consultation_pb2_grpc
from xuke.licensing.v1 import (
    application_pb2_grpc,
    licence_pb2_grpc,
    notification_pb2_grpc,
    organisation_pb2_grpc,
    statistics_pb2_grpc,
)
from xuke.screening.v1 import hit_pb2_grpc, list_pb2_grpc, screening_pb2_grpc

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_channel import open_channel
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.identity import ServiceCredential

# Shorter than a person waits before pressing the button again.
DEADLINE_SECONDS: Final = 8.0
_HEALTH_SECONDS: Final = 1.0
_EXTENSION: Final = "xuke-services"
Answer = TypeVar("Answer", bound=Message)
# The services that it may ask, by the names of their packages.
ASKED: Final = ("licensing", "consultation", "classification", "screening")


class Services:
    """The stubs of the services."""

    def __init__(self, addresses: Mapping[str, str], credential: ServiceCredential) -> None:
        channels = {name: open_channel(addresses[name], deadline_seconds=DEADLINE_SECONDS) for name in ASKED}
        licensing = channels["licensing"]
        self.applications = application_pb2_grpc.ApplicationServiceStub(licensing)
        self.reviews = application_pb2_grpc.ReviewServiceStub(licensing)
        self.licences = licence_pb2_grpc.LicenceServiceStub(licensing)
        self.verification = licence_pb2_grpc.LicenceVerificationServiceStub(licensing)
        self.notifications = notification_pb2_grpc.NotificationServiceStub(licensing)
        self.directory = organisation_pb2_grpc.DirectoryServiceStub(licensing)
        self.organisations = organisation_pb2_grpc.OrganisationServiceStub(licensing)
        self.statistics = statistics_pb2_grpc.StatisticsServiceStub(licensing)
        self._health: Any = health_pb2_grpc.HealthStub(licensing)
        self.consultation = consultation_pb2_grpc.ConsultationServiceStub(channels["consultation"])
        classification = channels["classification"]
        self.classification = classification_pb2_grpc.ClassificationServiceStub(classification)
        self.control_lists = control_list_pb2_grpc.ControlListServiceStub(classification)
        self.inquiries = inquiry_pb2_grpc.InquiryServiceStub(classification)
        self.precedents = precedent_pb2_grpc.PrecedentServiceStub(classification)
        self.products = product_pb2_grpc.ProductServiceStub(classification)
        self.requirements = requirement_pb2_grpc.RequirementServiceStub(classification)
        self.screening = screening_pb2_grpc.ScreeningServiceStub(channels["screening"])
        self.lists = list_pb2_grpc.ListServiceStub(channels["screening"])
        self.hits = hit_pb2_grpc.HitReviewServiceStub(channels["screening"])
        self._credential = credential

    def install(self, application: Flask) -> None:
        """Makes these the services of an application."""
        application.extensions[_EXTENSION] = self

    def ask(
        self, method: Callable[..., Answer], message: Message, *, seconds: float = DEADLINE_SECONDS
    ) -> Answer:
        """The answer to the person who is signed in. Errors: whatever the service refuses with."""
        return _call(method, message, _token(), seconds)

    def send(
        self,
        method: Callable[..., Answer],
        service: str,
        messages: Iterable[Message],
        seconds: float = DEADLINE_SECONDS,
    ) -> Answer:
        """The answer to a stream of messages, which is read while it is sent. Errors: as of `ask`."""
        try:
            return method(iter(messages), metadata=_authorization(_token()), timeout=seconds)
        except grpc.RpcError as error:
            raise from_rpc_error(error, service) from error

    def receive(
        self, method: Callable[..., Iterable[Answer]], service: str, message: Message
    ) -> Iterator[Answer]:
        """The stream of answers; what the service refuses with is raised before the first is handed over."""
        answers = iter(method(message, metadata=_authorization(_token())))
        try:
            first = next(answers, None)
        except grpc.RpcError as error:
            raise from_rpc_error(error, service) from error
        return itertools.chain(() if first is None else (first,), answers)

    def ask_as_portal(self, method: Callable[..., Answer], message: Message) -> Answer:
        """The answer to the portal itself, on behalf of nobody. Errors: whatever the service refuses with."""
        return _call(method, message, self._credential.token(), DEADLINE_SECONDS)

    def licensing_serves(self) -> bool:
        """Whether licensing says that it serves."""
        try:
            answer = self._health.Check(health_pb2.HealthCheckRequest(), timeout=_HEALTH_SECONDS)
        except grpc.RpcError:
            return False
        return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def services() -> Services:
    """The services of the application in progress."""
    found: Services = current_app.extensions[_EXTENSION]
    return found


def _token() -> str:
    """The token of the person who is signed in. Errors: UNAUTHENTICATED."""
    token: str = g.get("token", "")
    if not token:
        raise XukeError(ErrorCode.UNAUTHENTICATED, "TOKEN_MISSING")
    return token


def _authorization(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),)


def _call(method: Callable[..., Answer], message: Message, token: str, seconds: float) -> Answer:
    try:
        return method(message, metadata=_authorization(token), timeout=seconds)
    except grpc.RpcError as error:
        # The request is a message of the called service's contract: xuke.<service>.v1.
        service = message.DESCRIPTOR.file.package.split(".")[1]
        raise from_rpc_error(error, service) from error
