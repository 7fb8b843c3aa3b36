"""From an approved application to what its licence is made of, and the control codes it rests on."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from services.licensing.domain.application import Application
from services.licensing.domain.assessment import ItemAssessment
from services.licensing.domain.case_parts import Decision
from services.licensing.domain.dossier import Dossier, Item, Party, PartyRole
from services.licensing.domain.findings import ItemClassification
from services.licensing.domain.licence_grant import (
    GrantedCondition,
    GrantedLine,
    GrantedParty,
    LicenceGrant,
)

# Word of the classification service for an item that stands on the control list.
CONTROLLED = "CONTROLLED"
# The words under which an item is on the list, or is until an exception is shown.
POSSIBLY_CONTROLLED = frozenset({CONTROLLED, "CONTROLLED_UNLESS_DECONTROL_SHOWN"})
_NOTHING_ASSESSED: Mapping[int, ItemAssessment] = {}


def control_code(item: Item, classifications: Sequence[ItemClassification]) -> str:
    """The control code of an item: the first that the classification found, else the one claimed."""
    for found in classifications:
        if found.line_number == item.line_number and found.outcome == CONTROLLED and found.control_codes:
            return found.control_codes[0]
    return item.claimed_control_code


def codes_of(
    item: Item,
    classifications: Sequence[ItemClassification],
    assessed: Mapping[int, ItemAssessment] = _NOTHING_ASSESSED,
) -> tuple[str, ...]:
    """The control codes that an item goes by: those it is assessed to fall under, else see `control_code`."""
    found = assessed.get(item.line_number)
    if found is not None:
        return found.control_codes
    code = control_code(item, classifications)
    return (code,) if code else ()


def control_codes(
    dossier: Dossier,
    classifications: Sequence[ItemClassification],
    assessed: Mapping[int, ItemAssessment] = _NOTHING_ASSESSED,
) -> tuple[str, ...]:
    """The control codes of the dossier in the order of its items, each once."""
    return tuple(
        dict.fromkeys(code for item in dossier.items for code in codes_of(item, classifications, assessed))
    )


def condition_codes(
    dossier: Dossier,
    classifications: Sequence[ItemClassification],
    outcomes: Collection[str],
    assessed: Mapping[int, ItemAssessment] = _NOTHING_ASSESSED,
) -> tuple[str, ...]:
    """Every code by which conditions on the export of the items are asked, each once.

    Of an item that was assessed these are the assessed codes alone: an officer has said what it is. Of any other the
    claim and all codes that were computed with one of the `outcomes` count, since it may fall under each of them.
    """
    found: dict[str, None] = {}
    for item in dossier.items:
        made = assessed.get(item.line_number)
        if made is not None:
            found |= dict.fromkeys(made.control_codes)
            continue
        for each in classifications:
            if each.line_number == item.line_number and each.outcome in outcomes:
                found |= dict.fromkeys(each.control_codes)
        if item.claimed_control_code:
            found[item.claimed_control_code] = None
    return tuple(found)


def grant_of(
    application: Application,
    dossier: Dossier,
    classifications: Sequence[ItemClassification],
    decision: Decision,
    decided_on: date,
    assessed: Mapping[int, ItemAssessment] = _NOTHING_ASSESSED,
) -> LicenceGrant:
    """What the licence on an approved application is made from; the dossier has passed `faults`.

    `assessed` are the assessments that count, by line; a line of the licence holds the first code.
    """
    return LicenceGrant(
        application_id=application.id,
        application_number=application.number or "",
        instrument=dossier.instrument.value,
        holder_name_zh=dossier.applicant.name_zh,
        holder_name_en=dossier.applicant.name_en,
        unified_social_credit_code=dossier.applicant.unified_social_credit_code,
        province=application.province,
        destination=dossier.destination,
        importer=_party(dossier, PartyRole.IMPORTER),
        consignee=_party(dossier, PartyRole.CONSIGNEE),
        end_user=_party(dossier, PartyRole.END_USER),
        end_use_zh=dossier.end_use.description_zh,
        end_use_en=dossier.end_use.description_en,
        end_user_kind=dossier.end_use.end_user_kind.value,
        end_use_purpose=dossier.end_use.purpose.value,
        contract_number=dossier.contract.number,
        transfer_mode=dossier.transfer_mode.value,
        customs_office=dossier.customs_office,
        lines=tuple(_line(item, codes_of(item, classifications, assessed)) for item in dossier.items),
        conditions=tuple(GrantedCondition(each.zh, each.en) for each in decision.conditions),
        decided_on=decided_on,
    )


def _party(dossier: Dossier, role: PartyRole) -> GrantedParty:
    party: Party = dossier.parties_in(role)[0]
    return GrantedParty(party.name_zh, party.name_en, party.country, party.address)


def _line(item: Item, codes: Sequence[str]) -> GrantedLine:
    return GrantedLine(
        line_number=item.line_number,
        name_zh=item.name_zh,
        name_en=item.name_en,
        model=item.model,
        control_code=codes[0] if codes else "",
        hs_code=item.hs_code,
        quantity=item.quantity_decimal,
        unit=item.unit,
        value=item.value_decimal,
        currency=item.currency,
    )
