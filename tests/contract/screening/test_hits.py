"""The review of hits: the queue, who decides, what is remembered, and when it counts no longer."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

import grpc
import pytest
import sqlalchemy
from xuke.screening.v1 import hit_pb2, hit_pb2_grpc
from xuke.screening.v1 import screening_pb2 as messages
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.foundation.principal import Principal, Role
from services.screening import list_service
from services.screening.bases import Bases
from services.screening.domain.lists import PartyList
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.contract.screening.cases import KOREAN_END_USER, export, party, refusal
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, request_id, running

REVIEW_ONLY = {"name_en": "Subaru Engine Works", "country": "KR"}
PROHIBITED = {"name_zh": "三菱造船株式会社", "country": "JP"}
TRUE, FALSE, NEED_MORE = (
    hit_pb2.HIT_DECISION_OUTCOME_TRUE,
    hit_pb2.HIT_DECISION_OUTCOME_FALSE,
    hit_pb2.HIT_DECISION_OUTCOME_NEED_MORE,
)


class World:
    """A service of its own, so that the queue holds what the test put there."""

    def __init__(self, service: RunningService, database: Database, clock: SettableClock) -> None:
        self.database = database
        self.clock = clock
        self._service = service
        self._exports = 0

    def reviewer(self, principal: Principal = identity.MINISTRY_OFFICER) -> hit_pb2_grpc.HitReviewServiceStub:
        return hit_pb2_grpc.HitReviewServiceStub(self._service.channel(principal))

    def screening(self, principal: Principal = identity.PROCEDURE) -> contract.ScreeningServiceStub:
        return contract.ScreeningServiceStub(self._service.channel(principal))

    def screen(self, *parties: messages.Party, watched_as: str = "", **fields: object) -> messages.Screening:
        self._exports += 1
        name = watched_as or f"applications/{self._exports}"
        return self.screening().Screen(export(*parties, watched_as=name, **fields))

    def hit(self, *parties: messages.Party, watched_as: str = "") -> hit_pb2.HitCase:
        """The gravest hit of an export."""
        made = self.screen(*parties, watched_as=watched_as)
        return self.get(made.hits[0].hit_id)

    def get(self, hit_id: str, principal: Principal = identity.MINISTRY_OFFICER) -> hit_pb2.HitCase:
        return self.reviewer(principal).GetHit(hit_pb2.GetHitRequest(hit_id=hit_id))

    def decide(
        self, case: hit_pb2.HitCase, outcome: int, principal: Principal = identity.MINISTRY_OFFICER
    ) -> hit_pb2.HitCase:
        return self.reviewer(principal).DecideHit(
            hit_pb2.DecideHitRequest(
                request_id=request_id(), hit_id=case.hit_id, etag=case.etag, outcome=outcome, reason="核实"
            )
        )

    def countersign(
        self, case: hit_pb2.HitCase, agrees: bool, principal: Principal = identity.MINISTRY_DIRECTOR
    ) -> hit_pb2.HitCase:
        return self.reviewer(principal).CountersignHit(
            hit_pb2.CountersignHitRequest(
                request_id=request_id(), hit_id=case.hit_id, etag=case.etag, agrees=agrees, reason="同意"
            )
        )

    def make_current(self, lists: Iterable[PartyList]) -> None:
        with self.database.begin(call_of(identity.LIST_EDITOR)) as work:
            for listed in lists:
                list_service.load_list(work, listed)

    def screened(self, screening_id: str) -> messages.Screening:
        return self.screening().GetScreening(messages.GetScreeningRequest(screening_id=screening_id))

    def queue(self, **fields: object) -> hit_pb2.ListHitsResponse:
        return self.reviewer().ListHits(hit_pb2.ListHitsRequest(**fields))


@pytest.fixture
def world(
    service_database: Callable[[str], ServiceDatabase], shipped: Shipped, clock: SettableClock
) -> Iterator[World]:
    database = Database(service_database("screening").url, ledger)
    load(database, shipped, clock)
    with running(registrations(database, Bases(read_comparison())), clock) as service:
        yield World(service, database, clock)
    database.dispose()


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


# Replay


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
