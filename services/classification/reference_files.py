"""Reads the reference files of the list into the types of the domain."""

import csv
import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from services.classification.domain.codes import HsRegister
from services.classification.domain.entries import (
    Confirmation,
    ControlEntry,
    ControlList,
    ItemKind,
    Source,
    Term,
    TermKind,
)
from services.classification.domain.index import PointerCode, SearchPolicy
from services.classification.domain.matching import Likeness
from services.classification.domain.text import Vocabulary

REFERENCE: Final = Path(__file__).parent / "reference"


def read_control_list(folder: Path = REFERENCE) -> ControlList:
    """The list as shipped. Its version names the edition and the hash of the files it is made from."""
    described = tomllib.loads((folder / "list.toml").read_text(encoding="utf-8"))
    digest = hashlib.sha256()
    for name in ("list.toml", "control_list.csv", "terms.csv"):
        digest.update((folder / name).read_bytes())
    terms: dict[str, list[Term]] = defaultdict(list)
    for row in _rows(folder / "terms.csv"):
        terms[row["identifier"]].append(Term(row["term"], TermKind(row["kind"])))
    entries = tuple(
        _entry(row, tuple(terms[row["identifier"]])) for row in _rows(folder / "control_list.csv")
    )
    unknown = set(terms) - {entry.identifier for entry in entries}
    if unknown:
        raise ValueError(f"terms.csv names entries that control_list.csv does not hold: {sorted(unknown)}")
    edition: date = described["edition"]
    version = f"{described['label']} {edition.isoformat()} sha256:{digest.hexdigest()[:12]}"
    return ControlList(described["regime"], version, edition, entries)


def read_hs_register(folder: Path = REFERENCE) -> HsRegister:
    """The commodity codes that exist, as far as they are known."""
    return HsRegister.of(row["hs_code"] for row in _rows(folder / "hs_codes.csv"))


def read_search_policy(folder: Path = REFERENCE) -> SearchPolicy:
    """The weights and words of the comparison."""
    read = tomllib.loads((folder / "text_matching.toml").read_text(encoding="utf-8"))
    return SearchPolicy(
        weights={code: float(read["weights"][code.value.lower()]) for code in PointerCode},
        description_factor=float(read["weights"]["description_factor"]),
        likeness=Likeness(float(read["similarity"]["chinese"]), float(read["similarity"]["english"])),
        vocabulary=Vocabulary.of(
            read["neutral"]["zh"], read["neutral"]["en"], read["vague"]["words"], read["spellings"]
        ),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entry(row: Mapping[str, str], terms: tuple[Term, ...]) -> ControlEntry:
    return ControlEntry(
        identifier=row["identifier"],
        control_code=row["control_code"],
        proposed_code=row["proposed_code"],
        kind=ItemKind(row["item_kind"]),
        category_zh=row["category_zh"],
        category_en=row["category_en"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        parameters_zh=row["parameters_zh"],
        parameters_en=row["parameters_en"],
        parameters_complete=row["parameters_complete"] != "no",
        decontrol_zh=row["decontrol_zh"],
        decontrol_en=row["decontrol_en"],
        note_zh=row["note_zh"],
        note_en=row["note_en"],
        hs_codes=tuple(row["hs_codes"].split(";")) if row["hs_codes"] else (),
        terms=terms,
        source=Source(row["announcement"], row["announcement_title"], row["announcement_url"]),
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        suspended_from=_day(row["suspended_from"]),
        suspended_to=_day(row["suspended_to"]),
        suspended_by=row["suspended_by"],
        confirmation=Confirmation(row["status"]),
        quality=row["quality"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
