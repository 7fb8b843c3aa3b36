"""An organisation that exports (出口经营者), as its own people keep it, and everybody who signs in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.foundation.messages import LocalizedText
from services.licensing.domain.dossier import Applicant
from services.licensing.domain.mandate import Mandate
from services.licensing.domain.standing import MemberRole


@dataclass(frozen=True)
class Member:
    """A person of an organisation; `version` is the etag."""

    subject: str
    name: LocalizedText
    email: str
    role: MemberRole
    receives_email: bool
    last_signed_in_at: datetime
    version: int


@dataclass(frozen=True)
class Organisation:
    """An organisation; `version` is the etag of its particulars."""

    organisation: str
    version: int
    particulars: Applicant
    members: tuple[Member, ...]
    mandates: tuple[Mandate, ...]

    def member(self, subject: str) -> Member | None:
        """The member of that account."""
        return next((member for member in self.members if member.subject == subject), None)


def role_of_newcomer(members: Iterable[MemberRole]) -> MemberRole:
    """The role in which a person joins: somebody must be able to give out roles."""
    return MemberRole.FILER if any(True for _ in members) else MemberRole.ADMINISTRATOR


def keeps_an_administrator(members: Iterable[Member], subject: str, role: MemberRole) -> bool:
    """Whether the organisation has an administrator once a member has another role."""
    return any(
        (role if member.subject == subject else member.role) is MemberRole.ADMINISTRATOR for member in members
    )
