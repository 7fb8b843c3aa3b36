"""How articles are cited in either language."""

import pytest
from flask import Flask, g

from services.portal.formats import article
from services.portal.language import Language


@pytest.mark.parametrize(
    ("place", "chinese"),
    [
        ("Art. 16(1)(1)", "第16条第1款第1项"),
        ("Art. 10, 24(1)", "第10条、第24条第1款"),
        ("Art. 12(3)(2), 13", "第12条第3款第2项、第13条"),
        ("Art. 28-29", "Art. 28-29"),
        ("Art. 10, para. 2", "Art. 10, para. 2"),
        ("para. 1", "para. 1"),
        ("", ""),
    ],
)
def test_articles_are_cited_as_each_language_does(place: str, chinese: str) -> None:
    with Flask(__name__).test_request_context():
        g.language = Language.EN
        assert article(place) == place
        g.language = Language.ZH
        assert article(place) == chinese
