"""What applications are searched by: one text of each, in one spelling, without regard to case."""

import unicodedata
from collections.abc import Iterable, Iterator

from services.licensing.domain.dossier import Dossier
from services.licensing.domain.findings import ItemClassification

# How many items a line of the queue names.
ITEMS_SHOWN = 3


def folded(text: str) -> str:
    """A text as it is compared: full-width forms and letter case do not count, one space is as good as many.

    NUL, which a draft may hold and PostgreSQL cannot keep, counts as a space.
    """
    return " ".join(unicodedata.normalize("NFKC", text.replace("\x00", " ")).casefold().split())


def search_text(number: str | None, dossier: Dossier, found: Iterable[ItemClassification] = ()) -> str:
    """The text of an application: its number, the names of applicant, parties, owners and items, and codes.

    `found` adds the control codes of the classification. No search matches across two of the parts.
    """
    parts = (folded(part) for part in (number or "", *_of(dossier), *_codes(found)))
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _of(dossier: Dossier) -> Iterator[str]:
    yield dossier.applicant.name_zh
    yield dossier.applicant.name_en
    for party in dossier.parties:
        yield party.name_zh
        yield party.name_en
        for owner in party.owners:
            yield from (owner.name_zh, owner.name_en)
    for item in dossier.items:
        yield from (item.name_zh, item.name_en, item.claimed_control_code, item.hs_code)


def _codes(found: Iterable[ItemClassification]) -> Iterator[str]:
    for classification in found:
        yield from classification.control_codes
