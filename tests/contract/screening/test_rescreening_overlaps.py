"""What overlaps loses nothing: statements that commit out of order, looks beside whoever follows, stale lists."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from xuke.screening.v1 import screening_pb2 as screening

from services.foundation.database import Database, UnitOfWork
from services.foundation.errors import XukeError
from services.foundation.principal import Call, Principal, Role
from services.screening import conversion, hit_service, list_service, rescreening_service, service
from services.screening.bases import Bases
from services.screening.domain.hits import HitState
from services.screening.domain.lists import CONTROL_LIST, PartyList
from services.screening.domain.rescreening import Cause
from services.screening.effects import EffectsCounter
from services.screening.loading import load
from services.screening.reference_files import read_comparison, read_shipped
from services.screening.store import watched
from services.screening.store.tables import ledger
from services.screening.watch_index import WatchIndex
from tests.conftest import ServiceDatabase
from tests.support import identity
from tests.support.services import SettableClock, call_of, request_id
from tests.support.waiting import wait_until

EDITOR = Principal("service:screening", "screening", Role.LIST_EDITOR)
START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
NAMED = "Hangang Tools Co., Ltd."


@dataclass
class World:
    """The use cases of screening over a database of its own, each transaction in the hands of the test."""

    address: ServiceDatabase
    database: Database
    bases: Bases
    index: WatchIndex
    clock: SettableClock

    @property
    def call(self) -> Call:
        return call_of(identity.PROCEDURE, self.clock.now())

    def state(self, work: UnitOfWork, watched_as: str, name: str) -> None:
        request = screening.ScreenRequest(
            request_id=request_id(),
            subject=f"{watched_as}/1",
            watched_as=watched_as,
            parties=[screening.Party(role=screening.PARTY_ROLE_END_USER, name_en=name, country="KR")],
            destination="KR",
            end_user_kind=screening.END_USER_KIND_CIVIL,
            end_use_purpose=screening.END_USE_PURPOSE_CIVIL,
        )
        rescreening_service.screen_watched(
            work,
            self.bases,
            request.subject,
            conversion.export_of(request),
            conversion.stated(request),
            None,
        )

    def watch(self, watched_as: str, name: str) -> None:
        def state() -> None:
            with self.database.begin(self.call) as work:
                self.state(work, watched_as, name)

        self.bases.ready(self.database, self.call, state)

    def rescreen_once(self) -> rescreening_service.Rescreened:
        return rescreening_service.rescreen(self.database, self.call, self.bases, self.index, 0)

    def rescreen(self) -> int:
        """Until nothing is left, as the procedure does; how many results differ."""
        changed = 0
        while True:
            done = self.rescreen_once()
            changed += done.changed
            if not done.more:
                return changed

    def one(self, watched_as: str) -> rescreening_service.Result:
        def rescreen() -> rescreening_service.Result:
            with self.database.begin(self.call) as work:
                return rescreening_service.rescreen_one(work, self.bases, watched_as)

        return self.bases.ready(self.database, self.call, rescreen)

    def causes(self) -> list[tuple[str, str, str]]:
        """What is still to be told: the export, the cause, and its version."""
        with self.database.begin(self.call) as work:
            found, _ = rescreening_service.undelivered(work, 100)
        return [
            (each.changed.watched_as, each.changed.cause.value, each.changed.cause_version) for each in found
        ]

    def verdicts(self) -> list[str]:
        with self.database.begin(self.call) as work:
            found, _ = rescreening_service.undelivered(work, 100)
        return [each.screening.verdict.name for each in found]

    def list_now(self) -> PartyList:
        basis = self.bases.catch_up(self.database, call_of(EDITOR, self.clock.now()))
        return next(listed for listed in basis.lists if listed.list_code == CONTROL_LIST)

    def naming(self, name: str, effective_from: date = date(2026, 1, 1)) -> PartyList:
        """A version of the control list with one entry more, or the same entry under another name."""
        now = self.list_now()
        entry = dataclasses.replace(
            now.entries[0],
            entry_id="overlap-1",
            name_zh="",
            name_en=name,
            aliases=(),
            effective_from=effective_from,
            effective_to=None,
            suspended_from=None,
            suspended_to=None,
            stopped_from=None,
        )
        others = tuple(one for one in now.entries if one.entry_id != entry.entry_id)
        return dataclasses.replace(now, entries=(*others, entry)).versioned()

    def activate(self, version: PartyList) -> str:
        with self.database.begin(call_of(EDITOR, self.clock.now())) as work:
            assert list_service.load_list(work, version)
        return version.version

    def waiting_for_locks(self) -> int:
        engine = create_engine(self.address.superuser_url)
        with engine.connect() as connection:
            waiting: int = connection.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            ).scalar_one()
        engine.dispose()
        return waiting


@pytest.fixture
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[World]:
    address = service_database("screening")
    database = Database(address.url, ledger)
    clock = SettableClock(START)
    load(database, read_shipped(), clock)
    yield World(address, database, Bases(read_comparison()), WatchIndex(), clock)
    database.dispose()


def test_an_export_stated_under_a_lower_number_and_committed_later_is_found(world: World) -> None:
    """Whoever reads what a proposal would do meanwhile does not hide it from those who follow the list."""
    world.rescreen()
    with world.database.begin(world.call) as early:
        world.state(early, "applications/early", NAMED)
        world.watch("applications/later", "Berlin Optical Works GmbH")
        proposed = world.naming(NAMED)
        counter = EffectsCounter(world.bases, world.index)
        with world.database.begin(call_of(EDITOR, world.clock.now())) as reading:
            assert counter.of_list(reading, proposed) == (0, 0)
    world.rescreen()
    world.activate(proposed)
    assert world.rescreen() == 1
    assert [watched_as for watched_as, _, _ in world.causes()] == ["applications/early"]


def test_a_look_on_one_version_does_not_settle_what_the_next_version_owes(world: World) -> None:
    world.watch("applications/a", NAMED)
    world.rescreen()
    world.activate(world.naming(NAMED))
    owner = create_engine(world.address.superuser_url)
    with owner.begin() as holding:
        # The first has examined the export on the first version when it comes to keeping what it found.
        holding.execute(text("LOCK TABLE changed_screening IN SHARE MODE"))
        first = threading.Thread(target=world.rescreen_once)
        first.start()
        wait_until(lambda: world.waiting_for_locks() == 1)
        world.activate(world.naming("Orion Ceramics Limited"))
        second = threading.Thread(target=world.rescreen_once)
        second.start()
        wait_until(lambda: world.waiting_for_locks() == 2 or not second.is_alive())
    owner.dispose()
    first.join()
    second.join()
    world.rescreen()
    assert world.verdicts() == ["PROHIBITED", "CLEAR"]


def test_a_list_past_its_review_day_holds_up_no_look_but_every_licence(world: World) -> None:
    world.watch("applications/a", NAMED)
    world.watch("applications/b", "Berlin Optical Works GmbH")
    world.rescreen()
    stale = dataclasses.replace(world.naming(NAMED), read_on=date(2026, 1, 5), maximum_age_days=1).versioned()
    world.activate(stale)

    assert world.rescreen() == 1
    assert world.causes() == [("applications/a", "LIST_CHANGED", stale.version)]
    for refused in (lambda: world.one("applications/b"), lambda: world.watch("applications/c", "Orion Ltd")):
        with pytest.raises(XukeError) as error:
            refused()
        assert error.value.reason == "SCREENING_LIST_STALE"

    with world.database.begin(world.call) as work:
        (result,), _ = rescreening_service.undelivered(work, 10)
        replayed = service.replay(
            work,
            world.bases,
            result.screening.screening_id,
            lambda of: conversion.export_of(conversion.restated(of)),
        )
    assert replayed.is_identical


def test_whoever_is_screened_before_the_issue_is_told_what_changed(world: World) -> None:
    world.watch("applications/a", NAMED)
    world.rescreen()
    version = world.activate(world.naming(NAMED))
    result = world.one("applications/a")
    assert (result.changed.cause, result.changed.cause_version) == (Cause.LIST_CHANGED, version)

    gone = world.activate(world.naming("Orion Ceramics Limited"))
    result = world.one("applications/a")
    assert (result.changed.cause, result.changed.cause_version) == (Cause.LIST_CHANGED, gone)


def test_an_entry_that_begins_is_told_as_of_its_day_by_whoever_asks_first(world: World) -> None:
    world.activate(world.naming(NAMED, effective_from=date(2026, 11, 22)))
    world.watch("applications/a", NAMED)
    world.rescreen()
    world.clock.advance(timedelta(days=1))
    result = world.one("applications/a")
    assert (result.changed.cause, result.changed.cause_version) == (Cause.DAY_CHANGED, "2026-11-22")


def test_a_look_that_was_owed_for_something_else_tells_the_list_of_a_new_hit(world: World) -> None:
    world.watch("applications/a", NAMED)
    world.rescreen()
    with world.database.begin(world.call) as work:
        now = world.clock.now()
        watched.owe_one(work.connection, "applications/a", Cause.RULES_CHANGED, "rules 1", now)
    version = world.activate(world.naming(NAMED))
    world.rescreen()
    assert world.causes() == [("applications/a", "LIST_CHANGED", version)]


def test_a_release_that_a_second_person_agrees_to_during_a_look_stands(world: World) -> None:
    """The look has met the release before the agreement, and is kept after it."""
    world.watch("applications/a", NAMED)
    world.rescreen()
    world.activate(world.naming(NAMED))
    world.rescreen()
    with world.database.begin(world.call) as work:
        (told,), _ = rescreening_service.undelivered(work, 10)
        stored = watched.find_watched(work.connection, "applications/a")
    assert stored is not None
    hit_id = UUID(told.screening.hits[0].hit_id)
    first, second = (
        call_of(one, world.clock.now()) for one in (identity.MINISTRY_OFFICER, identity.SECOND_OFFICER)
    )
    with world.database.begin(first) as work:
        etag = str(hit_service.get_hit(work, hit_id).hit.change)
        found = hit_service.decide(work, hit_id, etag, hit_service.Outcome.FALSE, "Another register number.")
    assert found.hit.state is HitState.AWAITING_SECOND
    with world.database.begin(world.call) as looking:
        export = conversion.export_of(conversion.restated(stored.export))
        examined = service.examine(looking, world.bases, export, None)
        with world.database.begin(second) as work:
            hit_service.countersign(work, hit_id, str(found.hit.change), True, "Seen too.")
        service.keep(looking, stored.subject, stored.export, examined)
    with world.database.begin(first) as work:
        assert hit_service.get_hit(work, hit_id).hit.state is HitState.RELEASED
    world.rescreen()
    assert world.verdicts()[-1] == "CLEAR"
