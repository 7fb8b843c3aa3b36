"""The work queue of reviewers, and a case to read."""

import uuid
from typing import Final

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.dossier_summary import dossier_sections
from services.portal.language import plain
from services.portal.page import Page
from services.portal.services import services

CASES_SHOWN = 100
_CONCLUDED = frozenset(
    {
        a.APPLICATION_STATE_GATE_REFUSED,
        a.APPLICATION_STATE_NOT_ACCEPTED,
        a.APPLICATION_STATE_REFUSED,
        a.APPLICATION_STATE_LICENSED,
        a.APPLICATION_STATE_WITHDRAWN,
        a.APPLICATION_STATE_LAPSED,
    }
)
# What waits for whom first; the others of the list can be chosen on the page.
_WAITING_FOR = {
    Role.PROVINCIAL_OFFICER: (a.APPLICATION_STATE_PROVINCIAL_REVIEW,),
    Role.MINISTRY_OFFICER: (
        a.APPLICATION_STATE_MINISTRY_INTAKE,
        a.APPLICATION_STATE_ACCEPTED,
        a.APPLICATION_STATE_IN_CONSULTATION,
        a.APPLICATION_STATE_READY_FOR_PROPOSAL,
        a.APPLICATION_STATE_PROPOSED,
    ),
    Role.MINISTRY_DIRECTOR: (a.APPLICATION_STATE_PROPOSED,),
}
STATES = tuple(
    plain(a.ApplicationState, number)
    for number in a.ApplicationState.values()
    if number not in (a.APPLICATION_STATE_UNSPECIFIED, a.APPLICATION_STATE_DRAFT)
)
WAITING, EVERY = "waiting", "every"


def _chosen(choice: str, role: Role) -> tuple[int, ...]:
    """The states of a choice on the page; those not concluded for a role that nothing waits for."""
    if choice == EVERY:
        return ()
    if choice in STATES:
        return (a.ApplicationState.Value(f"APPLICATION_STATE_{choice}"),)
    open_states = tuple(
        number for number in a.ApplicationState.values() if number > 1 and number not in _CONCLUDED
    )
    return _WAITING_FOR.get(role, open_states)


def queue() -> ResponseReturnValue:
    """Cases by state, those past a deadline first, then the oldest first."""
    choice = request.args.get("state", WAITING)
    states = _chosen(choice, g.principal.role)
    found = services().ask(
        services().reviews.ListCases,
        a.ListCasesRequest(
            states=[a.ApplicationState.ValueType(state) for state in states],
            page_size=CASES_SHOWN,
            page_token=request.args.get("page", "")[:400],
            number=request.args.get("number", "").strip()[:60],
        ),
    )
    escalations = (
        services()
        .ask(services().reviews.ListEscalations, a.ListEscalationsRequest(page_size=200))
        .escalations
    )
    overdue = {one.application_id for one in escalations}
    return render_template(
        "cases/queue.html",
        cases=sorted(found.cases, key=lambda one: one.application_id not in overdue),
        overdue=overdue,
        next_page=found.next_page_token,
        choice=choice if choice in (*STATES, EVERY) else WAITING,
        states=STATES,
        number=request.args.get("number", ""),
    )


def case(application_id: uuid.UUID) -> ResponseReturnValue:
    """Everything a reviewer may know of a case."""
    found = services().ask(services().reviews.GetCase, a.GetCaseRequest(application_id=str(application_id)))
    return render_template("cases/case.html", case=found, sections=dossier_sections(found.dossier))


_READERS: Final = (Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR)
PAGES: Final[tuple[Page, ...]] = (
    Page("queue", "/cases", queue, allow(*_READERS)),
    Page("case", "/cases/<uuid:application_id>", case, allow(*_READERS, Role.AGENCY_REVIEWER)),
)
