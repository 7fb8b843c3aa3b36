"""What a person is told of: applications, licences and queues, unread first marked."""

from typing import Final

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import notification_pb2 as n

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.form_act import new_request_id
from services.portal.gate import admits
from services.portal.page import Page
from services.portal.services import services
from services.portal.unread import told_otherwise

NOTIFICATIONS_SHOWN: Final = 20
_TOLD: Final = allow(
    Role.EXPORTER,
    Role.AGENT,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
)


def notifications() -> ResponseReturnValue:
    """A page of the list, the newest first; all, or the unread alone."""
    only_unread = request.args.get("show") == "unread"
    found = services().ask(
        services().notifications.ListNotifications,
        n.ListNotificationsRequest(
            page_size=NOTIFICATIONS_SHOWN,
            page_token=request.args.get("page", "")[:400],
            unread=only_unread,
        ),
    )
    told_otherwise(found.unread_count)
    return render_template(
        "notifications/list.html",
        notifications=[(one, _address(one)) for one in found.notifications],
        next_page=found.next_page_token,
        is_first="page" not in request.args,
        unread_count=found.unread_count,
        only_unread=only_unread,
        newest=found.notifications[0].notification_id if found.notifications else "",
        request_id=new_request_id(),
    )


def mark_read() -> ResponseReturnValue:
    """Marks the newest that was shown, and all that are older."""
    message = n.MarkNotificationsReadRequest(
        request_id=request.form.get("request_id", ""), newest_seen_id=request.form.get("newest", "")
    )
    services().ask(services().notifications.MarkNotificationsRead, message)
    return redirect(url_for("notifications"), 303)


def _address(one: n.Notification) -> str:
    """The page that a notification is about, for the role of the reader; empty if there is none."""
    role = g.principal.role
    if one.licence_number and admits("licence", role):
        return url_for("licence", number=one.licence_number)
    for endpoint in ("application", "case"):
        if one.application_id and admits(endpoint, role):
            return url_for(endpoint, application_id=one.application_id)
    return ""


PAGES: Final[tuple[Page, ...]] = (
    Page("notifications", "/notifications", notifications, _TOLD),
    Page("notifications_read", "/notifications", mark_read, _TOLD, methods=("POST",)),
)
