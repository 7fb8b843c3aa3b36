"""Who proposes changes of lists and who decides them, with what these tests do over and over."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import select
from xuke.foundation.v1 import foundation_pb2
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import list_pb2_grpc as contract
from xuke.screening.v1 import screening_pb2, screening_pb2_grpc

from services.foundation.database import Database
from services.foundation.principal import Principal
from services.screening.store.proposal_tables import list_proposal, list_proposal_change
from services.screening.store.tables import ledger
from tests.contract.screening.cases import export, party
from tests.support.identity import LIST_EDITOR
from tests.support.services import RunningService, call_of, request_id

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEADER = "entry_id,name_en,country,announcement,effective_from,suspended_from,suspended_to\n"
ALPHA = "A-1,Alpha Rocket Works,KR,Notice 1,2026-01-01,,\n"
BETA = "B-1,Beta Turbine Company,KR,Notice 1,2026-01-01,,\n"
GAMMA = "C-1,Gamma Optics Limited,KR,Notice 2,2026-11-01,,\n"


class Editor:
    """One caller of the service, with what tests do over and over."""

    def __init__(self, service: RunningService, principal: Principal) -> None:
        self.lists = contract.ListServiceStub(service.channel(principal))
        self.screening = screening_pb2_grpc.ScreeningServiceStub(service.channel(principal))

    def bring_in(self, content: str | bytes, chunk: int = 1000, **fields: Any) -> messages.Proposal:
        data = content.encode() if isinstance(content, str) else content
        described = {
            "request_id": request_id(),
            "format": messages.LIST_FORMAT_PARTIES_CSV,
            "list_code": "trial_list",
            "read_on": "2026-11-20",
            "file_name": "trial.csv",
            "reason": "A new notice",
        } | fields
        parts = [messages.ProposeImportRequest(description=messages.ImportDescription(**described))]
        parts += [
            messages.ProposeImportRequest(content=data[at : at + chunk]) for at in range(0, len(data), chunk)
        ]
        return self.lists.ProposeImport(iter(parts))

    def activate(self, proposal: messages.Proposal) -> messages.Proposal:
        return self.lists.ActivateProposal(
            messages.ActivateProposalRequest(
                request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
            )
        )

    def reject(self, proposal: messages.Proposal) -> messages.Proposal:
        return self.lists.RejectProposal(
            messages.RejectProposalRequest(
                request_id=request_id(),
                proposal_id=proposal.proposal_id,
                etag=proposal.etag,
                reason="Not by this notice",
            )
        )

    def withdraw(self, proposal: messages.Proposal) -> messages.Proposal:
        return self.lists.WithdrawProposal(
            messages.WithdrawProposalRequest(
                request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
            )
        )

    def changes(self, proposal: messages.Proposal) -> Sequence[messages.EntryChange]:
        request = messages.ListProposalChangesRequest(proposal_id=proposal.proposal_id)
        return self.lists.ListProposalChanges(request).changes

    def entries(self, list_code: str, **fields: Any) -> messages.ListEntriesResponse:
        return self.lists.ListEntries(messages.ListEntriesRequest(list_code=list_code, **fields))

    def versions(self, list_code: str) -> Sequence[messages.ListVersion]:
        return self.lists.ListListVersions(messages.ListListVersionsRequest(list_code=list_code)).versions


def definition(**fields: Any) -> messages.ListDefinition:
    given = {
        "list_code": "trial_list",
        "name": foundation_pb2.LocalizedText(zh="试行名单", en="Trial list"),
        "match_verdict": screening_pb2.VERDICT_PROHIBITED,
        "likeness_verdict": screening_pb2.VERDICT_REVIEW,
        "source": foundation_pb2.LegalSource(instrument="试行办法", article="Art. 1"),
        "effective_from": "2026-01-01",
        "maximum_age_days": 90,
    } | fields
    return messages.ListDefinition(**given)


def verdict_of(procedure: Editor, name: str) -> int:
    return procedure.screening.Screen(export(party(name_en=name))).verdict


def rows(database: Database) -> tuple[int, ...]:
    with database.begin(call_of(LIST_EDITOR)) as work:
        return tuple(
            work.connection.execute(select(sqlalchemy.func.count()).select_from(table)).scalar_one()
            for table in (list_proposal, list_proposal_change, ledger.audit_event)
        )
