"""Rules and destinations from the rows of their tables: as shipped, and as a list editor imports them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
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


def rule_set(rows: Iterable[Row]) -> RuleSet:
    """The rules of their rows, whatever their order.

    The version names the newest day on which one takes effect, and the hash of what they say.
    """
    rules = tuple(sorted(map(_rule, rows), key=lambda rule: rule.rule_id))
    newest = max(rule.effective_from for rule in rules)
    return RuleSet(_version(_RULES_LABEL, newest, map(rule_row, rules)), newest, rules)


def register(rows: Iterable[Row]) -> Register:
    """The register of its rows, whatever their order; its version is made as that of the rules."""
    destinations = tuple(
        sorted(map(_destination, rows), key=lambda each: (each.country, each.effective_from))
    )
    newest = max(destination.effective_from for destination in destinations)
    version = _version(_DESTINATIONS_LABEL, newest, map(destination_row, destinations))
    return Register(version, newest, destinations)


def rule_row(rule: DestinationRule) -> dict[str, str]:
    """The row of a rule, the same for every way of writing it."""
    return {
        "rule_id": rule.rule_id,
        "destination": rule.destination,
        "end_user_kinds": SEPARATOR.join(sorted(rule.end_user_kinds)),
        "end_use_purposes": SEPARATOR.join(sorted(rule.end_use_purposes)),
        "catch_all_limbs": SEPARATOR.join(sorted(rule.catch_all_limbs)),
        "knowledge": SEPARATOR.join(sorted(rule.knowledge)),
        "verdict": rule.verdict.name,
        "verdict_if_unknown": rule.verdict_if_unknown.name if rule.verdict_if_unknown else "",
        "demands": SEPARATOR.join(sorted(rule.demands)),
        **_source(rule.source),
        "effective_from": rule.effective_from.isoformat(),
        "effective_to": _text(rule.effective_to),
        "suspended_from": _text(rule.suspended_from),
        "suspended_to": _text(rule.suspended_to),
        "confidence": rule.confidence.value,
        "enabled": "yes" if rule.enabled else "no",
        "text_zh": rule.text_zh,
        "text_en": rule.text_en,
    }


def destination_row(destination: Destination) -> dict[str, str]:
    """The row of a destination, the same for every way of writing it."""
    return {
        "country": destination.country,
        "grade": destination.grade.value,
        "demands": SEPARATOR.join(sorted(destination.demands)),
        **_source(destination.source),
        "effective_from": destination.effective_from.isoformat(),
        "effective_to": _text(destination.effective_to),
        "confidence": destination.confidence.value,
        "reason_zh": destination.reason_zh,
        "reason_en": destination.reason_en,
    }


def _version(label: str, newest: date, rows: Iterable[Row]) -> str:
    canonical = json.dumps(list(rows), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(canonical.encode()).hexdigest()[:12]
    return f"{label} {newest.isoformat()} sha256:{digest}"


def _source(source: LegalSource) -> dict[str, str]:
    return {"instrument": source.instrument, "article": source.article, "url": source.url}


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


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
        demands=tuple(sorted(_words(Demand, row["demands"]))),
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
        demands=tuple(sorted(_words(Demand, row["demands"]))),
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
