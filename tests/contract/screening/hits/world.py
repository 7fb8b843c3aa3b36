"""A service with hits to decide, and the people who decide them."""

from collections.abc import Iterable

from xuke.screening.v1 import hit_pb2, hit_pb2_grpc
from xuke.screening.v1 import screening_pb2 as messages
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.foundation.database import Database
from services.foundation.principal import Principal
from services.screening import list_service
from services.screening.domain.lists import PartyList
from tests.contract.screening.cases import export
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, request_id

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
