"""A screening is repeated on the versions and the decisions that it rested on."""

from dataclasses import replace
from datetime import date

from xuke.screening.v1 import screening_pb2 as messages
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.screening.bases import Bases
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from tests.contract.screening.cases import party
from tests.contract.screening.hits.world import FALSE, REVIEW_ONLY, World
from tests.support import identity
from tests.support.services import SettableClock, running


def test_a_replay_gives_the_same_bytes_with_the_decisions_of_then(world: World, shipped: Shipped) -> None:
    case = world.hit(party(**REVIEW_ONLY), watched_as="applications/g")
    before = case.screening_id
    world.decide(case, FALSE)
    released = world.screen(party(**REVIEW_ONLY), watched_as="applications/g").screening_id
    world.make_current(replace(listed, read_on=date(2026, 11, 1)).versioned() for listed in shipped.lists)
    assert world.screen(party(**REVIEW_ONLY)).versions != world.screened(before).versions
    for screening_id, verdict in ((before, messages.VERDICT_REVIEW), (released, messages.VERDICT_CLEAR)):
        replayed = world.screening(identity.AUDITOR).ReplayScreening(
            messages.ReplayScreeningRequest(screening_id=screening_id)
        )
        assert replayed.identical
        assert replayed.recorded_sha256 == replayed.replayed_sha256 != ""
        assert replayed.missing_version == ""
        assert replayed.screening.verdict == verdict


def test_what_another_comparison_made_is_not_replayed(world: World, clock: SettableClock) -> None:
    made = world.screen(party(**REVIEW_ONLY))
    other = replace(read_comparison(), version="NAME-COMPARISON of another program")
    with running(registrations(world.database, Bases(other)), clock) as service:
        stub = contract.ScreeningServiceStub(service.channel(identity.AUDITOR))
        replayed = stub.ReplayScreening(messages.ReplayScreeningRequest(screening_id=made.screening_id))
    assert not replayed.identical
    assert (replayed.replayed_sha256, replayed.missing_version) == ("", read_comparison().version)
