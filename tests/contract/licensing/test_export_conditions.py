"""Controlled chemicals of an exporter who is not designated: refused when handed in, at the gate, and to be granted."""

from xuke.licensing.v1 import application_pb2 as messages

from services.foundation.errors import ErrorCode
from tests.contract.licensing.application_world import World, dossier, refusal, world
from tests.contract.licensing.test_assessment import assess

__all__ = ["world"]


def test_a_claimed_chemical_is_refused_when_it_is_handed_in(world: World) -> None:
    content = dossier()
    content.items[0].claimed_control_code = "1C450.c.22"
    application_id = world.drafted(content=content).application_id
    error = refusal(lambda: world.submit(application_id))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(each.field, each.reason) for each in error.violations] == [
        ("dossier.items[0].claimed_control_code", "EXPORTER_NOT_DESIGNATED")
    ]


def test_a_chemical_that_the_checks_find_is_refused_at_the_gate(world: World) -> None:
    application_id = world.submitted().application_id
    position = world.checks(application_id, control_code="1C450.c.22")
    assert position.state == messages.APPLICATION_STATE_GATE_REFUSED
    (notice,) = [each for each in world.case(application_id).notices if each.kind == "GATE_REFUSAL"]
    assert [(each.instrument, each.article) for each in notice.sources] == [
        ("监控化学品管理条例", "Art. 14(2)")
    ]
    assert "被指定单位" in notice.text.zh
    told = world.case(application_id).history[-1]
    assert (told.action, told.details["verdict"], told.details["unmet_kinds"]) == (
        "refuse_at_gate",
        "CLEAR",
        "EXPORTER_NOT_DESIGNATED",
    )


def test_no_grant_can_be_proposed_for_what_a_reviewer_finds_to_be_one(world: World) -> None:
    application_id = world.ready()
    assess(world, application_id, ["1C450.c.22"])
    error = refusal(lambda: world.propose(application_id))
    assert (error.code, error.reason) == (
        ErrorCode.FAILED_PRECONDITION,
        "GRANT_EXPORTER_NOT_DESIGNATED",
    )
