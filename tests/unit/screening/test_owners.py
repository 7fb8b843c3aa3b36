"""Whoever is held by listed ones: every owner is screened, shares are added up exactly, a dated policy decides."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.screening.domain.export import Export, Owner, Party, PartyRole
from services.screening.domain.hits import OPEN_STATES, Applied, HitKey, HitState, Relation
from services.screening.domain.lists import CONTROL_LIST, Holder, LegalSource, PartyList, Verdict
from services.screening.domain.ownership import OwnershipPolicy, PolicyStanding, Share, held, reaches
from services.screening.domain.records import hit_record, open_hits_of, with_ids
from services.screening.domain.rules import EndUsePurpose, EndUserKind
from services.screening.domain.screen import Basis, Screening, basis_of, screen

TODAY = date(2026, 11, 21)
SHIPPED = "CN-OWNERSHIP-50"


def owner(name_zh: str, percent: str | None) -> Owner:
    return Owner(name_zh, "", "JP", None if percent is None else Decimal(percent))


def owned(*owners: Owner) -> Export:
    party = Party(
        PartyRole.END_USER, "韩国精密材料株式会社", "Hanguk Precision Materials", "KR", owners=owners
    )
    return Export((party,), "KR", EndUserKind.CIVIL, EndUsePurpose.CIVIL)


def in_force(basis: Basis) -> Basis:
    """The same basis with a source that lets the policy apply again."""
    policies = tuple(replace(policy, applies_after_suspension=True) for policy in basis.comparison.policies)
    return replace(basis, comparison=replace(basis.comparison, policies=policies))


def of_relation(result: Screening, relation: Relation) -> list[tuple[str, Verdict]]:
    return [
        (found.hit.entry.entry_id, found.verdict) for found in result.hits if found.hit.relation is relation
    ]


SHIPBUILDING, SUBARU = "三菱造船株式会社", "斯巴鲁株式会社"


def test_an_owner_that_is_listed_is_for_a_person_to_see(basis: Basis) -> None:
    result = screen(owned(owner(SHIPBUILDING, "10")), basis, TODAY, TODAY)
    assert of_relation(result, Relation.OWNER) == [("CONTROL-2026-11-01", Verdict.REVIEW)]
    assert result.verdict is Verdict.REVIEW
    assert result.hits[0].hit.percent == Decimal(10)


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        (date(2025, 11, 6), PolicyStanding.NOT_BEGUN),
        (date(2025, 11, 7), PolicyStanding.SUSPENDED),
        (date(2025, 12, 1), PolicyStanding.SUSPENDED),
        (date(2026, 11, 10), PolicyStanding.SUSPENDED),
        (date(2026, 11, 11), PolicyStanding.UNSOURCED),
        (TODAY, PolicyStanding.UNSOURCED),
    ],
)
def test_the_policy_of_half_has_never_been_in_force(
    basis: Basis, day: date, standing: PolicyStanding
) -> None:
    (policy,) = basis.comparison.policies
    assert (policy.policy_id, policy.threshold_percent, policy.is_aggregate) == (SHIPPED, 50, True)
    assert (policy.source.instrument, policy.suspended_by) == (
        "商务部公告2025年第61号", "商务部 海关总署公告2025年第70号",
    )  # fmt: skip
    assert policy.standing_on(day) is standing


def test_with_a_source_it_would_apply_after_the_suspension(basis: Basis) -> None:
    (policy,) = in_force(basis).comparison.policies
    assert policy.standing_on(date(2026, 11, 10)) is PolicyStanding.SUSPENDED
    assert policy.standing_on(date(2026, 11, 11)) is PolicyStanding.IN_FORCE


def test_while_it_is_off_the_record_says_so_and_nothing_follows_by_itself(basis: Basis) -> None:
    result = screen(owned(owner(SHIPBUILDING, "50")), basis, TODAY, TODAY)
    assert result.verdict is Verdict.REVIEW
    (finding,) = [one for one in result.rule_findings if one.rule_id == SHIPPED]
    assert finding.verdict is Verdict.REVIEW
    assert "2026-11-10" in finding.text_en
    assert "暂停" in finding.text_zh
    assert finding.source.instrument == "商务部公告2025年第61号"


@pytest.mark.parametrize(
    ("owners", "verdict"),
    [
        ([(SHIPBUILDING, "50")], Verdict.PROHIBITED),
        ([(SHIPBUILDING, "49.9999")], Verdict.REVIEW),
        ([(SHIPBUILDING, "49.9999"), (SUBARU, "0.0001")], Verdict.PROHIBITED),
        ([(SHIPBUILDING, "30"), ("韩国某某投资株式会社", "70")], Verdict.REVIEW),
        # The watch list restricts where the control list would prohibit.
        ([(SUBARU, "50")], Verdict.RESTRICTED),
        # What is not stated is not counted, and the owner stays for a person to see.
        ([(SHIPBUILDING, None)], Verdict.REVIEW),
        ([(SHIPBUILDING, "30"), (SHIPBUILDING, "20")], Verdict.PROHIBITED),
        # Of an owner who is only like a listed one nothing is added up.
        ([("三菱造船株式会社上海分公司", "60")], Verdict.REVIEW),
    ],
)
def test_in_force_the_shares_of_listed_owners_are_added_up(
    basis: Basis, owners: list[tuple[str, str | None]], verdict: Verdict
) -> None:
    export = owned(*(owner(name, percent) for name, percent in owners))
    assert screen(export, in_force(basis), TODAY, TODAY).verdict is verdict


def test_owners_of_two_parties_are_not_added_up(basis: Basis) -> None:
    one = owned(owner(SHIPBUILDING, "30")).parties[0]
    export = replace(owned(), parties=(one, replace(one, name_zh="另一株式会社", name_en="Another")))
    assert screen(export, in_force(basis), TODAY, TODAY).verdict is Verdict.REVIEW


def test_a_released_owner_counts_no_longer_and_a_confirmed_one_does(basis: Basis) -> None:
    standing = in_force(basis)
    export = owned(owner("三菱造船株式会社上海分公司", "60"))
    (hit,) = [one.hit for one in screen(export, standing, TODAY, TODAY).hits]
    confirmed = screen(export, standing, TODAY, TODAY, {hit.key: Applied(HitState.CONFIRMED, "1")})
    released = screen(export, standing, TODAY, TODAY, {hit.key: Applied(HitState.RELEASED, "1", True)})
    assert (confirmed.verdict, released.verdict) == (Verdict.PROHIBITED, Verdict.CLEAR)
    assert released.rule_findings == ()


def _policy(threshold: str, *, is_aggregate: bool = True) -> OwnershipPolicy:
    return OwnershipPolicy(
        "P", frozenset({"a"}), Decimal(threshold), is_aggregate, TODAY, None, None, None, False,
        LegalSource("", "", ""), "", "", "", "", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shares", "is_aggregate", "share", "reached"),
    [
        (["49.9999"], True, "49.9999", False),
        (["49.9999", "0.0001"], True, "50.0000", True),
        (["16.6667", "16.6667", "16.6666"], True, "50.0000", True),
        (["0.1"] * 500, True, "50.0", True),
        (["30", "30"], False, "30", False),
        ([], True, "0", False),
    ],
)
def test_shares_are_exact(shares: list[str], is_aggregate: bool, share: str, reached: bool) -> None:
    policy = _policy("50", is_aggregate=is_aggregate)
    given = [Share("a", str(at), Decimal(one)) for at, one in enumerate(shares)]
    others = [Share("a", "x", None), Share("another list", "y", Decimal(90))]
    assert held(policy, [*given, *others]) == Decimal(share)
    assert reaches(policy, [*given, *others]) is reached


def _with_holders(basis: Basis, percent: str) -> Basis:
    """An entry of the unreliable entity list that the listed shipbuilder holds shares in."""

    def changed(listed: PartyList) -> PartyList:
        entries = tuple(
            replace(entry, holders=(Holder(CONTROL_LIST, "CONTROL-2026-11-01", Decimal(percent)),))
            if entry.name_en == "Illumina, Inc."
            else entry
            for entry in listed.entries
        )
        return replace(listed, entries=entries).versioned()

    return basis_of(map(changed, basis.lists), basis.rules, basis.destinations, basis.comparison)


@pytest.mark.parametrize(
    ("percent", "is_in_force", "verdict"),
    [("60", False, Verdict.REVIEW), ("60", True, Verdict.PROHIBITED), ("40", True, Verdict.REVIEW)],
)
def test_what_the_lists_record_of_holders_counts_too(
    basis: Basis, percent: str, is_in_force: bool, verdict: Verdict
) -> None:
    recorded = _with_holders(basis, percent)
    party = Party(PartyRole.CONSIGNEE, "", "Illumina, Inc.", "US")
    export = Export((party,), "KR", EndUserKind.CIVIL, EndUsePurpose.CIVIL)
    result = screen(export, in_force(recorded) if is_in_force else recorded, TODAY, TODAY)
    assert result.verdict is verdict
    assert of_relation(result, Relation.HELD_BY_LISTED) == [("CONTROL-2026-11-01", verdict)]


def _of_holders(basis: Basis, held_by: list[tuple[str, list[tuple[int, str]]]]) -> Basis:
    """Entries with names, each held by some of the first three entries of the control list, in percent."""

    def changed(listed: PartyList) -> PartyList:
        if listed.list_code != CONTROL_LIST:
            return listed
        first = [entry.entry_id for entry in listed.entries[:3]]
        entries = list(listed.entries)
        for at, (name, holders) in enumerate(held_by, 3):
            entries[at] = replace(
                entries[at],
                name_zh="",
                name_en=name,
                aliases=(),
                holders=tuple(Holder(CONTROL_LIST, first[one], Decimal(percent)) for one, percent in holders),
            )
        return replace(listed, entries=tuple(entries)).versioned()

    return basis_of(map(changed, basis.lists), basis.rules, basis.destinations, basis.comparison)


def _end_user(name_en: str, owners: tuple[Owner, ...] = ()) -> Export:
    party = Party(PartyRole.END_USER, "", name_en, "KR", owners=owners)
    return Export((party,), "KR", EndUserKind.CIVIL, EndUsePurpose.CIVIL)


HOUSE = ("Quantorix Systems Munich", "Quantorix Systems Hamburg", "Quantorix Systems", "Quantorix Systems AG")


def test_a_holder_of_two_firms_that_the_party_is_like_gives_one_hit_with_the_larger_share(
    basis: Basis,
) -> None:
    """The party is at most one of the two: their shares are alternatives."""
    recorded = _of_holders(basis, [(HOUSE[0], [(0, "30")]), (HOUSE[1], [(0, "35")])])
    result = screen(_end_user("Quantorix Systems GmbH"), in_force(recorded), TODAY, TODAY)
    (hit,) = [one.hit for one in result.hits if one.hit.relation is Relation.HELD_BY_LISTED]
    assert (hit.percent, result.verdict) == (Decimal(35), Verdict.REVIEW)
    confirmed = {one.hit.key: Applied(HitState.CONFIRMED, "1") for one in result.hits}
    again = screen(_end_user("Quantorix Systems GmbH"), in_force(recorded), TODAY, TODAY, confirmed)
    assert SHIPPED not in {finding.rule_id for finding in again.rule_findings}


def test_a_share_that_is_stated_and_recorded_is_one_holding(basis: Basis) -> None:
    recorded = _with_holders(basis, "30")
    owners = (owner(SHIPBUILDING, "30"),)
    result = screen(_end_user("Illumina, Inc.", owners), in_force(recorded), TODAY, TODAY)
    assert of_relation(result, Relation.OWNER) == [("CONTROL-2026-11-01", Verdict.REVIEW)]
    assert of_relation(result, Relation.HELD_BY_LISTED) == [("CONTROL-2026-11-01", Verdict.REVIEW)]
    assert SHIPPED not in {finding.rule_id for finding in result.rule_findings}


def test_a_share_in_a_firm_that_the_party_is_only_like_is_not_one_in_the_firm_that_it_is(
    basis: Basis,
) -> None:
    recorded = _of_holders(basis, [("Quantorix Systems", [(0, "10")]), (HOUSE[0], [(0, "60")])])
    result = screen(_end_user("Quantorix Systems"), in_force(recorded), TODAY, TODAY)
    (hit,) = [one.hit for one in result.hits if one.hit.relation is Relation.HELD_BY_LISTED]
    assert (hit.listed_name, hit.is_match, hit.percent) == ("Quantorix Systems", True, Decimal(10))


def test_what_is_decided_of_a_holder_is_asked_again_once_either_firm_is_listed_otherwise(
    basis: Basis,
) -> None:
    def key_of(percent: str) -> HitKey:
        recorded = _of_holders(basis, [(HOUSE[0], [(0, "30")]), (HOUSE[1], [(0, percent)])])
        result = screen(_end_user("Quantorix Systems GmbH"), recorded, TODAY, TODAY)
        (key,) = [one.hit.key for one in result.hits if one.hit.relation is Relation.HELD_BY_LISTED]
        return key

    assert key_of("20") == key_of("20") != key_of("21")


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(HOUSE),
            st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["10", "30"])), max_size=3),
        ),
        max_size=4,
    ),
    st.sampled_from(["Quantorix Systems GmbH", "Quantorix Systems", "Quantorix Systems Munich Branch"]),
    st.data(),
)
def test_every_open_hit_can_be_decided(
    basis: Basis, held_by: list[tuple[str, list[tuple[int, str]]]], name: str, data: st.DataObject
) -> None:
    """Open hits are as many as there are ids to decide, and none is left once each is decided."""
    recorded = _of_holders(basis, held_by)
    export = _end_user(name, tuple(owner(SHIPBUILDING, "10") for _ in range(2)))
    export = replace(export, parties=(*export.parties, replace(export.parties[0], role=PartyRole.CONSIGNEE)))
    decided: dict[HitKey, Applied] = {}
    while True:
        result = screen(export, recorded, TODAY, TODAY, decided)
        records = with_ids(tuple(hit_record(one, TODAY) for one in result.hits), "application/1")
        undecided = {one.hit_id: one for one in records if one.state in OPEN_STATES}
        assert open_hits_of(records) == len(undecided)
        if not undecided:
            break
        chosen = data.draw(st.sampled_from(sorted(undecided)))
        decided[undecided[chosen].key] = Applied(HitState.RELEASED, "1", True)
        assert len(decided) <= len({one.hit_id for one in records})
