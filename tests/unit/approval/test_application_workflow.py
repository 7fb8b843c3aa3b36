from datetime import timedelta

import pytest

from services.approval.activities.calls import CALL_DEADLINE_SECONDS
from services.approval.domain.position import ApplicationState, DeadlineState, TaskState
from services.approval.domain.steps import (
    AbandonConsultationRound,
    CloseConsultationRound,
    ExpireAgencyTask,
    ExpireDeadline,
    IssueLicence,
    OpenConsultationRound,
    RecordReminder,
    RemindAgency,
    RunAutomaticChecks,
)
from services.foundation.temporal import SEQUENCE, STATE
from tests.unit.approval.conftest import Story, StoryOf, virtual_time
from tests.unit.approval.record import Asked, Record

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
REVIEW = ApplicationState.PROVINCIAL_REVIEW


async def submitted(told: Story) -> None:
    """The application is past the automatic checks and its workflow waits for people."""
    await told.kick(1)
    await told.until(lambda: told.record.application.state is REVIEW)


async def consulting(told: Story, *asked: Asked) -> None:
    """The round is open and its workflow waits for the agencies."""
    await submitted(told)
    await told.kick(told.record.start_consultation(*asked))
    await told.until(lambda: told.record.application.round is not None)
    await told.kick(told.record.application.consultation_sequence, "consultation")


async def test_the_checks_end_after_a_silence_of_their_worker_and_any_other_step_after_seconds(
    story: StoryOf,
) -> None:
    async with story(Record()) as told:
        await consulting(told, Asked("x"))
        history = await told.handle.fetch_history()
    limits = {
        scheduled.activity_type.name: (
            scheduled.start_to_close_timeout.ToTimedelta(),
            scheduled.heartbeat_timeout.ToTimedelta(),
        )
        for scheduled in (each.activity_task_scheduled_event_attributes for each in history.events)
        if scheduled.activity_type.name
    }
    most_items, seconds = 200, timedelta(seconds=1)
    whole, silence = limits["run_automatic_checks"]
    assert whole > most_items * CALL_DEADLINE_SECONDS * seconds
    # Between two signs of life lie two calls at most: one that hangs, and the one that tells why the case waits.
    assert 2 * CALL_DEADLINE_SECONDS * seconds < silence <= 10 * seconds
    assert limits["open_consultation_round"] == (5 * seconds, timedelta())


@pytest.mark.parametrize("cached_workflows", [500, 0])
async def test_from_submission_to_licence(story: StoryOf, cached_workflows: int) -> None:
    async with story(Record(), cached_workflows=cached_workflows) as told:
        await consulting(told, Asked("x"), Asked("y"), Asked("z", mandatory=False))
        for task in ("x", "y", "z"):
            await told.kick(told.record.answer(task), "consultation")
        await told.until(lambda: told.record.application.state is ApplicationState.READY_FOR_PROPOSAL)
        await told.kick(told.record.act(ApplicationState.PROPOSED))
        await told.kick(told.record.act(ApplicationState.APPROVED))
        assert await told.end("licence_settled" if cached_workflows else None) == "LICENSED"
        assert told.record.taken == [
            RunAutomaticChecks("a", 1),
            OpenConsultationRound("a", 1),
            CloseConsultationRound("a", "round-1"),
            IssueLicence("a"),
        ]
        attributes = (await told.handle.describe()).typed_search_attributes
        assert attributes.get(STATE) == "LICENSED"
        assert attributes.get(SEQUENCE) == told.record.application.sequence
        # The licence is looked at for as long as it lives.
        assert told.record.watched
        assert told.record.settled


async def test_a_licence_that_the_screening_holds_back_is_issued_once_it_is_freed(story: StoryOf) -> None:
    async with story(Record()) as told:
        await submitted(told)
        pulls = told.record.pulls
        await told.kick(told.record.act(ApplicationState.APPROVED, issue_held_because="SCREENING_HITS_OPEN"))
        await told.until(lambda: told.record.pulls > pulls)
        await told.until_idle()
        await told.pass_time(timedelta(days=3))
        assert "issue_licence" not in told.record.attempts
        await told.kick(told.record.act(ApplicationState.APPROVED, issue_held_because=""))
        assert await told.end("issue_held") == "LICENSED"
        assert told.record.taken == [RunAutomaticChecks("a", 1), IssueLicence("a")]


