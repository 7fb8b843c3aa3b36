"""The gRPC service of classification, and who may call each method."""

from collections.abc import Callable
from datetime import datetime

import grpc
from xuke.classification.v1 import classification_pb2 as messages
from xuke.classification.v1 import classification_pb2_grpc as contract

from services.classification import (
    conversion,
    precedent_service,
    server_inquiries,
    server_products,
    server_requirements,
    service,
    stored_items,
)
from services.classification.desk import Desk, read_desk
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.papers.rendering import PaperRenderer
from services.classification.precedent_service import PrecedentIndexes
from services.classification.reference_files import read_search_policy
from services.classification.requirement_files import read_requirements
from services.classification.server_control_lists import ControlLists, control_list_registration
from services.classification.server_precedents import precedent_registration
from services.foundation.clock import legal_day
from services.foundation.database import Database, UnitOfWork
from services.foundation.errors import invalid_field, permission_denied
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.foundation.permissions import allow
from services.foundation.principal import Role

# What is controlled is public: whoever has an account may ask.
_EVERYBODY = allow(*Role)


class ClassificationServicer(contract.ClassificationServiceServicer):
    """Answers what is asked; what is classified for a subject of the procedure is kept besides."""

    def __init__(
        self,
        database: Database,
        indexes: Indexes,
        examination: Examination,
        precedents: PrecedentIndexes,
    ) -> None:
        self._database = database
        self._indexes = indexes
        self._examination = examination
        self._precedents = precedents

    def Classify(
        self, request: messages.ClassifyRequest, context: grpc.ServicerContext
    ) -> messages.ClassifyResponse:
        item, day = conversion.item_of(request), conversion.day_of(request.as_of)
        known_at = _known_at(request)
        _require_may_keep(request)
        with self._database.begin(current_call()) as work:
            found = precedent_service.proposing(work, self._precedents, known_at)
            answer = service.classify_item(
                work, self._indexes, self._examination, item, day, request.regime, known_at, found
            )
            if request.subject and not stored_items.is_kept(work, request.subject, item):
                # What a later list is held against is what the lists say; precedents come and go by themselves.
                by_lists = (
                    service.classify_item(work, self._indexes, self._examination, item, day, request.regime)
                    if found.proposed
                    else answer
                )
                stored_items.keep(work, request.subject, request.organisation, item, by_lists, request.regime)
        return conversion.answer_message(answer)

    def CloseItems(
        self, request: messages.CloseItemsRequest, context: grpc.ServicerContext
    ) -> messages.CloseItemsResponse:
        def close(work: UnitOfWork) -> messages.CloseItemsResponse:
            stored_items.close_application(work, request.application_id, request.except_submission)
            return messages.CloseItemsResponse()

        return transact(self._database, request, messages.CloseItemsResponse, close)

    def GetEntry(self, request: messages.GetEntryRequest, context: grpc.ServicerContext) -> messages.Entry:
        day = conversion.day_of(request.as_of) or legal_day(current_call().now)
        with self._database.begin(current_call()) as work:
            found = service.get_entry(
                work, self._indexes, request.control_code, request.regime, _known_at(request)
            )
        return conversion.entry_message(found, day)

    def SearchEntries(
        self, request: messages.SearchEntriesRequest, context: grpc.ServicerContext
    ) -> messages.SearchEntriesResponse:
        day = conversion.day_of(request.as_of) or legal_day(current_call().now)
        with self._database.begin(current_call()) as work:
            found = service.search_entries(
                work, self._indexes, request.query, request.regime, _known_at(request)
            )
        start = _start(request.page_token, found.list_versions)
        end = start + page_size(request.page_size)
        more = len(found.entries) > end
        return messages.SearchEntriesResponse(
            entries=[conversion.entry_message(each, day) for each in found.entries[start:end]],
            next_page_token=encode_page_token(*found.list_versions, str(end)) if more else "",
            list_versions=found.list_versions,
        )

    def ListListVersions(
        self, request: messages.ListListVersionsRequest, context: grpc.ServicerContext
    ) -> messages.ListListVersionsResponse:
        with self._database.begin(current_call()) as work:
            versions = service.list_versions(work)
        return messages.ListListVersionsResponse(
            versions=[
                conversion.version_message(
                    version, is_current=at == 0 or versions[at - 1].version.regime != version.version.regime
                )
                for at, version in enumerate(versions)
            ]
        )


def _known_at(
    request: messages.ClassifyRequest | messages.GetEntryRequest | messages.SearchEntriesRequest,
) -> datetime | None:
    return conversion.instant_of(request.known_at, "known_at") if request.HasField("known_at") else None


def _require_may_keep(request: messages.ClassifyRequest) -> None:
    """Only the procedure says whose item a classification is kept for, and only as it is now."""
    if not request.subject:
        return
    if current_call().principal.role is not Role.PROCEDURE:
        raise permission_denied("CLASSIFICATION_SUBJECT_OF_PROCEDURE")
    if request.HasField("known_at"):
        raise invalid_field("known_at", "CLASSIFICATION_KEPT_AS_KNOWN_NOW")


def _start(page_token: str, list_versions: tuple[str, ...]) -> int:
    """Where a page starts. A token of another list version would skip or repeat entries and is refused."""
    position = decode_page_token(page_token, len(list_versions) + 1)
    if position is None:
        return 0
    if position[:-1] != list_versions or not position[-1].isdecimal():
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID")
    return int(position[-1])


def _nobody() -> None:
    """Nobody waits for an activation."""


def registrations(
    database: Database,
    indexes: Indexes,
    examination: Examination,
    activated: Callable[[], None] = _nobody,
    desk: Desk | None = None,
) -> list[Registration]:
    """The services with the permission of each method.

    `activated` is told when a list has come to count; `desk` is the consultation desk, None the one as shipped.
    """
    precedents = PrecedentIndexes(read_search_policy().vocabulary)
    return [
        Registration(
            messages.DESCRIPTOR.services_by_name["ClassificationService"],
            contract.add_ClassificationServiceServicer_to_server,
            ClassificationServicer(database, indexes, examination, precedents),
            {
                "Classify": _EVERYBODY,
                "CloseItems": allow(Role.PROCEDURE),
                "GetEntry": _EVERYBODY,
                "SearchEntries": _EVERYBODY,
                "ListListVersions": _EVERYBODY,
            },
        ),
        control_list_registration(ControlLists(database, indexes, examination, activated)),
        precedent_registration(database, precedents),
        server_inquiries.registration(database, indexes, examination, desk or read_desk()),
        server_products.registration(database, indexes, examination, PaperRenderer()),
        server_requirements.registration(database, indexes, read_requirements()),
    ]
