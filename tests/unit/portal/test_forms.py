"""The forms: a message is shown and read back the same, and what is wrong stands at its question."""

import pytest
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import FieldViolation
from services.portal import form_options
from services.portal.answers import digest, is_blank, is_under, placed, stated, write
from services.portal.forms import YES, Asked, Kind, Question, asked, typed
from services.portal.language import Language

ITEM = (
    Question("kind", Kind.CHOICE, "field_Item.kind", options=form_options.words(d.ItemKind), required=True),
    Question("name_zh", Kind.TEXT, "field_Item.name_zh", required=True),
    Question("description", Kind.LONG_TEXT, "field_Item.description"),
    Question("hs_code", Kind.CODE, "field_Item.hs_code"),
    Question("quantity", Kind.NUMBER, "field_Item.quantity"),
    Question(
        "parameters",
        Kind.ROWS,
        "field_Item.parameters",
        columns=(("name", "field_Item.name_en"), ("value", "field_Item.value"), ("unit", "field_Item.unit")),
    ),
)
DOSSIER = (
    Question("contract.signed_on", Kind.DAY, "field_Contract.signed_on"),
    Question("applicant.manager.name", Kind.TEXT, "field_Person.name"),
    Question(
        "applicant.has_internal_compliance_programme",
        Kind.YES_NO,
        "field_Applicant.has_internal_compliance_programme",
    ),
    Question(
        "destination", Kind.SELECTION, "field_Dossier.destination", options=form_options.codes("country")
    ),
    Question(
        "transit_countries",
        Kind.SELECTIONS,
        "field_Dossier.transit_countries",
        options=form_options.codes("country"),
    ),
    Question("prior_licences", Kind.LINES, "field_Dossier.prior_licences"),
)
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
LINE = st.lists(WORDS, max_size=3).map(" ".join)
COUNTRIES = st.sampled_from(["KR", "JP", "DE"])


@pytest.fixture(autouse=True)
def _page():
    with Flask(__name__).test_request_context():
        g.language = Language.EN
        yield


@st.composite
def items(draw) -> d.Item:
    return d.Item(
        kind=draw(st.sampled_from(d.ItemKind.values())),
        name_zh=draw(LINE),
        description="\n".join(draw(st.lists(WORDS, max_size=3))),
        hs_code=draw(st.from_regex(r"[0-9]{10}", fullmatch=True) | st.just("")),
        quantity=draw(st.from_regex(r"[0-9]{1,9}([.][0-9]{1,6})?", fullmatch=True) | st.just("")),
        parameters=[
            d.Parameter(name=draw(WORDS), value=draw(LINE), unit=draw(LINE))
            for _ in range(draw(st.integers(0, 3)))
        ],
    )


@st.composite
def dossiers(draw) -> d.Dossier:
    made = d.Dossier(
        destination=draw(COUNTRIES | st.just("")),
        transit_countries=draw(st.lists(COUNTRIES, unique=True)),
        prior_licences=draw(st.lists(WORDS, max_size=3)),
    )
    if day := draw(st.dates().map(str) | st.just("")):
        made.contract.signed_on = day
    if name := draw(LINE):
        made.applicant.manager.name = name
    if draw(st.booleans()):
        made.applicant.has_internal_compliance_programme = True
    return made


@given(items())
def test_an_item_is_shown_and_read_back_the_same(item: d.Item) -> None:
    again = d.Item()
    assert not write(ITEM, stated(ITEM, item), again)
    assert again == item


@given(dossiers(), dossiers())
def test_a_dossier_is_read_back_the_same_over_whatever_was_there(made: d.Dossier, before: d.Dossier) -> None:
    fresh = d.Dossier()
    assert not write(DOSSIER, stated(DOSSIER, made), fresh)
    assert fresh == made
    assert not write(DOSSIER, stated(DOSSIER, made), before)
    assert stated(DOSSIER, before) == stated(DOSSIER, made)
    assert digest(DOSSIER, before) == digest(DOSSIER, made)


@given(items(), items())
def test_the_digest_tells_apart_what_is_stated_differently(one: d.Item, other: d.Item) -> None:
    assert (digest(ITEM, one) == digest(ITEM, other)) == (stated(ITEM, one) == stated(ITEM, other))


@given(st.dictionaries(st.sampled_from([n for q in ITEM for n in q.names]), st.lists(st.text(), max_size=3)))
def test_whatever_is_sent_is_kept_and_never_breaks(posted: dict[str, list[str]]) -> None:
    kept = typed(ITEM, posted)
    faults = write(ITEM, kept, d.Item())
    shown = asked(ITEM, kept, faults)
    assert [one.typed for one in shown] == [kept] * len(ITEM)
    for name, values in posted.items():
        assert kept[name] == tuple(value.replace("\r\n", "\n") for value in values)


