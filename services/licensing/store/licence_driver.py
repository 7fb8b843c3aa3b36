"""The driver underneath, for the few statements of customs whose rate matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection

from services.foundation.database import gave_way
from services.foundation.errors import unavailable


@contextmanager
def driver_connection(connection: Connection) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """The psycopg connection of a transaction: the same transaction, without the cost of an SQL toolkit.

    Errors: UNAVAILABLE with DATABASE_UNAVAILABLE if the database is lost, DATABASE_BUSY if a lock is not to be
    had in time.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"not a connection of psycopg: {driver!r}")
    try:
        yield driver
    except psycopg.OperationalError as error:
        raise unavailable("DATABASE_BUSY" if gave_way(error) else "DATABASE_UNAVAILABLE") from error
