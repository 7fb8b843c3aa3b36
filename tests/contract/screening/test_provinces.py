"""A province reads what was screened for its own applicants, and nothing of others."""

from collections.abc import Callable

import pytest
from xuke.screening.v1 import hit_pb2, hit_pb2_grpc
from xuke.screening.v1 import screening_pb2 as messages

from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.principal import Principal, Role
from services.screening.store.hit_tables import hit, hit_countersignature, hit_decision
from services.screening.store.tables import screening
from services.screening.store.watched_tables import watched_export
from tests.contract.screening.cases import KOREAN_END_USER, export, party, refusal
from tests.contract.screening.conftest import Stub
from tests.support import identity
from tests.support.services import RunningService, call_of, request_id

JIANGSU, GUANGDONG = identity.PROVINCIAL_OFFICER, identity.OTHER_PROVINCE
WITHOUT_PROVINCE = Principal("province-3", "Zhu", Role.PROVINCIAL_OFFICER)
PROHIBITED = {"name_zh": "三菱造船株式会社", "country": "JP"}

Review = Callable[[Principal], hit_pb2_grpc.HitReviewServiceStub]


@pytest.fixture
def review(service: RunningService) -> Review:
    return lambda principal: hit_pb2_grpc.HitReviewServiceStub(service.channel(principal))


def screened(stub: Stub, name: str, province: str, *parties: messages.Party) -> messages.Screening:
    """As the procedure screens the application of an applicant of a province."""
    request = export(*parties or (party(**PROHIBITED),), watched_as=f"applications/{name}", province=province)
    return stub(identity.PROCEDURE).Screen(request)


def hits_of(review: Review, principal: Principal, name: str) -> hit_pb2.ListHitsResponse:
    return review(principal).ListHits(hit_pb2.ListHitsRequest(watched_as=f"applications/{name}"))


def released_by_two(review: Review, hit_id: str) -> None:
    case = review(identity.MINISTRY_OFFICER).GetHit(hit_pb2.GetHitRequest(hit_id=hit_id))
    decided = review(identity.MINISTRY_OFFICER).DecideHit(
        hit_pb2.DecideHitRequest(
            request_id=request_id(),
            hit_id=hit_id,
            etag=case.etag,
            outcome=hit_pb2.HIT_DECISION_OUTCOME_FALSE,
            reason="另一家企业",
        )
    )
    review(identity.MINISTRY_DIRECTOR).CountersignHit(
        hit_pb2.CountersignHitRequest(
            request_id=request_id(), hit_id=hit_id, etag=decided.etag, agrees=True, reason="同意"
        )
    )


def not_found(act: Callable[[], object]) -> bool:
    error: XukeError = refusal(act)
    return error.code is ErrorCode.NOT_FOUND


def test_a_province_reads_and_replays_the_screenings_of_its_own_applicants(stub: Stub) -> None:
    made = screened(stub, "own", "32")
    get = messages.GetScreeningRequest(screening_id=made.screening_id)
    replay = messages.ReplayScreeningRequest(screening_id=made.screening_id)
    assert stub(JIANGSU).GetScreening(get) == made
    assert stub(JIANGSU).ReplayScreening(replay).identical
    assert not_found(lambda: stub(GUANGDONG).GetScreening(get))
    assert not_found(lambda: stub(GUANGDONG).ReplayScreening(replay))
    assert stub(identity.MINISTRY_OFFICER).GetScreening(get) == made


def test_a_province_reads_the_hits_of_its_own_applicants(stub: Stub, review: Review) -> None:
    made = screened(stub, "hits", "32")
    request = hit_pb2.GetHitRequest(hit_id=made.hits[0].hit_id)
    assert hits_of(review, JIANGSU, "hits") == hits_of(review, identity.AUDITOR, "hits")
    assert hits_of(review, JIANGSU, "hits").counts
    assert review(JIANGSU).GetHit(request).hit == made.hits[0]
    assert hits_of(review, GUANGDONG, "hits") == hit_pb2.ListHitsResponse()
    assert not_found(lambda: review(GUANGDONG).GetHit(request))


