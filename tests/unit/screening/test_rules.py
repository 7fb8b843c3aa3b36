from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.destinations import Grade, graded
from services.screening.domain.lists import Verdict
from services.screening.domain.rules import (
    CatchAllLimb,
    Confidence,
    Demand,
    EndUsePurpose,
    EndUserKind,
    StateOfKnowledge,
    Transaction,
    evaluate,
)
from services.screening.domain.screen import Basis

TODAY = date(2026, 11, 21)
COUNTRIES = st.frozensets(st.sampled_from(["JP", "US", "KR", "DE"]), min_size=1)


def _transaction(
    country: str, kind: EndUserKind = EndUserKind.CIVIL, purpose: EndUsePurpose = EndUsePurpose.CIVIL
) -> Transaction:
    return Transaction(frozenset({country}), frozenset({country}), kind, purpose)


@pytest.mark.parametrize(
    ("country", "kind", "purpose", "day", "bites"),
    [
        ("JP", "MILITARY", "CIVIL", TODAY, {"JP-MILITARY-USER": Verdict.PROHIBITED}),
        ("JP", "CIVIL", "MILITARY", TODAY, {"JP-MILITARY-USE": Verdict.PROHIBITED}),
        ("JP", "CIVIL", "RAISES_MILITARY_STRENGTH", TODAY, {"JP-MILITARY-STRENGTH": Verdict.PROHIBITED}),
        ("JP", "CIVIL", "CIVIL", TODAY, {}),
        # What a rule asks for and nobody states may be so: a person looks.
        ("JP", "UNKNOWN", "CIVIL", TODAY, {"JP-MILITARY-USER": Verdict.REVIEW}),
        (
            "JP",
            "CIVIL",
            "UNKNOWN",
            TODAY,
            {"JP-MILITARY-USE": Verdict.REVIEW, "JP-MILITARY-STRENGTH": Verdict.REVIEW},
        ),
        # Announcement 2026 No. 1 took effect on 2026-01-06.
        ("JP", "MILITARY", "MILITARY", date(2026, 1, 5), {}),
        (
            "JP",
            "MILITARY",
            "MILITARY",
            date(2026, 1, 6),
            {"JP-MILITARY-USER": Verdict.PROHIBITED, "JP-MILITARY-USE": Verdict.PROHIBITED},
        ),
        # Announcement 2024 No. 46 paragraph 1.
        ("US", "MILITARY", "CIVIL", TODAY, {"US-MILITARY-USER": Verdict.PROHIBITED}),
        ("US", "CIVIL", "MILITARY", date(2024, 12, 2), {}),
        ("US", "CIVIL", "RAISES_MILITARY_STRENGTH", TODAY, {}),
        ("KR", "MILITARY", "MILITARY", TODAY, {}),
        ("KR", "UNKNOWN", "UNKNOWN", TODAY, {}),
        ("KR", "CIVIL", "WEAPONS_OF_MASS_DESTRUCTION", TODAY, {"ANY-MASS-DESTRUCTION": Verdict.REVIEW}),
        ("DE", "CIVIL", "TERRORISM", TODAY, {"ANY-TERRORISM": Verdict.REVIEW}),
    ],
)
def test_what_bites(
    basis: Basis, country: str, kind: str, purpose: str, day: date, bites: dict[str, Verdict]
) -> None:
    transaction = _transaction(country, EndUserKind(kind), EndUsePurpose(purpose))
    found = {finding.rule_id: finding.verdict for finding in evaluate(basis.rules, transaction, day)}
    assert found == bites


def test_an_item_handed_on_to_japan_for_military_use_is_destined_for_japan(basis: Basis) -> None:
    transaction = Transaction(
        frozenset({"KR"}), frozenset({"KR", "JP"}), EndUserKind.CIVIL, EndUsePurpose.MILITARY
    )
    assert [finding.rule_id for finding in evaluate(basis.rules, transaction, TODAY)] == ["JP-MILITARY-USE"]


@given(COUNTRIES, COUNTRIES, st.sampled_from(EndUserKind), st.sampled_from(EndUsePurpose), st.dates())
def test_reaching_more_countries_never_lifts_a_finding(
    basis: Basis,
    few: frozenset[str],
    more: frozenset[str],
    kind: EndUserKind,
    purpose: EndUsePurpose,
    day: date,
) -> None:
    before = set(evaluate(basis.rules, Transaction(few, few, kind, purpose), day))
    after = set(evaluate(basis.rules, Transaction(few | more, few | more, kind, purpose), day))
    assert before <= after


def test_a_rule_that_has_ended_no_longer_bites(basis: Basis) -> None:
    ended = replace(
        basis.rules,
        rules=tuple(replace(rule, effective_to=date(2026, 6, 30)) for rule in basis.rules.rules),
    )
    transaction = _transaction("JP", EndUserKind.MILITARY)
    assert evaluate(ended, transaction, date(2026, 6, 30))
    assert not evaluate(ended, transaction, date(2026, 7, 1))


