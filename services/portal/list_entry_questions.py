"""What an entry of a list says, as questions in the groups in which the page puts them."""

from dataclasses import dataclass
from typing import Final

from services.portal.form_options import codes
from services.portal.forms import Kind, Option, Question
from services.portal.language import shown

# Words of the contract; an entry whose kind is not known has none.
_KINDS: Final = ("PERSON", "ORGANISATION", "VESSEL")


def _kinds() -> tuple[Option, ...]:
    return tuple(Option(kind, shown("ListedKind", kind)) for kind in _KINDS)


ENTRY_ID: Final = Question(
    "entry_id", Kind.TEXT, "list_entry.entry_id", "list_entry.entry_id_hint", required=True, width=20
)


@dataclass(frozen=True)
class Group:
    """Questions under one heading; `key` is that of the heading."""

    key: str
    questions: tuple[Question, ...]


GROUPS: Final = (
    Group(
        "list_entry.names",
        (
            Question("name_zh", Kind.TEXT, "list_entry.name_zh", required=True, or_else="name_en"),
            Question("name_en", Kind.TEXT, "list_entry.name_en"),
            Question("aliases", Kind.LINES, "list_entry.aliases", "list_entry.one_a_line", rows=3),
        ),
    ),
    Group(
        "list_entry.particulars",
        (
            Question("kind", Kind.SELECTION, "list_entry.kind", options=_kinds),
            Question("country", Kind.SELECTION, "list_entry.country", options=codes("country")),
            Question("addresses", Kind.LINES, "list_entry.addresses", "list_entry.one_a_line", rows=2),
            Question("identifiers", Kind.LINES, "list_entry.identifiers", "list_entry.one_a_line", rows=2),
            Question("born", Kind.LINES, "list_entry.born", "list_entry.born_hint", rows=2),
            Question(
                "holders",
                Kind.ROWS,
                "list_entry.holders",
                "list_entry.holders_hint",
                columns=(
                    ("list_code", "list_entry.holder_list"),
                    ("entry_id", "list_entry.holder_entry"),
                    ("percent", "list_entry.holder_percent"),
                ),
            ),
        ),
    ),
    Group(
        "list_entry.announcement",
        (
            Question("source.instrument", Kind.TEXT, "list_entry.instrument", required=True),
            Question("source.article", Kind.TEXT, "list_entry.article", width=20),
            Question("source.url", Kind.TEXT, "list_entry.url"),
            Question("measures", Kind.LINES, "list_entry.measures", "list_entry.measures_hint", rows=3),
        ),
    ),
    Group(
        "list_entry.days",
        (
            Question(
                "effective_from",
                Kind.DAY,
                "list_entry.effective_from",
                "list_entry.day_hint",
                required=True,
                width=10,
            ),
            Question(
                "effective_to", Kind.DAY, "list_entry.effective_to", "list_entry.effective_to_hint", width=10
            ),
            Question("suspended_from", Kind.DAY, "list_entry.suspended_from", width=10),
            Question(
                "suspended_to", Kind.DAY, "list_entry.suspended_to", "list_entry.suspended_to_hint", width=10
            ),
            Question(
                "stopped_from", Kind.DAY, "list_entry.stopped_from", "list_entry.stopped_from_hint", width=10
            ),
            Question(
                "unconfirmed_from",
                Kind.DAY,
                "list_entry.unconfirmed_from",
                "list_entry.unconfirmed_from_hint",
                width=10,
            ),
            Question(
                "standing_basis", Kind.TEXT, "list_entry.standing_basis", "list_entry.standing_basis_hint"
            ),
        ),
    ),
)
QUESTIONS: Final = tuple(question for group in GROUPS for question in group.questions)
REASON: Final = Question(
    "reason", Kind.LONG_TEXT, "list_import.reason", "list_import.reason_hint", required=True, rows=3
)
