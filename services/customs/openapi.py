"""The OpenAPI 3.1 document, made from the declared routes and from the messages with the rules of the contract.

What a machine checks (types, lengths, patterns, what is required) comes from the contract; what a person reads
comes from `reference/descriptions.toml`. Nothing is written down twice.
"""

import pathlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from services.customs.problems import MEDIA_TYPE
from services.customs.routes import ROUTES, SCOPES, Route
from services.foundation.messages import render

Schema = dict[str, Any]

_DESCRIPTIONS: Final = pathlib.Path(__file__).parent / "reference" / "descriptions.toml"
_REFUSALS: Final = (400, 401, 403, 409, 429, 500, 503, 504)
_FULL_UUID: Final = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


def read_descriptions() -> Mapping[str, Any]:
    """What a person reads about operations and fields, in both languages."""
    return tomllib.loads(_DESCRIPTIONS.read_text(encoding="utf-8"))


def openapi_document() -> Schema:
    """The document."""
    descriptions = read_descriptions()
    components = _Components(descriptions["fields"])
    paths: dict[str, Schema] = {}
    for route in ROUTES:
        operation = _operation(route, descriptions["operations"][route.name], components)
        paths.setdefault(route.path, {})[route.verb.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": descriptions["title"],
            "version": "v1",
            "summary": descriptions["summary"],
            "description": "\n\n".join(descriptions["description"]),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": dict(
                sorted((components.schemas | {"Problem": _problem(_both(*descriptions["problem"]))}).items())
            ),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "; ".join(
                        f"{scope}: {_both(*descriptions['scopes'][scope])}" for scope in SCOPES
                    ),
                }
            },
        },
    }


class _Components:
    """Schemas of the messages that routes answer with or take, collected while routes refer to them."""

    def __init__(self, descriptions: Mapping[str, list[str]]) -> None:
        self.schemas: dict[str, Schema] = {}
        self._descriptions = descriptions

    def reference(self, message: Descriptor, taken: bool) -> Schema:
        """A reference to the schema of a message; one that is `taken` admits no unknown field."""
        if message.name not in self.schemas:
            self.schemas[message.name] = {}
            self.schemas[message.name] = self.of_fields(message.fields, taken)
        return {"$ref": f"#/components/schemas/{message.name}"}

    def of_fields(self, fields: Iterable[FieldDescriptor], taken: bool) -> Schema:
        """The schema of an object with these fields."""
        listed = list(fields)
        required = [field.name for field in listed if (_demanded(field) if taken else not field.has_presence)]
        schema: Schema = {
            "type": "object",
            "properties": {field.name: self.of_field(field, taken) for field in listed},
        }
        if required:
            schema["required"] = required
        if taken:
            schema["additionalProperties"] = False
        return schema

    def of_field(self, field: FieldDescriptor, taken: bool) -> Schema:
        """The schema of one field with its description."""
        schema = self._one(field, taken)
        if field.is_repeated:
            schema = {"type": "array", "items": schema} | (_rules_of_list(field) if taken else {})
        assert field.containing_type is not None, "no extension is a field of customs"
        description = self._descriptions[f"{field.containing_type.name}.{field.name}"]
        return schema | {"description": _both(*description)}

    def _one(self, field: FieldDescriptor, taken: bool) -> Schema:
        if field.message_type is not None:
            if field.message_type.full_name == "google.protobuf.Timestamp":
                return {"type": "string", "format": "date-time"}
            return self.reference(field.message_type, taken)
        if field.enum_type is not None:
            return {"type": "string", "enum": [value.name for value in field.enum_type.values]}
        if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
            return {"type": "boolean"}
        if field.cpp_type == FieldDescriptor.CPPTYPE_INT32:
            return {"type": "integer", "format": "int32"} | (_rules_of_number(field) if taken else {})
        if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
            return {"type": "string"} | (_rules_of_text(field) if taken else {})
        raise NotImplementedError(f"{field.full_name}: no message of customs has had a field of this type")


