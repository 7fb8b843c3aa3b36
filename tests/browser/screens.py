"""The screens that people sit at: a language and a width."""

import os

import pytest

from tests.browser.looking import LANGUAGES, WIDTHS


def screens(*names: str) -> list:
    """Screens by their names, such as "zh-390", as parameters. What one screen shows is looked at by one process."""
    return [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in names]


# Each language and each width once.
DIAGONAL = screens("zh-390", "en-1280")
# Every pair of them takes twice as long: `make test-screens`.
EVERY = (
    screens(*(f"{language}-{width}" for language in LANGUAGES for width in WIDTHS))
    if os.environ.get("XUKE_EVERY_SCREEN")
    else DIAGONAL
)
