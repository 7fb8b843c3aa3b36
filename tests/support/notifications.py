"""What people are told, and the e-mails that wait, as a test asks for them."""

from collections.abc import Sequence

from xuke.licensing.v1 import notification_pb2 as messages
from xuke.licensing.v1 import notification_pb2_grpc as contract

from services.foundation.principal import Principal
from tests.support import identity
from tests.support.services import RunningService, request_id


def notifications(
    service: RunningService, who: Principal, **request: object
) -> Sequence[messages.Notification]:
    return answer(service, who, **request).notifications


def answer(service: RunningService, who: Principal, **request: object) -> messages.ListNotificationsResponse:
    stub = contract.NotificationServiceStub(service.channel(who))
    return stub.ListNotifications(messages.ListNotificationsRequest(**request))


def told(service: RunningService, who: Principal) -> list[str]:
    """The kinds of what somebody is told, oldest first."""
    return [each.kind for each in reversed(notifications(service, who))]


def mark_read(service: RunningService, who: Principal, *ids: str, newest_seen_id: str | None = None) -> int:
    stub = contract.NotificationServiceStub(service.channel(who))
    return stub.MarkNotificationsRead(
        messages.MarkNotificationsReadRequest(
            request_id=request_id(), notification_ids=ids, newest_seen_id=newest_seen_id
        )
    ).unread_count


def pending(service: RunningService) -> Sequence[messages.PendingEmail]:
    stub = contract.NotificationDeliveryServiceStub(service.channel(identity.NOTIFIER))
    return stub.ListPendingEmails(messages.ListPendingEmailsRequest()).emails


def addresses(service: RunningService, kind: str) -> list[str]:
    """To whom e-mails of a kind wait to be sent."""
    return sorted(each.address for each in pending(service) if each.notification.kind == kind)


def attempt(service: RunningService, email_id: str, failure: str = "", request: str = "") -> None:
    contract.NotificationDeliveryServiceStub(service.channel(identity.NOTIFIER)).RecordEmailAttempt(
        messages.RecordEmailAttemptRequest(
            request_id=request or request_id(), email_id=email_id, delivered=not failure, failure=failure
        )
    )
