"""What a consulted agency is asked: its requests, the first due first (出口管制法 Art. 13, 22; 条例 Art. 17)."""

from collections.abc import Sequence
from typing import Final

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.consultation.v1 import consultation_pb2 as co
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.page import Page
from services.portal.services import services

TASKS_SHOWN: Final = 25
_TO_ANSWER: Final = (co.TASK_STATE_OPEN, co.TASK_STATE_OVERDUE)
_DONE: Final = (co.TASK_STATE_ANSWERED, co.TASK_STATE_WAIVED, co.TASK_STATE_CLOSED_UNANSWERED)
OPEN, DONE = "open", "done"
_STATES: Final = {OPEN: _TO_ANSWER, DONE: _DONE}


def tasks() -> ResponseReturnValue:
    """Requests to answer, or those that are done; a search looks through the cases that the agency is asked about."""
    which = request.args.get("state", OPEN)
    which = which if which in _STATES else OPEN
    query = request.args.get("query", "").strip()[:100]
    if query:
        return _search(query)
    try:
        found = _ask(which, request.args.get("page", ""))
    except XukeError as error:
        if error.code is not ErrorCode.INVALID_ARGUMENT or "page" not in request.args:
            raise
        found = _ask(which, "")
    return render_template(
        "cases/tasks.html",
        tasks=found.tasks,
        cases=_cases_of(found.tasks),
        next_page=found.next_page_token,
        first=not request.args.get("page"),
        which=which,
        query="",
        agency=g.principal.agency,
        co=co,
    )


def _ask(which: str, page: str) -> co.ListTasksResponse:
    return services().ask(
        services().consultation.ListTasks,
        co.ListTasksRequest(
            agency=g.principal.agency, states=_STATES[which], page_size=TASKS_SHOWN, page_token=page
        ),
    )


def _cases_of(found: Sequence[co.Task]) -> dict[str, a.CaseSummary]:
    """The cases of tasks by id, in one question: the tasks know no number and no goods."""
    if not found:
        return {}
    cases = services().ask(
        services().reviews.ListCases,
        a.ListCasesRequest(
            application_ids=list(dict.fromkeys(task.application_id for task in found)), page_size=200
        ),
    )
    return {one.application_id: one for one in cases.cases}


def _search(query: str) -> ResponseReturnValue:
    found = services().ask(
        services().reviews.ListCases, a.ListCasesRequest(query=query, page_size=TASKS_SHOWN)
    )
    return render_template(
        "cases/tasks.html", found=found, which="", query=query, agency=g.principal.agency, co=co
    )


PAGES: Final[tuple[Page, ...]] = (Page("tasks", "/tasks", tasks, allow(Role.AGENCY_REVIEWER)),)
