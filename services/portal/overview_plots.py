"""The plots of the overview, from the figures that the services give."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup
from xuke.consultation.v1 import consultation_pb2 as co
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import statistics_pb2 as st

from services.portal import plots
from services.portal.language import Language, code_name, current, plain, shown, text
from services.portal.plots import Bar, Caption, Column, Part, Range

ROWS_DRAWN: Final = 10
MONTHS_DRAWN: Final = 24
_CONCLUDED: Final = frozenset(
    {
        a.APPLICATION_STATE_GATE_REFUSED,
        a.APPLICATION_STATE_NOT_ACCEPTED,
        a.APPLICATION_STATE_REFUSED,
        a.APPLICATION_STATE_LICENSED,
        a.APPLICATION_STATE_WITHDRAWN,
        a.APPLICATION_STATE_LAPSED,
    }
)


def states(counts: Sequence[a.StateCount]) -> Markup:
    """Cases by state, in the order of the procedure."""
    most = max(counts, key=lambda each: each.count)
    caption = _caption(
        "states",
        text("overview.states"),
        text("overview.states_said", state=_state(most.state), cases=most.count),
    )
    return plots.bars(
        caption,
        [
            Bar(
                _state(each.state),
                f"{each.count:,}",
                (Part("concluded" if each.state in _CONCLUDED else "open", each.count),),
            )
            for each in counts
        ],
    )


def provinces(counts: Sequence[st.ProvinceCount]) -> Markup:
    """Open cases by province, those with most overdue and open cases first."""
    drawn = sorted(counts, key=lambda each: (-each.overdue, -each.open, each.province))[:ROWS_DRAWN]
    caption = _caption("provinces", text("overview.provinces"), text("overview.provinces_said"))
    return plots.bars(
        caption,
        [_open_and_overdue(shown("Province", each.province), each.open, each.overdue) for each in drawn],
    )


def months(counts: Sequence[st.MonthCount]) -> Markup:
    """Submissions and decisions by month."""
    caption = _caption("months", text("overview.months"), text("overview.months_said"))
    return plots.columns(
        caption,
        [
            Column(each.month, (Part("submitted", each.submitted), Part("decided", each.decided)))
            for each in counts[-MONTHS_DRAWN:]
        ],
    )


def durations(stages: Sequence[st.StageDuration]) -> Markup:
    """Median and ninetieth percentile of each stage against its limit."""
    caption = _caption("durations", text("overview.durations"), text("overview.durations_said"))
    return plots.ranges(
        caption,
        [
            Range(
                label=shown("Stage", each.stage),
                said=_duration(each),
                median=each.median_working_days,
                ninetieth=each.ninetieth_percentile_working_days,
                limit=each.limit_working_days,
                empty=not each.cases,
            )
            for each in stages
        ],
    )


def agency_tasks(agencies: Sequence[co.AgencyStatistics]) -> Markup:
    """Tasks that agencies have to answer."""
    caption = _caption("agency-tasks", text("overview.agency_tasks"), text("overview.agency_tasks_said"))
    # Overdue tasks are counted apart from open ones; to be answered are both.
    return plots.bars(
        caption,
        [
            _open_and_overdue(_agency(each.agency), each.open + each.overdue, each.overdue)
            for each in agencies
        ],
    )


def agency_times(agencies: Sequence[co.AgencyStatistics]) -> Markup:
    """How long agencies take to answer."""
    caption = _caption("agency-times", text("overview.agency_times"), text("overview.agency_times_said"))
    return plots.ranges(
        caption,
        [
            Range(
                label=_agency(each.agency),
                said=_said(days(each.median_days), days(each.ninetieth_percentile_days))
                if each.answered
                else text("overview.no_cases"),
                median=each.median_days,
                ninetieth=each.ninetieth_percentile_days,
                limit=0,
                empty=not each.answered,
            )
            for each in agencies
        ],
    )


def destinations(counts: Sequence[st.DestinationCount]) -> Markup:
    """Destinations with most applications, by what was decided."""
    caption = _caption("destinations", text("overview.destinations"), text("overview.destinations_said"))
    return plots.bars(
        caption,
        [
            _decided(code_name("country", each.destination), each.applications, each.granted, each.refused)
            for each in counts[:ROWS_DRAWN]
        ],
    )


def codes(counts: Sequence[st.CodeCount]) -> Markup:
    """Control codes with most applications, by what was decided."""
    caption = _caption("codes", text("overview.codes"), text("overview.codes_said"))
    return plots.bars(
        caption,
        [
            _decided(each.control_code, each.applications, each.granted, each.refused)
            for each in counts[:ROWS_DRAWN]
        ],
    )


def days(value: float) -> str:
    """Days to a tenth, without an idle nought."""
    return f"{value:.1f}".removesuffix(".0")


def _caption(key: str, title: str, description: str) -> Caption:
    return Caption(f"plot-{key}", title, description)


def _state(state: int) -> str:
    return shown("ApplicationState", plain(a.ApplicationState, state))


def _agency(code: str) -> str:
    """The English names of agencies are longer than a line of a phone; the table has them whole."""
    return shown("Agency", code) if current() is Language.ZH else code


def _open_and_overdue(label: str, still_open: int, overdue: int) -> Bar:
    said = text("overview.province_value", open=f"{still_open:,}", overdue=f"{overdue:,}")
    parts = (Part("overdue", overdue), Part("open", still_open - overdue))
    return Bar(label, said if overdue else f"{still_open:,}", parts)


def _decided(label: str, applications: int, granted: int, refused: int) -> Bar:
    undecided = applications - granted - refused
    parts = (Part("granted", granted), Part("refused", refused), Part("undecided", undecided))
    return Bar(label, f"{applications:,}", parts)


def _duration(stage: st.StageDuration) -> str:
    limit = stage.limit_working_days
    if not stage.cases:
        return text("overview.limit_only", limit=limit) if limit else text("overview.no_cases")
    said = _said(str(stage.median_working_days), str(stage.ninetieth_percentile_working_days))
    return text("overview.with_limit", said=said, limit=limit) if limit else said


def _said(median: str, ninetieth: str) -> str:
    if median == ninetieth:
        return median
    return text("overview.duration_value", median=median, ninetieth=ninetieth)
