"""Who may see hits and decide them, by the service and by the database."""

from collections.abc import Callable

import grpc
import pytest
import sqlalchemy
from xuke.screening.v1 import hit_pb2
from xuke.screening.v1 import screening_pb2 as messages

from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Role
from tests.contract.screening.cases import party, refusal
from tests.contract.screening.hits.world import NEED_MORE, PROHIBITED, World
from tests.support import identity
from tests.support.services import call_of


def test_an_unknown_hit_is_not_found(world: World) -> None:
    unknown = "0198a000-0000-7000-8000-000000000000"
    assert refusal(lambda: world.get(unknown)).code is ErrorCode.NOT_FOUND


_DECIDE = {Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR}
_LIST = _DECIDE | {Role.PROVINCIAL_OFFICER, Role.ENFORCEMENT_OFFICER, Role.AUDITOR}
_READ = _LIST | {Role.AGENCY_REVIEWER}
_REPLAY = _DECIDE | {Role.PROVINCIAL_OFFICER, Role.ENFORCEMENT_OFFICER, Role.AUDITOR}


def test_who_may_do_what(world: World) -> None:
    for principal in identity.ONE_OF_EACH_ROLE:
        made = world.screen(party(**PROHIBITED))
        case = world.get(made.hits[0].hit_id)
        replay = messages.ReplayScreeningRequest(screening_id=made.screening_id)
        listing = hit_pb2.ListHitsRequest()
        for act, allowed in (
            (lambda who=principal, what=listing: world.reviewer(who).ListHits(what), _LIST),
            (lambda who=principal, what=case: world.get(what.hit_id, who), _READ),
            (lambda who=principal, what=replay: world.screening(who).ReplayScreening(what), _REPLAY),
            (lambda who=principal, what=case: world.decide(what, NEED_MORE, who), _DECIDE),
            (lambda who=principal, what=case: world.countersign(what, True, who), _DECIDE),
        ):
            refused = reason_of(act) == "ROLE_NOT_ALLOWED"
            assert refused is (principal.role not in allowed)


def reason_of(act: Callable[[], object]) -> str:
    """Why an act is refused; empty where it is not. A refusal by the state of the hit is none by the role."""
    try:
        act()
    except grpc.RpcError as error:
        return from_rpc_error(error).reason
    return ""


def test_the_database_shows_no_hit_to_an_applicant_and_lets_no_reader_decide(world: World) -> None:
    world.screen(party(**PROHIBITED), province=identity.PROVINCIAL_OFFICER.province)
    seen = {}
    for principal in (identity.EXPORTER, identity.CUSTOMS_OFFICER, identity.AUDITOR):
        with world.database.begin(call_of(principal)) as work:
            seen[principal.role.value] = bool(
                work.connection.execute(sqlalchemy.text("SELECT * FROM hit")).first()
            )
    assert seen == {"exporter": False, "customs_officer": False, "auditor": True}
    statement = (
        "INSERT INTO hit_decision (resemblance_id, outcome, reason, decided_by, decided_at)"
        " SELECT resemblance_id, 'FALSE', 'x', 'y', now() FROM hit"
    )
    with (
        pytest.raises(sqlalchemy.exc.ProgrammingError, match="row-level security"),
        world.database.begin(call_of(identity.PROVINCIAL_OFFICER)) as work,
    ):
        work.connection.execute(sqlalchemy.text(statement))
