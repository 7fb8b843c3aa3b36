"""Figures for managers over real PostgreSQL: live, per scope, and reconciled with the event ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
import sqlalchemy
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.licensing.v1 import statistics_pb2 as contract
from xuke.licensing.v1 import statistics_pb2_grpc

from services.foundation.database import Database
from services.foundation.documents.local_folder import LocalFolderDocumentStore
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from services.licensing.application_registrations import application_registrations, load_context
from services.licensing.store.metadata import ledger
from tests.conftest import superuser_connection
from tests.contract.licensing.application_world import MONDAY, World, refusal, world
from tests.contract.licensing.test_rescreening import record, rescreened
from tests.support import identity
from tests.support.services import RunningService, request_id, running

__all__ = ["world"]

ADMITTED = {Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR}


def statistics(
    world: World, who: Principal = identity.MINISTRY_DIRECTOR, **request: str
) -> contract.Statistics:
    stub = statistics_pb2_grpc.StatisticsServiceStub(world.service.channel(who))
    return stub.GetStatistics(contract.GetStatisticsRequest(**request))


@dataclass(frozen=True)
class Keeping:
    """The same figures from a process that keeps them for half a minute; `statements` are those it sent."""

    service: RunningService
    statements: list[str]

    def ask(self, who: Principal = identity.MINISTRY_DIRECTOR, **request: str) -> contract.Statistics:
        stub = statistics_pb2_grpc.StatisticsServiceStub(self.service.channel(who))
        return stub.GetStatistics(contract.GetStatisticsRequest(**request))


@pytest.fixture
def keeping(world: World, tmp_path: Path) -> Iterator[Keeping]:
    database = Database(world.database.url, ledger)
    statements: list[str] = []

    @sqlalchemy.event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        statements.append(statement)

    documents = LocalFolderDocumentStore(tmp_path / "keeping")
    with running(application_registrations(database, documents, load_context()), world.clock) as service:
        yield Keeping(service, statements)
    database.dispose()


def states(answer: contract.Statistics) -> dict[str, int]:
    name = messages.ApplicationState.Name
    return {name(each.state).removeprefix("APPLICATION_STATE_"): each.count for each in answer.states}


def duration(answer: contract.Statistics, stage: str) -> tuple[int, int, int, int, int]:
    found = next(each for each in answer.durations if each.stage == stage)
    return (
        found.cases,
        found.median_working_days,
        found.limit_working_days,
        found.beyond_limit,
        found.not_countable,
    )


def mismatches(answer: contract.Statistics) -> dict[str, tuple[int, int]]:
    return {
        each.figure: (each.in_tables, each.in_ledger)
        for each in answer.reconciliations
        if each.in_tables != each.in_ledger
    }


def licensed(world: World) -> str:
    application_id = world.proposed()
    world.countersign(application_id)
    world.procedure.IssueLicence(
        messages.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    )
    return application_id


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=UTC)


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda each: each.role.value)
def test_who_may_ask(world: World, principal: Principal) -> None:
    try:
        statistics(world, principal)
        assert principal.role in ADMITTED
    except grpc.RpcError as error:
        refused = from_rpc_error(error)
        assert (refused.code, refused.reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED")
        assert principal.role not in ADMITTED


def test_nothing_is_counted_of_nothing_and_of_drafts(world: World) -> None:
    world.withdraw(world.drafted().application_id)
    world.drafted()
    answer = statistics(world)
    assert (list(answer.states), list(answer.provinces), list(answer.months)) == ([], [], [])
    assert duration(answer, "REVIEW") == (0, 0, 45, 0, 0)
    assert mismatches(answer) == {}


def test_what_happened_is_counted_and_agrees_with_the_ledger(world: World) -> None:
    licensed(world)
    refused = world.proposed(messages.DECISION_OUTCOME_REFUSE)
    world.countersign(refused)
    world.accepted()
    world.at_province()
    answer = statistics(world)
    assert states(answer) == {"PROVINCIAL_REVIEW": 1, "ACCEPTED": 1, "REFUSED": 1, "LICENSED": 1}
    assert [(each.province, each.open, each.concluded, each.overdue) for each in answer.provinces] == [
        ("32", 2, 2, 0)
    ]
    assert [(each.month, each.submitted, each.decided) for each in answer.months] == [("2026-03", 4, 2)]
    assert [
        (each.destination, each.applications, each.granted, each.refused) for each in answer.destinations
    ] == [("KR", 4, 1, 1)]
    assert [(each.control_code, each.applications, each.granted, each.refused) for each in answer.codes] == [
        ("1C117.d.1", 4, 1, 1)
    ]
    figures = {each.figure: each.in_tables for each in answer.reconciliations}
    assert figures == {
        "SUBMITTED": 4,
        "DECIDED": 2,
        "GRANTED": 1,
        "REFUSED": 1,
        "LICENCES_ISSUED": 1,
        "STATE_PROVINCIAL_REVIEW": 1,
        "STATE_ACCEPTED": 1,
        "STATE_REFUSED": 1,
        "STATE_LICENSED": 1,
    }
    assert mismatches(answer) == {}


def test_a_grant_taken_back_is_no_decision_in_the_tables_nor_in_the_ledger(world: World) -> None:
    application_id = world.proposed()
    world.countersign(application_id)
    record(world, application_id, rescreened(world, messages.SCREENING_VERDICT_REVIEW, open_hits=1))
    world.countersign(application_id, agree=False)
    answer = statistics(world)
    assert states(answer) == {"READY_FOR_PROPOSAL": 1}
    assert {each.figure: each.in_tables for each in answer.reconciliations}["GRANTED"] == 0
    assert mismatches(answer) == {}


def test_stages_are_measured_in_working_days(world: World) -> None:
    application_id = world.at_province()
    # Twenty-one working days after Monday 2 March 2026.
    world.clock.instant = at("2026-03-31")
    world.forward(application_id)
    world.clock.instant = at("2026-04-02")
    world.accept(application_id)
    world.consult(application_id)
    # 4 to 6 April are Qingming: one working day.
    world.clock.instant = at("2026-04-07")
    world.start_exclusion(application_id)
    world.clock.instant = at("2026-04-10")
    world.end_exclusion(application_id)
    world.close_round(application_id)
    world.propose(application_id)
    world.clock.instant = at("2026-04-13")
    world.countersign(application_id)
    answer = statistics(world)
    assert duration(answer, "PROVINCIAL_REVIEW") == (1, 21, 20, 1, 0)
    assert duration(answer, "MINISTRY_INTAKE") == (1, 2, 5, 0, 0)
    assert duration(answer, "CONSULTATION")[:2] == (1, 5)
    # Six working days from acceptance to decision, three of them left out.
    assert duration(answer, "REVIEW") == (1, 3, 45, 0, 0)
    clock = world.case(application_id).clock
    assert clock.counted_working_days == 3


def test_silence_counts_from_the_receipt(world: World) -> None:
    application_id = world.at_intake()
    due = next(each for each in world.position(application_id).deadlines if each.kind == "ministry_intake")
    world.clock.instant = due.due_at.ToDatetime(UTC)
    world.expire(application_id, due.deadline_id)
    world.consult(application_id)
    world.close_round(application_id)
    world.propose(application_id)
    world.countersign(application_id)
    assert duration(statistics(world), "REVIEW")[:2] == (1, 6)
    assert world.case(application_id).clock.counted_working_days == 6


def test_a_watch_list_case_has_no_review_limit(world: World) -> None:
    verdicts = (messages.SCREENING_VERDICT_REVIEW, messages.SCREENING_VERDICT_RESTRICTED)
    for verdict in verdicts:
        world.clock.instant = MONDAY
        application_id = world.submitted().application_id
        world.checks(application_id, verdict)
        if verdict == messages.SCREENING_VERDICT_RESTRICTED:
            world.request_supplement(application_id, identity.PROVINCIAL_OFFICER)
            for kind in (
                "ATTACHMENT_KIND_RISK_ASSESSMENT_REPORT",
                "ATTACHMENT_KIND_WATCH_LIST_UNDERTAKING",
            ):
                world.upload(application_id, dossiers.AttachmentKind.Value(kind))
            world.supplement(application_id)
            world.checks(application_id, verdict, submission_number=2)
        world.forward(application_id)
        world.accept(application_id)
        world.clock.instant = MONDAY + timedelta(days=90)
        world.consult(application_id)
        world.close_round(application_id)
        world.propose(application_id)
        world.countersign(application_id)
    cases, _, limit, beyond, _ = duration(statistics(world), "REVIEW")
    assert (cases, limit, beyond) == (2, 45, 1)
    assert duration(statistics(world), "APPLICANT") == (1, 0, 0, 0, 0)


def test_a_province_sees_its_own_figures(world: World) -> None:
    world.at_province()
    assert states(statistics(world, identity.PROVINCIAL_OFFICER)) == {"PROVINCIAL_REVIEW": 1}
    other = statistics(world, identity.OTHER_PROVINCE)
    assert states(other) == {}
    assert {each.in_ledger for each in other.reconciliations} == {0}
    assert all(each.cases == 0 for each in other.durations)
    refused = refusal(lambda: statistics(world, identity.OTHER_PROVINCE, province="32"))
    assert (refused.code, refused.reason) == (ErrorCode.PERMISSION_DENIED, "OTHER_PROVINCE_NOT_VISIBLE")
    assert states(statistics(world, identity.MINISTRY_OFFICER, province="44")) == {}
    assert states(statistics(world, identity.AUDITOR, province="32")) == {"PROVINCIAL_REVIEW": 1}


def test_days_bound_the_submission_in_shanghai(world: World) -> None:
    # 3 March in China, 2 March in UTC.
    world.clock.instant = datetime(2026, 3, 2, 17, tzinfo=UTC)
    world.at_province()
    for bounds, expected in (
        ({"submitted_from": "2026-03-03", "submitted_to": "2026-03-03"}, 1),
        ({"submitted_to": "2026-03-02"}, 0),
        ({"submitted_from": "2026-03-04"}, 0),
    ):
        answer = statistics(world, **bounds)
        figure = answer.reconciliations[0]
        assert (figure.figure, figure.in_tables, figure.in_ledger) == ("SUBMITTED", expected, expected)
    refused = refusal(lambda: statistics(world, submitted_from="2026-02-30"))
    assert refused.violations[0].reason == "NOT_A_DATE"


def test_a_passed_period_is_overdue(world: World) -> None:
    world.at_province()
    world.clock.instant = MONDAY + timedelta(days=60)
    assert [(each.open, each.overdue) for each in statistics(world).provinces] == [(1, 1)]


def test_a_year_without_a_calendar_leaves_the_case_out_and_says_so(world: World) -> None:
    world.clock.instant = at("2026-12-28")
    application_id = world.at_province()
    world.clock.instant = at("2027-01-06")
    world.forward(application_id)
    answer = statistics(world)
    assert duration(answer, "PROVINCIAL_REVIEW") == (0, 0, 20, 0, 1)
    assert list(answer.unpublished_years) == [2027]


def test_a_tampered_table_row_shows(world: World) -> None:
    licensed(world)
    world.at_province()
    with superuser_connection(world.database) as connection:
        connection.execute("UPDATE application SET state = 'REFUSED' WHERE state = 'PROVINCIAL_REVIEW'")
        answer = statistics(world)
        assert mismatches(answer) == {"STATE_PROVINCIAL_REVIEW": (0, 1), "STATE_REFUSED": (1, 0)}
        # The published count of states is that of the tables; the ledger contradicts it in sight.
        assert states(answer) == {"REFUSED": 1, "LICENSED": 1}
        connection.execute("UPDATE decision SET outcome = 'REFUSE'")
        connection.execute("UPDATE licence SET application_id = 'none'")
        found = mismatches(statistics(world))
    assert (found["GRANTED"], found["REFUSED"]) == ((0, 1), (1, 0))
    assert found["LICENCES_ISSUED"] == (0, 1)


def test_the_same_question_within_half_a_minute_does_not_touch_the_database(
    world: World, keeping: Keeping
) -> None:
    world.at_province()
    first = keeping.ask()
    assert states(first) == {"PROVINCIAL_REVIEW": 1}
    assert keeping.statements
    keeping.statements.clear()
    world.at_province()
    world.clock.advance(timedelta(seconds=29))
    assert keeping.ask() == first
    # Another officer of the same role sees the same.
    assert keeping.ask(Principal("director-2", "Ma", Role.MINISTRY_DIRECTOR)) == first
    assert keeping.statements == []
    world.clock.advance(timedelta(seconds=1))
    second = keeping.ask()
    assert states(second) == {"PROVINCIAL_REVIEW": 2}
    assert keeping.statements
    assert (second.as_of.ToDatetime(UTC) - first.as_of.ToDatetime(UTC)).total_seconds() == 30


def test_kept_figures_stay_with_those_who_may_see_them(world: World, keeping: Keeping) -> None:
    world.at_province()
    mine = {"PROVINCIAL_REVIEW": 1}
    for _ in range(2):
        assert states(keeping.ask(identity.MINISTRY_DIRECTOR)) == mine
        assert states(keeping.ask(identity.PROVINCIAL_OFFICER)) == mine
        assert states(keeping.ask(identity.OTHER_PROVINCE)) == {}
        assert states(keeping.ask(identity.MINISTRY_DIRECTOR, province="44")) == {}
        assert states(keeping.ask(identity.MINISTRY_DIRECTOR, submitted_from="2026-03-03")) == {}
        assert states(keeping.ask(identity.MINISTRY_DIRECTOR, submitted_to="2026-03-03")) == mine
        refused = refusal(lambda: keeping.ask(identity.OTHER_PROVINCE, province="32"))
        assert refused.reason == "OTHER_PROVINCE_NOT_VISIBLE"
        assert refusal(lambda: keeping.ask(identity.EXPORTER)).reason == "ROLE_NOT_ALLOWED"
