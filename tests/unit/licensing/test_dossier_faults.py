"""What keeps a dossier from being submitted, field by field."""

import dataclasses
import sys
from datetime import date
from typing import Any

import pytest

from services.foundation.documents.printable import has_shape
from services.foundation.messages import catalogue
from services.licensing.domain.dossier import (
    Applicant,
    AttachmentKind,
    CatchAllKnowledge,
    CatchAllLimb,
    Contract,
    Declaration,
    Dossier,
    DueDiligence,
    EndUse,
    EndUserCertificate,
    EndUserCertificateTier,
    ExportType,
    Instrument,
    Item,
    ItemKind,
    MilitaryRisk,
    Owner,
    Party,
    PartyRole,
    StateOfKnowledge,
    TransferMode,
)
from services.licensing.domain.dossier_faults import Filer, Reference, faults
from services.licensing.domain.printable import is_printable
from services.licensing.reference_files import destination_duties

FILER = Filer("91320100MA1XUKE016", "32")
REFERENCE = Reference(frozenset({"CN", "KR", "JP"}), frozenset({"284180"}), destination_duties())
TODAY = date(2026, 11, 21)
CERTIFICATE = (AttachmentKind.END_USER_CERTIFICATE,)
DOSSIER = Dossier(
    instrument=Instrument.SINGLE,
    applicant=Applicant("江苏钨业", "Jiangsu Tungsten", "91320100MA1XUKE016", "32"),
    contract=Contract("C-1", "2026-02-01", "10", "USD"),
    transfer_mode=TransferMode.PHYSICAL_SHIPMENT,
    export_type=ExportType.TRADE,
    destination="KR",
    items=(
        Item(
            line_number=1,
            kind=ItemKind.GOODS,
            name_zh="仲钨酸铵",
            hs_code="2841801000",
            quantity="1.5",
            unit="kg",
            value="10",
            currency="USD",
        ),
    ),
    parties=tuple(
        Party(role, name_en="Hangang", country="KR")
        for role in (PartyRole.IMPORTER, PartyRole.CONSIGNEE, PartyRole.END_USER)
    ),
    end_use=EndUse(description_zh="刀具"),
    end_user_certificate=EndUserCertificate(
        EndUserCertificateTier.END_USER, "2026-01-31", "director", True, True, True
    ),
    customs_office="2300",
    declaration=Declaration(truthful=True),
)


def found(dossier: Dossier, filer: Filer = FILER, today: date = TODAY) -> list[tuple[str, str]]:
    return [(fault.field, fault.reason) for fault in faults(dossier, CERTIFICATE, filer, REFERENCE, today)]


def test_a_dossier_without_fault() -> None:
    assert found(DOSSIER) == []
    assert found(DOSSIER, Filer(FILER.organisation, "")) == []


def change(path: str, value: Any) -> Dossier:
    head, _, rest = path.partition(".")
    if not rest:
        return dataclasses.replace(DOSSIER, **{head: value})
    if head == "items":
        return dataclasses.replace(DOSSIER, items=(dataclasses.replace(DOSSIER.items[0], **{rest: value}),))
    part = dataclasses.replace(getattr(DOSSIER, head), **{rest: value})
    return dataclasses.replace(DOSSIER, **{head: part})


