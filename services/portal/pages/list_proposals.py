"""Proposals to change lists, rules or the register: what each changes, and activating, rejecting, withdrawing it.

Two people stand behind every version: who proposes one cannot activate it.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from xuke.screening.v1 import list_pb2 as pl

from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.language import plain, text
from services.portal.page import Page
from services.portal.party_lists import PROPOSAL_READERS
from services.portal.proposal_act import ProposalAct, ProposalRead, name_of, read_proposal
from services.portal.services import services

PROPOSALS_SHOWN: Final = 25
CHANGES_SHOWN: Final = 50
_LONGEST_REASON: Final = 2000
EVERY: Final = "every"
STATES: Final = tuple(plain(pl.ProposalState, number) for number in pl.ProposalState.values() if number)


def proposals() -> ResponseReturnValue:
    """Proposals, the newest first, those of one state or all."""
    choice = request.args.get("state", EVERY)
    states = [pl.ProposalState.Value(f"PROPOSAL_STATE_{choice}")] if choice in STATES else []
    found = services().ask(
        services().lists.ListProposals,
        pl.ListProposalsRequest(
            states=states, page_size=PROPOSALS_SHOWN, page_token=request.args.get("page", "")[:400]
        ),
    )
    return render_template(
        "lists/proposals.html",
        proposals=found.proposals,
        next_page=found.next_page_token,
        is_first="page" not in request.args,
        choice=choice if choice in STATES else EVERY,
        states=STATES,
        name_of=name_of,
    )


def proposal(proposal_id: UUID) -> ResponseReturnValue:
    """What a proposal changes, entry by entry, and what the person can do with it."""
    found = read_proposal(proposal_id)
    changes = services().ask(
        services().lists.ListProposalChanges,
        pl.ListProposalChangesRequest(
            proposal_id=str(proposal_id),
            page_size=CHANGES_SHOWN,
            page_token=request.args.get("page", "")[:400],
        ),
    )
    return render_template(
        "lists/proposal.html",
        read=found,
        proposal=found.proposal,
        changes=changes.changes,
        next_page=changes.next_page_token,
        is_first="page" not in request.args,
        name_of=name_of,
    )


class Activate(ProposalAct):
    """Makes the proposed version the current one, and has every watched export looked at again."""

    name = "list_activate"
    endpoint = "list_proposal_activate"
    path = "/lists/proposals/<uuid:proposal_id>/activate"
    action = "activate"
    asks = False

    def obstacles(self, subject: ProposalRead) -> Sequence[str]:
        """That it is the person's own, or that what it was made against has changed."""
        found = []
        if subject.own:
            found.append(text("proposal.four_eyes"))
        if subject.outdated:
            found.append(text("proposal.outdated"))
        return found

    def faults(self, subject: ProposalRead, typed: Typed) -> Faults:
        """Nothing is asked."""
        return {}

    def answers(self, subject: ProposalRead, typed: Typed) -> Sequence[Answer]:
        """Also how many watched exports it would concern."""
        return [
            *super().answers(subject, typed),
            Answer(
                text("proposal.effect"),
                text("proposal.effect_uncounted")
                if subject.proposal.more_severe < 0
                else text(
                    "proposal.effect_counts",
                    more=subject.proposal.more_severe,
                    less=subject.proposal.less_severe,
                ),
            ),
        ]

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """ActivateProposal."""
        services().ask(services().lists.ActivateProposal, pl.ActivateProposalRequest(**common))


class Reject(ProposalAct):
    """Turns a proposal down, with a reason."""

    name = "list_reject"
    endpoint = "list_proposal_reject"
    path = "/lists/proposals/<uuid:proposal_id>/reject"
    action = "reject"

    def faults(self, subject: ProposalRead, typed: Typed) -> Faults:
        """A reason is demanded."""
        faults: Faults = {}
        demand(faults, typed, "reason", text("act_list_reject.fault_reason"), _LONGEST_REASON)
        return faults

    def answers(self, subject: ProposalRead, typed: Typed) -> Sequence[Answer]:
        """Also why."""
        return [*super().answers(subject, typed), Answer(text("act_list_reject.reason"), typed["reason"])]

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """RejectProposal."""
        services().ask(
            services().lists.RejectProposal, pl.RejectProposalRequest(**common, reason=typed["reason"])
        )


class Withdraw(ProposalAct):
    """Takes back one's own proposal."""

    name = "list_withdraw"
    endpoint = "list_proposal_withdraw"
    path = "/lists/proposals/<uuid:proposal_id>/withdraw"
    action = "withdraw"
    asks = False

    def faults(self, subject: ProposalRead, typed: Typed) -> Faults:
        """Nothing is asked."""
        return {}

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """WithdrawProposal."""
        services().ask(services().lists.WithdrawProposal, pl.WithdrawProposalRequest(**common))


PAGES: Final[tuple[Page, ...]] = (
    Page("list_proposals", "/lists/proposals", proposals, PROPOSAL_READERS),
    Page("list_proposal", "/lists/proposals/<uuid:proposal_id>", proposal, PROPOSAL_READERS),
    *Activate().pages(),
    *Reject().pages(),
    *Withdraw().pages(),
)
