"""The gRPC server of every service: who calls, may they, is the request valid, what went wrong, how long.

A threaded server with as many threads as database connections (measured: half the CPU of the asyncio one).
"""

import contextvars
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import grpc
import structlog
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.foundation import permissions as permission_table
from services.foundation.clock import Clock, SystemClock
from services.foundation.database import POOL_SIZE, Answer, Database, UnitOfWork
from services.foundation.errors import ErrorCode, XukeError, invalid_argument
from services.foundation.field_rules import violations_of
from services.foundation.grpc_errors import abort
from services.foundation.identity import TokenVerifier
from services.foundation.permissions import Permission
from services.foundation.principal import Call
from services.foundation.tracing import enter_trace

MAXIMUM_MESSAGE_BYTES = 24 * 1024 * 1024
GRACE_SECONDS = 5
# Beyond this many calls at once the server says RESOURCE_EXHAUSTED instead of queueing.
MAXIMUM_CONCURRENT_CALLS = 64
_OPEN_TO_ALL = ("/grpc.health.v1.Health/", "/grpc.reflection.v1alpha.ServerReflection/")

_log = structlog.get_logger()
_call: contextvars.ContextVar[Call] = contextvars.ContextVar("call")


def current_call() -> Call:
    """The call being handled on this thread."""
    return _call.get()


@dataclass(frozen=True)
class Registration:
    """One servicer with the declared permission of each of its methods (by the method's short name)."""

    descriptor: ServiceDescriptor
    add: Callable[[Any, grpc.Server], None]
    servicer: object
    permissions: Mapping[str, Permission]

    def full_permissions(self) -> dict[str, Permission]:
        """Permissions by full method name. Raises if one is declared for no method, or a method has none."""
        declared, methods = set(self.permissions), {method.name for method in self.descriptor.methods}
        if declared != methods:
            raise ValueError(f"{self.descriptor.full_name}: declare exactly {sorted(methods)}")
        return {f"/{self.descriptor.full_name}/{name}": value for name, value in self.permissions.items()}


def transact(
    database: Database, request: Any, answer_type: type[Answer], act: Callable[[UnitOfWork], Answer]
) -> Answer:
    """Handles a mutating RPC: one transaction, at most once per `request.request_id`."""
    with database.begin(current_call()) as work:
        return work.once(request.request_id, request, answer_type, lambda: act(work))


def validate(message: Message) -> None:
    """Raises INVALID_ARGUMENT naming every field that breaks a rule written in the contract."""
    violations = violations_of(message)
    if violations:
        raise invalid_argument(*violations)


