"""The screening of a case as it is drawn: where hits are decided that stand in no queue."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from flask import Flask, g
from jinja2 import PackageLoader
from xuke.foundation.v1 import foundation_pb2 as f
from xuke.licensing.v1 import application_pb2 as a
from xuke.screening.v1 import screening_pb2 as s

from services.portal import formats
from services.portal.language import Language, catalogue
from services.portal.screening_sides import Side
from services.portal.template_context import add_template_context

HIT = Side(
    s.Hit(hit_id="0198a000-0000-7000-8000-000000000000", party_name="Alpha Rocket Works"), None, None, ()
)
ZH, EN = catalogue("texts")["case.hits_off_queue"]


def drawn(
    language: Language,
    state: int,
    hits: list[Side],
    *,
    endpoint: str = "case_screening",
    decides: bool = True,
    refusals: Sequence[a.Notice] = (),
    verdict: int = a.SCREENING_VERDICT_CLEAR,
) -> str:
    """The result of a screening, as its page draws it."""
    application = Flask("draws")
    application.jinja_env.loader = PackageLoader("services.portal")
    add_template_context(application)
    page = application.jinja_env.from_string(
        '{% from "cases/parts/screening.html" import screening_result with context %}'
        "{{ screening_result(case, screened, hits, [], []) }}"
    )
    with application.test_request_context():
        g.language = language
        return page.render(
            case=a.Case(
                state=a.ApplicationState.ValueType(state),
                notices=refusals,
                screening=a.ScreeningSummary(verdict=a.ScreeningVerdict.ValueType(verdict)),
            ),
            screened=s.Screening(verdict=s.VERDICT_PROHIBITED),
            hits=hits,
            language=language,
            percent=formats.percent,
            may_open=lambda _: decides,
            request=SimpleNamespace(endpoint=endpoint),
            url_for=lambda endpoint, **_: f"/{endpoint}",
        )


@pytest.mark.parametrize(("language", "sentence"), [(Language.ZH, ZH), (Language.EN, EN)])
def test_hits_of_a_case_refused_at_the_gate_are_decided_from_their_own_page(
    language: Language, sentence: str
) -> None:
    assert drawn(language, a.APPLICATION_STATE_GATE_REFUSED, [HIT]).count(sentence) == 1


@pytest.mark.parametrize(
    ("state", "hits", "rest"),
    [
        (a.APPLICATION_STATE_PROVINCIAL_REVIEW, [HIT], {}),
        (a.APPLICATION_STATE_GATE_REFUSED, [], {}),
        (a.APPLICATION_STATE_GATE_REFUSED, [HIT], {"endpoint": "case_print"}),
        (a.APPLICATION_STATE_GATE_REFUSED, [HIT], {"decides": False}),
    ],
    ids=["in the queue", "no hits", "on paper", "not for the reader"],
)
def test_nothing_is_said_where_it_does_not_apply(
    state: int, hits: list[Side], rest: dict[str, object]
) -> None:
    page = drawn(Language.EN, state, hits, **rest)
    assert "case-rules" in page or "No rule bites" in page
    assert EN not in page


REFUSAL = a.Notice(
    kind="GATE_REFUSAL", text=f.LocalizedText(zh="申请人未登记为被指定单位", en="Not recorded & so refused")
)


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.ZH, "申请人未登记为被指定单位"), (Language.EN, "Not recorded &amp; so refused")],
)
def test_a_refusal_for_another_reason_stands_beside_a_clear_verdict(language: Language, said: str) -> None:
    refused = a.APPLICATION_STATE_GATE_REFUSED
    assert drawn(language, refused, [], refusals=[REFUSAL]).count(said) == 1
    prohibited = a.SCREENING_VERDICT_PROHIBITED
    assert said not in drawn(language, refused, [], refusals=[REFUSAL], verdict=prohibited)
    assert said not in drawn(language, a.APPLICATION_STATE_SUBMITTED, [], refusals=[REFUSAL])
