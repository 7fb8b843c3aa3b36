"""Messages of the work queue and of desks from what the use cases return."""

import uuid
from collections.abc import Mapping, Sequence

from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.messages import LocalizedText
from services.licensing.application_shapes import timestamp
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.authority import Assignment, Note, Officer
from services.licensing.domain.case_queue import QueueLine
from services.licensing.domain.expert_opinion import Expert, ExpertRequest
from services.licensing.review_reading import Queue


def to_queue(queue: Queue) -> messages.ListCasesResponse:
    """One page of the work queue; states that no case is in are left out of the counts."""
    if queue.requests is not None:
        return _for_expert(queue, queue.requests)
    return messages.ListCasesResponse(
        cases=[_line(line) for line in queue.lines],
        next_page_token=queue.next_page_token,
        counts=[
            messages.StateCount(state=_state(state), count=queue.by_state[state].cases)
            for state in ApplicationState
            if state in queue.by_state
        ],
        overdue_count=queue.total.overdue,
        total_count=queue.total.cases,
    )


def _for_expert(
    queue: Queue, requests: Mapping[uuid.UUID, Sequence[ExpertRequest]]
) -> messages.ListCasesResponse:
    """What an expert is asked about, without how the cases stand."""
    return messages.ListCasesResponse(
        cases=[
            messages.CaseSummary(
                application_id=str(line.application_id),
                number=line.number,
                applicant_name=line.applicant_name,
                destination=line.destination,
                submitted_at=timestamp(line.submitted_at),
                items=[text_of(item) for item in line.items],
                expert_requests=[to_expert_request(each) for each in requests.get(line.application_id, ())],
            )
            for line in queue.lines
        ],
        next_page_token=queue.next_page_token,
        total_count=queue.total.cases,
    )


def _line(line: QueueLine) -> messages.CaseSummary:
    return messages.CaseSummary(
        application_id=str(line.application_id),
        number=line.number,
        state=_state(line.state),
        applicant_name=line.applicant_name,
        province=line.province,
        destination=line.destination,
        submitted_at=timestamp(line.submitted_at),
        due_at=timestamp(line.due_at) if line.due_at else None,
        deadline_kind=line.due_kind,
        overdue=line.overdue,
        assigned_to=line.assigned_to,
        assigned_name=text_of(line.assigned_name) if line.assigned_to else None,
        items=[text_of(item) for item in line.items],
    )


def _state(state: ApplicationState) -> messages.ApplicationState.ValueType:
    return messages.ApplicationState.Value(f"APPLICATION_STATE_{state}")


def to_officers(officers: Sequence[Officer]) -> messages.ListAssigneesResponse:
    """Officers to whom a case can be given."""
    return messages.ListAssigneesResponse(
        officers=[
            messages.Officer(
                subject=officer.subject, name=text_of(officer.name), open_cases=officer.open_cases
            )
            for officer in officers
        ]
    )


def to_experts(experts: Sequence[Expert]) -> messages.ListExpertsResponse:
    """Experts who can be asked."""
    return messages.ListExpertsResponse(
        experts=[messages.Expert(subject=expert.subject, name=text_of(expert.name)) for expert in experts]
    )


def to_expert_request(request: ExpertRequest) -> messages.ExpertRequest:
    """What an expert is asked, and the opinion."""
    return messages.ExpertRequest(
        expert_request_id=str(request.expert_request_id),
        exclusion_id=str(request.exclusion_id),
        expert_subject=request.expert_subject,
        asked_by=request.asked_by,
        asked_at=timestamp(request.asked_at),
        question=request.question,
        opinion=request.opinion,
        answered_at=timestamp(request.answered_at) if request.answered_at else None,
        answerable=request.answerable,
    )


def to_assignment(assignment: Assignment) -> messages.Assignment:
    """Whom an authority has given a case to."""
    return messages.Assignment(
        authority=assignment.authority.value,
        subject=assignment.subject,
        name=text_of(assignment.name),
        assigned_at=timestamp(assignment.assigned_at),
        assigned_by=assignment.assigned_by,
    )


def to_note(note: Note) -> messages.Note:
    """A note for colleagues."""
    return messages.Note(
        note_id=str(note.note_id),
        authority=note.authority.value,
        author=note.author,
        author_name=text_of(note.author_name),
        written_at=timestamp(note.written_at),
        text=note.text,
    )


def text_of(text: LocalizedText) -> foundation.LocalizedText:
    """A text in both languages."""
    return foundation.LocalizedText(zh=text.zh, en=text.en)
