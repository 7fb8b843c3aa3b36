"""The pictures in both READMEs: XUKE_README_SCREENSHOTS names the folder that they are written to."""

import os
from pathlib import Path

from tests.browser.person import Person

_WIDTH = 1280


def keep_for_readme(person: Person, name: str) -> None:
    """Writes what the person sees now, if pictures are wanted and the screen is as wide as they are."""
    folder = os.environ.get("XUKE_README_SCREENSHOTS")
    if folder and person.width == _WIDTH:
        person.page.evaluate("scrollTo(0, 0)")
        person.page.screenshot(path=Path(folder) / f"{name}.{person.language}.png")
