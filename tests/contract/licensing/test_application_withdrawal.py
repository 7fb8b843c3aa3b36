"""What the procedure reads of an application that was withdrawn: the round it left behind, if any."""

from xuke.licensing.v1 import application_pb2 as messages

from tests.contract.licensing.application_world import World, world

__all__ = ["world"]


def withdrawn(world: World, application_id: str) -> messages.Position:
    world.withdraw(application_id)
    position = world.position(application_id)
    assert position.state == messages.APPLICATION_STATE_WITHDRAWN
    return position


def test_a_round_that_was_left_is_named(world: World) -> None:
    application_id = world.accepted()
    world.consult(application_id)
    assert withdrawn(world, application_id).consultation.round_number == 1


def test_where_no_round_is_open_none_is_named(world: World) -> None:
    for application_id in (world.at_intake(), world.ready()):
        assert not withdrawn(world, application_id).HasField("consultation")
