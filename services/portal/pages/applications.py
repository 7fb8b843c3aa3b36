"""The start page of an applicant, and the status page of an application as its applicant sees it."""

import uuid
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import licence_pb2 as li

from services.portal.dossier_summary import dossier_sections
from services.portal.page import APPLICANTS, Page
from services.portal.services import services

APPLICATIONS_SHOWN = 50
LICENCES_SHOWN = 50


def overview() -> ResponseReturnValue:
    """What is asked of the applicant, and where applications and licences stand."""
    ask = services().ask
    applications = ask(
        services().applications.ListApplications, a.ListApplicationsRequest(page_size=APPLICATIONS_SHOWN)
    )
    licences = ask(services().licences.ListLicences, li.ListLicencesRequest(page_size=LICENCES_SHOWN))
    return render_template(
        "applications/start.html",
        applications=applications.applications,
        asked=[one for one in applications.applications if one.status.asked_of_you],
        more_applications=bool(applications.next_page_token),
        licences=licences.licences,
        more_licences=bool(licences.next_page_token),
    )


def application(application_id: uuid.UUID) -> ResponseReturnValue:
    """Phase, state, due date with its reason, what is asked, notices, and every field of the dossier."""
    found = services().ask(
        services().applications.GetApplication,
        a.GetApplicationRequest(application_id=str(application_id)),
    )
    return render_template(
        "applications/application.html", application=found, sections=dossier_sections(found.dossier)
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("application", "/applications/<uuid:application_id>", application, APPLICANTS),
)
