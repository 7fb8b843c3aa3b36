"""Figures for managers, live: from the tables, and from the event ledger, in one snapshot."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.foundation.clock import SHANGHAI, legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field, permission_denied
from services.foundation.principal import Principal, Role
from services.licensing.application_context import REGIME, ApplicationContext
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.stage_durations import StageDuration, limits
from services.licensing.domain.statistics import (
    Decided,
    LedgerTally,
    ProvinceTally,
    Reconciliation,
    most_first,
)
from services.licensing.domain.working_day_ranks import WorkingDayRanks, date_of, day_number
from services.licensing.store import statistics_reading
from services.licensing.store.statistics_reading import Scope


@dataclass(frozen=True)
class Statistics:
    """The answer; counts of states, provinces, destinations and codes are those of the tables."""

    as_of: datetime
    states: Mapping[ApplicationState, int]
    provinces: Mapping[str, ProvinceTally]
    months: Sequence[tuple[str, int, int]]
    durations: Sequence[StageDuration]
    unpublished_years: Sequence[int]
    reconciliations: Sequence[Reconciliation]
    destinations: Sequence[tuple[str, Decided]]
    codes: Sequence[tuple[str, Decided]]


def get_statistics(
    work: UnitOfWork,
    context: ApplicationContext,
    ranks: WorkingDayRanks,
    submitted_from: str,
    submitted_to: str,
    province: str,
) -> Statistics:
    """Figures of the submitted cases that the caller may see, within days of law (empty: no bound).

    Errors: INVALID_ARGUMENT for what is no date; PERMISSION_DENIED for a province that is not the caller's.
    """
    first, last = _day("submitted_from", submitted_from), _day("submitted_to", submitted_to)
    scope = Scope(
        None if first is None else _begin(first),
        None if last is None else _begin(last + timedelta(days=1)),
        _province(work.call.principal, province),
    )
    read = statistics_reading.read(work.connection, scope, work.call.now)

    tally = LedgerTally(
        ranks,
        lambda day: context.procedures.effective_on(REGIME, date_of(day)),
        _number(first),
        _number(last),
    )
    for way, cases in read.ledger.items():
        tally.add(way.path, way.restricted, cases)

    states: Counter[ApplicationState] = Counter()
    provinces: dict[str, ProvinceTally] = defaultdict(ProvinceTally)
    destinations: dict[str, Decided] = defaultdict(Decided)
    codes: dict[str, Decided] = defaultdict(Decided)
    for each in read.applications:
        states[each.state] += each.cases
        provinces[each.province].add(each.state, each.cases, each.overdue)
        destinations[each.destination].add(each.state, each.cases)
    for found in read.codes:
        for code in found.codes:
            codes[code].add(found.state, found.cases)
    return Statistics(
        as_of=work.call.now,
        states={state: states[state] for state in ApplicationState if state in states},
        provinces={code: provinces[code] for code in sorted(provinces)},
        months=tally.months(),
        durations=tally.stages.durations(
            limits(context.procedures.effective_on(REGIME, legal_day(work.call.now)))
        ),
        unpublished_years=tally.stages.unpublished_years,
        reconciliations=tally.reconcile(states, read.decisions, read.licences),
        destinations=most_first(destinations),
        codes=most_first(codes),
    )


def _province(principal: Principal, asked: str) -> str:
    if principal.role is not Role.PROVINCIAL_OFFICER:
        return asked
    if asked not in ("", principal.province):
        raise permission_denied("OTHER_PROVINCE_NOT_VISIBLE", province=principal.province)
    return principal.province


def _day(field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise invalid_field(field, "NOT_A_DATE", value=text) from error


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _number(day: date | None) -> int | None:
    return None if day is None else day_number(day)
