"""A dossier as rows of a summary: every field of the contract, so that nothing stated can go unseen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.message import Message
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal import formats
from services.portal.language import code_name, shown, text, word

# Fields that hold a code of a list, by their name in any message of the dossier.
_CODES = {"destination": "country", "country": "country", "customs_office": "customs_office", "unit": "unit"}


@dataclass(frozen=True)
class Row:
    """A field: its name as people read it and its value, empty where nothing is stated."""

    path: str
    label: str
    value: str


@dataclass(frozen=True)
class Section:
    """A part of the dossier under a heading."""

    path: str
    heading: str
    rows: tuple[Row, ...]


def label_key(message: str, field: str) -> str:
    """Where the label of a field of a message stands in the catalogue of texts."""
    return f"field_{message}.{field}"


def dossier_sections(dossier: d.Dossier) -> tuple[Section, ...]:
    """The sections of a dossier in the order of the contract; what belongs to no part comes first."""
    parts: list[Section] = []
    general: list[Row] = []
    for field in dossier.DESCRIPTOR.fields:
        value = getattr(dossier, field.name)
        if field.message_type is None:
            general.append(_row("", dossier.DESCRIPTOR.name, field, value))
        elif field.is_repeated:
            parts.extend(
                Section(
                    f"{field.name}[{place}]",
                    _heading(field.name, place + 1, one),
                    tuple(_rows(f"{field.name}[{place}].", one)),
                )
                for place, one in enumerate(value)
            )
        else:
            parts.append(
                Section(field.name, text(f"section.{field.name}"), tuple(_rows(f"{field.name}.", value)))
            )
    return Section("", text("section.general"), tuple(general)), *parts


def _heading(part: str, number: int, entry: Message) -> str:
    """A numbered heading; a party's says in which role it is."""
    if isinstance(entry, d.Party) and entry.role:
        return word(d.PartyRole, entry.role)
    return text(f"section.{part}", number=number)


def _rows(path: str, message: Message) -> Iterator[Row]:
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.message_type is None:
            yield _row(path, message.DESCRIPTOR.name, field, value)
        elif field.is_repeated:
            label = text(label_key(message.DESCRIPTOR.name, field.name))
            stated = "\n".join(_entry(one) for one in value)
            yield Row(f"{path}{field.name}", label, stated)
        else:
            for inner in _rows(f"{path}{field.name}.", value):
                whose = text(label_key(message.DESCRIPTOR.name, field.name))
                yield Row(inner.path, text("field.of", whose=whose, what=inner.label), inner.value)


def _entry(entry: Message) -> str:
    """One of several within a part, in a line."""
    match entry:
        case d.Parameter():
            return " ".join(filter(None, (f"{entry.name}:", entry.value, entry.unit)))
        case d.Owner():
            country = code_name("country", entry.country) if entry.country else ""
            share = f"{entry.percent}%" if entry.percent else ""
            return text("field.list").join(filter(None, (entry.name_en, entry.name_zh, country, share)))
        case d.CatchAllKnowledge():
            known = word(d.StateOfKnowledge, entry.knowledge) if entry.knowledge else text("page.not_stated")
            return text("field.of", whose=word(d.CatchAllLimb, entry.limb), what=known)
        case _:
            raise TypeError(f"nobody said how {entry.DESCRIPTOR.name} is read")


def _row(path: str, message: str, field: Any, value: Any) -> Row:
    stated = "\n".join(_stated(field, one) for one in value) if field.is_repeated else _stated(field, value)
    return Row(f"{path}{field.name}", text(label_key(message, field.name)), stated)


def _stated(field: Any, value: Any) -> str:
    """A value as people read it."""
    if field.enum_type is not None:
        return _enumerated(field.enum_type, value)
    if isinstance(value, bool):
        return text("field.yes" if value else "field.no")
    if field.name == "transit_countries":
        return code_name("country", value)
    if field.name in _CODES:
        return code_name(_CODES[field.name], value) if value else ""
    if field.name == "province":
        return shown("Province", value) if value else ""
    if field.name.endswith(("signed_on", "concluded_on")):
        return formats.day(value)
    if field.name in ("quantity", "value", "total_value"):
        return formats.quantity(value) if value else ""
    return str(value)


def _enumerated(enumeration: EnumDescriptor, number: int) -> str:
    if number == 0:
        return ""
    prefix = enumeration.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return shown(enumeration.name, enumeration.values_by_number[number].name.removeprefix(prefix))
