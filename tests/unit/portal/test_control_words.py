"""Standings in a proposal, as people read them."""

from flask import Flask, g

from services.portal.language import Language
from services.portal.pages.control_proposals import readable


def test_words_of_standings_are_read_and_nothing_else_is_touched() -> None:
    with Flask(__name__).test_request_context():
        g.language = Language.EN
        assert readable("IN_FORCE 2026-01-01.. (2026-1)") == "In force 2026-01-01.. (2026-1)"
        assert readable("SUSPENDED 2027-01-01..; NOT_IN_FORCE") == "Suspended 2027-01-01..; NOT_IN_FORCE"
        assert readable("9Z999.a") == "9Z999.a"
