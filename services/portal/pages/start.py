"""The start page of exporters and agents: what is asked of them first, then where everything stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import product_pb2 as pr
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.principal import Role
from services.portal.form_act import new_request_id
from services.portal.formats import SHANGHAI, day
from services.portal.language import text
from services.portal.pages.licences import owes_due_diligence
from services.portal.pages.organisation import find_organisation
from services.portal.services import services
from services.portal.unread import unread

APPLICATIONS_SHOWN: Final = 5
LICENCES_SHOWN: Final = 5
NOTIFICATIONS_SHOWN: Final = 3
SUPPLEMENTS_SHOWN: Final = 10
DRAFTS_SHOWN: Final = 5
# The newest, among which those to act on are looked for.
_LICENCES_READ: Final = 20
_EXPIRES_SOON: Final = timedelta(days=60)
_SUBMITTED: Final = tuple(number for number in a.PublicState.values() if number > a.PUBLIC_STATE_DRAFT)
_LIVE: Final = (li.LICENCE_STATE_ISSUED, li.LICENCE_STATE_ACTIVE, li.LICENCE_STATE_SUSPENDED)


@dataclass(frozen=True)
class Task:
    """Something to do: where, what, and why or until when."""

    address: str
    what: str
    detail: str


def overview() -> ResponseReturnValue:
    """What is asked of the applicant, what is new, and the latest applications and licences."""
    mandator = find_organisation() if g.principal.role is Role.AGENT else None
    if g.principal.role is Role.AGENT and mandator is None:
        return render_template("applications/no_mandate.html")
    supplements = _applications(SUPPLEMENTS_SHOWN, a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU)
    drafts = _applications(DRAFTS_SHOWN, a.PUBLIC_STATE_DRAFT)
    latest = _applications(APPLICATIONS_SHOWN, *_SUBMITTED)
    licences = services().ask(
        services().licences.ListLicences, li.ListLicencesRequest(page_size=_LICENCES_READ, states=_LIVE)
    )
    return render_template(
        "applications/start.html",
        tasks=[
            *_supplements(supplements.applications),
            *_licences_to_act_on(licences.licences),
            *_products_to_look_at(),
        ],
        more_supplements=bool(supplements.next_page_token),
        drafts=drafts.applications,
        more_drafts=bool(drafts.next_page_token),
        unread=unread(NOTIFICATIONS_SHOWN),
        applications=latest.applications,
        licences=licences.licences[:LICENCES_SHOWN],
        mandator=mandator,
        request_id=new_request_id(),
    )


def _applications(count: int, *states: a.PublicState.ValueType) -> a.ListApplicationsResponse:
    return services().ask(
        services().applications.ListApplications,
        a.ListApplicationsRequest(page_size=count, states=states),
    )


def _supplements(applications: Iterable[a.Application]) -> list[Task]:
    return [
        Task(
            url_for("application_supplement", application_id=one.application_id),
            text("start.task_supplement", number=one.number, count=len(one.status.asked_of_you)),
            text("start.task_supplement_detail"),
        )
        for one in applications
    ]


def _products_to_look_at() -> list[Task]:
    """One task for all products whose outcome a list changed; without classification the page does without it."""
    try:
        changed = (
            services().ask(services().products.ListProducts, pr.ListProductsRequest(page_size=1)).changed
        )
    except XukeError as error:
        if error.code not in (ErrorCode.UNAVAILABLE, ErrorCode.PERMISSION_DENIED):
            raise
        return []
    if not changed:
        return []
    said = text("start.task_products", count=changed)
    return [Task(url_for("products", changed=1), said, text("start.task_products_detail"))]


def _licences_to_act_on(licences: Iterable[li.Licence]) -> list[Task]:
    today = datetime.now(SHANGHAI).date()
    tasks = []
    for one in licences:
        address = url_for("licence", number=one.number)
        if one.state == li.LICENCE_STATE_SUSPENDED:
            said = text("start.task_suspended", number=one.number)
            tasks.append(Task(address, said, text("start.task_suspended_detail")))
        elif owes_due_diligence(one):
            said = text("start.task_diligence", number=one.number)
            tasks.append(
                Task(
                    url_for("licence_due_diligence", number=one.number),
                    said,
                    text("start.task_diligence_detail"),
                )
            )
        elif date.fromisoformat(one.valid_to) - today <= _EXPIRES_SOON:
            said = text("start.task_expiring", number=one.number)
            tasks.append(Task(address, said, text("start.task_expiring_detail", date=day(one.valid_to))))
    return tasks
