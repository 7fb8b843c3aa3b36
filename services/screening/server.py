"""The gRPC service of screening, and who may call each method."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import grpc
from xuke.screening.v1 import screening_pb2 as messages
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.screening import conversion, list_service, rescreening_service, service
from services.screening.bases import Bases
from services.screening.domain.lists import PartyList
from services.screening.server_hits import hit_review_registration
from services.screening.server_lists import list_registration
from services.screening.server_rescreening import rescreening_registration
from services.screening.watch_index import WatchIndex

_SCREENERS = (
    Role.PROCEDURE,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.ENFORCEMENT_OFFICER,
)
_REPLAYERS = (
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
)


class ScreeningServicer(contract.ScreeningServiceServicer):
    """Screens on behalf of the procedure and of officers; the applicant sees only what follows from it."""

    def __init__(self, database: Database, bases: Bases) -> None:
        self._database = database
        self._bases = bases

    def Screen(self, request: messages.ScreenRequest, context: grpc.ServicerContext) -> messages.Screening:
        screening = rescreening_service.screen_watched if request.watched_as else service.screen_export

        def act(work: UnitOfWork) -> messages.Screening:
            return conversion.screening_message(
                screening(
                    work,
                    self._bases,
                    request.subject,
                    conversion.export_of(request),
                    conversion.stated(request),
                    conversion.day_of(request.as_of),
                )
            )

        return self._bases.ready(
            self._database,
            current_call(),
            lambda: transact(self._database, request, messages.Screening, act),
        )

    def GetScreening(
        self, request: messages.GetScreeningRequest, context: grpc.ServicerContext
    ) -> messages.Screening:
        with self._database.begin(current_call()) as work:
            return conversion.screening_message(service.get_screening(work, UUID(request.screening_id)))

    def ReplayScreening(
        self, request: messages.ReplayScreeningRequest, context: grpc.ServicerContext
    ) -> messages.Replay:
        def replay() -> messages.Replay:
            with self._database.begin(current_call()) as work:
                return conversion.replay_message(
                    service.replay(
                        work,
                        self._bases,
                        UUID(request.screening_id),
                        lambda stated: conversion.export_of(conversion.restated(stated)),
                    )
                )

        return self._bases.ready(self._database, current_call(), replay)

    def ListPartyLists(
        self, request: messages.ListPartyListsRequest, context: grpc.ServicerContext
    ) -> messages.ListPartyListsResponse:
        def current() -> Sequence[tuple[PartyList, datetime]]:
            with self._database.begin(current_call()) as work:
                return list_service.current_lists(work, self._bases)

        lists = self._bases.ready(self._database, current_call(), current)
        return messages.ListPartyListsResponse(
            lists=[conversion.party_list_message(listed, since) for listed, since in lists]
        )


def registrations(database: Database, bases: Bases) -> list[Registration]:
    """The services with the permission of each method."""
    index = WatchIndex()
    return [
        Registration(
            messages.DESCRIPTOR.services_by_name["ScreeningService"],
            contract.add_ScreeningServiceServicer_to_server,
            ScreeningServicer(database, bases),
            {
                "Screen": allow(*_SCREENERS),
                "GetScreening": allow(*_SCREENERS, Role.AGENCY_REVIEWER, Role.AUDITOR),
                "ReplayScreening": allow(*_REPLAYERS),
                # The lists are published: whoever has an account may see which are loaded.
                "ListPartyLists": allow(*Role),
            },
        ),
        hit_review_registration(database),
        rescreening_registration(database, bases, index),
        list_registration(database, bases, index),
    ]
