"""How an error of the services is answered over HTTP."""

from typing import assert_never

from services.foundation.errors import ErrorCode


def http_status(code: ErrorCode) -> int:
    """The HTTP status of an error, as google.rpc.Code maps them; what the state does not allow is a conflict."""
    match code:
        case ErrorCode.INVALID_ARGUMENT:
            return 400
        case ErrorCode.UNAUTHENTICATED:
            return 401
        case ErrorCode.PERMISSION_DENIED:
            return 403
        case ErrorCode.NOT_FOUND:
            return 404
        case ErrorCode.FAILED_PRECONDITION | ErrorCode.ABORTED | ErrorCode.ALREADY_EXISTS:
            return 409
        case ErrorCode.RESOURCE_EXHAUSTED:
            return 429
        case ErrorCode.INTERNAL:
            return 500
        case ErrorCode.UNAVAILABLE:
            return 503
        case ErrorCode.DEADLINE_EXCEEDED:
            return 504
        case _:
            assert_never(code)
