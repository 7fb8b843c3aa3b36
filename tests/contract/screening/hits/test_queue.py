"""What stands in the queue of hits, in which order, and what leaves nothing in it."""

from xuke.screening.v1 import hit_pb2
from xuke.screening.v1 import screening_pb2 as messages

from services.foundation.ledger import Subject
from tests.contract.screening.cases import export, party
from tests.contract.screening.hits.world import FALSE, PROHIBITED, REVIEW_ONLY, World
from tests.support import identity
from tests.support.services import call_of


def test_a_hit_stands_in_the_queue_with_both_sides_and_the_evidence(world: World) -> None:
    made = world.screen(party(**PROHIBITED))
    (case,) = [one for one in world.queue().hits if one.hit.entry_id == "CONTROL-2026-11-01"]
    assert case.state == messages.HIT_STATE_UNDECIDED
    assert case.screening_id == made.screening_id
    assert case.party.name_zh == PROHIBITED["name_zh"]
    assert (case.entry.name_zh, case.entry.standing) == ("三菱造船株式会社", "IN_FORCE")
    assert case.entry.source.instrument == "商务部公告2026年第11号"
    assert case.hit.evidence == made.hits[0].evidence
    assert (case.cause, list(case.allowed_actions)) == ("SUBMISSION", ["decide"])
    assert made.open_hits == len({hit.hit_id for hit in made.hits})
    with world.database.begin(call_of(identity.AUDITOR)) as work:
        (event,) = work.events(Subject("hit", case.hit_id))
    assert (event.action, event.state) == ("HIT_OPENED", "UNDECIDED")


def test_what_is_screened_once_leaves_nothing_in_the_queue(world: World) -> None:
    made = world.screening().Screen(export(party(**PROHIBITED)))
    assert made.hits[0].hit_id == ""
    assert list(world.queue().hits) == []


def test_the_queue_has_open_ones_first_by_severity_and_pages(world: World) -> None:
    released = world.decide(world.hit(party(**REVIEW_ONLY)), FALSE)
    world.screen(party(**PROHIBITED))
    world.screen(party(name_en="SUBARU Corporation", country="JP"))
    found: list[hit_pb2.HitCase] = []
    token = ""
    while True:
        page = world.queue(page_size=2, page_token=token)
        found += page.hits
        token = page.next_page_token
        if not token:
            break
    severities = [one.hit.verdict for one in found if one.state != messages.HIT_STATE_RELEASED]
    assert severities == sorted(severities, reverse=True)
    assert found[-1].hit_id == released.hit_id
    assert len({one.hit_id for one in found}) == len(found)
    counted = {one.state: one.count for one in page.counts}
    assert counted[messages.HIT_STATE_RELEASED] == 1
    assert sum(counted.values()) == len(found)
    only = world.queue(verdicts=[messages.VERDICT_PROHIBITED], list_code="control_list")
    assert {one.hit.verdict for one in only.hits} == {messages.VERDICT_PROHIBITED}
    assert {one.state for one in world.queue(states=[messages.HIT_STATE_RELEASED]).hits} == {
        messages.HIT_STATE_RELEASED
    }
