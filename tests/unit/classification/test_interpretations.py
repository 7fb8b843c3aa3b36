"""Which interpretation settles a question on a day."""

from datetime import date

import pytest

from services.classification.domain.interpretations import (
    RecordedInterpretation,
    open_questions,
    questions_of_items,
    rules_of,
    settled_on,
)
from services.classification.rules.loading import read_rules
from services.classification.rules.truth import Truth


def record(sequence: int, answer: Truth, valid_from: str, question: str = "q") -> RecordedInterpretation:
    return RecordedInterpretation(
        sequence, "2B005", "path", question, answer, date.fromisoformat(valid_from), f"basis {sequence}", "x"
    )


RECORDS = (
    record(1, Truth.TRUE, "2026-01-01"),
    record(2, Truth.FALSE, "2026-06-01"),
    # Given later for an earlier day: it stands between the two.
    record(3, Truth.FALSE, "2026-03-01"),
    # Given again for the same day: the later one counts.
    record(4, Truth.TRUE, "2026-06-01"),
    # The question is opened again.
    record(5, Truth.UNKNOWN, "2026-09-01"),
)


@pytest.mark.parametrize(
    ("day", "basis", "holds"),
    [
        ("2025-12-31", None, None),
        ("2026-01-01", "basis 1", True),
        ("2026-02-28", "basis 1", True),
        ("2026-03-01", "basis 3", False),
        ("2026-06-01", "basis 4", True),
        ("2026-08-31", "basis 4", True),
        ("2026-09-01", None, None),
    ],
)
def test_the_latest_answer_in_force_settles_a_question(
    day: str, basis: str | None, holds: bool | None
) -> None:
    for records in (RECORDS, RECORDS[::-1]):
        found = settled_on(records, date.fromisoformat(day))
        assert [(each.basis, each.holds) for each in found] == ([] if basis is None else [(basis, holds)])


def test_questions_do_not_settle_each_other() -> None:
    both = (record(1, Truth.TRUE, "2026-01-01"), record(2, Truth.UNKNOWN, "2026-01-01", "another"))
    assert [each.question for each in settled_on(both, date(2026, 2, 1))] == ["q"]


def test_the_questions_of_a_rule_are_those_for_judgement_and_the_open_limits() -> None:
    book = read_rules()
    (rule,) = rules_of(book, "2B005")
    assert open_questions(rule) == {"boundary:microwave_power": ("2024-33/2B005",)}
    (diamond,) = rules_of(book, "2C902.b")
    # Whether this diamond is for jewellery is a fact of one diamond.
    assert open_questions(diamond) == {}
    assert questions_of_items(diamond) == {"decorative_diamond"}
    # An entry that decides by description has no rule that an answer could settle.
    assert rules_of(book, "5D002") == rules_of(book, "9Z999") == ()
