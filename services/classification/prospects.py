"""What a proposal would make of what is known, and which stored items it can touch at all.

Of most items it is known without classifying them that they stay what they are: nothing that decides on them is
another. Of an item that cannot be told from outside so the answer is that it can be touched, and it is classified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.classification.domain.classify import may_decide
from services.classification.domain.encoded import rule_for
from services.classification.domain.entries import ControlEntry
from services.classification.domain.index import ListIndex
from services.classification.domain.interpretations import rules_asking
from services.classification.domain.stored import StoredItem
from services.classification.examination import ENCODED_REGIME
from services.classification.knowledge import Knowledge


@dataclass(frozen=True)
class Prospect:
    """What is known, what would be known if a proposal were activated, and the days of law on which to compare.

    `restood` are the entries of which a standing alone changes; None where the words of entries change as well, and
    with them what the search finds. `reread` are the entries whose rule asks what is to be settled.
    """

    current: Knowledge
    proposed: Knowledge
    days: tuple[date, ...]
    restood: frozenset[str] | None = None
    reread: tuple[ControlEntry, ...] = ()


def reread_by(known: Knowledge, identifier: str, days: Sequence[date]) -> tuple[ControlEntry, ...]:
    """The entries that count whose rule on one of the days asks a question of an entry, by itself or by another's."""
    book = known.examination.book
    asking = rules_asking(book, identifier)
    return tuple(
        entry
        for index in known.indexes
        if index.control_list.regime == ENCODED_REGIME
        for entry in index.control_list.entries
        if any(
            rule is not None and rule.identifier in asking
            for rule in (rule_for(entry, day, book) for day in days)
        )
    )


def deciding(known: Knowledge, regime: str) -> Knowledge:
    """The same with the lists alone that decide on an item of a regime (empty: of all); see `classify_by`."""
    asked = tuple(each for each in known.indexes if regime in ("", each.control_list.regime))
    foreign = known.examination.foreign_regimes
    own = tuple(each for each in asked if each.control_list.regime not in foreign)
    return Knowledge(own or asked, known.examination, known.name)


def can_touch(prospect: Prospect, item: StoredItem) -> bool:
    """Whether a proposal can make another outcome of an item; where it says no, it makes none.

    A classification depends on the lists that decide, on the rulings on their entries, and on nothing else that a
    proposal changes. Errors: those of `classify_by` for an item that cannot be classified.
    """
    before = deciding(prospect.current, item.regime).indexes
    after = deciding(prospect.proposed, item.regime).indexes
    if len(before) != len(after):
        return True
    changed = [new for old, new in zip(before, after, strict=True) if new is not old]
    return any(_finds_changed(prospect, item, index) for index in changed) or any(
        _rules_otherwise(prospect, item, day) for day in prospect.days
    )


def _finds_changed(prospect: Prospect, item: StoredItem, index: ListIndex) -> bool:
    """Whether an entry that changes may decide on the item: the search is the same where only standings change."""
    if prospect.restood is None:
        return True
    register = prospect.proposed.examination.register_of(index.control_list.regime)
    return not prospect.restood.isdisjoint(may_decide(item.item, index, register))


def _rules_otherwise(prospect: Prospect, item: StoredItem, day: date) -> bool:
    """Whether an entry is ruled on otherwise for the item, be the item what the entry describes or not."""
    if not prospect.reread:
        return False
    before, after = (
        known.examination.judges_of(ENCODED_REGIME)(item.item, day)
        for known in (prospect.current, prospect.proposed)
    )
    return any(
        before(entry, is_described) != after(entry, is_described)
        for entry in prospect.reread
        for is_described in (False, True)
    )
