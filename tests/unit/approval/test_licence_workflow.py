from datetime import UTC, datetime, timedelta

from services.approval.domain.position import LicenceState
from services.approval.domain.steps import ExpireLicence, PrepareLicenceDocument
from services.foundation.temporal import DUE_AT
from tests.unit.approval.conftest import Story, StoryOf
from tests.unit.approval.record import Record

DAY = timedelta(days=1)


async def issued(told: Story, valid_for: timedelta) -> None:
    """The licence is issued and its document prepared."""
    expires_at = datetime.now(UTC) + valid_for
    await told.kick(told.record.change_licence(expires_at=expires_at))
    await told.until(lambda: told.record.licence.document_prepared)


async def test_the_document_is_prepared_once_and_the_licence_expires_at_its_end(story: StoryOf) -> None:
    async with story(Record(), "LicenceWorkflow") as told:
        await issued(told, 20 * DAY)
        await told.kick(told.record.change_licence(state=LicenceState.ACTIVE))
        await told.until_idle()
        attributes = (await told.handle.describe()).typed_search_attributes
        assert attributes.get(DUE_AT) == told.record.licence.expires_at
        await told.pass_time(19 * DAY)
        assert told.record.taken == [PrepareLicenceDocument("n")]
        await told.pass_time(2 * DAY)
        assert await told.end("licence_expiry") == "EXPIRED"
        assert told.record.taken == [PrepareLicenceDocument("n"), ExpireLicence("n")]


async def test_a_suspended_licence_expires_too(story: StoryOf) -> None:
    async with story(Record(), "LicenceWorkflow") as told:
        await issued(told, 2 * DAY)
        await told.kick(told.record.change_licence(state=LicenceState.SUSPENDED))
        await told.pass_time(3 * DAY)
        assert await told.end() == "EXPIRED"


async def test_a_licence_that_customs_used_up_ends(story: StoryOf) -> None:
    async with story(Record(), "LicenceWorkflow") as told:
        await issued(told, 20 * DAY)
        await told.kick(told.record.change_licence(state=LicenceState.COMPLETED))
        assert await told.end("licence_completed_unwatched") == "COMPLETED"
        assert told.record.taken == [PrepareLicenceDocument("n")]
        assert not told.record.watched


async def test_a_run_of_a_month_continues_as_new_with_what_it_knows(story: StoryOf) -> None:
    async with story(Record(), "LicenceWorkflow") as told:
        await issued(told, 45 * DAY)
        await told.until_idle()
        first = await told.handle.describe()
        known = told.record.licence.sequence
        await told.pass_time(31 * DAY)
        await told.until_idle()
        second = await told.handle.describe()
        assert second.run_id != first.run_id
        assert told.record.known[-1] == {"licensing": known}
        await told.replay("licence_first_run", first.run_id)
        await told.kick(told.record.change_licence(state=LicenceState.REVOKED))
        assert await told.end("licence_second_run") == "REVOKED"
        assert told.record.taken == [PrepareLicenceDocument("n")]


async def test_a_document_that_cannot_be_made_now_is_made_later(story: StoryOf) -> None:
    async with story(Record(out_of_reach={"prepare_licence_document"}), "LicenceWorkflow") as told:
        await told.kick(told.record.change_licence(expires_at=datetime.now(UTC) + 20 * DAY))
        await told.until(lambda: told.record.attempts.count("prepare_licence_document") >= 3)
        told.record.out_of_reach.clear()
        await told.until(lambda: told.record.licence.document_prepared)
