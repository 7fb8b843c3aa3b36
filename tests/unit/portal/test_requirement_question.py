"""What a person types of an export, as the question about licence requirements."""

import pytest
from flask import Flask, g
from werkzeug.datastructures import MultiDict

from services.portal.language import Language, catalogue
from services.portal.pages.requirement import message_of


@pytest.fixture(autouse=True)
def english():
    with Flask(__name__).test_request_context():
        g.language = Language.EN
        yield


def test_codes_are_read_however_they_are_separated_and_once() -> None:
    message, faults = message_of(
        MultiDict([("control_codes", "1c117.D.1，5A002；1C117.d.1"), ("other", "NOT_LISTED"), ("other", "X")])
    )
    assert list(message.control_codes) == ["1C117.d.1", "5A002", "NOT_LISTED"]
    assert not faults


def test_what_is_chosen_more_than_once_is_joined_and_what_is_left_empty_stays_unknown() -> None:
    message, faults = message_of(MultiDict([("end_use", "CIVIL"), ("end_use", "HUMANITARIAN")]))
    assert message.end_use == "CIVIL;HUMANITARIAN"
    assert (message.mode, message.destination, message.end_user_status, message.content_percent) == ("",) * 4
    assert not faults


def test_facts_are_told_that_hold_and_that_do_not() -> None:
    fields = MultiDict([("REGISTRABLE_ITEM", "no"), ("MASS_MARKET_CRYPTOGRAPHY", "yes")])
    message, _ = message_of(fields)
    assert list(message.facts_that_hold) == ["MASS_MARKET_CRYPTOGRAPHY"]
    assert list(message.facts_that_do_not_hold) == ["REGISTRABLE_ITEM"]


@pytest.mark.parametrize("typed", ["101", "0.00001", "a", "-1", "٣"])
def test_a_share_that_is_none_is_a_fault_at_its_field(typed: str) -> None:
    message, faults = message_of(MultiDict([("content_percent", typed)]))
    assert faults.at == {"content_percent": catalogue("texts")["requirement.fault_content"][1]}
    assert message.content_percent == ""


@pytest.mark.parametrize(("typed", "read"), [("0.1%", "0.1"), ("１００", "100"), ("25", "25")])
def test_a_share_is_read_as_people_write_it(typed: str, read: str) -> None:
    message, faults = message_of(MultiDict([("content_percent", typed)]))
    assert message.content_percent == read
    assert not faults


def test_more_words_than_the_contract_takes_are_a_fault() -> None:
    # Every end use can be chosen at once; only a forged form has more.
    fields = MultiDict([("end_use", "WEAPONS_OF_MASS_DESTRUCTION")] * 20)
    message, faults = message_of(fields)
    assert message.end_use == ""
    assert faults.general == (catalogue("texts")["requirement.fault_many_words"][1],)


def test_a_day_that_is_none_is_a_fault() -> None:
    _, faults = message_of(MultiDict([("as_of", "2026-02-30")]))
    assert set(faults.at) == {"as_of"}
