"""A service of the platform under test: real gRPC on a socket, real PostgreSQL behind it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import grpc

from services.foundation.grpc_channel import open_channel
from services.foundation.grpc_server import Registration, Server
from services.foundation.principal import Call, Principal
from tests.support import identity


class SettableClock:
    """A clock that stands where the test puts it."""

    def __init__(self, now: datetime | None = None) -> None:
        self.instant = now or datetime.now(UTC)

    def now(self) -> datetime:
        return self.instant

    def advance(self, step: timedelta) -> None:
        self.instant += step


def request_id() -> str:
    return str(uuid.uuid4())


def call_of(principal: Principal, now: datetime | None = None, method: str = "/test/Method") -> Call:
    return Call(principal, now or datetime.now(UTC), uuid.uuid4().hex, method)


class RunningService:
    """Channels to a started server, one per principal."""

    def __init__(self, server: Server) -> None:
        self._address = f"127.0.0.1:{server.port}"
        self._channels: dict[str, grpc.Channel] = {}

    def channel(self, principal: Principal) -> grpc.Channel:
        if principal.subject not in self._channels:
            self._channels[principal.subject] = open_channel(self._address, lambda: identity.token(principal))
        return self._channels[principal.subject]

    def close(self) -> None:
        for channel in self._channels.values():
            channel.close()


@contextmanager
def running(
    registrations: list[Registration], clock: SettableClock | None = None
) -> Iterator[RunningService]:
    server = Server("127.0.0.1:0", registrations, identity.verifier(), clock)
    server.start()
    service = RunningService(server)
    try:
        yield service
    finally:
        service.close()
        server.stop()
