"""Who may call what, role by role, and what each may see of a licence that is not theirs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import grpc
import pytest
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from tests.conftest import ServiceDatabase
from tests.contract.licensing.licence_world import LicenceWorld, declaration, licence_world, write_off
from tests.support import identity
from tests.support.mandates import grant_mandate
from tests.support.services import request_id

READERS = {
    Role.EXPORTER,
    Role.AGENT,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
}
HOLDERS, CUSTOMS, PROCEDURE = {Role.EXPORTER, Role.AGENT}, {Role.CUSTOMS_OFFICER}, {Role.PROCEDURE}
ALLOWED: Mapping[str, set[Role]] = {
    "GetLicence": READERS,
    "ListLicences": READERS,
    "GetLicenceDocument": READERS,
    "ListUsage": READERS,
    "StopAndReport": HOLDERS,
    "SurrenderLicence": HOLDERS,
    "RecordDueDiligence": HOLDERS,
    "SuspendLicence": {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.ENFORCEMENT_OFFICER},
    "ResumeLicence": {Role.MINISTRY_DIRECTOR},
    "RevokeLicence": {Role.MINISTRY_DIRECTOR},
    "GetLicencePosition": PROCEDURE,
    "PrepareLicenceDocument": PROCEDURE,
    "ExpireLicence": PROCEDURE,
    "GetLicenceStatus": CUSTOMS,
    "BatchGetLicenceStatuses": CUSTOMS,
    "ListLicenceChanges": CUSTOMS,
    "AcknowledgeLicence": CUSTOMS,
    "ReserveQuantities": CUSTOMS,
    "CommitQuantities": CUSTOMS,
    "ReleaseQuantities": CUSTOMS,
    "VerifyLicence": {Role.PORTAL},
}
STATUS_SCOPE = {"GetLicenceStatus", "BatchGetLicenceStatuses", "ListLicenceChanges"}


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        grant_mandate(started.service)
        yield started


@pytest.fixture(scope="module")
def number(world: LicenceWorld) -> str:
    return world.issue()


def call(world: LicenceWorld, method: str, number: str, principal: Principal) -> Any:
    """A well-formed call of a method, so that only the permission decides how it begins."""
    act = {"request_id": request_id(), "number": number}
    judged = act | {"etag": "0", "reasons": "x"}
    suspended = act | {"reason": messages.SUSPENSION_REASON_OTHER, "statement": "x"}
    licences, procedure = world.licences(principal), world.procedure(principal)
    customs, declared = world.customs(principal), write_off(number, declaration(), "")
    calls: dict[str, Callable[[], Any]] = {
        "GetLicence": lambda: licences.GetLicence(messages.GetLicenceRequest(number=number)),
        "ListLicences": lambda: licences.ListLicences(messages.ListLicencesRequest()),
        "GetLicenceDocument": lambda: licences.GetLicenceDocument(
            messages.GetLicenceDocumentRequest(number=number)
        ),
        "ListUsage": lambda: licences.ListUsage(messages.ListUsageRequest(number=number)),
        "StopAndReport": lambda: licences.StopAndReport(messages.StopAndReportRequest(**suspended)),
        "SuspendLicence": lambda: licences.SuspendLicence(
            messages.SuspendLicenceRequest(**suspended, etag="0")
        ),
        "ResumeLicence": lambda: licences.ResumeLicence(messages.ResumeLicenceRequest(**judged)),
        "RevokeLicence": lambda: licences.RevokeLicence(messages.RevokeLicenceRequest(**judged)),
        "SurrenderLicence": lambda: licences.SurrenderLicence(messages.SurrenderLicenceRequest(**judged)),
        "RecordDueDiligence": lambda: licences.RecordDueDiligence(
            messages.RecordDueDiligenceRequest(**act, etag="0", due_diligence={})
        ),
        "GetLicencePosition": lambda: procedure.GetLicencePosition(
            messages.GetLicencePositionRequest(number=number)
        ),
        "PrepareLicenceDocument": lambda: procedure.PrepareLicenceDocument(
            messages.PrepareLicenceDocumentRequest(**act)
        ),
        "ExpireLicence": lambda: procedure.ExpireLicence(messages.ExpireLicenceRequest(**act)),
        "GetLicenceStatus": lambda: customs.GetLicenceStatus(messages.GetLicenceStatusRequest(number=number)),
        "BatchGetLicenceStatuses": lambda: customs.BatchGetLicenceStatuses(
            messages.BatchGetLicenceStatusesRequest(numbers=[number])
        ),
        "ListLicenceChanges": lambda: customs.ListLicenceChanges(messages.ListLicenceChangesRequest()),
        "AcknowledgeLicence": lambda: customs.AcknowledgeLicence(
            messages.AcknowledgeLicenceRequest(**act, customs_reference="x")
        ),
        "ReserveQuantities": lambda: customs.ReserveQuantities(declared),
        "CommitQuantities": lambda: customs.CommitQuantities(declared),
        "ReleaseQuantities": lambda: customs.ReleaseQuantities(declared),
        "VerifyLicence": lambda: world.verification(principal).VerifyLicence(
            messages.VerifyLicenceRequest(number=number)
        ),
    }
    return calls[method]()


def outcome(world: LicenceWorld, method: str, number: str, principal: Principal) -> tuple[Any, str]:
    try:
        call(world, method, number, principal)
    except grpc.RpcError as error:
        refusal = from_rpc_error(error)
        return refusal.code, refusal.reason
    return None, ""


def test_the_matrix_names_every_method() -> None:
    services = messages.DESCRIPTOR.services_by_name.values()
    assert set(ALLOWED) == {method.name for service in services for method in service.methods}


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda principal: principal.role)
@pytest.mark.parametrize("method", ALLOWED)
def test_every_method_and_role(world: LicenceWorld, number: str, method: str, principal: Principal) -> None:
    code, reason = outcome(world, method, number, principal)
    if principal.role in ALLOWED[method]:
        assert code is not ErrorCode.PERMISSION_DENIED
        assert code is not ErrorCode.INTERNAL
    else:
        assert (code, reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED")


@pytest.mark.parametrize("method", sorted(name for name, roles in ALLOWED.items() if roles is CUSTOMS))
def test_a_customs_account_needs_the_scope_of_the_method(
    world: LicenceWorld, number: str, method: str
) -> None:
    needed = "customs:status" if method in STATUS_SCOPE else "customs:writeoff"
    for scope in ("customs:status", "customs:writeoff"):
        account = replace(identity.CUSTOMS_OFFICER, subject=f"customs-{scope}", scopes=frozenset({scope}))
        code, reason = outcome(world, method, number, account)
        assert (reason == "SCOPE_MISSING") == (scope != needed)
        assert (code is ErrorCode.PERMISSION_DENIED) == (scope != needed)


@pytest.mark.parametrize("principal", [identity.OTHER_EXPORTER, identity.OTHER_PROVINCE])
@pytest.mark.parametrize("method", ["GetLicence", "GetLicenceDocument", "ListUsage"])
def test_strangers_do_not_learn_that_a_licence_exists(
    world: LicenceWorld, number: str, method: str, principal: Principal
) -> None:
    assert outcome(world, method, number, principal) == (ErrorCode.NOT_FOUND, "NOT_FOUND")
    listed = world.licences(principal).ListLicences(messages.ListLicencesRequest())
    assert not listed.licences


@pytest.mark.parametrize("method", ["StopAndReport", "SurrenderLicence"])
def test_strangers_cannot_act_on_a_licence(world: LicenceWorld, number: str, method: str) -> None:
    assert outcome(world, method, number, identity.OTHER_EXPORTER)[0] is ErrorCode.NOT_FOUND


@pytest.mark.parametrize(
    ("principal", "seen"),
    [
        (identity.EXPORTER, True),
        # Until the gate of applicants has found the mandate.
        (identity.AGENT, False),
        (identity.OTHER_EXPORTER, False),
        (identity.PROVINCIAL_OFFICER, True),
        (identity.OTHER_PROVINCE, False),
        (identity.MINISTRY_OFFICER, True),
        (identity.MINISTRY_DIRECTOR, True),
        (identity.AGENCY_REVIEWER, False),
        (identity.EXPERT, False),
        (identity.CUSTOMS_OFFICER, True),
        (identity.ENFORCEMENT_OFFICER, True),
        (identity.LIST_EDITOR, False),
        (identity.AUDITOR, True),
        (identity.PROCEDURE, True),
    ],
    ids=lambda value: value.subject if isinstance(value, Principal) else None,
)
def test_the_database_shows_only_what_the_role_may_see(
    world: LicenceWorld, principal: Principal, seen: bool
) -> None:
    """Without any condition in the query: this is the second line, behind the permission table."""
    licence = world.active()
    world.reserve(licence, declaration(), "1")
    with world.work(principal) as work:
        rows = {
            table: work.connection.exec_driver_sql(
                f"SELECT count(*) FROM {table} WHERE {column} = %s", (licence,)
            ).scalar_one()
            for table, column in (
                ("licence", "number"),
                ("licence_line", "licence_number"),
                ("usage_entry", "licence_number"),
                ("declaration_line", "licence_number"),
                ("licence_change", "number"),
            )
        }
    assert {table: count > 0 for table, count in rows.items()} == dict.fromkeys(rows, seen)


@pytest.mark.parametrize(
    "principal",
    [identity.OTHER_EXPORTER, identity.PROVINCIAL_OFFICER, identity.AUDITOR],
    ids=lambda p: p.subject,
)
def test_the_database_lets_nobody_change_a_licence_who_only_reads_it(
    world: LicenceWorld, number: str, principal: Principal
) -> None:
    with world.work(principal) as work:
        changed = work.connection.exec_driver_sql(
            "UPDATE licence SET state = 'ACTIVE' WHERE number = %s", (number,)
        )
    assert changed.rowcount == 0
