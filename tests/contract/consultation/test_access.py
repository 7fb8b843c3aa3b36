"""Who may call what, and who sees what: the permission table first, the database a second time."""

import uuid
from datetime import timedelta

import grpc
import pytest
import sqlalchemy
from sqlalchemy import select
from xuke.consultation.v1 import consultation_pb2 as messages
from xuke.consultation.v1 import consultation_pb2_grpc as contract

from services.consultation.store.tables import (
    condition,
    consultation,
    consultation_round,
    factor_assessment,
    ledger,
)
from services.consultation.store.tables import (
    opinion as opinion_table,
)
from services.consultation.store.tables import (
    task as task_table,
)
from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from tests.contract.consultation.conftest import DUE, Platform, new_task, opinion
from tests.contract.consultation.refusals import refusal
from tests.support import identity
from tests.support.services import call_of, request_id

_NOTHING = str(uuid.UUID(int=0))
_READ = {"ministry_officer", "ministry_director", "agency_reviewer", "auditor", "procedure"}

# method -> (a request that is valid in form, roles admitted); written out apart from the server's own table.
METHODS: dict[str, tuple[object, set[str]]] = {
    "GetRound": (messages.GetRoundRequest(round_id=_NOTHING), _READ),
    "ListRounds": (messages.ListRoundsRequest(application_id=_NOTHING), _READ),
    "GetTask": (messages.GetTaskRequest(task_id=_NOTHING), _READ),
    "ListTasks": (messages.ListTasksRequest(), _READ),
    "SubmitOpinion": (
        messages.SubmitOpinionRequest(task_id=_NOTHING, opinion=messages.OPINION_NOT_COMPETENT, reasons="x"),
        {"agency_reviewer"},
    ),
    "AmendCondition": (
        messages.AmendConditionRequest(condition_id=_NOTHING, etag="1", lift=True, reason="x"),
        {"agency_reviewer"},
    ),
    "WaiveTask": (messages.WaiveTaskRequest(task_id=_NOTHING, etag="1", reason="x"), {"ministry_director"}),
    "GetTaskStatistics": (messages.GetTaskStatisticsRequest(), _READ - {"procedure"}),
    "OpenRound": (messages.OpenRoundRequest(application_id=_NOTHING, round_number=1), {"procedure"}),
    "ExpireTask": (messages.ExpireTaskRequest(task_id=_NOTHING), {"procedure"}),
    "RecordTaskReminder": (messages.RecordTaskReminderRequest(task_id=_NOTHING), {"procedure"}),
    "CloseRound": (messages.CloseRoundRequest(round_id=_NOTHING), {"procedure"}),
    "AbandonRound": (messages.AbandonRoundRequest(round_id=_NOTHING), {"procedure"}),
    "ListEvents": (messages.ListEventsRequest(application_id=_NOTHING), {"procedure", "auditor"}),
}


