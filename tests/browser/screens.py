"""The screens that people sit at: a language and a width."""

import pytest

from tests.browser.looking import LANGUAGES, WIDTHS


def screens(*names: str) -> list:
    """Screens by their names, such as "zh-390", as parameters. What one screen shows is looked at by one process."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]


EVERY = screens(*(f"{language}-{width}" for language in LANGUAGES for width in WIDTHS))
# Each language and each width once, for stories most of whose pages another one shows on every screen.
DIAGONAL = screens("zh-390", "en-1280")
