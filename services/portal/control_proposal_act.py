"""What the acts on a proposal to change control lists have in common, and who reads and changes them."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import g, url_for
from xuke.classification.v1 import control_list_pb2 as ct

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Act, Answer, Sending, Typed
from services.portal.language import choose, shown, text, word
from services.portal.services import services

EDITORS: Final = allow(Role.LIST_EDITOR)
# What is only proposed, and what it would do to the items of others, is for the ministry.
PROPOSAL_READERS: Final = allow(*EDITORS.roles, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR)
# Whoever decides on cases reads interpretations and temporary controls.
OFFICERS: Final = allow(
    *PROPOSAL_READERS.roles, Role.PROVINCIAL_OFFICER, Role.AGENCY_REVIEWER, Role.ENFORCEMENT_OFFICER
)
SETTLERS: Final = allow(*EDITORS.roles, Role.MINISTRY_OFFICER)
# Everybody with an account: the law is public.
EVERYBODY: Final = allow(*OFFICERS.roles, Role.EXPORTER, Role.AGENT, Role.EXPERT, Role.CUSTOMS_OFFICER)


def read_proposal(proposal_id: UUID) -> ct.ControlListProposal:
    """A proposal, without a look at the stored items. Errors: NOT_FOUND."""
    return services().ask(
        services().control_lists.GetControlListProposal,
        ct.GetControlListProposalRequest(proposal_id=str(proposal_id), without_outcome_changes=True),
    )


def is_own(proposal: ct.ControlListProposal) -> bool:
    """Whether it is the person's own, which another one has to activate."""
    return bool(proposal.proposed_by == g.principal.subject)


def name_of(proposal: ct.ControlListProposal) -> str:
    """What the proposal changes, in the language of the page."""
    if proposal.kind == ct.CONTROL_LIST_PROPOSAL_KIND_INTERPRETATION:
        return text("control_proposal.of_interpretation", code=proposal.interpretation.control_code)
    kind = word(ct.ControlListProposalKind, proposal.kind)
    return text("control_proposal.of_regime", kind=kind, regime=shown("Regime", proposal.regime))


class ControlProposalAct(Act[ct.ControlListProposal]):
    """An act on a proposal. `action` is the word by which the service allows it."""

    action: ClassVar[str]
    permission = EDITORS
    stale = "proposal.stale"
    overtaken = "proposal.overtaken"

    def read(self, address: Mapping[str, Any]) -> ct.ControlListProposal:
        """The proposal."""
        return read_proposal(address["proposal_id"])

    def possible(self, subject: ct.ControlListProposal) -> bool:
        """As the service says."""
        return self.action in subject.allowed_actions

    def etag(self, subject: ct.ControlListProposal) -> str:
        """That of the proposal."""
        return subject.etag

    def home(self, subject: ct.ControlListProposal) -> str:
        """The proposal."""
        return url_for("control_proposal", proposal_id=subject.proposal_id)

    def context(self, subject: ct.ControlListProposal) -> dict[str, Any]:
        """The proposal, and what stands in the way of the act."""
        return {
            "proposal": subject,
            "caption": name_of(subject),
            "beside": "control/proposal_facts.html",
            "state_shown": "control/proposal_state.html",
            "obstacles": (text("proposal.four_eyes"),)
            if self.action == "activate" and is_own(subject)
            else (),
        }

    def answers(self, subject: ct.ControlListProposal, typed: Typed) -> Sequence[Answer]:
        """What is proposed, in brief."""
        return [
            Answer(text("control_proposal.what"), name_of(subject)),
            Answer(
                text("proposal.changes"),
                text(
                    "proposal.counts",
                    added=subject.added,
                    changed=subject.changed,
                    ended=subject.ended,
                    unchanged=subject.unchanged,
                ),
            ),
            Answer(text("proposal.reason"), subject.reason),
        ]

    def send(self, subject: ct.ControlListProposal, typed: Typed, sending: Sending) -> None:
        """Sends the act to classification."""
        self.send_act(
            typed,
            {
                "request_id": sending.request_id,
                "proposal_id": subject.proposal_id,
                "etag": sending.etag,
            },
        )

    @abstractmethod
    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """Asks the one method; `common` is what every request of an act on a proposal carries."""


def application_of(change: ct.OutcomeChange) -> str:
    """The id of the application that the item is of; empty for a product of a library."""
    kind, _, rest = change.subject.partition("/")
    return rest.partition("/")[0] if kind == "applications" else ""


def item_name(change: ct.OutcomeChange) -> str:
    """The name of the item in the language of the page; in the other one where it has none, else its subject."""
    return choose(change.item_name_zh, change.item_name_en) or change.subject


def outcomes_said(count: int) -> str:
    """How many stored items would change their outcome, as a sentence; minus one: not counted."""
    if count < 0:
        return text("control_proposal.outcomes_uncounted")
    if not count:
        return text("control_proposal.outcomes_none")
    return text("control_proposal.outcomes_count", count=count)
