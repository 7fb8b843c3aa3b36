"""Items that are kept with their newest classification, so that a change of the law is held against them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.classification.domain.item import Item, Nature, StatedParameter
from services.classification.domain.outcomes import Outcome

# Entries that still need information can be many; the first of them say enough.
CODES_KEPT = 10


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What counts of a classification: the worst outcome, and the codes that it rests on."""

    outcome: Outcome
    codes: tuple[str, ...]

    def differs_from(self, other: "Conclusion") -> bool:
        """Whether somebody has to look: another outcome, or other codes under which the item is controlled."""
        if self.outcome is not other.outcome:
            return True
        controlled = self.outcome >= Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN
        return controlled and set(self.codes) != set(other.codes)


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with its newest classification.

    `subject` is "products/<id>" or "applications/<id>/<submission>/<line>"; `organisation` the one whose item it
    is. `regime` is the one asked, empty for all. `knowledge` names what the classification rests on; whatever
    rests on something else than what counts now is classified again while it `is_open`. `outcome_before` is the
    outcome before the last change that came from a list, and `outcome_changed` whether nobody has looked at that.
    """

    subject: str
    organisation: str
    item: Item
    regime: str
    conclusion: Conclusion
    list_versions: tuple[str, ...]
    as_of: date
    classified_at: datetime
    knowledge: str
    outcome_before: Outcome | None
    outcome_changed: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One classification that was kept: it can be had again for its legal day and what was known then (UTC)."""

    subject: str
    item: Item
    regime: str
    conclusion: Conclusion
    list_versions: tuple[str, ...]
    as_of: date
    known_at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """A stored item of which a list changes what counts.

    `since` is the later day of law from which on it does; None is at once.
    """

    subject: str
    name_zh: str
    name_en: str
    before: Conclusion
    after: Conclusion
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ReclassificationTask:
    """A change of outcome that activated lists brought about, for somebody to look at; instants in UTC.

    `row_version` is its etag; `settled_at` is None while it is open.
    """

    task_id: UUID
    row_version: int
    change: OutcomeChange
    list_versions: tuple[str, ...]
    raised_at: datetime
    settled_by: str
    settled_at: datetime | None
    settlement: str


def item_content(item: Item) -> Mapping[str, Any]:
    """An item in values of JSON; the character that the database cannot keep is left out."""
    content = asdict(item)
    content["nature"] = item.nature.value
    cleaned: dict[str, Any] = _without_nul(content)
    return cleaned


def item_of_content(content: Mapping[str, Any]) -> Item:
    """The item of `item_content`."""
    return Item(
        **{
            **content,
            "nature": Nature(content["nature"]),
            "parameters": tuple(StatedParameter(**each) for each in content["parameters"]),
        }
    )


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, Mapping):
        return {name: _without_nul(each) for name, each in value.items()}
    return [_without_nul(each) for each in value]
