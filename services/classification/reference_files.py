"""Reads the reference files of the list into the types of the domain."""

import csv
import hashlib
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from services.classification.domain.agencies import AgencyRule, AgencyTable, Necessity
from services.classification.domain.codes import HsRegister
from services.classification.domain.entries import (
    ControlEntry,
    ControlList,
    HsReference,
    HsTrust,
    Quality,
    Source,
    Term,
    TermKind,
    kind_of,
)
from services.classification.domain.fusion import Fusion
from services.classification.domain.index import PointerCode, SearchPolicy, SourceKind
from services.classification.domain.legal_regimes import (
    BasisKind,
    LegalRegime,
    Period,
    Place,
    RegimeOfCodes,
    RegimeOfWords,
    RegimeTable,
    Track,
)
from services.classification.domain.matching import Likeness
from services.classification.domain.obligations import (
    Arrangement,
    Obligation,
    ObligationTable,
    SameNumber,
)
from services.classification.domain.standings import EntryStatus, Standing, checked
from services.classification.domain.text import Vocabulary

REFERENCE: Final = Path(__file__).parent / "reference"
LIST_FILES: Final = (
    "list.toml",
    "control_list.csv",
    "terms.csv",
    "hs_references.csv",
    "announcements.csv",
    "standings.csv",
)


def read_control_list(folder: Path = REFERENCE) -> ControlList:
    """The list as shipped. Its version names the edition and the hash of the files it is made from.

    Errors: ValueError where the files contradict each other or the law on temporary control.
    """
    described = tomllib.loads((folder / "list.toml").read_text(encoding="utf-8"))
    digest = hashlib.sha256()
    for name in LIST_FILES:
        digest.update((folder / name).read_bytes())
    terms: dict[str, list[Term]] = defaultdict(list)
    for row in _rows(folder / "terms.csv"):
        terms[row["identifier"]].append(Term(row["term"], TermKind(row["kind"])))
    references: dict[str, list[HsReference]] = defaultdict(list)
    for row in _rows(folder / "hs_references.csv"):
        references[row["identifier"]].append(
            HsReference(row["hs_code"], HsTrust(row["trust"]), row["announcement"])
        )
    sources = {
        row["announcement"]: Source(row["announcement"], row["title"], row["url"])
        for row in _rows(folder / "announcements.csv")
    }
    standings = _standings(folder)
    entries = tuple(
        _entry(
            row,
            tuple(terms[row["identifier"]]),
            tuple(references[row["identifier"]]),
            sources[row["announcement"]],
            standings[row["announcement"]],
        )
        for row in _rows(folder / "control_list.csv")
    )
    unknown = (set(terms) | set(references)) - {entry.identifier for entry in entries}
    if unknown:
        raise ValueError(f"terms or commodity codes of entries that are not in the list: {sorted(unknown)}")
    edition: date = described["edition"]
    version = f"{described['label']} {edition.isoformat()} sha256:{digest.hexdigest()[:12]}"
    return ControlList(described["regime"], version, edition, described["covers_from"], entries)


def read_hs_register(folder: Path = REFERENCE) -> HsRegister:
    """The commodity codes that exist, as far as they are known, and those of the licence catalogue."""
    rows = _rows(folder / "hs_codes.csv")
    return HsRegister.of(
        (row["hs_code"] for row in rows),
        (row["hs_code"] for row in rows if row["source"] == "licence_catalogue_2026"),
    )


def read_search_policy(folder: Path = REFERENCE) -> SearchPolicy:
    """The weights and words of the comparison."""
    read = tomllib.loads((folder / "text_matching.toml").read_text(encoding="utf-8"))
    fusion = read["fusion"]
    return SearchPolicy(
        weights={code: float(read["weights"][code.value.lower()]) for code in PointerCode},
        description_factor=float(read["weights"]["description_factor"]),
        likeness=Likeness(float(read["similarity"]["chinese"]), float(read["similarity"]["english"])),
        least_share=float(read["similarity"]["least_share"]),
        least_score=float(read["similarity"]["least_score"]),
        weighing_share=float(read["similarity"]["weighing_share"]),
        elements=frozenset(read["similarity"]["elements"]),
        fusion=Fusion(
            float(fusion["constant"]),
            float(fusion["strength"]),
            {kind: float(fusion[kind.value.lower()]) for kind in SourceKind},
        ),
        vocabulary=Vocabulary.of(
            read["neutral"]["zh"],
            read["neutral"]["en"],
            read["vague"]["words"],
            read["spellings"],
            read["stated"]["zh"],
        ),
    )


