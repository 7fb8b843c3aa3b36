"""What items are examined with, beside the list: commodity codes, encoded rules, agencies."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from services.classification.domain.agencies import AgencyTable
from services.classification.domain.codes import HsRegister
from services.classification.domain.encoded import judge_by
from services.classification.domain.interpretations import RecordedInterpretation, settled_on
from services.classification.domain.item import Item
from services.classification.domain.ruling import Judge, JudgeOfItems, no_rules
from services.classification.reference_files import read_agencies, read_hs_register
from services.classification.rules.book import RuleBook
from services.classification.rules.loading import read_rules

# The rules that are encoded are those of this list; others decide by description.
ENCODED_REGIME = "cn_dual_use"


@dataclass(frozen=True)
class Examination:
    """What an item is examined with; immutable, shared by every thread.

    `interpretations` are those that count, in the order in which they came to.
    """

    register: HsRegister
    book: RuleBook
    agencies: AgencyTable
    interpretations: tuple[RecordedInterpretation, ...] = ()

    def register_of(self, regime: str) -> HsRegister:
        """The commodity codes; the licence catalogue says something of items of its own regime only."""
        return self.register if regime == ENCODED_REGIME else self.register.without_licence_catalogue

    def judges_of(self, regime: str) -> JudgeOfItems:
        """How the entries of a regime are evaluated."""
        return self._judge if regime == ENCODED_REGIME else no_rules

    def agencies_of(self, regime: str) -> AgencyTable | None:
        """The bodies of a regime; None where they are not those of China."""
        return self.agencies if regime == ENCODED_REGIME else None

    def interpreted(self, interpretations: Iterable[RecordedInterpretation]) -> "Examination":
        """The same with the interpretations that count, or counted at an earlier instant."""
        return replace(self, interpretations=tuple(interpretations))

    def _judge(self, item: Item, as_of: date) -> Judge:
        return judge_by(self.book, settled_on(self.interpretations, as_of))(item, as_of)


def read_examination() -> Examination:
    """Reads the reference files."""
    return Examination(read_hs_register(), read_rules(), read_agencies())
