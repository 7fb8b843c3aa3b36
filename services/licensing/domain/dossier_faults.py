"""What keeps a dossier from being submitted: every field at fault, all at once.

What is missing but may be supplemented later is another matter; see `completeness`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.foundation.errors import FieldViolation
from services.licensing.domain import credit_code
from services.licensing.domain.dossier import (
    Applicant,
    AttachmentKind,
    CatchAllLimb,
    Declaration,
    Dossier,
    EndUserCertificateTier,
    ExportType,
    Instrument,
    Item,
    ItemKind,
    Owner,
    PartyRole,
    StateOfKnowledge,
    TransferMode,
)
from services.licensing.domain.due_diligence import DestinationDuties, DutyStage, due_diligence_faults
from services.licensing.domain.export_conditions import ExportConditions
from services.licensing.domain.printable import unprintable
from services.licensing.domain.records import to_json


@dataclass(frozen=True)
class Reference:
    """What dossiers are checked against: codes of countries (ISO 3166-1), subheadings of the HS of 2022, duties,
    conditions on exports of certain items."""

    countries: frozenset[str]
    hs_subheadings: frozenset[str]
    duties: DestinationDuties
    conditions: ExportConditions = field(default_factory=ExportConditions)


@dataclass(frozen=True)
class Filer:
    """For whom the caller files; `province` is empty where the token names none."""

    organisation: str
    province: str


def faults(
    dossier: Dossier,
    attached: Iterable[AttachmentKind],
    filer: Filer,
    reference: Reference,
    today: date,
) -> list[FieldViolation]:
    """Every field at fault, with its path as in the contract; empty if the dossier may be submitted.

    `today` is a day of law (Asia/Shanghai): duties bind from their first day on.
    """
    return [
        *_general(dossier, reference),
        *_applicant(dossier.applicant, filer),
        *(
            fault
            for position, item in enumerate(dossier.items)
            for fault in _item(item, f"dossier.items[{position}]", reference)
        ),
        *_items_together(dossier),
        *_conditions(dossier, reference.conditions, today),
        *_parties(dossier, reference),
        *_end_use(dossier),
        *_end_user_certificate(dossier, frozenset(attached)),
        *_catch_all(dossier.declaration),
        *due_diligence_faults(
            dossier.due_diligence,
            "dossier.due_diligence",
            reference.duties.of(DutyStage.SUBMISSION, dossier.reached_countries, today),
            today,
        ),
        *unprintable("dossier", to_json(dossier)),
    ]


def _missing(field: str) -> FieldViolation:
    return FieldViolation(field, "VALUE_MISSING")


def _general(dossier: Dossier, reference: Reference) -> Iterator[FieldViolation]:
    if dossier.instrument is Instrument.UNSPECIFIED:
        yield _missing("dossier.instrument")
    elif dossier.instrument is Instrument.GENERAL:
        # Its dossier, conditions and licence follow other rules (条例 Art. 15(3), 16(2), 20).
        yield FieldViolation("dossier.instrument", "INSTRUMENT_NOT_OFFERED")
    if dossier.transfer_mode is TransferMode.UNSPECIFIED:
        yield _missing("dossier.transfer_mode")
    if dossier.export_type is ExportType.UNSPECIFIED:
        yield _missing("dossier.export_type")
    yield from _country(dossier.destination, "dossier.destination", reference)
    if dossier.destination == "CN":
        yield FieldViolation("dossier.destination", "DESTINATION_NOT_ABROAD")
    for position, country in enumerate(dossier.transit_countries):
        yield from _country(country, f"dossier.transit_countries[{position}]", reference)
    if not dossier.contract.number:
        yield _missing("dossier.contract.number")
    yield from _day(dossier.contract.signed_on, "dossier.contract.signed_on")
    if not dossier.customs_office:
        yield _missing("dossier.customs_office")
    if not dossier.declaration.truthful:
        yield FieldViolation("dossier.declaration.truthful", "DECLARATION_MISSING")


def _applicant(applicant: Applicant, filer: Filer) -> Iterator[FieldViolation]:
    if not applicant.name_zh:
        yield _missing("dossier.applicant.name_zh")
    if not applicant.name_en:
        yield _missing("dossier.applicant.name_en")
    code = "dossier.applicant.unified_social_credit_code"
    if not applicant.unified_social_credit_code:
        yield _missing(code)
    elif not credit_code.is_valid(applicant.unified_social_credit_code):
        yield FieldViolation(code, "CREDIT_CODE_INVALID")
    elif applicant.unified_social_credit_code != filer.organisation:
        yield FieldViolation(code, "NOT_YOUR_ORGANISATION")
    if not applicant.province:
        yield _missing("dossier.applicant.province")
    elif filer.province and applicant.province != filer.province:
        yield FieldViolation("dossier.applicant.province", "NOT_YOUR_PROVINCE", {"province": filer.province})


def _item(item: Item, path: str, reference: Reference) -> Iterator[FieldViolation]:
    if item.kind is ItemKind.UNSPECIFIED:
        yield _missing(f"{path}.kind")
    if not (item.name_zh or item.name_en):
        yield _missing(f"{path}.name_zh")
    if not item.hs_code:
        yield _missing(f"{path}.hs_code")
    elif item.hs_code[:6] not in reference.hs_subheadings:
        yield FieldViolation(f"{path}.hs_code", "UNKNOWN_HS_CODE", {"value": item.hs_code})
    if item.quantity_decimal <= 0:
        yield FieldViolation(f"{path}.quantity", "NOT_POSITIVE")
    if item.value_decimal <= 0:
        yield FieldViolation(f"{path}.value", "NOT_POSITIVE")
    for name in ("unit", "currency"):
        if not getattr(item, name):
            yield _missing(f"{path}.{name}")


def _conditions(dossier: Dossier, conditions: ExportConditions, today: date) -> Iterator[FieldViolation]:
    """What the codes that are claimed need besides a licence."""
    exporter = dossier.applicant.unified_social_credit_code
    for position, item in enumerate(dossier.items):
        code = item.claimed_control_code
        for unmet in conditions.unmet((code,), exporter, dossier.reached_countries, today):
            source = f"{unmet.source.instrument} {unmet.source.article}"
            yield FieldViolation(
                f"dossier.items[{position}].claimed_control_code",
                unmet.kind.value,
                {"control_code": code, "source": source},
            )


def _items_together(dossier: Dossier) -> Iterator[FieldViolation]:
    if not dossier.items:
        yield _missing("dossier.items")
    for position, item in enumerate(dossier.items):
        # The items become the licence lines of the same numbers, without a gap.
        if item.line_number != position + 1:
            yield FieldViolation(
                f"dossier.items[{position}].line_number",
                "LINE_NUMBER_OUT_OF_ORDER",
                {"expected": str(position + 1)},
            )


def _parties(dossier: Dossier, reference: Reference) -> Iterator[FieldViolation]:
    for position, party in enumerate(dossier.parties):
        path = f"dossier.parties[{position}]"
        if not (party.name_zh or party.name_en):
            yield _missing(f"{path}.name_en")
        yield from _country(party.country, f"{path}.country", reference)
        if party.role is PartyRole.INTERMEDIARY and not party.service:
            yield _missing(f"{path}.service")
        for number, owner in enumerate(party.owners):
            yield from _owner(owner, f"{path}.owners[{number}]", reference)
    for role in (PartyRole.IMPORTER, PartyRole.CONSIGNEE, PartyRole.END_USER):
        if not dossier.parties_in(role):
            yield FieldViolation("dossier.parties", "PARTY_MISSING", {"role": role.value})
    if dossier.instrument is Instrument.SINGLE and len(dossier.parties_in(PartyRole.END_USER)) > 1:
        # 条例 Art. 15(2): a single licence is for one end user.
        yield FieldViolation("dossier.parties", "SINGLE_LICENCE_HAS_ONE_END_USER")


def _owner(owner: Owner, path: str, reference: Reference) -> Iterator[FieldViolation]:
    if not (owner.name_zh or owner.name_en):
        yield _missing(f"{path}.name_en")
    if owner.country:
        yield from _country(owner.country, f"{path}.country", reference)
    if not owner.percent:
        yield _missing(f"{path}.percent")
    elif Decimal(owner.percent) <= 0:
        yield FieldViolation(f"{path}.percent", "NOT_POSITIVE")


def _catch_all(declaration: Declaration) -> Iterator[FieldViolation]:
    """出口管制法 Art. 12(3): whoever knows of a risk, should know, or was told says of which, and how."""
    stated: set[CatchAllLimb] = set()
    for position, each in enumerate(declaration.catch_all):
        path = f"dossier.declaration.catch_all[{position}]"
        if each.limb in stated:
            yield FieldViolation(f"{path}.limb", "CATCH_ALL_LIMB_TWICE")
        stated.add(each.limb)
        if each.knowledge is StateOfKnowledge.UNSPECIFIED:
            yield _missing(f"{path}.knowledge")
    nothing = (StateOfKnowledge.UNSPECIFIED, StateOfKnowledge.NO_INDICATION)
    if not declaration.catch_all_basis and any(
        each.knowledge not in nothing for each in declaration.catch_all
    ):
        yield _missing("dossier.declaration.catch_all_basis")


def _end_use(dossier: Dossier) -> Iterator[FieldViolation]:
    if not (dossier.end_use.description_zh or dossier.end_use.description_en):
        yield _missing("dossier.end_use.description_zh")


def _end_user_certificate(dossier: Dossier, attached: frozenset[AttachmentKind]) -> Iterator[FieldViolation]:
    """出口管制法 Art. 15, 16: the certificate and the undertakings of the end user."""
    certificate, path = dossier.end_user_certificate, "dossier.end_user_certificate"
    if AttachmentKind.END_USER_CERTIFICATE not in attached:
        yield FieldViolation("attachments.END_USER_CERTIFICATE", "ATTACHMENT_MISSING")
    if certificate.tier is EndUserCertificateTier.UNSPECIFIED:
        yield _missing(f"{path}.tier")
    if not certificate.signatory:
        yield _missing(f"{path}.signatory")
    yield from _day(certificate.signed_on, f"{path}.signed_on")
    for name in (
        "undertakes_no_change_of_end_use",
        "undertakes_no_transfer_to_third_party",
        "undertakes_no_weapons_of_mass_destruction",
    ):
        if not getattr(certificate, name):
            yield FieldViolation(f"{path}.{name}", "UNDERTAKING_MISSING")


def _country(code: str, field: str, reference: Reference) -> Iterator[FieldViolation]:
    if not code:
        yield _missing(field)
    elif code not in reference.countries:
        yield FieldViolation(field, "UNKNOWN_COUNTRY", {"value": code})


def _day(value: str, field: str) -> Iterator[FieldViolation]:
    if not value:
        yield _missing(field)
        return
    try:
        date.fromisoformat(value)
    except ValueError:
        yield FieldViolation(field, "NOT_A_DATE", {"value": value})
