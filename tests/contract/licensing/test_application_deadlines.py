"""Deadlines: computed, reminded of, passed; whoever commits first wins; the clock from the ledger."""

import uuid
from datetime import UTC, datetime, timedelta

from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.errors import XukeError
from services.foundation.principal import Principal
from tests.contract.licensing.application_world import World, refusal, world
from tests.contract.licensing.test_application_decision import at_the_same_time
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]


def deadline(world: World, application_id: str, kind: str) -> messages.Deadline:
    return next(each for each in world.position(application_id).deadlines if each.kind == kind)


def of_case(world: World, application_id: str, kind: str) -> messages.Deadline:
    return [each for each in world.case(application_id).deadlines if each.kind == kind][-1]


def test_nothing_expires_before_its_time(world: World) -> None:
    application_id = world.at_province()
    due = deadline(world, application_id, "provincial_review")
    world.clock.instant = due.due_at.ToDatetime(UTC) - timedelta(microseconds=1)
    before = world.position(application_id).sequence
    assert world.expire(application_id, due.deadline_id).sequence == before
    assert of_case(world, application_id, "provincial_review").state == messages.DEADLINE_STATE_OPEN


def test_a_passed_review_is_escalated_once(world: World) -> None:
    application_id = world.at_province()
    due = deadline(world, application_id, "provincial_review")
    # Twenty working days after Monday 2 March end as 30 March ends in China.
    assert due.due_at.ToDatetime(UTC) == datetime(2026, 3, 30, 16, tzinfo=UTC)
    world.clock.instant = due.due_at.ToDatetime(UTC)
    first = world.expire(application_id, due.deadline_id)
    assert world.expire(application_id, due.deadline_id).sequence == first.sequence
    assert first.state == messages.APPLICATION_STATE_PROVINCIAL_REVIEW
    request = messages.ListEscalationsRequest()
    listed = world.reviewer(identity.PROVINCIAL_OFFICER).ListEscalations(request).escalations
    assert [(each.application_id, each.queue, each.deadline_kind) for each in listed] == [
        (application_id, "province:32", "provincial_review")
    ]
    assert not world.reviewer(identity.OTHER_PROVINCE).ListEscalations(request).escalations
    assert len(world.reviewer(identity.MINISTRY_DIRECTOR).ListEscalations(request).escalations) == 1
    # Late is late, and still to be done.
    assert world.forward(application_id).state == messages.APPLICATION_STATE_MINISTRY_INTAKE
    assert of_case(world, application_id, "provincial_review").state == messages.DEADLINE_STATE_EXPIRED


def escalated(world: World, who: Principal) -> list[tuple[str, str, str]]:
    listed = world.reviewer(who).ListEscalations(messages.ListEscalationsRequest()).escalations
    return [(each.application_id, each.deadline_kind, each.queue) for each in listed]


def test_a_passed_review_that_is_done_with_is_supervised_no_more(world: World) -> None:
    application_id, other = world.at_province(), world.at_province()
    for each in (application_id, other):
        due = deadline(world, each, "provincial_review")
        world.clock.instant = due.due_at.ToDatetime(UTC)
        world.expire(each, due.deadline_id)
    assert len(escalated(world, identity.PROVINCIAL_OFFICER)) == 2
    world.forward(application_id)
    still = [(other, "provincial_review", "province:32")]
    assert escalated(world, identity.PROVINCIAL_OFFICER) == still
    assert escalated(world, identity.MINISTRY_DIRECTOR) == still


def test_a_review_that_began_anew_is_supervised_only_when_it_passes_again(world: World) -> None:
    application_id = world.at_province()
    first = deadline(world, application_id, "provincial_review")
    world.clock.instant = first.due_at.ToDatetime(UTC)
    world.expire(application_id, first.deadline_id)
    world.request_supplement(application_id, identity.PROVINCIAL_OFFICER, messages.Deficiency(code="OTHER"))
    # The exporter has the case now.
    assert not escalated(world, identity.PROVINCIAL_OFFICER)
    world.supplement(application_id)
    world.checks(application_id, submission_number=2)
    second = deadline(world, application_id, "provincial_review")
    assert second.deadline_id != first.deadline_id
    assert not escalated(world, identity.PROVINCIAL_OFFICER)
    world.clock.instant = second.due_at.ToDatetime(UTC)
    world.expire(application_id, second.deadline_id)
    assert len(escalated(world, identity.PROVINCIAL_OFFICER)) == 1


