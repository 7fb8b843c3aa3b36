"""A proposal to change a list, the rules or the register of destinations, as it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, assert_never
from uuid import UUID

from services.foundation.proposals import ProposalStanding, ProposalState


class ProposedData(StrEnum):
    """Which data a proposal changes."""

    PARTIES = "PARTIES"
    RULES = "RULES"
    DESTINATIONS = "DESTINATIONS"


class FileFormat(StrEnum):
    """The format of the file that was brought in; empty where single entries were changed in a form."""

    NONE = ""
    PARTIES_CSV = "PARTIES_CSV"
    UNITED_NATIONS_XML = "UNITED_NATIONS_XML"
    RULES_CSV = "RULES_CSV"
    DESTINATIONS_CSV = "DESTINATIONS_CSV"


def data_of(file_format: FileFormat) -> ProposedData:
    """Which data a file of a format changes."""
    match file_format:
        case FileFormat.NONE | FileFormat.PARTIES_CSV | FileFormat.UNITED_NATIONS_XML:
            return ProposedData.PARTIES
        case FileFormat.RULES_CSV:
            return ProposedData.RULES
        case FileFormat.DESTINATIONS_CSV:
            return ProposedData.DESTINATIONS
        case _:
            assert_never(file_format)


@dataclass(frozen=True, slots=True)
class ProposalDraft:
    """What is proposed, before it is kept.

    `base_version` is what counted when it was made, empty where nothing did; `list_version` is the version it
    will be. `definition` says what the list is (see `PartyList.definition`) and is empty for rules and
    destinations.
    """

    data: ProposedData
    file_format: FileFormat
    list_code: str
    base_version: str
    list_version: str
    read_on: date
    definition: Mapping[str, Any]
    file_name: str
    file_sha256: str
    reason: str
    added: int
    changed: int
    ended: int
    unchanged: int


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
