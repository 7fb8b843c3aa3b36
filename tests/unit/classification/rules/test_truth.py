from itertools import product

import pytest

from services.classification.rules.truth import Truth, agreement, conjunction, disjunction

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("first", "second", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, U, U, U),
    ],
)
def test_tables_of_kleene(first: Truth, second: Truth, both: Truth, either: Truth) -> None:
    for order in ((first, second), (second, first)):
        assert conjunction(order) is both
        assert disjunction(order) is either


def test_negation_turns_one_connective_into_the_other() -> None:
    for first, second in product(Truth, Truth):
        assert conjunction((first, second)).negation is disjunction((first.negation, second.negation))


def test_groups_without_parts() -> None:
    assert conjunction(()) is T
    assert disjunction(()) is F
    assert agreement(()) is U


def test_readings_that_differ_agree_on_nothing() -> None:
    assert agreement((T, T)) is T
    assert agreement((T, F)) is U
    assert agreement((F, U)) is U
    assert Truth.of(None) is U
