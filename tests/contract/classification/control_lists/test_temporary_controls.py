"""A temporary control is told of before its term ends, and by an alarm once it has."""

from datetime import UTC, date, datetime

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as messages

from services.classification.store import tasks
from services.classification.upkeep import Upkeep
from services.foundation.database import Database
from services.foundation.ledger import Subject
from tests.contract.classification.control_lists.cases import HEADER, NEW
from tests.contract.classification.lists import REGIME, Person
from tests.support import identity
from tests.support.services import SettableClock, call_of


def test_a_temporary_control_is_told_of_before_its_term_ends_and_on_day_731(
    editor: Person, second: Person, upkeep: Upkeep, database: Database, clock: SettableClock
) -> None:
    temporary = HEADER.replace("effective_from", "effective_from,effective_to,status")
    line = NEW.strip() + ",2028-10-30,TEMPORARY\n"
    second.activate(editor.bring_in(temporary + line))

    def state() -> tuple[int, int, int]:
        (found,) = editor.lists.ListTemporaryControls(messages.ListTemporaryControlsRequest()).controls
        assert (found.since, found.control_code) == ("2026-11-01", "3C909")
        return found.state, found.days_left, found.extensions

    def told() -> list[tuple[str, date, str]]:
        upkeep.run_once()
        with database.begin(call_of(identity.AUDITOR)) as work:
            return tasks.alarms(work.connection, REGIME)

    assert state() == (messages.TEMPORARY_CONTROL_STATE_RUNNING, 709, 0)
    assert told() == []
    # The term is 730 days; 90 days before its end the evaluation is due.
    clock.instant = datetime(2028, 8, 1, 16, 0, tzinfo=UTC)
    due = ("3C909", date(2028, 10, 30), "EVALUATION_DUE")
    assert state() == (messages.TEMPORARY_CONTROL_STATE_EVALUATION_DUE, 89, 0)
    assert told() == told() == [due]
    clock.instant = datetime(2028, 10, 30, 15, 59, tzinfo=UTC)
    assert told() == [due]
    assert editor.entry("3C909").status == cl.ENTRY_STATUS_TEMPORARY
    # Day 731 begins at midnight in Shanghai.
    clock.instant = datetime(2028, 10, 30, 16, 0, tzinfo=UTC)
    assert (date(2028, 10, 31) - date(2026, 11, 1)).days == 730
    overdue = ("3C909", date(2028, 10, 30), "EVALUATION_OVERDUE")
    assert state() == (messages.TEMPORARY_CONTROL_STATE_EVALUATION_OVERDUE, -1, 0)
    assert told() == [due, overdue]
    assert editor.entry("3C909").status == cl.ENTRY_STATUS_UNCONFIRMED
    with database.begin(call_of(identity.AUDITOR)) as work:
        events = work.events(Subject("temporary_control", f"{REGIME}/3C909"))
    assert [event.action for event in events] == [
        "TEMPORARY_CONTROL_EVALUATION_DUE",
        "TEMPORARY_CONTROL_EVALUATION_OVERDUE",
    ]
    extended = editor.state("3C909", cl.ENTRY_STATUS_TEMPORARY, "2028-10-31", "2030-10-30")
    second.activate(extended)
    assert state() == (messages.TEMPORARY_CONTROL_STATE_RUNNING, 729, 1)
