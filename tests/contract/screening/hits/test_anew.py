"""What was decided is decided anew once the party, the entry or its measures are others."""

from dataclasses import replace

from xuke.screening.v1 import screening_pb2 as messages

from services.screening.domain.lists import PartyList
from services.screening.reference_files import Shipped
from tests.contract.screening.cases import party
from tests.contract.screening.hits.world import FALSE, REVIEW_ONLY, World
from tests.support import identity


def test_a_changed_party_is_decided_anew_and_shows_what_was_decided_before(world: World) -> None:
    case = world.hit(party(**REVIEW_ONLY), watched_as="applications/d")
    world.decide(case, FALSE)
    moved = messages.Party(
        role=messages.PARTY_ROLE_END_USER,
        name_en=REVIEW_ONLY["name_en"],
        country="KR",
        address="12 Other Street",
    )
    again = world.screen(moved, watched_as="applications/d")
    assert (again.verdict, again.open_hits) == (messages.VERDICT_REVIEW, 1)
    other = world.get(again.hits[0].hit_id)
    assert other.hit_id != case.hit_id
    assert [decision.void_because for decision in other.decisions] == ["PARTY_CHANGED"]
    # The hit of the party as it was has left the queue.
    assert case.hit_id not in {one.hit_id for one in world.queue(watched_as="applications/d").hits}


def test_a_changed_entry_voids_the_decision(world: World, shipped: Shipped) -> None:
    case = world.hit(party(**REVIEW_ONLY), watched_as="applications/e")
    world.decide(case, FALSE)
    world.make_current(_with_another_alias(listed, case.hit.entry_id) for listed in shipped.lists)
    again = world.screen(party(**REVIEW_ONLY), watched_as="applications/e")
    assert again.open_hits == 1
    (hit,) = [one for one in again.hits if one.entry_id == case.hit.entry_id]
    assert hit.hit_id == case.hit_id
    opened = world.get(hit.hit_id)
    assert opened.state == messages.HIT_STATE_UNDECIDED
    assert [decision.void_because for decision in opened.decisions] == ["ENTRY_CHANGED"]


def _with_another_alias(listed: PartyList, entry_id: str) -> PartyList:
    entries = tuple(
        replace(entry, aliases=(*entry.aliases, "Fuji Heavy Industries"))
        if entry.entry_id == entry_id
        else entry
        for entry in listed.entries
    )
    return replace(listed, entries=entries).versioned()


def test_one_persons_release_waits_for_a_second_once_the_measures_are_in_force_again(
    world: World, shipped: Shipped
) -> None:
    suspended = {"name_en": "Leidos", "country": "US"}
    case = world.hit(party(**suspended), watched_as="applications/f")
    assert case.hit.verdict == messages.VERDICT_REVIEW
    assert world.decide(case, FALSE).state == messages.HIT_STATE_RELEASED
    # The same entry, on a day on which its measures applied.
    again = world.screen(party(**suspended), watched_as="applications/f", as_of="2025-06-01")
    assert again.verdict == messages.VERDICT_PROHIBITED
    waiting = world.get(case.hit_id, identity.MINISTRY_DIRECTOR)
    assert waiting.state == messages.HIT_STATE_AWAITING_SECOND
    assert world.countersign(waiting, True).state == messages.HIT_STATE_RELEASED
    last = world.screen(party(**suspended), watched_as="applications/f", as_of="2025-06-01")
    assert next(hit for hit in last.hits if hit.hit_id == case.hit_id).state == messages.HIT_STATE_RELEASED
