"""How articles are cited in each language."""

from collections.abc import Iterator

import pytest
from flask import Flask, g

from services.portal.formats import article
from services.portal.language import Language


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    with Flask("formats").app_context():
        yield


@pytest.mark.parametrize(
    ("place", "in_chinese"),
    [
        ("Art. 12", "第12条"),
        ("Art. 12(3)", "第12条第3款"),
        ("Art. 16(1)(1)", "第16条第1款第1项"),
        ("Art. 28-29", "第28条至第29条"),
        ("Art. 10, 24(1)", "第10条、第24条第1款"),
        ("Art. 12(3)(2), 13", "第12条第3款第2项、第13条"),
        ("Art. 10, para. 2", "Art. 10, para. 2"),
        ("para. 1", "para. 1"),
        ("Art. 12 and more", "Art. 12 and more"),
        ("", ""),
    ],
)
def test_articles_are_cited_as_each_language_does(place: str, in_chinese: str) -> None:
    g.language = Language.ZH
    assert article(place) == in_chinese
    g.language = Language.EN
    assert article(place) == place
