"""Every call passes the gate: authentication, permission, validation, errors with details."""

import threading

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status
from xuke.audit.v1 import audit_pb2, audit_pb2_grpc

from services.foundation.errors import ErrorCode, XukeError, failed_precondition, invalid_field
from services.foundation.grpc_channel import open_channel
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.grpc_server import Registration, Server, current_call
from services.foundation.permissions import allow
from services.foundation.principal import Role
from tests.support import identity
from tests.support.services import RunningService, request_id, running

# What a person may have typed: every character that a format of our own might give a meaning to.
AWKWARD = 'x; y=1;\n"引号"\\ {limit} 与；等号='


class Servicer(audit_pb2_grpc.AuditServiceServicer):
    """Answers with who called; refuses and breaks on demand."""

    def GetCheckpoint(self, request, context):
        match request.service:
            case "refuse":
                raise failed_precondition("STAGE_CLOSED", id="a/1", state="DRAFT", allowed="SUBMIT")
            case "mangle":
                raise invalid_field("name", "VALUE_UNKNOWN", value=AWKWARD, other="=;=")
            case "break":
                raise ZeroDivisionError
            case "wait":
                threading.Event().wait(1)
        call = current_call()
        return audit_pb2.Checkpoint(service=call.principal.subject, note=call.trace_id)

    def GetInclusionProof(self, request, context):
        return audit_pb2.InclusionProof()


def registration() -> Registration:
    return Registration(
        audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
        audit_pb2_grpc.add_AuditServiceServicer_to_server,
        Servicer(),
        {
            "GetCheckpoint": allow(Role.AUDITOR),
            "GetInclusionProof": allow(Role.AUDITOR, scopes=("audit:proof",)),
        },
    )


@pytest.fixture(scope="module")
def service():
    with running([registration()]) as service:
        yield service


def ask(channel: grpc.Channel, name: str = "licensing", **options) -> audit_pb2.Checkpoint:
    return audit_pb2_grpc.AuditServiceStub(channel).GetCheckpoint(
        audit_pb2.GetCheckpointRequest(service=name), **options
    )


def refusal(act) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


def test_the_caller_is_known_to_the_handler(service: RunningService) -> None:
    assert ask(service.channel(identity.AUDITOR)).service == identity.AUDITOR.subject


def test_the_trace_of_the_caller_is_joined(service: RunningService) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = ask(
        service.channel(identity.AUDITOR), metadata=[("traceparent", f"00-{trace}-b7ad6b7169203331-01")]
    )
    assert answer.note == trace


@pytest.mark.parametrize("principal", [p for p in identity.ONE_OF_EACH_ROLE if p.role is not Role.AUDITOR])
def test_nobody_else_may_call(service: RunningService, principal) -> None:
    error = refusal(lambda: ask(service.channel(principal)))
    assert (error.code, error.reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED")


def test_a_scope_that_is_missing_is_named(service: RunningService) -> None:
    stub = audit_pb2_grpc.AuditServiceStub(service.channel(identity.AUDITOR))
    error = refusal(
        lambda: stub.GetInclusionProof(audit_pb2.GetInclusionProofRequest(service="x", event_id=request_id()))
    )
    assert (error.reason, error.metadata["scopes"]) == ("SCOPE_MISSING", "audit:proof")


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (None, "TOKEN_MISSING"),
        ("not a token", "TOKEN_INVALID"),
        (identity.token(identity.AUDITOR)[:-4] + "AAAA", "TOKEN_INVALID"),
        (identity.token(identity.AUDITOR, lifetime_seconds=-10), "TOKEN_NOT_FOR_THIS_PLATFORM"),
    ],
)
def test_a_caller_without_a_good_token_is_nobody(token, reason) -> None:
    server = Server("127.0.0.1:0", [registration()], identity.verifier())
    server.start()
    try:
        channel = open_channel(f"127.0.0.1:{server.port}", None if token is None else lambda: token)
        error = refusal(lambda: ask(channel))
        channel.close()
    finally:
        server.stop()
    assert (error.code, error.reason) == (ErrorCode.UNAUTHENTICATED, reason)


def test_every_field_at_fault_is_named(service: RunningService) -> None:
    stub = audit_pb2_grpc.AuditServiceStub(service.channel(identity.AUDITOR))
    scoped = service.channel(
        identity.Principal("auditor-2", "", Role.AUDITOR, scopes=frozenset({"audit:proof"}))
    )
    error = refusal(
        lambda: audit_pb2_grpc.AuditServiceStub(scoped).GetInclusionProof(
            audit_pb2.GetInclusionProofRequest(service="", event_id="no uuid")
        )
    )
    assert stub is not None
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert {(v.field, v.reason) for v in error.violations} == {
        ("service", "string.min_len"),
        ("event_id", "string.uuid"),
    }


def test_a_refusal_crosses_the_wire_whole(service: RunningService) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        ask(service.channel(identity.AUDITOR), "refuse")
    error = from_rpc_error(caught.value)
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "STAGE_CLOSED")
    assert error.metadata == {"id": "a/1", "state": "DRAFT", "allowed": "SUBMIT"}
    failure = error_details_pb2.PreconditionFailure()
    assert any(detail.Unpack(failure) for detail in rpc_status.from_call(caught.value).details)
    assert failure.violations[0].subject == "a/1"


def test_what_a_person_typed_crosses_the_wire_unchanged(service: RunningService) -> None:
    error = refusal(lambda: ask(service.channel(identity.AUDITOR), "mangle"))
    assert [(fault.field, fault.reason, dict(fault.metadata)) for fault in error.violations] == [
        ("name", "VALUE_UNKNOWN", {"value": AWKWARD, "other": "=;="})
    ]


def test_what_nobody_expected_says_no_more_than_a_trace(service: RunningService) -> None:
    error = refusal(lambda: ask(service.channel(identity.AUDITOR), "break"))
    assert (error.code, error.reason) == (ErrorCode.INTERNAL, "INTERNAL")
    assert set(error.metadata) == {"trace_id"}


def test_a_deadline_reaches_the_caller(service: RunningService) -> None:
    error = refusal(lambda: ask(service.channel(identity.AUDITOR), "wait", timeout=0.3))
    assert (error.code, error.reason) == (ErrorCode.DEADLINE_EXCEEDED, "CALL_TIMED_OUT")


def test_a_server_that_is_not_there_is_said_to_be_unreachable() -> None:
    channel = open_channel("127.0.0.1:1", lambda: "x", deadline_seconds=0.3)
    error = refusal(lambda: ask(channel))
    channel.close()
    assert error.code in (ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED)


def test_a_method_without_a_declared_permission_stops_the_server_from_starting() -> None:
    whole = registration()
    partial = Registration(
        whole.descriptor, whole.add, whole.servicer, {"GetCheckpoint": allow(Role.AUDITOR)}
    )
    with pytest.raises(ValueError, match="declare exactly"):
        Server("127.0.0.1:0", [partial], identity.verifier())


def test_health_is_open_to_all(service: RunningService) -> None:
    stub = health_pb2_grpc.HealthStub(service.channel(identity.EXPORTER))
    assert stub.Check(health_pb2.HealthCheckRequest()).status == health_pb2.HealthCheckResponse.SERVING
