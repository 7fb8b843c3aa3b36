"""What the acts on an inquiry have in common: the inquiry they rest on, and where they lead."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import url_for
from xuke.classification.v1 import inquiry_pb2 as iq

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Act, Sending, Typed
from services.portal.language import choose, text
from services.portal.page import APPLICANTS
from services.portal.services import services

ANSWERERS: Final = allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)
WATCHERS: Final = allow(*ANSWERERS.roles, Role.AUDITOR)
READERS: Final = allow(*APPLICANTS.roles, *WATCHERS.roles)


def read_inquiry(inquiry_id: UUID) -> iq.Inquiry:
    """An inquiry as the person may see it. Errors: NOT_FOUND."""
    return services().ask(services().inquiries.GetInquiry, iq.GetInquiryRequest(inquiry_id=str(inquiry_id)))


class InquiryAct(Act[iq.Inquiry]):
    """An act on an inquiry. `action` is the word by which the service allows it."""

    action: ClassVar[str]
    stale = "inquiry.stale"
    overtaken = "inquiry.overtaken"

    def read(self, address: Mapping[str, Any]) -> iq.Inquiry:
        """The inquiry."""
        return read_inquiry(address["inquiry_id"])

    def possible(self, subject: iq.Inquiry) -> bool:
        """As the service says."""
        return self.action in subject.allowed_actions

    def etag(self, subject: iq.Inquiry) -> str:
        """That of the inquiry."""
        return subject.etag

    def home(self, subject: iq.Inquiry) -> str:
        """The inquiry."""
        return url_for("inquiry", inquiry_id=subject.inquiry_id)

    def context(self, subject: iq.Inquiry) -> dict[str, Any]:
        """The inquiry, in brief beside the form."""
        return {
            "inquiry": subject,
            "caption": text("inquiry.caption", number=subject.number, item=item_name(subject)),
            "beside": "inquiries/facts.html",
            "state_shown": "inquiries/state.html",
            "obstacles": (),
        }

    def send(self, subject: iq.Inquiry, typed: Typed, sending: Sending) -> None:
        """Sends the act to the desk."""
        self.send_act(
            typed,
            {"request_id": sending.request_id, "inquiry_id": subject.inquiry_id, "etag": sending.etag},
        )

    @abstractmethod
    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """Asks the one method; `common` is what every request of an act on an inquiry carries."""


def item_name(inquiry: iq.Inquiry) -> str:
    """The name of the item in the language of the page; in the other one where it has none."""
    return choose(inquiry.item.name_zh, inquiry.item.name_en)
