"""Whoever broke a rule of the contract is told what the rule is, in both languages."""

import importlib
import pathlib
import re

import pytest
import xuke
from buf.validate import validate_pb2
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message import Message
from xuke.licensing.v1 import application_pb2, dossier_pb2, licence_pb2

from services.foundation.field_rules import described_forms, violations_of
from services.foundation.messages import catalogue, render


def contracts() -> list[FileDescriptor]:
    """Every contract of the platform."""
    folder = pathlib.Path(next(iter(xuke.__path__)))
    modules = [
        ".".join(("xuke", *path.relative_to(folder).with_suffix("").parts))
        for path in sorted(folder.rglob("*_pb2.py"))
    ]
    return [importlib.import_module(module).DESCRIPTOR for module in modules]


def rules_in_contracts() -> list[tuple[str, object]]:
    """Every rule that some field of a contract has, as its id and value."""
    found: list[tuple[str, object]] = []

    def walk(prefix: str, rules: Message) -> None:
        for field, value in rules.ListFields():
            if prefix == "repeated" and field.name == "items":
                walk("", value)
            elif isinstance(value, Message):
                walk(field.name, value)
            else:
                found.append((f"{prefix}.{field.name}".lstrip("."), value))

    def of_messages(messages) -> None:
        for message in messages:
            for field in message.fields:
                walk("", field.GetOptions().Extensions[validate_pb2.field])
            of_messages(message.nested_types)

    for contract in contracts():
        of_messages(contract.message_types_by_name.values())
    return found


def test_every_pattern_of_the_contracts_is_described_and_no_other() -> None:
    patterns = {value for rule, value in rules_in_contracts() if rule == "string.pattern"}
    assert len(patterns) > 10
    assert patterns == set(described_forms())


@pytest.mark.parametrize("pattern", described_forms())
def test_the_example_of_a_form_has_that_form(pattern: str) -> None:
    form = described_forms()[pattern]
    for text in (form.zh, form.en):
        example = re.search(r"(?:例如 |like )([^\s（)]+)", text)
        if "例如" in form.zh:
            assert example is not None
            assert re.search(pattern, example[1])


def test_every_rule_of_the_contracts_has_a_sentence() -> None:
    assert {rule for rule, _ in rules_in_contracts()} - set(catalogue()) == set()
    assert {"int32.gte_lte", "string.uuid_empty"} <= set(catalogue()), "ids of rules in combination"


@pytest.mark.parametrize(
    ("message", "field", "reason", "said"),
    [
        (
            licence_pb2.WriteOffRequest(declaration_number="12"),
            "declaration_number",
            "string.pattern",
            "must be a customs declaration number of 18 digits",
        ),
        (
            dossier_pb2.Dossier(transit_countries=["JP", "japan"]),
            "transit_countries[1]",
            "string.pattern",
            "must be a country code of two capital letters (ISO 3166-1), like JP",
        ),
        (
            application_pb2.ListCasesRequest(page_size=100000),
            "page_size",
            "int32.gte_lte",
            "must be from 0 to 200",
        ),
        (
            application_pb2.StartExclusionRequest(note="x" * 5000),
            "note",
            "string.max_len",
            "is too long; at most 2000 characters",
        ),
        (
            dossier_pb2.Dossier(transit_countries=["JP"] * 21),
            "transit_countries",
            "repeated.max_items",
            "has too many entries; at most 20",
        ),
        (
            dossier_pb2.Dossier(items=[dossier_pb2.Item(quantity="1,5")]),
            "items[0].quantity",
            "string.pattern",
            "must be a decimal of at most 15 digits and 6 places, like 12000.5",
        ),
    ],
)
def test_a_violation_says_what_is_asked_for(message: Message, field: str, reason: str, said: str) -> None:
    found = {violation.field: violation for violation in violations_of(message)}
    assert found[field].reason == reason
    sentence = render(reason, found[field].metadata)
    assert sentence.en == said
    assert "<" not in sentence.zh
