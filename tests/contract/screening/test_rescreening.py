"""What changes is followed: exactly those are screened again whom it concerns, and nothing is told twice or lost."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import grpc
import pytest
from xuke.screening.v1 import rescreening_pb2 as messages
from xuke.screening.v1 import rescreening_pb2_grpc as contract
from xuke.screening.v1 import screening_pb2 as screening
from xuke.screening.v1 import screening_pb2_grpc as screening_contract

from services.foundation.database import Database
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from services.screening import list_service, rescreening_service
from services.screening.bases import Bases
from services.screening.domain.lists import CONTROL_LIST, PartyList
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison, read_shipped
from services.screening.server import registrations
from services.screening.store import watched
from services.screening.store.tables import ledger
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, request_id, running

EDITOR = Principal("service:screening", "screening", Role.LIST_EDITOR)
START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


class World:
    """Screening over a database of its own, at a day that the test sets."""

    def __init__(self, database: Database, service: RunningService, clock: SettableClock, shipped: Shipped):
        self.database = database
        self.service = service
        self.clock = clock
        self.shipped = shipped
        channel = service.channel(identity.PROCEDURE)
        self.screening = screening_contract.ScreeningServiceStub(channel)
        self.rescreening = contract.RescreeningServiceStub(channel)

    def watch(
        self, watched_as: str, *names: str, destination: str = "KR", **more: object
    ) -> screening.Screening:
        return self.screening.Screen(
            screening.ScreenRequest(
                request_id=request_id(),
                subject=f"{watched_as}/1",
                watched_as=watched_as,
                parties=[
                    screening.Party(role=screening.PARTY_ROLE_END_USER, name_en=name, country=destination)
                    for name in names
                ],
                destination=destination,
                end_user_kind=screening.END_USER_KIND_CIVIL,
                end_use_purpose=screening.END_USE_PURPOSE_CIVIL,
                **more,  # type: ignore[arg-type]
            )
        )

    def rescreen(self) -> messages.RescreenResponse:
        """Calls until nothing is left, as the procedure does; the sum of what was done."""
        screened = changed = 0
        while True:
            done = self.rescreening.Rescreen(messages.RescreenRequest(request_id=request_id()))
            screened, changed = screened + done.screened, changed + done.changed
            if not done.more:
                return messages.RescreenResponse(screened=screened, changed=changed)

    def undelivered(self) -> list[messages.ChangedScreening]:
        return list(self.rescreening.ListUndelivered(messages.ListUndeliveredRequest()).results)

    def deliver(self, *results: messages.ChangedScreening) -> None:
        self.rescreening.MarkDelivered(
            messages.MarkDeliveredRequest(
                request_id=request_id(),
                screening_ids=[result.screening.screening_id for result in results],
            )
        )

    def one(self, watched_as: str) -> messages.ChangedScreening:
        request = messages.RescreenOneRequest(request_id=request_id(), watched_as=watched_as)
        return self.rescreening.RescreenOne(request)

    def stop(self, *watched_as: str) -> None:
        self.rescreening.StopWatching(
            messages.StopWatchingRequest(request_id=request_id(), watched_as=watched_as)
        )

    def list_now(self, code: str = CONTROL_LIST) -> PartyList:
        basis = Bases(read_comparison()).catch_up(self.database, call_of(EDITOR, self.clock.now()))
        return next(listed for listed in basis.lists if listed.list_code == code)

    def activate(self, changed: PartyList) -> PartyList:
        version = changed.versioned()
        with self.database.begin(call_of(EDITOR, self.clock.now())) as work:
            assert list_service.load_list(work, version)
        return version

    def name_in_list(self, entry_id: str, name: str, **dates: date | None) -> PartyList:
        """Activates a version of the control list in which an entry, new or known, bears a name."""
        now = self.list_now()
        entry = dataclasses.replace(
            now.entries[0],
            entry_id=entry_id,
            name_zh="",
            name_en=name,
            aliases=(),
            suspended_from=None,
            suspended_to=None,
            stopped_from=None,
            effective_to=None,
            effective_from=date(2026, 1, 1),
            **dates,  # type: ignore[arg-type]
        )
        others = tuple(one for one in now.entries if one.entry_id != entry_id)
        return self.activate(dataclasses.replace(now, entries=(*others, entry)))


@pytest.fixture
def world(service_database) -> Iterator[World]:
    database = Database(service_database("screening").url, ledger)
    clock, shipped = SettableClock(START), read_shipped()
    load(database, shipped, clock)
    with running(registrations(database, Bases(read_comparison())), clock) as service:
        yield World(database, service, clock, shipped)
    database.dispose()


def test_a_new_entry_finds_the_exports_of_its_party_and_no_others(world: World) -> None:
    assert world.watch("applications/a", "Hangang Tools Co., Ltd.").verdict == screening.VERDICT_CLEAR
    world.watch("applications/b", "Berlin Optical Works GmbH")
    world.rescreen()

    version = world.name_in_list("test-1", "HANGANG TOOLS CO LTD").version
    done = world.rescreen()

    assert (done.screened, done.changed) == (1, 1)
    (result,) = world.undelivered()
    assert result.watched_as == "applications/a"
    assert result.screening.verdict == screening.VERDICT_PROHIBITED
    assert (result.cause, result.cause_version) == (messages.RESCREENING_CAUSE_LIST_CHANGED, version)
    assert result.screening.subject == "applications/a/1"
    assert version in result.screening.versions

    world.deliver(result)
    assert world.undelivered() == []
    assert world.rescreen() == messages.RescreenResponse()


def test_an_entry_that_bears_another_name_finds_those_of_the_old_name_too(world: World) -> None:
    world.name_in_list("test-1", "Hangang Tools Co., Ltd.")
    world.watch("applications/a", "Hangang Tools Co., Ltd.")
    world.watch("applications/b", "Orion Ceramics Ltd")
    world.rescreen()

    world.name_in_list("test-1", "Orion Ceramics Limited")
    world.rescreen()

    verdicts = {result.watched_as: result.screening.verdict for result in world.undelivered()}
    assert verdicts == {
        "applications/a": screening.VERDICT_CLEAR,
        "applications/b": screening.VERDICT_PROHIBITED,
    }


def test_an_entry_begins_on_its_day_although_nobody_activates_anything(world: World) -> None:
    world.name_in_list("test-1", "Hangang Tools Co., Ltd.")
    begins = date(2026, 11, 23)
    now = world.list_now()
    entries = [
        dataclasses.replace(one, effective_from=begins) if one.entry_id == "test-1" else one
        for one in now.entries
    ]
    world.activate(dataclasses.replace(now, entries=tuple(entries)))
    assert world.watch("applications/a", "Hangang Tools Co., Ltd.").verdict == screening.VERDICT_CLEAR
    assert world.rescreen().changed == 0

    world.clock.advance(timedelta(days=1))
    assert world.rescreen().changed == 0
    world.clock.advance(timedelta(days=1))
    assert world.rescreen().changed == 1
    (result,) = world.undelivered()
    assert (result.cause, result.cause_version) == (messages.RESCREENING_CAUSE_DAY_CHANGED, "2026-11-23")
    assert result.screening.as_of == "2026-11-23"


def test_a_result_stays_owed_until_it_is_delivered_and_a_new_statement_voids_it(world: World) -> None:
    world.watch("applications/a", "Hangang Tools Co., Ltd.")
    world.rescreen()
    world.name_in_list("test-1", "Hangang Tools Co., Ltd.")
    world.rescreen()
    assert [result.watched_as for result in world.undelivered()] == ["applications/a"]
    assert [result.watched_as for result in world.undelivered()] == ["applications/a"]

    # A supplement names another end user: its own checks tell licensing.
    world.watch("applications/a", "Berlin Optical Works GmbH")
    assert world.undelivered() == []
    world.rescreen()
    assert world.undelivered() == []


def test_one_export_is_screened_now_and_tells_what_is_owed(world: World) -> None:
    world.watch("applications/a", "Hangang Tools Co., Ltd.")
    assert not world.one("applications/a").differs
    world.name_in_list("test-1", "Hangang Tools Co., Ltd.")

    result = world.one("applications/a")
    assert result.differs
    assert result.screening.verdict == screening.VERDICT_PROHIBITED
    # Asked again before it is delivered, it says the same.
    assert world.one("applications/a") == result
    world.deliver(result)
    assert not world.one("applications/a").differs
    # What the change owed finds nothing new.
    assert world.rescreen().changed == 0

    with pytest.raises(grpc.RpcError) as refused:
        world.one("applications/nobody")
    assert from_rpc_error(refused.value).reason == "NOT_FOUND"


def test_what_has_ended_is_looked_at_no_more(world: World) -> None:
    world.watch("applications/a", "Hangang Tools Co., Ltd.")
    world.rescreen()
    world.stop("applications/a", "applications/unknown")
    world.stop("applications/a")
    world.name_in_list("test-1", "Hangang Tools Co., Ltd.")
    assert world.rescreen() == messages.RescreenResponse()
    # It may be stated anew.
    assert world.watch("applications/a", "Hangang Tools Co., Ltd.").verdict == screening.VERDICT_PROHIBITED


def test_only_the_procedure_watches(world: World) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        screening_contract.ScreeningServiceStub(world.service.channel(identity.MINISTRY_OFFICER)).Screen(
            screening.ScreenRequest(
                request_id=request_id(),
                subject="s",
                watched_as="applications/a",
                parties=[screening.Party(role=screening.PARTY_ROLE_END_USER, name_en="X Corporation")],
                destination="KR",
            )
        )
    assert from_rpc_error(refused.value).reason == "WATCHING_IS_OF_THE_PROCEDURE"


def test_an_export_screened_on_what_stood_before_is_found_by_whoever_follows_next(world: World) -> None:
    """A screening that read the old list and commits after the new one was followed is not forgotten."""
    world.rescreen()
    before = world.list_now()
    world.name_in_list("test-1", "Hangang Tools Co., Ltd.")
    world.rescreen()
    world.watch("applications/late", "Hangang Tools Co., Ltd.")
    with world.database.begin(call_of(identity.PROCEDURE, world.clock.now())) as work:
        versions = [
            before.version if "CONTROL" in one.upper() and "sha256" in one and one != before.version else one
            for one in work.connection.exec_driver_sql(
                "SELECT versions FROM watched_export WHERE watched_as = 'applications/late'"
            ).scalar_one()
        ]
        work.connection.exec_driver_sql(
            "UPDATE watched_export SET versions = %s WHERE watched_as = 'applications/late'", (versions,)
        )
    assert world.rescreen().screened == 1


def test_a_long_list_is_followed_in_slices_and_goes_on_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"Zeta{number} Quantum{number} Werke" for number in range(12)]
    for number, name in enumerate(names):
        world.watch(f"applications/{number:02}", name)
    world.rescreen()
    now = world.list_now()
    entries = [
        dataclasses.replace(
            now.entries[0],
            entry_id=f"slice-{number:02}",
            name_zh="",
            name_en=name,
            aliases=(),
            effective_from=date(2026, 1, 1),
            effective_to=None,
            suspended_from=None,
            suspended_to=None,
            stopped_from=None,
        )
        for number, name in enumerate(names)
    ]
    world.activate(dataclasses.replace(now, entries=(*now.entries, *entries)))
    # Each call has time for one entry and one export: a worker that dies after any of them loses nothing.
    monkeypatch.setattr(rescreening_service, "LONGEST_CALL", 0.0)
    for _ in range(5):
        done = world.rescreening.Rescreen(messages.RescreenRequest(request_id=request_id()))
        assert done.more
    monkeypatch.undo()
    world.rescreen()
    found = {result.watched_as for result in world.undelivered()}
    assert found == {f"applications/{number:02}" for number in range(12)}


def test_the_reverse_index_finds_what_a_full_look_at_every_export_finds(world: World) -> None:
    """Half of the shipped lists is activated late; parties are like entries, partly like them, or like none."""
    full = {listed.list_code: world.list_now(listed.list_code) for listed in world.shipped.lists}
    for listed in full.values():
        world.activate(dataclasses.replace(listed, entries=listed.entries[::2]))
    names: list[str] = []
    for listed in full.values():
        for entry in listed.entries[:40]:
            name = entry.name_en or entry.name_zh
            names += [name, f"{name} Trading", " ".join(name.split()[:2]), entry.name_zh or name]
    names += ["Hangang Tools Co., Ltd.", "Berlin Optical Works GmbH", "上海某某贸易有限公司"]
    for number, name in enumerate(dict.fromkeys(filter(None, names))):
        world.watch(f"applications/{number:04}", name, destination="US")
    world.rescreen()
    world.deliver(*world.undelivered()) if world.undelivered() else None
    for listed in full.values():
        world.activate(dataclasses.replace(listed, read_on=listed.read_on + timedelta(days=1)))

    by_index = world.rescreen()
    found = set()
    while results := world.undelivered():
        found |= {result.watched_as for result in results}
        world.deliver(*results)
    assert found
    assert by_index.changed == len(found)

    with world.database.begin(call_of(identity.PROCEDURE, world.clock.now())) as work:
        everybody = [
            one.watched_as
            for one in watched.watched_that(work.connection, watched.watched_export.c.change > 0)
        ]
    # Whoever is looked at although no change concerned him has nothing new to tell.
    assert [name for name in everybody if world.one(name).differs] == []
