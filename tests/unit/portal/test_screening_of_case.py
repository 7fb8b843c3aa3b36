"""The screening of a case as it is drawn: where hits are decided that stand in no queue."""

from types import SimpleNamespace

import pytest
from flask import Flask, g
from jinja2 import PackageLoader
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
            case=a.Case(state=a.ApplicationState.ValueType(state)),
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