def test_what_cannot_be_read_stands_at_its_question_and_is_not_written() -> None:
    message = d.Item(quantity="5")
    faults = write(
        ITEM, {"kind": ("WARSHIP",), "hs_code": ("2841.80",), "quantity": ("many",)}, message, complete=True
    )
    assert list(faults.at) == ["kind", "name_zh", "hs_code", "quantity"]
    assert faults.at["kind"] == "Choose one of those listed"
    assert faults.at["name_zh"] == "Fill this in: Name in Chinese"
    assert "10" in faults.at["hs_code"] or "ten" in faults.at["hs_code"]
    assert message.kind == d.ITEM_KIND_UNSPECIFIED


def test_an_unfinished_page_may_stay_unfinished() -> None:
    assert not write(ITEM, {"kind": ("",)}, d.Item())


def test_a_row_without_a_name_is_told_by_its_number() -> None:
    rows = {
        "parameters-name": ("purity", ""),
        "parameters-value": ("99", "5"),
        "parameters-unit": ("%", "kg"),
    }
    faults = write(ITEM, rows, d.Item())
    assert faults.at["parameters"].startswith("Row 2: ")


def test_an_empty_part_stays_absent_and_a_stated_one_can_be_emptied() -> None:
    made = d.Dossier()
    write(DOSSIER, {name: ("",) for q in DOSSIER for name in q.names}, made)
    assert made == d.Dossier()
    assert is_blank(DOSSIER, made)
    made.contract.signed_on = "2026-10-12"
    assert not is_blank(DOSSIER, made)
    write(DOSSIER, {"contract-signed_on": ("",)}, made)
    assert made.contract.signed_on == ""


def test_a_code_that_is_not_of_the_list_stays_if_it_was_there() -> None:
    old = d.Dossier(destination="ZZ")
    assert not write(DOSSIER, stated(DOSSIER, old), old)
    assert old.destination == "ZZ"
    assert "ZZ" in {option.value for option in asked(DOSSIER, stated(DOSSIER, old))[3].options}
    faults = write(DOSSIER, {"destination": ("ZZ",)}, d.Dossier())
    assert faults.at == {"destination": "Choose one from the list"}


def test_violations_stand_at_their_question_and_the_others_in_the_summary() -> None:
    faults = placed(
        [
            FieldViolation("dossier.items[1].hs_code", "UNKNOWN_HS_CODE", {"value": "9999999999"}),
            FieldViolation("dossier.items[1].parameters[0].name", "string.min_len", {"limit": "1"}),
            FieldViolation("dossier.items[0].hs_code", "VALUE_MISSING"),
        ],
        ITEM,
        "dossier.items[1].",
    )
    assert list(faults.at) == ["hs_code", "parameters"]
    assert "9999999999" in faults.at["hs_code"]
    assert faults.at["parameters"].startswith("Row 1: ")
    assert len(faults.general) == 1


def test_a_path_is_under_another_only_at_a_boundary() -> None:
    assert is_under("items[0].unit", "items")
    assert is_under("end_use.purpose", "end_use")
    assert not is_under("end_user_certificate.tier", "end_use")


def test_several_selections_and_rows_always_have_room_for_one_more() -> None:
    one = Asked(DOSSIER[4], {"transit_countries": ("KR", "JP")})
    assert one.entries == ("KR", "JP", "")
    table = Asked(ITEM[5], {"parameters-name": ("a",), "parameters-value": (), "parameters-unit": ()}).table
    assert table[0] == ("a", "", "")
    assert len(table) > 1
    assert not any(any(row) for row in table[1:])


def test_a_tick_is_read() -> None:
    made = d.Dossier()
    name = DOSSIER[2].name
    write(DOSSIER, {name: (YES,)}, made)
    assert made.applicant.has_internal_compliance_programme
    write(DOSSIER, {name: ()}, made)
    assert not made.applicant.has_internal_compliance_programme


def test_a_question_about_one_row_reads_and_writes_that_row() -> None:
    def about(limb: str) -> Question:
        path = f"declaration.catch_all[{limb}].knowledge"
        return Question(path, Kind.CHOICE, "x", options=form_options.words(d.StateOfKnowledge))

    terror, security = about("TERRORISM"), about("NATIONAL_SECURITY")
    assert terror.name == "declaration-catch_all-TERRORISM-knowledge"
    dossier = d.Dossier()
    assert stated((terror, security), dossier) == {terror.name: ("",), security.name: ("",)}
    assert not write((terror, security), {terror.name: ("",), security.name: ("",)}, dossier)
    assert not dossier.HasField("declaration")
    assert not write((terror,), {terror.name: ("KNOWS",)}, dossier)
    assert not write((security,), {security.name: ("NO_INDICATION",)}, dossier)
    assert not write((terror,), {terror.name: ("NOTIFIED",)}, dossier)
    assert write((terror,), {terror.name: ("MAYBE",)}, dossier)
    assert [(each.limb, each.knowledge) for each in dossier.declaration.catch_all] == [
        (d.CATCH_ALL_LIMB_TERRORISM, d.STATE_OF_KNOWLEDGE_NOTIFIED),
        (d.CATCH_ALL_LIMB_NATIONAL_SECURITY, d.STATE_OF_KNOWLEDGE_NO_INDICATION),
    ]
    assert stated((terror,), dossier) == {terror.name: ("NOTIFIED",)}