def test_the_matrix_speaks_of_every_method() -> None:
    services = messages.DESCRIPTOR.services_by_name.values()
    assert METHODS.keys() == {method.name for service in services for method in service.methods}


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda each: each.role.value)
@pytest.mark.parametrize("method", METHODS)
def test_matrix(platform: Platform, method: str, principal: Principal) -> None:
    request, admitted = METHODS[method]
    if "request_id" in request.DESCRIPTOR.fields_by_name:  # type: ignore[attr-defined]
        request.request_id = request_id()  # type: ignore[attr-defined]
    channel = platform.service.channel(principal)
    people = contract.ConsultationServiceStub(channel)
    stub = people if hasattr(people, method) else contract.ConsultationProcedureServiceStub(channel)
    try:
        getattr(stub, method)(request)
    except grpc.RpcError as error:
        refused = from_rpc_error(error)
        if principal.role.value in admitted:
            assert refused.code is ErrorCode.NOT_FOUND
        else:
            assert (refused.code, refused.reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED")
    else:
        assert principal.role.value in admitted


def test_an_agency_sees_its_own_tasks_and_their_rounds_only(platform: Platform) -> None:
    round_ = platform.open_round(new_task("SASTIND"), new_task("CMC-EDD"))
    without = platform.open_round(new_task("CMC-EDD"))
    platform.answer(round_.tasks[1], opinion(messages.OPINION_REFUSE), identity.OTHER_AGENCY)
    reviewer = platform.people(identity.AGENCY_REVIEWER)
    seen = reviewer.GetRound(messages.GetRoundRequest(round_id=round_.round_id))
    assert [task.agency for task in seen.tasks] == ["SASTIND"]
    assert {task.agency for task in reviewer.ListTasks(messages.ListTasksRequest(page_size=200)).tasks} == {
        "SASTIND"
    }
    for call in (
        lambda: reviewer.GetTask(messages.GetTaskRequest(task_id=round_.tasks[1].task_id)),
        lambda: reviewer.GetRound(messages.GetRoundRequest(round_id=without.round_id)),
        lambda: platform.answer(round_.tasks[1], opinion(), identity.AGENCY_REVIEWER),
    ):
        assert refusal(call).code is ErrorCode.NOT_FOUND
    other = refusal(lambda: reviewer.ListTasks(messages.ListTasksRequest(agency="CMC-EDD")))
    assert (other.code, other.reason) == (ErrorCode.PERMISSION_DENIED, "OTHER_AGENCY_NOT_VISIBLE")


def test_the_inbox_is_paged_by_due_time_and_narrowed(platform: Platform) -> None:
    ours: list[messages.Task] = []
    for days in (3, None, 1, None, 2):
        due_at = None if days is None else DUE + timedelta(days=days)
        ours += platform.open_round(new_task("MARA", due_at=due_at)).tasks
    officer = platform.people(identity.MINISTRY_OFFICER)
    request, listed = messages.ListTasksRequest(agency="MARA", page_size=2), []
    while True:
        page = officer.ListTasks(request)
        listed += [task.task_id for task in page.tasks]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert listed == [ours[index].task_id for index in (2, 4, 0, 1, 3)]
    overdue = messages.ListTasksRequest(agency="MARA", states=[messages.TASK_STATE_OVERDUE])
    assert not officer.ListTasks(overdue).tasks


@pytest.mark.parametrize(
    ("request_", "field", "reason"),
    [
        (messages.ListTasksRequest(agency="FBI"), "agency", "UNKNOWN_AGENCY"),
        (messages.ListTasksRequest(states=[1, 0]), "states[1]", "enum.not_in"),
        (messages.ListTasksRequest(states=[77]), "states[0]", "enum.defined_only"),
        (messages.ListTasksRequest(page_token="WyJ4IiwgInkiXQ"), "page_token", "PAGE_TOKEN_INVALID"),
        (messages.ListTasksRequest(page_token="?"), "page_token", "PAGE_TOKEN_INVALID"),
    ],
)
def test_bad_lists_name_the_field(
    platform: Platform, request_: messages.ListTasksRequest, field: str, reason: str
) -> None:
    error = refusal(lambda: platform.people(identity.MINISTRY_OFFICER).ListTasks(request_))
    assert [(each.field, each.reason) for each in error.violations] == [(field, reason)]


_ALL_TABLES = (consultation, consultation_round, task_table, opinion_table, factor_assessment, condition)


@pytest.fixture
def database(platform: Platform) -> Database:
    return Database(platform.database.url, ledger)


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda each: each.role.value)
def test_the_database_shows_nothing_to_those_it_does_not_concern(
    platform: Platform, database: Database, principal: Principal
) -> None:
    round_ = platform.open_round(new_task("SASTIND"), new_task("CMC-EDD"))
    for task, who in zip(round_.tasks, (identity.AGENCY_REVIEWER, identity.OTHER_AGENCY), strict=True):
        platform.answer(task, opinion(messages.OPINION_APPROVE_WITH_CONDITIONS, "Report"), who)
    with database.begin(call_of(principal)) as work:
        seen = {table.name: len(work.connection.execute(select(table)).all()) for table in _ALL_TABLES}
        agencies = set(work.connection.execute(select(task_table.c.agency)).scalars())
        conditions = set(work.connection.execute(select(condition.c.agency)).scalars())
    if principal.role.value not in _READ:
        assert set(seen.values()) == {0}
    elif principal.role is Role.AGENCY_REVIEWER:
        assert agencies == conditions == {"SASTIND"}
    else:
        assert agencies >= {"SASTIND", "CMC-EDD"}
        assert conditions == {"SASTIND", "CMC-EDD"}
        assert 0 not in seen.values()
    database.dispose()


@pytest.mark.parametrize("principal", [identity.MINISTRY_OFFICER, identity.AUDITOR, identity.OTHER_AGENCY])
def test_the_database_lets_only_who_conducts_or_was_asked_write(
    platform: Platform, database: Database, principal: Principal
) -> None:
    task = platform.open_round(new_task("SASTIND")).tasks[0]
    with database.begin(call_of(principal)) as work:
        changed = work.connection.execute(
            sqlalchemy.update(task_table).where(task_table.c.task_id == task.task_id).values(state="OVERDUE")
        )
        assert changed.rowcount == 0
    database.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE opinion SET opinion = 'APPROVE'",
        "DELETE FROM opinion",
        "UPDATE task SET mandatory = false",
        "UPDATE condition SET agency = 'MFA'",
        "DELETE FROM condition_change",
        "UPDATE audit_event SET action = 'x'",
    ],
)
def test_the_service_cannot_rewrite_what_was_said(database: Database, statement: str) -> None:
    with (
        pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
        database.begin(call_of(identity.PROCEDURE)) as work,
    ):
        work.connection.execute(sqlalchemy.text(statement))
    database.dispose()
