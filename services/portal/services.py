"""The services that the portal asks: licensing, as the person who is signed in, or as itself."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import grpc
from flask import Flask, current_app, g
from google.protobuf.message import Message
from grpc_health.v1 import health_pb2, health_pb2_grpc
from xuke.licensing.v1 import application_pb2_grpc, licence_pb2_grpc

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_channel import open_channel
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.identity import ServiceCredential

# Shorter than a person waits before pressing the button again.
DEADLINE_SECONDS: Final = 8.0
_HEALTH_SECONDS: Final = 1.0
_EXTENSION: Final = "xuke-services"
Answer = TypeVar("Answer", bound=Message)


class Services:
    """The stubs of licensing."""

    def __init__(self, licensing: str, credential: ServiceCredential) -> None:
        channel = open_channel(licensing, deadline_seconds=DEADLINE_SECONDS)
        self.applications = application_pb2_grpc.ApplicationServiceStub(channel)
        self.reviews = application_pb2_grpc.ReviewServiceStub(channel)
        self.licences = licence_pb2_grpc.LicenceServiceStub(channel)
        self.verification = licence_pb2_grpc.LicenceVerificationServiceStub(channel)
        self._health: Any = health_pb2_grpc.HealthStub(channel)
        self._credential = credential

    def install(self, application: Flask) -> None:
        """Makes these the services of an application."""
        application.extensions[_EXTENSION] = self

    def ask(self, method: Callable[..., Answer], message: Message) -> Answer:
        """The answer to the person who is signed in. Errors: whatever the service refuses with."""
        token: str = g.get("token", "")
        if not token:
            raise XukeError(ErrorCode.UNAUTHENTICATED, "TOKEN_MISSING")
        return _call(method, message, token)

    def ask_as_portal(self, method: Callable[..., Answer], message: Message) -> Answer:
        """The answer to the portal itself, on behalf of nobody. Errors: whatever the service refuses with."""
        return _call(method, message, self._credential.token())

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


def _call(method: Callable[..., Answer], message: Message, token: str) -> Answer:
    try:
        return method(message, metadata=(("authorization", f"Bearer {token}"),))
    except grpc.RpcError as error:
        raise from_rpc_error(error, "licensing") from error
