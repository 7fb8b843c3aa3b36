"""What the acts on a case have in common: the case they rest on, who may do it now, and where they lead."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import g, url_for
from xuke.classification.v1 import precedent_pb2 as p
from xuke.consultation.v1 import consultation_pb2 as c
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role
from services.portal.acting import Act, Sending, Typed
from services.portal.action_panel import obstacles
from services.portal.case_frame import read_case
from services.portal.language import text
from services.portal.services import services

# What the contract takes of a text that gives reasons, an opinion or a result.
LONGEST_REASONS: Final = 4000
MINISTRY_OFFICER: Final = allow(Role.MINISTRY_OFFICER)


@dataclass(frozen=True)
class OfferedPrecedent:
    """A precedent that is like an item of the case."""

    line_number: int
    precedent: p.Precedent


@dataclass(frozen=True)
class CaseRead:
    """A case, and its rounds of consultation, the experts there are or precedents where the act looks at them.

    `precedents` are None where they cannot be had now.
    """

    case: a.Case
    rounds: Sequence[c.Round] = ()
    experts: Sequence[a.Expert] = ()
    precedents: Sequence[OfferedPrecedent] | None = ()


def read_rounds(application_id: UUID) -> Sequence[c.Round]:
    """The rounds of consultation with what the person may see of them, by number."""
    return (
        services()
        .ask(
            services().consultation.ListRounds,
            c.ListRoundsRequest(application_id=str(application_id)),
        )
        .rounds
    )


class CaseAct(Act[CaseRead]):
    """An act on a case. `action` is the word of the transition table that it takes."""

    action: ClassVar[str]
    with_rounds: ClassVar[bool] = False
    permission: ClassVar[Permission] = MINISTRY_OFFICER

    def read(self, address: Mapping[str, Any]) -> CaseRead:
        """The case, with its rounds where the act looks at them."""
        application_id = address["application_id"]
        rounds = read_rounds(application_id) if self.with_rounds else ()
        return CaseRead(read_case(application_id), rounds)

    def possible(self, subject: CaseRead) -> bool:
        """As licensing says."""
        return self.action in subject.case.allowed_actions

    def etag(self, subject: CaseRead) -> str:
        """That of the case."""
        return subject.case.etag

    def home(self, subject: CaseRead) -> str:
        """The case."""
        return url_for("case", application_id=subject.case.application_id)

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """The case, its rounds, and what stands in the way of acts on it."""
        return {
            "case": subject.case,
            "rounds": subject.rounds,
            "caption": text("case.title", number=subject.case.number),
            "obstacles": obstacles(subject.case, g.principal),
        }

    def send(self, subject: CaseRead, typed: Typed, sending: Sending) -> None:
        """Sends the act to licensing."""
        common = {
            "request_id": sending.request_id,
            "application_id": subject.case.application_id,
            "etag": sending.etag,
        }
        self.send_act(subject, typed, common)

    @abstractmethod
    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """Asks the one method; `common` is what every request of an act on a case carries."""
