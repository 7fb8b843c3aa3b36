"""Short articles for exporters, each with the articles of law that it rests on."""

from dataclasses import dataclass
from typing import Final

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from services.portal.language import catalogue, text
from services.portal.page import ANYBODY, Page

# By the name in the address: the section of the catalogue that holds the article.
ARTICLES: Final = {
    "what-you-need": "help_needed",
    "how-long-it-takes": "help_duration",
    "supplement": "help_supplement",
    "using-a-licence": "help_use",
    "when-something-changes": "help_change",
    "refusal": "help_refusal",
    "agents": "help_agents",
    "keeping-records": "help_records",
}


@dataclass(frozen=True)
class Part:
    """A paragraph, an entry of a list ("item") or a source."""

    kind: str
    text: str


def parts(section: str) -> tuple[Part, ...]:
    """The parts of an article in the order of the catalogue; their names tell their kinds."""
    prefix = f"{section}."
    names = [key.removeprefix(prefix) for key in catalogue("texts") if key.startswith(prefix)]
    return tuple(Part(name.partition("_")[0], text(f"{prefix}{name}")) for name in names if name != "title")


def help_index() -> ResponseReturnValue:
    """The articles."""
    articles = [(name, text(f"{section}.title")) for name, section in ARTICLES.items()]
    return render_template("help/index.html", articles=articles)


def article(name: str) -> ResponseReturnValue:
    """One of them."""
    section = ARTICLES.get(name)
    if section is None:
        abort(404)
    return render_template("help/article.html", title=text(f"{section}.title"), parts=parts(section))


PAGES: Final[tuple[Page, ...]] = (
    Page("help", "/help", help_index, ANYBODY),
    Page("help_article", "/help/<name>", article, ANYBODY),
)
