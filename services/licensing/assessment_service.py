"""What an officer holds an item to be: under which control codes it falls, or that it falls under none."""

import dataclasses
import uuid
from collections.abc import Sequence

from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_argument, invalid_field
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import change, load_for_change, require_allowed
from services.licensing.case_views import CaseView, assess, case_of
from services.licensing.domain.application_state import Action
from services.licensing.domain.assessment import ItemAssessment, faults_of
from services.licensing.domain.authority import authority_of
from services.licensing.domain.control_codes import spelled
from services.licensing.domain.differences import NOT_CONTROLLED
from services.licensing.store import assessments


@dataclasses.dataclass(frozen=True)
class Finding:
    """What is to be recorded of one item; see `ItemAssessment`."""

    line_number: int
    control_codes: Sequence[str]
    reason: str
    precedent_id: str = ""
    inquiry_number: str = ""


def assess_item(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, finding: Finding
) -> CaseView:
    """Records an assessment in place of the one before, which stays in the history (两用物项出口管制条例 Art. 17).

    Errors: INVALID_ARGUMENT where the dossier has no such line, a code cannot be one or stands twice, or the reason
    says nothing; FAILED_PRECONDITION where the case is not in the hands of the officer's authority, or is decided.
    """
    application = load_for_change(work, application_id, etag)
    require_allowed(work, application, Action.ASSESS_ITEM)
    authority = authority_of(work.call.principal.role)
    if authority is None:
        raise LookupError(f"{work.call.principal.role} works for no authority")
    codes = tuple(spelled(code) for code in finding.control_codes)
    if faults := faults_of(codes):
        raise invalid_argument(*faults)
    if not finding.reason.strip():
        raise invalid_field("reason", "VALUE_MISSING")
    lines = {item.line_number for item in assess(work, context, application).submission.dossier.items}
    if finding.line_number not in lines:
        raise invalid_field("line_number", "NO_SUCH_ITEM", line_number=str(finding.line_number))
    made = ItemAssessment(
        assessment_id=uuid.uuid4(),
        line_number=finding.line_number,
        submission_number=application.submission_number,
        control_codes=codes,
        reason=finding.reason.strip(),
        precedent_id=finding.precedent_id.strip(),
        inquiry_number=finding.inquiry_number.strip(),
        authority=authority,
        assessed_by=work.call.principal.subject,
        assessed_at=work.call.now,
    )
    assessments.add(work.connection, application.application_id, made)
    payload = {
        "assessment_id": str(made.assessment_id),
        "line_number": str(made.line_number),
        "control_codes": " ".join(codes) or NOT_CONTROLLED,
    }
    return case_of(work, context, change(work, context, application, Action.ASSESS_ITEM, payload=payload))
