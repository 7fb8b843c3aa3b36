import pytest

from services.foundation.errors import XukeError, failed_precondition, unavailable
from services.foundation.startup import once_reachable


def test_it_is_tried_again_until_it_is_reachable() -> None:
    outcomes: list[XukeError | str] = [
        unavailable("DATABASE_UNAVAILABLE"),
        unavailable("DATABASE_BUSY"),
        "loaded",
    ]

    def act() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, XukeError):
            raise outcome
        return outcome

    assert once_reachable(act, pause_seconds=0) == "loaded"
    assert outcomes == []


def test_any_other_refusal_ends_it() -> None:
    def act() -> str:
        raise failed_precondition("SCREENING_RULES_MISSING")

    with pytest.raises(XukeError, match="SCREENING_RULES_MISSING"):
        once_reachable(act, pause_seconds=0)
