"""The gRPC service of re-screening: for the procedure alone."""

from uuid import UUID

import grpc
from xuke.screening.v1 import rescreening_pb2 as messages
from xuke.screening.v1 import rescreening_pb2_grpc as contract

from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.screening import conversion, rescreening_service
from services.screening.bases import Bases
from services.screening.domain.rescreening import Cause
from services.screening.rescreening_service import Result
from services.screening.watch_index import WatchIndex

_MOST_RESULTS = 100

_CAUSES = {
    Cause.LIST_CHANGED: messages.RESCREENING_CAUSE_LIST_CHANGED,
    Cause.RULES_CHANGED: messages.RESCREENING_CAUSE_RULES_CHANGED,
    Cause.PARTY_CHANGED: messages.RESCREENING_CAUSE_PARTY_CHANGED,
    Cause.DAY_CHANGED: messages.RESCREENING_CAUSE_DAY_CHANGED,
    Cause.DECISION_CHANGED: messages.RESCREENING_CAUSE_DECISION_CHANGED,
    Cause.COMPARISON_CHANGED: messages.RESCREENING_CAUSE_COMPARISON_CHANGED,
}


class RescreeningServicer(contract.RescreeningServiceServicer):
    """See the contract."""

    def __init__(self, database: Database, bases: Bases, index: WatchIndex) -> None:
        self._database = database
        self._bases = bases
        self._index = index

    def Rescreen(
        self, request: messages.RescreenRequest, context: grpc.ServicerContext
    ) -> messages.RescreenResponse:
        # The first answer is not kept: what it does is in the database step by step, and asking again goes on.
        done = rescreening_service.rescreen(
            self._database, current_call(), self._bases, self._index, request.most
        )
        return messages.RescreenResponse(screened=done.screened, changed=done.changed, more=done.more)

    def ListUndelivered(
        self, request: messages.ListUndeliveredRequest, context: grpc.ServicerContext
    ) -> messages.ListUndeliveredResponse:
        with self._database.begin(current_call()) as work:
            results, next_page = rescreening_service.undelivered(
                work, request.page_size or _MOST_RESULTS, request.page_token
            )
        answer = messages.ListUndeliveredResponse(
            results=[_message(result) for result in results], next_page_token=next_page
        )
        if results:
            answer.oldest_at.FromDatetime(results[0].changed.recorded_at)
        return answer

    def MarkDelivered(
        self, request: messages.MarkDeliveredRequest, context: grpc.ServicerContext
    ) -> messages.MarkDeliveredResponse:
        def act(work: UnitOfWork) -> messages.MarkDeliveredResponse:
            rescreening_service.mark_delivered(work, [UUID(each) for each in request.screening_ids])
            return messages.MarkDeliveredResponse()

        return transact(self._database, request, messages.MarkDeliveredResponse, act)

    def RescreenOne(
        self, request: messages.RescreenOneRequest, context: grpc.ServicerContext
    ) -> messages.ChangedScreening:
        # The first answer is not kept: a result of before says nothing of now.
        def rescreen() -> messages.ChangedScreening:
            with self._database.begin(current_call()) as work:
                return _message(rescreening_service.rescreen_one(work, self._bases, request.watched_as))

        return self._bases.ready(self._database, current_call(), rescreen)

    def StopWatching(
        self, request: messages.StopWatchingRequest, context: grpc.ServicerContext
    ) -> messages.StopWatchingResponse:
        def act(work: UnitOfWork) -> messages.StopWatchingResponse:
            rescreening_service.stop_watching(work, request.watched_as)
            return messages.StopWatchingResponse()

        return transact(self._database, request, messages.StopWatchingResponse, act)


def _message(result: Result) -> messages.ChangedScreening:
    return messages.ChangedScreening(
        watched_as=result.changed.watched_as,
        screening=conversion.screening_message(result.screening),
        cause=_CAUSES[result.changed.cause],
        cause_version=result.changed.cause_version,
        differs=result.differs,
    )


def rescreening_registration(database: Database, bases: Bases, index: WatchIndex) -> Registration:
    """The service with the permission of each method."""
    procedure = allow(Role.PROCEDURE)
    return Registration(
        messages.DESCRIPTOR.services_by_name["RescreeningService"],
        contract.add_RescreeningServiceServicer_to_server,
        RescreeningServicer(database, bases, index),
        {
            "Rescreen": procedure,
            "ListUndelivered": procedure,
            "MarkDelivered": procedure,
            "RescreenOne": procedure,
            "StopWatching": procedure,
        },
    )
