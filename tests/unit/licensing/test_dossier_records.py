"""Dossiers survive their storage and their way over the wire unchanged; credit codes have a check."""

import dataclasses
import json
import typing
from enum import StrEnum
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.ledger import canonical_json
from services.licensing.application_shapes import fill, read
from services.licensing.domain import credit_code
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.records import from_json, to_json

# Text that PostgreSQL and UTF-8 can carry.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Every value of a declared type of the dossier."""
    if typing.get_origin(kind) is tuple:
        return st.lists(any_of(typing.get_args(kind)[0]), max_size=2).map(tuple)
    if dataclasses.is_dataclass(kind):
        return st.builds(kind, **{name: any_of(part) for name, part in typing.get_type_hints(kind).items()})
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    if kind is bool:
        return st.booleans()
    return st.integers(0, 2**31 - 1) if kind is int else TEXT


@given(any_of(Dossier))
def test_storage_keeps_a_dossier(dossier: Dossier) -> None:
    stored = canonical_json(to_json(dossier))
    assert from_json(Dossier, json.loads(stored)) == dossier
    assert canonical_json(json.loads(stored)) == stored


@given(any_of(Dossier))
def test_the_wire_keeps_a_dossier(dossier: Dossier) -> None:
    message = fill(dossiers.Dossier(), dossier)
    assert read(Dossier, dossiers.Dossier.FromString(message.SerializeToString())) == dossier


def compare(shape: Any, descriptor: Any) -> None:
    assert {field.name for field in dataclasses.fields(shape)} == set(descriptor.fields_by_name)
    for name, kind in typing.get_type_hints(shape).items():
        element = typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else kind
        field = descriptor.fields_by_name[name]
        if dataclasses.is_dataclass(element):
            compare(element, field.message_type)
        elif issubclass(element, StrEnum):
            assert len(element) == len(field.enum_type.values)


def test_the_dossier_has_the_fields_of_the_contract() -> None:
    compare(Dossier, dossiers.Dossier.DESCRIPTOR)


def test_old_records_are_read_with_defaults() -> None:
    assert from_json(Dossier, {"destination": "KR"}) == Dossier(destination="KR")


def test_credit_codes() -> None:
    # Two invented firms, and one whose code is printed in many public registers.
    for code in ("91320100MA1XUKE016", "91440100MA1XUKE028", "91110000802100433B"):
        assert credit_code.is_valid(code), code
    for code in ("91320100MA1XUKE015", "9132010OMA1XUKE016", "91320100MA1XUKE01", "", "91320100ma1xuke016"):
        assert not credit_code.is_valid(code), code


@given(st.text(credit_code.ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 30))
def test_a_single_slip_in_a_credit_code_is_found(body: str, position: int, step: int) -> None:
    code = body + credit_code.check_character(body)
    assert credit_code.is_valid(code)
    wrong = credit_code.ALPHABET[(credit_code.ALPHABET.index(code[position]) + step) % 31]
    assert not credit_code.is_valid(code[:position] + wrong + code[position + 1 :])
