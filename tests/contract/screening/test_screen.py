"""Screening over a socket, with its lists in PostgreSQL."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from xuke.screening.v1 import screening_pb2 as messages
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.foundation.errors import ErrorCode
from services.foundation.principal import Principal, Role
from services.screening.reference_files import Shipped
from tests.contract.screening.cases import KOREAN_END_USER, export, party, refusal
from tests.support import identity

Stub = Callable[[Principal], contract.ScreeningServiceStub]


def test_an_ordinary_export_is_clear_and_names_every_version(stub: Stub, shipped: Shipped) -> None:
    result = stub(identity.PROCEDURE).Screen(export(KOREAN_END_USER))
    assert result.verdict == messages.VERDICT_CLEAR
    assert list(result.hits) == []
    assert list(result.rule_findings) == []
    assert {listed.version for listed in shipped.lists} | {shipped.rules.version} < set(result.versions)
    assert result.as_of == "2026-11-21"
    assert result.subject == "applications/0198/1"


def test_a_party_of_the_control_list_is_prohibited_and_the_announcement_cited(stub: Stub) -> None:
    result = stub(identity.PROCEDURE).Screen(
        export(
            party("三菱造船株式会社", "Mitsubishi Heavy Industries Shipbuilding Co.", "JP"), destination="JP"
        )
    )
    assert result.verdict == messages.VERDICT_PROHIBITED
    hit = result.hits[0]
    assert hit.verdict == messages.VERDICT_PROHIBITED
    assert hit.list_code == "control_list"
    assert hit.entry_id == "CONTROL-2026-11-01"
    assert hit.entry_name_zh == "三菱造船株式会社"
    assert (hit.party_role, hit.party_index) == (messages.PARTY_ROLE_END_USER, 1)
    assert Decimal("0.99") < Decimal(hit.score) < 1
    assert (hit.relation, hit.state) == (messages.HIT_RELATION_PARTY, messages.HIT_STATE_UNDECIDED)
    assert hit.list_version in result.versions
    assert hit.listed_name in ("三菱造船株式会社", "Mitsubishi Heavy Industries Shipbuilding Co.")
    assert {(part.given, part.listed) for part in hit.evidence if part.given}
    assert all(part.text.zh and part.text.en for part in hit.evidence)
    assert result.open_hits == len({hit.entry_id for hit in result.hits})
    assert hit.source.instrument == "商务部公告2026年第11号"
    assert hit.source.url.startswith("https://")
    assert hit.effective_from == "2026-02-24"
    assert hit.status_note == ""
    assert "商务部公告2026年第11号" in hit.explanation.zh
    assert "禁止有关两用物项交易" in hit.explanation.zh
    assert "has the same name as" in hit.explanation.en


@pytest.mark.parametrize(
    "role",
    [
        messages.PARTY_ROLE_APPLICANT,
        messages.PARTY_ROLE_IMPORTER,
        messages.PARTY_ROLE_CONSIGNEE,
        messages.PARTY_ROLE_END_USER,
        messages.PARTY_ROLE_INTERMEDIARY,
    ],
)
def test_every_party_is_screened_on_either_name(stub: Stub, role: int) -> None:
    for listed in (party(name_zh="通用动力公司", role=role), party(name_en="GENERAL DYNAMICS", role=role)):
        result = stub(identity.PROCEDURE).Screen(export(KOREAN_END_USER, listed))
        assert result.verdict == messages.VERDICT_PROHIBITED
        assert {(hit.party_index, hit.party_role) for hit in result.hits} == {(2, role)}


def test_a_watch_listed_party_is_restricted_with_the_measures_of_article_26(stub: Stub) -> None:
    result = stub(identity.PROCEDURE).Screen(export(party(name_en="Subaru"), destination="KR"))
    assert result.verdict == messages.VERDICT_RESTRICTED
    hit = result.hits[0]
    assert hit.list_code == "watch_list"
    for measure in ("不得申请通用许可", "风险评估报告", "承诺", "不受45个工作日期限限制"):
        assert measure in hit.explanation.zh
    assert "risk-assessment report" in hit.explanation.en


@pytest.mark.parametrize(
    ("name_en", "note", "sentence"),
    [
        ("Edge Autonomy Operations LLC", "UNCONFIRMED", "not confirmed"),
        ("Leidos", "STOPPED", "measures have been stopped"),
        ("PVH Corp.", "", "different legal basis"),
        ("Subaru Engine Works", "", "check whether it is the same party"),
    ],
)
def test_what_is_uncertain_is_said(stub: Stub, name_en: str, note: str, sentence: str) -> None:
    hit = stub(identity.PROCEDURE).Screen(export(party(name_en=name_en))).hits[0]
    assert hit.status_note == note
    assert sentence in hit.explanation.en
    expected = messages.VERDICT_PROHIBITED if note == "UNCONFIRMED" else messages.VERDICT_REVIEW
    assert hit.verdict == expected


@pytest.mark.parametrize(
    ("fields", "verdict", "rules"),
    [
        (
            {"end_user_kind": messages.END_USER_KIND_MILITARY},
            messages.VERDICT_PROHIBITED,
            ["JP-MILITARY-USER"],
        ),
        (
            {"end_use_purpose": messages.END_USE_PURPOSE_MILITARY},
            messages.VERDICT_PROHIBITED,
            ["JP-MILITARY-USE"],
        ),
        (
            {"end_use_purpose": messages.END_USE_PURPOSE_RAISES_MILITARY_STRENGTH},
            messages.VERDICT_PROHIBITED,
            ["JP-MILITARY-STRENGTH"],
        ),
        (
            {"end_user_kind": messages.END_USER_KIND_UNSPECIFIED},
            messages.VERDICT_REVIEW,
            ["JP-MILITARY-USER"],
        ),
        # The grade of the destination alone has a person look.
        ({}, messages.VERDICT_REVIEW, []),
        (
            {"end_user_kind": messages.END_USER_KIND_MILITARY, "as_of": "2026-01-05"},
            messages.VERDICT_CLEAR,
            [],
        ),
    ],
)
def test_japan(stub: Stub, fields: dict[str, object], verdict: int, rules: list[str]) -> None:
    end_user = party("日本精密工具株式会社", "Nihon Precision Tools", "JP")
    result = stub(identity.PROCEDURE).Screen(export(end_user, destination="JP", **fields))
    assert result.verdict == verdict
    graded = [finding for finding in result.rule_findings if finding.demands]
    of_rules = [finding for finding in result.rule_findings if not finding.demands]
    assert [finding.rule_id for finding in of_rules] == rules
    assert [(finding.rule_id, finding.source.article) for finding in graded] == (
        [] if "as_of" in fields else [("DESTINATION-JP", "Art. 10, 24(1)")]
    )
    for finding in graded:
        assert list(finding.demands) == [
            messages.DEMAND_CERTIFICATE_GOVERNMENT_CERTIFIED,
            messages.DEMAND_DUE_DILIGENCE,
        ]
    for finding in of_rules:
        assert finding.source.instrument == "商务部公告2026年第1号"
        assert "商务部公告2026年第1号" in finding.explanation.zh
        assert "Japan" in finding.explanation.en


@pytest.mark.parametrize(
    ("request_message", "field", "reason"),
    [
        (export(party()), "parties[1].name_zh", "SCREENING_PARTY_UNNAMED"),
        (export(party(name_en="Acme", country="XX")), "parties[1].country", "SCREENING_COUNTRY_UNKNOWN"),
        (export(KOREAN_END_USER, destination="ZZ"), "destination", "SCREENING_COUNTRY_UNKNOWN"),
        (export(KOREAN_END_USER, destination="Korea"), "destination", "string.pattern"),
        (export(KOREAN_END_USER, as_of="2026-02-30"), "as_of", "SCREENING_DAY_INVALID"),
        (export(KOREAN_END_USER, request_id="1"), "request_id", "string.uuid"),
        (export(KOREAN_END_USER, subject=""), "subject", "string.min_len"),
    ],
)
def test_bad_input_names_the_field(
    stub: Stub, request_message: messages.ScreenRequest, field: str, reason: str
) -> None:
    error = refusal(lambda: stub(identity.PROCEDURE).Screen(request_message))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(found.field, found.reason) for found in error.violations] == [(field, reason)]


def test_a_name_that_cannot_be_compared_is_found_said_and_replayed(stub: Stub) -> None:
    screening = stub(identity.PROCEDURE).Screen(export(party(name_zh="Հայկական Գործարան", name_en="Acme")))
    assert screening.verdict == messages.VERDICT_REVIEW
    (finding,) = screening.rule_findings
    assert (finding.rule_id, finding.source.instrument) == ("NAME-UNREADABLE", "两用物项出口管制条例")
    assert "Հայկական Գործարան" in finding.explanation.zh
    assert "“Հայկական Գործարան”" in finding.explanation.en
    replayed = stub(identity.MINISTRY_OFFICER).ReplayScreening(
        messages.ReplayScreeningRequest(screening_id=screening.screening_id)
    )
    assert replayed.identical


_MAY_SCREEN = {
    Role.PROCEDURE,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.ENFORCEMENT_OFFICER,
}
_MAY_READ = _MAY_SCREEN | {Role.AGENCY_REVIEWER, Role.AUDITOR}


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda principal: principal.role.value)
def test_who_may_do_what(stub: Stub, principal: Principal) -> None:
    client = stub(principal)
    made = stub(identity.PROCEDURE).Screen(export(KOREAN_END_USER, province="32"))
    reading = messages.GetScreeningRequest(screening_id=made.screening_id)
    for act, allowed in (
        (lambda: client.Screen(export(KOREAN_END_USER)), _MAY_SCREEN),
        (lambda: client.GetScreening(reading), _MAY_READ),
        (lambda: client.ListPartyLists(messages.ListPartyListsRequest()), set(Role)),
    ):
        if principal.role in allowed:
            act()
        else:
            error = refusal(act)
            assert (error.code, error.reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED")


def test_what_the_exporter_knows_is_found_and_said(stub: Stub) -> None:
    known = messages.CatchAllKnowledge(
        limb=messages.CATCH_ALL_LIMB_WEAPONS_OF_MASS_DESTRUCTION,
        knowledge=messages.STATE_OF_KNOWLEDGE_NOTIFIED,
    )
    result = stub(identity.PROCEDURE).Screen(export(KOREAN_END_USER, catch_all=[known]))
    (finding,) = result.rule_findings
    assert (result.verdict, finding.rule_id) == (
        messages.VERDICT_REVIEW,
        "CATCH-ALL-MASS-DESTRUCTION-NOTIFIED",
    )
    assert (finding.source.instrument, finding.source.article) == ("出口管制法", "Art. 12(3)(2), 13")
    assert "得到国家出口管制管理部门通知" in finding.explanation.zh
    assert "notified by the authority" in finding.explanation.en
