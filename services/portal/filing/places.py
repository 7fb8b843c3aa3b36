"""Where a step is asked: of the dossier, or of one of its items or parties; and which step a field belongs to."""

import functools
import re
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import Message
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.answers import is_under
from services.portal.filing.sections import ENTRIES, GENERAL, ITEMS
from services.portal.filing.step import Step

DOSSIER: Final = "dossier."
_ENTRY: Final = re.compile(r"(items|parties)\[(\d+)\](?:\.(.*))?")


@dataclass(frozen=True)
class Place:
    """A step, and the entry that it is about: `part` and `number` from 1; empty and 0 for the dossier itself."""

    step: Step
    part: str = ""
    number: int = 0

    @property
    def prefix(self) -> str:
        """What stands before the paths of the step's questions, in the paths of the services."""
        return f"{DOSSIER}{self.part}[{self.number - 1}]." if self.part else DOSSIER

    def message(self, dossier: d.Dossier) -> Message:
        """The message that the questions are about; a blank one for an entry that is not there yet."""
        if not self.part:
            return dossier
        entries = getattr(dossier, self.part)
        if self.number <= len(entries):
            found: Message = entries[self.number - 1]
            return found
        return blank_item(dossier, self.number) if self.part == ITEMS else d.Party()


def blank_item(dossier: d.Dossier, number: int) -> d.Item:
    """A new item for the end of the list; its value is in the currency of the contract unless it says otherwise."""
    return d.Item(line_number=number, currency=dossier.contract.currency)


def general_place(key: str) -> Place | None:
    """The place of a step about the dossier, by the key in its address."""
    return next((Place(step) for section in GENERAL for step in section.steps if step.key == key), None)


def entry_place(part: str, number: int, key: str) -> Place | None:
    """The place of a step about an entry."""
    steps = ENTRIES[part].steps if number >= 1 else ()
    return next((Place(step, part, number) for step in steps if step.key == key), None)


def following(place: Place, dossier: d.Dossier) -> Place | None:
    """The place after this one in its section; None after the last."""
    section = next(one for one in (*GENERAL, *ENTRIES.values()) if place.step in one.steps)
    message = place.message(dossier)
    after = section.steps[section.steps.index(place.step) + 1 :]
    return next((Place(step, place.part, place.number) for step in after if step.applies(message)), None)


@functools.lru_cache(maxsize=4096)
def place_of(path: str) -> Place | None:
    """The place where a field is asked for, by its path in the services ("dossier.items[0].hs_code").

    A path that names a group of fields has the first place that asks for one of them; None for what no step asks,
    such as an attachment or the items as a whole.
    """
    if not path.startswith(DOSSIER):
        return None
    inner = path.removeprefix(DOSSIER)
    if match := _ENTRY.fullmatch(inner):
        part, number, rest = match[1], int(match[2]) + 1, match[3] or ""
        steps = ENTRIES[part].steps
        found = steps[0] if not rest else next((step for step in steps if _asks(step, rest)), None)
        return Place(found, part, number) if found else None
    return next((Place(step) for section in GENERAL for step in section.steps if _asks(step, inner)), None)


def _asks(step: Step, path: str) -> bool:
    """Whether a step asks for a field or for a part of it; a question for one row stands for them all."""
    return any(
        is_under(path, asked) or is_under(asked, path)
        for asked in (question.path.partition("[")[0] for question in step.questions)
    )
