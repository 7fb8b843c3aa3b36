"""Why a submitted application waits: the reason recorded last, as far as it is still true (fail closed)."""

from collections.abc import Iterable

from services.foundation.ledger import LedgerEvent
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import ApplicationState

# The event that says why the automatic checks cannot be done now. It changes nothing that anybody decides on.
WAIT = "wait"


def waiting_reason(application: Application, events: Iterable[LedgerEvent]) -> str:
    """The reason code of the last such event of the present submission; empty once its checks are done."""
    if application.state is not ApplicationState.SUBMITTED:
        return ""
    reasons = [
        str(event.payload["reason"])
        for event in events
        if event.action == WAIT and event.payload["submission_number"] == application.submission_number
    ]
    return reasons[-1] if reasons else ""
