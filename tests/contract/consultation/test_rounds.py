"""Rounds: opening, waiting, closing; and what the procedure pulls."""

import threading
import uuid
from datetime import timedelta

import pytest
from xuke.consultation.v1 import consultation_pb2 as messages

from services.foundation.errors import ErrorCode
from tests.conftest import superuser_connection
from tests.contract.consultation.conftest import DUE, Platform, new_task, opinion
from tests.contract.consultation.refusals import refusal
from tests.support.identity import AGENCY_REVIEWER, MINISTRY_DIRECTOR, MINISTRY_OFFICER, OTHER_AGENCY
from tests.support.services import request_id


def test_opening_the_same_round_again_returns_it(platform: Platform) -> None:
    first = platform.open_round(new_task("SASTIND"), new_task("MFA", mandatory=False, due_at=None))
    again = platform.open_round(new_task("CAEA"), application_id=first.application_id)
    assert again == first
    assert [(task.agency, task.mandatory, task.HasField("due_at")) for task in first.tasks] == [
        ("SASTIND", True, True),
        ("MFA", False, False),
    ]
    second = platform.open_round(application_id=first.application_id, round_number=2)
    answer = platform.people(MINISTRY_OFFICER).ListRounds(
        messages.ListRoundsRequest(application_id=first.application_id)
    )
    assert list(answer.rounds) == [first, second]


def test_unknown_and_repeated_agencies_are_named(platform: Platform) -> None:
    error = refusal(lambda: platform.open_round(new_task("MFA"), new_task("FBI"), new_task("MFA")))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(each.field, each.reason) for each in error.violations] == [
        ("tasks[1].agency", "UNKNOWN_AGENCY"),
        ("tasks[2].agency", "AGENCY_REPEATED"),
    ]


def test_a_round_without_agencies_closes_at_once_and_says_why(platform: Platform) -> None:
    round_ = platform.open_round()
    assert round_.state == messages.ROUND_STATE_CLOSED
    assert (round_.consolidation, round_.consolidation_reason) == (
        messages.CONSOLIDATION_NO_OPINION,
        "NO_AGENCY_CONSULTED",
    )
    assert platform.close(round_) == round_
    assert platform.events(round_) == [(1, "ROUND_OPENED", "OPEN"), (2, "ROUND_CLOSED", "CLOSED")]


def test_silence_is_not_consent(platform: Platform) -> None:
    round_ = platform.open_round(new_task("SASTIND"), new_task("CMC-EDD"), new_task("MFA", mandatory=False))
    platform.clock.instant = DUE + timedelta(days=30)
    overdue = [platform.expire(task) for task in round_.tasks]
    assert {task.state for task in overdue} == {messages.TASK_STATE_OVERDUE}
    error = refusal(lambda: platform.close(round_))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "MANDATORY_OPINIONS_MISSING")
    assert error.metadata["agencies"] == "SASTIND CMC-EDD"
    platform.answer(overdue[0], opinion(etag=overdue[0].etag))
    not_competent = platform.answer(overdue[1], opinion(messages.OPINION_NOT_COMPETENT), OTHER_AGENCY)
    assert refusal(lambda: platform.close(round_)).metadata["agencies"] == "CMC-EDD"
    platform.people(MINISTRY_DIRECTOR).WaiveTask(
        messages.WaiveTaskRequest(
            request_id=request_id(), task_id=not_competent.task_id, etag=not_competent.etag, reason="agreed"
        )
    )
    closed = platform.close(round_)
    assert closed.consolidation == messages.CONSOLIDATION_FAVOURABLE
    assert [task.state for task in closed.tasks] == [
        messages.TASK_STATE_ANSWERED,
        messages.TASK_STATE_WAIVED,
        messages.TASK_STATE_CLOSED_UNANSWERED,
    ]
    assert platform.close(round_) == closed


@pytest.mark.parametrize(
    ("words", "consolidation"),
    [
        ((messages.OPINION_APPROVE, messages.OPINION_REFUSE), messages.CONSOLIDATION_ADVERSE),
        (
            (messages.OPINION_APPROVE_WITH_CONDITIONS, messages.OPINION_APPROVE),
            messages.CONSOLIDATION_FAVOURABLE_WITH_CONDITIONS,
        ),
        ((messages.OPINION_NO_OBJECTION, messages.OPINION_NOT_COMPETENT), messages.CONSOLIDATION_FAVOURABLE),
    ],
)
def test_the_truth_table_closes_the_round(
    platform: Platform,
    words: tuple[messages.Opinion.ValueType, messages.Opinion.ValueType],
    consolidation: messages.Consolidation.ValueType,
) -> None:
    round_ = platform.open_round(new_task("SASTIND"), new_task("CMC-EDD", mandatory=False))
    for task, word, who in zip(round_.tasks, words, (AGENCY_REVIEWER, OTHER_AGENCY), strict=True):
        conditions = ["Report"] if word == messages.OPINION_APPROVE_WITH_CONDITIONS else []
        platform.answer(task, opinion(word, *conditions), who)
    assert platform.close(round_).consolidation == consolidation


