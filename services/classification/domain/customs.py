"""What the exporter writes in the remarks of the customs declaration.

商务部 海关总署公告2025年第18号, 第55号 and 第56号 ask for it: 属于两用物项 with the control code where an item is listed;
不属于管制物项 with its parameters where it is of the same kind and its figures come near the limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.classification.domain.ruling import Condition, Ruling
from services.classification.rules.truth import Truth


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


def listed(control_codes: Sequence[str]) -> CustomsRemark:
    """The sentence for an item of these entries."""
    return CustomsRemark(RemarkKind.CUSTOMS_LISTED, tuple(dict.fromkeys(control_codes)))


def near_limit(missed: Sequence[tuple[str, Ruling]]) -> CustomsRemark | None:
    """The sentence for an item whose figures keep it out of entries, by code; None where none comes near.

    A figure is near where it misses its limit by at most five percent; then every figure given is stated.
    """
    near = [
        (code, ruling)
        for code, ruling in missed
        if any(line.near_limit and line.truth is Truth.FALSE for line in ruling.conditions)
    ]
    if not near:
        return None
    figures = dict.fromkeys(
        line for _, ruling in near for line in ruling.conditions if line.given and line.limit and line.quote
    )
    return CustomsRemark(
        RemarkKind.CUSTOMS_NEAR_LIMIT, tuple(dict.fromkeys(code for code, _ in near)), tuple(figures)
    )
