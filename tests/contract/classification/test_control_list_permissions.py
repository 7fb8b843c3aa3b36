"""Who may call what of the control lists: the expected matrix as a table, walked role by role over gRPC."""

from collections.abc import Callable, Iterator

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from xuke.classification.v1 import control_list_pb2 as messages

from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.reference_files import read_search_policy
from services.classification.server import registrations
from services.classification.store.tables import ledger
from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from tests.conftest import ServiceDatabase
from tests.support import identity
from tests.support.services import RunningService, running

# L list editor, P provincial officer, M ministry officer, D ministry director, G agency reviewer,
# F enforcement officer, U auditor; nobody else may call any.
LETTERS = {
    "L": Role.LIST_EDITOR,
    "P": Role.PROVINCIAL_OFFICER,
    "M": Role.MINISTRY_OFFICER,
    "D": Role.MINISTRY_DIRECTOR,
    "G": Role.AGENCY_REVIEWER,
    "F": Role.ENFORCEMENT_OFFICER,
    "U": Role.AUDITOR,
}
MATRIX = {
    "ProposeControlList": "L",
    "ProposeStandings": "L",
    "ProposeInterpretation": "L",
    "GetControlListProposal": "LMDU",
    "ListControlListProposals": "LMDU",
    "ListControlListChanges": "LMDU",
    "ListOutcomeChanges": "LMDU",
    "ActivateControlListProposal": "L",
    "RejectControlListProposal": "L",
    "WithdrawControlListProposal": "L",
    "ListReclassificationTasks": "LMDU",
    "GetReclassificationTask": "LMDU",
    "SettleReclassificationTask": "LM",
    "ListInterpretations": "LPMDGFU",
    "ListTemporaryControls": "LPMDGFU",
}
SERVICE = messages.DESCRIPTOR.services_by_name["ControlListService"]


@pytest.fixture(scope="module")
def service(service_database: Callable[[str], ServiceDatabase]) -> Iterator[RunningService]:
    database = Database(service_database("classification").url, ledger)
    with running(registrations(database, Indexes(read_search_policy()), read_examination())) as service:
        yield service
    database.dispose()


def denied(service: RunningService, method: MethodDescriptor, principal: Principal) -> bool:
    request = GetMessageClass(method.input_type)()
    answer = GetMessageClass(method.output_type)
    path = f"/{SERVICE.full_name}/{method.name}"
    channel = service.channel(principal)
    try:
        if method.client_streaming:
            channel.stream_unary(
                path,
                request_serializer=type(request).SerializeToString,
                response_deserializer=answer.FromString,
            )(iter([request]))
        else:
            channel.unary_unary(
                path,
                request_serializer=type(request).SerializeToString,
                response_deserializer=answer.FromString,
            )(request)
    except grpc.RpcError as error:
        refused = from_rpc_error(error)
        assert refused.code is not ErrorCode.INTERNAL, refused
        return refused.code is ErrorCode.PERMISSION_DENIED
    return False


def test_the_matrix_names_every_method() -> None:
    assert set(MATRIX) == {method.name for method in SERVICE.methods}


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda each: each.role.value)
def test_a_role_may_call_what_the_matrix_says(service: RunningService, principal: Principal) -> None:
    admitted = {method.name for method in SERVICE.methods if not denied(service, method, principal)}
    assert admitted == {
        name for name, letters in MATRIX.items() if principal.role in {LETTERS[letter] for letter in letters}
    }
