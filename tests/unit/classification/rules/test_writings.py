"""The same figure in many writings: an item that meets its limits is cleared by none of them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classification.rules.evaluation import evaluate
from services.classification.rules.facts import Context, Parameter
from services.classification.rules.loading import read_rules
from services.classification.rules.remarks import sign_of_remark
from services.classification.rules.truth import Truth
from tests.unit.classification.rules.cases import Case, Written, cases_of, written_entries

BOOK = read_rules()
# The value and its unit as people and forms write them; none says that the value is another one.
WRITINGS: Final = (
    "{v} {u}左右",
    "约{v}{u}",
    "大约 {v} {u}",
    "标称{v}{u}",
    "{v} {u} (min)",
    "min {v} {u}",
    "≥{v} {u}",
    "≤{v} {u}",
    "不大于{v} {u}",
    "{v}{u}以上",
    "{v}以下{u}",
    "{v} {u} max",
    "{v}～{v} {u}",
    "{v} {u}±5%",
    "{v} {u} (实测)",
    "{v} {u}（某种）",
    "{v}, {u}",
    "{v};{u}",
    "{v}",
    "{v} {U}",
    "{v} {l}",
    "{v} {s}",
    "+{v} {u}",
    "{v}{u}/{v}{u}",
    "{v},0 {u}",
    "{v}e0 {u}",
    "{v}×10^0 {u}",
    "0{v} {u}",
    "{v}{u}@25℃",
    "{v} {u} at 500 °C",
    "{v} {u} per unit",
    "{v}倍{u}",
    "{v}%",
    "{v} {u}³",
    "最大{v}{u}",
    "{v}{u}级",
    "from {v} {u}",
    "up to {v} {u}",
    "~{v} {u}",
    "≥ {v} {u} min",
    "({v} {u})",
    "{v} [{u}]",
    "{v}O {u}",
    "l{v} {u}",
    "非{v}{u}",
    "{v}{u}?",
    "N/A",
    "无",
    "{v} {u} typ.",
)


def true_cases() -> Iterator[tuple[Written, Case, int]]:
    """Cases in which a rule holds, with the place of one plain figure."""
    for written in written_entries():
        seen: set[str] = set()
        for case in cases_of(written, BOOK) if written.entry["decides"] == "rule" else ():
            for place, parameter in enumerate(case.parameters):
                is_new = parameter.name not in seen and re.fullmatch(r"[\d.]+", parameter.value)
                if case.tree == "rule" and case.expected is Truth.TRUE and is_new:
                    seen.add(parameter.name)
                    yield written, case, place


CASES: Final = tuple(true_cases())


@settings(max_examples=600, deadline=None)
@given(
    chosen=st.sampled_from(CASES), writing=st.sampled_from(WRITINGS), beside=st.booleans(), wide=st.booleans()
)
def test_no_writing_of_a_figure_clears(
    chosen: tuple[Written, Case, int], writing: str, beside: bool, wide: bool
) -> None:
    written, case, place = chosen
    plain = case.parameters[place]
    unit = plain.unit
    value = writing.format(
        v=plain.value,
        u="" if beside else unit,
        U=unit.upper(),
        l=unit.lower(),
        s=unit.swapcase(),
    )
    if wide:
        value = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in value)
    stated = Parameter(plain.name, value, unit if beside else "", plain.test_condition)
    parameters = (*case.parameters[:place], stated, *case.parameters[place + 1 :])
    assert replace(case, parameters=parameters).truth(written.parsed(BOOK), BOOK) is not Truth.FALSE


@settings(max_examples=300, deadline=None)
@given(
    remark=st.text(alphabet="松装振实表观退火态横纵向碳基abXY ", min_size=1, max_size=8),
    in_name=st.booleans(),
)
@example(remark="松装", in_name=True)
def test_a_remark_clears_only_where_it_is_understood(remark: str, in_name: bool) -> None:
    rule = BOOK.rule_of("1C004")
    assert rule is not None
    parameter = (
        Parameter(f"密度（{remark}）", "17 g/cm3") if in_name else Parameter("密度", f"17 g/cm3（{remark}）")
    )
    facts = BOOK.read_parameters([parameter]).with_subject(rule.identifier)
    if sign_of_remark(remark) is None:
        assert evaluate(rule, facts, Context(), BOOK).truth is Truth.UNKNOWN
