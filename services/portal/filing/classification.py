"""What the control list says of an item while it is being described: candidates, reasons, and what is still open."""

from dataclasses import dataclass
from typing import Final

import structlog
from xuke.classification.v1 import classification_pb2 as cl
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.portal.answers import sentence
from services.portal.classification_tree import classify_request
from services.portal.services import services

CANDIDATES_SHOWN: Final = 5
_log = structlog.get_logger()


@dataclass(frozen=True)
class Advice:
    """The answer of the classification; None while it cannot be asked, or cannot be for what is `wrong`."""

    answer: cl.ClassifyResponse | None
    wrong: tuple[str, ...] = ()

    @property
    def candidates(self) -> tuple[cl.Candidate, ...]:
        """The entries to look at first."""
        return tuple(self.answer.candidates[:CANDIDATES_SHOWN]) if self.answer else ()

    @property
    def questions(self) -> tuple[cl.Question, ...]:
        """What would settle them."""
        codes = {candidate.entry.control_code for candidate in self.candidates}
        asked = self.answer.questions if self.answer else ()
        return tuple(one for one in asked if not one.control_code or one.control_code in codes)


def advice(item: d.Item, dossier: d.Dossier) -> Advice | None:
    """The classification of an item as it stands; None of one that nothing is known of yet.

    Filing goes on without it: while the service cannot be asked the advice is empty, and what it cannot make sense
    of, such as a commodity code that there is not, is told in its place.
    """
    if not (item.name_zh or item.name_en or item.hs_code or item.description):
        return None
    try:
        answer = services().ask(services().classification.Classify, classify_request(item, dossier, ""))
    except XukeError as error:
        if error.code is ErrorCode.INVALID_ARGUMENT:
            return Advice(None, tuple(dict.fromkeys(map(sentence, error.violations))))
        if error.code not in (ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED):
            raise
        _log.info("classification_not_asked", reason=error.reason)
        return Advice(None)
    return Advice(answer)
