"""Reads the reference files of the lists, the rules and the comparison into the types of the domain."""

import csv
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from services.screening.domain.destinations import Register
from services.screening.domain.lists import (
    LegalSource,
    ListedParty,
    Measure,
    PartyList,
    Verdict,
    listed_names,
)
from services.screening.domain.names import NameRules
from services.screening.domain.rules import RuleSet
from services.screening.domain.screen import Basis, Comparison, index_of
from services.screening.domain.similarity import Thresholds
from services.screening.matching.matcher import MATCHER_VERSION
from services.screening.matching.reference import TABLES as MATCHER_TABLES
from services.screening.rule_rows import Row, register, rule_set

REFERENCE: Final = Path(__file__).parent / "reference"
_COMPARISON_LABEL: Final = "NAME-COMPARISON"


@dataclass(frozen=True)
class Shipped:
    """The lists, rules and destinations as shipped, to be loaded into the database."""

    lists: tuple[PartyList, ...]
    rules: RuleSet
    destinations: Register


def read_shipped(names: NameRules, folder: Path = REFERENCE) -> Shipped:
    """The lists and rules as shipped, with their names as compared."""
    parties, measures = _rows(folder / "parties.csv"), _rows(folder / "measures.csv")
    return Shipped(
        lists=tuple(
            party_list(
                row,
                [party for party in parties if party["list_code"] == row["list_code"]],
                [measure for measure in measures if measure["list_code"] == row["list_code"]],
                names,
            )
            for row in _rows(folder / "lists.csv")
        ),
        rules=rule_set(_rows(folder / "destination_rules.csv")),
        destinations=register(_rows(folder / "destinations.csv")),
    )


def read_comparison(folder: Path = REFERENCE) -> Comparison:
    """How names are compared. The version is derived from the content of its files."""
    content = (folder / "names.toml").read_bytes()
    described = tomllib.loads(content.decode())
    return Comparison(
        version=f"{_COMPARISON_LABEL} {MATCHER_VERSION} sha256:{_comparison_digest(folder)}",
        names=NameRules.of(
            described["chinese"]["legal_forms"],
            described["chinese"]["variants"],
            described["english"]["legal_forms"],
            described["english"]["leading"],
            described["english"]["abbreviations"],
            described["english"]["letters"],
        ),
        thresholds=_thresholds(described),
        countries=frozenset(row["country"] for row in _rows(folder / "countries.csv")),
    )


def _comparison_digest(folder: Path) -> str:
    """Of every table by which names are read and scored."""
    digest = hashlib.sha256()
    for name in ("names.toml", *MATCHER_TABLES):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]


def read_basis(folder: Path = REFERENCE) -> Basis:
    """Everything a screening rests on, as shipped."""
    comparison = read_comparison(folder)
    shipped = read_shipped(comparison.names, folder)
    return Basis(shipped.lists, shipped.rules, shipped.destinations, comparison, index_of(shipped.lists))


def party_list(
    described: Row, parties: Sequence[Row], measures: Sequence[Row], names: NameRules
) -> PartyList:
    """One list of its rows. Its version names the day it was read and the hash of its content."""
    return PartyList(
        list_code=described["list_code"],
        label=described["label"],
        version="",
        required=described["required"] == "yes",
        name_zh=described["name_zh"],
        name_en=described["name_en"],
        match_verdict=Verdict[described["match_verdict"]],
        likeness_verdict=Verdict[described["likeness_verdict"]],
        source=LegalSource(described["instrument"], described["article"], ""),
        effective_from=date.fromisoformat(described["effective_from"]),
        read_on=date.fromisoformat(described["read_on"]),
        maximum_age_days=int(described["maximum_age_days"]),
        entries=tuple(_listed_party(row, names) for row in parties),
        measures=tuple(_measure(row) for row in measures),
    ).versioned()


def _digest(rows: Sequence[Row]) -> str:
    canonical = json.dumps([dict(row) for row in rows], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _listed_party(row: Row, names: NameRules) -> ListedParty:
    aliases = tuple(row["aliases"].split(";")) if row["aliases"] else ()
    return ListedParty(
        entry_id=row["entry_id"],
        list_code=row["list_code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        aliases=aliases,
        names=listed_names(names, row["name_zh"], row["name_en"], aliases),
        region=row["region"],
        source=LegalSource(row["announcement"], "", row["url"]),
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        suspended_from=_day(row["suspended_from"]),
        suspended_to=_day(row["suspended_to"]),
        stopped_from=_day(row["stopped_from"]),
        unconfirmed_from=_day(row["unconfirmed_from"]),
        standing_basis=row["standing_basis"],
        also_unreliable_entity=row["also_unreliable_entity"] == "yes",
    )


def _measure(row: Row) -> Measure:
    return Measure(
        row["measure"],
        LegalSource(row["instrument"], row["article"], ""),
        date.fromisoformat(row["effective_from"]),
        _day(row["effective_to"]),
        row["text_zh"],
        row["text_en"],
    )


def _thresholds(described: Mapping[str, Mapping[str, str]]) -> Thresholds:
    scores = {name: Decimal(value) for name, value in described["thresholds"].items()}
    return Thresholds(
        **scores,
        informative_zh=int(described["informative"]["zh"]),
        informative_en=int(described["informative"]["en"]),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
