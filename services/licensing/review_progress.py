"""How the review limit is counted for an application, and what past decisions say of its end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.ledger import LedgerEvent
from services.foundation.legal_clock import ExclusionReason
from services.licensing.application_context import ApplicationContext
from services.licensing.case_views import REVIEW_LIMIT, clock_of
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import UNDER_REVIEW, ApplicationState
from services.licensing.domain.estimate import LOOKS_BACK, Estimate, estimate
from services.licensing.domain.findings import LegalSource
from services.licensing.domain.review_clock import read_clock
from services.licensing.store import decision_times

# Where the clock of an acceptance may have been read.
_AFTER_ACCEPTANCE = (
    *UNDER_REVIEW,
    ApplicationState.APPROVED,
    ApplicationState.REFUSED,
    ApplicationState.LICENSED,
    ApplicationState.WITHDRAWN,
)


@dataclass(frozen=True)
class ExcludedTime:
    """A time that does not count; days of law, the second None while it lasts."""

    reason: ExclusionReason
    started_on: date
    ended_on: date | None
    working_days: int
    source: LegalSource


@dataclass(frozen=True)
class ReviewProgress:
    """The count so far; `limit` is None where the law sets none."""

    limit: int | None
    counted: int
    excluded: int
    exclusions: tuple[ExcludedTime, ...]
    estimate: Estimate | None


def decided_by_regime(
    work: UnitOfWork, context: ApplicationContext, applications: Iterable[Application]
) -> dict[str, Mapping[int, int]]:
    """Past decisions of the regimes of the applications under review, by the working days they took."""
    regimes = {context.procedure_of(each).regime for each in applications if each.state in UNDER_REVIEW}
    after = legal_day(work.call.now) - LOOKS_BACK
    return {regime: decision_times.counted(work.connection, regime, after) for regime in regimes}


def progress_of(
    work: UnitOfWork,
    context: ApplicationContext,
    application: Application,
    events: Sequence[LedgerEvent],
    decided: Mapping[str, Mapping[int, int]],
) -> ReviewProgress | None:
    """The progress of the review; None before acceptance. Only what is under review has an estimate."""
    if application.state not in _AFTER_ACCEPTANCE or application.submitted_at is None:
        return None
    procedure = context.procedure_of(application)
    rule = procedure.deadline(REVIEW_LIMIT)
    clock = read_clock(events, rule, work.call.now, context.calendar)
    if clock.reading is None or clock.started_at is None:
        return None
    source = LegalSource(rule.source.instrument, "Art. 17(3)")
    expected: Estimate | None = None
    if application.state in UNDER_REVIEW:
        expected = estimate(decided[procedure.regime], legal_day(clock.started_at), context.calendar)
    return ReviewProgress(
        clock.reading.limit,
        clock.reading.counted,
        clock.reading.excluded,
        tuple(
            ExcludedTime(
                recorded.exclusion.reason,
                legal_day(recorded.exclusion.opened_at),
                legal_day(recorded.exclusion.closed_at) if recorded.exclusion.closed_at else None,
                recorded.working_days,
                source,
            )
            for recorded in clock.exclusions
        ),
        expected,
    )


def note_decision(work: UnitOfWork, context: ApplicationContext, decided: Application) -> None:
    """Notes how long the decision that was just made took, unless a calendar is missing to count it."""
    reading = clock_of(work, context, decided, work.call.now).reading
    today = legal_day(work.call.now)
    if reading is not None and reading.counted_through == today:
        decision_times.add(
            work.connection,
            decided.application_id,
            context.procedure_of(decided).regime,
            today,
            reading.counted + reading.excluded,
        )
