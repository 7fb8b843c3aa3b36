"""How questions are drawn: every input has its label, every fault its place, and what was typed stands in it."""

import pytest
from flask import Flask, g
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from lxml import html
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal import form_options
from services.portal.forms import Faults, Kind, Question, Typed, asked
from services.portal.language import Language, text

HOSTILE = "<b>\"'&{{7*7}}"
QUESTIONS = {
    Kind.TEXT: Question("name_zh", Kind.TEXT, "field_Item.name_zh", "filing.day_hint"),
    Kind.LONG_TEXT: Question("description", Kind.LONG_TEXT, "field_Item.description"),
    Kind.CODE: Question("hs_code", Kind.CODE, "field_Item.hs_code", source="filing.source_risks"),
    Kind.CONTROL_CODE: Question("claimed_control_code", Kind.CONTROL_CODE, "field_Item.claimed_control_code"),
    Kind.NUMBER: Question("quantity", Kind.NUMBER, "field_Item.quantity"),
    Kind.DAY: Question("contract.signed_on", Kind.DAY, "field_Contract.signed_on", "filing.day_hint"),
    Kind.YES_NO: Question("declaration.truthful", Kind.YES_NO, "field_Declaration.truthful"),
    Kind.CHOICE: Question("kind", Kind.CHOICE, "field_Item.kind", options=form_options.words(d.ItemKind)),
    Kind.SELECTION: Question(
        "unit", Kind.SELECTION, "field_Item.unit", "filing.day_hint", options=form_options.codes("unit")
    ),
    Kind.SELECTIONS: Question(
        "transit_countries",
        Kind.SELECTIONS,
        "field_Dossier.transit_countries",
        "filing.transit_hint",
        options=form_options.codes("country"),
    ),
    Kind.LINES: Question("prior_licences", Kind.LINES, "field_Dossier.prior_licences"),
    Kind.ROWS: Question(
        "parameters",
        Kind.ROWS,
        "field_Item.parameters",
        "filing.item_parameters_hint",
        columns=(("name", "filing.parameter_name"), ("value", "filing.parameter_value")),
    ),
    Kind.FILE: Question("file", Kind.FILE, "filing.attachment_file", "filing.attachment_file_hint"),
}


@pytest.fixture(autouse=True)
def _page():
    with Flask(__name__).test_request_context():
        g.language = Language.EN
        yield


def drawn(question: Question, typed: Typed, fault: str = ""):
    """The summary of faults and the question, as a tree."""
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("services.portal"),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
        autoescape=True,
    )
    environment.globals.update(t=text, csrf_token=lambda: "token", language=Language.EN)
    page = environment.from_string(
        '{% import "forms.html" as forms with context %}'
        "<main>{{ forms.fault_summary(faults, asked) }}{{ forms.questions(asked) }}</main>"
    )
    faults = Faults({question.name: fault}) if fault else None
    return html.fromstring(page.render(asked=asked([question], typed, faults), faults=faults))


def test_every_kind_of_question_is_drawn() -> None:
    assert set(QUESTIONS) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("fault", ["", f"wrong: {HOSTILE}"], ids=["sound", "faulty"])
def test_inputs_have_labels_ids_are_unique_and_what_describes_them_is_there(kind: Kind, fault: str) -> None:
    tree = drawn(QUESTIONS[kind], {}, fault)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inputs = tree.xpath("//input | //select | //textarea")
    assert inputs
    for element in inputs:
        labels = tree.xpath("//label[@for=$id]", id=element.get("id"))
        assert len(labels) == 1
        assert labels[0].text_content().strip()
    for described in tree.xpath("//@aria-describedby"):
        assert set(described.split()) <= set(ids)


@pytest.mark.parametrize("kind", Kind)
def test_a_fault_stands_at_its_question_and_the_summary_leads_there(kind: Kind) -> None:
    tree = drawn(QUESTIONS[kind], {}, f"wrong: {HOSTILE}")
    (link,) = tree.xpath("//div[contains(@class, 'error-summary')]//a")
    assert link.text_content() == f"wrong: {HOSTILE}"
    (target,) = tree.xpath("//*[@id=$id]", id=link.get("href").removeprefix("#"))
    assert target.tag in ("input", "select", "textarea")
    (message,) = tree.xpath("//p[contains(@class, 'govuk-error-message')]")
    assert f"wrong: {HOSTILE}" in message.text_content()
    assert not tree.xpath("//b")


@pytest.mark.parametrize(
    "kind", [Kind.TEXT, Kind.LONG_TEXT, Kind.CODE, Kind.CONTROL_CODE, Kind.NUMBER, Kind.DAY, Kind.LINES]
)
def test_what_was_typed_stands_as_it_was_typed(kind: Kind) -> None:
    typed = f"{HOSTILE} line" if kind not in (Kind.LONG_TEXT, Kind.LINES) else f"one\n{HOSTILE}"
    tree = drawn(QUESTIONS[kind], {QUESTIONS[kind].name: (typed,)})
    (element,) = tree.xpath("//input | //textarea")
    assert (element.get("value") if element.tag == "input" else element.text) == typed


def test_what_was_chosen_is_chosen() -> None:
    assert drawn(QUESTIONS[Kind.CHOICE], {"kind": ("SERVICE",)}).xpath("//input[@checked]/@value") == [
        "SERVICE"
    ]
    ticked = drawn(QUESTIONS[Kind.YES_NO], {"declaration-truthful": ("yes",)})
    assert ticked.xpath("//input[@checked]/@value") == ["yes"]
    assert drawn(QUESTIONS[Kind.SELECTION], {"unit": ("kg",)}).xpath("//option[@selected]/@value") == ["kg"]
    several = drawn(QUESTIONS[Kind.SELECTIONS], {"transit_countries": ("KR", "JP")})
    assert several.xpath("//select/option[@selected]/@value") == ["KR", "JP"]
    assert len(several.xpath("//select")) == 3
    rows = drawn(QUESTIONS[Kind.ROWS], {"parameters-name": (HOSTILE,), "parameters-value": ("5",)})
    assert rows.xpath("//input/@value")[:2] == [HOSTILE, "5"]
