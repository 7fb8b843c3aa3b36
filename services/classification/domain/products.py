"""Products of an exporter's library: described once, classified again whenever a list changes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from services.classification.domain.item import Item

# What the names begin with under which the classifications of products are kept.
SUBJECTS: Final = "products/"


@dataclass(frozen=True, slots=True)
class Product:
    """A product as its exporter describes it; `article_number` is the exporter's own.

    `row_version` counts its changes from 1; an archived product is kept in the record and gone from the library.
    """

    product_id: UUID
    row_version: int
    article_number: str
    family: str
    item: Item
    archived: bool
    changed_at: datetime

    @property
    def subject(self) -> str:
        """The name under which its classification is kept."""
        return subject_of(self.product_id)


@dataclass(frozen=True, slots=True)
class Family:
    """A product family with the control code that its products are held under where they claim none."""

    name: str
    default_control_code: str
    products: int


def subject_of(product_id: UUID) -> str:
    """The name under which the classification of a product is kept."""
    return f"{SUBJECTS}{product_id}"


def to_classify(item: Item, default_control_code: str) -> Item:
    """The item as it is classified: a product that claims no code claims that of its family."""
    if item.claimed_control_code or not default_control_code:
        return item
    return replace(item, claimed_control_code=default_control_code)
