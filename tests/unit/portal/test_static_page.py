"""What the check of pages finds: each fault that it is for, planted into a page that has none."""

import pytest
from lxml import html

from tests.support.static_page import faults_of

SOUND = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Cases - Xuke</title></head><body>
<header><a href="/zh/" lang="zh-CN">\u4e2d\u6587</a></header>
<main id="main"><h1>Cases</h1><h2 id="found">Found</h2><p>\u201c\u94a8\u201d is a term; \u8d75\u654f wrote it.</p>
<form method="post" action="/en/cases"><input type="hidden" name="csrf_token" value="t">
<label for="name">Name</label><input id="name" name="name" type="text"><button>Send</button></form>
<img src="/a.png" alt=""><table><tr><th>State</th></tr></table><svg aria-hidden="true"></svg></main></body></html>"""


def found(page: str, language: str = "en", *, error: bool = False) -> list[str]:
    return faults_of(html.fromstring(page.encode()), language, data=["\u8d75\u654f"], error=error)


def test_a_sound_page_has_no_faults() -> None:
    assert found(SOUND) == []
    assert found(SOUND.replace('lang="en"', 'lang="zh-CN"'), "zh") == []


@pytest.mark.parametrize(
    ("sound", "planted", "said"),
    [
        ('lang="en"', "", "lang is"),
        ("Cases - Xuke", " - Xuke", "no title"),
        ("Cases - Xuke", "Error: Cases", "the title of no error"),
        ("<h1>Cases</h1>", "", "main headings"),
        ("<h2", "<h1>Again</h1><h2", "main headings"),
        ("<h2 id='found'>".replace("'", '"'), '<h3 id="found">', "follows one of level"),
        ("Found</h2>", "</h2>", "empty heading"),
        ('id="found"', 'id="name"', "stands twice"),
        ('id="found"', 'aria-describedby="none"', "aria-describedby names none"),
        ('<label for="name">Name</label>', "", "has no label"),
        (">Name<", "> <", "has no label"),
        ("<button>Send", "<button>", "nothing to read in button"),
        ("</main>", '<a href="#found"></a></main>', "nothing to read in a"),
        ("</main>", '<a href="#nowhere">There</a></main>', "leads to #nowhere"),
        (' alt=""', "", "no alternative text"),
        (' aria-hidden="true"', "", "drawing without words"),
        ("<th>State</th>", "<td>State</td>", "table without headings"),
        ("</main>", '<iframe src="/a"></iframe></main>', "frame without a title"),
        ('value="t"', 'value=""', "has no token"),
        ("<main", '<main style="color:red"', "attribute style"),
        ("<main", '<main onclick="a()"', "attribute onclick"),
        ("</main>", '<a href=" JavaScript:a()">a</a></main>', "href leads to"),
        ("</main>", "<script>a()</script></main>", "a script in the page"),
        ("</head>", "<style>a{}</style></head>", "styles in the page"),
        ("Found</h2>", "\u94a8\u7c89</h2>", "Chinese on an English page"),
        ('alt=""', 'alt="\u94a8\u7c89"', "Chinese on an English page"),
        (' lang="zh-CN">', ">", "Chinese on an English page"),
    ],
)
def test_a_planted_fault_is_found(sound: str, planted: str, said: str) -> None:
    assert sound in SOUND
    faults = found(SOUND.replace(sound, planted, 1))
    assert any(said in fault for fault in faults), faults


def test_a_page_that_tells_of_a_fault_says_so_in_its_title_and_before_its_heading() -> None:
    assert len(found(SOUND, error=True)) == 2
    summary = (
        '<div class="govuk-error-summary" data-module="govuk-error-summary"><a href="#name">Name</a></div>'
    )
    marked = SOUND.replace("<title>", "<title>Error: ")
    assert found(marked.replace("<h1>", f"{summary}<h1>"), error=True) == []
    assert found(marked.replace("</h1>", f"</h1>{summary}"), error=True) == [
        "the summary of what is wrong stands after the heading"
    ]
