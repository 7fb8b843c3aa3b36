"""Why an application waits for a service: the reason recorded last, as far as it is still true (fail closed).

A submitted one waits for its automatic checks, an approved one for the screening that its licence is to rest on.
"""

from collections.abc import Iterable

from services.foundation.ledger import LedgerEvent
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.rescreening_effects import RESCREEN

# The event that says why the procedure cannot go on now. It changes nothing that anybody decides on.
WAIT = "wait"
_WAITING = (ApplicationState.SUBMITTED, ApplicationState.APPROVED)


def waiting_reason(application: Application, events: Iterable[LedgerEvent]) -> str:
    """The reason code of the last such event since the application came into its state; empty where none holds.

    None holds once the application has moved on, nor after a later screening was recorded: screening answers again.
    """
    if application.state not in _WAITING:
        return ""
    reason = ""
    for event in events:
        if event.payload["state"] != application.state.value or event.action == RESCREEN:
            reason = ""
        elif event.action == WAIT:
            reason = str(event.payload["reason"])
    return reason
