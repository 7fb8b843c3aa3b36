"""The two authorities that handle a case, and what each keeps for its own people: desks and notes."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from services.foundation.messages import LocalizedText
from services.foundation.principal import Role
from services.licensing.domain.application_state import CONCLUDED, ApplicationState

# Words of the events that tell of what an authority does among its own people; they change nothing in a case.
ASSIGN = "assign"
ADD_NOTE = "add_note"


class Authority(StrEnum):
    """Who handles a case: the commerce authority of the province, then that of the State Council (条例 Art. 16)."""

    PROVINCE = "PROVINCE"
    MINISTRY = "MINISTRY"


def authority_of(role: Role) -> Authority | None:
    """The authority that people of a role work for; None for everybody outside."""
    match role:
        case Role.PROVINCIAL_OFFICER:
            return Authority.PROVINCE
        case Role.MINISTRY_OFFICER | Role.MINISTRY_DIRECTOR:
            return Authority.MINISTRY
        case (
            Role.EXPORTER
            | Role.AGENT
            | Role.AGENCY_REVIEWER
            | Role.EXPERT
            | Role.CUSTOMS_OFFICER
            | Role.ENFORCEMENT_OFFICER
            | Role.LIST_EDITOR
            | Role.AUDITOR
            | Role.PROCEDURE
            | Role.PORTAL
            | Role.NOTIFIER
        ):
            return None
        case _:
            assert_never(role)


def roles_of(authority: Authority) -> tuple[Role, ...]:
    """The roles whose people a case of the authority can be given to."""
    return tuple(role for role in Role if authority_of(role) is authority)


# A province has done its part once it has forwarded the case (转报).
_WITH_PROVINCE = (
    ApplicationState.SUBMITTED,
    ApplicationState.PROVINCIAL_REVIEW,
    ApplicationState.SUPPLEMENT_REQUESTED,
)


def open_states(authority: Authority) -> tuple[ApplicationState, ...]:
    """States in which a case is still work for the authority."""
    match authority:
        case Authority.PROVINCE:
            return _WITH_PROVINCE
        case Authority.MINISTRY:
            return tuple(state for state in ApplicationState if state not in CONCLUDED)
        case _:
            assert_never(authority)


@dataclass(frozen=True)
class Assignment:
    """Whom an authority has given a case to."""

    authority: Authority
    subject: str
    name: LocalizedText
    assigned_at: datetime
    assigned_by: str


@dataclass(frozen=True)
class Officer:
    """An officer who has signed in, and how many open cases are on the desk."""

    subject: str
    name: LocalizedText
    open_cases: int


@dataclass(frozen=True)
class Note:
    """A note for colleagues; no applicant reads it, and it answers nothing."""

    note_id: uuid.UUID
    authority: Authority
    author: str
    author_name: LocalizedText
    written_at: datetime
    text: str
