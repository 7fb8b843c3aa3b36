"""What the proposals of every kind of data need to know of it: parties, rules, destinations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Protocol

from sqlalchemy import Connection

from services.foundation.database import UnitOfWork

# One row as JSON: an entry, a rule, a destination. Equal rows say the same.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that is being activated: by whom it was proposed, and on what it stands.

    `definition` says what the list is, in values of JSON; it is empty for data that are no list.
    """

    proposal_id: str
    list_code: str
    read_on: date
    definition: Mapping[str, Any]
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Context:
    """What a file of parties is read against; of no concern to rules and destinations.

    `definition` says what the list is, in values of JSON (see `PartyList.definition`). `entries` are the codes of
    all lists with the ids of their current entries, which a holder may be one of.
    """

    definition: Mapping[str, Any]
    entries: frozenset[tuple[str, str]] = frozenset()


class Importer(Protocol):
    """One format of files and the data it changes."""

    def read(self, file: BinaryIO, context: Context) -> Sequence[Row]:
        """The rows that a file states. Errors: INVALID_ARGUMENT naming every line and column at fault."""
        ...

    def key(self, row: Row) -> str:
        """What tells a row from the others of its version."""
        ...

    def current_version(self, connection: Connection, list_code: str) -> str:
        """The version that counts; empty where there is none."""
        ...

    def rows(self, connection: Connection, version: str) -> Sequence[Row]:
        """Every row of a version, whole."""
        ...

    def merged(self, before: Row | None, stated: Row) -> Row:
        """The whole row that results where a file states one over what stands now, if anything does."""
        ...

    def left_out(self, row: Row, last_day: date) -> Row:
        """The row as it is where a file leaves it out: it ends with `last_day`; it is not removed."""
        ...

    def version_of(self, proposed: Proposed, rows: Sequence[Row]) -> str:
        """The version that the rows are, whatever their order."""
        ...

    def activate(self, work: UnitOfWork, proposed: Proposed, rows: Sequence[Row]) -> str:
        """Adds the version, makes it the one that counts, and returns it. The proposal records the event."""
        ...
