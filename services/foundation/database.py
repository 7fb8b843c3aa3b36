"""The database of a service and its unit of work: one transaction, one caller, one instant."""

import copy
import hashlib
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, Self, TypeVar

import psycopg
import sqlalchemy
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from services.foundation.errors import ErrorCode, XukeError, unavailable
from services.foundation.ledger import Kick, Ledger, LedgerEvent, Subject
from services.foundation.principal import Call, Principal

POOL_SIZE = 8
# A transaction that idles would hold back the horizon of every feed (see `ledger`).
_SESSION = "-c idle_in_transaction_session_timeout=10000 -c statement_timeout=15000 -c lock_timeout=8000"

_ENTER = (
    "SELECT set_config('xuke.role', %s, true), set_config('xuke.organisation', %s, true),"
    " set_config('xuke.province', %s, true), set_config('xuke.agency', %s, true),"
    " set_config('xuke.subject', %s, true)"
)


class Message(Protocol):
    """What idempotency needs of a protobuf message."""

    def SerializeToString(self, *, deterministic: bool = ...) -> bytes:  # noqa: N802
        """Wire bytes."""
        ...

    @classmethod
    def FromString(cls, data: bytes, /) -> Self:  # noqa: N802
        """Message of wire bytes."""
        ...


Answer = TypeVar("Answer", bound=Message)


class UnitOfWork:
    """One transaction on behalf of one caller. Nothing is visible to others before it commits."""

    def __init__(self, connection: Connection, call: Call, ledger: Ledger) -> None:
        self.connection = connection
        self.call = call
        self._ledger = ledger

    def record(
        self, subject: Subject, action: str, payload: Mapping[str, object], kick: Kick | None = None
    ) -> int:
        """Appends an event to the ledger of a subject; see `Ledger.append`."""
        return self._ledger.append(self.connection, self.call, subject, action, payload, kick)

    def events(self, subject: Subject, after: int = 0) -> list[LedgerEvent]:
        """Events of a subject after a sequence, in order."""
        return self._ledger.events(self.connection, subject, after)

    def events_of_many(self, kind: str, identifiers: Collection[str]) -> dict[str, list[LedgerEvent]]:
        """Events of several subjects of one kind by their ids, each in order."""
        return self._ledger.events_of_many(self.connection, kind, identifiers)

    def once(
        self,
        request_id: str,
        request: Message,
        answer_type: type[Answer],
        act: Callable[[], Answer],
    ) -> Answer:
        """Runs `act` at most once per caller and request id (AIP-155); a repetition gets the first answer.

        Two calls at the same time wait for each other on the key. The same id with another request is
        refused with ABORTED, REQUEST_ID_REUSED.
        """
        table = self._ledger.answered_request
        key = {"actor_subject": self.call.principal.subject, "request_id": uuid.UUID(request_id)}
        fingerprint = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
        claimed = self.connection.execute(
            insert(table)
            .values(**key, method=self.call.method, fingerprint=fingerprint, answered_at=self.call.now)
            .on_conflict_do_nothing()
            .returning(table.c.request_id)
        ).first()
        mine = (table.c.actor_subject == key["actor_subject"]) & (table.c.request_id == key["request_id"])
        if claimed is None:
            first = self.connection.execute(sqlalchemy.select(table).where(mine)).one()
            if (first.method, bytes(first.fingerprint)) != (self.call.method, fingerprint):
                raise XukeError(ErrorCode.ABORTED, "REQUEST_ID_REUSED", {"request_id": request_id})
            return answer_type.FromString(bytes(first.answer))
        answer = act()
        self.connection.execute(
            sqlalchemy.update(table).where(mine).values(answer=answer.SerializeToString())
        )
        return answer


def _admit_all(work: UnitOfWork) -> None:
    """Every caller whom the permission table admits may begin."""


def gave_way(error: BaseException | None) -> bool:
    """Whether the database itself ended a statement in favour of others, so that nothing was changed.

    True for the timeouts of locks, statements and idle transactions, deadlocks and conflicts (SQLSTATE 55P03, 57014,
    25P03, class 40).
    """
    return isinstance(
        error,
        psycopg.errors.LockNotAvailable
        | psycopg.errors.QueryCanceled
        | psycopg.errors.IdleInTransactionSessionTimeout
        | psycopg.errors.TransactionRollback,
    )


def _commit(connection: Connection) -> None:
    """Commits. A connection that is lost meanwhile leaves the outcome unknown, and the error says so."""
    try:
        connection.commit()
    except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError) as error:
        if gave_way(error.orig):
            raise
        raise unavailable("COMMIT_UNCERTAIN") from error


class Database:
    """The connections of one service to its own database, as a role that owns no table."""

    def __init__(self, url: str, ledger: Ledger, pool_size: int = POOL_SIZE) -> None:
        self.ledger = ledger
        self._admit: Callable[[UnitOfWork], None] = _admit_all
        self.engine = sqlalchemy.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            connect_args={"options": _SESSION, "connect_timeout": 5},
        )

    def guarded(self, admit: Callable[[UnitOfWork], None]) -> "Database":
        """The same connections, where every transaction first passes `admit`, which may refuse its caller."""
        guarded = copy.copy(self)
        guarded._admit = admit
        return guarded

    @contextmanager
    def begin(self, call: Call) -> Iterator[UnitOfWork]:
        """A transaction that commits at the end of the block and rolls back on any error.

        Row-level security sees the caller's subject, role, organisation, province and agency. Errors:
        UNAVAILABLE with DATABASE_UNAVAILABLE while the database cannot be reached, DATABASE_BUSY when a lock,
        a statement or a connection was not to be had in time or the transaction idled for too long,
        COMMIT_UNCERTAIN when the connection was lost during the commit. Only after the last may something have been changed.
        """
        try:
            with self._connect(call.principal) as connection:
                work = UnitOfWork(connection, call, self.ledger)
                self._admit(work)
                yield work
                _commit(connection)
        except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError) as error:
            raise unavailable("DATABASE_BUSY" if gave_way(error.orig) else "DATABASE_UNAVAILABLE") from error
        except sqlalchemy.exc.InternalError as error:
            # What the driver calls the end of a transaction that idled.
            if not gave_way(error.orig):
                raise
            raise unavailable("DATABASE_BUSY") from error
        except sqlalchemy.exc.TimeoutError as error:
            raise unavailable("DATABASE_BUSY") from error

    def _connect(self, principal: Principal) -> Connection:
        """A connection whose transaction has begun in the name of the caller.

        A pooled connection that died meanwhile shows at this first statement. The pool is then renewed, and
        the second attempt gets a new connection.
        """
        try:
            return self._enter(principal)
        except sqlalchemy.exc.DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return self._enter(principal)

    def _enter(self, principal: Principal) -> Connection:
        connection = self.engine.connect()
        try:
            connection.exec_driver_sql(
                _ENTER,
                (
                    principal.role.value,
                    principal.organisation,
                    principal.province,
                    principal.agency,
                    principal.subject,
                ),
            )
        except BaseException:
            connection.close()
            raise
        return connection

    def dispose(self) -> None:
        """Closes every connection."""
        self.engine.dispose()
