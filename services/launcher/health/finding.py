"""What an examination finds, as a value; its sentences stand in the catalogue of messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.foundation.messages import LocalizedText, render


class Status(StrEnum):
    """How something is, from well to worst."""

    OK = "ok"
    # Nothing is wrong yet; somebody should act before it is.
    NOTICE = "notice"
    BEHIND = "behind"
    DOWN = "down"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `reason` names the sentence that says how it is and what to do."""

    check: str
    subject: str
    status: Status
    reason: str
    figures: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> LocalizedText:
        """How it is and what to do, in both languages."""
        return render(self.reason, {"subject": self.subject, **self.figures})

    def as_json(self) -> dict[str, object]:
        """For programs."""
        sentence = self.sentence
        return {
            "check": self.check,
            "subject": self.subject,
            "status": self.status.value,
            "reason": self.reason,
            "figures": dict(self.figures),
            "zh": sentence.zh,
            "en": sentence.en,
        }
