"""Rules and destinations from the rows of their tables: as shipped, and as a list editor imports them."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from services.screening.domain.destinations import Destination, Grade, Register
from services.screening.domain.lists import LegalSource, Verdict
from services.screening.domain.rules import (
    CatchAllLimb,
    Confidence,
    Demand,
    DestinationRule,
    EndUsePurpose,
    EndUserKind,
    RuleSet,
    StateOfKnowledge,
)

Row = Mapping[str, str]

RULE_COLUMNS: Final = (
    "rule_id",
    "destination",
    "end_user_kinds",
    "end_use_purposes",
    "catch_all_limbs",
    "knowledge",
    "verdict",
    "verdict_if_unknown",
    "demands",
    "instrument",
    "article",
    "url",
    "effective_from",
    "effective_to",
    "suspended_from",
    "suspended_to",
    "confidence",
    "enabled",
    "text_zh",
    "text_en",
)
DESTINATION_COLUMNS: Final = (
    "country",
    "grade",
    "demands",
    "instrument",
    "article",
    "url",
    "effective_from",
    "effective_to",
    "confidence",
    "reason_zh",
    "reason_en",
)
SEPARATOR: Final = ";"

_RULES_LABEL: Final = "CN-DESTINATION-RULES"
_DESTINATIONS_LABEL: Final = "CN-DESTINATIONS"

Word = TypeVar("Word", bound=StrEnum)


def rule_set(rows: Sequence[Row]) -> RuleSet:
    """The rules of their rows. The version names the newest day on which one takes effect, and the hash."""
    rules = tuple(_rule(row) for row in rows)
    newest = max(rule.effective_from for rule in rules)
    return RuleSet(_version(_RULES_LABEL, newest, RULE_COLUMNS, rows), newest, rules)


def register(rows: Sequence[Row]) -> Register:
    """The register of its rows. The version names the newest day on which a grade takes effect, and the hash."""
    destinations = tuple(_destination(row) for row in rows)
    newest = max(destination.effective_from for destination in destinations)
    return Register(_version(_DESTINATIONS_LABEL, newest, DESTINATION_COLUMNS, rows), newest, destinations)


def _version(label: str, newest: date, columns: Iterable[str], rows: Sequence[Row]) -> str:
    canonical = json.dumps(
        [{column: row[column] for column in columns} for row in rows], sort_keys=True, ensure_ascii=False
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    return f"{label} {newest.isoformat()} sha256:{digest}"


def _rule(row: Row) -> DestinationRule:
    unknown = row["verdict_if_unknown"]
    return DestinationRule(
        rule_id=row["rule_id"],
        destination=row["destination"],
        end_user_kinds=frozenset(_words(EndUserKind, row["end_user_kinds"])),
        end_use_purposes=frozenset(_words(EndUsePurpose, row["end_use_purposes"])),
        catch_all_limbs=frozenset(_words(CatchAllLimb, row["catch_all_limbs"])),
        knowledge=frozenset(_words(StateOfKnowledge, row["knowledge"])),
        verdict=Verdict[row["verdict"]],
        verdict_if_unknown=Verdict[unknown] if unknown else None,
        demands=_words(Demand, row["demands"]),
        source=LegalSource(row["instrument"], row["article"], row["url"]),
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        suspended_from=_day(row["suspended_from"]),
        suspended_to=_day(row["suspended_to"]),
        confidence=Confidence(row["confidence"]),
        enabled=row["enabled"] == "yes",
        text_zh=row["text_zh"],
        text_en=row["text_en"],
    )


def _destination(row: Row) -> Destination:
    return Destination(
        country=row["country"],
        grade=Grade(row["grade"]),
        demands=_words(Demand, row["demands"]),
        source=LegalSource(row["instrument"], row["article"], row["url"]),
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=_day(row["effective_to"]),
        confidence=Confidence(row["confidence"]),
        reason_zh=row["reason_zh"],
        reason_en=row["reason_en"],
    )


def _words(words: type[Word], text: str) -> tuple[Word, ...]:
    return tuple(words(word) for word in text.split(SEPARATOR) if word)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
