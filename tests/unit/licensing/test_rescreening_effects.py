"""What a later screening does to a licence in use: a table with a source for every row."""

import pytest

from services.licensing.domain.findings import ScreeningFinding, ScreeningSummary, ScreeningVerdict
from services.licensing.domain.rescreening_effects import Certainty, LicenceEffect, certainty_of, effect_of
from services.licensing.reference_files import rescreening_effects

V, C, E = ScreeningVerdict, Certainty, LicenceEffect


def hit(verdict: V, state: str) -> ScreeningFinding:
    return ScreeningFinding("control_list/1", verdict, hit_id="h", hit_state=state)


def rule(verdict: V) -> ScreeningFinding:
    return ScreeningFinding("JP-1", verdict)


def test_every_verdict_that_entails_anything_has_a_row_for_every_certainty_with_its_source() -> None:
    rules = rescreening_effects()
    assert set(rules) == {
        (verdict, certainty) for verdict in (V.REVIEW, V.RESTRICTED, V.PROHIBITED) for certainty in C
    }
    assert all(one.source.instrument and one.source.article for one in rules.values())


@pytest.mark.parametrize(
    ("finding", "certainty"),
    [
        (hit(V.PROHIBITED, "CONFIRMED"), C.CONFIRMED),
        (hit(V.PROHIBITED, "UNDECIDED"), C.MATCHED),
        (rule(V.PROHIBITED), C.RULE),
    ],
)
def test_certainty(finding: ScreeningFinding, certainty: C) -> None:
    assert certainty_of(finding) is certainty


@pytest.mark.parametrize(
    ("verdict", "findings", "effect"),
    [
        (V.PROHIBITED, (hit(V.PROHIBITED, "UNDECIDED"),), E.SUSPEND),
        (V.PROHIBITED, (hit(V.PROHIBITED, "CONFIRMED"),), E.SUSPEND),
        (V.PROHIBITED, (rule(V.PROHIBITED),), E.SUSPEND),
        (V.PROHIBITED, (), E.SUSPEND),
        (V.RESTRICTED, (hit(V.RESTRICTED, "CONFIRMED"),), E.TELL),
        (V.REVIEW, (rule(V.REVIEW),), E.TELL),
        # Released, it counts no longer.
        (V.REVIEW, (hit(V.PROHIBITED, "RELEASED"), rule(V.REVIEW)), E.TELL),
        (V.CLEAR, (), E.TELL),
    ],
)
def test_effects(verdict: V, findings: tuple[ScreeningFinding, ...], effect: E) -> None:
    summary = ScreeningSummary("s", verdict, findings)
    assert effect_of(rescreening_effects(), summary) is effect
