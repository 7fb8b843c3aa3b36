"""The gRPC service of control lists as data, and who may call each method."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn
from uuid import UUID

import grpc
from xuke.classification.v1 import control_list_pb2 as messages
from xuke.classification.v1 import control_list_pb2_grpc as contract

from services.classification import conversion_control_lists as conversion
from services.classification import (
    proposal_drafts,
    proposal_service,
    proposal_views,
    reclassification,
    temporary_controls,
)
from services.classification.conversion import instant_of
from services.classification.domain.interpretations import rules_of
from services.classification.domain.list_records import ProposalRecord
from services.classification.examination import ENCODED_REGIME, Examination
from services.classification.imports.files import read_file
from services.classification.indexes import Indexes
from services.classification.proposal_drafts import Base
from services.classification.rule_questions import questions_of
from services.classification.store.interpretations import list_interpretations
from services.foundation.clock import legal_day
from services.foundation.database import Database, UnitOfWork
from services.foundation.errors import invalid_field
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.pagination import encode_page_token, page_size
from services.foundation.permissions import allow
from services.foundation.principal import Role

# The European list has about 2 MB.
MAXIMUM_FILE_BYTES: Final = 16 * 1024 * 1024

_EDITOR: Final = allow(Role.LIST_EDITOR)
# What is only proposed, and what it would do to the items of others, is for the ministry.
_READERS: Final = allow(Role.LIST_EDITOR, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR)
_SETTLERS: Final = allow(Role.LIST_EDITOR, Role.MINISTRY_OFFICER)
# What counts is law, and whoever decides on cases reads it.
_OFFICERS: Final = allow(
    Role.LIST_EDITOR,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.AGENCY_REVIEWER,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
)


@dataclass(frozen=True)
class ControlLists:
    """What the service works with; `activated` is told after something has come to count."""

    database: Database
    indexes: Indexes
    examination: Examination
    activated: Callable[[], None]


class ControlListServicer(contract.ControlListServiceServicer):
    """Reads proposals and tasks, and changes lists by two people."""

    def __init__(self, held: ControlLists) -> None:
        self._database = held.database
        self._indexes = held.indexes
        self._examination = held.examination
        self._activated = held.activated

    def ProposeControlList(
        self, request_iterator: Iterator[messages.ProposeControlListRequest], context: grpc.ServicerContext
    ) -> messages.ControlListProposal:
        first = next(request_iterator, None)
        if first is None or first.WhichOneof("part") != "description":
            raise invalid_field("description", "DESCRIPTION_MUST_COME_FIRST")
        request_id = first.description.request_id
        wanted = conversion.file_request(first.description)
        content = _receive(request_iterator)
        # The same request id with another file is another request.
        identity = messages.ProposeControlListRequest(
            content=first.SerializeToString(deterministic=True) + hashlib.sha256(content).digest()
        )
        try:
            with self._database.begin(current_call()) as work:
                return work.once(
                    request_id,
                    identity,
                    messages.ControlListProposal,
                    lambda: _unread(work, wanted.regime),
                )
        except _UnreadError as unread:
            base = unread.base
        stated = read_file(
            content, wanted.file_name, wanted.file_format, wanted.regime, base.rows, wanted.edition
        )
        with self._database.begin(current_call()) as work:
            return work.once(
                request_id,
                identity,
                messages.ControlListProposal,
                lambda: self._message(work, proposal_drafts.propose_list(work, wanted, stated, base.name)),
            )

    def ProposeStandings(
        self, request: messages.ProposeStandingsRequest, context: grpc.ServicerContext
    ) -> messages.ControlListProposal:
        legal_basis = conversion.stated(request.legal_basis, "legal_basis")
        standings = conversion.stated_standings(request.standings, legal_basis)
        url = conversion.printable(request.url, "url")
        reason = conversion.stated(request.reason, "reason")
        return transact(
            self._database,
            request,
            messages.ControlListProposal,
            lambda work: self._message(
                work,
                proposal_drafts.propose_standings(
                    work, request.regime, request.base_version, standings, legal_basis, url, reason
                ),
            ),
        )

    def ProposeInterpretation(
        self, request: messages.ProposeInterpretationRequest, context: grpc.ServicerContext
    ) -> messages.ControlListProposal:
        proposed = conversion.proposed_interpretation(request)
        reason = conversion.stated(request.reason, "reason")
        return transact(
            self._database,
            request,
            messages.ControlListProposal,
            lambda work: self._message(
                work,
                proposal_drafts.propose_interpretation(
                    work, self._examination.book, ENCODED_REGIME, proposed, reason
                ),
            ),
        )

    def GetControlListProposal(
        self, request: messages.GetControlListProposalRequest, context: grpc.ServicerContext
    ) -> messages.ControlListProposal:
        with self._database.begin(current_call()) as work:
            found = proposal_views.get(work, UUID(request.proposal_id))
            count = proposal_views.UNCOUNTED
            if not request.without_outcome_changes:
                count = proposal_views.count_outcome_changes(work, self._indexes, self._examination, found)
            return self._message(work, found, count)

    def ListControlListProposals(
        self, request: messages.ListControlListProposalsRequest, context: grpc.ServicerContext
    ) -> messages.ListControlListProposalsResponse:
        states = {conversion.STATES[number] for number in request.states if number in conversion.STATES}
        wanted = page_size(request.page_size)
        with self._database.begin(current_call()) as work:
            found = proposal_views.find_all(work, states, request.page_token, wanted + 1)
            page = found[:wanted]
            return messages.ListControlListProposalsResponse(
                proposals=[self._message(work, proposal) for proposal in page],
                next_page_token=encode_page_token(str(page[-1].proposal_id)) if len(found) > wanted else "",
            )

    def ListControlListChanges(
        self, request: messages.ListControlListChangesRequest, context: grpc.ServicerContext
    ) -> messages.ListControlListChangesResponse:
        wanted = page_size(request.page_size)
        with self._database.begin(current_call()) as work:
            found = proposal_views.changes_of(work, UUID(request.proposal_id), request.page_token, wanted + 1)
        page = found[:wanted]
        return messages.ListControlListChangesResponse(
            changes=[conversion.change_message(change) for _, change in page],
            next_page_token=encode_page_token(str(page[-1][0])) if len(found) > wanted else "",
        )

    def ListOutcomeChanges(
        self, request: messages.ListOutcomeChangesRequest, context: grpc.ServicerContext
    ) -> messages.ListOutcomeChangesResponse:
        with self._database.begin(current_call()) as work:
            page = proposal_views.outcome_changes_of(
                work,
                self._indexes,
                self._examination,
                UUID(request.proposal_id),
                request.page_token,
                page_size(request.page_size),
            )
        return messages.ListOutcomeChangesResponse(
            changes=[conversion.outcome_change_message(change) for change in page.changes],
            next_page_token=encode_page_token(page.next_after) if page.next_after else "",
            outcome_changes=page.count,
        )

    def ActivateControlListProposal(
        self, request: messages.ActivateControlListProposalRequest, context: grpc.ServicerContext
    ) -> messages.ControlListProposal:
        answer = self._decide(
            request,
            lambda work: proposal_service.activate(work, UUID(request.proposal_id), request.etag),
        )
        self._activated()
        return answer

    def RejectControlListProposal(
        self, request: messages.RejectControlListProposalRequest, context: grpc.ServicerContext
    ) -> messages.ControlListProposal:
        reason = conversion.stated(request.reason, "reason")
        return self._decide(
            request,
            lambda work: proposal_service.reject(work, UUID(request.proposal_id), request.etag, reason),
        )

    def WithdrawControlListProposal(
        self, request: messages.WithdrawControlListProposalRequest, context: grpc.ServicerContext
    ) -> messages.ControlListProposal:
        return self._decide(
            request,
            lambda work: proposal_service.withdraw(work, UUID(request.proposal_id), request.etag),
        )

    def ListReclassificationTasks(
        self, request: messages.ListReclassificationTasksRequest, context: grpc.ServicerContext
    ) -> messages.ListReclassificationTasksResponse:
        wanted = page_size(request.page_size)
        after = proposal_views.uuid_after(request.page_token)
        with self._database.begin(current_call()) as work:
            found = reclassification.list_tasks(work, request.settled, after, wanted + 1)
        page = found[:wanted]
        return messages.ListReclassificationTasksResponse(
            tasks=[conversion.task_message(task) for task in page],
            next_page_token=encode_page_token(str(page[-1].task_id)) if len(found) > wanted else "",
        )

    def GetReclassificationTask(
        self, request: messages.GetReclassificationTaskRequest, context: grpc.ServicerContext
    ) -> messages.ReclassificationTask:
        with self._database.begin(current_call()) as work:
            return conversion.task_message(reclassification.get_task(work, UUID(request.task_id)))

    def SettleReclassificationTask(
        self, request: messages.SettleReclassificationTaskRequest, context: grpc.ServicerContext
    ) -> messages.ReclassificationTask:
        settlement = conversion.stated(request.settlement, "settlement")
        return transact(
            self._database,
            request,
            messages.ReclassificationTask,
            lambda work: conversion.task_message(
                reclassification.settle_task(work, UUID(request.task_id), request.etag, settlement)
            ),
        )

    def ListInterpretations(
        self, request: messages.ListInterpretationsRequest, context: grpc.ServicerContext
    ) -> messages.ListInterpretationsResponse:
        known_at = instant_of(request.known_at, "known_at") if request.HasField("known_at") else None
        code = conversion.code_of(conversion.printable(request.control_code, "control_code"))
        with self._database.begin(current_call()) as work:
            found = list_interpretations(work.connection, code, known_at)
        book = self._examination.book
        return messages.ListInterpretationsResponse(
            interpretations=[conversion.interpretation_message(each, book.names) for each in found],
            questions=[
                conversion.rule_question_message(each)
                for each in (questions_of(rules_of(book, code), book) if code else ())
            ],
        )

    def ListTemporaryControls(
        self, request: messages.ListTemporaryControlsRequest, context: grpc.ServicerContext
    ) -> messages.ListTemporaryControlsResponse:
        with self._database.begin(current_call()) as work:
            found = temporary_controls.list_controls(work, self._indexes)
            today = legal_day(work.call.now)
        return messages.ListTemporaryControlsResponse(
            controls=[conversion.temporary_control_message(each, today) for each in found]
        )

    def _decide(
        self,
        request: (
            messages.ActivateControlListProposalRequest
            | messages.RejectControlListProposalRequest
            | messages.WithdrawControlListProposalRequest
        ),
        use_case: Callable[[UnitOfWork], ProposalRecord],
    ) -> messages.ControlListProposal:
        return transact(
            self._database,
            request,
            messages.ControlListProposal,
            lambda work: self._message(work, use_case(work)),
        )

    def _message(
        self, work: UnitOfWork, proposal: ProposalRecord, outcome_changes: int = 0
    ) -> messages.ControlListProposal:
        current = proposal_drafts.current_base(work, proposal.draft)
        names = self._examination.book.names
        return conversion.proposal_message(proposal, current, work.call.principal, names, outcome_changes)


class _UnreadError(Exception):
    """The request was not answered before, so that the file has to be read."""

    def __init__(self, base: Base) -> None:
        super().__init__("unread")
        self.base = base


def _unread(work: UnitOfWork, regime: str) -> NoReturn:
    """Gives up the transaction with what it read: while the file is read, nobody waits for it."""
    raise _UnreadError(proposal_drafts.base_of(work, regime))


def _receive(parts: Iterator[messages.ProposeControlListRequest]) -> bytes:
    content = bytearray()
    for part in parts:
        if part.WhichOneof("part") != "content":
            raise invalid_field("content", "CONTENT_MUST_FOLLOW")
        if len(content) + len(part.content) > MAXIMUM_FILE_BYTES:
            raise invalid_field("content", "IMPORT_FILE_TOO_LARGE", most=str(MAXIMUM_FILE_BYTES))
        content += part.content
    return bytes(content)


def control_list_registration(held: ControlLists) -> Registration:
    """The service with the permission of each method."""
    return Registration(
        messages.DESCRIPTOR.services_by_name["ControlListService"],
        contract.add_ControlListServiceServicer_to_server,
        ControlListServicer(held),
        {
            "ProposeControlList": _EDITOR,
            "ProposeStandings": _EDITOR,
            "ProposeInterpretation": _EDITOR,
            "GetControlListProposal": _READERS,
            "ListControlListProposals": _READERS,
            "ListControlListChanges": _READERS,
            "ListOutcomeChanges": _READERS,
            "ActivateControlListProposal": _EDITOR,
            "RejectControlListProposal": _EDITOR,
            "WithdrawControlListProposal": _EDITOR,
            "ListReclassificationTasks": _READERS,
            "GetReclassificationTask": _READERS,
            "SettleReclassificationTask": _SETTLERS,
            "ListInterpretations": _OFFICERS,
            "ListTemporaryControls": _OFFICERS,
        },
    )
