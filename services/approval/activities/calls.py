"""How activities call services: the request id of a step, and what a refusal means for the procedure."""

import functools
import hashlib
import secrets
import uuid
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

import grpc
import structlog
from google.protobuf.message import Message
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from services.approval.domain.steps import StepResult
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.tracing import enter_trace

# Below the time limit of a step, so that a call that hangs is reported as such.
CALL_DEADLINE_SECONDS = 4.0

_NAMESPACE = uuid.UUID("5b1d4c2e-6f0a-5d3b-9c47-8a2e1f7d0b36")
# The record moved on, or somebody else is just doing it: the next pull tells what is true.
_SUPERSEDING = frozenset({ErrorCode.FAILED_PRECONDITION, ErrorCode.ABORTED, ErrorCode.ALREADY_EXISTS})

_log = structlog.get_logger()

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


class Request(Protocol):
    """A mutating request."""

    request_id: str


RequestType = TypeVar("RequestType", bound=Request)


def identified(request: RequestType) -> RequestType:
    """Gives a request its id: the same in every retry of one decision of the workflow, new for the next.

    The services are idempotent by business key; the id spares them the second look. It must not be made of
    the business key alone: a conditional step that came a moment too early would be answered for ever with
    its first answer, that nothing changed. The content is part of it, because a retry may have read the
    record anew.
    """
    info = activity.info()
    assert isinstance(request, Message)
    content = hashlib.sha256(request.SerializeToString(deterministic=True)).hexdigest()
    name = f"{info.workflow_run_id}/{info.activity_id}/{type(request).__name__}/{content}"
    request.request_id = str(uuid.uuid5(_NAMESPACE, name))
    return request


def reading(call: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """An activity that reads: every failure is logged and retried without end."""

    @functools.wraps(call)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
        _enter_trace()
        try:
            return call(*args, **kwargs)
        except grpc.RpcError as error:
            raise failure(from_rpc_error(error)) from None
        except XukeError as error:
            raise failure(error) from None

    return guarded


def acting(call: Callable[Parameters, None]) -> Callable[Parameters, StepResult]:
    """An activity that takes a step. A refusal by the record supersedes it; any other failure is retried.

    Even a refusal that looks permanent (a permission, an argument) is retried without end and logged as an
    error: a case that waits is mended by a deployment, a failed workflow by nobody.
    """

    @functools.wraps(call)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> StepResult:
        _enter_trace()
        try:
            call(*args, **kwargs)
        except (grpc.RpcError, XukeError) as raised:
            error = raised if isinstance(raised, XukeError) else from_rpc_error(raised)
            if error.code not in _SUPERSEDING:
                raise failure(error) from None
            _log.info("step_superseded", **_where(), reason=error.reason)
            return StepResult.SUPERSEDED
        return StepResult.DONE

    return guarded


def _enter_trace() -> None:
    """Makes every call of one run of a workflow part of one trace, whose id is that of the run."""
    run_id = uuid.UUID(activity.info().workflow_run_id)
    enter_trace(f"00-{run_id.hex}-{secrets.token_hex(8)}-01")


def _where() -> dict[str, object]:
    info = activity.info()
    return {"activity": info.activity_type, "workflow_id": info.workflow_id, "attempt": info.attempt}


def failure(error: XukeError) -> ApplicationError:
    """What goes into the history: the words of the error, never its values."""
    _log.error("step_failed", **_where(), code=error.code.name, reason=error.reason)
    # Logged just now, in one line; the client's own log would add a traceback to every retry.
    return ApplicationError(error.reason, type=error.code.name, category=ApplicationErrorCategory.BENIGN)
