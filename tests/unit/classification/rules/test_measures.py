from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.rules.book import RuleBook
from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.loading import read_rules
from services.classification.rules.measures import Measure, read_measures
from services.classification.rules.truth import Truth

BOOK = read_rules()


def read(book: RuleBook, quantity: str, value: str, unit: str = "") -> Measure:
    measures = read_measures(book.quantity(quantity), value, unit, book.units)
    assert len(measures) == 1
    return measures[0]


def interval(
    low: str | None, high: str | None, low_included: bool = True, high_included: bool = True
) -> Interval:
    return Interval(
        None if low is None else Fraction(low),
        None if high is None else Fraction(high),
        low_included,
        high_included,
    )


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("17.5 mm", "", interval("0.0175", "0.0175")),
        ("17.5", "mm", interval("0.0175", "0.0175")),
        ("17.5mm", "mm", interval("0.0175", "0.0175")),
        ("≥50 mm", "", interval("0.05", None)),
        ("＞50 mm", "", interval("0.05", None, False)),
        (">= 50", "mm", interval("0.05", None)),
        ("不小于50毫米", "", interval("0.05", None)),
        ("大于50毫米", "", interval("0.05", None, False)),
        ("not less than 50 mm", "", interval("0.05", None)),
        ("50毫米以上", "", interval("0.05", None)),
        ("50以上", "毫米", interval("0.05", None)),
        ("50 mm min", "", interval("0.05", None)),
        ("≤50 mm", "", interval(None, "0.05")),
        ("小于50毫米", "", interval(None, "0.05", True, False)),
        ("up to 50 mm", "", interval(None, "0.05")),
        ("50毫米以下", "", interval(None, "0.05")),
        ("50 mm max.", "", interval(None, "0.05")),
        ("500~1200 mm", "", interval("0.5", "1.2")),
        ("500～1200mm", "", interval("0.5", "1.2")),
        ("500-1200 mm", "", interval("0.5", "1.2")),
        ("500mm至1.2m", "", interval("0.5", "1.2")),
        ("500 to 1200 mm", "", interval("0.5", "1.2")),
        ("between 500 and 1200 mm", "", interval("0.5", "1.2")),
        ("在500毫米至1200毫米之间", "", interval("0.5", "1.2")),
        ("10±0.5 mm", "", interval("0.0095", "0.0105")),
        ("约10 mm", "", interval("0.0095", "0.0105")),
        ("Φ10 mm", "", interval("0.01", "0.01")),
        ("3″", "", interval("0.0762", "0.0762")),
        ("2.5×10⁻³ m", "", interval("0.0025", "0.0025")),
    ],
)
def test_lengths_as_people_write_them(book: RuleBook, value: str, unit: str, expected: Interval) -> None:
    measure = read(book, "diameter", value, unit)
    assert measure.intervals == (expected,), measure.fault


@pytest.mark.parametrize(
    ("quantity", "value", "expected"),
    [
        ("heating_temperature", "500~1200 ℃", interval("773.15", "1473.15")),
        ("operating_temperature", "-55~125℃", interval("218.15", "398.15")),
        ("operating_temperature", "-40 - -10 °C", interval("233.15", "263.15")),
        ("temperature_uniformity", "±3 ℃", interval("3", "3")),
        ("temperature_uniformity", "±3℃以内", interval(None, "3")),
        ("purity", "99.99% min", interval("0.9999", None)),
        ("purity", "5N", interval("0.99999", "1")),
        ("purity", "4N5", interval("0.99995", "1")),
        ("purity", "≥6N", interval("0.999999", "1")),
        ("cooling_time", "20 min", interval("1200", "1200")),
        ("stripmap_resolution", "优于0.3米", interval(None, "0.3", True, False)),
        ("signature_rate", "5万次/秒", interval("50000", "50000")),
        ("dislocation_density", "4.9×10⁵ m⁻²", interval("490000", "490000")),
    ],
)
def test_other_quantities(book: RuleBook, quantity: str, value: str, expected: Interval) -> None:
    measure = read(book, quantity, value)
    assert measure.intervals == (expected,), measure.fault


@pytest.mark.parametrize(
    ("quantity", "value", "fault"),
    [
        ("density", "18.1", Fault.UNIT_MISSING),
        ("density", "18.1 MPa", Fault.UNIT_MISMATCH),
        ("density", "18.1 zorkmid", Fault.UNIT_UNKNOWN),
        ("density", "heavy", Fault.NUMBER_MALFORMED),
        ("density", "", Fault.NUMBER_MALFORMED),
        ("ultimate_tensile_strength", "1300 mPa", Fault.VALUE_IMPLAUSIBLE),
        ("ultimate_tensile_strength", "1300 mpa", Fault.UNIT_AMBIGUOUS),
        ("purity", "999 %", Fault.VALUE_IMPLAUSIBLE),
        ("diameter", "1200~500 mm", Fault.NUMBER_MALFORMED),
        ("diameter", "9" * 1000 + " mm", Fault.VALUE_TOO_LONG),
    ],
)
def test_what_cannot_be_read_keeps_its_fault(book: RuleBook, quantity: str, value: str, fault: Fault) -> None:
    measure = read(book, quantity, value)
    assert measure.intervals == ()
    assert measure.fault is fault


def test_a_comma_is_read_both_ways(book: RuleBook) -> None:
    measure = read(book, "diameter", "1,270 mm")
    assert [each.low for each in measure.intervals] == [Fraction("1.27"), Fraction("0.00127")]
    assert measure.fault is Fault.NUMBER_AMBIGUOUS


def test_an_impossible_reading_of_a_comma_is_left_out(book: RuleBook) -> None:
    measure = read(book, "daily_leachate_volume", "5,000 m3")
    assert len(measure.intervals) == 2
    content = read(book, "assay", "99,900 ppm")
    assert len(content.intervals) == 2
    pure = read(book, "purity", "999,900 ppm")
    assert [each.low for each in pure.intervals] == [Fraction("0.9999")]


def test_alternatives_are_values_of_their_own(book: RuleBook) -> None:
    measures = read_measures(book.quantity("microwave_frequency"), "915/2450 MHz", "", book.units)
    assert [measure.intervals[0].low for measure in measures] == [Fraction(915000000), Fraction(2450000000)]


@given(st.text(max_size=300))
def test_any_text_gives_a_defined_answer(text: str) -> None:
    for measure in read_measures(BOOK.quantity("density"), text, "", BOOK.units):
        assert measure.intervals or measure.fault


@pytest.mark.parametrize(
    ("value", "allowed", "truth"),
    [
        (interval("1", "1"), interval("1", None), Truth.TRUE),
        (interval("1", "1"), interval("1", None, False), Truth.FALSE),
        (interval("1", "2"), interval("1", None, False), Truth.UNKNOWN),
        (interval("1", "2", False), interval("1", None, False), Truth.TRUE),
        (interval(None, "1"), interval("1", None), Truth.UNKNOWN),
        (interval(None, "1", True, False), interval("1", None), Truth.FALSE),
        (interval("2", None), interval("1", "3"), Truth.UNKNOWN),
        (interval("4", None), interval("1", "3"), Truth.FALSE),
    ],
)
def test_a_value_somewhere_in_an_interval(value: Interval, allowed: Interval, truth: Truth) -> None:
    assert value.position_in(allowed) is truth
