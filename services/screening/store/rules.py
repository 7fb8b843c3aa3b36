"""Queries over the versions of the destination rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from services.screening.domain.lists import LegalSource, Verdict
from services.screening.domain.rules import DestinationRule, EndUsePurpose, EndUserKind, RuleSet
from services.screening.store.tables import destination_rule, rule_set_version


def add_rules(connection: Connection, rules: RuleSet, now: datetime) -> bool:
    """Adds a version with its rules; False where that version is there already."""
    added = connection.execute(
        insert_or_nothing(rule_set_version)
        .values(rule_set_version=rules.version, newest=rules.newest, loaded_at=now)
        .on_conflict_do_nothing()
        .returning(rule_set_version.c.rule_set_version)
    ).first()
    if added is None:
        return False
    connection.execute(
        insert(destination_rule), [_values(rule, rules.version, at) for at, rule in enumerate(rules.rules)]
    )
    return True


def current_rules(connection: Connection) -> str | None:
    """The version whose newest rule is newest, among those the one loaded last; None where none is loaded."""
    columns = rule_set_version.c
    return connection.execute(
        select(columns.rule_set_version).order_by(columns.newest.desc(), columns.sequence.desc()).limit(1)
    ).scalar()


def read_rules(connection: Connection, version: str) -> RuleSet:
    """A version with its rules in order."""
    columns = rule_set_version.c
    newest = connection.execute(
        select(columns.newest).where(columns.rule_set_version == version)
    ).scalar_one()
    rows = connection.execute(
        select(destination_rule)
        .where(destination_rule.c.rule_set_version == version)
        .order_by(destination_rule.c.position)
    )
    return RuleSet(version, newest, tuple(_rule(row) for row in rows))


def _values(rule: DestinationRule, version: str, position: int) -> dict[str, Any]:
    return {
        "rule_set_version": version,
        "position": position,
        "rule_id": rule.rule_id,
        "destination": rule.destination,
        "end_user_kinds": sorted(rule.end_user_kinds),
        "end_use_purposes": sorted(rule.end_use_purposes),
        "verdict": rule.verdict.name,
        "verdict_if_unknown": rule.verdict_if_unknown.name if rule.verdict_if_unknown else None,
        "instrument": rule.source.instrument,
        "article": rule.source.article,
        "url": rule.source.url,
        "effective_from": rule.effective_from,
        "effective_to": rule.effective_to,
        "confidence": rule.confidence,
        "text_zh": rule.text_zh,
        "text_en": rule.text_en,
    }


def _rule(row: Row[Any]) -> DestinationRule:
    return DestinationRule(
        rule_id=row.rule_id,
        destination=row.destination,
        end_user_kinds=frozenset(EndUserKind(kind) for kind in row.end_user_kinds),
        end_use_purposes=frozenset(EndUsePurpose(purpose) for purpose in row.end_use_purposes),
        verdict=Verdict[row.verdict],
        verdict_if_unknown=Verdict[row.verdict_if_unknown] if row.verdict_if_unknown else None,
        source=LegalSource(row.instrument, row.article, row.url),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        confidence=row.confidence,
        text_zh=row.text_zh,
        text_en=row.text_en,
    )