def test_after_five_working_days_no_supplement_can_be_asked(world: World) -> None:
    application_id = world.at_province()
    due = deadline(world, application_id, "provincial_supplement_notice")
    assert due.due_at.ToDatetime(UTC) == datetime(2026, 3, 9, 16, tzinfo=UTC)
    world.clock.instant = due.due_at.ToDatetime(UTC)
    world.expire(application_id, due.deadline_id)
    deficiency = messages.Deficiency(code="OTHER")
    error = refusal(lambda: world.request_supplement(application_id, identity.PROVINCIAL_OFFICER, deficiency))
    assert error.reason == "SUPPLEMENT_WINDOW_CLOSED"


def test_what_has_passed_is_owed_until_it_is_done(world: World) -> None:
    application_id = world.at_province()
    due = deadline(world, application_id, "provincial_review")
    assert not of_case(world, application_id, "provincial_review").still_owed
    world.clock.instant = due.due_at.ToDatetime(UTC)
    world.expire(application_id, due.deadline_id)
    assert of_case(world, application_id, "provincial_review").still_owed
    # Nothing can be done any more about a window that has closed.
    window = of_case(world, application_id, "provincial_supplement_notice")
    world.expire(application_id, window.deadline_id)
    assert (
        of_case(world, application_id, "provincial_supplement_notice").state
        == messages.DEADLINE_STATE_EXPIRED
    )
    assert not of_case(world, application_id, "provincial_supplement_notice").still_owed
    world.forward(application_id)
    assert not of_case(world, application_id, "provincial_review").still_owed


def test_silence_at_intake_is_acceptance_as_of_receipt(world: World) -> None:
    application_id = world.at_intake()
    due = deadline(world, application_id, "ministry_intake")
    world.clock.instant = due.due_at.ToDatetime(UTC) + timedelta(days=3)
    position = world.expire(application_id, due.deadline_id)
    assert position.state == messages.APPLICATION_STATE_ACCEPTED
    clock = world.case(application_id).clock
    assert clock.started_on == "2026-03-02"
    assert clock.counted_working_days == 9
    assert world.get(application_id).notices[-1].kind == "ACCEPTANCE"
    review = deadline(world, application_id, "ministry_review")
    # Forty-five working days after 2 March, with Qingming and Labour Day of 2026 off.
    assert (review.due_at.ToDatetime(UTC) - timedelta(seconds=1)).date().isoformat() == clock.due_date


def test_expiry_against_a_decision_has_one_winner(world: World) -> None:
    application_id = world.at_intake()
    due = deadline(world, application_id, "ministry_intake")
    world.clock.instant = due.due_at.ToDatetime(UTC)
    results = at_the_same_time(
        lambda: world.accept(application_id), lambda: world.expire(application_id, due.deadline_id)
    )
    # The expiry never fails: if the officer was first it changes nothing.
    assert not isinstance(results[1], XukeError)
    actions = [entry.action for entry in world.case(application_id).history]
    accepted = [action for action in actions if action in ("accept", "deem_accepted")]
    assert len(accepted) == 1
    if isinstance(results[0], XukeError):
        assert results[0].reason in ("STALE_ETAG", "ACTION_NOT_ALLOWED")
        assert accepted == ["deem_accepted"]
    else:
        assert accepted == ["accept"]
        state = of_case(world, application_id, "ministry_intake").state
        assert state == messages.DEADLINE_STATE_MET


def test_expiry_after_a_decision_changes_nothing(world: World) -> None:
    application_id = world.at_intake()
    due = deadline(world, application_id, "ministry_intake")
    world.clock.instant = due.due_at.ToDatetime(UTC) + timedelta(days=1)
    world.accept(application_id)
    before = world.position(application_id).sequence
    position = world.expire(application_id, due.deadline_id)
    assert (position.sequence, position.state) == (before, messages.APPLICATION_STATE_ACCEPTED)


def test_reminders_are_counted_by_their_number(world: World) -> None:
    application_id = world.at_province()
    due = deadline(world, application_id, "provincial_review")
    # Five and one working days before 30 March, at nine in China.
    assert [instant.ToDatetime(UTC) for instant in due.reminders_at] == [
        datetime(2026, 3, 23, 1, tzinfo=UTC),
        datetime(2026, 3, 27, 1, tzinfo=UTC),
    ]

    def remind(number: int) -> messages.Position:
        return world.procedure.RecordReminder(
            messages.RecordReminderRequest(
                request_id=request_id(),
                application_id=application_id,
                deadline_id=due.deadline_id,
                reminder_number=number,
            )
        )

    first = remind(1)
    assert remind(1).sequence == first.sequence
    assert remind(2).sequence == first.sequence + 1
    assert deadline(world, application_id, "provincial_review").reminders_sent == 2


