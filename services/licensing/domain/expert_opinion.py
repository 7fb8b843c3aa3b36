"""What experts are asked while the review limit is stopped for it (两用物项出口管制条例 Art. 17(3): 征询专家意见)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from services.foundation.messages import LocalizedText

# Words of the events that tell of it; they change nothing in a case.
ASK_EXPERT = "ask_expert"
SUBMIT_EXPERT_OPINION = "submit_expert_opinion"


@dataclass(frozen=True)
class Expert:
    """An expert who has signed in."""

    subject: str
    name: LocalizedText


@dataclass(frozen=True)
class ExpertRequest:
    """What an expert is asked, and the opinion; empty and None until it is given. Instants in UTC.

    `under_way`: the review is, and its limit is still stopped by the exclusion that the request belongs to.
    """

    expert_request_id: uuid.UUID
    exclusion_id: uuid.UUID
    expert_subject: str
    asked_by: str
    asked_at: datetime
    question: str
    opinion: str = ""
    answered_at: datetime | None = None
    under_way: bool = True

    @property
    def answerable(self) -> bool:
        """Whether the opinion is still to be given, and can be."""
        return self.under_way and self.answered_at is None
