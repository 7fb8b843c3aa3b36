"""The gRPC service of the review of hits, and who may call each method."""

from uuid import UUID

import grpc
from xuke.screening.v1 import hit_pb2 as messages
from xuke.screening.v1 import hit_pb2_grpc as contract

from services.foundation.clock import legal_day
from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.screening import conversion_hits as conversion
from services.screening import hit_service
from services.screening.hit_service import DECIDERS, HitCase

_QUEUE_READERS = (*DECIDERS, Role.PROVINCIAL_OFFICER, Role.ENFORCEMENT_OFFICER, Role.AUDITOR)
# An agency reads the hits that a case names of which it is asked, and none of other cases.
_READERS = (*_QUEUE_READERS, Role.AGENCY_REVIEWER)


class HitReviewServicer(contract.HitReviewServiceServicer):
    """Officers read the hits of open applications and live licences; the ministry decides them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ListHits(
        self, request: messages.ListHitsRequest, context: grpc.ServicerContext
    ) -> messages.ListHitsResponse:
        with self._database.begin(current_call()) as work:
            page = hit_service.list_hits(
                work, conversion.queue_of(request), request.page_size, request.page_token
            )
            return conversion.page_message(page, legal_day(work.call.now))

    def GetHit(self, request: messages.GetHitRequest, context: grpc.ServicerContext) -> messages.HitCase:
        with self._database.begin(current_call()) as work:
            return _message(work, hit_service.get_hit(work, UUID(request.hit_id)))

    def DecideHit(
        self, request: messages.DecideHitRequest, context: grpc.ServicerContext
    ) -> messages.HitCase:
        def act(work: UnitOfWork) -> messages.HitCase:
            outcome = conversion.OUTCOMES[request.outcome]
            return _message(
                work, hit_service.decide(work, UUID(request.hit_id), request.etag, outcome, request.reason)
            )

        return transact(self._database, request, messages.HitCase, act)

    def CountersignHit(
        self, request: messages.CountersignHitRequest, context: grpc.ServicerContext
    ) -> messages.HitCase:
        def act(work: UnitOfWork) -> messages.HitCase:
            return _message(
                work,
                hit_service.countersign(
                    work, UUID(request.hit_id), request.etag, request.agrees, request.reason
                ),
            )

        return transact(self._database, request, messages.HitCase, act)


def _message(work: UnitOfWork, case: HitCase) -> messages.HitCase:
    return conversion.case_message(case, legal_day(work.call.now))


def hit_review_registration(database: Database) -> Registration:
    """The service with the permission of each method."""
    return Registration(
        messages.DESCRIPTOR.services_by_name["HitReviewService"],
        contract.add_HitReviewServiceServicer_to_server,
        HitReviewServicer(database),
        {
            "ListHits": allow(*_QUEUE_READERS),
            "GetHit": allow(*_READERS),
            "DecideHit": allow(*DECIDERS),
            "CountersignHit": allow(*DECIDERS),
        },
    )
