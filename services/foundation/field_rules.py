"""What the contracts ask of a field, told to whoever broke it: every violation names the limit or the form."""

import functools
import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any

import protovalidate
from buf.validate import validate_pb2
from google.protobuf.message import Message

from services.foundation.errors import FieldViolation
from services.foundation.messages import LocalizedText

_PATTERNS = pathlib.Path(__file__).parent / "reference" / "patterns.toml"
# Completes the sentence of a pattern that nobody has described: the contract itself says what it is.
_UNDESCRIBED = LocalizedText(zh="接口说明中该字段的格式", en="of the form that the contract gives for it")
_LIMITS = frozenset({"min_len", "max_len", "gte", "lte", "min_items", "max_items"})

_validator = protovalidate.Validator()


def violations_of(message: Message) -> list[FieldViolation]:
    """Every field of a message that breaks a rule written in the contract, with the limit or form it breaks.

    `reason` is the id of the rule (protovalidate); values are `limit` of a length, number or count, `minimum`
    and `maximum` of a range, `form_zh` and `form_en` of a pattern.
    """
    return [
        FieldViolation(
            _path(violation.proto.field),
            violation.proto.rule_id,
            _values(message.DESCRIPTOR, violation.proto, violation.rule_value),
        )
        for violation in _validator.collect_violations(message)
    ]


@functools.cache
def described_forms() -> Mapping[str, LocalizedText]:
    """What each pattern of the contracts asks for, in both languages."""
    texts = tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))
    return {pattern: LocalizedText(zh=text["zh"], en=text["en"]) for pattern, text in texts.items()}


def _values(descriptor: Any, violation: Any, rule_value: object) -> dict[str, str]:
    rule = violation.rule_id.rpartition(".")[2]
    if rule == "pattern":
        form = described_forms().get(str(rule_value), _UNDESCRIBED)
        return {"form_zh": form.zh, "form_en": form.en}
    if rule == "gte_lte":
        bounds = _bounds(descriptor, violation)
        return {"minimum": str(bounds.gte), "maximum": str(bounds.lte)}
    return {"limit": str(rule_value)} if rule in _LIMITS else {}


def _bounds(descriptor: Any, violation: Any) -> Any:
    """The rules that hold both bounds of a range, found in the contract: a violation names only one of them."""
    *parents, last = violation.field.elements
    for element in parents:
        descriptor = descriptor.fields_by_number[element.field_number].message_type
    rules: Any = descriptor.fields_by_number[last.field_number].GetOptions().Extensions[validate_pb2.field]
    for element in violation.rule.elements[:-1]:
        rules = getattr(rules, element.field_name)
    return rules


def _path(field: Any) -> str:
    parts: list[str] = []
    for element in field.elements:
        subscript = getattr(element, "subscript", None)
        parts.append(f"{element.field_name}[{subscript.value}]" if subscript else element.field_name)
    return ".".join(parts)
