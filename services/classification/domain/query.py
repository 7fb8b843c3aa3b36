"""An item with its codes checked and in their one spelling."""

from dataclasses import dataclass
from typing import Final

from services.classification.domain.codes import (
    HsRegister,
    normalise_cas_number,
    normalise_control_code,
    normalise_hs_code,
)
from services.classification.domain.item import Item
from services.classification.domain.text import Vocabulary, is_unread
from services.foundation.errors import FieldViolation, invalid_argument

# What of a text is read; the rest is asked for in fewer words.
LONGEST_NAME: Final = 400
LONGEST_DESCRIPTION: Final = 8000


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the item with checked codes, its texts cut to what is read."""

    item: Item
    name_zh: str
    name_en: str
    description: str
    hs_code: str
    cas_number: str
    control_code: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are given."""
        return tuple(name for name in (self.name_zh, self.name_en) if name.strip())

    @property
    def too_long(self) -> bool:
        """Whether a text is longer than what is read of it."""
        item = self.item
        return (
            max(len(item.name_zh), len(item.name_en)) > LONGEST_NAME
            or len(item.description) > LONGEST_DESCRIPTION
        )

    @property
    def unread(self) -> tuple[str, ...]:
        """The texts in a writing in which no entry is named."""
        texts = (self.name_zh, self.name_en, self.description)
        return tuple(text for text in texts if text.strip() and is_unread(text))

    def is_vague(self, vocabulary: Vocabulary) -> bool:
        """Whether the item is named, but by words that fit anything; a code makes up for it."""
        texts = [*self.names, *((self.description,) if not self.names and self.description.strip() else ())]
        return bool(texts) and all(vocabulary.is_vague(text) for text in texts)


def checked(item: Item, register: HsRegister) -> Query:
    """The query for an item.

    Errors: INVALID_ARGUMENT naming the fields: ITEM_UNDESCRIBED, HS_CODE_MALFORMED, HS_CODE_UNKNOWN,
    CAS_NUMBER_MALFORMED, CONTROL_CODE_MALFORMED.
    """
    violations: list[FieldViolation] = []
    hs_code = _hs_code(item.hs_code, register, violations) if item.hs_code.strip() else ""
    cas_number = ""
    if item.cas_number.strip():
        cas_number = normalise_cas_number(item.cas_number) or ""
        if not cas_number:
            violations.append(
                FieldViolation("item.cas_number", "CAS_NUMBER_MALFORMED", {"cas_number": item.cas_number})
            )
    control_code = ""
    if item.claimed_control_code.strip():
        control_code = normalise_control_code(item.claimed_control_code) or ""
        if not control_code:
            violations.append(
                FieldViolation(
                    "item.claimed_control_code",
                    "CONTROL_CODE_MALFORMED",
                    {"control_code": item.claimed_control_code},
                )
            )
    said = any(text.strip() for text in (item.name_zh, item.name_en, item.description))
    if not (said or hs_code or cas_number or control_code or violations):
        violations.append(FieldViolation("item", "ITEM_UNDESCRIBED"))
    if violations:
        raise invalid_argument(*violations)
    return Query(
        item,
        item.name_zh[:LONGEST_NAME],
        item.name_en[:LONGEST_NAME],
        item.description[:LONGEST_DESCRIPTION],
        hs_code,
        cas_number,
        control_code,
    )


def _hs_code(text: str, register: HsRegister, violations: list[FieldViolation]) -> str:
    code = normalise_hs_code(text)
    if code is None:
        violations.append(FieldViolation("item.hs_code", "HS_CODE_MALFORMED", {"hs_code": text}))
        return ""
    if not register.exists(code):
        violations.append(FieldViolation("item.hs_code", "HS_CODE_UNKNOWN", {"hs_code": text}))
    return code