@pytest.mark.parametrize(
    ("path", "value", "field", "reason"),
    [
        ("instrument", Instrument.UNSPECIFIED, "dossier.instrument", "VALUE_MISSING"),
        ("instrument", Instrument.GENERAL, "dossier.instrument", "INSTRUMENT_NOT_OFFERED"),
        ("transfer_mode", TransferMode.UNSPECIFIED, "dossier.transfer_mode", "VALUE_MISSING"),
        ("export_type", ExportType.UNSPECIFIED, "dossier.export_type", "VALUE_MISSING"),
        ("destination", "", "dossier.destination", "VALUE_MISSING"),
        ("destination", "XX", "dossier.destination", "UNKNOWN_COUNTRY"),
        ("destination", "CN", "dossier.destination", "DESTINATION_NOT_ABROAD"),
        ("transit_countries", ("JP", "XX"), "dossier.transit_countries[1]", "UNKNOWN_COUNTRY"),
        ("customs_office", "", "dossier.customs_office", "VALUE_MISSING"),
        ("contract.number", "", "dossier.contract.number", "VALUE_MISSING"),
        ("contract.signed_on", "", "dossier.contract.signed_on", "VALUE_MISSING"),
        ("contract.signed_on", "2026-02-30", "dossier.contract.signed_on", "NOT_A_DATE"),
        ("declaration.truthful", False, "dossier.declaration.truthful", "DECLARATION_MISSING"),
        ("applicant.name_zh", "", "dossier.applicant.name_zh", "VALUE_MISSING"),
        ("applicant.name_en", "", "dossier.applicant.name_en", "VALUE_MISSING"),
        (
            "applicant.unified_social_credit_code",
            "",
            "dossier.applicant.unified_social_credit_code",
            "VALUE_MISSING",
        ),
        (
            "applicant.unified_social_credit_code",
            "91320100MA1XUKE017",
            "dossier.applicant.unified_social_credit_code",
            "CREDIT_CODE_INVALID",
        ),
        (
            "applicant.unified_social_credit_code",
            "91440100MA1XUKE028",
            "dossier.applicant.unified_social_credit_code",
            "NOT_YOUR_ORGANISATION",
        ),
        ("applicant.province", "", "dossier.applicant.province", "VALUE_MISSING"),
        ("applicant.province", "44", "dossier.applicant.province", "NOT_YOUR_PROVINCE"),
        ("items", (), "dossier.items", "VALUE_MISSING"),
        ("items.kind", ItemKind.UNSPECIFIED, "dossier.items[0].kind", "VALUE_MISSING"),
        ("items.name_zh", "", "dossier.items[0].name_zh", "VALUE_MISSING"),
        ("items.hs_code", "", "dossier.items[0].hs_code", "VALUE_MISSING"),
        ("items.hs_code", "2841811000", "dossier.items[0].hs_code", "UNKNOWN_HS_CODE"),
        ("items.quantity", "", "dossier.items[0].quantity", "NOT_POSITIVE"),
        ("items.quantity", "0.000", "dossier.items[0].quantity", "NOT_POSITIVE"),
        ("items.value", "0", "dossier.items[0].value", "NOT_POSITIVE"),
        ("items.unit", "", "dossier.items[0].unit", "VALUE_MISSING"),
        ("items.currency", "", "dossier.items[0].currency", "VALUE_MISSING"),
        ("end_use.description_zh", "", "dossier.end_use.description_zh", "VALUE_MISSING"),
        (
            "end_user_certificate.tier",
            EndUserCertificateTier.UNSPECIFIED,
            "dossier.end_user_certificate.tier",
            "VALUE_MISSING",
        ),
        ("end_user_certificate.signatory", "", "dossier.end_user_certificate.signatory", "VALUE_MISSING"),
        (
            "end_user_certificate.undertakes_no_transfer_to_third_party",
            False,
            "dossier.end_user_certificate.undertakes_no_transfer_to_third_party",
            "UNDERTAKING_MISSING",
        ),
    ],
)
def test_one_fault(path: str, value: Any, field: str, reason: str) -> None:
    assert found(change(path, value)) == [(field, reason)]
    assert reason in catalogue()


def test_faults_of_parties() -> None:
    importer, consignee, end_user = DOSSIER.parties
    nameless = dataclasses.replace(importer, name_en="", country="XX")
    freight = Party(PartyRole.INTERMEDIARY, name_en="Shunda", country="KR")
    dossier = change("parties", (nameless, end_user, end_user, freight))
    assert found(dossier) == [
        ("dossier.parties[0].name_en", "VALUE_MISSING"),
        ("dossier.parties[0].country", "UNKNOWN_COUNTRY"),
        ("dossier.parties[3].service", "VALUE_MISSING"),
        ("dossier.parties", "PARTY_MISSING"),
        ("dossier.parties", "SINGLE_LICENCE_HAS_ONE_END_USER"),
    ]
    assert consignee.role is PartyRole.CONSIGNEE


def test_faults_of_owners() -> None:
    importer, *others = DOSSIER.parties
    owners = (
        Owner(name_en="Hangang Holding", country="KR", percent="50.5"),
        Owner(country="XX", percent="0"),
    )
    dossier = change("parties", (dataclasses.replace(importer, owners=(*owners, Owner("某某"))), *others))
    assert found(dossier) == [
        ("dossier.parties[0].owners[1].name_en", "VALUE_MISSING"),
        ("dossier.parties[0].owners[1].country", "UNKNOWN_COUNTRY"),
        ("dossier.parties[0].owners[1].percent", "NOT_POSITIVE"),
        ("dossier.parties[0].owners[2].percent", "VALUE_MISSING"),
    ]