def read_agencies(folder: Path = REFERENCE) -> AgencyTable:
    """Which bodies take part in the examination of an entry."""
    return AgencyTable.of(
        AgencyRule(
            priority=int(row["priority"]),
            entry=row["entry"],
            prefixes=tuple(filter(None, row["prefixes"].split(";"))),
            third_digits=row["third_digits"],
            agencies=tuple(row["agencies"].split(";")),
            necessity=Necessity(row["necessity"]),
            basis=row["basis"],
            basis_is_law=row["basis_kind"] == "law",
        )
        for row in _rows(folder / "agencies.csv")
    )


def read_regimes(folder: Path = REFERENCE) -> RegimeTable:
    """Under which body of law exports are decided, by codes and by words of lists that are not held as rules."""
    return RegimeTable(
        (
            RegimeOfCodes(
                int(row["priority"]),
                LegalRegime(row["regime"]),
                Track(row["track"]),
                _parts(row["prefixes"]),
                row["third_digits"],
                row["instrument"],
                row["article"],
                BasisKind(row["basis_kind"]),
                _period(row),
                row["text_zh"],
                row["text_en"],
            )
            for row in _rows(folder / "legal_regimes.csv")
        ),
        (
            RegimeOfWords(
                LegalRegime(row["regime"]),
                Track(row["track"]),
                Place(row["place"]),
                _parts(row["words_zh"]),
                _parts(row["words_en"]),
                row["list"],
                row["list_item"],
                row["quote"],
                row["instrument"],
                row["article"],
                _period(row),
            )
            for row in _rows(folder / "legal_regime_words.csv")
        ),
        read_search_policy(folder).vocabulary,
    )


def read_foreign_regimes(folder: Path = REFERENCE) -> frozenset[str]:
    """The names under which lists of other states are loaded."""
    return frozenset(row["regime"] for row in _rows(folder / "foreign_regimes.csv"))


def read_obligations(folder: Path = REFERENCE) -> ObligationTable:
    """What entries have to do with international arrangements, and where another list numbers the same."""
    return ObligationTable(
        (
            Obligation(
                Arrangement(row["arrangement"]),
                _parts(row["codes"]),
                row["third_digits"],
                row["reference"],
                row["instrument"],
                BasisKind(row["basis_kind"]),
                row["text_zh"],
                row["text_en"],
            )
            for row in _rows(folder / "obligations.csv")
        ),
        (
            SameNumber(row["control_code"], row["regime"], row["edition"], row["words_agree"] == "yes")
            for row in _rows(folder / "same_numbers.csv")
        ),
    )


def _period(row: Mapping[str, str]) -> Period:
    until = row["effective_to"]
    return Period(date.fromisoformat(row["effective_from"]), date.fromisoformat(until) if until else None)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(";")))


def _standings(folder: Path) -> dict[str, tuple[Standing, ...]]:
    found: dict[str, list[Standing]] = defaultdict(list)
    for row in _rows(folder / "standings.csv"):
        since, until = date.fromisoformat(row["since"]), row["until"]
        found[row["announcement"]].append(
            Standing(
                EntryStatus(row["status"].upper()),
                since,
                date.fromisoformat(until) if until else None,
                row["basis"],
            )
        )
    return {announcement: checked(standings, announcement) for announcement, standings in found.items()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _entry(
    row: Mapping[str, str],
    terms: tuple[Term, ...],
    references: tuple[HsReference, ...],
    source: Source,
    standings: tuple[Standing, ...],
) -> ControlEntry:
    return ControlEntry(
        identifier=row["identifier"],
        control_code=row["control_code"],
        proposed_code=row["proposed_code"],
        kind=kind_of(row["control_code"] or row["proposed_code"]),
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
        hs_references=references,
        terms=terms,
        source=source,
        standings=standings,
        quality=Quality(row["quality"]),
    )
