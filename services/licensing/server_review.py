"""ReviewService over gRPC: for officers of the province and the ministry."""

import uuid
from collections.abc import Callable, Iterator

import grpc
from google.protobuf.message import Message
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import application_pb2_grpc

from services.foundation.database import Database, UnitOfWork
from services.foundation.documents.store import DocumentStore
from services.foundation.errors import FieldViolation, invalid_argument
from services.foundation.grpc_server import current_call, transact
from services.foundation.legal_clock import ExclusionReason
from services.foundation.messages import LocalizedText
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.licensing import (
    assessment_service,
    decision_service,
    desk_service,
    expert_service,
    review_reading,
    review_service,
)
from services.licensing.application_context import ApplicationContext
from services.licensing.application_messages import to_case, to_clock, to_escalation
from services.licensing.application_shapes import enum_word, read, require_storable
from services.licensing.assessment_service import Finding
from services.licensing.case_views import CaseView
from services.licensing.domain.application_state import ApplicationState, Outcome
from services.licensing.domain.case_queue import AssignmentFilter, CaseFilters
from services.licensing.domain.consultation_plan import AgencyChoice
from services.licensing.domain.findings import Deficiency, FactorAssessment
from services.licensing.domain.review_sheet import FactorRating, ReviewFactor
from services.licensing.domain.search import folded
from services.licensing.queue_messages import to_experts, to_officers, to_queue

_READERS = (Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR)
_MINISTRY_OFFICER = allow(Role.MINISTRY_OFFICER)
_OFFICERS = allow(Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)
REVIEW_PERMISSIONS = {
    # The procedure reads the frozen dossier for the automatic checks; agencies and experts read what they are asked about.
    "GetCase": allow(*_READERS, Role.AGENCY_REVIEWER, Role.EXPERT, Role.PROCEDURE),
    "ListCases": allow(*_READERS, Role.AGENCY_REVIEWER, Role.EXPERT),
    "ListEscalations": allow(*_READERS),
    "DownloadAttachment": allow(*_READERS, Role.AGENCY_REVIEWER, Role.EXPERT, Role.EXPORTER, Role.AGENT),
    "RequestSupplement": allow(Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER),
    "ForwardApplication": allow(Role.PROVINCIAL_OFFICER),
    "AcceptApplication": _MINISTRY_OFFICER,
    "DeclineAcceptance": _MINISTRY_OFFICER,
    "AssessItem": allow(Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER),
    "StartConsultation": _MINISTRY_OFFICER,
    "StartExclusion": _MINISTRY_OFFICER,
    "EndExclusion": _MINISTRY_OFFICER,
    "ProposeDecision": _MINISTRY_OFFICER,
    "CountersignDecision": allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR),
    "GetClock": allow(*_READERS, Role.EXPERT),
    "ListAssignees": _OFFICERS,
    "AssignCase": _OFFICERS,
    "AddNote": _OFFICERS,
    "ListExperts": _MINISTRY_OFFICER,
    "AskExpert": _MINISTRY_OFFICER,
    "SubmitExpertOpinion": allow(Role.EXPERT),
}


