"""The work queue of officers: the most urgent first, searched, filtered and counted."""

from typing import Final

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.case_hits import hits_waiting
from services.portal.form_options import codes, provinces
from services.portal.hit_act import DECIDERS
from services.portal.page import Page
from services.portal.queue_filters import ASSIGNMENTS, Filters, chips
from services.portal.services import services

ESCALATIONS_SHOWN: Final = 20
# Of which agency an opinion is overdue stands behind this in the kind of an escalation.
_OPINION: Final = "agency_opinion/"


def queue() -> ResponseReturnValue:
    """Cases under the filters of the address; an outdated place in the list leads to its beginning."""
    filters = Filters.from_address(request.args)
    role = g.principal.role
    try:
        found = services().ask(services().reviews.ListCases, filters.request(role))
    except XukeError as error:
        if error.code is not ErrorCode.INVALID_ARGUMENT or not filters.page:
            raise
        filters = Filters.from_address(filters.address())
        found = services().ask(services().reviews.ListCases, filters.request(role))
    escalations = services().ask(
        services().reviews.ListEscalations, a.ListEscalationsRequest(page_size=ESCALATIONS_SHOWN)
    )
    return render_template(
        "cases/queue.html",
        found=found,
        filters=filters,
        chips=chips(filters, {one.state: one.count for one in found.counts}, role),
        previous_page=filters.previous_page(),
        next_page=filters.next_page(found.next_page_token) if found.next_page_token else None,
        escalations=escalations.escalations,
        more_escalations=bool(escalations.next_page_token),
        supervises=role is Role.MINISTRY_DIRECTOR,
        opinion_prefix=_OPINION,
        provinces=provinces() if role is not Role.PROVINCIAL_OFFICER else (),
        countries=codes("country")(),
        assignments=ASSIGNMENTS if role is not Role.AUDITOR else (),
        hits_waiting=hits_waiting() if role in DECIDERS.roles else 0,
    )


PAGES: Final[tuple[Page, ...]] = (
    Page(
        "queue",
        "/cases",
        queue,
        allow(Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR),
    ),
)
