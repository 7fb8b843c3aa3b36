"""Reads the table of licence requirements from its reference files."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from services.classification.domain.requirement_rows import (
    Basis,
    Confidence,
    EndUse,
    EndUserStatus,
    ItemSet,
    Mode,
    RequirementOutcome,
    RequirementRow,
    RequirementTable,
    Validity,
)
from services.classification.reference_files import REFERENCE

REQUIREMENT_FILES: Final = (
    "licence_requirements.csv",
    "licence_item_sets.csv",
    "licence_destination_facts.csv",
)
_YES: Final = {"yes": True, "no": False}

Word = TypeVar("Word", bound=StrEnum)


def read_requirements(folder: Path = REFERENCE) -> RequirementTable:
    """The table as shipped. Its version holds the hash of its files.

    Errors: KeyError or ValueError for a word that no column knows, and those of `RequirementTable.of`.
    """
    digest = hashlib.sha256()
    for name in REQUIREMENT_FILES:
        digest.update((folder / name).read_bytes())
    requirements, item_sets, destination_facts = (_rows(folder / name) for name in REQUIREMENT_FILES)
    sets = {row["name"]: _item_set(row) for row in item_sets}
    facts: dict[str, dict[str, bool]] = defaultdict(dict)
    for row in destination_facts:
        facts[row["fact"]][row["country"]] = _YES[row["holds"]]
    return RequirementTable.of(
        f"CN-LICENCE-REQUIREMENTS sha256:{digest.hexdigest()[:12]}",
        [_requirement(row, sets) for row in requirements],
        facts,
    )


def _requirement(row: Mapping[str, str], sets: Mapping[str, ItemSet]) -> RequirementRow:
    return RequirementRow(
        row_id=row["row_id"],
        regime=row["regime"],
        outcome=RequirementOutcome[row["outcome"]],
        basis=Basis(row["instrument"], row["article"], row["url"]),
        validity=Validity(
            date.fromisoformat(row["effective_from"]),
            _day(row["effective_to"]),
            _day(row["suspended_from"]),
            _day(row["suspended_to"]),
        ),
        item_sets=tuple(sets[name] for name in _words(row["item_sets"])),
        modes=_known(Mode, row["modes"]),
        destinations=frozenset(_words(row["destinations"])),
        end_uses=_known(EndUse, row["end_uses"]),
        end_user_statuses=_known(EndUserStatus, row["end_user_statuses"]),
        content_from=Decimal(row["content_from"]) if row["content_from"] else None,
        fact=row["fact"],
        instead_of=frozenset(_words(row["instead_of"])),
        documents=_words(row["documents"]),
        agencies=_words(row["agencies"]),
        confidence=Confidence(row["confidence"]),
        enabled=_YES[row["enabled"]],
        text_zh=row["text_zh"],
        text_en=row["text_en"],
    )


def _item_set(row: Mapping[str, str]) -> ItemSet:
    return ItemSet(
        row["name"],
        _YES[row["every_listed"]],
        _words(row["prefixes"]),
        row["third_digits"],
        frozenset(_words(row["words"])),
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split(";")))


def _known(words: type[Word], cell: str) -> frozenset[Word]:
    return frozenset(words(word) for word in _words(cell))


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _rows(path: Path) -> Iterable[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
