"""Who is told of what: once for each act, in the transaction of the act, and nobody else."""

import uuid
from collections.abc import Iterator
from datetime import UTC

import grpc
import pytest
import sqlalchemy
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from xuke.licensing.v1 import application_pb2 as cases
from xuke.licensing.v1 import licence_pb2 as licences
from xuke.licensing.v1 import notification_pb2 as messages

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from services.licensing.store.metadata import ledger
from services.licensing.store.notification_tables import email, notification
from tests.conftest import superuser_connection
from tests.contract.licensing.application_world import World, refusal, world
from tests.contract.licensing.licence_world import licence_world
from tests.contract.licensing.test_application_deadlines import deadline
from tests.support import identity
from tests.support.mandates import grant_mandate, sign_in
from tests.support.notifications import answer, mark_read, notifications, told
from tests.support.services import call_of, request_id

__all__ = ["world"]

TOLD = {
    Role.EXPORTER,
    Role.AGENT,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
}
MATRIX = {
    "ListNotifications": TOLD,
    "MarkNotificationsRead": TOLD,
    "ListPendingEmails": {Role.NOTIFIER},
    "RecordEmailAttempt": {Role.NOTIFIER},
}


def _methods() -> Iterator[MethodDescriptor]:
    for service in messages.DESCRIPTOR.services_by_name.values():
        yield from service.methods


def test_the_matrix(world: World) -> None:
    assert {method.name for method in _methods()} == set(MATRIX)
    wrong = []
    for method in _methods():
        path = f"/{method.containing_service.full_name}/{method.name}"
        request = GetMessageClass(method.input_type)
        for principal in identity.ONE_OF_EACH_ROLE:
            call = world.service.channel(principal).unary_unary(
                path, request.SerializeToString, GetMessageClass(method.output_type).FromString
            )
            passed = True
            try:
                call(request())
            except grpc.RpcError as error:
                passed = from_rpc_error(error).code is not ErrorCode.PERMISSION_DENIED
            if passed is not (principal.role in MATRIX[method.name]):
                wrong.append((method.name, principal.role.value, passed))
    assert not wrong


def test_the_way_to_a_licence_is_told_step_by_step_and_once(world: World) -> None:
    draft = world.drafted()
    assert told(world.service, identity.EXPORTER) == []
    submit = cases.SubmitApplicationRequest(
        request_id=request_id(), application_id=draft.application_id, etag=draft.etag
    )
    submitted = world.applicant().SubmitApplication(submit)
    assert world.applicant().SubmitApplication(submit) == submitted
    application_id = submitted.application_id
    world.checks(application_id)
    world.checks(application_id)
    world.forward(application_id)
    world.accept(application_id)
    world.consult(application_id)
    world.close_round(application_id)
    world.propose(application_id)
    world.countersign(application_id)
    issue = cases.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    number = world.procedure.IssueLicence(issue).licence_number
    assert world.procedure.IssueLicence(issue).licence_number == number
    world.procedure.IssueLicence(
        cases.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    )
    assert told(world.service, identity.EXPORTER) == [
        "SUBMISSION_RECEIVED",
        "ACCEPTED",
        "APPROVED",
        "LICENCE_ISSUED",
    ]
    assert told(world.service, identity.SECOND_OFFICER) == ["PROPOSAL_WAITS"]
    assert told(world.service, identity.MINISTRY_DIRECTOR) == ["PROPOSAL_WAITS"]
    assert told(world.service, identity.PROVINCIAL_OFFICER) == []
    newest = notifications(world.service, identity.EXPORTER)[0]
    assert (newest.application_id, newest.application_number) == (application_id, submitted.number)
    assert newest.licence_number == number
    assert submitted.number in newest.text.zh
    assert newest.text.en.startswith("Licence XKA 2026 ")
    assert newest.created_at.ToDatetime(UTC) == world.clock.now()


