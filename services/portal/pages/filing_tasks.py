"""Beginning an application, and the list of what there is to do for it."""

from typing import Final

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.licensing.v1 import organisation_pb2 as o

from services.portal.filing.progress import Progress, check, tasks
from services.portal.page import APPLICANTS, Page
from services.portal.services import services


def create() -> ResponseReturnValue:
    """Begins a draft with the particulars of the organisation, once however often the button is pressed."""
    organisation = services().ask(services().organisations.GetOrganisation, o.GetOrganisationRequest())
    applicant = d.Applicant()
    applicant.CopyFrom(organisation.particulars)
    if not applicant.unified_social_credit_code:
        applicant.unified_social_credit_code = organisation.organisation
    if not applicant.province:
        applicant.province = g.principal.province
    created = services().ask(
        services().applications.CreateApplication,
        a.CreateApplicationRequest(
            request_id=request.form.get("request_id", ""),
            dossier=d.Dossier(instrument=d.INSTRUMENT_SINGLE, applicant=applicant),
        ),
    )
    return redirect(url_for("application", application_id=created.application_id), 303)


def task_list(application: a.Application) -> str:
    """The page of a draft: the sections, each with where it stands and the way to it."""
    found = tasks(application, check(application))
    return render_template(
        "filing/tasks.html",
        application=application,
        tasks=found,
        done=sum(task.progress is Progress.COMPLETE for task in found),
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("create_application", "/applications/new", create, APPLICANTS, methods=("POST",)),
)
