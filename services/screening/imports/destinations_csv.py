"""The documented template of the register of destinations: CSV in UTF-8.

A file states every grade whole. What it leaves out ends; nothing is removed. Columns: see `DESTINATION_COLUMNS`;
a country may stand there several times with periods that do not overlap.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy import Connection

from services.foundation.database import UnitOfWork
from services.foundation.file_faults import Faults
from services.screening.domain.destinations import Grade
from services.screening.domain.proposal_changes import ended
from services.screening.domain.rules import Confidence, Demand
from services.screening.imports.importer import Context, Proposed, Row
from services.screening.imports.rules_csv import period, source, word
from services.screening.imports.table import Line, read_table
from services.screening.rule_rows import DESTINATION_COLUMNS, SEPARATOR, destination_row, register
from services.screening.store import rules as store

# Later than every day of law: the end of a period that has none.
_OPEN: Final = "9999-12-31"


class DestinationsImporter:
    """The register as proposals change it. `countries` are the codes that a destination can have."""

    def __init__(self, countries: Collection[str]) -> None:
        self._countries = countries

    def read(self, file: BinaryIO, context: Context) -> Sequence[Row]:
        """The grades that a file states. Errors: INVALID_ARGUMENT naming every line and column at fault."""
        faults = Faults()
        seen: dict[str, list[tuple[int, str, str]]] = {}
        stated = [
            self._row(line, seen)
            for line in read_table(file, DESTINATION_COLUMNS, DESTINATION_COLUMNS, faults)
        ]
        faults.settle()
        return stated

    def key(self, row: Row) -> str:
        """The country with the day from which its grade counts."""
        return f"{row['country']} {row['effective_from']}"

    def current_version(self, connection: Connection, list_code: str) -> str:
        """The version of the register that counts; empty where there is none."""
        return store.current_destinations(connection) or ""

    def rows(self, connection: Connection, version: str) -> Sequence[Row]:
        """Every grade of a version."""
        return [destination_row(each) for each in store.read_destinations(connection, version).destinations]

    def merged(self, before: Row | None, stated: Row) -> Row:
        """The grade as stated: a file says all of it."""
        return stated

    def left_out(self, row: Row, last_day: date) -> Row:
        """The grade ends with `last_day`; one that was to begin later never does."""
        return ended(row, last_day, date.fromisoformat(row["effective_from"]) - timedelta(days=1))

    def version_of(self, proposed: Proposed, rows: Sequence[Row]) -> str:
        """The version that the grades are, whatever their order."""
        return register(rows).version

    def activate(self, work: UnitOfWork, proposed: Proposed, rows: Sequence[Row]) -> str:
        """Adds the version, makes it the one that counts, and returns it."""
        added = register(rows)
        store.add_destinations(work.connection, added, work.call.now)
        store.activate(
            work.connection,
            store.Kind.DESTINATIONS,
            added.version,
            work.call.now,
            UUID(proposed.proposal_id),
        )
        return added.version

    def _row(self, line: Line, seen: dict[str, list[tuple[int, str, str]]]) -> Row:
        country = line.needed("country")
        if country and country not in self._countries:
            line.fault("country", "IMPORT_COUNTRY_UNKNOWN", value=country)
        row = {
            "country": country,
            "grade": word(line, "grade", [grade.value for grade in Grade]),
            "demands": SEPARATOR.join(sorted(line.words("demands", [each.value for each in Demand]))),
            **source(line),
            **period(line, "effective_from", "effective_to", needed=True),
            "confidence": word(line, "confidence", [each.value for each in Confidence]),
            "reason_zh": line.needed("reason_zh", 2000),
            "reason_en": line.needed("reason_en", 2000),
        }
        _without_overlap(line, row, seen.setdefault(country, []))
        return {column: row[column] for column in DESTINATION_COLUMNS}


def _without_overlap(line: Line, row: dict[str, str], known: list[tuple[int, str, str]]) -> None:
    """A country has one grade on a day."""
    begins, ends = row["effective_from"], row["effective_to"] or _OPEN
    if not begins:
        return
    for number, first, last in known:
        if begins <= last and first <= ends:
            line.fault("effective_from", "IMPORT_GRADES_OVERLAP", value=row["country"], other=str(number))
    known.append((line.number, begins, ends))
