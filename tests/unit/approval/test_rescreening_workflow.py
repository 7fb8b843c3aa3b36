"""The re-screening in virtual time: woken, by the clock, over failures, and for ever."""

from datetime import UTC, datetime, timedelta

import pytest

from services.approval.domain.rescreening import LONGEST_REST, next_look
from tests.unit.approval.conftest import StoryOf
from tests.unit.approval.record import Record


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 21, 3, 0, tzinfo=UTC), datetime(2026, 11, 21, 3, 2, tzinfo=UTC)),
        # Midnight in Shanghai is four in the afternoon in UTC.
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), datetime(2026, 11, 21, 16, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), datetime(2026, 11, 21, 16, 2, tzinfo=UTC)),
    ],
)
def test_it_looks_every_few_minutes_and_as_a_day_of_law_begins(now: datetime, until: datetime) -> None:
    assert next_look(now) == until


async def test_a_kick_has_everything_followed_and_delivered(story: StoryOf) -> None:
    record = Record()
    async with story(record, "RescreeningWorkflow") as told:
        await told.kick(1, "screening")
        await told.until(lambda: record.attempts.count("rescreen") == 1)
        await told.until_idle()
        record.owed_looks = 3
        await told.kick(1, "screening")
        await told.until(lambda: record.delivered == 3)
        await told.until_idle()
        assert record.owed_looks == record.undelivered == 0
        await told.replay("rescreening")


async def test_a_lost_kick_costs_no_more_than_the_rest(story: StoryOf) -> None:
    record = Record()
    async with story(record, "RescreeningWorkflow") as told:
        await told.kick(1, "screening")
        await told.until(lambda: record.attempts.count("rescreen") == 1)
        await told.until_idle()
        record.owed_looks = 1
        await told.pass_time(LONGEST_REST + timedelta(seconds=1))
        await told.until(lambda: record.delivered == 1)


async def test_services_that_are_away_and_results_that_cannot_be_taken_are_tried_again(
    story: StoryOf,
) -> None:
    record = Record(out_of_reach={"rescreen"}, owed_looks=1)
    async with story(record, "RescreeningWorkflow") as told:
        await told.kick(1, "screening")
        await told.until(lambda: record.attempts.count("rescreen") >= 2)
        record.licensing_cannot_take = True
        record.out_of_reach.clear()
        await told.until(lambda: record.attempts.count("deliver_rescreenings") >= 1)
        await told.until_idle()
        assert (record.undelivered, record.delivered) == (1, 0)
        record.licensing_cannot_take = False
        await told.pass_time(LONGEST_REST + timedelta(seconds=1))
        await told.until(lambda: record.delivered == 1)
        await told.replay("rescreening_kept")


async def test_what_was_found_is_delivered_although_nobody_can_look(story: StoryOf) -> None:
    record = Record(out_of_reach={"rescreen"}, undelivered=2)
    async with story(record, "RescreeningWorkflow") as told:
        await told.kick(1, "screening")
        await told.until(lambda: record.attempts.count("rescreen") >= 1)
        await told.pass_time(LONGEST_REST)
        await told.until(lambda: record.delivered == 2)
        record.out_of_reach.clear()
        record.owed_looks = 1
        await told.pass_time(LONGEST_REST + timedelta(seconds=1))
        await told.until(lambda: record.delivered == 3)
        await told.replay()
