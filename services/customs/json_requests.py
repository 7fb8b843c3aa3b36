"""From a request of the web to the message of licensing; whatever does not fit is named by its field.

The check is stricter than that of the protobuf library, which would take other spellings of a name and texts
for numbers: customs software that is wrong should learn it before a quantity is at stake.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.customs.routes import Route
from services.foundation.errors import FieldViolation, XukeError, invalid_argument, invalid_field
from services.foundation.grpc_server import validate

BODY: Final = "body"
_INT32: Final = range(-(2**31), 2**31)
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,12}")
# So many faults are told at once, and so much of a name that does not exist.
_MOST_VIOLATIONS: Final = 100
_LONGEST_NAME: Final = 100


def read_request(
    route: Route, in_path: Mapping[str, str], query: Mapping[str, list[str]], body: bytes
) -> Message:
    """The message for licensing. Errors: INVALID_ARGUMENT naming every field at fault."""
    values: dict[str, Any] = dict(in_path)
    violations: list[FieldViolation] = []
    fields = route.method.input_type.fields_by_name
    for name, texts in query.items():
        if name not in route.query:
            violations.append(_unknown(name, route.query))
        elif len(texts) != 1:
            violations.append(FieldViolation(name, "FIELD_REPEATED"))
        else:
            values[name] = _from_text(fields[name], texts[0])
    if route.body:
        content = _object(body)
        violations += _check_fields(route.body, content, "")
        values |= content
    for name in (*route.in_path, *route.query):
        if name in values:
            violations += _check_value(fields[name], values[name], name)
    if violations:
        raise invalid_argument(*violations[:_MOST_VIOLATIONS])
    request = route.new_request()
    json_format.ParseDict(values, request)
    validate(request)
    return request


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body, object_pairs_hook=_without_repetition, parse_constant=_no_constant)
    except XukeError:
        raise
    except (ValueError, RecursionError) as error:
        place = (
            {"line": str(error.lineno), "column": str(error.colno)}
            if isinstance(error, json.JSONDecodeError)
            else {"line": "1", "column": "1"}
        )
        raise invalid_field(BODY, "JSON_INVALID", **place) from error
    if not isinstance(content, dict):
        raise invalid_field(BODY, "TYPE_WRONG", expected="object")
    return content


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. Of two values for one name, readers of JSON disagree which counts: neither does."""
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        raise invalid_field(next(name for name in names if names.count(name) > 1), "FIELD_REPEATED")
    return content


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _from_text(field: FieldDescriptor, text: str) -> str | int:
    """The value that a text of the query stands for; a text that is no number is left for the check."""
    if field.cpp_type == FieldDescriptor.CPPTYPE_INT32 and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text


def _check_fields(
    known: Mapping[str, FieldDescriptor], content: Mapping[str, Any], prefix: str
) -> Iterator[FieldViolation]:
    for name, value in content.items():
        if name not in known:
            yield _unknown(prefix + name, known)
        else:
            yield from _check_value(known[name], value, prefix + name)


def _check_value(field: FieldDescriptor, value: Any, path: str) -> Iterator[FieldViolation]:
    if field.is_repeated:
        if not isinstance(value, list):
            yield _wrong_type(path, "array")
            return
        for index, element in enumerate(value):
            yield from _check_one(field, element, f"{path}[{index}]")
    else:
        yield from _check_one(field, value, path)


def _check_one(field: FieldDescriptor, value: Any, path: str) -> Iterator[FieldViolation]:
    if field.message_type is not None:
        if isinstance(value, dict):
            yield from _check_fields(field.message_type.fields_by_name, value, f"{path}.")
        else:
            yield _wrong_type(path, "object")
    elif field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        if not isinstance(value, str):
            yield _wrong_type(path, "string")
        elif not _storable(value):
            yield FieldViolation(path, "CHARACTER_NOT_STORABLE")
    elif field.cpp_type == FieldDescriptor.CPPTYPE_INT32:
        if not isinstance(value, int | float) or isinstance(value, bool) or value != value // 1:
            yield _wrong_type(path, "integer")
        elif int(value) not in _INT32:
            yield FieldViolation(path, "NUMBER_TOO_LARGE")
    else:
        raise NotImplementedError(f"{field.full_name}: no request of customs has had a field of this type")


def _storable(text: str) -> bool:
    """Whether every character can be stored: neither the null character nor half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _unknown(path: str, known: Mapping[str, object] | tuple[str, ...]) -> FieldViolation:
    return FieldViolation(path[:_LONGEST_NAME], "FIELD_UNKNOWN", {"known": " ".join(known)})


def _wrong_type(path: str, expected: str) -> FieldViolation:
    return FieldViolation(path, "TYPE_WRONG", {"expected": expected})
