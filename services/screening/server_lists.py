"""The gRPC service of lists and proposals, and who may call each method."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, Final, NoReturn, cast
from uuid import UUID

import grpc
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import list_pb2_grpc as contract

from services.foundation.clock import legal_day
from services.foundation.database import Database, UnitOfWork
from services.foundation.errors import invalid_field
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.pagination import encode_page_token, page_size
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.screening import conversion_lists as conversion
from services.screening import list_service, proposal_service, proposal_views
from services.screening.bases import Bases
from services.screening.conversion_entries import entry_message
from services.screening.domain.proposal_records import ProposalRecord
from services.screening.effects import EffectsCounter
from services.screening.imports.importer import Context
from services.screening.imports.importers import importers_of
from services.screening.imports.parties import PartyReader
from services.screening.proposal_service import ImportRequest
from services.screening.rule_messages import list_rules
from services.screening.watch_index import WatchIndex

# The consolidated list of the Security Council has about 3 MB.
MAXIMUM_FILE_BYTES: Final = 48 * 1024 * 1024
_IN_MEMORY_BYTES: Final = 4 * 1024 * 1024

_EDITOR: Final = allow(Role.LIST_EDITOR)
# Whoever decides on cases reads what they rest on.
_READERS: Final = allow(
    Role.LIST_EDITOR,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.AGENCY_REVIEWER,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
)
# What is only proposed is for the ministry.
_PROPOSAL_READERS: Final = allow(
    Role.LIST_EDITOR, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR
)


class ListServicer(contract.ListServiceServicer):
    """Reads lists and proposals, and changes them by two people."""

    def __init__(self, database: Database, bases: Bases, index: WatchIndex) -> None:
        self._database = database
        self._bases = bases
        self._counter = EffectsCounter(bases, index)
        self._importers = importers_of(bases.comparison.countries)

    def ListEntries(
        self, request: messages.ListEntriesRequest, context: grpc.ServicerContext
    ) -> messages.ListEntriesResponse:
        with self._database.begin(current_call()) as work:
            day = conversion.day_in(request.as_of, "as_of") or legal_day(work.call.now)
            page = list_service.list_entries(
                work,
                request.list_code,
                request.list_version,
                request.query,
                request.page_size,
                request.page_token,
            )
        return messages.ListEntriesResponse(
            entries=[entry_message(entry, day) for entry in page.entries],
            next_page_token=page.next_page_token,
            list_version=page.version,
            total=page.total,
        )

    def ListListVersions(
        self, request: messages.ListListVersionsRequest, context: grpc.ServicerContext
    ) -> messages.ListListVersionsResponse:
        with self._database.begin(current_call()) as work:
            found = list_service.list_versions(work, request.list_code)
        return messages.ListListVersionsResponse(
            versions=[
                conversion.version_message(activation, is_current=at == 0)
                for at, activation in enumerate(found)
            ]
        )

    def ListRules(
        self, request: messages.ListRulesRequest, context: grpc.ServicerContext
    ) -> messages.ListRulesResponse:
        with self._database.begin(current_call()) as work:
            return list_rules(work, request.as_of)

    def ProposeImport(
        self, request_iterator: Iterator[messages.ProposeImportRequest], context: grpc.ServicerContext
    ) -> messages.Proposal:
        first = next(request_iterator, None)
        if first is None or first.WhichOneof("part") != "description":
            raise invalid_field("description", "DESCRIPTION_MUST_COME_FIRST")
        request_id = first.description.request_id
        wanted = conversion.import_request(first.description)
        with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
            sha256 = _receive(request_iterator, file)
            # The same request id with another file is another request.
            identity = messages.ProposeImportRequest(
                content=first.SerializeToString(deterministic=True) + bytes.fromhex(sha256)
            )
            try:
                with self._database.begin(current_call()) as work:
                    return work.once(request_id, identity, messages.Proposal, lambda: _unread(work, wanted))
            except _UnreadError as unread:
                stated = self._importers[wanted.file_format].read(cast(BinaryIO, file), unread.read_against)

        def propose(work: UnitOfWork) -> messages.Proposal:
            return self._message(
                work, proposal_service.propose_import(work, self._importers, wanted, stated, sha256)
            )

        with self._database.begin(current_call()) as work:
            return work.once(request_id, identity, messages.Proposal, lambda: propose(work))

    def ProposeEntryChanges(
        self, request: messages.ProposeEntryChangesRequest, context: grpc.ServicerContext
    ) -> messages.Proposal:
        def act(work: UnitOfWork) -> messages.Proposal:
            faults = conversion.entry_faults()
            read_against = proposal_service.context_of_entries(work, self._importers, request.list_code)
            reader = PartyReader(self._bases.comparison.countries, read_against, faults)
            stated = conversion.stated_entries(request.entries, reader, faults)
            proposed = proposal_service.propose_entry_changes(
                work,
                self._importers,
                request.list_code,
                request.base_version,
                stated,
                conversion.printable(request.reason, "reason"),
            )
            return self._message(work, proposed)

        return transact(self._database, request, messages.Proposal, act)

    def GetProposal(
        self, request: messages.GetProposalRequest, context: grpc.ServicerContext
    ) -> messages.Proposal:
        def view() -> messages.Proposal:
            with self._database.begin(current_call()) as work:
                found = proposal_views.get(work, UUID(request.proposal_id))
                effects = proposal_views.effects(work, self._importers, self._counter, found)
                return self._message(work, found, effects)

        return self._bases.ready(self._database, current_call(), view)

    def ListProposals(
        self, request: messages.ListProposalsRequest, context: grpc.ServicerContext
    ) -> messages.ListProposalsResponse:
        states = {conversion.STATES[number] for number in request.states if number in conversion.STATES}
        wanted = page_size(request.page_size)
        with self._database.begin(current_call()) as work:
            found = proposal_views.find_all(work, states, request.list_code, request.page_token, wanted + 1)
            page = found[:wanted]
            return messages.ListProposalsResponse(
                proposals=[self._message(work, proposal) for proposal in page],
                next_page_token=(encode_page_token(str(page[-1].proposal_id)) if len(found) > wanted else ""),
            )

    def ListProposalChanges(
        self, request: messages.ListProposalChangesRequest, context: grpc.ServicerContext
    ) -> messages.ListProposalChangesResponse:
        wanted = page_size(request.page_size)
        with self._database.begin(current_call()) as work:
            found = proposal_views.changes_of(work, UUID(request.proposal_id), request.page_token, wanted + 1)
        page = found[:wanted]
        return messages.ListProposalChangesResponse(
            changes=[conversion.change_message(change) for _, change in page],
            next_page_token=encode_page_token(str(page[-1][0])) if len(found) > wanted else "",
        )

    def ActivateProposal(
        self, request: messages.ActivateProposalRequest, context: grpc.ServicerContext
    ) -> messages.Proposal:
        return self._decide(
            request,
            lambda work: proposal_service.activate(
                work, self._importers, UUID(request.proposal_id), request.etag
            ),
        )

    def RejectProposal(
        self, request: messages.RejectProposalRequest, context: grpc.ServicerContext
    ) -> messages.Proposal:
        reason = conversion.printable(request.reason, "reason")
        return self._decide(
            request,
            lambda work: proposal_service.reject(work, UUID(request.proposal_id), request.etag, reason),
        )

    def WithdrawProposal(
        self, request: messages.WithdrawProposalRequest, context: grpc.ServicerContext
    ) -> messages.Proposal:
        return self._decide(
            request,
            lambda work: proposal_service.withdraw(work, UUID(request.proposal_id), request.etag),
        )

    def _decide(
        self,
        request: (
            messages.ActivateProposalRequest
            | messages.RejectProposalRequest
            | messages.WithdrawProposalRequest
        ),
        use_case: Callable[[UnitOfWork], ProposalRecord],
    ) -> messages.Proposal:
        return transact(
            self._database,
            request,
            messages.Proposal,
            lambda work: self._message(work, use_case(work)),
        )

    def _message(
        self, work: UnitOfWork, proposal: ProposalRecord, effects: tuple[int, int] = (0, 0)
    ) -> messages.Proposal:
        current = proposal_views.current_version(work, self._importers, proposal)
        return conversion.proposal_message(proposal, current, work.call.principal, effects)


class _UnreadError(Exception):
    """The request was not answered before, so that the file has to be read."""

    def __init__(self, read_against: Context) -> None:
        super().__init__("unread")
        self.read_against = read_against


def _unread(work: UnitOfWork, wanted: ImportRequest) -> NoReturn:
    """Gives up the transaction with what it read: while the file is read, nobody waits for it."""
    raise _UnreadError(proposal_service.context_of(work, wanted))


def _receive(parts: Iterator[messages.ProposeImportRequest], file: IO[bytes]) -> str:
    """Takes the content of the file and goes back to its beginning; returns its SHA-256."""
    digest = hashlib.sha256()
    size = 0
    for part in parts:
        if part.WhichOneof("part") != "content":
            raise invalid_field("content", "CONTENT_MUST_FOLLOW")
        size += len(part.content)
        if size > MAXIMUM_FILE_BYTES:
            raise invalid_field("content", "IMPORT_FILE_TOO_LARGE", most=str(MAXIMUM_FILE_BYTES))
        digest.update(part.content)
        file.write(part.content)
    file.seek(0)
    return digest.hexdigest()


def list_registration(database: Database, bases: Bases, index: WatchIndex) -> Registration:
    """The service with the permission of each method."""
    return Registration(
        messages.DESCRIPTOR.services_by_name["ListService"],
        contract.add_ListServiceServicer_to_server,
        ListServicer(database, bases, index),
        {
            "ListEntries": _READERS,
            "ListListVersions": _READERS,
            "ListRules": _READERS,
            "ProposeImport": _EDITOR,
            "ProposeEntryChanges": _EDITOR,
            "GetProposal": _PROPOSAL_READERS,
            "ListProposals": _PROPOSAL_READERS,
            "ListProposalChanges": _PROPOSAL_READERS,
            "ActivateProposal": _EDITOR,
            "RejectProposal": _EDITOR,
            "WithdrawProposal": _EDITOR,
        },
    )
