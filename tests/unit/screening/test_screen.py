from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.foundation.errors import XukeError
from services.screening.domain.export import Export, Party, PartyRole
from services.screening.domain.likeness import Ground
from services.screening.domain.lists import WATCH_LIST, Verdict
from services.screening.domain.rules import EndUsePurpose, EndUserKind
from services.screening.domain.screen import Basis, screen

TODAY = date(2026, 11, 21)
EXPORTER = Party(
    PartyRole.APPLICANT, "江苏钨业进出口有限公司", "Jiangsu Tungsten Import & Export Co., Ltd.", "CN"
)
END_USER = Party(PartyRole.END_USER, "韩国精密材料株式会社", "Hanguk Precision Materials Co., Ltd.", "KR")


def export(*parties: Party, destination: str = "KR", **what: object) -> Export:
    stated = {"end_user_kind": EndUserKind.CIVIL, "end_use_purpose": EndUsePurpose.CIVIL} | what
    return Export((EXPORTER, *parties), destination, **stated)  # type: ignore[arg-type]


def test_an_ordinary_export_is_clear_and_names_what_it_rests_on(basis: Basis) -> None:
    result = screen(export(END_USER), basis, TODAY, TODAY)
    assert result.verdict is Verdict.CLEAR
    assert result.hits == ()
    assert result.rule_findings == ()
    assert len(result.versions) == 6
    assert result.versions == basis.versions


@pytest.mark.parametrize("role", PartyRole)
@pytest.mark.parametrize(
    ("name_zh", "name_en"),
    [
        ("三菱造船株式会社", ""),
        ("", "Mitsubishi Heavy Industries Shipbuilding Co."),
        ("三菱造船（株）", "Other"),
    ],
)
def test_a_party_of_the_control_list_is_prohibited_in_any_role_by_either_name(
    basis: Basis, role: PartyRole, name_zh: str, name_en: str
) -> None:
    result = screen(export(END_USER, Party(role, name_zh, name_en, "JP")), basis, TODAY, TODAY)
    assert result.verdict is Verdict.PROHIBITED
    hit = result.hits[0].hit
    assert hit.entry.entry_id == "CONTROL-2026-11-01"
    assert hit.entry.source.instrument == "商务部公告2026年第11号"
    assert (hit.party_index, hit.party_role) == (2, role)


@pytest.mark.parametrize(
    ("name_en", "day", "verdict"),
    [
        ("SUBARU Corporation", TODAY, Verdict.RESTRICTED),
        ("SUBARU Corporation", date(2026, 2, 23), Verdict.CLEAR),
        ("Subaru Engine Works", TODAY, Verdict.REVIEW),
        ("Illumina, Inc.", TODAY, Verdict.REVIEW),
        ("Leidos", TODAY, Verdict.REVIEW),
        ("Leidos", date(2025, 6, 1), Verdict.PROHIBITED),
        ("Edge Autonomy Operations LLC", date(2026, 11, 10), Verdict.REVIEW),
        ("Edge Autonomy Operations LLC", date(2026, 11, 11), Verdict.PROHIBITED),
        ("In-Situ Inc.", TODAY, Verdict.REVIEW),
        ("Toyota Motor Corporation", TODAY, Verdict.CLEAR),
    ],
)
def test_verdict_by_list_likeness_and_day(basis: Basis, name_en: str, day: date, verdict: Verdict) -> None:
    party = Party(PartyRole.CONSIGNEE, "", name_en, "KR")
    assert screen(export(END_USER, party), basis, day, TODAY).verdict is verdict


def test_the_most_severe_finding_gives_the_verdict(basis: Basis) -> None:
    watched = Party(PartyRole.END_USER, "斯巴鲁株式会社", "", "JP")
    civil = screen(export(watched, destination="JP"), basis, TODAY, TODAY)
    military = screen(
        export(watched, destination="JP", end_user_kind=EndUserKind.MILITARY), basis, TODAY, TODAY
    )
    assert civil.verdict is Verdict.RESTRICTED
    assert military.verdict is Verdict.PROHIBITED
    assert military.hits == civil.hits
    assert military.rule_findings[0].source.instrument == "商务部公告2026年第1号"


def test_one_entry_gives_one_hit_by_its_nearest_name(basis: Basis) -> None:
    party = Party(PartyRole.END_USER, "TDK有限公司", "TDK Corporation", "JP")
    hits = screen(export(party), basis, TODAY, TODAY).hits
    assert [(found.hit.entry.entry_id, found.hit.ground) for found in hits] == [
        ("WATCH-2026-12-12", Ground.SAME_NAME)
    ]


