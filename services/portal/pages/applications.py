"""All applications of an applicant, searched and filtered."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a

from services.portal.form_act import new_request_id
from services.portal.language import plain
from services.portal.page import APPLICANTS, Page
from services.portal.services import services

APPLICATIONS_SHOWN: Final = 20
GREATEST_QUERY: Final = 100
EVERY, OPEN = "every", "open"
_CONCLUDED: Final = frozenset(
    {
        a.PUBLIC_STATE_LICENCE_ISSUED,
        a.PUBLIC_STATE_REFUSED,
        a.PUBLIC_STATE_NOT_ACCEPTED,
        a.PUBLIC_STATE_WITHDRAWN,
        a.PUBLIC_STATE_LAPSED,
        a.PUBLIC_STATE_CANNOT_PROCEED,
    }
)
STATES: Final = tuple(plain(a.PublicState, number) for number in a.PublicState.values() if number)


def applications() -> ResponseReturnValue:
    """A page of the list, the latest first."""
    choice = request.args.get("state", EVERY)
    query = request.args.get("query", "").strip()[:GREATEST_QUERY]
    found = services().ask(
        services().applications.ListApplications,
        a.ListApplicationsRequest(
            page_size=APPLICATIONS_SHOWN,
            page_token=request.args.get("page", "")[:400],
            states=_states(choice),
            query=query,
        ),
    )
    return render_template(
        "applications/list.html",
        applications=found.applications,
        next_page=found.next_page_token,
        is_first="page" not in request.args,
        choice=choice if choice in (*STATES, OPEN) else EVERY,
        states=STATES,
        query=query,
        request_id=new_request_id(),
    )


def _states(choice: str) -> list[a.PublicState.ValueType]:
    if choice == OPEN:
        return [number for number in a.PublicState.values() if number and number not in _CONCLUDED]
    if choice in STATES:
        return [a.PublicState.Value(f"PUBLIC_STATE_{choice}")]
    return []


PAGES: Final[tuple[Page, ...]] = (Page("applications", "/applications", applications, APPLICANTS),)