def test_who_proposed_need_not_be_told_that_it_waits(world: World) -> None:
    world.proposed()
    assert told(world.service, identity.MINISTRY_OFFICER) == []
    assert answer(world.service, identity.MINISTRY_OFFICER).unread_count == 0


@pytest.mark.parametrize(
    "stranger",
    [identity.OTHER_EXPORTER, identity.AGENT, identity.OTHER_PROVINCE, identity.PROVINCIAL_OFFICER],
    ids=lambda who: who.subject,
)
def test_strangers_are_told_nothing(world: World, stranger: Principal) -> None:
    world.proposed()
    own = notifications(world.service, identity.EXPORTER)[0].notification_id
    assert told(world.service, stranger) == []
    assert mark_read(world.service, stranger, own) == 0
    error = refusal(lambda: mark_read(world.service, stranger, newest_seen_id=own))
    assert error.code is ErrorCode.NOT_FOUND
    assert answer(world.service, identity.EXPORTER).unread_count == 2


def test_an_agent_is_told_while_the_mandate_lasts(world: World) -> None:
    world.submitted()
    mandate = grant_mandate(world.service)
    assert told(world.service, identity.AGENT) == ["SUBMISSION_RECEIVED"]
    assert mandate.agent_subject == identity.AGENT.subject
    world.clock.instant = world.clock.instant.replace(year=2126)
    assert told(world.service, identity.AGENT) == []


def test_a_supplement_is_told_of_on_both_ways(world: World) -> None:
    application_id = world.at_province()
    world.request_supplement(application_id, identity.PROVINCIAL_OFFICER, cases.Deficiency(code="OTHER"))
    world.supplement(application_id)
    assert told(world.service, identity.EXPORTER) == [
        "SUBMISSION_RECEIVED",
        "SUPPLEMENT_REQUESTED",
        "SUPPLEMENT_RECEIVED",
    ]


def test_what_cannot_proceed_is_told(world: World) -> None:
    application_id = world.submitted().application_id
    world.checks(application_id, cases.SCREENING_VERDICT_PROHIBITED)
    assert told(world.service, identity.EXPORTER)[-1] == "CANNOT_PROCEED"


def test_a_refusal_is_told(world: World) -> None:
    world.countersign(world.proposed(cases.DECISION_OUTCOME_REFUSE))
    assert told(world.service, identity.EXPORTER)[-1] == "REFUSED"


def test_a_withdrawal_is_told_unless_nobody_knew_of_the_draft(world: World) -> None:
    world.withdraw(world.drafted().application_id)
    assert told(world.service, identity.EXPORTER) == []
    world.withdraw(world.submitted().application_id)
    assert told(world.service, identity.EXPORTER) == ["SUBMISSION_RECEIVED", "WITHDRAWN"]


def test_deadlines_are_told_to_the_authority_that_owes(world: World) -> None:
    application_id = world.at_province()
    due = deadline(world, application_id, "provincial_review")
    for number in (1, 1, 2):
        world.procedure.RecordReminder(
            cases.RecordReminderRequest(
                request_id=request_id(),
                application_id=application_id,
                deadline_id=due.deadline_id,
                reminder_number=number,
            )
        )
    world.clock.instant = due.due_at.ToDatetime(UTC)
    world.expire(application_id, due.deadline_id)
    world.expire(application_id, due.deadline_id)
    expected = ["DEADLINE_NEAR", "DEADLINE_NEAR", "DEADLINE_PASSED"]
    assert told(world.service, identity.PROVINCIAL_OFFICER) == expected
    assert told(world.service, identity.OTHER_PROVINCE) == []
    assert told(world.service, identity.MINISTRY_DIRECTOR) == []


