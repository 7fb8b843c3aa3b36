"""Why a score is what it is: the parts of a comparison with their points, which add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xuke.screening.v1 import screening_pb2 as s


@dataclass(frozen=True)
class Evidence:
    """The parts of a comparison, the weightiest first, and their sum; points are thousandths of a logit."""

    parts: tuple[s.EvidencePart, ...]
    total: int

    @classmethod
    def of(cls, parts: Iterable[s.EvidencePart]) -> "Evidence":
        """The evidence of a hit."""
        ordered: Sequence[s.EvidencePart] = sorted(parts, key=lambda one: -abs(one.points))
        return cls(tuple(ordered), sum(one.points for one in ordered))


def points(thousandths: int) -> str:
    """Points with their sign: 1250 is "+1.250", -300 is "−0.300"."""
    sign = "−" if thousandths < 0 else "+"
    whole, part = divmod(abs(thousandths), 1000)
    return f"{sign}{whole}.{part:03}"
