import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.codes import (
    HsRegister,
    ancestors,
    normalise_cas_number,
    normalise_control_code,
    normalise_hs_code,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1C117.d.1", "1C117.d.1"),
        (" 1c117.D.1 ", "1C117.d.1"),
        ("１Ｃ１１７．ｄ．１", "1C117.d.1"),
        ("1C117.", "1C117"),
        ("5A002.a.10", "5A002.a.10"),
        ("1F117", None),
        ("1C17", None),
        ("1C117..d", None),
        ("ECCN 1C117", None),
        ("", None),
    ],
)
def test_control_codes_have_one_spelling(text: str, expected: str | None) -> None:
    assert normalise_control_code(text) == expected


def test_ancestors_go_up_to_the_heading() -> None:
    assert ancestors("1C117.c.1.a") == ("1C117.c.1", "1C117.c", "1C117")
    assert ancestors("1C117") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2841801000", "2841801000"),
        ("2841.80.10.00", "2841801000"),
        ("２８４１８０", "284180"),
        ("0101", "0101"),
        ("284", None),
        ("28418", None),
        ("28418010001", None),
        ("28A180", None),
        ("²84180", "284180"),
        ("٢٨٤١٨٠", None),
        ("2841-80-1000", "2841801000"),
        ("2841 8010 00", "2841801000"),
    ],
)
def test_commodity_codes_keep_their_zeros_and_have_an_even_length(text: str, expected: str | None) -> None:
    assert normalise_hs_code(text) == expected


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("7681-49-4", True),
        ("7681-49-5", False),
        ("126-73-8", True),
        ("12-7-3", False),
        # An en dash, a hyphen that does not break, a minus sign, full width, spaces around.
        ("7681–49–4", True),
        ("7681\u201149\u20114", True),
        ("7681\u221249\u22124", True),
        ("７６８１－４９－４", True),
        ("7681 - 49 - 4", True),
    ],
)
def test_the_check_digit_of_a_cas_number_must_hold(text: str, valid: bool) -> None:
    assert (normalise_cas_number(text) is not None) is valid


@given(st.integers(10, 9_999_999), st.integers(0, 99))
def test_exactly_one_check_digit_fits_a_cas_number(first: int, second: int) -> None:
    fitting = [digit for digit in range(10) if normalise_cas_number(f"{first}-{second:02d}-{digit}")]
    assert len(fitting) == 1


def test_a_commodity_code_exists_by_its_international_part() -> None:
    register = HsRegister.of(["284180", "2841801000"])
    assert register.exists("2841801000")
    assert register.exists("2841809999")
    assert register.exists("2841")
    assert not register.exists("2842801000")
    assert not register.exists("9999")
