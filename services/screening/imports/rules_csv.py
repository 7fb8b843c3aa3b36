"""The documented template of rules on destinations, end users and end uses: CSV in UTF-8.

A file states every rule whole. What it leaves out ends; nothing is removed. Columns: see `RULE_COLUMNS`; several
words in one cell are separated by semicolons.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy import Connection

from services.foundation.database import UnitOfWork
from services.foundation.file_faults import Faults
from services.screening.domain.lists import Verdict
from services.screening.domain.proposal_changes import ended
from services.screening.domain.rules import (
    ANY_DESTINATION,
    CatchAllLimb,
    Confidence,
    Demand,
    EndUsePurpose,
    EndUserKind,
    StateOfKnowledge,
)
from services.screening.imports.importer import Context, Proposed, Row
from services.screening.imports.table import Line, read_table
from services.screening.rule_rows import RULE_COLUMNS, SEPARATOR, rule_row, rule_set
from services.screening.store import rules as store

_NAME: Final = re.compile(r"[A-Z][A-Z0-9-]{1,59}")
_URL: Final = re.compile(r"https?://[^\s\"'<>]+")
_WORDS: Final = (
    ("end_user_kinds", EndUserKind),
    ("end_use_purposes", EndUsePurpose),
    ("catch_all_limbs", CatchAllLimb),
    ("knowledge", StateOfKnowledge),
    ("demands", Demand),
)


class RulesImporter:
    """Rules as proposals change them. `countries` are the codes that a destination can have."""

    def __init__(self, countries: Collection[str]) -> None:
        self._countries = countries

    def read(self, file: BinaryIO, context: Context) -> Sequence[Row]:
        """The rules that a file states. Errors: INVALID_ARGUMENT naming every line and column at fault."""
        faults = Faults()
        seen: dict[str, int] = {}
        stated = [self._row(line, seen) for line in read_table(file, RULE_COLUMNS, RULE_COLUMNS, faults)]
        faults.settle()
        return stated

    def key(self, row: Row) -> str:
        """The id of the rule."""
        return str(row["rule_id"])

    def current_version(self, connection: Connection, list_code: str) -> str:
        """The version of the rules that counts; empty where there is none."""
        return store.current_rules(connection) or ""

    def rows(self, connection: Connection, version: str) -> Sequence[Row]:
        """Every rule of a version."""
        return [rule_row(rule) for rule in store.read_rules(connection, version).rules]

    def merged(self, before: Row | None, stated: Row) -> Row:
        """The rule as stated: a file says all of it."""
        return stated

    def left_out(self, row: Row, last_day: date) -> Row:
        """The rule ends with `last_day`; one that was to begin later never does."""
        return ended(row, last_day, date.fromisoformat(row["effective_from"]) - timedelta(days=1))

    def version_of(self, proposed: Proposed, rows: Sequence[Row]) -> str:
        """The version that the rules are, whatever their order."""
        return rule_set(rows).version

    def activate(self, work: UnitOfWork, proposed: Proposed, rows: Sequence[Row]) -> str:
        """Adds the version, makes it the one that counts, and returns it."""
        rules = rule_set(rows)
        store.add_rules(work.connection, rules, work.call.now)
        store.activate(
            work.connection, store.Kind.RULES, rules.version, work.call.now, UUID(proposed.proposal_id)
        )
        return rules.version

    def _row(self, line: Line, seen: dict[str, int]) -> Row:
        verdicts = [verdict.name for verdict in Verdict]
        row = {
            "rule_id": _name(line, seen),
            "destination": _destination(line, self._countries),
            "verdict": line.word("verdict", verdicts) if line.needed("verdict") else "",
            "verdict_if_unknown": line.word("verdict_if_unknown", verdicts),
            **source(line),
            **period(line, "effective_from", "effective_to", needed=True),
            **period(line, "suspended_from", "suspended_to"),
            "confidence": word(line, "confidence", [each.value for each in Confidence]),
            "enabled": word(line, "enabled", ("yes", "no")),
            "text_zh": line.needed("text_zh", 2000),
            "text_en": line.needed("text_en", 2000),
        }
        for column, words in _WORDS:
            row[column] = SEPARATOR.join(sorted(line.words(column, [each.value for each in words])))
        _sense(line, row)
        return {column: row[column] for column in RULE_COLUMNS}


def word(line: Line, column: str, words: Collection[str]) -> str:
    """One of the words, which has to be there."""
    return line.word(column, words) if line.needed(column) else ""


def source(line: Line) -> dict[str, str]:
    """Instrument, article and address: nothing binds without the first two."""
    url = line.text("url", 2000)
    if url and not _URL.fullmatch(url):
        line.fault("url", "IMPORT_URL_INVALID", value=url)
    return {"instrument": line.needed("instrument"), "article": line.needed("article"), "url": url}


def period(line: Line, first: str, last: str, *, needed: bool = False) -> dict[str, str]:
    """A first and a last day of law."""
    begins = line.needed_day(first) if needed else line.day(first)
    ends = line.day(last)
    if ends and not line.text(first):
        line.fault(last, "IMPORT_DAY_WITHOUT_BEGIN", other=first)
    elif ends and begins and ends < begins:
        line.fault(last, "IMPORT_DAYS_REVERSED", other=first)
    return {first: begins, last: ends}


def _name(line: Line, seen: dict[str, int]) -> str:
    rule_id = line.needed("rule_id", 60)
    if rule_id and not _NAME.fullmatch(rule_id):
        line.fault("rule_id", "IMPORT_RULE_NAME_INVALID", value=rule_id)
    if rule_id in seen:
        line.fault("rule_id", "IMPORT_ENTRY_TWICE", value=rule_id, other=str(seen[rule_id]))
    elif rule_id:
        seen[rule_id] = line.number
    return rule_id


def _destination(line: Line, countries: Collection[str]) -> str:
    destination = line.needed("destination")
    if destination and destination != ANY_DESTINATION and destination not in countries:
        line.fault("destination", "IMPORT_DESTINATION_UNKNOWN", value=destination)
    return destination


def _sense(line: Line, row: dict[str, str]) -> None:
    """What each value says alone is in order, and together they say nothing, or what must not be."""
    if bool(row["catch_all_limbs"]) != bool(row["knowledge"]):
        column = "knowledge" if row["catch_all_limbs"] else "catch_all_limbs"
        line.fault(column, "IMPORT_KNOWLEDGE_INCOMPLETE")
    conditions = ("end_user_kinds", "end_use_purposes", "catch_all_limbs")
    if row["destination"] == ANY_DESTINATION and not any(row[name] for name in conditions):
        line.fault("destination", "IMPORT_RULE_WITHOUT_CONDITION")
    if row["confidence"] == Confidence.LOW.value and row["enabled"] == "yes":
        line.fault("enabled", "IMPORT_UNCERTAIN_ENABLED")
