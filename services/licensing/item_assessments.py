"""What reviewers held the items of a case to be, and which of it counts for the dossier as it is now."""

from collections.abc import Mapping, Sequence

from services.foundation.database import UnitOfWork
from services.licensing.domain.application import Application
from services.licensing.domain.assessment import ItemAssessment, counting
from services.licensing.domain.dossier import Dossier
from services.licensing.store import application_documents, assessments


def assessments_of(work: UnitOfWork, application: Application) -> Sequence[ItemAssessment]:
    """Every assessment of a case, the oldest first; none to those who may not read them."""
    return assessments.of_application(work.connection, application.application_id)


def counting_in(
    work: UnitOfWork, application: Application, present: Dossier, made: Sequence[ItemAssessment]
) -> Mapping[int, ItemAssessment]:
    """Those that count for the present dossier, by line. See `counting`."""
    dossiers = {
        number: application_documents.find_submission(
            work.connection, application.application_id, number
        ).dossier
        for number in {each.submission_number for each in made} - {application.submission_number}
    }
    return counting(made, present, {**dossiers, application.submission_number: present})
