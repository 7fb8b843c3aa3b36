"""How far somebody may act for an organisation: a member by his role, an agent by his mandate (委托)."""

from enum import StrEnum
from typing import assert_never

from services.licensing.domain.mandate import MandateScope


class MemberRole(StrEnum):
    """What a member of an organisation may do; each role includes the one before."""

    READER = "READER"
    FILER = "FILER"
    ADMINISTRATOR = "ADMINISTRATOR"


class Demand(StrEnum):
    """What an act asks of the standing of whoever does it."""

    NOTHING = "NOTHING"
    """It concerns the caller alone."""
    READ = "READ"
    PREPARE = "PREPARE"
    """Works on what has not been handed in."""
    FILE = "FILE"
    """Speaks for the organisation towards the authority."""
    ADMINISTER = "ADMINISTER"
    """Keeps the organisation's particulars, members and mandates."""


def refusal_of_member(role: MemberRole, demand: Demand) -> str:
    """Why a member may not do an act; empty if he may."""
    match demand:
        case Demand.NOTHING | Demand.READ:
            return ""
        case Demand.PREPARE | Demand.FILE:
            return "MEMBER_MAY_ONLY_READ" if role is MemberRole.READER else ""
        case Demand.ADMINISTER:
            return "" if role is MemberRole.ADMINISTRATOR else "ADMINISTRATOR_NEEDED"
        case _:
            assert_never(demand)


def refusal_of_agent(scope: MandateScope | None, demand: Demand) -> str:
    """Why an agent may not do an act under the mandate in force, None where there is none; empty if he may.

    Without a mandate reading is not refused but shows nothing, so that nobody learns what there is.
    """
    match demand:
        case Demand.NOTHING | Demand.READ:
            return ""
        case Demand.PREPARE:
            return "AGENT_WITHOUT_MANDATE" if scope is None else ""
        case Demand.FILE:
            if scope is None:
                return "AGENT_WITHOUT_MANDATE"
            return "" if scope is MandateScope.FILE else "MANDATE_DOES_NOT_COVER"
        case Demand.ADMINISTER:
            return "ADMINISTRATOR_NEEDED"
        case _:
            assert_never(demand)
