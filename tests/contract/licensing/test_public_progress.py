"""How the review limit is counted and when comparable applications were decided, as an applicant reads it."""

from datetime import timedelta

import pytest
import sqlalchemy
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.database import Database
from services.licensing.store import decision_times
from services.licensing.store.metadata import ledger
from tests.contract.licensing.application_world import World, world
from tests.support import identity
from tests.support.services import call_of

__all__ = ["world"]


def decided(world: World, days: int = 0) -> str:
    """An application that was refused some days after its acceptance."""
    application_id = world.accepted()
    world.clock.advance(timedelta(days=days))
    world.consult(application_id)
    world.close_round(application_id)
    world.propose(application_id, messages.DECISION_OUTCOME_REFUSE)
    world.countersign(application_id)
    return application_id


def test_nothing_is_counted_before_acceptance(world: World) -> None:
    status = world.get(world.at_intake()).status
    assert (status.limit_working_days, status.counted_working_days) == (0, 0)
    assert not status.HasField("estimate")


def test_the_count_and_what_is_left_out_of_it(world: World) -> None:
    application_id = world.accepted()
    world.clock.advance(timedelta(days=2))
    world.start_exclusion(application_id)
    world.clock.advance(timedelta(days=1))
    running = world.get(application_id).status
    assert [(each.reason, each.started_on, each.ended_on) for each in running.exclusions] == [
        (messages.EXCLUSION_REASON_EXPERT_OPINION, "2026-03-04", "")
    ]
    world.end_exclusion(application_id)
    world.clock.advance(timedelta(days=4))
    status = world.get(application_id).status
    assert status.limit_working_days == 45
    # Monday to the Monday after: five working days, of which the Thursday does not count.
    assert (status.counted_working_days, status.excluded_working_days) == (4, 1)
    exclusion = status.exclusions[0]
    assert (exclusion.started_on, exclusion.ended_on, exclusion.working_days) == (
        "2026-03-04",
        "2026-03-05",
        1,
    )
    assert exclusion.source.article == "Art. 17(3)"
    case = world.case(application_id).clock
    assert (case.counted_working_days, case.excluded_working_days) == (4, 1)
    assert "three experts" not in str(world.get(application_id))


def test_the_estimate_rests_on_decisions_of_the_last_year(world: World) -> None:
    for _ in range(4):
        decided(world)
    application_id = world.accepted()
    assert not world.get(application_id).status.HasField("estimate")
    last = decided(world, days=7)
    status = world.get(application_id).status
    estimate = status.estimate
    assert (estimate.decided, estimate.median_working_days) == (5, 0)
    assert estimate.ninetieth_percentile_working_days == 5
    # Accepted on Monday, 2 March 2026.
    assert (estimate.half_by, estimate.nine_of_ten_by) == ("2026-03-02", "2026-03-09")
    listed = world.applicant().ListApplications(messages.ListApplicationsRequest()).applications
    assert next(each.status for each in listed if each.application_id == application_id) == status
    # What is decided has no estimate, and its count stands still.
    concluded = world.get(last).status
    assert not concluded.HasField("estimate")
    assert concluded.counted_working_days == 5
    world.clock.advance(timedelta(days=366))
    assert not world.get(application_id).status.HasField("estimate")


def test_nobody_reads_which_application_took_how_long(world: World) -> None:
    decided(world)
    database = Database(world.database.url, ledger)
    with (
        pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
        database.begin(call_of(identity.MINISTRY_OFFICER)) as work,
    ):
        work.connection.execute(sqlalchemy.select(decision_times.decision_time.c.application_id))
    database.dispose()
