"""What is taken in and what is named as wrong, field by field."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customs.json_requests import read_request
from services.customs.routes import ROUTES, Route
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.messages import catalogue

BY_NAME = {route.name: route for route in ROUTES}
DECLARATION = {"declaration_number": "3" * 18}
LINE = {"declaration_line": 1, "licence_number": "XKA20263200001231", "licence_line": 1, "quantity": "12.5"}


def faults(
    name: str,
    body: object = None,
    in_path: dict[str, str] | None = None,
    query: dict[str, list[str]] | None = None,
) -> list[tuple[str, str]]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(XukeError) as refused:
        read_request(BY_NAME[name], in_path or {}, query or {}, content)
    assert refused.value.code is ErrorCode.INVALID_ARGUMENT
    return [(violation.field, violation.reason) for violation in refused.value.violations]


def test_a_write_off_is_read_whole() -> None:
    body = json.dumps({"lines": [LINE | {"unit": "kg", "hs_code": "2841801000"}, LINE]}).encode()
    message: Any = read_request(BY_NAME["reserveQuantities"], DECLARATION, {}, body)
    assert message.declaration_number == "3" * 18
    assert [(line.quantity, line.unit, line.licence_line) for line in message.lines] == [
        ("12.5", "kg", 1),
        ("12.5", "", 1),
    ]


def test_a_query_is_read() -> None:
    message: Any = read_request(
        BY_NAME["listLicenceChanges"], {}, {"cursor": [""], "page_size": ["1000"]}, b""
    )
    assert (message.cursor, message.page_size) == ("", 1000)


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        (b"", "body", "JSON_INVALID"),
        (b"{", "body", "JSON_INVALID"),
        (b'{"lines": NaN}', "body", "JSON_INVALID"),
        (b"\xff\xfe\x00", "body", "JSON_INVALID"),
        (b"[" * 100_000, "body", "JSON_INVALID"),
        (b'{"lines": ' + b"9" * 5000 + b"}", "body", "JSON_INVALID"),
        (b"[]", "body", "TYPE_WRONG"),
        (b"null", "body", "TYPE_WRONG"),
        (b'{"lines": [], "lines": []}', "lines", "FIELD_REPEATED"),
        ({}, "lines", "repeated.min_items"),
        ({"lines": {}}, "lines", "TYPE_WRONG"),
        ({"lines": None}, "lines", "TYPE_WRONG"),
        ({"lines": [3]}, "lines[0]", "TYPE_WRONG"),
        ({"lines": [LINE], "declaration_number": "1" * 18}, "declaration_number", "FIELD_UNKNOWN"),
        ({"lines": [LINE, LINE | {"colour": "red"}]}, "lines[1].colour", "FIELD_UNKNOWN"),
        ({"lines": [LINE | {"licenceNumber": "x"}]}, "lines[0].licenceNumber", "FIELD_UNKNOWN"),
        ({"lines": [LINE | {"quantity": 12.5}]}, "lines[0].quantity", "TYPE_WRONG"),
        ({"lines": [LINE | {"quantity": None}]}, "lines[0].quantity", "TYPE_WRONG"),
        ({"lines": [LINE | {"quantity": "1e3"}]}, "lines[0].quantity", "string.pattern"),
        ({"lines": [LINE | {"quantity": "-1"}]}, "lines[0].quantity", "string.pattern"),
        ({"lines": [LINE | {"quantity": "0.1234567"}]}, "lines[0].quantity", "string.pattern"),
        ({"lines": [LINE | {"licence_line": "1"}]}, "lines[0].licence_line", "TYPE_WRONG"),
        ({"lines": [LINE | {"licence_line": True}]}, "lines[0].licence_line", "TYPE_WRONG"),
        ({"lines": [LINE | {"licence_line": 1.5}]}, "lines[0].licence_line", "TYPE_WRONG"),
        (b'{"lines": [{"licence_line": 1e999}]}', "lines[0].licence_line", "TYPE_WRONG"),
        ({"lines": [LINE | {"licence_line": 2**31}]}, "lines[0].licence_line", "NUMBER_TOO_LARGE"),
        ({"lines": [LINE | {"licence_line": 0}]}, "lines[0].licence_line", "int32.gte_lte"),
        ({"lines": [LINE | {"unit": "k\0g"}]}, "lines[0].unit", "CHARACTER_NOT_STORABLE"),
        ({"lines": [LINE | {"unit": "\ud800"}]}, "lines[0].unit", "CHARACTER_NOT_STORABLE"),
        ({"lines": [LINE] * 201}, "lines", "repeated.max_items"),
    ],
)
def test_bodies(body: object, field: str, reason: str) -> None:
    assert faults("reserveQuantities", body, DECLARATION) == [(field, reason)]


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ({"page": ["1"]}, "page", "FIELD_UNKNOWN"),
        ({"page_size": ["1", "2"]}, "page_size", "FIELD_REPEATED"),
        ({"page_size": [""]}, "page_size", "TYPE_WRONG"),
        ({"page_size": ["ten"]}, "page_size", "TYPE_WRONG"),
        ({"page_size": ["--1"]}, "page_size", "TYPE_WRONG"),
        ({"page_size": ["٣"]}, "page_size", "TYPE_WRONG"),
        ({"page_size": ["9" * 12]}, "page_size", "NUMBER_TOO_LARGE"),
        ({"page_size": ["-1"]}, "page_size", "int32.gte_lte"),
        ({"page_size": ["1001"]}, "page_size", "int32.gte_lte"),
        ({"cursor": ["\0"]}, "cursor", "CHARACTER_NOT_STORABLE"),
    ],
)
def test_queries(query: dict[str, list[str]], field: str, reason: str) -> None:
    assert faults("listLicenceChanges", query=query) == [(field, reason)]


@pytest.mark.parametrize("number", ["1" * 17, "1" * 19, "A" * 18, "\0" * 18])
def test_declaration_numbers(number: str) -> None:
    in_path = {"declaration_number": number}
    assert {field for field, _ in faults("commitQuantities", {"lines": [LINE]}, in_path)} == {
        "declaration_number"
    }


def test_a_batch_of_too_many_numbers_names_the_field() -> None:
    assert faults("batchGetLicenceStatuses", {"numbers": ["x"] * 1001}) == [("numbers", "repeated.max_items")]


def test_every_fault_is_named_at_once_but_no_flood() -> None:
    assert faults(
        "acknowledgeLicence", {"request_id": 1, "colour": 2, "customs_reference": []}, {"number": "x"}
    ) == [
        ("request_id", "TYPE_WRONG"),
        ("colour", "FIELD_UNKNOWN"),
        ("customs_reference", "TYPE_WRONG"),
    ]
    assert len(faults("acknowledgeLicence", {f"f{n}": n for n in range(5000)}, {"number": "x"})) == 100


_NAMES = st.text() | st.sampled_from([*LINE, "lines", "numbers", "request_id", "customs_reference"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES, inner, max_size=4),
)


@given(st.sampled_from(ROUTES), _JSON.map(lambda value: json.dumps(value).encode()) | st.binary())
def test_whatever_comes_is_read_or_refused_with_a_known_reason(route: Route, body: bytes) -> None:
    in_path = dict.fromkeys(route.in_path, "3" * 18)
    reasons = set()
    try:
        message = read_request(route, in_path, {}, body)
        fits = message.DESCRIPTOR is route.method.input_type
    except XukeError as refused:
        reasons = {each.reason for each in refused.violations}
        fits = bool(reasons)
    assert fits
    assert reasons <= catalogue().keys()
