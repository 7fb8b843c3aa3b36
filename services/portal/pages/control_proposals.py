"""Proposals to change control lists: the entries and the outcomes that each changes, and deciding on it.

Two people stand behind every change: who proposes one cannot activate it.
"""

import re
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as ct

from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.control_proposal_act import (
    PROPOSAL_READERS,
    ControlProposalAct,
    application_of,
    is_own,
    item_name,
    name_of,
    outcomes_said,
    read_proposal,
)
from services.portal.language import plain, shown, text
from services.portal.page import Page
from services.portal.services import services

PROPOSALS_SHOWN: Final = 25
CHANGES_SHOWN: Final = 50
_LONGEST_REASON: Final = 2000
EVERY: Final = "every"
_STATUS_WORD: Final = re.compile(
    r"\b(?:" + "|".join(plain(cl.EntryStatus, one) for one in cl.EntryStatus.values() if one) + r")\b"
)
STATES: Final = tuple(
    plain(ct.ControlListProposalState, number) for number in ct.ControlListProposalState.values() if number
)


def readable(value: str) -> str:
    """What a field of an entry says, with the words of standings as people read them."""
    return _STATUS_WORD.sub(lambda found: shown("EntryStatus", found[0]), value)


def proposals() -> ResponseReturnValue:
    """Proposals, the newest first, those of one state or all."""
    choice = request.args.get("state", EVERY)
    states = (
        [ct.ControlListProposalState.Value(f"CONTROL_LIST_PROPOSAL_STATE_{choice}")]
        if choice in STATES
        else []
    )
    found = services().ask(
        services().control_lists.ListControlListProposals,
        ct.ListControlListProposalsRequest(
            states=states, page_size=PROPOSALS_SHOWN, page_token=request.args.get("page", "")[:400]
        ),
    )
    return render_template(
        "control/proposals.html",
        proposals=found.proposals,
        next_page=found.next_page_token,
        is_first="page" not in request.args,
        choice=choice if choice in STATES else EVERY,
        states=STATES,
        name_of=name_of,
    )


def proposal(proposal_id: UUID) -> ResponseReturnValue:
    """What a proposal changes, entry by entry, and which stored items would have another outcome."""
    found = read_proposal(proposal_id)
    changes = services().ask(
        services().control_lists.ListControlListChanges,
        ct.ListControlListChangesRequest(
            proposal_id=str(proposal_id),
            page_size=CHANGES_SHOWN,
            page_token=request.args.get("page", "")[:400],
        ),
    )
    outcomes = ct.ListOutcomeChangesResponse()
    # To classify every stored item takes its time: where only further entries are read, nobody waits for it again.
    shows_outcomes = found.state == ct.CONTROL_LIST_PROPOSAL_STATE_PROPOSED and "page" not in request.args
    if shows_outcomes:
        outcomes = services().ask(
            services().control_lists.ListOutcomeChanges,
            ct.ListOutcomeChangesRequest(
                proposal_id=str(proposal_id),
                page_size=CHANGES_SHOWN,
                page_token=request.args.get("outcomes", "")[:400],
            ),
        )
    return render_template(
        "control/proposal.html",
        proposal=found,
        own_proposal=is_own(found),
        changes=changes.changes,
        next_page=changes.next_page_token,
        is_first="page" not in request.args,
        outcomes=outcomes.changes,
        next_outcomes=outcomes.next_page_token,
        # How many they are is told with the first of them.
        outcomes_said=outcomes_said(outcomes.outcome_changes)
        if shows_outcomes and "outcomes" not in request.args
        else "",
        readable=readable,
        name_of=name_of,
        item_name=item_name,
        application_of=application_of,
    )


class Activate(ControlProposalAct):
    """Makes the proposed version count, and has every stored item classified again."""

    name = "control_activate"
    endpoint = "control_activate"
    path = "/control-list/proposals/<uuid:proposal_id>/activate"
    action = "activate"
    asks = False

    def faults(self, subject: ct.ControlListProposal, typed: Typed) -> Faults:
        """Nothing is asked."""
        return {}

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """ActivateControlListProposal."""
        services().ask(
            services().control_lists.ActivateControlListProposal,
            ct.ActivateControlListProposalRequest(**common),
        )


class Reject(ControlProposalAct):
    """Turns a proposal down, with a reason."""

    name = "control_reject"
    endpoint = "control_reject"
    path = "/control-list/proposals/<uuid:proposal_id>/reject"
    action = "reject"

    def faults(self, subject: ct.ControlListProposal, typed: Typed) -> Faults:
        """A reason is demanded."""
        faults: Faults = {}
        demand(faults, typed, "reason", text("act_control_reject.fault_reason"), _LONGEST_REASON)
        return faults

    def answers(self, subject: ct.ControlListProposal, typed: Typed) -> Sequence[Answer]:
        """Also why."""
        return [*super().answers(subject, typed), Answer(text("act_control_reject.reason"), typed["reason"])]

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """RejectControlListProposal."""
        services().ask(
            services().control_lists.RejectControlListProposal,
            ct.RejectControlListProposalRequest(**common, reason=typed["reason"]),
        )


class Withdraw(ControlProposalAct):
    """Takes back one's own proposal."""

    name = "control_withdraw"
    endpoint = "control_withdraw"
    path = "/control-list/proposals/<uuid:proposal_id>/withdraw"
    action = "withdraw"
    asks = False

    def faults(self, subject: ct.ControlListProposal, typed: Typed) -> Faults:
        """Nothing is asked."""
        return {}

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """WithdrawControlListProposal."""
        services().ask(
            services().control_lists.WithdrawControlListProposal,
            ct.WithdrawControlListProposalRequest(**common),
        )


PAGES: Final[tuple[Page, ...]] = (
    Page("control_proposals", "/control-list/proposals", proposals, PROPOSAL_READERS),
    Page("control_proposal", "/control-list/proposals/<uuid:proposal_id>", proposal, PROPOSAL_READERS),
    *Activate().pages(),
    *Reject().pages(),
    *Withdraw().pages(),
)