def test_what_is_of_no_province_is_of_no_province(stub: Stub, review: Review) -> None:
    made = screened(stub, "nobody's", "")
    get = messages.GetScreeningRequest(screening_id=made.screening_id)
    for principal in (JIANGSU, GUANGDONG, WITHOUT_PROVINCE):
        assert not_found(lambda principal=principal: stub(principal).GetScreening(get))
        assert hits_of(review, principal, "nobody's") == hit_pb2.ListHitsResponse()
    assert stub(identity.MINISTRY_OFFICER).GetScreening(get) == made


def test_what_a_province_screens_itself_is_its_own_whatever_it_states(stub: Stub) -> None:
    made = stub(JIANGSU).Screen(export(KOREAN_END_USER, province="44"))
    get = messages.GetScreeningRequest(screening_id=made.screening_id)
    assert stub(JIANGSU).GetScreening(get) == made
    assert not_found(lambda: stub(GUANGDONG).GetScreening(get))


def test_an_officer_of_no_province_screens_nothing(stub: Stub) -> None:
    error = refusal(lambda: stub(WITHOUT_PROVINCE).Screen(export(KOREAN_END_USER)))
    assert (error.code, error.reason) == (ErrorCode.PERMISSION_DENIED, "SCREENING_OF_NO_PROVINCE")


def test_a_screening_that_the_ministry_makes_for_a_province_is_read_there(stub: Stub) -> None:
    made = stub(identity.MINISTRY_OFFICER).Screen(export(KOREAN_END_USER, province="44"))
    get = messages.GetScreeningRequest(screening_id=made.screening_id)
    assert stub(GUANGDONG).GetScreening(get) == made
    assert not_found(lambda: stub(JIANGSU).GetScreening(get))


def test_a_decision_counts_everywhere_and_is_read_where_its_party_exports(
    stub: Stub, review: Review, database: Database
) -> None:
    elsewhere = party(name_zh="三菱造船株式会社", country="JP", role=messages.PARTY_ROLE_IMPORTER)
    made = screened(stub, "decided", "44", elsewhere)
    hit_id = made.hits[0].hit_id
    released_by_two(review, hit_id)
    seen = review(GUANGDONG).GetHit(hit_pb2.GetHitRequest(hit_id=hit_id))
    assert [(one.reason, one.agreed) for one in seen.decisions] == [("另一家企业", True)]
    # What two people agreed on counts for a province that may not read why.
    own = stub(JIANGSU).Screen(export(elsewhere))
    assert {one.entry_id: one.state for one in own.hits}[made.hits[0].entry_id] == messages.HIT_STATE_RELEASED
    assert _rows(database, GUANGDONG) > {"hit_decision"}


def test_the_database_itself_keeps_provinces_apart(stub: Stub, review: Review, database: Database) -> None:
    only_there = party(name_zh="三菱造船株式会社", country="JP", role=messages.PARTY_ROLE_CONSIGNEE)
    far = Principal("province-4", "Xu", Role.PROVINCIAL_OFFICER, province="54")
    made = screened(stub, "apart", "44", only_there)
    released_by_two(review, made.hits[0].hit_id) if made.hits[
        0
    ].state != messages.HIT_STATE_RELEASED else None
    assert _rows(database, GUANGDONG) == {
        "screening",
        "hit",
        "hit_decision",
        "hit_countersignature",
        "watched_export",
    }
    assert _rows(database, far) == set()
    assert _rows(database, WITHOUT_PROVINCE) == set()


def _rows(database: Database, principal: Principal) -> set[str]:
    """The tables of which somebody sees any row."""
    with database.begin(call_of(principal)) as work:
        return {
            table.name
            for table in (screening, hit, hit_decision, hit_countersignature, watched_export)
            if work.connection.execute(table.select().limit(1)).first() is not None
        }