class _Gate(grpc.ServerInterceptor):
    """Every call passes here: trace, authentication, permission, validation, errors, log."""

    def __init__(self, verifier: TokenVerifier, permissions: Mapping[str, Permission], clock: Clock) -> None:
        self._verifier = verifier
        self._permissions = permissions
        self._clock = clock

    def intercept_service(self, continuation: Any, details: grpc.HandlerCallDetails) -> Any:
        handler = continuation(details)
        method: str = details.method
        if handler is None or method.startswith(_OPEN_TO_ALL):
            return handler
        metadata = {key: value for key, value in details.invocation_metadata or () if isinstance(value, str)}
        if handler.request_streaming:
            make = grpc.stream_unary_rpc_method_handler
        elif handler.response_streaming:
            make = grpc.unary_stream_rpc_method_handler
        else:
            make = grpc.unary_unary_rpc_method_handler
        behaviour = handler.stream_unary or handler.unary_stream or handler.unary_unary
        guarded = self._stream if handler.response_streaming else self._unary
        return make(
            lambda request, context: guarded(behaviour, method, metadata, request, context),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _unary(
        self,
        behaviour: Any,
        method: str,
        metadata: Mapping[str, str],
        request: Any,
        context: grpc.ServicerContext,
    ) -> Any:
        started = time.perf_counter()
        error: XukeError | None = None
        answer = None
        try:
            answer = behaviour(self._enter(method, metadata, request), context)
        except XukeError as refused:
            error = refused
        except Exception:  # noqa: BLE001 - the edge: whatever it was is logged and becomes INTERNAL
            error = self._unexpected(method)
        self._report(method, error, started)
        if error is not None:
            abort(context, error)
        return answer

    def _stream(
        self,
        behaviour: Any,
        method: str,
        metadata: Mapping[str, str],
        request: Any,
        context: grpc.ServicerContext,
    ) -> Iterator[Any]:
        started = time.perf_counter()
        error: XukeError | None = None
        try:
            yield from behaviour(self._enter(method, metadata, request), context)
        except XukeError as refused:
            error = refused
        except Exception:  # noqa: BLE001 - the edge: whatever it was is logged and becomes INTERNAL
            error = self._unexpected(method)
        self._report(method, error, started)
        if error is not None:
            abort(context, error)

    def _enter(self, method: str, metadata: Mapping[str, str], request: Any) -> Any:
        trace_id = enter_trace(metadata.get("traceparent"))
        scheme, _, token = metadata.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise XukeError(ErrorCode.UNAUTHENTICATED, "TOKEN_MISSING")
        principal = self._verifier.verify(token)
        permission_table.check(self._permissions, method, principal)
        _call.set(Call(principal, self._clock.now(), trace_id, method, metadata))
        if isinstance(request, Message):
            validate(request)
            return request
        return self._validated(request)

    @staticmethod
    def _validated(requests: Iterator[Message]) -> Iterator[Message]:
        for request in requests:
            validate(request)
            yield request

    @staticmethod
    def _unexpected(method: str) -> XukeError:
        trace_id = enter_trace(None) if _call.get(None) is None else _call.get().trace_id
        _log.exception("call_failed", method=method, trace_id=trace_id)
        return XukeError(ErrorCode.INTERNAL, "INTERNAL", {"trace_id": trace_id})

    @staticmethod
    def _report(method: str, error: XukeError | None, started: float) -> None:
        call = _call.get(None)
        _log.info(
            "call",
            method=method,
            trace_id=call.trace_id if call else "",
            subject=call.principal.subject if call else "",
            role=call.principal.role.value if call else "",
            outcome=error.reason if error else "OK",
            milliseconds=round((time.perf_counter() - started) * 1000, 2),
        )


class Server:
    """A gRPC server with health and reflection. `port` is the one it listens on."""

    def __init__(
        self,
        address: str,
        registrations: list[Registration],
        verifier: TokenVerifier,
        clock: Clock | None = None,
        threads: int = POOL_SIZE,
    ) -> None:
        declared: dict[str, Permission] = {}
        for registration in registrations:
            declared |= registration.full_permissions()
        self._server = grpc.server(
            ThreadPoolExecutor(max_workers=threads, thread_name_prefix="rpc"),
            interceptors=[_Gate(verifier, declared, clock or SystemClock())],
            maximum_concurrent_rpcs=MAXIMUM_CONCURRENT_CALLS,
            options=[
                ("grpc.max_receive_message_length", MAXIMUM_MESSAGE_BYTES),
                ("grpc.max_send_message_length", MAXIMUM_MESSAGE_BYTES),
                # Two servers on one port would share its calls unseen.
                ("grpc.so_reuseport", 0),
            ],
        )
        for registration in registrations:
            registration.add(registration.servicer, self._server)
        self._health = health.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        names = [registration.descriptor.full_name for registration in registrations]
        reflection.enable_server_reflection(
            (*names, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server
        )
        self.port = self._server.add_insecure_port(address)

    def start(self) -> None:
        """Begins to serve and reports SERVING."""
        self._server.start()
        self._health.set("", health_pb2.HealthCheckResponse.SERVING)

    def stop(self) -> None:
        """Reports NOT_SERVING, lets running calls finish for a moment, and ends."""
        self._health.enter_graceful_shutdown()
        self._server.stop(GRACE_SECONDS).wait()


def serve_until_signal(server: Server, *, on_stop: Callable[[], None] = lambda: None) -> None:
    """Serves until SIGTERM or SIGINT, then stops in order."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server.start()
    _log.info("serving", port=server.port)
    stopping.wait()
    server.stop()
    on_stop()
