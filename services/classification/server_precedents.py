"""PrecedentService over gRPC: the procedure records, and those who examine items look up."""

import grpc
from xuke.classification.v1 import classification_pb2
from xuke.classification.v1 import precedent_pb2 as messages
from xuke.classification.v1 import precedent_pb2_grpc as contract

from services.classification import conversion, precedent_service
from services.classification.domain.item import Item
from services.classification.domain.precedents import Alike, Precedent
from services.classification.precedent_service import OWNERS, READERS, Decided, PrecedentIndexes
from services.foundation.database import Database
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role


class PrecedentServicer(contract.PrecedentServiceServicer):
    """See the contract."""

    def __init__(self, database: Database, indexes: PrecedentIndexes) -> None:
        self._database = database
        self._indexes = indexes

    def RecordPrecedent(
        self, request: messages.RecordPrecedentRequest, context: grpc.ServicerContext
    ) -> messages.Precedent:
        decided_at = None
        if request.HasField("decided_at"):
            decided_at = conversion.instant_of(request.decided_at, "decided_at")
        decided = Decided(
            subject=request.subject,
            item=_item(request.item),
            control_codes=tuple(request.control_codes),
            reason=request.reason,
            decided_by=request.decided_by,
            decided_at=decided_at,
            list_versions=tuple(request.list_versions),
            organisation=request.organisation,
        )
        return transact(
            self._database,
            request,
            messages.Precedent,
            lambda work: _message(precedent_service.record_precedent(work, decided)),
        )

    def FindPrecedents(
        self, request: messages.FindPrecedentsRequest, context: grpc.ServicerContext
    ) -> messages.FindPrecedentsResponse:
        item = _item(request.item)
        with self._database.begin(current_call()) as work:
            found = precedent_service.find_precedents(work, self._indexes, item, request.most)
        return messages.FindPrecedentsResponse(precedents=[_found(each) for each in found])


def _item(message: classification_pb2.Item) -> Item:
    return conversion.item_of(classification_pb2.ClassifyRequest(item=message))


def _found(alike: Alike) -> messages.Precedent:
    message = _message(alike.precedent)
    message.score = f"{alike.score:.4f}"
    return message


def _message(precedent: Precedent) -> messages.Precedent:
    return messages.Precedent(
        precedent_id=str(precedent.precedent_id),
        item=conversion.item_message(precedent.item),
        control_codes=precedent.control_codes,
        reason=precedent.reason,
        decided_by=precedent.decided_by,
        decided_at=conversion.instant(precedent.decided_at),
        subject=precedent.subject,
        list_versions=precedent.list_versions,
    )


def precedent_registration(database: Database, indexes: PrecedentIndexes) -> Registration:
    """The service with the permission of each method."""
    return Registration(
        messages.DESCRIPTOR.services_by_name["PrecedentService"],
        contract.add_PrecedentServiceServicer_to_server,
        PrecedentServicer(database, indexes),
        {
            "RecordPrecedent": allow(Role.PROCEDURE),
            "FindPrecedents": allow(*sorted((READERS | OWNERS) - {Role.PROCEDURE})),
        },
    )
