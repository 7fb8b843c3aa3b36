"""Does a rule hold for an item: three-valued, exact, and explained line by line."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol, assert_never

from services.classification.rules.explanation import Evaluation, Finding, NodeKind
from services.classification.rules.facts import Context, Facts
from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.limits import is_near, truth_under
from services.classification.rules.measures import Measure
from services.classification.rules.quantities import Quantity
from services.classification.rules.reservations import (
    clearing_truth,
    is_plausible,
    may_be_rounded,
    under_conditions,
)
from services.classification.rules.truth import Truth, agreement, conjunction, disjunction
from services.classification.rules.vocabulary import (
    All,
    AnyOf,
    ContextIs,
    Derived,
    Judgement,
    Measured,
    Node,
    Not,
    Operator,
    Quantified,
    Reference,
    Rule,
    Subject,
    Word,
)


class Book(Protocol):
    """Where other entries are found for references and quantities for stand-ins."""

    def rule_of(self, identifier: str) -> Rule | None:
        """The rule of an entry by its identifier or control code, or None."""

    def quantity(self, identifier: str) -> Quantity:
        """A quantity of the table."""


def evaluate(rule: Rule, facts: Facts, context: Context, book: Book) -> Evaluation:
    """Holds a rule against an item; a release (decontrol) is read only where control is not excluded."""
    evaluator = _Evaluator(rule.identifier, facts, context, book)
    tree = evaluator.finding(rule.control)
    decontrol_tree = None
    if rule.decontrol is not None and tree.truth is not Truth.FALSE:
        decontrol_tree = evaluator.finding(rule.decontrol)
    return Evaluation(
        rule,
        tree.truth,
        None if decontrol_tree is None else decontrol_tree.truth,
        tree,
        decontrol_tree,
    )


class _Evaluator:
    def __init__(self, identifier: str, facts: Facts, context: Context, book: Book) -> None:
        self._identifier = identifier
        self._facts = facts
        self._context = context
        self._book = book

    def finding(self, node: Node) -> Finding:
        match node:
            case All():
                parts = tuple(self.finding(part) for part in node.parts)
                return Finding(
                    NodeKind.ALL, node.place, conjunction(part.truth for part in parts), parts=parts
                )
            case AnyOf():
                parts = tuple(self.finding(part) for part in node.parts)
                return Finding(
                    NodeKind.ANY, node.place, disjunction(part.truth for part in parts), parts=parts
                )
            case Not():
                return self._not(node)
            case Quantified():
                return self._quantified(node)
            case Reference():
                return self._reference(node)
            case Subject():
                truth = self._facts.subjects.get(node.identifier, Truth.UNKNOWN)
                return Finding(NodeKind.SUBJECT, node.place, truth, node.identifier)
            case Word():
                return self._word(node)
            case Judgement():
                return self._judgement(node)
            case ContextIs():
                return self._context_is(node)
            case Measured():
                return self._measured(node)
            case Derived():
                return self._derived(node)
            case _:
                assert_never(node)

    def _not(self, node: Not) -> Finding:
        part = self.finding(node.part)
        if part.truth is Truth.UNKNOWN and node.unless_shown:
            return Finding(
                NodeKind.NOT, node.place, Truth.TRUE, parts=(part,), faults=(Fault.EXCLUSION_NOT_SHOWN,)
            )
        return Finding(NodeKind.NOT, node.place, part.truth.negation, parts=(part,))

    def _quantified(self, node: Quantified) -> Finding:
        members = self._facts.lists.get(node.list_name, ())
        parts = tuple(
            _Evaluator(self._identifier, member, self._context, self._book).finding(node.where)
            for member in members
        )
        truths = [part.truth for part in parts]
        faults: tuple[Fault, ...] = ()
        if node.list_name not in self._facts.complete_lists:
            # A part that was left out may meet the node or miss it.
            truths.append(Truth.UNKNOWN)
            faults = (Fault.LIST_INCOMPLETE,)
        truth = conjunction(truths) if node.every else disjunction(truths)
        kind = NodeKind.FORALL if node.every else NodeKind.EXISTS
        return Finding(kind, node.place, truth, node.list_name, parts=parts, faults=faults)

    def _reference(self, node: Reference) -> Finding:
        known = self._facts.references.get(node.code)
        if known is not None:
            return Finding(NodeKind.REFERENCE, node.place, known, node.code)
        rule = self._book.rule_of(node.code)
        if rule is None:
            return Finding(
                NodeKind.REFERENCE,
                node.place,
                Truth.UNKNOWN,
                node.code,
                faults=(Fault.REFERENCE_NOT_HELD,),
            )
        other = evaluate(rule, self._facts, self._context, self._book)
        truth = other.truth
        if other.decontrol is not None:
            truth = conjunction((truth, other.decontrol.negation))
        return Finding(NodeKind.REFERENCE, node.place, truth, node.code, parts=(other.tree,))

    def _word(self, node: Word) -> Finding:
        stated = self._facts.words.get(node.characteristic)
        partly = node.characteristic in self._facts.partly_read
        faults = (Fault.REMARK_NOT_UNDERSTOOD,) if partly else ()
        if not stated:
            truth = Truth.UNKNOWN
        elif stated & node.values:
            # Of a thing in two forms, one of which is excluded, the other is not.
            truth = Truth.UNKNOWN if node.clears and (partly or stated - node.values) else Truth.TRUE
        else:
            truth = Truth.FALSE if node.exclusive and not partly else Truth.UNKNOWN
        return Finding(
            NodeKind.FACT,
            node.place,
            truth.negation if node.negated else truth,
            node.characteristic,
            given="; ".join(sorted(stated or ())),
            limit=("∉ " if node.negated else "∈ ") + "; ".join(sorted(node.values)),
            faults=faults,
        )

    def _judgement(self, node: Judgement) -> Finding:
        answer = self._facts.answers.get(node.answer_key, Truth.UNKNOWN)
        if answer is not Truth.UNKNOWN:
            return Finding(NodeKind.JUDGE, node.place, answer, node.answer_key, given=answer.value)
        # What is a fact of one item was decided for no other.
        decided = self._context.decided(self._identifier, node.question) if node.of_law else None
        truth = Truth.UNKNOWN if decided is None else Truth.of(decided.holds)
        return Finding(NodeKind.JUDGE, node.place, truth, node.answer_key, interpretation=decided)

    def _context_is(self, node: ContextIs) -> Finding:
        known = self._context.values.get(node.kind)
        truth = Truth.UNKNOWN if known is None else Truth.of(bool(known & node.values))
        return Finding(
            NodeKind.CONTEXT,
            node.place,
            truth,
            node.kind,
            given="; ".join(sorted(known or ())),
            limit="∈ " + "; ".join(sorted(node.values)),
        )

    def _measured(self, node: Measured) -> Finding:
        measures = self._facts.measures_of(node.quantity.identifier, node.quantity.upper_end_of)
        related = False
        if not measures:
            for stand_in in node.quantity.stand_ins:
                other = self._book.quantity(stand_in)
                measures = self._facts.measures_of(stand_in, other.upper_end_of)
                if measures:
                    related = True
                    break
        return self._compared(NodeKind.QUANTITY, node, measures, related)

    def _derived(self, node: Derived) -> Finding:
        measures = self._facts.measures_of(node.quantity.identifier, node.quantity.upper_end_of)
        if not measures:
            measures = self._computed(node)
        return self._compared(NodeKind.DERIVED, node, measures, related=False)

    def _computed(self, node: Derived) -> tuple[Measure, ...]:
        """The sum over the parts of a list of the products of their quantities; none where a figure lacks."""
        if node.list_name not in self._facts.complete_lists:
            return ()
        total = Fraction(0)
        written = []
        qualified = False
        for member in self._facts.lists.get(node.list_name, ()):
            amount = Fraction(1)
            for factor in node.factors:
                stated = member.measures.get(factor, ())
                if len(stated) != 1 or len(stated[0].intervals) != 1 or not stated[0].intervals[0].is_point:
                    return ()
                value = stated[0].intervals[0].low
                if value is None:
                    return ()
                amount *= value
                qualified = qualified or stated[0].qualified or bool(stated[0].conditions)
            total += amount
            written.append(" × ".join(member.measures[factor][0].written for factor in node.factors))
        return (
            Measure(
                node.quantity.identifier,
                " + ".join(written),
                (Interval.point(total),),
                node.limit.unit,
                qualified=qualified,
            ),
        )

    def _compared(
        self,
        kind: NodeKind,
        node: Measured | Derived,
        measures: Sequence[Measure],
        related: bool,
    ) -> Finding:
        condition = node.conditions_written if isinstance(node, Measured) else ""
        if not measures:
            return Finding(
                kind,
                node.place,
                Truth.UNKNOWN,
                node.quantity.identifier,
                limit=node.limit.written,
                limit_si=node.limit.written_si,
                accepts=node.quantity.accepts,
                condition=condition,
            )
        truths: list[Truth] = []
        faults: list[Fault] = [Fault.RELATED_QUANTITY_USED] if related else []
        for measure in measures:
            truth, found = self._held(node, measure)
            if related and truth is clearing_truth(node):
                truth = Truth.UNKNOWN
            truths.append(truth)
            faults.extend(found)
        # Of frequencies or wavebands that the item has all, one is enough.
        of_several = node.limit.operator in (Operator.IN_SET, Operator.OVERLAPS)
        one_enough = of_several and Truth.TRUE in truths
        truth = Truth.TRUE if one_enough else agreement(truths)
        if truth is Truth.UNKNOWN and Truth.TRUE in truths and Truth.FALSE in truths:
            faults.append(Fault.CONTRADICTORY_VALUES)
        readings = [interval for measure in measures for interval in measure.intervals]
        return Finding(
            kind,
            node.place,
            truth,
            node.quantity.identifier,
            given="; ".join(dict.fromkeys(measure.written for measure in measures)),
            given_si="; ".join(measure.written_si for measure in measures if measure.intervals),
            limit=node.limit.written,
            limit_si=node.limit.written_si,
            accepts=node.quantity.accepts,
            condition=condition,
            near_limit=is_near(readings, node.limit),
            faults=tuple(dict.fromkeys(faults)),
            interpretation=self._context.decided(
                self._identifier, boundary_question(node.quantity.identifier)
            )
            if node.limit.otherwise is not None
            else None,
        )

    def _held(self, node: Measured | Derived, measure: Measure) -> tuple[Truth, list[Fault]]:
        """One stated value against the limit; a fault where it cannot be decided or only with a reservation."""
        if not measure.intervals:
            return Truth.UNKNOWN, [measure.fault] if measure.fault else []
        if not is_plausible(node, measure):
            return Truth.UNKNOWN, [Fault.VALUE_IMPLAUSIBLE]
        limit = node.limit
        truth, faults = self._against(node, measure)
        if limit.operator in (Operator.OVERLAPS, Operator.CONTAINS) and not measure.is_range:
            within = truth_under(measure.intervals, Operator.OVERLAPS, limit.allowed) is Truth.TRUE
            if not (within and limit.operator is Operator.OVERLAPS):
                truth = Truth.UNKNOWN
                faults.append(Fault.RANGE_EXPECTED)
        if truth is Truth.UNKNOWN and measure.fault is not None:
            faults.append(measure.fault)
        if truth is Truth.FALSE and may_be_rounded(node, measure):
            truth = Truth.UNKNOWN
        truth = under_conditions(node, measure, truth, faults)
        if truth is Truth.UNKNOWN and not faults:
            faults.append(Fault.VALUE_SPANS_LIMIT)
        return truth, faults

    def _against(self, node: Measured | Derived, measure: Measure) -> tuple[Truth, list[Fault]]:
        limit = node.limit
        truth = truth_under(measure.intervals, limit.operator, limit.allowed)
        if limit.otherwise is None:
            return truth, []
        other = truth_under(measure.intervals, limit.operator, limit.otherwise)
        if truth is other:
            return truth, []
        decided = self._context.decided(self._identifier, boundary_question(node.quantity.identifier))
        if decided is None:
            return Truth.UNKNOWN, [Fault.BOUNDARY_UNRESOLVED]
        included = limit.operator in (Operator.AT_LEAST, Operator.AT_MOST)
        return (truth if decided.holds is included else other), []


def boundary_question(quantity: str) -> str:
    """The question whether a limit of a quantity includes its own value (以上, 以下)."""
    return f"boundary:{quantity}"
