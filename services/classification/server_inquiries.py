"""The gRPC service of the consultation desk, and who may call each method."""

from typing import Final
from uuid import UUID

import grpc
from xuke.classification.v1 import inquiry_pb2 as messages
from xuke.classification.v1 import inquiry_pb2_grpc as contract

from services.classification import conversion_inquiries as conversion
from services.classification import inquiry_service as service
from services.classification.desk import Desk
from services.classification.domain.inquiry import Inquiry
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role

# Whose organisation it is comes from the token; the database holds to it a second time.
_ASKERS: Final = allow(Role.EXPORTER, Role.AGENT)
_MINISTRY: Final = allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)
_READERS: Final = allow(
    Role.EXPORTER, Role.AGENT, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR
)
_WATCHERS: Final = allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR)
# Whoever decides on cases or declarations may be shown the number of an answer, and reads what it says.
_SHOWN_CITATIONS: Final = allow(
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.AGENCY_REVIEWER,
    Role.CUSTOMS_OFFICER,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
)


class InquiryServicer(contract.InquiryServiceServicer):
    """Takes inquiries and answers them."""

    def __init__(self, database: Database, indexes: Indexes, examination: Examination, desk: Desk) -> None:
        self._database = database
        self._indexes = indexes
        self._examination = examination
        self._desk = desk

    def AskInquiry(
        self, request: messages.AskInquiryRequest, context: grpc.ServicerContext
    ) -> messages.Inquiry:
        asked = conversion.asked_contents(request)
        return transact(
            self._database,
            request,
            messages.Inquiry,
            lambda work: self._message(work, service.ask(work, self._indexes, self._examination, asked)),
        )

    def SupplementInquiry(
        self, request: messages.SupplementInquiryRequest, context: grpc.ServicerContext
    ) -> messages.Inquiry:
        text = conversion.text_of(request.text, "text")
        parameters = conversion.parameters_of(request)
        return transact(
            self._database,
            request,
            messages.Inquiry,
            lambda work: self._message(
                work,
                service.supplement(
                    work,
                    self._indexes,
                    self._examination,
                    UUID(request.inquiry_id),
                    request.etag,
                    text,
                    parameters,
                ),
            ),
        )

    def WithdrawInquiry(
        self, request: messages.WithdrawInquiryRequest, context: grpc.ServicerContext
    ) -> messages.Inquiry:
        return transact(
            self._database,
            request,
            messages.Inquiry,
            lambda work: self._message(work, service.withdraw(work, UUID(request.inquiry_id), request.etag)),
        )

    def GetInquiry(
        self, request: messages.GetInquiryRequest, context: grpc.ServicerContext
    ) -> messages.Inquiry:
        call = current_call()
        with self._database.begin(call) as work:
            inquiry = service.get(work, UUID(request.inquiry_id))
            found = None
            if call.principal.role in conversion.INTERNAL:
                found = service.computed(work, self._indexes, self._examination, inquiry)
        return conversion.inquiry_message(inquiry, call, self._desk, found)

    def ListInquiries(
        self, request: messages.ListInquiriesRequest, context: grpc.ServicerContext
    ) -> messages.ListInquiriesResponse:
        searched = conversion.searched(request.query, "query")
        with self._database.begin(current_call()) as work:
            page = service.find_page(
                work,
                conversion.states_of(request.states),
                searched,
                request.page_size,
                request.page_token,
            )
            return messages.ListInquiriesResponse(
                inquiries=[self._message(work, inquiry) for inquiry in page.inquiries],
                next_page_token=page.next_page_token,
            )

    def RequestInformation(
        self, request: messages.RequestInformationRequest, context: grpc.ServicerContext
    ) -> messages.Inquiry:
        text = conversion.text_of(request.text, "text")
        return transact(
            self._database,
            request,
            messages.Inquiry,
            lambda work: self._message(
                work, service.request_information(work, UUID(request.inquiry_id), request.etag, text)
            ),
        )

    def AnswerInquiry(
        self, request: messages.AnswerInquiryRequest, context: grpc.ServicerContext
    ) -> messages.Inquiry:
        reasons = conversion.text_of(request.reasons, "reasons")
        kind = conversion.answer_kind_of(request.answer)
        return transact(
            self._database,
            request,
            messages.Inquiry,
            lambda work: self._message(
                work,
                service.answer_inquiry(
                    work,
                    self._indexes,
                    UUID(request.inquiry_id),
                    request.etag,
                    kind,
                    request.control_codes,
                    reasons,
                ),
            ),
        )

    def GetCitedAnswer(
        self, request: messages.GetCitedAnswerRequest, context: grpc.ServicerContext
    ) -> messages.CitedAnswer:
        number = conversion.searched(request.number, "number").upper()
        with self._database.begin(current_call()) as work:
            return conversion.cited_message(*service.cited_answer(work, number))

    def GetInquiryStatistics(
        self, request: messages.GetInquiryStatisticsRequest, context: grpc.ServicerContext
    ) -> messages.InquiryStatistics:
        since = conversion.day_of(request.since, "since")
        until = conversion.day_of(request.until, "until")
        with self._database.begin(current_call()) as work:
            figures = service.read_statistics(work, since, until, self._desk.policy, self._desk.calendar)
        return conversion.statistics_message(figures, self._desk)

    def _message(self, work: UnitOfWork, inquiry: Inquiry) -> messages.Inquiry:
        return conversion.inquiry_message(inquiry, work.call, self._desk)


def registration(database: Database, indexes: Indexes, examination: Examination, desk: Desk) -> Registration:
    """The service with the permission of each method."""
    return Registration(
        messages.DESCRIPTOR.services_by_name["InquiryService"],
        contract.add_InquiryServiceServicer_to_server,
        InquiryServicer(database, indexes, examination, desk),
        {
            "AskInquiry": _ASKERS,
            "SupplementInquiry": _ASKERS,
            "WithdrawInquiry": _ASKERS,
            "GetInquiry": _READERS,
            "ListInquiries": _READERS,
            "RequestInformation": _MINISTRY,
            "AnswerInquiry": _MINISTRY,
            "GetCitedAnswer": _SHOWN_CITATIONS,
            "GetInquiryStatistics": _WATCHERS,
        },
    )
