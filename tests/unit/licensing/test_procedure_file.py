"""The procedure of dual-use items as shipped: what it says, with which source; routes and documents."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from services.foundation.errors import XukeError
from services.licensing.domain.case_parts import ConsultationRound, PlannedAgency
from services.licensing.domain.completeness import deficiencies
from services.licensing.domain.consultation_plan import Agency, AgencyChoice, plan, unconsulted
from services.licensing.domain.control_codes import compared, spelled
from services.licensing.domain.dossier import AttachmentKind, Dossier, Item
from services.licensing.domain.findings import ItemClassification, LegalSource, ScreeningVerdict
from services.licensing.domain.grant import CONTROLLED, POSSIBLY_CONTROLLED, condition_codes, control_codes
from services.licensing.domain.procedure import Confidence, ExpiryEffect, ProcedureBook, RoutedAgency
from services.licensing.reference_files import load_procedures, load_reference

BOOK = load_procedures()
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DUAL_USE = BOOK.version("dual_use_2024-12-01")


@pytest.mark.parametrize(
    ("kind", "working_days", "effect", "article", "confidence"),
    [
        ("provincial_review", 20, ExpiryEffect.ESCALATE, "Art. 43", Confidence.MEDIUM),
        (
            "provincial_supplement_notice",
            5,
            ExpiryEffect.CLOSE_SUPPLEMENT_WINDOW,
            "Art. 32(4)",
            Confidence.HIGH,
        ),
        ("ministry_intake", 5, ExpiryEffect.DEEM_ACCEPTED, "Art. 32(4)", Confidence.HIGH),
        ("ministry_review", 45, ExpiryEffect.ESCALATE, "Art. 17(1)", Confidence.HIGH),
        ("deliver", 10, ExpiryEffect.ESCALATE, "Art. 44", Confidence.HIGH),
    ],
)
def test_periods(
    kind: str, working_days: int, effect: ExpiryEffect, article: str, confidence: Confidence
) -> None:
    rule = DUAL_USE.deadline(kind)
    assert (rule.working_days, rule.on_expiry, rule.source.article, rule.confidence) == (
        working_days,
        effect,
        article,
        confidence,
    )


def test_the_applicant_has_no_period() -> None:
    assert ExpiryEffect.LAPSE not in {rule.on_expiry for rule in DUAL_USE.deadlines}


def test_a_version_holds_from_its_day() -> None:
    later = dataclasses.replace(DUAL_USE, version="later", effective_from=date(2027, 3, 1))
    book = ProcedureBook((later, DUAL_USE))
    assert book.effective_on("dual_use", date(2027, 2, 28)) is DUAL_USE
    assert book.effective_on("dual_use", date(2027, 3, 1)) is later
    with pytest.raises(LookupError, match="2024-11-30"):
        book.effective_on("dual_use", date(2024, 11, 30))
    with pytest.raises(LookupError):
        book.effective_on("military", date(2027, 3, 1))


@pytest.mark.parametrize(
    ("codes", "agencies"),
    [
        (["1C117.d.1"], {"MFA": False, "SASTIND": False, "CMC-EDD": False}),
        (["2B201"], {"CAEA": True, "MFA": False}),
        (["1C351"], {"MFA": False, "MARA": False, "NHC": False}),
        (["1C354"], {"MFA": False, "MARA": False, "NHC": False}),
        (["2B352"], {"MFA": False, "MARA": False, "NHC": False}),
        (["1C350"], {"MFA": False}),
        (["5A002"], {"SCA": True, "MFA": False}),
        (["5A004"], {"SCA": True, "MFA": False}),
        (["5D002"], {"SCA": True, "MFA": False}),
        (["5B002"], {"MFA": False}),
        (["1C117.d.1", "2B201"], {"CAEA": True, "MFA": False, "SASTIND": False, "CMC-EDD": False}),
        ([], {}),
    ],
)
def test_routes(codes: list[str], agencies: dict[str, bool]) -> None:
    route = DUAL_USE.route(codes)
    assert {routed.agency: routed.mandatory for routed in route} == agencies
    assert [routed.mandatory for routed in route] == sorted(
        (routed.mandatory for routed in route), reverse=True
    )
    assert all(routed.agency in frozenset(Agency) and routed.source.article for routed in route)


def test_documents() -> None:
    always = [document.kind for document in DUAL_USE.required_documents(None)]
    assert always == [
        AttachmentKind.CONTRACT,
        AttachmentKind.TECHNICAL_DESCRIPTION,
        AttachmentKind.LEGAL_REPRESENTATIVE_IDENTITY,
        AttachmentKind.MANAGER_IDENTITY,
        AttachmentKind.HANDLER_IDENTITY,
    ]
    assert not deficiencies(DUAL_USE, always, ScreeningVerdict.CLEAR)
    found = deficiencies(DUAL_USE, always[1:], ScreeningVerdict.RESTRICTED)
    assert [deficiency.field for deficiency in found] == [
        "attachments.CONTRACT",
        "attachments.RISK_ASSESSMENT_REPORT",
        "attachments.WATCH_LIST_UNDERTAKING",
    ]
    assert all(deficiency.text.zh and deficiency.text.en for deficiency in found)
    assert [deficiency.source.article for deficiency in found] == [
        "Art. 16(1)(2)",
        "Art. 26(2)",
        "Art. 26(2)",
    ]


def test_reference_codes() -> None:
    reference = load_reference()
    assert "284180" in reference.hs_subheadings
    assert {"KR", "JP", "US"} <= reference.countries
    assert all(len(code) == 6 and code.isdigit() for code in reference.hs_subheadings)


SOURCE = LegalSource("", "")
ROUTE = (RoutedAgency("CAEA", True, SOURCE), RoutedAgency("MFA", False, SOURCE))


def test_a_plan_follows_the_route_or_says_why_not() -> None:
    choices = (AgencyChoice("CAEA", True), AgencyChoice("MFA", False, "no foreign policy side"))
    assert plan(ROUTE, choices) == (
        PlannedAgency("CAEA", True, True),
        PlannedAgency("MFA", False, False, "no foreign policy side"),
    )


@pytest.mark.parametrize(
    ("choices", "reasons"),
    [
        ((), ["ROUTED_AGENCY_NOT_MENTIONED", "ROUTED_AGENCY_NOT_MENTIONED"]),
        ((AgencyChoice("CAEA", False, "x"), AgencyChoice("MFA", True)), ["AGENCY_MANDATORY"]),
        (
            (AgencyChoice("CAEA", True), AgencyChoice("MFA", False)),
            ["DEPARTURE_FROM_ROUTE_NEEDS_REASON"],
        ),
        (
            (AgencyChoice("CAEA", True), AgencyChoice("MFA", True), AgencyChoice("MPS", True)),
            ["DEPARTURE_FROM_ROUTE_NEEDS_REASON"],
        ),
        (
            (AgencyChoice("CAEA", True), AgencyChoice("MFA", True), AgencyChoice("MFA", True)),
            ["AGENCY_TWICE"],
        ),
        (
            (AgencyChoice("CAEA", True), AgencyChoice("MFA", True), AgencyChoice("FBI", True, "x")),
            ["AGENCY_UNKNOWN"],
        ),
    ],
)
def test_plans_that_are_refused(choices: tuple[AgencyChoice, ...], reasons: list[str]) -> None:
    with pytest.raises(XukeError) as caught:
        plan(ROUTE, choices)
    assert [violation.reason for violation in caught.value.violations] == reasons


def test_a_mandatory_agency_is_settled_by_any_round_that_asks_it_or_says_why_not() -> None:
    def round_of(number: int, *planned: PlannedAgency) -> ConsultationRound:
        return ConsultationRound(number, planned, "", None, NOON, NOON)

    route = tuple(
        RoutedAgency(agency, mandatory, LegalSource())
        for agency, mandatory in (("MIIT", True), ("CAEA", True), ("MFA", False))
    )
    assert unconsulted(route, ()) == ("MIIT", "CAEA")
    rounds = [
        round_of(1, PlannedAgency("CAEA", True, True), PlannedAgency("MIIT", False, False)),
        round_of(2, PlannedAgency("MFA", False, True)),
    ]
    assert unconsulted(route, rounds) == ("MIIT",)
    assert (
        unconsulted(route, [*rounds, round_of(3, PlannedAgency("MIIT", False, False, "asked by letter"))])
        == ()
    )


def test_conditions_are_asked_of_every_code_that_an_item_may_fall_under() -> None:
    dossier = Dossier(
        items=(
            Item(line_number=1, claimed_control_code="9A999"),
            Item(line_number=2, claimed_control_code="1C350"),
        )
    )
    classifications = (
        ItemClassification(1, "CONTROLLED", ("1C117.d.1", "1C226")),
        ItemClassification(2, "CONTROLLED_UNLESS_DECONTROL_SHOWN", ("1C450.a",)),
    )
    certain = condition_codes(dossier, classifications, {CONTROLLED})
    assert certain == ("1C117.d.1", "1C226", "9A999", "1C350")
    possible = condition_codes(dossier, classifications, POSSIBLY_CONTROLLED)
    assert possible == ("1C117.d.1", "1C226", "9A999", "1C450.a", "1C350")


@pytest.mark.parametrize(
    ("typed", "spelling", "comparison"),
    [
        ("1C117.d.1", "1C117.d.1", "1C117.D.1"),
        (" １ｃ117.D.1 ", "1C117.d.1", "1C117.D.1"),
        ("1c 117", "1c 117", "1C117"),
        ("Ext-7.B", "Ext-7.B", "EXT-7.B"),
        ("", "", ""),
    ],
)
def test_codes_are_spelled_one_way_and_compared_however_typed(
    typed: str, spelling: str, comparison: str
) -> None:
    assert (spelled(typed), compared(typed)) == (spelling, comparison)


def test_control_codes_of_a_dossier() -> None:
    dossier = Dossier(
        items=(
            Item(line_number=1, claimed_control_code="9A999"),
            Item(line_number=2, claimed_control_code="1C117.d.1"),
            Item(line_number=3),
        )
    )
    classifications = (
        ItemClassification(1, "CONTROLLED", ("1C117.d.1", "1C226")),
        ItemClassification(2, "NEEDS_INFORMATION", ("3A001",)),
    )
    assert control_codes(dossier, classifications) == ("1C117.d.1",)
    assert control_codes(dossier, ()) == ("9A999", "1C117.d.1")
