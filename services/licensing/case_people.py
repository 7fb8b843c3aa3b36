"""The names of the people whom a case mentions, for those who read the case."""

from collections.abc import Collection, Iterable, Mapping

from services.foundation.database import UnitOfWork
from services.foundation.ledger import LedgerEvent
from services.foundation.messages import LocalizedText
from services.foundation.principal import Role
from services.licensing.domain.authority import ASSIGN, Assignment, Note
from services.licensing.domain.case_parts import ConsultationRound, Decision
from services.licensing.domain.expert_opinion import ExpertRequest
from services.licensing.store import people

# Who reads, in the consultation, which person answered for an agency; an agency reads it of its own people.
_READS_ANSWERS = frozenset(
    {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR, Role.AGENCY_REVIEWER}
)


def people_of_case(
    work: UnitOfWork,
    events: Collection[LedgerEvent],
    rounds: Iterable[ConsultationRound],
    decisions: Iterable[Decision],
    assignments: Iterable[Assignment],
    notes: Iterable[Note],
    requests: Iterable[ExpertRequest],
) -> Mapping[str, LocalizedText]:
    """Names by subject; nobody whom the case does not mention, but those who may answer for agencies asked.

    The procedure gets none: it has no use for them.
    """
    role = work.call.principal.role
    if role is Role.PROCEDURE:
        return {}
    mentioned = {event.actor_subject for event in events}
    for event in events:
        if event.action == ASSIGN:
            mentioned |= {str(event.payload["from"]), str(event.payload["to"])}
    for decision in decisions:
        mentioned |= {decision.proposed_by, decision.countersigned_by}
    for assignment in assignments:
        mentioned |= {assignment.subject, assignment.assigned_by}
    mentioned |= {note.author for note in notes}
    for request in requests:
        mentioned |= {request.expert_subject, request.asked_by}
    asked = {planned.agency for each in rounds for planned in each.agencies}
    return people.names(work.connection, mentioned, asked if role in _READS_ANSWERS else ())
