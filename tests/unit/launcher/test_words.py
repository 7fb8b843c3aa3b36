"""Every word of an enumeration that is shown to people has its two names."""

import tomllib
from typing import Any

import pytest
from xuke.consultation.v1 import consultation_pb2
from xuke.licensing.v1 import application_pb2, dossier_pb2, licence_pb2

from services.launcher.commands.words import FILE, plain, shown, word

ENUMERATIONS: dict[str, Any] = {
    enumeration.DESCRIPTOR.name: enumeration
    for enumeration in (
        application_pb2.ApplicationState,
        application_pb2.PublicState,
        application_pb2.ClockState,
        application_pb2.DeadlineState,
        application_pb2.ExclusionReason,
        application_pb2.ScreeningVerdict,
        licence_pb2.LicenceState,
        licence_pb2.SuspensionReason,
        licence_pb2.UsageKind,
        dossier_pb2.Instrument,
        dossier_pb2.MilitaryRisk,
        consultation_pb2.Opinion,
        consultation_pb2.TaskState,
    )
}


def test_the_file_names_exactly_the_enumerations_that_are_shown() -> None:
    assert set(tomllib.loads(FILE.read_text(encoding="utf-8"))) == set(ENUMERATIONS)


@pytest.mark.parametrize("name", sorted(ENUMERATIONS))
def test_every_value_has_its_words_and_no_word_lacks_a_value(name: str) -> None:
    words = tomllib.loads(FILE.read_text(encoding="utf-8"))[name]
    values = {plain(ENUMERATIONS[name], value.number) for value in ENUMERATIONS[name].DESCRIPTOR.values}
    assert set(words) == values - {""}
    assert all(len(pair) == 2 and all(pair) for pair in words.values())


def test_a_value_is_shown_in_both_languages() -> None:
    assert word(licence_pb2.LicenceState, licence_pb2.LICENCE_STATE_ACTIVE) == "有效 · active"
    assert word(licence_pb2.LicenceState, 0) == ""


def test_a_value_of_a_newer_contract_is_shown_as_it_is() -> None:
    assert word(licence_pb2.LicenceState, 99) == "99"
    assert shown("LicenceState", "MOTHBALLED") == "MOTHBALLED"
