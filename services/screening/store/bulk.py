"""Many rows at once: one statement with one document, which the database takes apart.

Measured with 20,000 entries it costs a fraction of what one parameter set for each row does.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, text


def add_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Adds rows; each has a value for every column of the table."""
    document = json.dumps(list(rows), ensure_ascii=False, default=_text)
    name = connection.dialect.identifier_preparer.format_table(table)
    connection.execute(
        # The name is that of a table of ours.
        text(
            f"INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, CAST(:rows AS json))"  # noqa: S608
        ),
        {"rows": document},
    )


def _text(value: object) -> str:
    match value:
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            raise TypeError(f"no JSON of {value!r}")
