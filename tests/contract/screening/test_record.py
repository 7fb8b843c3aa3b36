"""What a screening leaves behind, and what happens when a list is not as it should be."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy
from sqlalchemy import select
from xuke.screening.v1 import screening_pb2 as messages
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.ledger import Subject
from services.foundation.principal import Principal
from services.screening.bases import Bases
from services.screening.domain.lists import REQUIRED_LISTS
from services.screening.domain.rules import RuleSet
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from services.screening.store.lists import read_list
from services.screening.store.rules import read_destinations, read_rules
from services.screening.store.tables import ledger, screening
from tests.conftest import ServiceDatabase
from tests.contract.screening.cases import KOREAN_END_USER, export, party, refusal
from tests.support import identity
from tests.support.lists import make_current, make_rules_current
from tests.support.services import SettableClock, call_of, running

Stub = Callable[[Principal], contract.ScreeningServiceStub]


@pytest.fixture
def empty(service_database: Callable[[str], ServiceDatabase]) -> Iterator[Database]:
    database = Database(service_database("screening").url, ledger)
    yield database
    database.dispose()


def test_a_screening_is_read_as_it_was_made(stub: Stub) -> None:
    made = stub(identity.PROCEDURE).Screen(
        export(
            party("斯巴鲁株式会社", "", "JP"), destination="JP", end_user_kind=messages.END_USER_KIND_MILITARY
        )
    )
    assert made.hits
    assert made.rule_findings
    request = messages.GetScreeningRequest(screening_id=made.screening_id)
    assert stub(identity.AUDITOR).GetScreening(request) == made


def test_an_unknown_screening_is_not_found(stub: Stub) -> None:
    request = messages.GetScreeningRequest(screening_id="0198a000-0000-7000-8000-000000000000")
    error = refusal(lambda: stub(identity.AUDITOR).GetScreening(request))
    assert (error.code, error.metadata["kind"]) == (ErrorCode.NOT_FOUND, "screening")


def test_repeating_a_request_returns_the_first_screening(stub: Stub, database: Database) -> None:
    request = export(KOREAN_END_USER)
    first = stub(identity.PROCEDURE).Screen(request)
    assert stub(identity.PROCEDURE).Screen(request) == first
    with database.begin(call_of(identity.AUDITOR)) as work:
        rows = work.connection.execute(
            select(screening.c.screening_id).where(screening.c.screening_id == first.screening_id)
        ).all()
    assert len(rows) == 1
    request.destination = "JP"
    assert refusal(lambda: stub(identity.PROCEDURE).Screen(request)).reason == "REQUEST_ID_REUSED"


def test_a_screening_leaves_one_event_without_names(stub: Stub, database: Database) -> None:
    made = stub(identity.PROCEDURE).Screen(export(party("三菱造船有限公司", "", "JP")))
    with database.begin(call_of(identity.AUDITOR)) as work:
        (event,) = work.events(Subject("screening", made.screening_id))
        kept = work.connection.execute(
            select(screening.c.export).where(screening.c.screening_id == made.screening_id)
        ).scalar_one()
    assert (event.action, event.state, event.sequence) == ("SCREENED", "PROHIBITED", 1)
    assert event.actor_role == "procedure"
    assert event.payload["entries"] == "CONTROL-2026-11-01"
    assert event.payload["subject"] == "applications/0198/1"
    assert event.payload["versions"] == "; ".join(made.versions)
    assert "三菱" not in str(event.payload)
    assert kept["parties"][1]["name_zh"] == "三菱造船有限公司"


def test_a_refused_screening_leaves_nothing(stub: Stub, database: Database) -> None:
    def counted() -> tuple[int, int]:
        with database.begin(call_of(identity.AUDITOR)) as work:
            return tuple(
                work.connection.execute(select(sqlalchemy.func.count()).select_from(table)).scalar_one()
                for table in (screening, ledger.audit_event)
            )

    before = counted()
    refusal(lambda: stub(identity.PROCEDURE).Screen(export(party())))
    assert counted() == before


def test_the_stored_lists_are_the_shipped_ones(stub: Stub, database: Database, shipped: Shipped) -> None:
    lists = stub(identity.EXPORTER).ListPartyLists(messages.ListPartyListsRequest()).lists
    assert {(listed.list_code, listed.version, listed.entry_count) for listed in lists} == {
        (listed.list_code, listed.version, len(listed.entries)) for listed in shipped.lists
    }
    watched = next(listed for listed in lists if listed.list_code == "watch_list")
    assert (watched.name.zh, watched.source.article) == ("关注名单", "Art. 26")
    for listed in shipped.lists:
        told = next(one for one in lists if one.list_code == listed.list_code)
        assert (told.read_on, told.review_by) == (listed.read_on.isoformat(), listed.review_by.isoformat())
        assert told.required
        assert messages.Verdict.Name(told.match_verdict) == f"VERDICT_{listed.match_verdict.name}"
        assert messages.Verdict.Name(told.likeness_verdict) == f"VERDICT_{listed.likeness_verdict.name}"
    with database.begin(call_of(identity.AUDITOR)) as work:
        for listed in shipped.lists:
            assert read_list(work.connection, listed.version) == listed
        assert read_rules(work.connection, shipped.rules.version) == shipped.rules
        assert read_destinations(work.connection, shipped.destinations.version) == shipped.destinations


def test_loading_again_changes_nothing(
    stub: Stub, database: Database, shipped: Shipped, clock: SettableClock
) -> None:
    assert load(database, shipped, clock) == []


def test_the_service_can_neither_change_nor_remove_what_was_found(database: Database, stub: Stub) -> None:
    for statement in ("UPDATE screening SET verdict = 'CLEAR'", "DELETE FROM listed_party"):
        with (
            pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
            database.begin(call_of(identity.PROCEDURE)) as work,
        ):
            work.connection.execute(sqlalchemy.text(statement))


def test_the_database_shows_no_screening_to_an_applicant(stub: Stub, database: Database) -> None:
    stub(identity.PROCEDURE).Screen(export(KOREAN_END_USER))
    seen = {}
    for principal in (identity.EXPORTER, identity.CUSTOMS_OFFICER, identity.AUDITOR):
        with database.begin(call_of(principal)) as work:
            seen[principal.role.value] = bool(work.connection.execute(select(screening)).first())
    assert seen == {"exporter": False, "customs_officer": False, "auditor": True}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda listed: None, "SCREENING_LIST_MISSING"),
        (lambda listed: replace(listed, entries=()), "SCREENING_LIST_EMPTY"),
        (lambda listed: replace(listed, read_on=date(2024, 1, 1)), "SCREENING_LIST_STALE"),
    ],
)
@pytest.mark.parametrize("code", REQUIRED_LISTS)
def test_without_a_whole_and_fresh_list_nothing_passes(
    empty: Database, shipped: Shipped, clock: SettableClock, code: str, spoil, reason: str
) -> None:
    lists = [listed if listed.list_code != code else spoil(listed) for listed in shipped.lists]
    load(empty, Shipped(tuple(filter(None, lists)), shipped.rules, shipped.destinations), clock)
    with running(registrations(empty, Bases(read_comparison())), clock) as service:
        client = contract.ScreeningServiceStub(service.channel(identity.PROCEDURE))
        error = refusal(lambda: client.Screen(export(KOREAN_END_USER)))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, reason)
    assert error.metadata["list_code"] == code


def test_without_rules_nothing_passes(empty: Database, clock: SettableClock) -> None:
    with running(registrations(empty, Bases(read_comparison())), clock) as service:
        client = contract.ScreeningServiceStub(service.channel(identity.PROCEDURE))
        error = refusal(lambda: client.Screen(export(KOREAN_END_USER)))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "SCREENING_RULES_MISSING")


def test_lists_go_stale_as_time_passes(empty: Database, shipped: Shipped) -> None:
    clock = SettableClock(datetime(2027, 8, 24, 2, 0, tzinfo=UTC))
    load(empty, shipped, clock)
    with running(registrations(empty, Bases(read_comparison())), clock) as service:
        client = contract.ScreeningServiceStub(service.channel(identity.PROCEDURE))
        assert client.Screen(export(KOREAN_END_USER)).verdict == messages.VERDICT_CLEAR
        clock.advance(timedelta(days=1))
        error = refusal(lambda: client.Screen(export(KOREAN_END_USER)))
        assert error.reason == "SCREENING_LIST_STALE"


def test_a_new_version_bites_from_the_next_screening_on(
    empty: Database, shipped: Shipped, clock: SettableClock
) -> None:
    control, *others = shipped.lists
    without = replace(
        control,
        version="earlier",
        read_on=date(2026, 8, 1),
        entries=tuple(entry for entry in control.entries if entry.entry_id != "CONTROL-2026-11-01"),
    )
    request = {"name_zh": "三菱造船株式会社", "country": "JP"}
    with running(registrations(empty, Bases(read_comparison())), clock) as service:
        client = contract.ScreeningServiceStub(service.channel(identity.PROCEDURE))
        load(empty, Shipped((without, *others), shipped.rules, shipped.destinations), clock)
        before = client.Screen(export(party(**request)))
        assert not before.hits
        assert "earlier" in before.versions

        make_current(empty, control)
        after = client.Screen(export(party(**request)))
        assert after.verdict == messages.VERDICT_PROHIBITED
        assert control.version in after.versions

        more = RuleSet("later rules", date(2026, 11, 1), shipped.rules.rules[:1])
        make_rules_current(empty, more)
        assert "later rules" in client.Screen(export(party(**request))).versions
        reread = client.GetScreening(messages.GetScreeningRequest(screening_id=before.screening_id))
        assert reread == before