def test_an_overdue_opinion_is_escalated_to_the_ministry_once(world: World) -> None:
    application_id, task_id = world.accepted(), str(uuid.uuid4())

    def overdue(task_id: str = task_id) -> messages.Position:
        return world.procedure.RecordOverdueOpinion(
            messages.RecordOverdueOpinionRequest(
                request_id=request_id(), application_id=application_id, task_id=task_id, agency="SASTIND"
            )
        )

    before = world.position(application_id).sequence
    assert overdue().sequence == before
    etag = world.consult(application_id).etag
    first = overdue()
    assert overdue().sequence == first.sequence
    owed = [(application_id, "agency_opinion/SASTIND", "ministry")]
    assert escalated(world, identity.MINISTRY_OFFICER) == owed
    assert not escalated(world, identity.PROVINCIAL_OFFICER)
    case = world.case(application_id)
    assert (case.history[-1].action, dict(case.history[-1].details)) == (
        "escalate_opinion",
        {"task_id": task_id, "agency": "SASTIND"},
    )
    # It changes nothing that an officer decides on.
    assert case.etag == etag
    world.withdraw(application_id)
    after = world.position(application_id).sequence
    assert overdue(str(uuid.uuid4())).sequence == after


def test_an_overdue_opinion_is_supervised_until_its_round_is_closed(world: World) -> None:
    application_id = world.accepted()

    def overdue(agency: str) -> None:
        world.procedure.RecordOverdueOpinion(
            messages.RecordOverdueOpinionRequest(
                request_id=request_id(),
                application_id=application_id,
                task_id=str(uuid.uuid4()),
                agency=agency,
            )
        )

    world.consult(application_id)
    overdue("SASTIND")
    assert len(escalated(world, identity.MINISTRY_DIRECTOR)) == 1
    world.close_round(application_id)
    assert not escalated(world, identity.MINISTRY_DIRECTOR)
    world.clock.advance(timedelta(hours=1))
    world.consult(application_id, ["MFA"])
    # What was late in the first round is not late in the second.
    assert not escalated(world, identity.MINISTRY_DIRECTOR)
    overdue("MFA")
    assert escalated(world, identity.MINISTRY_DIRECTOR) == [
        (application_id, "agency_opinion/MFA", "ministry")
    ]


def test_excluded_days_move_the_due_date(world: World) -> None:
    application_id = world.accepted()
    due_before = world.case(application_id).clock.due_date
    assert due_before == "2026-05-08"
    world.clock.advance(timedelta(days=1))
    clock = world.start_exclusion(application_id).clock
    assert (clock.state, clock.due_date) == (messages.CLOCK_STATE_PAUSED, "")
    assert "44" in clock.due_date_explanation.en
    position = world.position(application_id)
    assert not position.deadlines[0].HasField("due_at")
    assert position.HasField("recheck_at")
    world.clock.advance(timedelta(days=7))
    clock = world.end_exclusion(application_id).clock
    assert (clock.state, clock.counted_working_days, clock.excluded_working_days) == (
        messages.CLOCK_STATE_RUNNING,
        1,
        5,
    )
    # Saturday 9 May 2026 is worked in exchange for the Labour Day holiday.
    assert clock.due_date == "2026-05-14"
    assert clock.exclusions[0].working_days == 5
    assert deadline(world, application_id, "ministry_review").HasField("due_at")
    earlier = world.reviewer(identity.AUDITOR).GetClock(
        messages.GetClockRequest(application_id=application_id, as_of="2026-03-02")
    )
    assert (earlier.due_date, len(earlier.exclusions)) == ("2026-05-08", 0)
    bad = messages.GetClockRequest(application_id=application_id, as_of="2026-02-30")
    assert refusal(lambda: world.reviewer(identity.AUDITOR).GetClock(bad)).violations[0].field == "as_of"


def test_a_year_without_a_calendar_is_named_and_not_guessed(world: World) -> None:
    world.clock.instant = datetime(2026, 11, 21, 2, tzinfo=UTC)
    application_id = world.accepted()
    clock = world.case(application_id).clock
    assert clock.due_date == ""
    assert "2027" in clock.due_date_explanation.zh
    assert "2027" in clock.due_date_explanation.en
    position = world.position(application_id)
    assert not position.deadlines[0].HasField("due_at")
    # Shortly after midnight in China.
    assert position.recheck_at.ToDatetime(UTC) == datetime(2026, 11, 21, 16, 5, tzinfo=UTC)
    assert "2027" in world.get(application_id).status.due_date_explanation.en


def test_every_deadline_of_a_left_stage_is_met(world: World) -> None:
    application_id = world.accepted()
    states = {each.kind: each.state for each in world.case(application_id).deadlines}
    assert states == {
        "provincial_review": messages.DEADLINE_STATE_MET,
        "provincial_supplement_notice": messages.DEADLINE_STATE_MET,
        "ministry_intake": messages.DEADLINE_STATE_MET,
        "ministry_review": messages.DEADLINE_STATE_OPEN,
    }
