"""The document says what the contract demands, in words for people, and nothing twice."""

import re
from pathlib import Path
from typing import Any

import pytest

import services.customs
from services.customs.openapi import openapi_document, read_descriptions
from services.customs.routes import ROUTES
from services.foundation.messages import catalogue

DOCUMENT = openapi_document()
SCHEMAS = DOCUMENT["components"]["schemas"]


def _operation(name: str) -> dict[str, Any]:
    route = next(route for route in ROUTES if route.name == name)
    operation: dict[str, Any] = DOCUMENT["paths"][route.path][route.verb.lower()]
    return operation


def _body(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = _operation(name)["requestBody"]["content"]["application/json"]["schema"]
    return schema


def test_every_route_stands_in_the_document_with_its_scope() -> None:
    for route in ROUTES:
        operation = _operation(route.name)
        assert operation["operationId"] == route.name
        assert operation["security"] == [{"token": [route.scope]}]
    assert sum(len(verbs) for verbs in DOCUMENT["paths"].values()) == len(ROUTES)


def test_what_stands_in_the_path_is_not_in_the_body() -> None:
    assert set(_body("acknowledgeLicence")["properties"]) == {"request_id", "customs_reference"}
    assert set(_body("reserveQuantities")["properties"]) == {"lines"}
    assert [each["name"] for each in _operation("reserveQuantities")["parameters"]] == ["declaration_number"]


def test_the_rules_of_the_contract() -> None:
    line = SCHEMAS["WriteOffLine"]
    assert line["required"] == ["declaration_line", "licence_number", "licence_line"]
    assert line["additionalProperties"] is False
    assert line["properties"]["declaration_line"] == line["properties"]["declaration_line"] | {
        "type": "integer",
        "minimum": 1,
        "maximum": 1000,
    }
    quantity = line["properties"]["quantity"]
    assert quantity["type"] == "string"
    for text, fits in (("12.5", True), ("", True), ("1e3", False), ("-1", False)):
        assert bool(re.search(quantity["pattern"], text)) is fits
    numbers = _body("batchGetLicenceStatuses")["properties"]["numbers"]
    assert (numbers["minItems"], numbers["maxItems"]) == (1, 1000)
    assert _body("acknowledgeLicence")["required"] == ["request_id", "customs_reference"]
    assert _body("acknowledgeLicence")["properties"]["request_id"]["format"] == "uuid"


def test_answers_promise_what_is_always_there() -> None:
    status = SCHEMAS["LicenceStatus"]
    assert "usable" in status["required"]
    assert "acknowledged_at" not in status["required"]
    assert "LICENCE_STATE_SUSPENDED" in status["properties"]["state"]["enum"]
    assert "explanation" not in SCHEMAS["WriteOffResult"]["required"]


@pytest.mark.parametrize("name", ["reserveQuantities", "commitQuantities", "releaseQuantities"])
def test_a_write_off_answers_in_three_ways(name: str) -> None:
    responses = _operation(name)["responses"]
    answer = {"schema": {"$ref": "#/components/schemas/WriteOffResponse"}}
    for status in ("200", "207"):
        assert responses[status]["content"] == {"application/json": answer}
    assert responses["409"]["content"]["application/json"] == answer
    assert "application/problem+json" in responses["409"]["content"]


def _described(schema: Any) -> set[str]:
    """Every description anywhere in the document."""
    if isinstance(schema, list):
        return set().union(*map(_described, schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    here = {schema["description"]} if isinstance(schema.get("description"), str) else set()
    return here.union(*map(_described, schema.values()))


def test_no_description_is_left_over() -> None:
    words, told = read_descriptions(), _described(DOCUMENT)
    left_over = [
        name for name, (chinese, english) in words["fields"].items() if f"{chinese} / {english}" not in told
    ]
    assert left_over == []
    assert words["operations"].keys() == {route.name for route in ROUTES}


def test_every_reason_has_its_sentences() -> None:
    folder = Path(services.customs.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    raised = set(re.findall(r'"((?:[A-Z]+_)+[A-Z]+)"', sources)) - {"NOT_SERVING", "MAX_CONTENT_LENGTH"}
    assert {"FIELD_UNKNOWN", "ROUTE_NOT_FOUND", "TOKEN_MISSING"} <= raised
    assert raised - catalogue().keys() == set()
