"""The canonical bytes of a licence: the same facts, the same bytes, in every detail."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.errors import XukeError
from services.licensing.document.canonical import (
    SCHEMA,
    BilingualText,
    LicenceFacts,
    canonical_bytes,
    decimal_text,
    digest,
    texts,
)
from tests.unit.licensing.licence_samples import facts, line

GOLDEN_SHA256 = "b0e2d7b5fd73e14b6291a64c8fea38fbbbbf08a56215c6e0c8f59811da20c093"
GOLDEN_SM3 = "4f9869754bcdcb81ea9a85fb37378651ce4a605437e211834acfe4f616e44ceb"


def test_the_bytes_are_json_with_sorted_keys_and_no_space() -> None:
    content = canonical_bytes(facts())
    parsed = json.loads(content)
    assert content == json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert parsed["schema"] == SCHEMA
    assert parsed["instrument"] == "SINGLE"
    assert parsed["number"] == "XKA20260000001233"
    assert parsed["lines"][0]["quantity"] == "12500"
    assert parsed["valid_to"] == "2027-11-20"
    assert parsed["exporter"]["name"]["zh"] == "江苏华钨新材料有限公司"


def test_every_fact_is_in_the_bytes() -> None:
    assert {member.name for member in fields(LicenceFacts)} <= set(json.loads(canonical_bytes(facts())))


def test_the_form_does_not_change_unnoticed() -> None:
    """Digests of licences already printed rest on this form: another digest needs another SCHEMA."""
    assert digest(canonical_bytes(facts())).sha256 == GOLDEN_SHA256
    assert digest(canonical_bytes(facts())).sm3 == GOLDEN_SM3


def test_digests_are_those_of_the_standards() -> None:
    # SM3 of "abc": GB/T 32905-2016, appendix A.1.
    assert digest(b"abc").sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest(b"abc").sha256 == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize(
    "changed",
    [
        facts(contract_number="HW-KR-2026-0088"),
        facts(valid_to=date(2027, 11, 19)),
        facts(lines=(line(quantity="12500.000001"),)),
        facts(conditions=(BilingualText("条件", None),)),
        facts(end_use=BilingualText(None, "Manufacture of cemented-carbide cutting tools for civil use")),
    ],
)
def test_another_fact_is_another_digest(changed: LicenceFacts) -> None:
    assert digest(canonical_bytes(changed)) != digest(canonical_bytes(facts()))


@given(st.decimals(min_value=0, max_value=10**15, allow_nan=False, places=6), st.integers(0, 6))
def test_a_decimal_has_one_text_however_it_was_written(value: Decimal, zeros: int) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert "E" not in text
    assert decimal_text(value.quantize(Decimal(1).scaleb(-6 - zeros))) == text
    assert text == "0" or not text.startswith("0") or text.startswith("0.")


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("0", "0"), ("0.00", "0"), ("10", "10"), ("10.50", "10.5"), ("100", "100")],
)
def test_decimals_as_text(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": ()},
        {"lines": (line(2),)},
        {"lines": (line(1), line(1))},
        {"lines": (line(quantity="0"),)},
        {"lines": (line(quantity="-1"),)},
        {"lines": (line(quantity="NaN"),)},
        {"lines": (replace(line(), value=Decimal("-0.01")),)},
        {"valid_to": date(2026, 11, 20)},
    ],
)
def test_facts_that_are_no_licence_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"line|validity"):
        facts(**changes)


@pytest.mark.parametrize("character", ["\x00", "\r", "\t", "\u200b", "\u202e", "\ue000", "\ud800", "\u2028"])
def test_a_character_without_a_shape_is_refused_by_field(character: str) -> None:
    with pytest.raises(XukeError) as refused:
        facts(end_use=BilingualText("民用", f"civil{character}use"))
    (violation,) = refused.value.violations
    assert (violation.field, violation.reason) == ("end_use.en", "UNPRINTABLE_CHARACTER")
    assert violation.metadata == {"character": f"U+{ord(character):04X}"}


def test_lines_may_be_broken_in_a_text() -> None:
    assert facts(end_use=BilingualText("第一行\n第二行")).end_use.zh == "第一行\n第二行"


def test_texts_are_named_by_their_path() -> None:
    paths = dict(texts(facts()))
    assert paths["lines[0].item.en"] == "Ammonium paratungstate"
    assert paths["end_user.country.name.zh"] == "韩国"


def test_a_text_needs_a_language() -> None:
    with pytest.raises(ValueError, match="Chinese or English"):
        BilingualText("", None)