def test_silence_at_intake_tells_the_applicant_and_the_ministry(world: World) -> None:
    application_id = world.at_intake()
    due = deadline(world, application_id, "ministry_intake")
    world.clock.instant = due.due_at.ToDatetime(UTC)
    world.expire(application_id, due.deadline_id)
    assert told(world.service, identity.EXPORTER)[-1] == "ACCEPTED"
    assert told(world.service, identity.MINISTRY_DIRECTOR) == ["DEADLINE_PASSED"]


def test_an_overdue_opinion_is_told_to_the_ministry_once(world: World) -> None:
    application_id = world.accepted()
    world.consult(application_id)
    task_id = str(uuid.uuid4())
    for _ in range(2):
        world.procedure.RecordOverdueOpinion(
            cases.RecordOverdueOpinionRequest(
                request_id=request_id(), application_id=application_id, task_id=task_id, agency="MFA"
            )
        )
    assert told(world.service, identity.MINISTRY_OFFICER) == ["OPINION_OVERDUE"]


def test_a_case_given_to_somebody_is_told_to_that_person_alone(world: World) -> None:
    sign_in(world.service, identity.SECOND_OFFICER)
    application_id = world.at_intake()
    seen = ""
    for officer in (identity.SECOND_OFFICER, identity.MINISTRY_OFFICER):
        world.reviewer(identity.MINISTRY_OFFICER).AssignCase(
            cases.AssignCaseRequest(
                request_id=request_id(),
                application_id=application_id,
                seen_assigned_to=seen,
                assign_to=officer.subject,
            )
        )
        seen = officer.subject
    assert told(world.service, identity.SECOND_OFFICER) == ["CASE_ASSIGNED"]
    assert told(world.service, identity.MINISTRY_OFFICER) == []
    assert told(world.service, identity.MINISTRY_DIRECTOR) == []


def test_the_life_of_a_licence_is_told_to_its_holder(service_database) -> None:
    with licence_world(service_database) as world:
        number = world.active()
        world.acknowledge(number)
        world.licences(identity.EXPORTER).StopAndReport(
            licences.StopAndReportRequest(
                request_id=request_id(),
                number=number,
                reason=licences.SUSPENSION_REASON_OTHER,
                statement="停止",
            )
        )
        director = world.licences(identity.MINISTRY_DIRECTOR)
        for act, request in (
            (director.ResumeLicence, licences.ResumeLicenceRequest),
            (director.RevokeLicence, licences.RevokeLicenceRequest),
        ):
            act(request(request_id=request_id(), number=number, etag=world.get(number).etag, reasons="理由"))
        assert told(world.service, identity.EXPORTER) == [
            "LICENCE_ACTIVE",
            "LICENCE_SUSPENDED",
            "LICENCE_RESUMED",
            "LICENCE_REVOKED",
        ]
        assert told(world.service, identity.OTHER_EXPORTER) == []
        assert told(world.service, identity.MINISTRY_OFFICER) == ["HOLDER_REPORTED"]
        shown = notifications(world.service, identity.EXPORTER)[0]
        assert shown.licence_number == number
        assert shown.application_number == "APP-2026-000123"


def test_an_act_that_fails_tells_nobody(world: World) -> None:
    application_id = world.at_intake()
    etag = world.case(application_id).etag
    world.accept(application_id)
    request = cases.AcceptApplicationRequest(
        request_id=request_id(), application_id=application_id, etag=etag
    )
    assert refusal(lambda: world.reviewer(identity.SECOND_OFFICER).AcceptApplication(request))
    assert told(world.service, identity.EXPORTER) == ["SUBMISSION_RECEIVED", "ACCEPTED"]


def test_pages_go_from_the_newest_to_the_oldest(world: World) -> None:
    sign_in(world.service, identity.SECOND_OFFICER)
    for _ in range(3):
        world.submitted()
    whole = [each.notification_id for each in notifications(world.service, identity.EXPORTER)]
    assert len(whole) == 3
    found, token = [], ""
    while True:
        page = answer(world.service, identity.EXPORTER, page_size=2, page_token=token)
        assert page.unread_count == 3
        found += [each.notification_id for each in page.notifications]
        token = page.next_page_token
        if not token:
            break
    assert found == whole
    error = refusal(lambda: answer(world.service, identity.EXPORTER, page_token="WyJ4Il0"))
    assert error.violations[0].reason == "PAGE_TOKEN_INVALID"


