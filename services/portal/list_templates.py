"""The templates of the files that can be brought in: their columns, in the order of the download."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Column:
    """A column, and whether every row must fill it."""

    name: str
    needed: bool = False


def _columns(needed: str, *names: str) -> tuple[Column, ...]:
    demanded = frozenset(needed.split())
    return tuple(Column(name, name in demanded) for name in names)


# By the name of the file; as the screening service reads them (services/screening/imports).
TEMPLATES: Final = {
    "parties": _columns(
        "entry_id announcement effective_from",
        "entry_id",
        "name_zh",
        "name_en",
        "aliases",
        "kind",
        "country",
        "addresses",
        "identifiers",
        "born",
        "measures",
        "holders",
        "announcement",
        "article",
        "url",
        "effective_from",
        "effective_to",
        "suspended_from",
        "suspended_to",
        "stopped_from",
        "unconfirmed_from",
        "standing_basis",
        "also_unreliable_entity",
    ),
    "rules": _columns(
        "rule_id destination verdict instrument effective_from confidence enabled text_zh text_en",
        "rule_id",
        "destination",
        "end_user_kinds",
        "end_use_purposes",
        "catch_all_limbs",
        "knowledge",
        "verdict",
        "verdict_if_unknown",
        "demands",
        "instrument",
        "article",
        "url",
        "effective_from",
        "effective_to",
        "suspended_from",
        "suspended_to",
        "confidence",
        "enabled",
        "text_zh",
        "text_en",
    ),
    "destinations": _columns(
        "country grade instrument effective_from confidence reason_zh reason_en",
        "country",
        "grade",
        "demands",
        "instrument",
        "article",
        "url",
        "effective_from",
        "effective_to",
        "confidence",
        "reason_zh",
        "reason_en",
    ),
}
