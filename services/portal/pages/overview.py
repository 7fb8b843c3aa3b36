"""The overview: live figures for managers, and how they agree with the event ledger."""

from datetime import date
from typing import Final

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.consultation.v1 import consultation_pb2 as co
from xuke.licensing.v1 import statistics_pb2 as st

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal import overview_plots
from services.portal.language import catalogue, shown, text
from services.portal.page import Page
from services.portal.services import services

_ALL_CASES: Final = frozenset({Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR})
_CASES: Final = _ALL_CASES | {Role.PROVINCIAL_OFFICER}
_AGENCIES: Final = _ALL_CASES | {Role.AGENCY_REVIEWER}
_STATE: Final = "STATE_"


def overview() -> ResponseReturnValue:
    """Figures within the days and the province of the address; what it says wrongly is left out.

    Provinces see their own cases, agencies their own tasks, the ministry and auditors everything.
    """
    role: Role = g.principal.role
    since, until = _day(request.args.get("from", "")), _day(request.args.get("to", ""))
    asked = request.args.get("province", "")
    province = asked if role in _ALL_CASES and asked in _provinces() else ""
    cases: st.Statistics | None = None
    agencies: co.TaskStatistics | None = None
    if role in _CASES:
        question = st.GetStatisticsRequest(submitted_from=since, submitted_to=until, province=province)
        cases = services().ask(services().statistics.GetStatistics, question)
    if role in _AGENCIES:
        tasks = co.GetTaskStatisticsRequest(opened_from=since, opened_to=until)
        agencies = services().ask(services().consultation.GetTaskStatistics, tasks)
    differing = (
        [] if cases is None else [one for one in cases.reconciliations if one.in_tables != one.in_ledger]
    )
    return render_template(
        "overview/overview.html",
        since=since,
        until=until,
        province=province,
        provinces=_provinces() if role in _ALL_CASES else (),
        cases=cases,
        agencies=agencies,
        as_of=next(found.as_of for found in (cases, agencies) if found is not None),
        headline={} if cases is None else {one.figure: one.in_tables for one in cases.reconciliations},
        differing=differing,
        plots=overview_plots,
        figure_name=_figure_name,
    )


def _figure_name(figure: str) -> str:
    if figure.startswith(_STATE):
        state = shown("ApplicationState", figure.removeprefix(_STATE))
        return text("overview.in_state", state=state)
    return shown("Figure", figure)


def _provinces() -> tuple[str, ...]:
    """The codes of provinces that have names, in the order of GB/T 2260."""
    prefix = "Province."
    return tuple(key.removeprefix(prefix) for key in catalogue("words") if key.startswith(prefix))


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        return ""


PAGES: Final[tuple[Page, ...]] = (Page("overview", "/overview", overview, allow(*_CASES, *_AGENCIES)),)
