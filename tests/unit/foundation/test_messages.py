"""Every reason has a sentence in both languages, and its blanks can be filled."""

import re
import string

import pytest

from services.foundation.messages import SERVICES, catalogue, render

REASON = re.compile(
    r"(?:failed_precondition|permission_denied|unavailable|_unauthenticated|invalid_field)\(\s*"
    r'(?:f?"[^"]*",\s*)?"([A-Z][A-Z0-9_]+)"'
)


def reasons_in_code() -> set[tuple[str, str]]:
    found = set()
    for path in SERVICES.rglob("*.py"):
        for reason in REASON.findall(path.read_text(encoding="utf-8")):
            found.add((str(path.relative_to(SERVICES)), reason))
    return found


def test_every_reason_raised_in_the_code_has_a_sentence() -> None:
    assert {where for where in reasons_in_code() if where[1] not in catalogue()} == set()


@pytest.mark.parametrize("reason", sorted(catalogue()))
def test_both_sentences_have_the_same_blanks(reason: str) -> None:
    sentence = catalogue()[reason]
    blanks = [
        {re.sub("_(zh|en)$", "", name) for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (sentence.zh, sentence.en)
    ]
    assert blanks[0] == blanks[1]
    assert re.search(r"[\u4e00-\u9fff]", sentence.zh)


def test_a_blank_without_a_value_is_shown_as_such() -> None:
    assert render("STALE_ETAG", {"kind": "application"}).en.startswith("Somebody changed application <id>")


def test_an_unknown_reason_is_shown_as_its_code() -> None:
    assert render("NEVER_HEARD_OF").zh == "NEVER_HEARD_OF"
