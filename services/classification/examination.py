"""What items are examined with, beside the list: commodity codes, encoded rules, agencies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.classification.domain.agencies import AgencyTable
from services.classification.domain.codes import HsRegister
from services.classification.domain.encoded import judge_by
from services.classification.domain.entries import ControlEntry
from services.classification.domain.interpretations import RecordedInterpretation, settled_on
from services.classification.domain.item import Item
from services.classification.domain.legal_regimes import RegimeTable
from services.classification.domain.ruling import Judge, JudgeOfItems, Ruling, no_rules
from services.classification.reference_files import (
    read_agencies,
    read_control_list,
    read_foreign_regimes,
    read_hs_register,
    read_regimes,
)
from services.classification.rules.book import RuleBook
from services.classification.rules.loading import read_rules

# The rules that are encoded are those of this list; others decide by description.
ENCODED_REGIME = "cn_dual_use"

Words = tuple[str, ...]


@dataclass(frozen=True)
class Examination:
    """What an item is examined with; immutable, shared by every thread.

    `encoded_words` are the words of the law that the rules were encoded from, by identifier. `foreign_regimes`
    are those of other states, whose lists decide nothing here. `interpretations` are those that count, in the order in
    which they came to.
    """

    register: HsRegister
    book: RuleBook
    agencies: AgencyTable
    encoded_words: Mapping[str, Words]
    legal_regimes: RegimeTable
    foreign_regimes: frozenset[str]
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

    def legal_regimes_of(self, regime: str) -> RegimeTable | None:
        """Under which bodies of law the items of a list are exported; None where they are not those of China."""
        return self.legal_regimes if regime == ENCODED_REGIME else None

    def interpreted(self, interpretations: Iterable[RecordedInterpretation]) -> "Examination":
        """The same with the interpretations that count, or counted at an earlier instant."""
        return replace(self, interpretations=tuple(interpretations))

    def _judge(self, item: Item, as_of: date) -> Judge:
        judge = judge_by(self.book, settled_on(self.interpretations, as_of))(item, as_of)

        def by_words_that_stand(entry: ControlEntry, is_described: bool) -> Ruling | None:
            """A rule holds for the words it was encoded from; for amended ones its limits may be others."""
            if self.encoded_words.get(entry.identifier) != words_of(entry):
                return None
            return judge(entry, is_described)

        return by_words_that_stand


def words_of(entry: ControlEntry) -> Words:
    """Everything that the law says in an entry about what falls under it: in Chinese, translations are not law."""
    return (entry.name_zh, entry.parameters_zh, entry.decontrol_zh, entry.note_zh)


def read_examination() -> Examination:
    """Reads the reference files."""
    words = {entry.identifier: words_of(entry) for entry in read_control_list().entries}
    return Examination(
        read_hs_register(), read_rules(), read_agencies(), words, read_regimes(), read_foreign_regimes()
    )
