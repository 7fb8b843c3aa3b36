"""What an application waits for: the answer of a service without which the procedure does not go on."""

import grpc
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.screening.v1 import screening_pb2 as screening

from services.approval.activities.calls import identified
from services.approval.activities.services import Services
from services.foundation.errors import XukeError, unavailable
from services.foundation.grpc_errors import from_rpc_error

_NO_ANSWER = frozenset({"SERVICE_UNREACHABLE", "CALL_TIMED_OUT"})
_UNREACHABLE = {"classification": "CLASSIFICATION_UNREACHABLE", "screening": "SCREENING_UNREACHABLE"}


def screen(services: Services, request: screening.ScreenRequest) -> screening.Screening:
    """Screens an export. Errors: XukeError where screening cannot answer."""
    try:
        return services.screening.Screen(identified(request))
    except grpc.RpcError as raised:
        raise refusal(raised, "screening") from None


def refusal(raised: grpc.RpcError, service: str) -> XukeError:
    """Why a service did not answer.

    Whether it is gone or hangs, it is called unreachable: a call may end either way from one attempt to the
    next, and the record of the case should neither repeat itself nor leave open which service it was.
    """
    error = from_rpc_error(raised, service)
    return unavailable(_UNREACHABLE[service]) if error.reason in _NO_ANSWER else error


def made_to_wait(
    services: Services, application_id: str, submission_number: int, error: XukeError
) -> XukeError:
    """Tells licensing why an application waits; returns the error under which the step is tried again.

    Whatever was refused, the answer is still owed: stale lists, for one, are no word on this case. Errors:
    RpcError where licensing refuses it because the application has moved on, and the step is superseded.
    """
    services.procedure.RecordWaiting(
        identified(
            licensing.RecordWaitingRequest(
                application_id=application_id, submission_number=submission_number, reason=error.reason
            )
        )
    )
    return unavailable(error.reason)
