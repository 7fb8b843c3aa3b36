"""The licence number: read back as written, and no slip of the pen goes unnoticed."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.foundation.errors import FieldViolation, XukeError
from services.licensing.domain.licence_number import (
    GREATEST_SERIAL,
    LENGTH,
    MINISTRY,
    Instrument,
    LicenceNumber,
    check_character,
)

numbers = st.builds(
    LicenceNumber,
    instrument=st.sampled_from(Instrument),
    year=st.integers(2020, 2199),
    issuer=st.integers(0, 99).map(lambda code: f"{code:02d}"),
    serial=st.integers(1, GREATEST_SERIAL),
)
LENGTH_REASON = "LICENCE_NUMBER_LENGTH"
CHARACTER_REASON = "LICENCE_NUMBER_CHARACTER"
characters = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def violations_of(text: str) -> tuple[FieldViolation, ...]:
    with pytest.raises(XukeError) as refused:
        LicenceNumber.parse(text, field="licence_number")
    return refused.value.violations


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        # The two examples that GB 11643-1999 itself gives for the resident identity number.
        ("11010519491231002", "X"),
        ("44052418800101001", "4"),
        # Worked in ISO/IEC 7064 for MOD 11-2 as used by the international standard name identifier.
        ("000000012146438", "X"),
    ],
)
def test_the_check_character_is_that_of_the_standard(digits: str, check: str) -> None:
    assert check_character(map(int, digits)) == check


def test_a_number_is_written_and_displayed() -> None:
    number = LicenceNumber(Instrument.SINGLE, 2026, "32", 123)
    assert str(number) == "XKA20263200001231"
    assert number.display == "XKA 2026 32 0000123 1"


def test_the_issuer_of_the_ministry_is_not_a_province() -> None:
    assert str(LicenceNumber(Instrument.GENERAL, 2026, MINISTRY, 1)).startswith("XKT202600")


@given(numbers)
def test_every_number_reads_back(number: LicenceNumber) -> None:
    assert len(str(number)) == LENGTH
    assert LicenceNumber.parse(str(number)) == number
    assert LicenceNumber.parse(number.display) == number


@pytest.mark.parametrize(
    "text",
    [
        "xka20263200001231",
        " XKA-2026-32-0000123-1 ",
        "ＸＫＡ２０２６３２００００１２３１",
        "XKA 2026 32 0000123 1",
    ],
)
def test_people_may_write_it_their_way(text: str) -> None:
    assert str(LicenceNumber.parse(text)) == "XKA20263200001231"


@given(numbers, st.integers(0, LENGTH - 1), characters)
def test_any_single_substitution_is_detected(number: LicenceNumber, position: int, substitute: str) -> None:
    written = str(number)
    if written[position] == substitute:
        return
    violations_of(written[:position] + substitute + written[position + 1 :])


@given(numbers, st.integers(0, LENGTH - 2))
@example(LicenceNumber(Instrument.SINGLE, 2026, "00", 9_000_000), 9)
def test_any_transposition_of_neighbours_is_detected(number: LicenceNumber, position: int) -> None:
    written = str(number)
    left, right = written[position], written[position + 1]
    if left == right:
        return
    violations_of(written[:position] + right + left + written[position + 2 :])


@pytest.mark.parametrize(
    ("text", "reason", "metadata"),
    [
        ("", "LICENCE_NUMBER_LENGTH", {"length": "0", "expected": "17", "example": "XKA20263200001231"}),
        (
            "XKA2026320000123",
            "LICENCE_NUMBER_LENGTH",
            {"length": "16", "expected": "17", "example": "XKA20263200001231"},
        ),
        ("XCA20263200001231", CHARACTER_REASON, {"position": "2", "found": "C", "expected": "K"}),
        (
            "XKB20263200001231",
            "LICENCE_NUMBER_CHARACTER",
            {"position": "3", "found": "B", "expected": "A, T, P"},
        ),
        ("XKA2O263200001231", "LICENCE_NUMBER_LOOKALIKE", {"position": "5", "found": "O", "expected": "0"}),
        (
            "XKA2026320000X231",
            "LICENCE_NUMBER_CHARACTER",
            {"position": "14", "found": "X", "expected": "0-9"},
        ),
        (
            "XKA2026320000123A",
            "LICENCE_NUMBER_CHARACTER",
            {"position": "17", "found": "A", "expected": "0-9, X"},
        ),
        ("XKA20263200001232", "LICENCE_NUMBER_CHECK", {"number": "XKA20263200001232"}),
    ],
)
def test_an_error_names_the_position_and_the_fix(text: str, reason: str, metadata: dict[str, str]) -> None:
    assert violations_of(text) == (FieldViolation("licence_number", reason, metadata),)


def test_every_wrong_character_is_named_at_once() -> None:
    found = violations_of("XKA2O2632000012B1")
    assert [violation.metadata["position"] for violation in found] == ["5", "16"]


def test_a_serial_of_nought_was_never_issued() -> None:
    body = "XKA2026320000000"
    check = check_character([1, *map(int, body[3:])])
    assert [violation.reason for violation in violations_of(body + check)] == ["LICENCE_NUMBER_NEVER_ISSUED"]


@pytest.mark.parametrize(
    ("year", "issuer", "serial"),
    [(26, "32", 1), (2026, "3", 1), (2026, "AB", 1), (2026, "32", 0), (2026, "32", 10_000_000)],
)
def test_parts_out_of_range_make_no_number(year: int, issuer: str, serial: int) -> None:
    with pytest.raises(ValueError, match="licence number"):
        LicenceNumber(Instrument.SINGLE, year, issuer, serial)
