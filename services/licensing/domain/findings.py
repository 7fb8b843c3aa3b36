"""What was found about an application, and what the applicant is told with legal effect."""

from dataclasses import dataclass
from enum import StrEnum

from services.foundation.messages import LocalizedText

_NO_TEXT = LocalizedText("", "")


@dataclass(frozen=True)
class LegalSource:
    """Where a rule comes from: the instrument as published in Chinese, and its article."""

    instrument: str = ""
    article: str = ""
    url: str = ""


@dataclass(frozen=True)
class Deficiency:
    """One thing that is missing or wrong, and what to do."""

    code: str
    field: str = ""
    text: LocalizedText = _NO_TEXT
    source: LegalSource = LegalSource()


class NoticeKind(StrEnum):
    """Notices with legal effect."""

    SUPPLEMENT = "SUPPLEMENT"
    GATE_REFUSAL = "GATE_REFUSAL"
    ACCEPTANCE = "ACCEPTANCE"
    NON_ACCEPTANCE = "NON_ACCEPTANCE"
    APPROVAL = "APPROVAL"
    REFUSAL = "REFUSAL"
    GRANT_TAKEN_BACK = "GRANT_TAKEN_BACK"
    LAPSE = "LAPSE"


@dataclass(frozen=True)
class ItemClassification:
    """Classification of one item as the automatic checks found it."""

    line_number: int
    outcome: str = ""
    control_codes: tuple[str, ...] = ()
    reasons: tuple[LocalizedText, ...] = ()
    list_versions: tuple[str, ...] = ()


class ScreeningVerdict(StrEnum):
    """Verdict of the screening of the parties, the destination and the end use."""

    UNSPECIFIED = "UNSPECIFIED"
    CLEAR = "CLEAR"
    REVIEW = "REVIEW"
    RESTRICTED = "RESTRICTED"
    PROHIBITED = "PROHIBITED"


@dataclass(frozen=True)
class ScreeningFinding:
    """One reason of the verdict, in the words of the screening service; a hit has an id and a state."""

    finding_id: str = ""
    verdict: ScreeningVerdict = ScreeningVerdict.UNSPECIFIED
    explanation: LocalizedText = _NO_TEXT
    source: LegalSource = LegalSource()
    demands: tuple[str, ...] = ()
    hit_id: str = ""
    hit_state: str = ""

    @property
    def counts(self) -> bool:
        """Whether the finding has a part in the verdict: a hit that was released has none."""
        return self.hit_state != "RELEASED"


@dataclass(frozen=True)
class ScreeningSummary:
    """The screening as the automatic checks found it. `open_hits` are neither confirmed nor released."""

    screening_id: str
    verdict: ScreeningVerdict
    findings: tuple[ScreeningFinding, ...] = ()
    versions: tuple[str, ...] = ()
    open_hits: int = 0


@dataclass(frozen=True)
class OpinionSummary:
    """The opinion of one agency, in the words of the consultation service."""

    agency: str
    mandatory: bool = False
    task_state: str = ""
    opinion: str = ""
    task_id: str = ""


@dataclass(frozen=True)
class ConsultationSummary:
    """A round of consultation; `consolidation` is empty while it is open."""

    round_id: str
    round_number: int
    consolidation: str = ""
    opinions: tuple[OpinionSummary, ...] = ()


@dataclass(frozen=True)
class FactorAssessment:
    """Assessment of one factor of 出口管制法 Art. 13."""

    factor: str
    rating: str
    comment: str = ""
