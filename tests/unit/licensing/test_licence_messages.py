"""Every refusal that concerns a licence has a whole sentence in both languages."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

import services.licensing
from services.foundation.messages import catalogue, render
from services.licensing.domain.licence_account import standing_refusal
from services.licensing.domain.licence_state import TABLE, LicenceState
from tests.unit.licensing.test_usage import TODAY, Book

FOLDER = Path(services.licensing.__file__).parent
CATALOGUE: Mapping[str, Mapping[str, str]] = tomllib.loads(
    (FOLDER / "reference" / "licence_messages.toml").read_text(encoding="utf-8")
)
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))


@pytest.mark.parametrize("reason", CATALOGUE)
def test_both_languages_say_the_same_things(reason: str) -> None:
    blanks = {language: set(re.findall(r"{(\w+)}", text)) for language, text in CATALOGUE[reason].items()}
    assert set(blanks) == {"zh", "en"}
    assert blanks["zh"] == blanks["en"]


@pytest.mark.parametrize("reason", CATALOGUE)
def test_no_sentence_is_left_over(reason: str) -> None:
    assert f'"{reason}"' in SOURCES


@pytest.mark.parametrize("state", [state for state in LicenceState if state is not LicenceState.ACTIVE])
def test_every_state_that_forbids_use_explains_itself(state: LicenceState) -> None:
    account = Book().account
    account.state, account.state_reason = state, "END_USER_CHANGED"
    refusal = standing_refusal(account, TODAY)
    assert refusal is not None
    sentence = render(refusal.reason, refusal.metadata)
    assert account.number in sentence.zh
    assert "<" not in sentence.zh + sentence.en


def test_every_requirement_of_the_table_has_a_sentence() -> None:
    reasons = {requirement.reason for row in TABLE for requirement in row.requires}
    assert reasons <= set(catalogue())
