"""What of an application may be changed now: everything of a draft, and what a supplement notice names (补正).

For the pages of a supplement: `is_open` tells of each deficiency whether it is answered in the dossier,
`addresses.mending` leads to the page that answers it; the steps themselves ask only what is open and lead back to
the page of the application. After every step the application is as it was, but for the answers; what sends it is
SupplementApplication.
"""

from xuke.licensing.v1 import application_pb2 as a

from services.portal.answers import is_under
from services.portal.filing.places import DOSSIER, Place
from services.portal.forms import Question


def is_draft(application: a.Application) -> bool:
    """Whether it has not been submitted yet."""
    return application.status.state == a.PUBLIC_STATE_DRAFT


def is_editable(application: a.Application) -> bool:
    """Whether anything of it may be changed."""
    return is_draft(application) or (
        application.status.state == a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU and bool(application.open_fields)
    )


def is_open(application: a.Application, path: str) -> bool:
    """Whether what a path names may be changed: "dossier.items[0].hs_code", "attachments.CONTRACT"."""
    if is_draft(application):
        return True
    return is_editable(application) and any(is_under(path, opened) for opened in application.open_fields)


def open_questions(application: a.Application, place: Place) -> tuple[Question, ...]:
    """The questions of a step whose answers may be changed; of an entry not there yet, all if one may be added."""
    if place.part and place.number > len(getattr(application.dossier, place.part)):
        return place.step.questions if is_open(application, f"{DOSSIER}{place.part}") else ()
    return tuple(
        question
        for question in place.step.questions
        if is_open(application, f"{place.prefix}{question.path}")
    )
