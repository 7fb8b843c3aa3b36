"""What the acts on a proposal to change a list have in common: what it changes, and who may do it now."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import g, url_for
from xuke.screening.v1 import list_pb2 as pl

from services.portal.acting import Act, Answer, Sending, Typed
from services.portal.formats import day
from services.portal.language import choose, text
from services.portal.party_lists import EDITORS, read_lists
from services.portal.services import services

# Of these there is one each, without a list code.
TABLES: Final = {
    pl.LIST_FORMAT_RULES_CSV: "list_rules",
    pl.LIST_FORMAT_DESTINATIONS_CSV: "list_destinations",
}


@dataclass(frozen=True)
class ProposalRead:
    """A proposal, and the version that is current now where it is still open; empty if there is none."""

    proposal: pl.Proposal
    current_version: str

    @property
    def outdated(self) -> bool:
        """Whether what it was made against has changed since: it can no longer be activated."""
        return (
            self.proposal.state == pl.PROPOSAL_STATE_PROPOSED
            and self.current_version != self.proposal.base_version
        )

    @property
    def own(self) -> bool:
        """Whether it is the person's own, which another one has to activate."""
        return bool(self.proposal.proposed_by == g.principal.subject)


def read_proposal(proposal_id: UUID) -> ProposalRead:
    """A proposal. Errors: NOT_FOUND."""
    found = services().ask(services().lists.GetProposal, pl.GetProposalRequest(proposal_id=str(proposal_id)))
    if found.state != pl.PROPOSAL_STATE_PROPOSED:
        return ProposalRead(found, found.base_version)
    return ProposalRead(found, _current_version(found))


def _current_version(proposal: pl.Proposal) -> str:
    if proposal.format in TABLES:
        known = services().ask(services().lists.ListRules, pl.ListRulesRequest())
        rules = proposal.format == pl.LIST_FORMAT_RULES_CSV
        return known.rules_version if rules else known.destinations_version
    versions = {one.list.list_code: one.list.version for one in read_lists()}
    return versions.get(proposal.list_code, "")


def name_of(proposal: pl.Proposal) -> str:
    """What the proposal changes, in the language of the page."""
    if proposal.format == pl.LIST_FORMAT_RULES_CSV:
        return text("lists.rules")
    if proposal.format == pl.LIST_FORMAT_DESTINATIONS_CSV:
        return text("lists.destinations")
    return choose(proposal.list_name.zh, proposal.list_name.en) or proposal.list_code


class ProposalAct(Act[ProposalRead]):
    """An act on a proposal. `action` is the word by which the service allows it."""

    action: ClassVar[str]
    permission = EDITORS
    stale = "proposal.stale"
    overtaken = "proposal.overtaken"

    def read(self, address: Mapping[str, Any]) -> ProposalRead:
        """The proposal."""
        return read_proposal(address["proposal_id"])

    def possible(self, subject: ProposalRead) -> bool:
        """As the service says."""
        return self.action in subject.proposal.allowed_actions

    def etag(self, subject: ProposalRead) -> str:
        """That of the proposal."""
        return subject.proposal.etag

    def home(self, subject: ProposalRead) -> str:
        """The proposal."""
        return url_for("list_proposal", proposal_id=subject.proposal.proposal_id)

    def context(self, subject: ProposalRead) -> dict[str, Any]:
        """The proposal, and what stands in the way of the act."""
        return {
            "proposal": subject.proposal,
            "caption": text("proposal.caption", list=name_of(subject.proposal)),
            "beside": "lists/proposal_facts.html",
            "state_shown": "lists/proposal_state.html",
            "name_of": name_of,
            "obstacles": tuple(self.obstacles(subject)),
        }

    def obstacles(self, subject: ProposalRead) -> Sequence[str]:
        """Why it cannot be done now, beside its state."""
        return ()

    def answers(self, subject: ProposalRead, typed: Typed) -> Sequence[Answer]:
        """What is proposed, in brief."""
        found = subject.proposal
        return [
            Answer(text("proposal.list"), name_of(found)),
            Answer(text("proposal.version"), found.list_version),
            Answer(text("proposal.read_on"), day(found.read_on)),
            Answer(
                text("proposal.changes"),
                text(
                    "proposal.counts",
                    added=found.added,
                    changed=found.changed,
                    ended=found.ended,
                    unchanged=found.unchanged,
                ),
            ),
            Answer(text("proposal.reason"), found.reason),
        ]

    def send(self, subject: ProposalRead, typed: Typed, sending: Sending) -> None:
        """Sends the act to screening."""
        self.send_act(
            typed,
            {
                "request_id": sending.request_id,
                "proposal_id": subject.proposal.proposal_id,
                "etag": sending.etag,
            },
        )

    @abstractmethod
    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """Asks the one method; `common` is what every request of an act on a proposal carries."""
