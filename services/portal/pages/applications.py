"""The status page of an application, as its applicant sees it."""

import uuid

from flask import render_template
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a

from services.portal.dossier_summary import dossier_sections
from services.portal.services import services


def application(application_id: uuid.UUID) -> ResponseReturnValue:
    """Phase, state, due date with its reason, what is asked, notices, and every field of the dossier."""
    found = services().ask(
        services().applications.GetApplication,
        a.GetApplicationRequest(application_id=str(application_id)),
    )
    return render_template("application.html", application=found, sections=dossier_sections(found.dossier))
