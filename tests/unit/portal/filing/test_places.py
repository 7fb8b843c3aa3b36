"""Every field of a dossier is asked for in one step, and every path of the services leads to the step that mends it."""

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor import Descriptor
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.answers import is_under
from services.portal.filing.openness import is_open, open_questions
from services.portal.filing.places import Place, entry_place, following, general_place, place_of
from services.portal.filing.sections import ENTRIES, GENERAL, SECTIONS

# Follows from the order of the items; nobody is asked.
_NOT_ASKED = {"items[0].line_number"}
# Messages that stand in rows of one question, or of a question for each of them.
_ROWS = {"Parameter", "Owner", "CatchAllKnowledge"}


def leaves(message: Descriptor, path: str = "") -> Iterator[str]:
    """The paths of all fields; the first entry of what is repeated, but for rows within a question."""
    for field in message.fields:
        own = f"{path}{field.name}"
        if field.message_type is None or field.message_type.name in _ROWS:
            yield own
        else:
            yield from leaves(field.message_type, f"{own}[0]." if field.is_repeated else f"{own}.")


def asked(path: str) -> list[Place]:
    """The places with a question for exactly this field, or the first of those for its rows."""
    places = [Place(step) for section in GENERAL for step in section.steps]
    places += [Place(step, part, 1) for part in ENTRIES for step in ENTRIES[part].steps]
    return [
        place
        for place in places
        for question in place.step.questions
        if f"{place.prefix}{question.path}" == f"dossier.{path}"
    ] or [
        place
        for place in places
        for question in place.step.questions
        if f"{place.prefix}{question.path}".startswith(f"dossier.{path}[")
    ][:1]


@pytest.mark.parametrize("path", sorted(leaves(d.Dossier.DESCRIPTOR)))
def test_every_field_is_asked_once_and_its_path_leads_there(path: str) -> None:
    places = asked(path)
    assert len(places) == (0 if path in _NOT_ASKED else 1)
    assert place_of(f"dossier.{path}") == (places[0] if places else None)


@pytest.mark.parametrize("path", sorted(leaves(d.Dossier.DESCRIPTOR)))
def test_every_field_belongs_to_one_section(path: str) -> None:
    assert sum(any(is_under(path, own) for own in section.paths) for section in SECTIONS) == 1


@pytest.mark.parametrize(
    ("path", "key", "part", "number"),
    [
        ("dossier.contract", "contract", "", 0),
        ("dossier.transit_countries[3]", "transit", "", 0),
        ("dossier.items[2]", "kind", "items", 3),
        ("dossier.items[2].parameters[5].unit", "parameters", "items", 3),
        ("dossier.parties[1].country", "address", "parties", 2),
        ("dossier.parties[1].owners[0].percent", "owners", "parties", 2),
        ("dossier.declaration.catch_all", "risks", "", 0),
        ("dossier.declaration.catch_all[1].limb", "risks", "", 0),
        ("dossier.due_diligence", "due-diligence", "", 0),
    ],
)
def test_groups_and_entries_lead_to_their_first_step(path: str, key: str, part: str, number: int) -> None:
    found = place_of(path)
    assert found is not None
    assert (found.step.key, found.part, found.number) == (key, part, number)


@pytest.mark.parametrize(
    "path", ["dossier.items", "dossier.parties", "attachments.CONTRACT", "dossier.unknown", ""]
)
def test_what_no_step_asks_leads_to_none(path: str) -> None:
    assert place_of(path) is None


def test_addresses_name_one_step_each() -> None:
    keys = [step.key for section in GENERAL for step in section.steps]
    assert len(keys) == len(set(keys))
    for key in keys:
        found = general_place(key)
        assert found is not None
        assert found.step.key == key
    assert general_place("unknown") is None
    assert entry_place("items", 0, "kind") is None
    assert entry_place("items", 1, "unknown") is None


def test_only_an_intermediary_is_asked_for_its_service() -> None:
    owners = entry_place("parties", 1, "owners")
    assert owners is not None
    end_user = d.Dossier(parties=[d.Party(role=d.PARTY_ROLE_END_USER)])
    assert following(owners, end_user) is None
    freight = d.Dossier(parties=[d.Party(role=d.PARTY_ROLE_INTERMEDIARY)])
    after = following(owners, freight)
    assert after is not None
    assert after.step.key == "service"


def test_how_a_risk_is_known_is_asked_of_whoever_knows_of_one() -> None:
    last = general_place("risks")
    assert last is not None

    def after(*catch_all: d.CatchAllKnowledge, basis: str = "") -> str:
        declaration = d.Declaration(catch_all=catch_all, catch_all_basis=basis)
        found = following(last, d.Dossier(declaration=declaration))
        assert found is not None
        return found.step.key

    terror = d.CATCH_ALL_LIMB_TERRORISM
    assert after() == "declaration"
    assert (
        after(d.CatchAllKnowledge(limb=terror, knowledge=d.STATE_OF_KNOWLEDGE_NO_INDICATION)) == "declaration"
    )
    assert after(d.CatchAllKnowledge(limb=terror, knowledge=d.STATE_OF_KNOWLEDGE_SHOULD_KNOW)) == "risk-basis"
    assert after(basis="a letter") == "risk-basis"


def application(state: int, *opened: str) -> a.Application:
    return a.Application(
        status=a.PublicStatus(state=a.PublicState.ValueType(state)),
        dossier=d.Dossier(items=[d.Item(line_number=1)]),
        open_fields=opened,
    )


def test_a_draft_is_open_as_a_whole_and_what_was_submitted_is_not() -> None:
    assert is_open(application(a.PUBLIC_STATE_DRAFT), "dossier.items[0].hs_code")
    assert not is_open(application(a.PUBLIC_STATE_UNDER_PROVINCIAL_REVIEW), "dossier.items[0].hs_code")
    assert not is_open(application(a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU), "dossier.items[0].hs_code")


def test_a_supplement_opens_what_the_notice_names_and_nothing_else() -> None:
    asked_for = application(
        a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU,
        "dossier.items[0].name_en",
        "dossier.end_use",
        "attachments.CONTRACT",
    )
    names = entry_place("items", 1, "names")
    added = entry_place("items", 2, "names")
    purpose, contract = general_place("purpose"), general_place("contract")
    assert None not in (names, added, purpose, contract)
    assert [question.path for question in open_questions(asked_for, names)] == ["name_en"]
    assert open_questions(asked_for, added) == ()
    assert open_questions(asked_for, purpose) == purpose.step.questions
    assert open_questions(asked_for, contract) == ()
    assert is_open(asked_for, "attachments.CONTRACT")
    assert not is_open(asked_for, "attachments.OTHER")
    every = application(a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU, "dossier.items")
    assert open_questions(every, added) == added.step.questions
