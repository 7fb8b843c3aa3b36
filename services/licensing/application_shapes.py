"""Between dataclasses of the domain and messages of the contract that carry the same fields under the same names.

The enumerations differ by the prefix that the contract demands: `Instrument.SINGLE` is `INSTRUMENT_SINGLE`.
"""

import dataclasses
import re
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from services.foundation.errors import invalid_field

Shape = TypeVar("Shape")
Filled = TypeVar("Filled", bound=Message)


def fill(message: Filled, value: object) -> Filled:
    """The message with every field that the dataclass has too."""
    descriptors: Mapping[str, Any] = message.DESCRIPTOR.fields_by_name
    for field in dataclasses.fields(cast(Any, value)):
        if field.name in descriptors:
            _set(message, descriptors[field.name], getattr(value, field.name))
    return message


def _set(message: Message, descriptor: Any, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, tuple):
        repeated = getattr(message, descriptor.name)
        for entry in value:
            if dataclasses.is_dataclass(entry):
                fill(repeated.add(), entry)
            else:
                repeated.append(entry)
    elif dataclasses.is_dataclass(value):
        fill(getattr(message, descriptor.name), value)
    elif isinstance(value, datetime):
        getattr(message, descriptor.name).CopyFrom(timestamp(value))
    elif descriptor.enum_type is not None:
        setattr(message, descriptor.name, enum_number(descriptor.enum_type, value))
    else:
        setattr(message, descriptor.name, value if isinstance(value, int | float) else str(value))


def read(shape: type[Shape], message: Message) -> Shape:
    """The dataclass `shape` of a message; fields that the message has not keep their defaults."""
    types = typing.get_type_hints(shape)
    descriptors: Mapping[str, Any] = message.DESCRIPTOR.fields_by_name
    values = {
        field.name: _get(types[field.name], descriptors[field.name], getattr(message, field.name))
        for field in dataclasses.fields(cast(Any, shape))
        if field.name in descriptors
    }
    return shape(**values)


def _get(kind: Any, descriptor: Any, value: Any) -> Any:
    if typing.get_origin(kind) is tuple:
        element = typing.get_args(kind)[0]
        return tuple(read(element, entry) if isinstance(entry, Message) else entry for entry in value)
    if isinstance(value, Message):
        return read(kind, value)
    if descriptor.enum_type is not None:
        return enum_word(kind, descriptor.enum_type, value)
    return value


def enum_number(descriptor: EnumDescriptor, word: str) -> int:
    """The number of a domain word in an enumeration of the contract."""
    return int(descriptor.values_by_name[f"{_prefix(descriptor)}{word}"].number)


Word = TypeVar("Word", bound=StrEnum)


def enum_word(words: type[Word], descriptor: EnumDescriptor, number: int) -> Word:
    """The domain word of a number in an enumeration of the contract."""
    return words(descriptor.values_by_number[number].name.removeprefix(_prefix(descriptor)))


def _prefix(descriptor: EnumDescriptor) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", descriptor.name).upper() + "_"


def require_storable(request: Message) -> None:
    """Refuses a request whose own texts hold the one character that PostgreSQL cannot keep, NUL."""
    for field, value in request.ListFields():
        if isinstance(value, str) and "\x00" in value:
            raise invalid_field(field.name, "UNPRINTABLE_CHARACTER", character="U+0000")


def timestamp(instant: datetime) -> Timestamp:
    """An aware instant as a protobuf timestamp."""
    message = Timestamp()
    message.FromDatetime(instant.astimezone(UTC))
    return message