def test_each_person_reads_for_himself(world: World) -> None:
    grant_mandate(world.service)
    for _ in range(3):
        world.submitted()
    newest, middle, oldest = notifications(world.service, identity.EXPORTER)
    assert mark_read(world.service, identity.EXPORTER, oldest.notification_id) == 2
    assert mark_read(world.service, identity.EXPORTER, oldest.notification_id) == 2
    assert [each.read for each in notifications(world.service, identity.EXPORTER)] == [False, False, True]
    unread = notifications(world.service, identity.EXPORTER, unread=True)
    assert [each.notification_id for each in unread] == [newest.notification_id, middle.notification_id]
    assert mark_read(world.service, identity.EXPORTER, newest_seen_id=middle.notification_id) == 1
    assert mark_read(world.service, identity.EXPORTER) == 0
    assert answer(world.service, identity.AGENT).unread_count == 3


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (identity.EXPORTER, {"SUBMISSION_RECEIVED", "ACCEPTED"}),
        (identity.OTHER_EXPORTER, set()),
        (identity.AGENT, set()),
        (identity.PROVINCIAL_OFFICER, set()),
        (identity.MINISTRY_OFFICER, {"PROPOSAL_WAITS"}),
        (identity.MINISTRY_DIRECTOR, {"PROPOSAL_WAITS"}),
        (identity.AUDITOR, set()),
        (identity.PROCEDURE, set()),
        (identity.NOTIFIER, {"SUBMISSION_RECEIVED", "ACCEPTED", "PROPOSAL_WAITS"}),
    ],
    ids=lambda value: value.subject if isinstance(value, Principal) else "",
)
def test_row_level_security_says_the_same(world: World, who: Principal, sees: set[str]) -> None:
    sign_in(world.service, identity.EXPORTER, "zhao@example.cn")
    world.proposed()
    database = Database(world.database.url, ledger)
    with database.begin(call_of(who)) as work:
        assert set(work.connection.execute(sqlalchemy.select(notification.c.kind)).scalars()) == sees
        addressed = work.connection.execute(sqlalchemy.select(email.c.address)).scalars().all()
        assert bool(addressed) is (who.role is Role.NOTIFIER)
    database.dispose()


def test_fifty_thousand_are_read_along_the_index(world: World) -> None:
    organisation = f"organisation:{identity.EXPORTER.organisation}"
    with superuser_connection(world.database) as connection:
        connection.execute(
            "INSERT INTO notification (notification_id, kind, addressee, caused_by, application_id,"
            " application_number, licence_number, cause, cause_version, created_at)"
            " SELECT gen_random_uuid(), 'ACCEPTED', %s, '', gen_random_uuid(), 'SQ32', '', '', '', now()"
            " FROM generate_series(1, 50000)",
            (organisation,),
        )
        connection.execute("ANALYZE notification")
    page = answer(world.service, identity.EXPORTER, page_size=20)
    assert (len(page.notifications), page.unread_count) == (20, 50000)
    database = Database(world.database.url, ledger)
    with database.begin(call_of(identity.EXPORTER)) as work:
        plan = work.connection.execute(
            sqlalchemy.text(
                "EXPLAIN SELECT * FROM notification WHERE addressee = :addressee ORDER BY serial DESC LIMIT 20"
            ),
            {"addressee": organisation},
        ).scalars()
        text = "\n".join(plan)
    database.dispose()
    assert "Index Scan" in text
    assert "Sort" not in text
    mark_read(world.service, identity.EXPORTER)
    assert answer(world.service, identity.EXPORTER, unread=True).unread_count == 0
