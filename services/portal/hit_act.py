"""What the acts on a hit have in common: the hit side by side, and who may do it now."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from flask import g, url_for
from xuke.licensing.v1 import application_pb2 as a
from xuke.screening.v1 import hit_pb2 as h

from services.foundation.errors import ErrorCode, XukeError, not_found
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Act, Sending, Typed
from services.portal.case_frame import read_case
from services.portal.evidence import Evidence, points
from services.portal.formats import percent
from services.portal.language import text
from services.portal.services import services

DECIDERS: Final = allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)
QUEUE_READERS: Final = allow(*DECIDERS.roles, Role.AUDITOR)
# A province reads the hits of its own cases; agencies see how they stand in the case.
READERS: Final = allow(*QUEUE_READERS.roles, Role.PROVINCIAL_OFFICER)
# What the contract takes of a text that gives reasons.
LONGEST_REASON: Final = 4000
_CASE: Final = "applications/"


def read_hit(hit_id: object) -> h.HitCase:
    """A hit. Errors: NOT_FOUND."""
    return services().ask(services().hits.GetHit, h.GetHitRequest(hit_id=str(hit_id)))


def application_of(hit: h.HitCase) -> str:
    """The id of the application that is watched; empty where the export is none."""
    return hit.watched_as.removeprefix(_CASE) if hit.watched_as.startswith(_CASE) else ""


def case_of(hit: h.HitCase) -> a.Case | None:
    """The case that the hit is about; None where the ministry looks at a hit of no case. Errors: NOT_FOUND where it is
    no case of the person's province.
    """
    try:
        return read_case(UUID(application_of(hit)))
    except (XukeError, ValueError) as error:
        not_found_here = isinstance(error, ValueError) or error.code is ErrorCode.NOT_FOUND
        if not_found_here and g.principal.role in QUEUE_READERS.roles:
            return None
        if isinstance(error, ValueError):
            raise not_found("hit", hit.hit_id) from error
        raise


def latest(hit: h.HitCase) -> h.HitDecision | None:
    """The newest decision that counts; None before there is one."""
    return next((one for one in hit.decisions if not one.void_because), None)


def shown_of(hit: h.HitCase) -> dict[str, Any]:
    """What the templates need to show a hit."""
    return {
        "found": hit,
        "evidence": Evidence.of(hit.hit.evidence),
        "latest": latest(hit),
        "points": points,
        "percent": percent,
    }


class HitAct(Act[h.HitCase]):
    """An act on a hit. `action` is the word by which the service allows it."""

    action: ClassVar[str]
    permission = DECIDERS
    stale = "hit.stale"
    overtaken = "hit.overtaken"

    def read(self, address: Mapping[str, Any]) -> h.HitCase:
        """The hit."""
        return read_hit(address["hit_id"])

    def possible(self, subject: h.HitCase) -> bool:
        """As the service says."""
        return self.action in subject.allowed_actions

    def etag(self, subject: h.HitCase) -> str:
        """That of the hit."""
        return subject.etag

    def home(self, subject: h.HitCase) -> str:
        """The hit."""
        return url_for("hit", hit_id=subject.hit_id)

    def context(self, subject: h.HitCase) -> dict[str, Any]:
        """The hit, for the form and beside it."""
        return {
            **shown_of(subject),
            "caption": text("hit.title", party=subject.hit.party_name),
            "beside": "hits/facts.html",
            "state_shown": "hits/state.html",
            "obstacles": (),
        }

    def send(self, subject: h.HitCase, typed: Typed, sending: Sending) -> None:
        """Sends the act to screening."""
        self.send_act(
            typed,
            {"request_id": sending.request_id, "hit_id": subject.hit_id, "etag": sending.etag},
        )

    @abstractmethod
    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """Asks the one method; `common` is what every request of an act on a hit carries."""
