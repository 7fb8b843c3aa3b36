"""Errors on the wire: a XukeError becomes google.rpc.Status with details (AIP-193), and back."""

import json
from collections.abc import Mapping

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from services.foundation.errors import ErrorCode, FieldViolation, XukeError

DOMAIN = "xuke"


def to_status(error: XukeError) -> status_pb2.Status:
    """The status with ErrorInfo and, where they apply, field violations and the failed precondition."""
    details = [error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.metadata)]
    packed = [any_pb2.Any() for _ in details]
    packed[0].Pack(details[0])
    if error.violations:
        bad_request = error_details_pb2.BadRequest(
            field_violations=[
                error_details_pb2.BadRequest.FieldViolation(
                    field=violation.field,
                    reason=violation.reason,
                    description=_description(violation.metadata),
                )
                for violation in error.violations
            ]
        )
        packed.append(any_pb2.Any())
        packed[-1].Pack(bad_request)
    if error.code is ErrorCode.FAILED_PRECONDITION:
        failure = error_details_pb2.PreconditionFailure(
            violations=[
                error_details_pb2.PreconditionFailure.Violation(
                    type=error.reason,
                    subject=error.metadata.get("id", ""),
                    description=_description(error.metadata),
                )
            ]
        )
        packed.append(any_pb2.Any())
        packed[-1].Pack(failure)
    return status_pb2.Status(code=error.code.value, message=error.reason, details=packed)


def abort(context: grpc.ServicerContext, error: XukeError) -> None:
    """Ends the call with the status of the error; does not return."""
    context.abort_with_status(rpc_status.to_status(to_status(error)))


def _description(metadata: Mapping[str, str]) -> str:
    """The values of a violation as a JSON object: these details have no place for metadata of their own."""
    return json.dumps(dict(metadata), ensure_ascii=False) if metadata else ""


def _values(description: str) -> dict[str, str]:
    """What `_description` was given; nothing where another program described the violation in its own words."""
    try:
        values = json.loads(description) if description else {}
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in values.items()} if isinstance(values, dict) else {}


def from_rpc_error(error: grpc.RpcError, service: str = "") -> XukeError:
    """The XukeError that the other side raised, or what the failure of the call itself means."""
    status = rpc_status.from_call(error) if isinstance(error, grpc.Call) else None
    if status is not None:
        info, violations = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        for detail in status.details:
            if detail.Is(info.DESCRIPTOR):
                detail.Unpack(info)
            elif detail.Is(violations.DESCRIPTOR):
                detail.Unpack(violations)
        if info.domain == DOMAIN:
            return XukeError(
                ErrorCode(status.code),
                info.reason,
                dict(info.metadata),
                [
                    FieldViolation(violation.field, violation.reason, _values(violation.description))
                    for violation in violations.field_violations
                ],
            )
    code = error.code() if isinstance(error, grpc.Call) else grpc.StatusCode.UNKNOWN
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return XukeError(ErrorCode.DEADLINE_EXCEEDED, "CALL_TIMED_OUT")
    if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.CANCELLED):
        return XukeError(ErrorCode.UNAVAILABLE, "SERVICE_UNREACHABLE", {"service": service})
    return XukeError(ErrorCode.INTERNAL, "INTERNAL", {"trace_id": ""})