@pytest.mark.parametrize(
    ("parties", "destination", "fields"),
    [
        (
            (Party(PartyRole.END_USER, "", " ", "KR"),),
            "KR",
            [("parties[1].name_zh", "SCREENING_PARTY_UNNAMED")],
        ),
        (
            (Party(PartyRole.END_USER, "。", "-", "KR"),),
            "KR",
            [("parties[1].name_zh", "SCREENING_PARTY_UNNAMED")],
        ),
        ((replace(END_USER, country="XX"),), "KR", [("parties[1].country", "SCREENING_COUNTRY_UNKNOWN")]),
        ((END_USER,), "ZZ", [("destination", "SCREENING_COUNTRY_UNKNOWN")]),
    ],
)
def test_bad_input_names_the_field(
    basis: Basis, parties: tuple[Party, ...], destination: str, fields: list[tuple[str, str]]
) -> None:
    with pytest.raises(XukeError) as refused:
        screen(export(*parties, destination=destination), basis, TODAY, TODAY)
    assert [(found.field, found.reason) for found in refused.value.violations] == fields


def test_an_export_without_parties_is_not_screened(basis: Basis) -> None:
    with pytest.raises(XukeError) as refused:
        screen(replace(export(), parties=()), basis, TODAY, TODAY)
    assert [found.reason for found in refused.value.violations] == ["SCREENING_PARTIES_MISSING"]


def test_without_a_list_nothing_is_screened(basis: Basis) -> None:
    without = replace(
        basis,
        lists=tuple(listed for listed in basis.lists if listed.list_code != WATCH_LIST),
    )
    with pytest.raises(XukeError, match="SCREENING_LIST_MISSING"):
        screen(export(END_USER), without, TODAY, TODAY)


def test_a_past_day_is_screened_with_a_list_that_is_fresh_today(basis: Basis) -> None:
    assert screen(export(END_USER), basis, date(2025, 1, 10), TODAY).verdict is Verdict.CLEAR


PARTIES = st.builds(
    Party,
    st.sampled_from(PartyRole),
    st.sampled_from(
        ["", "三菱造船株式会社", "斯巴鲁有限公司", "韩国精密材料株式会社", "立方有限公司", "莱多斯公司"]
    ),
    st.sampled_from(["Hanguk Precision", "Subaru", "Leidos", "Illumina Inc", "General Dynamics Corp"]),
    st.sampled_from(["KR", "JP", "US", ""]),
)


@settings(deadline=None)
@given(
    st.lists(PARTIES, min_size=1, max_size=4),
    st.lists(PARTIES, max_size=3),
    st.sampled_from(EndUserKind),
    st.sampled_from(EndUsePurpose),
    st.sampled_from(["KR", "JP", "US"]),
    st.dates(date(2024, 12, 1), date(2028, 1, 1)),
)
def test_a_further_party_never_lowers_the_verdict(
    basis: Basis,
    few: list[Party],
    more: list[Party],
    kind: EndUserKind,
    purpose: EndUsePurpose,
    destination: str,
    day: date,
) -> None:
    before = screen(Export(tuple(few), destination, kind, purpose), basis, day, TODAY)
    after = screen(Export((*few, *more), destination, kind, purpose), basis, day, TODAY)
    assert before.verdict <= after.verdict
    assert set(before.hits) <= set(after.hits)
    assert after.verdict is max(
        [Verdict.CLEAR] + [found.verdict for found in (*after.hits, *after.rule_findings)]
    )


@settings(deadline=None)
@given(st.data())
def test_every_listed_party_is_found_under_every_printed_name(basis: Basis, data: st.DataObject) -> None:
    listed = data.draw(st.sampled_from(basis.lists))
    entry = data.draw(st.sampled_from(listed.entries))
    name = data.draw(st.sampled_from([entry.name_zh, entry.name_en]))
    written = data.draw(st.sampled_from([name, name.upper(), f"  {name}  ", name.replace(" ", "　")]))
    result = screen(export(Party(PartyRole.END_USER, written, "", "")), basis, TODAY, TODAY)
    own = next(found.hit for found in result.hits if found.hit.entry == entry)
    assert (own.is_match, own.ground) == (True, Ground.SAME_NAME)
