"""While a supplement is asked for, exactly what the notice names may be changed."""

import dataclasses
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.licensing.domain.dossier import (
    AttachmentKind,
    Contract,
    Dossier,
    EndUse,
    Item,
    Parameter,
    Party,
)
from services.licensing.domain.findings import Deficiency
from services.licensing.domain.open_fields import (
    changed_paths,
    is_open,
    names_a_field,
    not_asked_for,
    open_fields,
)

DOSSIER = Dossier(
    contract=Contract("APT-1", "2026-02-20", "50000", "USD"),
    destination="KR",
    transit_countries=("VN", "SG"),
    items=(
        Item(1, name_zh="仲钨酸铵", hs_code="2841801000", parameters=(Parameter("purity", "99.9", "%"),)),
        Item(2, name_zh="钨酸", hs_code="2825901200"),
    ),
    parties=(Party(name_en="Hangang Tools", country="KR"),),
    end_use=EndUse(description_en="cutting tools"),
)


def leaves(value: Any, path: str = "dossier") -> Iterator[str]:
    """Every path of a dossier that holds a single value."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from leaves(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from leaves(entry, f"{path}[{position}]")
    else:
        yield path


def other(value: Any) -> Any:
    """A value of the same type that is not this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, StrEnum):
        return next(word for word in type(value) if word is not value)
    return value + 1 if isinstance(value, int) else f"{value}x"


def with_change(value: Any, path: str, at: str = "dossier") -> Any:
    """The dossier with the value at one leaf exchanged."""
    if at == path:
        return other(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value,
            **{
                field.name: with_change(getattr(value, field.name), path, f"{at}.{field.name}")
                for field in dataclasses.fields(value)
            },
        )
    if isinstance(value, tuple):
        return tuple(with_change(entry, path, f"{at}[{n}]") for n, entry in enumerate(value))
    return value


def groups(path: str) -> list[str]:
    """The path and every group that it lies in."""
    ends = [position for position, character in enumerate(path) if character in ".["]
    return [*(path[:end] for end in ends), path]


LEAVES = list(leaves(DOSSIER))
GROUPS = sorted({group for leaf in LEAVES for group in groups(leaf)})


@given(st.sampled_from(LEAVES), st.lists(st.sampled_from(GROUPS), max_size=6))
def test_one_changed_leaf_passes_exactly_where_it_was_asked_for(leaf: str, asked: list[str]) -> None:
    changed = with_change(DOSSIER, leaf)
    assert list(changed_paths(DOSSIER, changed)) == [leaf]
    inside = bool(set(groups(leaf)) & set(asked))
    assert not_asked_for(DOSSIER, changed, asked) == ([] if inside else [leaf])


@given(st.sets(st.sampled_from(LEAVES), max_size=5))
def test_every_changed_leaf_is_found(changed_leaves: set[str]) -> None:
    changed = DOSSIER
    for leaf in changed_leaves:
        changed = with_change(changed, leaf)
    assert set(changed_paths(DOSSIER, changed)) == changed_leaves
    assert not not_asked_for(DOSSIER, changed, changed_leaves)


@pytest.mark.parametrize(
    ("change", "opened", "refused"),
    [
        ({"items": (*DOSSIER.items, Item(3))}, ["dossier.items"], []),
        ({"items": (*DOSSIER.items, Item(3))}, ["dossier.items[1]"], ["dossier.items[2]"]),
        ({"items": DOSSIER.items[:1]}, ["dossier.items[0]"], ["dossier.items[1]"]),
        ({"items": DOSSIER.items[:1]}, ["dossier.items"], []),
        ({"transit_countries": ("VN",)}, ["dossier.destination"], ["dossier.transit_countries[1]"]),
        ({"destination": "VN"}, ["dossier"], []),
        ({"destination": "VN"}, ["attachments"], ["dossier.destination"]),
        # A name that only begins alike is another field.
        (
            {"end_use": EndUse("x")},
            ["dossier.end"],
            ["dossier.end_use.description_zh", "dossier.end_use.description_en"],
        ),
        ({}, [], []),
    ],
)
def test_entries_and_groups(change: dict[str, Any], opened: list[str], refused: list[str]) -> None:
    assert not_asked_for(DOSSIER, dataclasses.replace(DOSSIER, **change), opened) == refused


def test_the_tenth_entry_is_not_within_the_first() -> None:
    assert not is_open("dossier.items[10].name_zh", ["dossier.items[1]"])


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("dossier", True),
        ("dossier.items", True),
        ("dossier.items[0]", True),
        ("dossier.items[1].hs_code", True),
        ("dossier.items[2]", False),
        ("dossier.items[0].parameters[0].unit", True),
        ("dossier.items[0].parameters[1]", False),
        ("dossier.items[00]", False),
        ("dossier.items[-1]", False),
        ("dossier.items.hs_code", False),
        ("dossier.items[0].quantity_decimal", False),
        ("dossier.applicant.legal_representative.name", True),
        ("dossier.end_use", True),
        ("dossier.end_use.", False),
        ("dossier.destination[0]", False),
        ("dossier.destination.upper", False),
        ("dossier.no_such_field", False),
        ("dossierx", False),
        ("dossier x", False),
        ("attachments", True),
        ("attachments.CONTRACT", True),
        ("attachments.UNSPECIFIED", False),
        ("attachments.PASSPORT", False),
        ("attachments.CONTRACT.x", False),
        ("state", False),
        ("", False),
        ("。", False),
    ],
)
def test_which_paths_name_something(path: str, known: bool) -> None:
    assert names_a_field(path, DOSSIER) is known


@given(st.sampled_from(GROUPS))
def test_every_path_of_the_dossier_names_something(path: str) -> None:
    assert names_a_field(path, DOSSIER)


def test_what_a_notice_opens() -> None:
    asked = [
        Deficiency("ATTACHMENT_MISSING", "attachments.CONTRACT"),
        Deficiency("UNCLEAR", "dossier.end_use"),
        Deficiency("ATTACHMENT_MISSING", "attachments.CONTRACT"),
        Deficiency("OTHER"),
    ]
    assert open_fields(asked) == ("attachments.CONTRACT", "dossier.end_use", "attachments.OTHER")
    assert is_open(f"attachments.{AttachmentKind.OTHER}", open_fields(asked))
