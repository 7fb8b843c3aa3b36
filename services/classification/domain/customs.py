"""What the exporter writes in the remarks of the customs declaration.

商务部 海关总署公告2025年第18号, 第55号 and 第56号 ask for it: 属于两用物项 with the control code where an item is listed;
不属于管制物项 with its parameters where it is of the same kind and its figures come near the limits.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.classification.domain.ruling import Condition


class RemarkKind(StrEnum):
    """Which of the two sentences applies."""

    CUSTOMS_LISTED = "CUSTOMS_LISTED"
    CUSTOMS_NEAR_LIMIT = "CUSTOMS_NEAR_LIMIT"


@dataclass(frozen=True, slots=True)
class CustomsRemark:
    """The sentence: the control codes of a listed item, or the figures of one near the limits."""

    kind: RemarkKind
    control_codes: tuple[str, ...]
    figures: tuple[Condition, ...] = ()

    @property
    def parameters(self) -> str:
        """The figures as given, each beside the words of the law that it was held against."""
        return "；".join(f"{each.given}（{each.quote}）" for each in self.figures)