def test_every_rule_names_its_source(basis: Basis) -> None:
    for rule in basis.rules.rules:
        assert rule.source.instrument
        assert rule.source.article
        assert rule.text_zh
        assert rule.text_en
        # What is not certain is kept and never bites.
        assert rule.enabled == (rule.confidence is Confidence.HIGH)


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2024, 12, 2), False),
        (date(2024, 12, 3), True),
        (date(2025, 11, 8), True),
        # Announcement 2025 No. 72 suspends paragraph 2 of Announcement 2024 No. 46, both days included.
        (date(2025, 11, 9), False),
        (date(2026, 11, 27), False),
        (date(2026, 11, 28), True),
    ],
)
def test_the_second_paragraph_on_the_united_states_rests_while_it_is_suspended(
    basis: Basis, day: date, in_force: bool
) -> None:
    found = [finding.rule_id for finding in evaluate(basis.rules, _transaction("US"), day)]
    assert ("US-MINERALS-AND-GRAPHITE" in found) is in_force
    rule = next(rule for rule in basis.rules.rules if rule.rule_id == "US-MINERALS-AND-GRAPHITE")
    assert list(rule.days_of_change()) == [date(2024, 12, 3), date(2025, 11, 9), date(2026, 11, 28)]


@pytest.mark.parametrize("limb", CatchAllLimb)
@pytest.mark.parametrize("state", StateOfKnowledge)
def test_what_the_exporter_knows_of_a_limb_is_a_finding(
    basis: Basis, limb: CatchAllLimb, state: StateOfKnowledge
) -> None:
    transaction = replace(_transaction("KR"), catch_all={limb: state})
    found = evaluate(basis.rules, transaction, TODAY)
    if state is StateOfKnowledge.NO_INDICATION:
        assert not found
        return
    (finding,) = found
    assert (finding.verdict, finding.unknown) == (Verdict.REVIEW, False)
    rule = next(rule for rule in basis.rules.rules if rule.rule_id == finding.rule_id)
    assert (rule.catch_all_limbs, rule.knowledge) == (frozenset({limb}), frozenset({state}))
    number = list(CatchAllLimb).index(limb) + 1
    assert finding.source.article == f"Art. 12(3)({number}), 13"


def test_a_limb_that_is_not_stated_may_fit(basis: Basis) -> None:
    rule = next(rule for rule in basis.rules.rules if rule.rule_id == "CATCH-ALL-TERRORISM-KNOWN")
    asking = replace(basis.rules, rules=(replace(rule, verdict_if_unknown=Verdict.REVIEW),))
    (finding,) = evaluate(asking, _transaction("KR"), TODAY)
    assert finding.unknown
    stated = replace(_transaction("KR"), catch_all={CatchAllLimb.TERRORISM: StateOfKnowledge.NO_INDICATION})
    assert not evaluate(asking, stated, TODAY)


def test_a_rule_that_is_switched_off_never_bites(basis: Basis) -> None:
    off = replace(basis.rules, rules=tuple(replace(rule, enabled=False) for rule in basis.rules.rules))
    assert not evaluate(off, _transaction("JP", EndUserKind.MILITARY), TODAY)


def test_a_destination_of_high_risk_is_looked_at_and_demands_what_the_register_says(basis: Basis) -> None:
    assert not graded(basis.destinations, {"JP"}, date(2026, 1, 5))
    (finding,) = graded(basis.destinations, {"JP", "KR"}, date(2026, 1, 6))
    assert (finding.rule_id, finding.verdict) == ("DESTINATION-JP", Verdict.REVIEW)
    assert finding.demands == (Demand.CERTIFICATE_GOVERNMENT_CERTIFIED, Demand.DUE_DILIGENCE)
    assert finding.source.article == "Art. 10, 24(1)"


def test_a_grade_below_high_is_shown_and_decides_nothing(basis: Basis) -> None:
    (finding,) = graded(basis.destinations, {"US"}, TODAY)
    assert (finding.rule_id, finding.verdict, finding.demands) == ("DESTINATION-US", Verdict.CLEAR, ())
    low = replace(
        basis.destinations,
        destinations=tuple(replace(each, grade=Grade.LOW) for each in basis.destinations.destinations),
    )
    assert [finding.rule_id for finding in graded(low, {"US", "JP"}, TODAY)] == ["DESTINATION-JP"]


def test_every_destination_names_source_reason_and_dates(basis: Basis) -> None:
    for destination in basis.destinations.destinations:
        assert destination.source.instrument
        assert destination.source.article
        assert destination.reason_zh
        assert destination.reason_en
        # No grade has been published: what is here is the policy of whoever runs the platform.
        assert destination.confidence is Confidence.MEDIUM
