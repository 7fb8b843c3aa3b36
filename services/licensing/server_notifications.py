"""NotificationService and NotificationDeliveryService over gRPC."""

import grpc
from xuke.licensing.v1 import notification_pb2 as messages
from xuke.licensing.v1 import notification_pb2_grpc

from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.licensing import notification_service
from services.licensing.notification_messages import to_notification, to_pending_email

_TOLD = allow(
    Role.EXPORTER,
    Role.AGENT,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
)
NOTIFICATION_PERMISSIONS = {"ListNotifications": _TOLD, "MarkNotificationsRead": _TOLD}
_NOTIFIER = allow(Role.NOTIFIER)
NOTIFICATION_DELIVERY_PERMISSIONS = {"ListPendingEmails": _NOTIFIER, "RecordEmailAttempt": _NOTIFIER}


class NotificationServicer(notification_pb2_grpc.NotificationServiceServicer):
    """See the contract."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ListNotifications(
        self, request: messages.ListNotificationsRequest, context: grpc.ServicerContext
    ) -> messages.ListNotificationsResponse:
        with self._database.begin(current_call()) as work:
            page = notification_service.list_notifications(
                work, request.unread, request.page_size, request.page_token
            )
        return messages.ListNotificationsResponse(
            notifications=[to_notification(each) for each in page.notifications],
            next_page_token=page.next_page_token,
            unread_count=page.unread_count,
        )

    def MarkNotificationsRead(
        self, request: messages.MarkNotificationsReadRequest, context: grpc.ServicerContext
    ) -> messages.MarkNotificationsReadResponse:
        return transact(
            self._database,
            request,
            messages.MarkNotificationsReadResponse,
            lambda work: messages.MarkNotificationsReadResponse(
                unread_count=notification_service.mark_read(
                    work, request.notification_ids, request.newest_seen_id
                )
            ),
        )


class NotificationDeliveryServicer(notification_pb2_grpc.NotificationDeliveryServiceServicer):
    """See the contract."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ListPendingEmails(
        self, request: messages.ListPendingEmailsRequest, context: grpc.ServicerContext
    ) -> messages.ListPendingEmailsResponse:
        with self._database.begin(current_call()) as work:
            found = notification_service.list_pending_emails(work, request.page_size)
        return messages.ListPendingEmailsResponse(emails=[to_pending_email(each) for each in found])

    def RecordEmailAttempt(
        self, request: messages.RecordEmailAttemptRequest, context: grpc.ServicerContext
    ) -> messages.RecordEmailAttemptResponse:
        def record(work: UnitOfWork) -> messages.RecordEmailAttemptResponse:
            notification_service.record_email_attempt(
                work, request.email_id, request.delivered, request.failure
            )
            return messages.RecordEmailAttemptResponse()

        return transact(self._database, request, messages.RecordEmailAttemptResponse, record)