async def test_the_gate_refuses(story: StoryOf) -> None:
    async with story(Record(prohibited=True)) as told:
        await told.kick(1)
        assert await told.end("gate_refusal_unwatched") == "GATE_REFUSED"
        assert told.record.taken == [RunAutomaticChecks("a", 1)]
        assert not told.record.watched


async def test_each_submission_is_checked_and_the_supplement_waited_for(story: StoryOf) -> None:
    async with story(Record()) as told:
        await submitted(told)
        await told.kick(told.record.act(ApplicationState.SUPPLEMENT_REQUESTED))
        await told.pass_time(10 * DAY)
        assert told.record.application.state is ApplicationState.SUPPLEMENT_REQUESTED
        await told.kick(told.record.act(ApplicationState.SUBMITTED, submission_number=2))
        await told.until(lambda: told.record.application.state is REVIEW)
        await told.kick(told.record.act(ApplicationState.NOT_ACCEPTED))
        assert await told.end("supplement") == "NOT_ACCEPTED"
        assert told.record.taken == [RunAutomaticChecks("a", 1), RunAutomaticChecks("a", 2)]


async def test_reminders_then_expiry_at_the_instants_of_the_record(story: StoryOf) -> None:
    async with story(Record()) as told:
        await submitted(told)
        told.record.open_deadline(await told.now(), 8 * DAY, (5 * DAY, 7 * DAY))
        await told.kick(told.record.application.sequence)
        await told.pass_time(4 * DAY)
        assert told.record.taken[1:] == []
        await told.pass_time(2 * DAY)
        assert told.record.taken[1:] == [RecordReminder("a", "deadline-review", 1)]
        await told.pass_time(3 * DAY)
        assert told.record.taken[1:] == [
            RecordReminder("a", "deadline-review", 1),
            RecordReminder("a", "deadline-review", 2),
            ExpireDeadline("a", "deadline-review"),
        ]
        # Escalated, not decided: the case goes on waiting for a person.
        assert told.record.application.state is REVIEW
        await told.kick(told.record.act(ApplicationState.REFUSED))
        assert await told.end("reminders_and_expiry") == "REFUSED"


async def test_a_met_deadline_is_neither_reminded_of_nor_expired(story: StoryOf) -> None:
    async with story(Record()) as told:
        await submitted(told)
        told.record.open_deadline(await told.now(), 5 * DAY, (3 * DAY,))
        await told.kick(told.record.application.sequence)
        told.record.meet_deadlines()
        await told.kick(told.record.application.sequence)
        await told.pass_time(6 * DAY)
        assert told.record.taken == [RunAutomaticChecks("a", 1)]


async def test_a_decision_that_races_its_expiry_wins_if_it_commits_first(story: StoryOf) -> None:
    async with story(Record()) as told:
        await submitted(told)
        told.record.open_deadline(await told.now(), 5 * DAY)
        await told.kick(told.record.application.sequence)
        await told.until_idle()
        # The officer commits and the kick is lost: at the due time the workflow asks, and nothing happens.
        told.record.meet_deadlines()
        told.record.act(ApplicationState.MINISTRY_INTAKE)
        await told.pass_time(6 * DAY)
        assert told.record.taken == [RunAutomaticChecks("a", 1)]
        assert told.record.application.deadlines[0].state is DeadlineState.MET
        assert told.record.application.state is ApplicationState.MINISTRY_INTAKE


async def test_a_decision_that_commits_between_the_due_time_and_the_expiry_stands(story: StoryOf) -> None:
    record = Record()
    async with story(record) as told:
        await submitted(told)
        record.open_deadline(await told.now(), 5 * DAY)
        await told.kick(record.application.sequence)

        def decide() -> None:
            record.meet_deadlines()
            record.act(ApplicationState.MINISTRY_INTAKE)

        record.overtaking["expire_deadline"] = decide
        await told.pass_time(6 * DAY)
        assert record.attempts.count("expire_deadline") == 1
        assert record.taken == [RunAutomaticChecks("a", 1)]
        assert record.application.deadlines[0].state is DeadlineState.MET
        assert record.application.state is ApplicationState.MINISTRY_INTAKE
        await told.kick(record.act(ApplicationState.APPROVED))
        assert await told.end("overtaken_expiry") == "LICENSED"


async def test_a_withdrawal_that_overtakes_the_automatic_checks_stands(story: StoryOf) -> None:
    record = Record()
    record.overtaking["run_automatic_checks"] = lambda: _withdraw(record)
    async with story(record) as told:
        await told.kick(1)
        assert await told.end("superseded_step") == "WITHDRAWN"
        assert record.taken == []


