"""List editors, and whoever else works with control lists, in tests."""

from collections.abc import Callable, Sequence
from typing import Any

import grpc
import pytest
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import classification_pb2_grpc as classification
from xuke.classification.v1 import control_list_pb2 as messages
from xuke.classification.v1 import control_list_pb2_grpc as contract

from services.foundation.errors import XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from tests.support.services import RunningService, request_id

REGIME = "cn_dual_use"


def refusal(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


class Person:
    """One caller of the service, with what tests do over and over."""

    def __init__(self, service: RunningService, principal: Principal) -> None:
        self.lists = contract.ControlListServiceStub(service.channel(principal))
        self.classification = classification.ClassificationServiceStub(service.channel(principal))

    def bring_in(
        self, content: str | bytes, chunk: int = 1000, **fields: Any
    ) -> messages.ControlListProposal:
        data = content.encode() if isinstance(content, str) else content
        described = {
            "request_id": request_id(),
            "regime": REGIME,
            "format": "XUKE_CSV",
            "edition": "2026-11-20",
            "file_name": "amendment.csv",
            "reason": "A new announcement",
        } | fields
        parts = [messages.ProposeControlListRequest(description=messages.ControlListFile(**described))]
        parts += [
            messages.ProposeControlListRequest(content=data[at : at + chunk])
            for at in range(0, len(data), chunk)
        ]
        return self.lists.ProposeControlList(iter(parts))

    def state(
        self,
        code: str,
        status: "cl.EntryStatus.ValueType",
        since: str,
        until: str = "",
        base: str = "",
        **fields: Any,
    ) -> messages.ControlListProposal:
        standing = cl.Standing(status=status, since=since, until=until)
        return self.state_all(
            [messages.ProposedStanding(control_code=code, standing=standing)], base, **fields
        )

    def state_all(
        self, standings: Sequence[messages.ProposedStanding], base: str = "", **fields: Any
    ) -> messages.ControlListProposal:
        described = {
            "request_id": request_id(),
            "regime": REGIME,
            "base_version": base or self.current(),
            "standings": standings,
            "legal_basis": "商务部公告2026年第70号",
            "url": "https://www.mofcom.gov.cn/",
            "reason": "The suspension has ended",
        } | fields
        return self.lists.ProposeStandings(messages.ProposeStandingsRequest(**described))

    def interpret(
        self, code: str, question: str, answer: "cl.Truth.ValueType", **fields: Any
    ) -> messages.ControlListProposal:
        described = {
            "request_id": request_id(),
            "control_code": code,
            "question": question,
            "answer": answer,
            "valid_from": "2026-01-01",
            "basis": "民法典第一千二百五十九条",
            "reason": "Asked over and over",
        } | fields
        return self.lists.ProposeInterpretation(messages.ProposeInterpretationRequest(**described))

    def activate(self, proposal: messages.ControlListProposal) -> messages.ControlListProposal:
        return self.lists.ActivateControlListProposal(
            messages.ActivateControlListProposalRequest(
                request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
            )
        )

    def reject(self, proposal: messages.ControlListProposal) -> messages.ControlListProposal:
        return self.lists.RejectControlListProposal(
            messages.RejectControlListProposalRequest(
                request_id=request_id(),
                proposal_id=proposal.proposal_id,
                etag=proposal.etag,
                reason="Not by this announcement",
            )
        )

    def withdraw(self, proposal: messages.ControlListProposal) -> messages.ControlListProposal:
        return self.lists.WithdrawControlListProposal(
            messages.WithdrawControlListProposalRequest(
                request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
            )
        )

    def read(self, proposal: messages.ControlListProposal) -> messages.ControlListProposal:
        return self.lists.GetControlListProposal(
            messages.GetControlListProposalRequest(proposal_id=proposal.proposal_id)
        )

    def changes(self, proposal: messages.ControlListProposal) -> Sequence[messages.ControlEntryChange]:
        request = messages.ListControlListChangesRequest(proposal_id=proposal.proposal_id)
        return self.lists.ListControlListChanges(request).changes

    def outcome_changes(self, proposal: messages.ControlListProposal) -> Sequence[messages.OutcomeChange]:
        request = messages.ListOutcomeChangesRequest(proposal_id=proposal.proposal_id)
        return self.lists.ListOutcomeChanges(request).changes

    def tasks(self, settled: bool = False) -> Sequence[messages.ReclassificationTask]:
        request = messages.ListReclassificationTasksRequest(settled=settled)
        return self.lists.ListReclassificationTasks(request).tasks

    def versions(self) -> Sequence[cl.ListVersion]:
        return self.classification.ListListVersions(cl.ListListVersionsRequest()).versions

    def current(self, regime: str = REGIME) -> str:
        return next(each.list_version for each in self.versions() if each.current and each.regime == regime)

    def entry(self, code: str, **fields: Any) -> cl.Entry:
        return self.classification.GetEntry(cl.GetEntryRequest(control_code=code, **fields))
