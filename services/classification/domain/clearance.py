"""What stands in the way of clearing an item whose entries are all missed or released.

An entry that describes the item by one part of its name says nothing of the other parts: 飞机起落架（钛合金） is no
alloy. Whatever of the names no entry accounts for, and whatever was not looked at, is asked about first.
"""

from collections.abc import Collection, Iterator

from services.classification.domain.index import ListIndex
from services.classification.domain.outcomes import Question, QuestionCode
from services.classification.domain.query import Query
from services.classification.domain.text import segments


def obstacles(
    query: Query, described: Collection[str], left_out: int, index: ListIndex
) -> Iterator[Question]:
    """What must be answered before the item is cleared.

    `described` are the entries that describe the item, `left_out` the number of entries that were proposed and not
    examined.
    """
    for name in query.names:
        if not _accounts_for(name, described, index):
            yield Question(QuestionCode.NAME_NOT_ACCOUNTED_FOR, item_value=name)
    if left_out:
        yield Question(QuestionCode.TOO_MANY_ENTRIES, item_value=str(left_out))


def _accounts_for(name: str, described: Collection[str], index: ListIndex) -> bool:
    """Whether nothing is left of a name beside what the entries that describe the item are called."""
    if not index.named_by(name).isdisjoint(described):
        return True
    vocabulary = index.policy.vocabulary
    parts = segments(name)
    named = [part for part in parts if not index.named_by(part).isdisjoint(described)]
    return bool(named) and all(part in named or vocabulary.is_incidental(part) for part in parts)
