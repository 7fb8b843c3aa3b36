from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.rules.faults import Fault
from services.classification.rules.loading import read_units
from services.classification.rules.units import Unit, UnitTable, bases_of

UNITS = read_units()
NAMES = sorted(
    {
        unit.dimension.identifier
        for unit in (found for known in UNITS._by_spelling.values() for found in known)
    }
)


def unit(text: str, dimension: str) -> Unit:
    found = UNITS.resolve(text, UNITS.dimension(dimension))
    assert isinstance(found, Unit), (text, dimension, found)
    return found


def converted(value: str, source: str, target: str, dimension: str) -> Fraction:
    return unit(target, dimension).from_si(unit(source, dimension).to_si(Fraction(value)))


# Exact by definition: SI Brochure, 9th edition, and the yard and pound agreement of 1959.
KNOWN = [
    ("length", "2.3", "in", "mm", "58.42"),
    ("length", "1", "mil", "μm", "25.4"),
    ("length", "3", "英寸", "mm", "76.2"),
    ("length", "1", "nmi", "km", "1.852"),
    ("pressure", "1270", "MPa", "Pa", "1270000000"),
    ("pressure", "5", "千兆帕", "MPa", "5000"),
    ("pressure", "760", "Torr", "atm", "1"),
    ("pressure", "1", "bar", "kPa", "100"),
    ("density", "17.5", "g/cm3", "kg/m3", "17500"),
    ("temperature", "125", "℃", "K", "398.15"),
    ("temperature", "-40", "degF", "degC", "-40"),
    ("temperature_difference", "3", "℃", "K", "3"),
    ("temperature_difference", "9", "degF", "K", "5"),
    ("specific_strength", "40", "cN/dtex", "N/tex", "4"),
    ("specific_strength", "1", "N/tex", "cN/tex", "100"),
    ("data_rate", "2", "GB/s", "Gbit/s", "16"),
    ("magnetic_flux_density", "1.5", "T", "Gs", "15000"),
    ("mass", "17", "格令", "g", "1.10158147"),
    ("ratio", "99.9", "%", "ppm", "999000"),
    ("power", "1", "马力", "W", "735.49875"),
    ("frequency", "2.45", "GHz", "MHz", "2450"),
    ("surface_number_density", "50", "个/平方厘米", "1/m2", "500000"),
    ("weighted_floating_point_rate", "8", "WT", "GWT", "8000"),
]


@pytest.mark.parametrize(("dimension", "value", "source", "target", "expected"), KNOWN)
def test_known_values(dimension: str, value: str, source: str, target: str, expected: str) -> None:
    assert converted(value, source, target, dimension) == Fraction(expected)


@given(
    value=st.decimals(allow_nan=False, allow_infinity=False, places=6),
    name=st.sampled_from(NAMES),
    data=st.data(),
)
def test_there_and_back_changes_nothing(value: object, name: str, data: st.DataObject) -> None:
    units = UNITS.units_of(UNITS.dimension(name))
    source, target = data.draw(st.sampled_from(units)), data.draw(st.sampled_from(units))
    start = Fraction(str(value))
    there = target.from_si(source.to_si(start))
    back = source.from_si(target.to_si(there))
    assert back == start
    assert type(there) is Fraction


def test_no_factor_is_a_float() -> None:
    for name in NAMES:
        for found in UNITS.units_of(UNITS.dimension(name)):
            assert type(found.factor) is Fraction
            assert type(found.offset) is Fraction
            assert found.factor > 0


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("MPa", "MPa"),
        ("Mpa", "MPa"),
        ("MPA", "MPa"),
        ("兆帕", "MPa"),
        ("mPa", "mPa"),
        ("ＭＰａ", "MPa"),
        ("M Pa", "MPa"),
    ],
)
def test_capitals_tell_mega_from_milli(text: str, symbol: str) -> None:
    assert unit(text, "pressure").symbol == symbol


@pytest.mark.parametrize(
    ("text", "dimension", "fault"),
    [
        ("mpa", "pressure", Fault.UNIT_AMBIGUOUS),
        ("mw", "power", Fault.UNIT_AMBIGUOUS),
        ("gb/s", "data_rate", Fault.UNIT_AMBIGUOUS),
        ("kg", "length", Fault.UNIT_MISMATCH),
        ("at%", "mass_fraction", Fault.UNIT_MISMATCH),
        ("vol%", "ratio", Fault.UNIT_MISMATCH),
        ("TFLOPS", "weighted_floating_point_rate", Fault.UNIT_MISMATCH),
        ("furlong", "length", Fault.UNIT_UNKNOWN),
        ("m" * 1000, "length", Fault.UNIT_UNKNOWN),
        ("", "length", Fault.UNIT_MISSING),
        ("///", "length", Fault.UNIT_UNKNOWN),
    ],
)
def test_what_is_no_unit_of_the_quantity(text: str, dimension: str, fault: Fault) -> None:
    assert UNITS.resolve(text, UNITS.dimension(dimension)) is fault


@pytest.mark.parametrize(
    ("text", "dimension", "factor"),
    [
        ("t/m^3", "density", "1000"),
        ("mg/mm³", "density", "1000"),
        ("克每立方厘米", "density", "1000"),
        ("kN/mm2", "pressure", "1000000000"),
        ("mA/mm2", "current_density", "1000"),
        ("kg/cm2", "areal_density", "10000"),
        ("MB/s", "data_rate", "8000000"),
        ("mm/s", "speed", "1/1000"),
    ],
)
def test_units_are_composed_of_known_ones(text: str, dimension: str, factor: str) -> None:
    assert unit(text, dimension).factor == Fraction(factor)


def test_a_temperature_is_no_difference_of_temperatures() -> None:
    assert unit("℃", "temperature").offset == Fraction("273.15")
    assert unit("℃", "temperature_difference").offset == 0
    assert bases_of("temperature") != bases_of("K")


def test_a_spelling_stands_for_one_unit_of_a_dimension() -> None:
    metre = unit("m", "length")
    with pytest.raises(ValueError, match="stands twice"):
        UnitTable([(metre, ()), (Unit("x", metre.dimension, Fraction(2), Fraction(0)), ("m",))], [])
