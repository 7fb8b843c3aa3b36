"""What finds a listed one besides its plain name: number, address; and that nothing hides a name."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.foundation.errors import XukeError
from services.screening.domain.export import Export, Owner, Party, PartyRole
from services.screening.domain.finding import pieces_of
from services.screening.domain.hits import Relation
from services.screening.domain.likeness import Ground
from services.screening.domain.lists import PartyList, Verdict
from services.screening.domain.record_content import hit_content, hit_of, result_sha256
from services.screening.domain.records import hit_record
from services.screening.domain.rules import NAME_UNREADABLE, EndUsePurpose, EndUserKind
from services.screening.domain.screen import Basis, Screening, basis_of, screen

TODAY = date(2026, 11, 21)
ADDRESS = "5 Example Road, Shinjuku-ku, Tokyo 160-0001"
UNHURRIED = settings(deadline=None, max_examples=40)


def party(name_en: str = "Quiet Harbour Bakery", **fields: object) -> Party:
    return replace(Party(PartyRole.END_USER, "", name_en, ""), **fields)  # type: ignore[arg-type]


def screened(basis: Basis, *parties: Party) -> Screening:
    return screen(Export(parties, "KR", EndUserKind.CIVIL, EndUsePurpose.CIVIL), basis, TODAY, TODAY)


@pytest.fixture(scope="module")
def known(basis: Basis) -> Basis:
    """The lists, where the listed shipbuilder has an address and a number."""

    def changed(listed: PartyList) -> PartyList:
        entries = tuple(
            replace(entry, addresses=(ADDRESS,), identifiers=("JP 0100-01-008846",))
            if entry.entry_id == "CONTROL-2026-11-01"
            else entry
            for entry in listed.entries
        )
        return replace(listed, entries=entries).versioned()

    return basis_of(map(changed, basis.lists), basis.rules, basis.destinations, basis.comparison)


def test_whoever_stands_at_the_address_of_a_listed_one_is_looked_at_and_no_more(known: Basis) -> None:
    found = screened(known, party(address="5 Example Rd, Shinjuku-ku, Tokyo 160-0001", country="JP"))
    assert found.verdict is Verdict.REVIEW
    (hit,) = [one.hit for one in found.hits]
    assert (hit.relation, hit.ground, hit.is_match) == (Relation.ADDRESS, Ground.SAME_ADDRESS, False)
    assert sum(line.points for line in hit.evidence) > 0
    assert screened(known, party(address=ADDRESS, country="KR")).verdict is Verdict.CLEAR
    assert screened(known, party(address="7 Example Road, Shinjuku-ku, Tokyo")).verdict is Verdict.CLEAR


def test_a_name_and_an_address_give_one_hit(known: Basis) -> None:
    found = screened(known, party("Mitsubishi Heavy Industries Shipbuilding Co.", address=ADDRESS))
    assert {one.hit.relation for one in found.hits} == {Relation.PARTY}


@pytest.mark.parametrize(
    ("name", "number", "verdict"),
    [
        # Another name with the same number is for a person to see, a like name with it is the listed one.
        ("Quiet Harbour Bakery", "jp0100-01-008846", Verdict.REVIEW),
        ("Mitsubishi Heavy Industries Shipbuilding Nagasaki Branch", "JP 0100 01 008846", Verdict.PROHIBITED),
        ("Quiet Harbour Bakery", "JP 0100-01-008847", Verdict.CLEAR),
        ("Quiet Harbour Bakery", "0", Verdict.CLEAR),
    ],
)
def test_an_equal_number_is_strong(known: Basis, name: str, number: str, verdict: Verdict) -> None:
    found = screened(known, party(name, registration_number=number))
    assert found.verdict is verdict
    if verdict is not Verdict.CLEAR:
        assert found.hits[0].hit.ground is Ground.SAME_IDENTIFIER


def test_the_same_country_adds_to_the_evidence(basis: Basis) -> None:
    (there,) = screened(basis, party("Leidos Inc", country="US")).hits
    (elsewhere,) = screened(basis, party("Leidos Inc", country="KR")).hits
    assert there.hit.score > elsewhere.hit.score
    assert "country" in {line.feature for line in there.hit.evidence}
    assert there.verdict is elsewhere.verdict


LISTED = "SUBARU Corporation"
FILLER = (
    "Amber Birch Cedar Dahlia Elm Fern Gorse Hazel Iris Juniper Kelp Linden Maple Nettle Oak Poplar Quince"
)


@pytest.mark.parametrize(
    "written",
    [
        "\u200bSUBARU\u200b Corporation",
        "SUB\u00adARU Corporation",
        "\u202eSUBARU\u202c Corporation",
        "ＳＵＢＡＲＵ　Ｃｏｒｐｏｒａｔｉｏｎ",
        "SUВАRU Corporation",
        "𝐒𝐔𝐁𝐀𝐑𝐔 Corporation",
        "SUBARU\x00 Corporation\x07",
        "SÚBÀRU Corporation",
        f"{FILLER} {FILLER} {LISTED}",
        f"{LISTED} {FILLER} {FILLER}",
        f"{FILLER} {LISTED} {FILLER}",
        "\u200b" * 9_000 + LISTED,
        "斯\u200b巴\u200b鲁株式会社",
        "花" * 190 + "斯巴鲁株式会社",
    ],
    ids=range(14),
)
def test_no_disguise_hides_a_listed_name(basis: Basis, written: str) -> None:
    """What stands beside it may make it less sure; it never clears it."""
    assert screened(basis, party(written)).verdict >= Verdict.REVIEW


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("\u200b\u200b", "SCREENING_PARTY_UNNAMED"),
        ("☃", "SCREENING_PARTY_UNNAMED"),
        ("_", "SCREENING_PARTY_UNNAMED"),
        ("word " * 2_000, "SCREENING_NAME_TOO_LONG"),
        ("ა" * 9_000, "SCREENING_NAME_TOO_LONG"),
    ],
    ids=range(5),
)
def test_no_name_and_a_name_without_end_never_pass(basis: Basis, written: str, reason: str) -> None:
    with pytest.raises(XukeError) as refused:
        screened(basis, party(written))
    assert [one.reason for one in refused.value.violations] == [reason]


def test_a_name_too_long_is_refused_beside_one_that_can_be_read(basis: Basis) -> None:
    with pytest.raises(XukeError) as refused:
        screened(basis, party(name_zh="word " * 2_000, owners=(Owner("", "", "JP", Decimal(1)),)))
    assert [(one.field, one.reason) for one in refused.value.violations] == [
        ("parties[0].name_zh", "SCREENING_NAME_TOO_LONG"),
        ("parties[0].owners[0].name_zh", "SCREENING_PARTY_UNNAMED"),
    ]
    assert screened(basis, party(name_zh="—")).verdict is Verdict.CLEAR


UNREAD = ["ა" * 30, "Հայկական Գործարան", "የኢትዮጵያ ድርጅት", "भारतीय उद्योग", "Հայկական Գործարան LLC"]


@pytest.mark.parametrize("written", UNREAD)
def test_a_name_in_a_writing_that_cannot_be_compared_is_for_a_person_to_see(
    basis: Basis, written: str
) -> None:
    for one in (party(written), party(name_zh=written), party(owners=(Owner(written, "", "", None),))):
        found = screened(basis, one)
        assert found.verdict is Verdict.REVIEW
        (finding,) = found.rule_findings
        assert (finding.rule_id, finding.text_zh, finding.text_en) == (NAME_UNREADABLE, written, written)


def test_the_name_that_can_be_read_is_screened_all_the_same(basis: Basis) -> None:
    found = screened(basis, party("Mitsubishi Heavy Industries Shipbuilding Co.", name_zh=UNREAD[1]))
    assert found.verdict is Verdict.PROHIBITED
    assert [one.rule_id for one in found.rule_findings] == [NAME_UNREADABLE]


@pytest.mark.parametrize(
    "written",
    [
        "Müller Straße",
        "Łódź Ørsted",
        "佐々木ー商店",
        "ｱｼｱ工業",
        "Ελλάς",
        "บริษัท ไทย",
        "חברה",
        "شركة",
        "Öʻzbek",
        "Nguyễn",
    ],
)
def test_no_letter_of_a_known_writing_is_taken_for_an_unknown_one(basis: Basis, written: str) -> None:
    assert NAME_UNREADABLE not in {one.rule_id for one in screened(basis, party(written)).rule_findings}


@UNHURRIED
@given(st.text(max_size=600))
def test_no_name_crashes_and_each_is_read_in_full_or_not_at_all(basis: Basis, text: str) -> None:
    pieces = pieces_of(text)
    assert len(pieces) <= 24
    assert _reasons(basis, party(text)) <= {"SCREENING_PARTY_UNNAMED", "SCREENING_NAME_TOO_LONG"}


@UNHURRIED
@given(st.lists(st.sampled_from(["ab", "cde", "三菱", "x-y", "."]), max_size=120))
def test_every_word_stands_in_a_piece(words: list[str]) -> None:
    text = " ".join(words)
    pieces = pieces_of(text)
    if pieces:
        assert set(text.split()) - {"."} <= {word for piece in pieces for word in piece.split()} | {"."}


def test_the_order_of_import_changes_nothing(basis: Basis) -> None:
    def shuffled(listed: PartyList) -> PartyList:
        entries = list(listed.entries)
        random.Random(4).shuffle(entries)
        return replace(listed, entries=tuple(entries)).versioned()

    other = basis_of(map(shuffled, basis.lists), basis.rules, basis.destinations, basis.comparison)
    assert other.versions == basis.versions
    for name in ("Subaru Engine Works", "General Dynamics Branch", "三菱电机株式会社", "Leidos Australia"):
        assert _sha256(screened(other, party(name))) == _sha256(screened(basis, party(name)))


@settings(deadline=None, max_examples=8)
@given(
    st.sampled_from(["Subaru", "三菱造船（株）", "General Dynamics (UK) Branch", "Leidos", "三菱电机"]),
    st.sampled_from(["", "US", "JP"]),
)
def test_the_same_input_and_versions_give_the_same_bytes(basis: Basis, name: str, country: str) -> None:
    again = basis_of(basis.lists, basis.rules, basis.destinations, basis.comparison)
    assert _sha256(screened(again, party(name, country=country))) == _sha256(
        screened(basis, party(name, country=country))
    )


def test_a_hit_is_read_as_it_was_kept(known: Basis) -> None:
    listed = Owner("三菱造船株式会社", "", "JP", Decimal("12.5"))
    found = screened(known, party("Subaru", address=ADDRESS, owners=(listed,)))
    assert {one.hit.relation for one in found.hits} == {Relation.PARTY, Relation.OWNER, Relation.ADDRESS}
    for one in found.hits:
        record = hit_record(one, TODAY)
        assert hit_of(hit_content(record)) == record


def _reasons(basis: Basis, one: Party) -> set[str]:
    """Why a party is not screened; nothing where it is."""
    try:
        screened(basis, one)
    except XukeError as error:
        return {violation.reason for violation in error.violations}
    return set()


def _sha256(result: Screening) -> str:
    return result_sha256(
        result.verdict, TODAY, result.versions, tuple(hit_record(one, TODAY) for one in result.hits), ()
    )


def test_a_name_that_goes_on_after_an_alias_is_found_beside_a_sibling_name(basis: Basis) -> None:
    """The name most like the given one is that of a sibling, another name of the same entry stands within it."""

    def changed(listed: PartyList) -> PartyList:
        entries = tuple(
            replace(
                entry, name_zh="", name_en="Quiet Harbour Marine Bakery Software", aliases=("Qhmb Zentrale",)
            )
            if entry.entry_id == "CONTROL-2026-11-01"
            else entry
            for entry in listed.entries
        )
        return replace(listed, entries=entries).versioned()

    lists = basis_of(map(changed, basis.lists), basis.rules, basis.destinations, basis.comparison)
    found = screened(lists, party("Quiet Harbour Marine Bakery Shipping, Qhmb Zentrale Shanghai Branch"))
    assert [one.hit.ground for one in found.hits] == [Ground.SUB_UNIT]
