"""Messages of the notification contract; the sentences come from the catalogue when they are read."""

from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import notification_pb2 as messages

from services.foundation.messages import LocalizedText, render
from services.licensing.application_shapes import timestamp
from services.licensing.domain.licence_number import LicenceNumber
from services.licensing.domain.notifications import audience_of
from services.licensing.store.emails import PendingEmail
from services.licensing.store.notifications import Notification


def to_notification(notification: Notification) -> messages.Notification:
    """A notification with its sentence."""
    licence = notification.licence_number
    values = {
        "number": notification.application_number,
        "licence_number": LicenceNumber.parse(licence).display if licence else "",
    }
    cause = LocalizedText("", "")
    if notification.cause:
        cause = render(f"RESCREENING_{notification.cause}", {"version": notification.cause_version})
    reason = f"NOTIFICATION_{notification.kind}"
    zh, en = render(reason, values | {"cause": cause.zh}).zh, render(reason, values | {"cause": cause.en}).en
    return messages.Notification(
        notification_id=str(notification.notification_id),
        kind=notification.kind.value,
        created_at=timestamp(notification.created_at),
        text=foundation.LocalizedText(zh=zh, en=en),
        application_id=str(notification.application_id),
        application_number=notification.application_number,
        licence_number=licence,
        read=notification.read,
    )


def to_pending_email(email: PendingEmail) -> messages.PendingEmail:
    """An e-mail to be sent."""
    kind = email.notification.kind
    name = email.recipient_name
    return messages.PendingEmail(
        email_id=str(email.email_id),
        address=email.address,
        recipient_name=foundation.LocalizedText(zh=name.zh, en=name.en),
        notification=to_notification(email.notification),
        attempts=email.attempts,
        audience=messages.NotificationAudience.Value(f"NOTIFICATION_AUDIENCE_{audience_of(kind)}"),
    )
