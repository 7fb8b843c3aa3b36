"""What a reviewer holds an item to be, beside what the applicant claims and what was computed of it.

Whether an item is controlled is for the authority to say (两用物项出口管制条例 Art. 17): the claim and the computed
codes are material for that, and stay as they are.
"""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.foundation.errors import FieldViolation
from services.licensing.domain.authority import Authority
from services.licensing.domain.dossier import Dossier, Item
from services.licensing.domain.findings import ItemClassification
from services.licensing.domain.printable import is_printable


@dataclass(frozen=True)
class ItemAssessment:
    """One assessment of one item; none of its codes means that it is not controlled. The instant is in UTC.

    `submission_number` is the frozen dossier that was read. `precedent_id` and `inquiry_number` are what it refers
    to, empty where it refers to none.
    """

    assessment_id: uuid.UUID
    line_number: int
    submission_number: int
    control_codes: tuple[str, ...]
    reason: str
    precedent_id: str
    inquiry_number: str
    authority: Authority
    assessed_by: str
    assessed_at: datetime


@dataclass(frozen=True)
class ItemCodes:
    """The codes of one item by who named them; `counting_control_codes` are those the route and the licence go by."""

    line_number: int
    claimed_control_code: str
    computed_outcome: str
    computed_control_codes: tuple[str, ...]
    is_assessed: bool
    assessed_control_codes: tuple[str, ...]
    counting_control_codes: tuple[str, ...]


def counting(
    assessments: Iterable[ItemAssessment], present: Dossier, earlier: Mapping[int, Dossier]
) -> Mapping[int, ItemAssessment]:
    """The assessment that counts of each line, by its number: the newest, while the item is described as it was.

    `earlier` are the dossiers that the assessments were made on, by the number of their submission. An item that a
    supplement describes otherwise is another item: whoever assessed the one has not seen the other.
    """
    newest = {each.line_number: each for each in assessments}
    described = _descriptions(present)
    return {
        line_number: each
        for line_number, each in newest.items()
        if line_number in described
        and described[line_number] == _descriptions(earlier[each.submission_number]).get(line_number)
    }


def _descriptions(dossier: Dossier) -> dict[int, Item]:
    """The items by line without what says nothing of their nature: how many, at what price, and the claim."""
    return {
        item.line_number: dataclasses.replace(
            item, claimed_control_code="", quantity="", unit="", value="", currency=""
        )
        for item in dossier.items
    }


def codes_of_items(
    dossier: Dossier,
    classifications: Sequence[ItemClassification],
    assessed: Mapping[int, ItemAssessment],
    counting_codes: Mapping[int, tuple[str, ...]],
) -> tuple[ItemCodes, ...]:
    """The codes of every item of a dossier by who named them."""
    computed = {found.line_number: found for found in classifications}
    nothing = ItemClassification(0)
    return tuple(
        ItemCodes(
            line_number=item.line_number,
            claimed_control_code=item.claimed_control_code,
            computed_outcome=computed.get(item.line_number, nothing).outcome,
            computed_control_codes=computed.get(item.line_number, nothing).control_codes,
            is_assessed=item.line_number in assessed,
            assessed_control_codes=(
                assessed[item.line_number].control_codes if item.line_number in assessed else ()
            ),
            counting_control_codes=counting_codes[item.line_number],
        )
        for item in dossier.items
    )


def faults_of(control_codes: Sequence[str]) -> tuple[FieldViolation, ...]:
    """What is wrong with the codes of an assessment: one stands on the licence and is printed there."""
    found = []
    for position, code in enumerate(control_codes):
        field = f"control_codes[{position}]"
        if not code or any(character.isspace() or not is_printable(character) for character in code):
            found.append(FieldViolation(field, "ASSESSED_CODE_MALFORMED", {"value": code}))
        elif code in control_codes[:position]:
            found.append(FieldViolation(field, "ASSESSED_CODE_REPEATED", {"value": code}))
    return tuple(found)
