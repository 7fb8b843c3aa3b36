"""A proposal to change a control list or to settle a question of its rules, as it is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.classification.rules.truth import Truth
from services.foundation.proposals import ProposalStanding, ProposalState


class ProposalKind(StrEnum):
    """What a proposal changes."""

    LIST = "LIST"
    STANDINGS = "STANDINGS"
    INTERPRETATION = "INTERPRETATION"


class ListFormat(StrEnum):
    """The format of a file; empty where nobody brought one in."""

    NONE = ""
    XUKE_CSV = "XUKE_CSV"
    EU_ANNEX_CSV = "EU_ANNEX_CSV"


@dataclass(frozen=True, slots=True)
class ProposedInterpretation:
    """The answer to a question of the rule of an entry, in force from a day of law on."""

    identifier: str
    path: str
    question: str
    answer: Truth
    valid_from: date
    basis: str


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """What is proposed, before it is kept.

    `base_version` is what counted when it was made, empty where nothing did; `list_version` is the version it
    will be. For an interpretation they name that of the same question before it, and nothing.
    """

    kind: ProposalKind
    regime: str
    base_version: str
    list_version: str
    edition: date
    covers_from: date
    reason: str
    file_format: ListFormat = ListFormat.NONE
    file_name: str = ""
    file_sha256: str = ""
    legal_basis: str = ""
    url: str = ""
    interpretation: ProposedInterpretation | None = None
    added: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    """A proposal with its life so far; instants in UTC. `row_version` is its etag."""

    proposal_id: UUID
    row_version: int
    state: ProposalState
    draft: ProposalDraft
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str

    def standing(self, current_version: str) -> ProposalStanding:
        """What the rules of proposals need to know of it."""
        return ProposalStanding(
            str(self.proposal_id), self.state, self.proposed_by, self.draft.base_version, current_version
        )
