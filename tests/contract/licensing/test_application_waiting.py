"""Fail closed: an application whose checks or whose licence wait for a service says so, and reviewers read why."""

from datetime import timedelta

import pytest
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.errors import ErrorCode
from tests.conftest import superuser_connection
from tests.contract.licensing.application_world import World, refusal, world
from tests.contract.licensing.test_rescreening import CLEAR, PROHIBITED, record, rescreened
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]

STALE, AWAY = "SCREENING_LIST_STALE", "SERVICE_UNREACHABLE"


def wait(
    world: World, application_id: str, reason: str = STALE, submission_number: int = 1, request: str = ""
) -> messages.Position:
    return world.procedure.RecordWaiting(
        messages.RecordWaitingRequest(
            request_id=request or request_id(),
            application_id=application_id,
            submission_number=submission_number,
            reason=reason,
        )
    )


def approved(world: World) -> str:
    """An application whose grant is countersigned; its checks had to wait too, at the time."""
    application_id = world.submitted().application_id
    wait(world, application_id, AWAY)
    world.checks(application_id)
    world.forward(application_id)
    world.accept(application_id)
    world.consult(application_id)
    world.close_round(application_id)
    world.propose(application_id)
    world.countersign(application_id)
    return application_id


def kicks(world: World, application_id: str) -> int:
    with superuser_connection(world.database) as connection:
        found = connection.execute(
            "SELECT count(*) FROM outbox WHERE workflow_id = %s", (f"application/{application_id}",)
        ).fetchone()
    assert found is not None
    return int(found[0])


def open_sequence(world: World, application_id: str) -> int:
    listed = world.procedure.ListOpenSubjects(messages.ListOpenSubjectsRequest()).subjects
    return next(each.sequence for each in listed if each.id == application_id)


def test_the_case_names_the_reason_until_its_checks_are_done(world: World) -> None:
    application_id = world.submitted().application_id
    before = world.case(application_id)
    assert before.waiting_reason == ""
    position = wait(world, application_id)
    assert position.state == messages.APPLICATION_STATE_SUBMITTED
    case = world.case(application_id)
    assert (case.state, case.waiting_reason) == (messages.APPLICATION_STATE_SUBMITTED, STALE)
    assert (case.history[-1].action, dict(case.history[-1].details)) == (
        "wait",
        {"submission_number": "1", "reason": STALE},
    )
    assert case.etag == before.etag
    world.checks(application_id)
    assert world.case(application_id).waiting_reason == ""


def test_the_same_reason_is_recorded_once_and_a_returning_one_again(world: World) -> None:
    application_id = world.submitted().application_id
    same = request_id()
    first = wait(world, application_id, STALE, request=same).sequence
    assert wait(world, application_id, STALE).sequence == first
    assert wait(world, application_id, AWAY).sequence == first + 1
    # A retry of the procedure carries the id of the first attempt, and what it says is news again.
    assert wait(world, application_id, STALE, request=same).sequence == first + 2
    assert world.case(application_id).waiting_reason == STALE


def test_waiting_wakes_nobody(world: World) -> None:
    """Neither by a kick nor by the reconciliation: the procedure that says it goes on trying by itself."""
    application_id = world.submitted().application_id
    before = kicks(world, application_id), open_sequence(world, application_id)
    wait(world, application_id)
    assert (kicks(world, application_id), open_sequence(world, application_id)) == before


def test_the_reason_is_that_of_the_present_submission(world: World) -> None:
    application_id = world.submitted().application_id
    wait(world, application_id)
    world.checks(application_id)
    world.request_supplement(application_id, identity.PROVINCIAL_OFFICER, messages.Deficiency(code="OTHER"))
    world.supplement(application_id)
    assert world.case(application_id).waiting_reason == ""
    error = refusal(lambda: wait(world, application_id, AWAY, submission_number=1))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "SUBMISSION_SUPERSEDED")
    wait(world, application_id, AWAY, submission_number=2)
    assert world.case(application_id).waiting_reason == AWAY


def test_an_approved_application_names_the_reason_until_its_licence_is_issued(world: World) -> None:
    application_id = approved(world)
    before = world.case(application_id)
    assert (before.state, before.waiting_reason) == (messages.APPLICATION_STATE_APPROVED, "")
    woken = kicks(world, application_id), open_sequence(world, application_id)
    position = wait(world, application_id)
    # Only what people or the record hold keeps the procedure from trying.
    assert (position.state, position.issue_held_because) == (messages.APPLICATION_STATE_APPROVED, "")
    wait(world, application_id)
    case = world.case(application_id)
    assert (case.waiting_reason, case.etag) == (STALE, before.etag)
    assert [entry.details["reason"] for entry in case.history if entry.action == "wait"] == [AWAY, STALE]
    assert (kicks(world, application_id), open_sequence(world, application_id)) == woken
    # The applicant reads what everybody reads whose licence is being prepared.
    assert world.get(application_id).status.state == messages.PUBLIC_STATE_APPROVED
    assert STALE not in str(world.get(application_id))

    request = messages.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    world.procedure.IssueLicence(request)
    assert world.case(application_id).waiting_reason == ""
    error = refusal(lambda: wait(world, application_id))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "ACTION_NOT_ALLOWED")


def test_a_later_screening_ends_the_waiting_and_what_it_finds_holds_the_licence_instead(world: World) -> None:
    application_id = approved(world)
    wait(world, application_id)
    record(world, application_id, rescreened(world, PROHIBITED, open_hits=1))
    assert world.case(application_id).waiting_reason == ""
    assert world.position(application_id).issue_held_because == "SCREENING_HITS_OPEN"
    error = refusal(lambda: wait(world, application_id))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "SCREENING_HITS_OPEN")

    record(world, application_id, rescreened(world, CLEAR, after=timedelta(seconds=1)))
    wait(world, application_id)
    assert world.case(application_id).waiting_reason == STALE


def test_a_grant_that_was_taken_back_does_not_wait_for_what_the_earlier_one_waited_for(world: World) -> None:
    application_id = approved(world)
    wait(world, application_id)
    record(world, application_id, rescreened(world, PROHIBITED))
    world.countersign(application_id, identity.MINISTRY_DIRECTOR, agree=False)
    record(world, application_id, rescreened(world, CLEAR, after=timedelta(seconds=1)))
    error = refusal(lambda: wait(world, application_id))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "ACTION_NOT_ALLOWED")
    world.propose(application_id)
    world.countersign(application_id)
    case = world.case(application_id)
    assert (case.state, case.waiting_reason) == (messages.APPLICATION_STATE_APPROVED, "")


def test_only_what_the_procedure_has_to_ask_about_waits(world: World) -> None:
    withdrawn = world.submitted().application_id
    world.withdraw(withdrawn)
    for application_id in (withdrawn, world.at_province()):
        error = refusal(lambda application_id=application_id: wait(world, application_id))
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "ACTION_NOT_ALLOWED")
        assert world.case(application_id).waiting_reason == ""


@pytest.mark.parametrize("reason", ["", "the lists of 某公司 are old", "A" * 101])
def test_a_reason_is_a_word_and_never_prose(world: World, reason: str) -> None:
    application_id = world.submitted().application_id
    error = refusal(lambda: wait(world, application_id, reason))
    assert [violation.field for violation in error.violations] == ["reason"]
