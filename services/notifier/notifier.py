"""The notifier: sends what waits, then records it, so that a mail may be sent twice and never not at all."""

import uuid
from collections.abc import Callable
from email.message import EmailMessage

import grpc
import structlog
from xuke.licensing.v1 import notification_pb2 as messages
from xuke.licensing.v1 import notification_pb2_grpc as contract

from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.notifier.configuration import Configuration
from services.notifier.delivery import Delivery, MailRefused, ServerAway, delivery_to
from services.notifier.mail import UnsendableMail, mail_of

BATCH = 50
LONGEST_PAUSE_SECONDS = 60.0
# What the contract lets be recorded of a failure.
_LONGEST_FAILURE = 1000

_log = structlog.get_logger()


class Notifier:
    """Delivers what licensing holds ready. `stopping` is asked between mails; `beat` shows that it lives."""

    def __init__(
        self,
        configuration: Configuration,
        licensing: grpc.Channel,
        stopping: Callable[[], bool],
        beat: Callable[[], None],
    ) -> None:
        self._configuration = configuration
        self._licensing = contract.NotificationDeliveryServiceStub(licensing)
        self._stopping = stopping
        self._beat = beat
        self._failures = 0

    def turn(self) -> float:
        """Delivers one batch; returns how many seconds to pause before the next."""
        poll = float(self._configuration.poll_seconds)
        try:
            delivered = self._deliver_batch()
        except grpc.RpcError as error:
            _log.warning("licensing_not_asked", reason=from_rpc_error(error).reason)
        except XukeError as error:
            _log.warning("licensing_not_asked", reason=error.reason)
        except ServerAway as error:
            _log.warning("mail_server_away", error=str(error))
        else:
            self._failures = 0
            return 0.0 if delivered == BATCH else poll
        self._failures += 1
        return min(poll * (1 << min(self._failures, 10)), max(poll, LONGEST_PAUSE_SECONDS))

    def _deliver_batch(self) -> int:
        request = messages.ListPendingEmailsRequest(page_size=BATCH)
        waiting = self._licensing.ListPendingEmails(request).emails
        if not waiting:
            return 0
        with delivery_to(self._configuration.destination) as delivery:
            for email in waiting:
                if self._stopping():
                    break
                self._beat()
                self._deliver(delivery, email)
        return len(waiting)

    def _deliver(self, delivery: Delivery, email: messages.PendingEmail) -> None:
        failure = ""
        try:
            delivery.send(email.email_id, self._mail(email))
        except (UnsendableMail, MailRefused) as error:
            failure = (str(error) or type(error).__name__)[:_LONGEST_FAILURE]
        self._licensing.RecordEmailAttempt(
            messages.RecordEmailAttemptRequest(
                # The same attempt has the same id, however often it is recorded.
                request_id=str(uuid.uuid5(uuid.UUID(email.email_id), str(email.attempts))),
                email_id=email.email_id,
                delivered=not failure,
                failure=failure,
            )
        )
        if failure:
            _log.warning(
                "mail_not_taken", email_id=email.email_id, attempt=email.attempts + 1, failure=failure
            )
        else:
            _log.info("mail_sent", email_id=email.email_id, kind=email.notification.kind)

    def _mail(self, email: messages.PendingEmail) -> EmailMessage:
        return mail_of(email, self._configuration.sender, self._configuration.public_url)
