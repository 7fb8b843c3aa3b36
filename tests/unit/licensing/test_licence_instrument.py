"""How long an instrument lasts, and which rule applies on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.errors import XukeError
from services.licensing.domain.licence_instrument import InstrumentRule, rule_in_force
from services.licensing.domain.licence_number import Instrument
from services.licensing.licence_instruments import instrument_rules

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("instrument", "first_day", "last_day"),
    [
        (Instrument.SINGLE, date(2026, 11, 23), date(2027, 11, 22)),
        (Instrument.SINGLE, date(2027, 1, 1), date(2027, 12, 31)),
        (Instrument.SINGLE, date(2027, 3, 1), date(2028, 2, 29)),
        (Instrument.SINGLE, date(2028, 2, 29), date(2029, 2, 27)),
        (Instrument.GENERAL, date(2026, 11, 23), date(2029, 11, 22)),
        (Instrument.GENERAL, date(2028, 2, 29), date(2031, 2, 27)),
    ],
)
def test_last_day(instrument: Instrument, first_day: date, last_day: date) -> None:
    assert rule_in_force(instrument_rules(), instrument, TODAY).last_day(first_day) == last_day


@given(st.dates(date(2024, 12, 1), date(2100, 1, 1)))
def test_never_longer_than_the_years_of_the_law(first_day: date) -> None:
    rule = rule_in_force(instrument_rules(), Instrument.SINGLE, TODAY)
    days = (rule.last_day(first_day) - first_day).days + 1
    assert 365 <= days <= 366
    following = rule.last_day(first_day) + timedelta(days=1)
    assert (following.year, following.month) == (first_day.year + 1, first_day.month)


def test_a_single_licence_is_good_for_one_export_and_a_general_one_for_any_number() -> None:
    uses = {rule.instrument: rule.max_uses for rule in instrument_rules()}
    assert uses == {Instrument.SINGLE: 1, Instrument.GENERAL: None}


def test_every_rule_names_its_article() -> None:
    assert all(
        "第792号" in rule.legal_source and "第十五条" in rule.legal_source for rule in instrument_rules()
    )


def test_the_rule_of_the_day_applies() -> None:
    old = InstrumentRule(Instrument.SINGLE, 12, 1, "old", date(2000, 1, 1), date(2024, 11, 30))
    new = InstrumentRule(Instrument.SINGLE, 1, 1, "new", date(2024, 12, 1))
    assert rule_in_force((old, new), Instrument.SINGLE, date(2024, 11, 30)) is old
    assert rule_in_force((old, new), Instrument.SINGLE, date(2024, 12, 1)) is new
    for instrument, day in ((Instrument.SINGLE, date(1999, 12, 31)), (Instrument.CERTIFICATE, TODAY)):
        with pytest.raises(XukeError) as caught:
            rule_in_force((old, new), instrument, day)
        assert caught.value.reason == "INSTRUMENT_NOT_IN_FORCE"
