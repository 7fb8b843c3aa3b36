from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.domain.lists import Verdict
from services.screening.domain.rules import (
    EndUsePurpose,
    EndUserKind,
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
    found = {finding.rule.rule_id: finding.verdict for finding in evaluate(basis.rules, transaction, day)}
    assert found == bites


def test_an_item_handed_on_to_japan_for_military_use_is_destined_for_japan(basis: Basis) -> None:
    transaction = Transaction(
        frozenset({"KR"}), frozenset({"KR", "JP"}), EndUserKind.CIVIL, EndUsePurpose.MILITARY
    )
    assert [finding.rule.rule_id for finding in evaluate(basis.rules, transaction, TODAY)] == [
        "JP-MILITARY-USE"
    ]


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
        assert rule.confidence == "high"
