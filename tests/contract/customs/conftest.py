"""The gateway on a real socket, over a real licensing service with its database."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from services.customs.application import create_application
from services.foundation.grpc_channel import open_channel
from services.foundation.principal import Principal
from tests.conftest import ServiceDatabase
from tests.contract.licensing.licence_world import LicenceWorld, licence_world
from tests.support import identity


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [(each["field"], each["reason"]) for each in self.json["errors"]]


@dataclass(frozen=True)
class Client:
    """Sends requests to a port as a principal."""

    port: int
    principal: Principal | None = identity.CUSTOMS_OFFICER
    headers: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        sent = dict(self.headers)
        if self.principal is not None:
            sent["Authorization"] = f"Bearer {identity.token(self.principal)}"
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        try:
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, **headers)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        return self.request("POST", path, body, **headers)

    def write_off(self, verb: str, declaration: str, *lines: dict[str, object]) -> Answer:
        return self.post(f"/v1/declarations/{declaration}:{verb}", {"lines": list(lines)})


def line(number: str, quantity: str, **changes: object) -> dict[str, object]:
    """A line of a declaration against line 1 of a licence."""
    return {
        "declaration_line": 1,
        "licence_number": number,
        "licence_line": 1,
        "quantity": quantity,
        "unit": "kg",
        "hs_code": "2841801000",
    } | changes


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


@pytest.fixture(scope="module")
def application(world: LicenceWorld) -> Iterator[Flask]:
    # The address of the service is that of the channels it hands out.
    with open_channel(world.service._address) as channel:
        yield create_application(channel, identity.verifier())


@pytest.fixture(scope="module")
def client(application: Flask) -> Iterator[Client]:
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Client(server.server_port)
    server.shutdown()
    thread.join()
