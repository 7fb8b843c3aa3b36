"""What the people of the stories do, each by one call of a public interface, repeated safely on a failure."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message
from xuke.licensing.v1 import organisation_pb2, organisation_pb2_grpc

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Role
from services.launcher.accounts import accounts
from services.launcher.clients import People

Answer = TypeVar("Answer")

# A kick that was lost is made good by the reconciliation, which runs every minute: two of them, and some more.
PATIENCE_SECONDS = 150.0
_ON_CASES = (
    Role.EXPORTER,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.AGENCY_REVIEWER,
)
_REPEATABLE = (ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED)


def new_request_id() -> str:
    """A request id: a repetition of the call with it gets the first answer."""
    return str(uuid.uuid4())


def ask(method: Callable[..., Answer], request: Message | Callable[[], Iterator[Message]]) -> Answer:
    """Calls a method and repeats it while the other side cannot be reached, for a minute at most.

    Safe because reads change nothing and every mutating request carries its request id. Errors: XukeError.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return method(request() if callable(request) else request)
        except (grpc.RpcError, XukeError) as failure:
            error = failure if isinstance(failure, XukeError) else from_rpc_error(failure)
            if error.code not in _REPEATABLE or time.monotonic() > deadline:
                raise error from None
            time.sleep(0.2)


def wait_for(what: str, look: Callable[[], Any], satisfied: Callable[[Any], bool]) -> Any:
    """Looks until it is satisfied and returns what it saw; raises TimeoutError after PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        seen = look()
        if satisfied(seen):
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_SECONDS:.0f} s for {what}; last seen: {str(seen)[:200]}")
        time.sleep(0.05)


def stub(people: People, account: str, service: str, kind: Callable[[grpc.Channel], Answer]) -> Answer:
    """A stub of a service on behalf of an account."""
    return kind(people.channel(account, service))


def sign_in(people: People) -> None:
    """Tells licensing of everybody who works on cases or files them, as the portal does when they sign in there, so
    that cases show their names.
    """
    for account in accounts().persons.values():
        if account.principal.role in _ON_CASES:
            directory = stub(people, account.name, "licensing", organisation_pb2_grpc.DirectoryServiceStub)
            ask(
                directory.RecordSignIn,
                organisation_pb2.RecordSignInRequest(
                    name_zh=account.principal.name, name_en=account.name_en, email=account.email
                ),
            )


def customs_call(
    people: People, method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, Any]:
    """A call of the customs REST interface, repeated while it cannot be reached; returns status and body."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            status, answer = people.customs().request(method, path, body)
        except (OSError, XukeError):
            status, answer = 503, {}
        if status not in (502, 503, 504) or time.monotonic() > deadline:
            return status, answer
        time.sleep(0.2)


__all__ = ["XukeError", "ask", "customs_call", "new_request_id", "sign_in", "stub", "wait_for"]
