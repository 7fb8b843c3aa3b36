"""The page a person reads, made from the OpenAPI document; one file, nothing loaded from elsewhere."""

import pathlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment

from services.customs.openapi import read_descriptions
from services.customs.routes import SCOPES

_PAGES: Final = pathlib.Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Page:
    """A page and the one style sheet within it, which its security policy names by hash."""

    html: str
    style: str


@dataclass(frozen=True)
class Row:
    """One field in a table: its path, its type as a person says it, whether it is demanded, what it means."""

    path: str
    kind: str
    demanded: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """One operation with its tables."""

    verb: str
    path: str
    scope: str
    details: Mapping[str, Any]
    taken: tuple[Row, ...]
    answered: tuple[Row, ...]


def documentation_page(environment: Environment, document: Mapping[str, Any]) -> Page:
    """Renders the page in both languages."""
    style = (_PAGES / "documentation.css").read_text(encoding="utf-8")
    template = environment.from_string((_PAGES / "documentation.html").read_text(encoding="utf-8"))
    words = read_descriptions()
    html = template.render(
        document=document,
        operations=list(_operations(document)),
        problem=list(_rows(document, document["components"]["schemas"]["Problem"], "")),
        problem_words=words["problem"],
        scopes=[(scope, words["scopes"][scope]) for scope in SCOPES],
        introduction=words["description"],
        style=style,
    )
    return Page(html, style)


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            taken = [
                Row(
                    each["name"],
                    f"{_kind(each['schema'])} ({each['in']})",
                    each["required"],
                    each["description"],
                )
                for each in operation.get("parameters", ())
            ]
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                taken += _rows(document, body["schema"], "")
            answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
            yield Operation(
                verb.upper(),
                path,
                operation["security"][0]["token"][0],
                operation,
                tuple(taken),
                tuple(_rows(document, answer, "")),
            )


def _rows(document: Mapping[str, Any], schema: Mapping[str, Any], prefix: str) -> Iterator[Row]:
    schema = _resolved(document, schema)
    for name, field in schema["properties"].items():
        inner = _resolved(document, field.get("items", field))
        repeated = "[]" if "items" in field else ""
        path = f"{prefix}{name}{repeated}"
        yield Row(path, _kind(inner), name in schema.get("required", ()), field.get("description", ""))
        if "properties" in inner:
            yield from _rows(document, inner, f"{path}.")


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    resolved: Mapping[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return resolved


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(schema["enum"])
    return str(schema.get("format", schema["type"]))