def _withdraw(record: Record) -> None:
    record.act(ApplicationState.WITHDRAWN)


async def test_an_overdue_optional_agency_does_not_hold_the_round(story: StoryOf) -> None:
    async with story(Record()) as told:
        await consulting(told, Asked("x"), Asked("z", mandatory=False, due_in=8 * DAY))
        await told.kick(told.record.answer("x"), "consultation")
        await told.pass_time(9 * DAY)
        assert told.record.application.state is ApplicationState.READY_FOR_PROPOSAL
        assert told.record.taken[2:] == [
            RemindAgency("z", 1),
            RemindAgency("z", 2),
            ExpireAgencyTask("z"),
            CloseConsultationRound("a", "round-1"),
        ]
        await told.replay("optional_agency_overdue")


async def test_an_overdue_mandatory_agency_holds_the_round_until_it_answers_or_is_waived(
    story: StoryOf,
) -> None:
    async with story(Record()) as told:
        await consulting(told, Asked("x"), Asked("y", due_in=8 * DAY), Asked("z", due_in=2 * DAY))
        told.record.open_deadline(await told.now(), 10 * DAY)
        await told.kick(told.record.application.sequence)
        await told.kick(told.record.answer("x"), "consultation")
        await told.pass_time(11 * DAY)
        assert told.record.application.state is ApplicationState.IN_CONSULTATION
        assert ExpireAgencyTask("y") in told.record.taken
        assert ExpireAgencyTask("z") in told.record.taken
        # Silence is escalated to the supervisor with the stage and never becomes an opinion.
        assert ExpireDeadline("a", "deadline-review") in told.record.taken
        assert not any(isinstance(step, CloseConsultationRound) for step in told.record.taken)
        await told.kick(told.record.answer("y"), "consultation")
        await told.kick(told.record.answer("z", TaskState.WAIVED), "consultation")
        await told.until(lambda: told.record.application.state is ApplicationState.READY_FOR_PROPOSAL)
        await told.replay("mandatory_agency_overdue")


async def test_a_round_without_agencies_closes_at_once(story: StoryOf) -> None:
    async with story(Record()) as told:
        await consulting(told)
        await told.until(lambda: told.record.application.state is ApplicationState.READY_FOR_PROPOSAL)


async def test_a_second_round_after_the_first(story: StoryOf) -> None:
    async with story(Record()) as told:
        await consulting(told, Asked("x"))
        await told.kick(told.record.answer("x"), "consultation")
        await told.until(lambda: told.record.application.state is ApplicationState.READY_FOR_PROPOSAL)
        await told.kick(told.record.start_consultation(Asked("y")))
        await told.until(lambda: OpenConsultationRound("a", 2) in told.record.taken)
        await told.kick(told.record.answer("y"), "consultation")
        await told.until(lambda: CloseConsultationRound("a", "round-2") in told.record.taken)
        await told.replay("second_round")


async def test_withdrawal_in_the_middle_of_a_consultation_ends_it(story: StoryOf) -> None:
    async with story(Record()) as told:
        await consulting(told, Asked("x"), Asked("y"))
        await told.kick(told.record.answer("x"), "consultation")
        await told.kick(told.record.act(ApplicationState.WITHDRAWN))
        assert await told.end("withdrawal") == "WITHDRAWN"
        assert told.record.taken == [
            RunAutomaticChecks("a", 1),
            OpenConsultationRound("a", 1),
            AbandonConsultationRound("a", "round-1"),
        ]
        assert told.record.application.round is not None
        assert [task.state for task in told.record.application.round.tasks] == [
            TaskState.ANSWERED,
            TaskState.CLOSED_UNANSWERED,
        ]


async def test_a_withdrawn_application_ends_only_when_its_round_is_abandoned(story: StoryOf) -> None:
    async with story(Record(out_of_reach={"abandon_consultation_round"})) as told:
        await consulting(told, Asked("x"))
        await told.kick(told.record.act(ApplicationState.WITHDRAWN))
        await told.until(lambda: told.record.attempts.count("abandon_consultation_round") >= 3)
        told.record.out_of_reach.clear()
        assert await told.end("withdrawal_while_consultation_is_away") == "WITHDRAWN"
        assert told.record.taken[2:] == [AbandonConsultationRound("a", "round-1")]


