from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.rules.numerals import as_written, plain_text, readings


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("17.5", ["17.5"]),
        ("-40", ["-40"]),
        (".5", ["0.5"]),
        ("12,75", ["12.75"]),
        ("0,254", ["0.254"]),
        ("1,270", ["1270", "1.27"]),
        ("1,270.5", ["1270.5"]),
        ("1,234,567", ["1234567"]),
        ("１２．５", ["12.5"]),
        ("12.7×10⁶", ["12700000"]),
        ("12.7×10^6", ["12700000"]),
        ("12.7x10-6", ["0.0000127"]),
        ("3×106", ["3000000", "318"]),
        ("10⁻⁶", ["0.000001"]),
        ("1.2e3", ["1200"]),
        ("1.2E-3", ["0.0012"]),
        ("1 300", ["1300"]),
        ("12 345.6", ["12345.6"]),
        ("5万", ["50000"]),
        ("1.5亿", ["150000000"]),
        ("abc", []),
        ("1.2.3", []),
        ("1,23,4", []),
        ("12,3456.7", []),
        ("10^99", []),
        ("9" * 100, []),
        ("", []),
    ],
)
def test_what_a_numeral_can_mean(written: str, expected: list[str]) -> None:
    assert readings(plain_text(written)) == tuple(Fraction(each) for each in expected)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=8))
def test_a_decimal_is_written_as_it_is_read(value: object) -> None:
    exact = Fraction(str(value))
    assert readings(as_written(exact)) == (exact,)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(1, 3), "≈0.333333333333333"),
        (Fraction(-200, 3), "≈-66.6666666666667"),
        (Fraction(1, 3 * 10**9), "≈0.000000000333333333333333"),
        (Fraction(5, 2), "2.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(0), "0"),
    ],
)
def test_what_does_not_end_is_marked(value: Fraction, written: str) -> None:
    assert as_written(value) == written
