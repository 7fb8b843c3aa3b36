"""The rule of an instrument: how long a licence may last and how often it may be used (Regulation 792 Art. 15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from services.foundation.errors import failed_precondition
from services.licensing.domain.licence_number import Instrument


@dataclass(frozen=True)
class InstrumentRule:
    """One row of the reference file. `max_uses` None means that the number of exports is not limited.

    `effective_to` is the last day on which licences are issued under the rule; None while it is in force.
    """

    instrument: Instrument
    max_uses: int | None
    max_validity_years: int
    legal_source: str
    effective_from: date
    effective_to: date | None = None

    def last_day(self, first_day: date) -> date:
        """Last day of the longest validity that begins on `first_day`; both days count (Asia/Shanghai).

        It is the day before the same day of a later year, so that the period is never longer than the law
        allows; a validity that begins on 29 February ends on 27 February where that year has no such day.
        """
        year = first_day.year + self.max_validity_years
        try:
            anniversary = first_day.replace(year=year)
        except ValueError:
            anniversary = date(year, 2, 28)
        return anniversary - timedelta(days=1)


def rule_in_force(rules: Iterable[InstrumentRule], instrument: Instrument, day: date) -> InstrumentRule:
    """The rule of an instrument on a day. Errors: FAILED_PRECONDITION, INSTRUMENT_NOT_IN_FORCE."""
    for rule in rules:
        begun = rule.instrument is instrument and rule.effective_from <= day
        if begun and (rule.effective_to is None or day <= rule.effective_to):
            return rule
    raise failed_precondition("INSTRUMENT_NOT_IN_FORCE", instrument=instrument, day=day.isoformat())
