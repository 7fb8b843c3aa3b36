"""Conditions belong to the agency that set them."""

import pytest

from services.consultation.domain.conditions import Amended, Amendment, amend, check_owner
from services.consultation.domain.records import ConditionText
from services.consultation.domain.vocabulary import RoundState
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.principal import Role
from tests.support import identity
from tests.unit.consultation.samples import condition


def _amend(text_zh: str = "", text_en: str = "", lift: bool = False, reason: str = "new facts") -> Amended:
    return amend(condition(), RoundState.OPEN, Amendment(text_zh, text_en, lift, reason))


def test_one_language_may_be_rewritten_alone() -> None:
    assert _amend(text_en="Report monthly").text == ConditionText("每季度报告", "Report monthly")


def test_lifting_keeps_the_words() -> None:
    assert _amend(lift=True) == Amended(condition().text, lifted=True)


@pytest.mark.parametrize(
    ("arguments", "field", "reason"),
    [
        ({}, "text_zh", "CONDITION_UNCHANGED"),
        ({"text_en": " Report quarterly "}, "text_zh", "CONDITION_UNCHANGED"),
        ({"text_en": "Report monthly", "lift": True}, "lift", "LIFT_OR_REWRITE"),
        ({"lift": True, "reason": " "}, "reason", "TEXT_BLANK"),
    ],
)
def test_faults(arguments: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(XukeError) as refused:
        _amend(**arguments)  # type: ignore[arg-type]
    assert [(each.field, each.reason) for each in refused.value.violations] == [(field, reason)]


@pytest.mark.parametrize(
    ("lifted", "round_state", "reason"),
    [
        (True, RoundState.OPEN, "CONDITION_ALREADY_LIFTED"),
        (False, RoundState.CLOSED, "ROUND_CLOSED"),
    ],
)
def test_what_is_settled_stays(lifted: bool, round_state: RoundState, reason: str) -> None:
    with pytest.raises(XukeError) as refused:
        amend(condition(lifted=lifted), round_state, Amendment("", "", True, "why"))
    assert (refused.value.code, refused.value.reason) == (ErrorCode.FAILED_PRECONDITION, reason)


@pytest.mark.parametrize(
    "actor",
    [
        identity.OTHER_AGENCY,
        identity.MINISTRY_DIRECTOR,
        identity.Principal("agency-0", "Nobody", Role.AGENCY_REVIEWER),
    ],
)
def test_only_the_owner(actor: identity.Principal) -> None:
    check_owner("SASTIND", "c", identity.AGENCY_REVIEWER)
    with pytest.raises(XukeError) as refused:
        check_owner("SASTIND", "c", actor)
    assert (refused.value.code, refused.value.reason) == (
        ErrorCode.PERMISSION_DENIED,
        "CONDITION_OF_ANOTHER_AGENCY",
    )
