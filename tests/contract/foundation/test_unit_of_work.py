"""One transaction: the fact, its event, its kick and its answer commit together or not at all."""

import threading
import uuid

import psycopg
import pytest
import sqlalchemy
from sqlalchemy import select, text
from xuke.audit.v1.audit_pb2 import Checkpoint, GetCheckpointRequest

from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.ledger import Kick, Subject
from services.licensing.store.metadata import ledger
from tests.support.identity import EXPORTER, OTHER_EXPORTER
from tests.support.services import call_of

SUBJECT = Subject("test", "1")
KICK = Kick("TestWorkflow", "test/1", "licensing")


@pytest.fixture
def database(service_database):
    database = Database(service_database("licensing").url, ledger)
    yield database
    database.dispose()


def begin(database: Database, principal=EXPORTER):
    return database.begin(call_of(principal))


def test_events_of_a_subject_are_numbered_without_gaps(database: Database) -> None:
    for state in ("A", "B"):
        with begin(database) as work:
            work.record(SUBJECT, "MOVE", {"state": state}, KICK)
    with begin(database) as work:
        work.record(Subject("test", "2"), "MOVE", {"state": "A"})
        events = work.events(SUBJECT)
        assert [(event.sequence, event.state, event.actor_subject) for event in events] == [
            (1, "A", EXPORTER.subject),
            (2, "B", EXPORTER.subject),
        ]
        assert [event.sequence for event in work.events(SUBJECT, after=1)] == [2]


def test_what_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), begin(database) as work:
        work.record(SUBJECT, "MOVE", {"state": "A"}, KICK)
        raise ZeroDivisionError
    with begin(database) as work:
        assert work.events(SUBJECT) == []
        assert work.connection.execute(select(ledger.outbox)).all() == []


def test_two_writers_without_a_lock_cannot_share_a_sequence(database: Database) -> None:
    failed: list[BaseException] = []

    def other() -> None:
        try:
            with begin(database) as second:
                second.record(SUBJECT, "MOVE", {"state": "B"})
        except sqlalchemy.exc.IntegrityError as error:
            failed.append(error)

    thread = threading.Thread(target=other)
    with begin(database) as first:
        first.record(SUBJECT, "MOVE", {"state": "A"})
        thread.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not first.connection.execute(waiting).scalar_one():
            thread.join(0.01)
    thread.join()
    assert len(failed) == 1


def test_a_repeated_request_gets_the_first_answer(database: Database) -> None:
    request, answers = GetCheckpointRequest(service="x"), iter((1, 2))
    number = str(uuid.uuid4())
    for _ in range(2):
        with begin(database) as work:
            answer = work.once(number, request, Checkpoint, lambda: Checkpoint(size=next(answers)))
            assert answer.size == 1


def test_two_at_once_act_once(database: Database) -> None:
    request, number, acted = GetCheckpointRequest(service="x"), str(uuid.uuid4()), []

    def act() -> Checkpoint:
        acted.append(1)
        return Checkpoint(size=len(acted))

    def run() -> None:
        with begin(database) as work:
            work.once(number, request, Checkpoint, act)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert acted == [1]


def test_a_request_id_is_for_one_request_and_one_caller(database: Database) -> None:
    number = str(uuid.uuid4())
    with begin(database) as work:
        work.once(number, GetCheckpointRequest(service="x"), Checkpoint, Checkpoint)
    with pytest.raises(XukeError) as refused, begin(database) as work:
        work.once(number, GetCheckpointRequest(service="y"), Checkpoint, Checkpoint)
    assert (refused.value.code, refused.value.reason) == (ErrorCode.ABORTED, "REQUEST_ID_REUSED")
    with begin(database, OTHER_EXPORTER) as work:
        answer = work.once(number, GetCheckpointRequest(service="y"), Checkpoint, lambda: Checkpoint(size=7))
    assert answer.size == 7


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET action = 'X'", "DELETE FROM audit_event"])
def test_a_service_can_neither_change_nor_delete_an_event(database: Database, statement: str) -> None:
    with begin(database) as work:
        work.record(SUBJECT, "MOVE", {"state": "A"})
    with pytest.raises(sqlalchemy.exc.ProgrammingError) as refused, begin(database) as work:
        work.connection.execute(text(statement))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_a_database_that_is_gone_is_unavailable() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none", ledger)
    with pytest.raises(XukeError) as refused, begin(database):
        pass
    assert refused.value.code is ErrorCode.UNAVAILABLE


def cut_at_commit(owner_url: str) -> None:
    """Lets the database end the connection of whoever commits an event, at the commit itself."""
    engine = sqlalchemy.create_engine(owner_url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as owner:
        owner.exec_driver_sql(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        owner.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON audit_event"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()"
        )


def test_a_connection_lost_during_the_commit_leaves_the_outcome_unknown(service_database) -> None:
    made = service_database("licensing")
    cut_at_commit(made.owner_url)
    database = Database(made.url, ledger)
    try:
        with pytest.raises(XukeError) as refused, begin(database) as work:
            work.record(SUBJECT, "MOVE", {"state": "A"})
    finally:
        database.dispose()
    assert (refused.value.code, refused.value.reason) == (ErrorCode.UNAVAILABLE, "COMMIT_UNCERTAIN")


def test_a_connection_lost_before_the_commit_changes_nothing(service_database) -> None:
    made = service_database("licensing")
    database = Database(made.url, ledger)
    try:
        with pytest.raises(XukeError) as refused, begin(database) as work:
            work.record(SUBJECT, "MOVE", {"state": "A"})
            process = work.connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            work.connection.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        assert refused.value.reason == "DATABASE_UNAVAILABLE"
        with begin(database) as work:
            assert work.events(SUBJECT) == []
    finally:
        database.dispose()


@pytest.mark.parametrize(
    ("setting", "statement"),
    [
        ("lock_timeout", "LOCK TABLE answered_request IN ROW EXCLUSIVE MODE"),
        ("statement_timeout", "SELECT pg_sleep(10)"),
    ],
)
def test_what_is_not_to_be_had_in_time_is_busy(service_database, setting: str, statement: str) -> None:
    made = service_database("licensing")
    database = Database(made.url, ledger)
    owner = sqlalchemy.create_engine(made.owner_url, poolclass=sqlalchemy.NullPool)
    try:
        with owner.begin() as other:
            other.exec_driver_sql("LOCK TABLE answered_request IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(XukeError) as refused, begin(database) as work:
                work.connection.execute(text(f"SET LOCAL {setting} = '50ms'"))
                work.connection.execute(text(statement))
    finally:
        database.dispose()
        owner.dispose()
    assert (refused.value.code, refused.value.reason) == (ErrorCode.UNAVAILABLE, "DATABASE_BUSY")