def test_whoever_knows_of_a_risk_says_how() -> None:
    def knowing(*catch_all: CatchAllKnowledge, basis: str = "") -> Dossier:
        return change("declaration", Declaration(True, catch_all=catch_all, catch_all_basis=basis))

    terror, security = CatchAllLimb.TERRORISM, CatchAllLimb.NATIONAL_SECURITY
    known = CatchAllKnowledge(terror, StateOfKnowledge.SHOULD_KNOW)
    assert found(knowing(CatchAllKnowledge(terror, StateOfKnowledge.NO_INDICATION))) == []
    assert found(knowing(known)) == [("dossier.declaration.catch_all_basis", "VALUE_MISSING")]
    assert found(knowing(known, basis="a newspaper")) == []
    assert found(knowing(known, CatchAllKnowledge(security), known, basis="a newspaper")) == [
        ("dossier.declaration.catch_all[1].knowledge", "VALUE_MISSING"),
        ("dossier.declaration.catch_all[2].limb", "CATCH_ALL_LIMB_TWICE"),
    ]


DILIGENCE = DueDiligence(
    "2026-11-20", "compliance department", "visit", "a tool maker", "car parts", MilitaryRisk.NONE_FOUND
)
FIELDS = ("conducted_by", "methods", "end_user_findings", "end_use_findings", "concluded_on", "military_risk")


def to_japan(record: DueDiligence) -> Dossier:
    return dataclasses.replace(DOSSIER, destination="JP", due_diligence=record)


def test_an_export_to_a_flagged_destination_needs_due_diligence() -> None:
    assert found(to_japan(DILIGENCE)) == []
    assert found(to_japan(DueDiligence())) == [
        (f"dossier.due_diligence.{name}", "DUE_DILIGENCE_DEMANDED") for name in FIELDS
    ]
    assert "DUE_DILIGENCE_DEMANDED" in catalogue()
    # Announcement 2026 No. 1 took effect on 2026-01-06, and so does the policy.
    assert found(to_japan(DueDiligence()), today=date(2026, 1, 5)) == []


def test_what_is_handed_on_to_a_flagged_destination_needs_due_diligence() -> None:
    importer, consignee, end_user = DOSSIER.parties
    handed_on = change("parties", (importer, dataclasses.replace(consignee, country="JP"), end_user))
    assert [field for field, _ in found(handed_on)] == [f"dossier.due_diligence.{name}" for name in FIELDS]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("concluded_on", "2026-11-31", "NOT_A_DATE"),
        ("concluded_on", "2026-11-22", "DAY_IN_THE_FUTURE"),
        ("methods", "  ", "DUE_DILIGENCE_DEMANDED"),
        ("military_risk", MilitaryRisk.UNSPECIFIED, "DUE_DILIGENCE_DEMANDED"),
        ("military_risk", MilitaryRisk.FOUND, "MILITARY_RISK_FOUND"),
    ],
)
def test_faults_of_due_diligence(name: str, value: Any, reason: str) -> None:
    dossier = to_japan(dataclasses.replace(DILIGENCE, **{name: value}))
    assert found(dossier) == [(f"dossier.due_diligence.{name}", reason)]
    assert reason in catalogue()


def test_a_military_risk_that_cannot_be_excluded_is_for_the_authority_to_judge() -> None:
    uncertain = dataclasses.replace(DILIGENCE, military_risk=MilitaryRisk.CANNOT_BE_EXCLUDED)
    assert found(to_japan(uncertain)) == []


def test_due_diligence_that_nobody_demands_is_whole_or_absent() -> None:
    begun = dataclasses.replace(DOSSIER, due_diligence=DueDiligence(methods="visit"))
    assert ("dossier.due_diligence.conducted_by", "VALUE_MISSING") in found(begun)
    assert found(dataclasses.replace(DOSSIER, due_diligence=DILIGENCE)) == []


def test_items_are_numbered_in_order() -> None:
    dossier = change("items", (DOSSIER.items[0], DOSSIER.items[0]))
    assert found(dossier) == [("dossier.items[1].line_number", "LINE_NUMBER_OUT_OF_ORDER")]


def test_what_cannot_be_printed_cannot_be_submitted() -> None:
    dossier = change("applicant.name_zh", "江苏\u202e钨业")
    assert found(dossier) == [("dossier.applicant.name_zh", "UNPRINTABLE_CHARACTER")]
    assert found(change("end_use.description_zh", "刀具\n刀片")) == []


def test_whatever_may_be_submitted_can_stand_on_a_licence() -> None:
    characters = map(chr, range(sys.maxunicode + 1))
    assert [each for each in characters if is_printable(each) and not has_shape(each)] == []


def test_without_the_end_user_certificate_nothing_is_submitted() -> None:
    assert [fault.field for fault in faults(DOSSIER, (), FILER, REFERENCE, TODAY)] == [
        "attachments.END_USER_CERTIFICATE"
    ]


def test_an_empty_dossier_names_everything_at_once() -> None:
    assert len(found(Dossier())) > 15
