"""What a part of the statements denies, all of them deny: nothing is cleared by what is left out."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from services.classification.rules.evaluation import evaluate
from services.classification.rules.facts import Context, Parameter
from services.classification.rules.loading import read_rules
from services.classification.rules.truth import Truth
from tests.unit.classification.rules.cases import Case, Written, cases_of, written_entries

BOOK = read_rules()
CASES = [
    (written, case)
    for written in written_entries()
    if written.entry["decides"] == "rule"
    for case in cases_of(written, BOOK)
    if case.tree == "rule" and len(case.parameters) > 1
]


@settings(max_examples=300, deadline=None)
@given(chosen=st.sampled_from(CASES), data=st.data())
def test_leaving_statements_out_never_denies(chosen: tuple[Written, Case], data: st.DataObject) -> None:
    written, case = chosen
    rule = written.parsed(BOOK)
    parameters = case.parameters
    kept = data.draw(st.lists(st.sampled_from(parameters), unique=True))
    described = data.draw(st.booleans())

    def truth(stated: Iterable[Parameter]) -> Truth:
        facts = BOOK.read_parameters(stated)
        return evaluate(
            rule, facts.with_subject(rule.identifier) if described else facts, Context(), BOOK
        ).truth

    part, whole = truth(kept), truth(parameters)
    if part is Truth.FALSE:
        assert whole is Truth.FALSE
    if whole is Truth.TRUE:
        assert part is not Truth.FALSE
