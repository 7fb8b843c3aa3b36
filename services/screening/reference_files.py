"""Reads the reference files of the lists, the rules and the comparison into the types of the domain."""

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from services.screening.domain.destinations import Register
from services.screening.domain.likeness import JUDGEMENT_VERSION
from services.screening.domain.lists import (
    LegalSource,
    ListedParty,
    Measure,
    PartyList,
    Verdict,
)
from services.screening.domain.ownership import OwnershipPolicy
from services.screening.domain.rules import RuleSet
from services.screening.domain.screen import Basis, Comparison, basis_of
from services.screening.matching.matcher import MATCHER_VERSION
from services.screening.matching.reference import TABLES as MATCHER_TABLES
from services.screening.rule_rows import Row, register, rule_set

REFERENCE: Final = Path(__file__).parent / "reference"
_COMPARISON_LABEL: Final = "NAME-COMPARISON"
_POLICIES: Final = "ownership_policies.csv"


@dataclass(frozen=True)
class Shipped:
    """The lists, rules and destinations as shipped, to be loaded into the database."""

    lists: tuple[PartyList, ...]
    rules: RuleSet
    destinations: Register


def read_shipped(folder: Path = REFERENCE) -> Shipped:
    """The lists, the rules and the register as shipped."""
    parties, measures = _rows(folder / "parties.csv"), _rows(folder / "measures.csv")
    return Shipped(
        lists=tuple(
            party_list(
                row,
                [party for party in parties if party["list_code"] == row["list_code"]],
                [measure for measure in measures if measure["list_code"] == row["list_code"]],
            )
            for row in _rows(folder / "lists.csv")
        ),
        rules=rule_set(_rows(folder / "destination_rules.csv")),
        destinations=register(_rows(folder / "destinations.csv")),
    )


def read_comparison(folder: Path = REFERENCE) -> Comparison:
    """How parties are compared. The version is derived from the content of its files."""
    return Comparison(
        version=(
            f"{_COMPARISON_LABEL} {MATCHER_VERSION} judgement:{JUDGEMENT_VERSION}"
            f" sha256:{_comparison_digest(folder)}"
        ),
        countries=frozenset(row["country"] for row in _rows(folder / "countries.csv")),
        policies=tuple(map(_policy, _rows(folder / _POLICIES))),
    )


def _comparison_digest(folder: Path) -> str:
    """Of every table by which names are read and scored, and of what holds for those held by listed ones."""
    digest = hashlib.sha256()
    for name in (_POLICIES, *MATCHER_TABLES):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:12]


def read_basis(folder: Path = REFERENCE) -> Basis:
    """Everything a screening rests on, as shipped."""
    comparison = read_comparison(folder)
    shipped = read_shipped(folder)
    return basis_of(shipped.lists, shipped.rules, shipped.destinations, comparison)


def party_list(described: Row, parties: Sequence[Row], measures: Sequence[Row]) -> PartyList:
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
        entries=tuple(_listed_party(row) for row in parties),
        measures=tuple(_measure(row) for row in measures),
    ).versioned()


def _digest(rows: Sequence[Row]) -> str:
    canonical = json.dumps([dict(row) for row in rows], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _listed_party(row: Row) -> ListedParty:
    aliases = tuple(row["aliases"].split(";")) if row["aliases"] else ()
    return ListedParty(
        entry_id=row["entry_id"],
        list_code=row["list_code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        aliases=aliases,
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


def _policy(row: Row) -> OwnershipPolicy:
    return OwnershipPolicy(
        policy_id=row["policy_id"],
        lists=frozenset(row["lists"].split(";")),
        threshold_percent=Decimal(row["threshold_percent"]),
        is_aggregate=row["aggregate"] == "yes",
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        suspended_from=_day(row["suspended_from"]),
        suspended_to=_day(row["suspended_to"]),
        applies_after_suspension=row["applies_after_suspension"] == "yes",
        source=LegalSource(row["instrument"], row["article"], row["url"]),
        suspended_by=row["suspended_by"],
        text_zh=row["text_zh"],
        text_en=row["text_en"],
        text_zh_if_off=row["text_zh_if_off"],
        text_en_if_off=row["text_en_if_off"],
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
