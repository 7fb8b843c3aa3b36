"""What is known of an item and of the export it is meant for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from services.classification.rules.intervals import Interval
from services.classification.rules.measures import Measure
from services.classification.rules.truth import Truth


@dataclass(frozen=True, slots=True)
class Parameter:
    """A stated property as written: `name = value unit`, measured under `test_condition`."""

    name: str
    value: str
    unit: str = ""
    test_condition: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stated of an item.

    `measures` are by quantity, `words` the values of characteristics (an empty set: stated in words that are
    not understood), `partly_read` the characteristics of which some word was not understood. `answers` are a
    person's answers to questions for judgement about this item. `subjects` says by identifier of an entry whether
    the item is the thing that the entry describes, its limits apart. `references` says of entries that are not
    held as rules whether they control the item. `lists` holds parts of an item (axes, components),
    `complete_lists` those of which no part is left out.
    """

    measures: Mapping[str, tuple[Measure, ...]] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    partly_read: frozenset[str] = frozenset()
    answers: Mapping[str, Truth] = field(default_factory=dict)
    subjects: Mapping[str, Truth] = field(default_factory=dict)
    references: Mapping[str, Truth] = field(default_factory=dict)
    lists: Mapping[str, tuple["Facts", ...]] = field(default_factory=dict)
    complete_lists: frozenset[str] = frozenset()
    not_recognised: tuple[Parameter, ...] = ()

    def with_subject(self, identifier: str, truth: Truth = Truth.TRUE) -> "Facts":
        """The same facts, with whether the item is what an entry describes."""
        return replace(self, subjects={**self.subjects, identifier: truth})

    def measures_of(self, quantity: str, upper_end_of: str) -> tuple[Measure, ...]:
        """The stated values of a quantity, or the upper ends of the range that it is the end of."""
        stated = self.measures.get(quantity, ())
        if stated or not upper_end_of:
            return stated
        return tuple(
            replace(
                measure,
                quantity=quantity,
                intervals=tuple(
                    Interval.point(interval.high) if interval.high is not None else interval
                    for interval in measure.intervals
                ),
                is_range=False,
            )
            for measure in self.measures.get(upper_end_of, ())
            if measure.is_range
        )


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A recorded decision that settles a question of an entry for every item.

    For a judgement `holds` is its answer; for a limit whose words leave its own value open (以上, 以下) it says
    whether the limit itself is included. In force from `valid_from` (day of law, Asia/Shanghai).
    """

    identifier: str
    question: str
    holds: bool
    decided_by: str
    basis: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Context:
    """The export an item is meant for, and the interpretations that apply.

    `values` are known words of the context: destination (ISO 3166-1 alpha-2), destination_group, end_use;
    a kind that is absent is unknown. `as_of` is the legal day; None applies every interpretation.
    """

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    interpretations: tuple[Interpretation, ...] = ()
    as_of: date | None = None

    def decided(self, identifier: str, question: str) -> Interpretation | None:
        """The newest interpretation of a question of an entry that is in force, or None."""
        found = [
            interpretation
            for interpretation in self.interpretations
            if interpretation.identifier == identifier
            and interpretation.question == question
            and (self.as_of is None or interpretation.valid_from <= self.as_of)
        ]
        return max(found, key=lambda interpretation: interpretation.valid_from, default=None)
