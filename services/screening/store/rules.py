"""Queries over the versions of the rules and of the register of destinations, and which of them count."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Row, Table, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

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
from services.screening.store.rule_tables import (
    destination_grade,
    destination_register_version,
    destination_rule,
    rule_set_version,
    rules_activation,
)

# Columns that hold an attribute of the same name as it is.
_OF_RULE = (
    "rule_id",
    "destination",
    "effective_from",
    "effective_to",
    "suspended_from",
    "suspended_to",
    "enabled",
    "text_zh",
    "text_en",
)
_OF_DESTINATION = ("country", "effective_from", "effective_to", "reason_zh", "reason_en")


class Kind(StrEnum):
    """What versions are kept of."""

    RULES = "RULES"
    DESTINATIONS = "DESTINATIONS"


def add_rules(connection: Connection, rules: RuleSet, now: datetime) -> bool:
    """Adds a version with its rules; False where that version is there already. It does not count yet."""
    rows = [_rule_values(rule, rules.version, at) for at, rule in enumerate(rules.rules)]
    version = {"rule_set_version": rules.version, "newest": rules.newest, "loaded_at": now}
    return _add(connection, rule_set_version, version, destination_rule, rows)


def add_destinations(connection: Connection, register: Register, now: datetime) -> bool:
    """Adds a version of the register; False where that version is there already. It does not count yet."""
    rows = [
        _destination_values(destination, register.version, at)
        for at, destination in enumerate(register.destinations)
    ]
    version = {
        "destination_register_version": register.version,
        "newest": register.newest,
        "loaded_at": now,
    }
    return _add(connection, destination_register_version, version, destination_grade, rows)


def _add(
    connection: Connection,
    versions: Table,
    version: Mapping[str, Any],
    contents: Table,
    rows: Sequence[Mapping[str, Any]],
) -> bool:
    added = connection.execute(
        insert_or_nothing(versions)
        .values(**version)
        .on_conflict_do_nothing()
        .returning(*versions.primary_key)
    ).first()
    if added is None:
        return False
    if rows:
        connection.execute(insert(contents), rows)
    return True


def activate(
    connection: Connection, kind: Kind, version: str, now: datetime, proposal_id: UUID | None = None
) -> None:
    """Makes a version that is there the one that counts; without a proposal it came with the program."""
    connection.execute(
        insert(rules_activation).values(
            kind=kind.value, version=version, proposal_id=proposal_id, activated_at=now
        )
    )


def activated_versions(connection: Connection, kind: Kind) -> frozenset[str]:
    """Every version that counts or once counted."""
    columns = rules_activation.c
    return frozenset(connection.execute(select(columns.version).where(columns.kind == kind.value)).scalars())


def current_rules(connection: Connection) -> str | None:
    """The version of the rules that was activated last; None where none is loaded."""
    return _current(connection, Kind.RULES)


def current_destinations(connection: Connection) -> str | None:
    """The version of the register that was activated last; None where none is loaded."""
    return _current(connection, Kind.DESTINATIONS)


def _current(connection: Connection, kind: Kind) -> str | None:
    columns = rules_activation.c
    return connection.execute(
        select(columns.version).where(columns.kind == kind.value).order_by(columns.activation.desc()).limit(1)
    ).scalar()


def has_rules(connection: Connection, version: str) -> bool:
    """Whether there is such a version of the rules, current or not."""
    columns = rule_set_version.c
    found = select(columns.rule_set_version).where(columns.rule_set_version == version)
    return connection.execute(found).first() is not None


def has_destinations(connection: Connection, version: str) -> bool:
    """Whether there is such a version of the register, current or not."""
    columns = destination_register_version.c
    found = select(columns.destination_register_version).where(
        columns.destination_register_version == version
    )
    return connection.execute(found).first() is not None


def read_rules(connection: Connection, version: str) -> RuleSet:
    """A version with its rules in order."""
    known = rule_set_version.c
    newest, rows = _read(connection, known.newest, known.rule_set_version, destination_rule, version)
    return RuleSet(version, newest, tuple(map(_rule, rows)))


def read_destinations(connection: Connection, version: str) -> Register:
    """A version of the register in order."""
    known = destination_register_version.c
    newest, rows = _read(
        connection, known.newest, known.destination_register_version, destination_grade, version
    )
    return Register(version, newest, tuple(map(_destination, rows)))


def _read(
    connection: Connection, newest: Column[date], name: Column[str], table: Table, version: str
) -> tuple[date, Sequence[Row[Any]]]:
    """The newest day of a version, and the rows that a table holds of it, in order."""
    day = connection.execute(select(newest).where(name == version)).scalar_one()
    of_version = select(table).where(table.c[name.name] == version).order_by(table.c.position)
    return day, connection.execute(of_version).all()


def _rule_values(rule: DestinationRule, version: str, position: int) -> dict[str, Any]:
    return {
        **_values(rule, _OF_RULE),
        **_source_values(rule.source),
        "rule_set_version": version,
        "position": position,
        "end_user_kinds": sorted(rule.end_user_kinds),
        "end_use_purposes": sorted(rule.end_use_purposes),
        "catch_all_limbs": sorted(rule.catch_all_limbs),
        "knowledge": sorted(rule.knowledge),
        "verdict": rule.verdict.name,
        "verdict_if_unknown": rule.verdict_if_unknown.name if rule.verdict_if_unknown else None,
        "demands": list(rule.demands),
        "confidence": rule.confidence.value,
    }


def _rule(row: Row[Any]) -> DestinationRule:
    return DestinationRule(
        **_attributes(row, _OF_RULE),
        end_user_kinds=frozenset(EndUserKind(kind) for kind in row.end_user_kinds),
        end_use_purposes=frozenset(EndUsePurpose(purpose) for purpose in row.end_use_purposes),
        catch_all_limbs=frozenset(CatchAllLimb(limb) for limb in row.catch_all_limbs),
        knowledge=frozenset(StateOfKnowledge(state) for state in row.knowledge),
        verdict=Verdict[row.verdict],
        verdict_if_unknown=Verdict[row.verdict_if_unknown] if row.verdict_if_unknown else None,
        demands=tuple(Demand(demand) for demand in row.demands),
        source=LegalSource(row.instrument, row.article, row.url),
        confidence=Confidence(row.confidence),
    )


def _destination_values(destination: Destination, version: str, position: int) -> dict[str, Any]:
    return {
        **_values(destination, _OF_DESTINATION),
        **_source_values(destination.source),
        "destination_register_version": version,
        "position": position,
        "grade": destination.grade.value,
        "demands": list(destination.demands),
        "confidence": destination.confidence.value,
    }


def _destination(row: Row[Any]) -> Destination:
    return Destination(
        **_attributes(row, _OF_DESTINATION),
        grade=Grade(row.grade),
        demands=tuple(Demand(demand) for demand in row.demands),
        source=LegalSource(row.instrument, row.article, row.url),
        confidence=Confidence(row.confidence),
    )


def _source_values(source: LegalSource) -> dict[str, str]:
    return {"instrument": source.instrument, "article": source.article, "url": source.url}


def _values(thing: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _attributes(row: Row[Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
