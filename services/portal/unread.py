"""What a person has not read yet: asked once a page at most, and never the reason that a page fails."""

from typing import Final

import structlog
from flask import g, request
from xuke.licensing.v1 import notification_pb2 as n

from services.foundation.errors import XukeError
from services.portal.gate import admits
from services.portal.services import services

_log = structlog.get_logger()
# A page is not kept waiting for a number.
_PATIENCE_SECONDS: Final = 1.5
_NOTHING: Final = n.ListNotificationsResponse()


def unread(shown: int = 1) -> n.ListNotificationsResponse:
    """The newest unread notifications, and how many there are; nothing while licensing cannot be asked."""
    found: n.ListNotificationsResponse | None = g.get("unread")
    if found is None:
        try:
            found = services().ask(
                services().notifications.ListNotifications,
                n.ListNotificationsRequest(page_size=shown, unread=True),
                seconds=_PATIENCE_SECONDS,
            )
        except XukeError as error:
            _log.warning("notifications_not_read", reason=error.reason, code=error.code.name)
            found = _NOTHING
        g.unread = found
    return found


def unread_count() -> int:
    """The number beside the entry of the navigation; 0 where nobody is told of anything, and after a failure."""
    principal = g.get("principal")
    if principal is None or request.method != "GET" or g.get("failed", False):
        return 0
    return unread().unread_count if admits("notifications", principal.role) else 0


def told_otherwise(count: int) -> None:
    """Remembers for the page in progress what another answer said of the number."""
    g.unread = n.ListNotificationsResponse(unread_count=count)
