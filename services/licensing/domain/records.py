"""Dataclasses to and from JSON values, by their declared types: how dossiers and findings are kept."""

import dataclasses
import functools
import typing
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar, cast

Record = TypeVar("Record")


def to_json(record: object) -> object:
    """JSON value of a dataclass, tuple, StrEnum or plain value."""
    if dataclasses.is_dataclass(record):
        return {field.name: to_json(getattr(record, field.name)) for field in dataclasses.fields(record)}
    if isinstance(record, tuple | list):
        return [to_json(entry) for entry in record]
    return record.value if isinstance(record, StrEnum) else record


def from_json(kind: type[Record], value: object) -> Record:
    """Record of type `kind` from its JSON value; an absent field takes its default."""
    return cast(Record, _read(kind, value))


def _read(kind: Any, value: Any) -> Any:
    if typing.get_origin(kind) is tuple:
        element = typing.get_args(kind)[0]
        return tuple(_read(element, entry) for entry in cast(Sequence[object], value))
    if dataclasses.is_dataclass(kind):
        types = _types_of(cast(Any, kind))
        values = cast(Mapping[str, object], value)
        return cast(Any, kind)(
            **{
                field.name: _read(types[field.name], values[field.name])
                for field in dataclasses.fields(kind)
                if field.name in values
            }
        )
    return kind(value)


@functools.cache
def _types_of(kind: type) -> Mapping[str, Any]:
    """The declared types of a dataclass; working them out costs more than all the rest of reading a record."""
    return typing.get_type_hints(kind)