class ReviewServicer(application_pb2_grpc.ReviewServiceServicer):
    """See the contract."""

    def __init__(self, database: Database, context: ApplicationContext, documents: DocumentStore) -> None:
        self._database = database
        self._context = context
        self._documents = documents

    def GetCase(self, request: messages.GetCaseRequest, context: grpc.ServicerContext) -> messages.Case:
        with self._database.begin(current_call()) as work:
            return to_case(review_reading.get_case(work, self._context, request.application_id))

    def ListCases(
        self, request: messages.ListCasesRequest, context: grpc.ServicerContext
    ) -> messages.ListCasesResponse:
        words = messages.ApplicationState.DESCRIPTOR
        filters = CaseFilters(
            states=frozenset(
                enum_word(ApplicationState, words, number) for number in request.states if number
            ),
            number=request.number,
            searched=folded(request.query),
            province=request.province,
            destination=request.destination,
            assignment=enum_word(AssignmentFilter, messages.AssignmentFilter.DESCRIPTOR, request.assignment),
            overdue=request.overdue,
            application_ids=frozenset(map(uuid.UUID, request.application_ids)),
        )
        require_storable(request)
        with self._database.begin(current_call()) as work:
            found = review_reading.list_cases(work, filters, request.page_size, request.page_token)
        return to_queue(found)

    def ListAssignees(
        self, request: messages.ListAssigneesRequest, context: grpc.ServicerContext
    ) -> messages.ListAssigneesResponse:
        with self._database.begin(current_call()) as work:
            return to_officers(desk_service.list_assignees(work))

    def AssignCase(self, request: messages.AssignCaseRequest, context: grpc.ServicerContext) -> messages.Case:
        return self._act(
            request,
            lambda work: desk_service.assign(
                work, self._context, request.application_id, request.seen_assigned_to, request.assign_to
            ),
        )

    def AddNote(self, request: messages.AddNoteRequest, context: grpc.ServicerContext) -> messages.Case:
        return self._act(
            request,
            lambda work: desk_service.add_note(work, self._context, request.application_id, request.text),
        )

    def ListExperts(
        self, request: messages.ListExpertsRequest, context: grpc.ServicerContext
    ) -> messages.ListExpertsResponse:
        with self._database.begin(current_call()) as work:
            return to_experts(expert_service.list_experts(work))

    def AskExpert(self, request: messages.AskExpertRequest, context: grpc.ServicerContext) -> messages.Case:
        return self._act(
            request,
            lambda work: expert_service.ask(
                work, self._context, request.application_id, request.expert_subject, request.question
            ),
        )

    def SubmitExpertOpinion(
        self, request: messages.SubmitExpertOpinionRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        return self._act(
            request,
            lambda work: expert_service.submit_opinion(
                work,
                self._context,
                request.application_id,
                request.expert_request_id,
                request.opinion,
                declares_no_conflict=request.declares_no_conflict_of_interest,
            ),
        )

    def ListEscalations(
        self, request: messages.ListEscalationsRequest, context: grpc.ServicerContext
    ) -> messages.ListEscalationsResponse:
        with self._database.begin(current_call()) as work:
            found, token = review_reading.list_escalations(
                work, self._context, request.page_size, request.page_token
            )
        return messages.ListEscalationsResponse(
            escalations=[to_escalation(each) for each in found], next_page_token=token
        )

    def DownloadAttachment(
        self, request: messages.DownloadAttachmentRequest, context: grpc.ServicerContext
    ) -> Iterator[messages.DownloadAttachmentResponse]:
        with self._database.begin(current_call()) as work:
            attachment = review_reading.attachment_to_read(
                work, request.application_id, request.attachment_id
            )
        for chunk in self._documents.open(attachment.sha256):
            yield messages.DownloadAttachmentResponse(content=chunk)

    def RequestSupplement(
        self, request: messages.RequestSupplementRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        added = [read(Deficiency, deficiency) for deficiency in request.deficiencies]
        return self._act(
            request,
            lambda work: review_service.request_supplement(
                work, self._context, request.application_id, request.etag, added
            ),
        )

    def ForwardApplication(
        self, request: messages.ForwardApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        return self._act(
            request,
            lambda work: review_service.forward(
                work, self._context, request.application_id, request.etag, request.opinion
            ),
        )

    def AcceptApplication(
        self, request: messages.AcceptApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        return self._act(
            request,
            lambda work: review_service.accept(work, self._context, request.application_id, request.etag),
        )

    def DeclineAcceptance(
        self, request: messages.DeclineAcceptanceRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        return self._act(
            request,
            lambda work: review_service.decline_acceptance(
                work, self._context, request.application_id, request.etag, request.reasons
            ),
        )

    def AssessItem(self, request: messages.AssessItemRequest, context: grpc.ServicerContext) -> messages.Case:
        finding = Finding(
            line_number=request.line_number,
            control_codes=tuple(request.control_codes),
            reason=request.reason,
            precedent_id=request.precedent_id,
            inquiry_number=request.inquiry_number,
        )
        return self._act(
            request,
            lambda work: assessment_service.assess_item(
                work, self._context, request.application_id, request.etag, finding
            ),
        )

    def StartConsultation(
        self, request: messages.StartConsultationRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        choices = [read(AgencyChoice, choice) for choice in request.agencies]
        return self._act(
            request,
            lambda work: decision_service.start_consultation(
                work, self._context, request.application_id, request.etag, choices
            ),
        )

    def StartExclusion(
        self, request: messages.StartExclusionRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        reason = enum_word(ExclusionReason, messages.ExclusionReason.DESCRIPTOR, request.reason)
        return self._act(
            request,
            lambda work: decision_service.start_exclusion(
                work, self._context, request.application_id, request.etag, reason, request.note
            ),
        )

    def EndExclusion(
        self, request: messages.EndExclusionRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        return self._act(
            request,
            lambda work: decision_service.end_exclusion(
                work,
                self._context,
                request.application_id,
                request.etag,
                request.exclusion_id,
                request.result,
            ),
        )

    def ProposeDecision(
        self, request: messages.ProposeDecisionRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        outcome = enum_word(Outcome, messages.DecisionOutcome.DESCRIPTOR, request.outcome)
        factors = [read(FactorAssessment, factor) for factor in request.factors]
        _require_known_words(factors)
        conditions = [LocalizedText(condition.zh, condition.en) for condition in request.conditions]
        return self._act(
            request,
            lambda work: decision_service.propose(
                work,
                self._context,
                request.application_id,
                request.etag,
                outcome,
                request.reasons,
                factors,
                conditions,
            ),
        )

    def CountersignDecision(
        self, request: messages.CountersignDecisionRequest, context: grpc.ServicerContext
    ) -> messages.Case:
        return self._act(
            request,
            lambda work: decision_service.countersign(
                work, self._context, request.application_id, request.etag, request.agree, request.comment
            ),
        )

    def GetClock(self, request: messages.GetClockRequest, context: grpc.ServicerContext) -> messages.Clock:
        with self._database.begin(current_call()) as work:
            return to_clock(
                *review_reading.get_clock(work, self._context, request.application_id, request.as_of)
            )

    def _act(self, request: Message, use_case: Callable[[UnitOfWork], CaseView]) -> messages.Case:
        require_storable(request)
        return transact(self._database, request, messages.Case, lambda work: to_case(use_case(work)))


def _require_known_words(factors: list[FactorAssessment]) -> None:
    violations = [
        FieldViolation(f"factors[{position}].{name}", "WORD_UNKNOWN", {"value": word})
        for position, factor in enumerate(factors)
        for name, word, words in (
            ("factor", factor.factor, frozenset(ReviewFactor)),
            ("rating", factor.rating, frozenset(FactorRating)),
        )
        if word not in words
    ]
    if violations:
        raise invalid_argument(*violations)