async def test_a_kick_that_comes_late_to_a_concluded_application_ends_at_once(story: StoryOf) -> None:
    async with story(Record(prohibited=True)) as told:
        await told.kick(1)
        await told.end()
        await told.kick(2)
        assert await told.end("late_kick") == "GATE_REFUSED"
        assert told.record.taken == [RunAutomaticChecks("a", 1)]


async def test_duplicated_and_reordered_kicks_change_nothing(story: StoryOf) -> None:
    async with story(Record()) as told:
        for sequence in (1, 1, 2, 1):
            await told.kick(sequence)
        await told.until(lambda: told.record.application.state is REVIEW)
        last = told.record.start_consultation(Asked("x"))
        for sequence in (last, last - 1, last, 1):
            await told.kick(sequence)
        await told.until(lambda: told.record.application.round is not None)
        for _ in range(3):
            await told.kick(told.record.answer("x"), "consultation")
        await told.until(lambda: told.record.application.state is ApplicationState.READY_FOR_PROPOSAL)
        await told.until_idle()
        pulls = told.record.pulls
        for sequence in range(1, told.record.application.sequence + 1):
            await told.kick(sequence)
        await told.until_idle()
        assert told.record.pulls == pulls
        assert told.record.taken == [
            RunAutomaticChecks("a", 1),
            OpenConsultationRound("a", 1),
            CloseConsultationRound("a", "round-1"),
        ]


async def test_lost_kicks_are_made_good_within_twelve_hours(story: StoryOf) -> None:
    async with story(Record()) as told:
        await submitted(told)
        await told.until_idle()
        told.record.act(ApplicationState.APPROVED)
        await told.pass_time(11 * HOUR)
        assert told.record.application.state is ApplicationState.APPROVED
        await told.pass_time(2 * HOUR)
        assert await told.end("lost_kicks") == "LICENSED"


async def test_the_record_says_when_its_instants_should_be_asked_for_again(story: StoryOf) -> None:
    async with story(Record()) as told:
        await submitted(told)
        await told.kick(told.record.act(REVIEW, recheck_at=await told.now() + 3 * HOUR))
        await told.until_idle()
        pulls = told.record.pulls
        told.record.act(ApplicationState.APPROVED)
        await told.pass_time(4 * HOUR)
        assert told.record.pulls > pulls
        assert await told.end() == "LICENSED"


@pytest.mark.parametrize("unreachable", ["run_automatic_checks", "load_application_position"])
async def test_while_a_service_is_out_of_reach_the_application_waits(
    story: StoryOf, unreachable: str
) -> None:
    async with story(Record(out_of_reach={unreachable})) as told:
        await told.kick(1)
        await told.until(lambda: told.record.attempts.count(unreachable) >= 3)
        assert told.record.application.state is ApplicationState.SUBMITTED
        told.record.out_of_reach.clear()
        await told.until(lambda: told.record.application.state is REVIEW)
        assert told.record.taken == [RunAutomaticChecks("a", 1)]


async def test_a_step_that_the_record_refuses_is_repeated_ever_more_slowly(story: StoryOf) -> None:
    async with story(Record(closing_refused=True)) as told:
        await consulting(told, Asked("x"))
        await told.kick(told.record.answer("x"), "consultation")
        await told.until(lambda: "close_consultation_round" in told.record.attempts)
        await told.pass_time(HOUR)
        # One, two, four ... seconds, then every five minutes.
        assert 10 < told.record.attempts.count("close_consultation_round") < 30
        told.record.closing_refused = False
        await told.pass_time(HOUR)
        assert told.record.application.state is ApplicationState.READY_FOR_PROPOSAL
        await told.replay("refused_step")


async def test_a_long_history_continues_as_new_with_what_it_knows(story: StoryOf) -> None:
    async with (
        virtual_time("limit.historyCount.suggestContinueAsNew=40") as small,
        story(Record(), on=small) as told,
    ):
        await submitted(told)
        first = (await told.handle.describe()).run_id
        for _ in range(12):
            told.record.act(REVIEW)
            pulls = told.record.pulls
            await told.kick(told.record.application.sequence)
            await told.until(lambda pulls=pulls: told.record.pulls > pulls)
        second = await told.handle.describe()
        assert second.run_id != first
        assert told.record.known[-1]["licensing"] >= 10
        await told.kick(told.record.act(ApplicationState.APPROVED))
        assert await told.end() == "LICENSED"
        assert told.record.taken == [RunAutomaticChecks("a", 1), IssueLicence("a")]