def test_a_closed_round_stays_as_it_is(platform: Platform) -> None:
    round_ = platform.open_round(new_task())
    task = platform.answer(round_.tasks[0], opinion(messages.OPINION_APPROVE_WITH_CONDITIONS, "Report"))
    closed = platform.close(round_)
    late = refusal(lambda: platform.answer(task, opinion(messages.OPINION_REFUSE, etag=task.etag)))
    assert (late.code, late.reason) == (ErrorCode.FAILED_PRECONDITION, "ROUND_CLOSED")
    condition = task.conditions[0]
    request = messages.AmendConditionRequest(
        request_id=request_id(),
        condition_id=condition.condition_id,
        etag=condition.etag,
        lift=True,
        reason="x",
    )
    assert refusal(lambda: platform.people(AGENCY_REVIEWER).AmendCondition(request)).reason == "ROUND_CLOSED"
    get = messages.GetRoundRequest(round_id=round_.round_id)
    assert platform.people(MINISTRY_OFFICER).GetRound(get) == closed


def test_an_abandoned_round_has_no_result_and_asks_nobody_any_more(platform: Platform) -> None:
    round_ = platform.open_round(new_task("SASTIND"), new_task("MFA"), new_task("CMC-EDD"), new_task("CAEA"))
    opened, late, answered, waived = round_.tasks
    given = platform.answer(answered, opinion(), OTHER_AGENCY)
    platform.people(MINISTRY_DIRECTOR).WaiveTask(
        messages.WaiveTaskRequest(
            request_id=request_id(), task_id=waived.task_id, etag=waived.etag, reason="agreed"
        )
    )
    platform.clock.instant = DUE
    assert platform.expire(late).state == messages.TASK_STATE_OVERDUE
    abandoned = platform.abandon(round_)
    assert (abandoned.state, abandoned.consolidation, abandoned.consolidation_reason) == (
        messages.ROUND_STATE_CLOSED,
        messages.CONSOLIDATION_UNSPECIFIED,
        "APPLICATION_WITHDRAWN",
    )
    assert abandoned.HasField("closed_at")
    assert [task.state for task in abandoned.tasks] == [
        messages.TASK_STATE_CLOSED_UNANSWERED,
        messages.TASK_STATE_CLOSED_UNANSWERED,
        messages.TASK_STATE_ANSWERED,
        messages.TASK_STATE_WAIVED,
    ]
    assert abandoned.tasks[2] == given
    assert platform.events(round_)[-1][1:] == ("ROUND_ABANDONED", "CLOSED")
    # Whatever is asked afterwards changes nothing.
    assert platform.abandon(round_) == abandoned
    assert platform.close(round_) == abandoned
    error = refusal(lambda: platform.answer(opened, opinion(etag=opened.etag)))
    assert error.reason == "ROUND_CLOSED"


def test_a_round_that_closed_with_a_result_keeps_it(platform: Platform) -> None:
    round_ = platform.open_round(new_task())
    platform.answer(round_.tasks[0], opinion())
    closed = platform.close(round_)
    assert platform.abandon(round_) == closed


def test_expiry_waits_for_the_due_time_and_is_asked_again(platform: Platform) -> None:
    task = platform.open_round(new_task()).tasks[0]
    request = messages.ExpireTaskRequest(request_id=request_id(), task_id=task.task_id)
    platform.clock.instant = DUE - timedelta(microseconds=1)
    assert platform.procedure.ExpireTask(request) == task
    platform.clock.instant = DUE
    assert platform.procedure.ExpireTask(request).state == messages.TASK_STATE_OVERDUE
    assert platform.procedure.ExpireTask(request).state == messages.TASK_STATE_OVERDUE


def test_a_task_without_due_time_never_expires(platform: Platform) -> None:
    task = platform.open_round(new_task(due_at=None)).tasks[0]
    platform.clock.instant = DUE + timedelta(days=3650)
    assert platform.expire(task).state == messages.TASK_STATE_OPEN


def test_an_opinion_that_was_first_is_not_overdue(platform: Platform) -> None:
    round_ = platform.open_round(new_task())
    answered = platform.answer(round_.tasks[0], opinion())
    platform.clock.instant = DUE + timedelta(days=1)
    assert platform.expire(round_.tasks[0]) == answered
    assert [action for _, action, _ in platform.events(round_)] == ["ROUND_OPENED", "OPINION_SUBMITTED"]