def _operation(route: Route, words: Mapping[str, list[str]], components: _Components) -> Schema:
    fields = route.method.input_type.fields_by_name
    parameters = [
        {"name": name, "in": place, "required": place == "path", **_described(components, fields[name])}
        for place, names in (("path", route.in_path), ("query", route.query))
        for name in names
    ]
    answer = {"application/json": {"schema": components.reference(route.answer, taken=False)}}
    refusals = {*_REFUSALS, *({404} if route.in_path else ()), *({413, 415} if route.body else ())}
    responses = {str(status): _response(str(status), {}) for status in refusals}
    for status in route.statuses:
        responses[str(status)] = _response(str(status), answer, refused=status in refusals)
    operation: Schema = {
        "operationId": route.name,
        "summary": _both(*words["summary"]),
        "description": "\n\n".join(words["more"]),
        "security": [{"token": [route.scope]}],
        "responses": dict(sorted(responses.items())),
    }
    if parameters:
        operation["parameters"] = parameters
    if route.body:
        operation["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {"schema": components.of_fields(route.body.values(), taken=True)}
            },
        }
    return operation


def _described(components: _Components, field: FieldDescriptor) -> Schema:
    schema = components.of_field(field, taken=True)
    return {"description": schema.pop("description"), "schema": schema}


def _response(status: str, answer: Schema, refused: bool = True) -> Schema:
    """A response with the answer, a problem, or either of both."""
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}} if refused else {}
    return {"description": _both(*_title(status)), "content": answer | problem}


def _title(status: str) -> tuple[str, str]:
    title = render(f"HTTP_{status}")
    return title.zh, title.en


def _both(chinese: str, english: str) -> str:
    return f"{chinese} / {english}"


def _problem(description: str) -> Schema:
    text: Schema = {"type": "string"}
    both = {name: text for stem in ("title", "detail") for name in (stem, f"{stem}_zh", f"{stem}_en")}
    detail = dict.fromkeys(("detail", "detail_zh", "detail_en"), text)
    return {
        "type": "object",
        "description": description,
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "status": {"type": "integer"},
            "reason": text,
            "instance": text,
            "trace_id": text,
            **both,
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"field": text, "reason": text, **detail},
                    "required": ["field", "reason", *detail],
                },
            },
        },
        "required": ["type", "status", "reason", "instance", "trace_id", *both],
    }


def _rules(field: FieldDescriptor) -> validate_pb2.FieldRules:
    rules: validate_pb2.FieldRules = field.GetOptions().Extensions[validate_pb2.field]
    return rules


def _rules_of_text(field: FieldDescriptor) -> Schema:
    rules = _rules(field).string
    schema: Schema = {}
    if rules.uuid:
        schema |= {"format": "uuid", "pattern": _FULL_UUID}
    elif rules.pattern:
        schema["pattern"] = rules.pattern
    else:
        schema["pattern"] = "^[^\\u0000]*$"
    if rules.min_len:
        schema["minLength"] = rules.min_len
    if rules.max_len:
        schema["maxLength"] = rules.max_len
    return schema


def _rules_of_number(field: FieldDescriptor) -> Schema:
    rules = _rules(field).int32
    bounds = {
        "minimum": rules.gte if rules.HasField("gte") else -(2**31),
        "maximum": rules.lte if rules.HasField("lte") else 2**31 - 1,
    }
    return dict(bounds)


def _rules_of_list(field: FieldDescriptor) -> Schema:
    rules = _rules(field).repeated
    schema: Schema = {}
    if rules.min_items:
        schema["minItems"] = rules.min_items
    if rules.max_items:
        schema["maxItems"] = rules.max_items
    return schema


def _demanded(field: FieldDescriptor) -> bool:
    """Whether leaving the field out, which stands for its default, breaks a rule of the contract."""
    rules = _rules(field)
    if field.is_repeated:
        return bool(rules.repeated.min_items)
    if field.cpp_type == FieldDescriptor.CPPTYPE_INT32:
        return rules.int32.gte > 0
    text = rules.string
    return bool(text.min_len or text.uuid or (text.pattern and not _matches_nothing(text.pattern)))


def _matches_nothing(pattern: str) -> bool:
    return re.search(pattern, "") is not None
