"""What an entry has to do with international arrangements, and where other lists number the same.

The schedule of a chemical is a fact of the Chemical Weapons Convention. Other arrangements are told by the third
character of the code, which is an inference and says so. That another list has the same number is no more than that:
both follow one scheme of numbering, and the words may differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from services.classification.domain.codes import ancestors
from services.classification.domain.legal_regimes import BasisKind


class Arrangement(StrEnum):
    """An international arrangement, or the national list that serves one."""

    CWC = "CWC"
    CONTROLLED_CHEMICALS = "CONTROLLED_CHEMICALS"
    MTCR = "MTCR"
    NSG = "NSG"
    AUSTRALIA_GROUP = "AUSTRALIA_GROUP"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One row: codes with what stands below them, else third characters.

    `reference` is the place in the arrangement, for example schedule 3.B.8 of the convention; empty where only the
    arrangement is told.
    """

    arrangement: Arrangement
    codes: tuple[str, ...]
    third_digits: str
    reference: str
    instrument: str
    basis_kind: BasisKind
    text_zh: str
    text_en: str

    def fits(self, code: str) -> bool:
        """Whether the row is about a control code."""
        if self.codes:
            return any(each in self.codes for each in (code, *ancestors(code)))
        return bool(self.third_digits) and code[2:3] in tuple(self.third_digits)


@dataclass(frozen=True, slots=True)
class SameNumber:
    """Another list that has an entry of the same number; `words_agree` where its words also find the entry."""

    code: str
    regime: str
    edition: str
    words_agree: bool


class ObligationTable:
    """The rows by code; immutable once made."""

    def __init__(self, obligations: Iterable[Obligation], same_numbers: Iterable[SameNumber]) -> None:
        self._obligations = tuple(obligations)
        self._same_numbers = {row.code: row for row in same_numbers}

    def of_code(self, code: str) -> tuple[Obligation, ...]:
        """What a control code of the Chinese list has to do with arrangements, in the order of the table."""
        return tuple(row for row in self._obligations if row.fits(code))

    def same_number(self, code: str) -> SameNumber | None:
        """The entry of the same number in another list: that of the code, or of its heading."""
        return next(
            (self._same_numbers[each] for each in (code, *ancestors(code)) if each in self._same_numbers),
            None,
        )

    def schedule_of(self, code: str) -> str:
        """The schedule of the convention that a code stands in, for example "3"; empty where it is in none."""
        references = (row.reference for row in self.of_code(code) if row.arrangement is Arrangement.CWC)
        return next((reference.partition(".")[0] for reference in references), "")
