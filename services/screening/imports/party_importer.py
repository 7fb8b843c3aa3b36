"""The lists of parties, as proposals change them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import Connection

from services.foundation.database import UnitOfWork
from services.screening.domain.lists import version_of
from services.screening.imports.importer import Context, Proposed, Row
from services.screening.imports.parties import left_out, merged, read_parties
from services.screening.imports.united_nations import read_united_nations
from services.screening.store import lists
from services.screening.store.list_contents import read_contents

Read = Callable[[BinaryIO, Context], Sequence[Row]]


class PartyImporter:
    """Lists of parties, from files of one format."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def read(self, file: BinaryIO, context: Context) -> Sequence[Row]:
        """The entries that a file states."""
        return self._read(file, context)

    def key(self, row: Row) -> str:
        """The id of the entry."""
        return str(row["entry_id"])

    def current_version(self, connection: Connection, list_code: str) -> str:
        """The version of the list that counts; empty where there is none."""
        return lists.current_version(connection, list_code) or ""

    def rows(self, connection: Connection, version: str) -> Sequence[Row]:
        """Every entry of a version."""
        return read_contents(connection, version)

    def merged(self, before: Row | None, stated: Row) -> Row:
        """The entry where one is stated over what the list says of it."""
        return merged(before, stated)

    def left_out(self, row: Row, last_day: date) -> Row:
        """The entry as it is where a file leaves it out."""
        return left_out(row, last_day)

    def version_of(self, proposed: Proposed, rows: Sequence[Row]) -> str:
        """The version that the definition and the entries give."""
        return version_of(proposed.definition, rows)

    def activate(self, work: UnitOfWork, proposed: Proposed, rows: Sequence[Row]) -> str:
        """Adds the version of the list and makes it the one that counts."""
        version = version_of(proposed.definition, rows)
        lists.add_version(work.connection, version, proposed.definition, rows)
        lists.add_activation(
            work.connection,
            proposed.list_code,
            version,
            work.call.now,
            UUID(proposed.proposal_id),
            proposed.proposed_by,
            work.call.principal.subject,
        )
        return version


def parties_csv(countries: Collection[str]) -> PartyImporter:
    """Lists of parties in the documented template."""
    return PartyImporter(lambda file, context: read_parties(file, countries, context))


def united_nations_xml(country_names: Mapping[str, str]) -> PartyImporter:
    """The consolidated list of the Security Council; `country_names` are codes by name, in lower case."""
    return PartyImporter(lambda file, context: read_united_nations(file, country_names, context))
