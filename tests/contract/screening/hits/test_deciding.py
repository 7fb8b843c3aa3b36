"""Who decides a hit, what is remembered of it, and when it counts no longer."""

from xuke.screening.v1 import screening_pb2 as messages

from services.foundation.errors import ErrorCode
from services.foundation.ledger import Subject
from tests.contract.screening.cases import KOREAN_END_USER, export, party, refusal
from tests.contract.screening.hits.world import FALSE, NEED_MORE, PROHIBITED, REVIEW_ONLY, TRUE, World
from tests.support import identity
from tests.support.services import call_of


def test_released_by_one_where_it_does_not_prohibit(world: World) -> None:
    case = world.hit(party(**REVIEW_ONLY), watched_as="applications/a")
    decided = world.decide(case, FALSE)
    assert decided.state == messages.HIT_STATE_RELEASED
    assert [decision.outcome for decision in decided.decisions] == [FALSE]
    assert decided.decisions[0].decided_by == identity.MINISTRY_OFFICER.subject

    again = world.screen(party(**REVIEW_ONLY), watched_as="applications/a")
    assert again.verdict == messages.VERDICT_CLEAR
    assert again.open_hits == 0
    assert [hit.state for hit in again.hits] == [messages.HIT_STATE_RELEASED]
    assert "counts no longer" in again.hits[0].explanation.en


def test_a_decision_counts_for_the_same_party_in_every_export_and_role(world: World) -> None:
    world.decide(world.hit(party(**REVIEW_ONLY)), FALSE)
    spaced = party(name_en="SUBARU  Engine Works", country="KR", role=messages.PARTY_ROLE_CONSIGNEE)
    assert world.screen(KOREAN_END_USER, spaced).verdict == messages.VERDICT_CLEAR
    # An export that nobody watches is screened with the same memory.
    assert world.screening().Screen(export(party(**REVIEW_ONLY))).verdict == messages.VERDICT_CLEAR


def test_confirmed_takes_the_verdict_of_the_list(world: World) -> None:
    case = world.hit(party(**REVIEW_ONLY), watched_as="applications/b")
    assert case.hit.verdict == messages.VERDICT_REVIEW
    decided = world.decide(case, TRUE)
    assert decided.state == messages.HIT_STATE_CONFIRMED
    again = world.screen(party(**REVIEW_ONLY), watched_as="applications/b")
    assert (again.verdict, again.open_hits) == (messages.VERDICT_RESTRICTED, 0)


def test_more_is_needed_and_then_known(world: World) -> None:
    asked = world.decide(world.hit(party(**REVIEW_ONLY)), NEED_MORE)
    assert asked.state == messages.HIT_STATE_NEEDS_MORE
    assert world.screen(party(**REVIEW_ONLY)).open_hits == 1
    decided = world.decide(asked, FALSE)
    assert [decision.outcome for decision in decided.decisions] == [FALSE, NEED_MORE]


def test_what_prohibits_is_released_by_two(world: World) -> None:
    case = world.hit(party(**PROHIBITED), watched_as="applications/c")
    proposed = world.decide(case, FALSE)
    assert proposed.state == messages.HIT_STATE_AWAITING_SECOND
    assert list(proposed.allowed_actions) == []
    assert list(world.get(case.hit_id, identity.MINISTRY_DIRECTOR).allowed_actions) == ["countersign"]
    assert (
        world.screen(party(**PROHIBITED), watched_as="applications/c").verdict == messages.VERDICT_PROHIBITED
    )

    refused = refusal(lambda: world.countersign(proposed, True, identity.MINISTRY_OFFICER))
    assert (refused.code, refused.reason) == (ErrorCode.FAILED_PRECONDITION, "FOUR_EYES")
    released = world.countersign(proposed, True)
    assert released.state == messages.HIT_STATE_RELEASED
    assert released.decisions[0].agreed
    assert released.decisions[0].countersigned_by == identity.MINISTRY_DIRECTOR.subject
    again = world.screen(party(**PROHIBITED), watched_as="applications/c")
    hit = next(one for one in again.hits if one.hit_id == case.hit_id)
    assert hit.state == messages.HIT_STATE_RELEASED


def test_a_second_person_may_send_it_back(world: World) -> None:
    proposed = world.decide(world.hit(party(**PROHIBITED)), FALSE)
    back = world.countersign(proposed, False)
    assert back.state == messages.HIT_STATE_UNDECIDED
    assert (back.decisions[0].agreed, back.decisions[0].countersign_reason) == (False, "同意")
    proposed = world.decide(back, FALSE, identity.MINISTRY_DIRECTOR)
    assert world.countersign(proposed, True, identity.MINISTRY_OFFICER).state == messages.HIT_STATE_RELEASED


def test_what_was_confirmed_is_undone_by_two(world: World) -> None:
    confirmed = world.decide(world.hit(party(**REVIEW_ONLY)), TRUE)
    assert world.decide(confirmed, FALSE).state == messages.HIT_STATE_AWAITING_SECOND


def test_what_was_once_confirmed_is_released_by_two_whatever_came_between(world: World) -> None:
    confirmed = world.decide(world.hit(party(**REVIEW_ONLY), watched_as="applications/f"), TRUE)
    world.screen(party(**REVIEW_ONLY), watched_as="applications/f")
    asked = world.decide(world.get(confirmed.hit_id), NEED_MORE)
    world.screen(party(**REVIEW_ONLY), watched_as="applications/f")
    assert world.get(asked.hit_id).hit.verdict == messages.VERDICT_REVIEW
    proposed = world.decide(world.get(asked.hit_id), FALSE)
    assert proposed.state == messages.HIT_STATE_AWAITING_SECOND
    back = world.countersign(proposed, False)
    assert world.decide(back, FALSE).state == messages.HIT_STATE_AWAITING_SECOND


def test_a_step_that_is_not_in_the_table_is_refused_and_names_the_state(world: World) -> None:
    case = world.hit(party(**REVIEW_ONLY))
    refused = refusal(lambda: world.countersign(case, True))
    assert refused.reason == "HIT_STATE"
    assert refused.metadata["state"] == "UNDECIDED"
    proposed = world.decide(world.hit(party(**PROHIBITED)), FALSE)
    assert refusal(lambda: world.decide(proposed, TRUE, identity.MINISTRY_DIRECTOR)).reason == "HIT_STATE"


def test_whoever_read_an_older_state_decides_nothing(world: World) -> None:
    case = world.hit(party(**REVIEW_ONLY))
    world.decide(case, NEED_MORE)
    refused = refusal(lambda: world.decide(case, FALSE))
    assert (refused.code, refused.reason) == (ErrorCode.ABORTED, "STALE_ETAG")


def test_decisions_are_in_the_record(world: World) -> None:
    case = world.hit(party(**PROHIBITED))
    world.countersign(world.decide(case, FALSE), True)
    with world.database.begin(call_of(identity.AUDITOR)) as work:
        events = work.events(Subject("hit", case.hit_id))
    assert [(event.action, event.state) for event in events] == [
        ("HIT_OPENED", "UNDECIDED"),
        ("HIT_PROPOSE_RELEASE", "AWAITING_SECOND"),
        ("HIT_AGREE", "RELEASED"),
    ]
    assert "核实" not in str([event.payload for event in events])