def test_opinion_and_expiry_at_the_same_time(platform: Platform) -> None:
    """Whoever commits first wins; in either order the opinion counts and the ledger tells which it was."""
    platform.clock.instant = DUE
    for _ in range(8):
        round_ = platform.open_round(new_task())
        task, start = round_.tasks[0], threading.Barrier(2)
        results: dict[str, messages.Task] = {}

        def answer(
            task: messages.Task = task,
            start: threading.Barrier = start,
            results: dict[str, messages.Task] = results,
        ) -> None:
            start.wait()
            results["answer"] = platform.answer(task, opinion(etag=task.etag))

        def expire(
            task: messages.Task = task,
            start: threading.Barrier = start,
            results: dict[str, messages.Task] = results,
        ) -> None:
            start.wait()
            results["expire"] = platform.expire(task)

        threads = [threading.Thread(target=act) for act in (answer, expire)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results["answer"].state == messages.TASK_STATE_ANSWERED
        actions = [action for _, action, _ in platform.events(round_)]
        if results["expire"].state == messages.TASK_STATE_OVERDUE:
            assert actions == ["ROUND_OPENED", "TASK_OVERDUE", "OPINION_SUBMITTED"]
        else:
            assert actions == ["ROUND_OPENED", "OPINION_SUBMITTED"]
        assert platform.expire(task).state == messages.TASK_STATE_ANSWERED


def test_expiry_that_holds_the_lock_first_lets_the_opinion_follow(platform: Platform) -> None:
    """The other order, forced: an open transaction holds the application while the opinion waits for it."""
    round_ = platform.open_round(new_task())
    task = round_.tasks[0]
    with superuser_connection(platform.database) as connection:
        connection.autocommit = False
        connection.execute(
            "SELECT FROM consultation WHERE application_id = %s FOR UPDATE", (round_.application_id,)
        )
        connection.execute("UPDATE task SET state = 'OVERDUE' WHERE task_id = %s", (task.task_id,))
        results: list[messages.Task] = []
        waiting = threading.Thread(
            target=lambda: results.append(platform.answer(task, opinion(etag=task.etag)))
        )
        waiting.start()
        with superuser_connection(platform.database) as watcher:
            while not watcher.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ).fetchone()[0]:  # type: ignore[index]
                assert waiting.is_alive()
        connection.commit()
    waiting.join()
    assert results[0].state == messages.TASK_STATE_ANSWERED


def test_reminders_are_counted_once_each_and_spare_the_etag(platform: Platform) -> None:
    round_ = platform.open_round(new_task())
    task = round_.tasks[0]
    request = messages.RecordTaskReminderRequest(request_id=request_id(), task_id=task.task_id)
    assert platform.procedure.RecordTaskReminder(request).reminders_sent == 1
    assert platform.procedure.RecordTaskReminder(request).reminders_sent == 1
    request.request_id = request_id()
    reminded = platform.procedure.RecordTaskReminder(request)
    assert (reminded.reminders_sent, reminded.etag) == (2, task.etag)
    platform.answer(task, opinion(etag=task.etag))
    request.request_id = request_id()
    assert platform.procedure.RecordTaskReminder(request).reminders_sent == 2


def test_events_are_gap_free_and_carry_ids_and_words_only(platform: Platform) -> None:
    round_ = platform.open_round(new_task("SASTIND"))
    platform.answer(round_.tasks[0], opinion(messages.OPINION_APPROVE_WITH_CONDITIONS, "Report"))
    platform.close(round_)
    platform.open_round(application_id=round_.application_id, round_number=2)
    answer = platform.procedure.ListEvents(
        messages.ListEventsRequest(application_id=round_.application_id, after_sequence=1)
    )
    assert [(event.sequence, event.action) for event in answer.events] == [
        (2, "OPINION_SUBMITTED"),
        (3, "ROUND_CLOSED"),
        (4, "ROUND_OPENED"),
        (5, "ROUND_CLOSED"),
    ]
    opinion_event, closed_event = answer.events[0], answer.events[1]
    assert dict(opinion_event.references) == {
        "round_id": round_.round_id,
        "task_id": round_.tasks[0].task_id,
        "agency": "SASTIND",
        "task_state": "ANSWERED",
        "opinion": "APPROVE_WITH_CONDITIONS",
    }
    assert (opinion_event.actor_role, opinion_event.state) == ("agency_reviewer", "OPEN")
    assert closed_event.references["consolidation"] == "FAVOURABLE_WITH_CONDITIONS"


def test_every_event_kicks_the_procedure_of_its_application(platform: Platform) -> None:
    round_ = platform.open_round(new_task())
    platform.answer(round_.tasks[0], opinion())
    with superuser_connection(platform.database) as connection:
        kicks = connection.execute(
            "SELECT workflow, source, sequence FROM outbox WHERE workflow_id = %s ORDER BY seq",
            (f"application/{round_.application_id}",),
        ).fetchall()
    assert kicks == [("ApplicationWorkflow", "consultation", 1), ("ApplicationWorkflow", "consultation", 2)]


def test_unknown_rounds_and_tasks_are_not_found(platform: Platform) -> None:
    nothing = str(uuid.uuid4())
    for call in (
        lambda: platform.close(messages.Round(round_id=nothing)),
        lambda: platform.abandon(messages.Round(round_id=nothing)),
        lambda: platform.expire(messages.Task(task_id=nothing)),
        lambda: platform.people(MINISTRY_OFFICER).GetRound(messages.GetRoundRequest(round_id=nothing)),
        lambda: platform.answer(messages.Task(task_id=nothing), opinion()),
    ):
        assert refusal(call).code is ErrorCode.NOT_FOUND
