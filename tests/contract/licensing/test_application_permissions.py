"""Who may call what: the expected matrix as a table, walked over gRPC, role by role and method by method."""

from collections.abc import Iterator

import grpc
import pytest
import sqlalchemy
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from services.licensing.store.application_tables import application
from services.licensing.store.metadata import ledger
from tests.contract.licensing.application_world import World, world
from tests.support import identity
from tests.support.services import call_of

__all__ = ["world"]

# E exporter, A agent, P provincial officer, M ministry officer, D ministry director, G agency reviewer,
# U auditor, X expert, R procedure; customs, enforcement and list editors may call none.
LETTERS = {
    "E": Role.EXPORTER,
    "A": Role.AGENT,
    "P": Role.PROVINCIAL_OFFICER,
    "M": Role.MINISTRY_OFFICER,
    "D": Role.MINISTRY_DIRECTOR,
    "G": Role.AGENCY_REVIEWER,
    "U": Role.AUDITOR,
    "X": Role.EXPERT,
    "R": Role.PROCEDURE,
}
MATRIX = {
    "ApplicationService": {
        "CreateApplication": "EA",
        "UpdateApplication": "EA",
        "UploadAttachment": "EA",
        "RemoveAttachment": "EA",
        "SubmitApplication": "EA",
        "SupplementApplication": "EA",
        "WithdrawApplication": "EA",
        "GetApplication": "EA",
        "ListApplications": "EA",
        "CheckApplication": "EA",
        "CopyApplication": "EA",
    },
    "ReviewService": {
        "GetCase": "PMDGUXR",
        "ListCases": "PMDGUX",
        "ListEscalations": "PMDU",
        "DownloadAttachment": "EAPMDGUX",
        "RequestSupplement": "PM",
        "ForwardApplication": "P",
        "AcceptApplication": "M",
        "DeclineAcceptance": "M",
        "AssessItem": "PM",
        "StartConsultation": "M",
        "StartExclusion": "M",
        "EndExclusion": "M",
        "ProposeDecision": "M",
        "CountersignDecision": "MD",
        "GetClock": "PMDUX",
        "ListAssignees": "PMD",
        "AssignCase": "PMD",
        "AddNote": "PMD",
        "ListExperts": "M",
        "AskExpert": "M",
        "SubmitExpertOpinion": "X",
    },
    "ProcedureService": {
        "GetPosition": "R",
        "RecordAutomaticChecks": "R",
        "RecordWaiting": "R",
        "RecordRescreening": "R",
        "RecordConsultationOpened": "R",
        "RecordConsultationClosed": "R",
        "RecordReminder": "R",
        "RecordOverdueOpinion": "R",
        "ExpireDeadline": "R",
        "IssueLicence": "R",
        "ListOpenSubjects": "R",
    },
}


def _methods() -> Iterator[MethodDescriptor]:
    for service in messages.DESCRIPTOR.services_by_name.values():
        yield from service.methods


def _call(channel: grpc.Channel, method: MethodDescriptor) -> None:
    """Calls a method with an empty request: past the gate it is refused as invalid, or answers."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    request = GetMessageClass(method.input_type)()
    parse = GetMessageClass(method.output_type).FromString
    serialize = GetMessageClass(method.input_type).SerializeToString
    if method.client_streaming:
        channel.stream_unary(path, serialize, parse)(iter([request]))
    elif method.server_streaming:
        list(channel.unary_stream(path, serialize, parse)(request))
    else:
        channel.unary_unary(path, serialize, parse)(request)


def test_the_matrix(world: World) -> None:
    assert {
        service.name: sorted(method.name for method in service.methods)
        for service in messages.DESCRIPTOR.services_by_name.values()
    } == {service: sorted(methods) for service, methods in MATRIX.items()}
    wrong = []
    for method in _methods():
        allowed = {LETTERS[letter] for letter in MATRIX[method.containing_service.name][method.name]}
        for principal in identity.ONE_OF_EACH_ROLE:
            passed = True
            try:
                _call(world.service.channel(principal), method)
            except grpc.RpcError as error:
                passed = from_rpc_error(error).code is not ErrorCode.PERMISSION_DENIED
            if passed is not (principal.role in allowed):
                wrong.append((method.name, principal.role.value, passed))
    assert not wrong


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (identity.EXPORTER, {"draft", "submitted"}),
        # Until the gate of applicants has found the mandate.
        (identity.AGENT, set()),
        (identity.OTHER_EXPORTER, set()),
        (identity.PROVINCIAL_OFFICER, {"submitted"}),
        (identity.OTHER_PROVINCE, set()),
        (identity.MINISTRY_OFFICER, {"submitted"}),
        (identity.MINISTRY_DIRECTOR, {"submitted"}),
        (identity.AUDITOR, {"submitted"}),
        (identity.PROCEDURE, {"submitted"}),
        (identity.AGENCY_REVIEWER, set()),
        (identity.EXPERT, set()),
        (identity.CUSTOMS_OFFICER, set()),
        (identity.ENFORCEMENT_OFFICER, set()),
        (identity.LIST_EDITOR, set()),
    ],
    ids=lambda value: value.subject if isinstance(value, Principal) else "",
)
def test_row_level_security_says_the_same(world: World, who: Principal, sees: set[str]) -> None:
    names = {world.drafted().application_id: "draft", world.submitted().application_id: "submitted"}
    database = Database(world.database.url, ledger)
    with database.begin(call_of(who)) as work:
        rows = work.connection.execute(sqlalchemy.select(application.c.application_id)).scalars()
        assert {names[str(row)] for row in rows} == sees
        parts = work.connection.execute(sqlalchemy.text("SELECT DISTINCT application_id FROM attachment"))
        assert {names[str(row)] for row in parts.scalars()} == sees
    database.dispose()


def test_what_was_submitted_cannot_be_changed(world: World) -> None:
    world.submitted()
    database = Database(world.database.url, ledger)
    for statement in (
        "UPDATE submission SET dossier = '{}'",
        "DELETE FROM submission",
        "UPDATE notice SET text_zh = ''",
        "UPDATE attachment SET sha256 = ''",
        "DELETE FROM application",
        "UPDATE decision SET reasons = ''",
    ):
        with (
            pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
            database.begin(call_of(identity.MINISTRY_OFFICER)) as work,
        ):
            work.connection.execute(sqlalchemy.text(statement))
    database.dispose()


def test_drafts_do_not_wake_the_procedure(world: World) -> None:
    draft = world.drafted()
    world.withdraw(draft.application_id)
    submitted = world.submitted()
    database = Database(world.database.url, ledger)
    with database.begin(call_of(identity.PROCEDURE)) as work:
        kicked = work.connection.execute(
            sqlalchemy.select(ledger.outbox.c.workflow, ledger.outbox.c.workflow_id, ledger.outbox.c.source)
        ).all()
    database.dispose()
    assert [tuple(row) for row in kicked] == [
        ("ApplicationWorkflow", f"application/{submitted.application_id}", "licensing")
    ]


def test_no_dossier_content_in_the_ledger(world: World) -> None:
    application_id = world.proposed()
    world.countersign(application_id)
    payloads = str(
        [dict(event.references) for event in world.position(application_id).events]
        + [entry.action for entry in world.case(application_id).history]
    )
    for secret in ("钨", "Hangang", "Daegu", "12000", "拟同意", "最终用户"):
        assert secret not in payloads
