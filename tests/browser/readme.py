"""The pictures in the README: XUKE_README_SCREENSHOTS names the folder that they are written to."""

import os
from pathlib import Path

from tests.browser.person import Person

_SCREEN = ("en", 1280)


def keep_for_readme(person: Person, name: str) -> None:
    """Writes what the person sees now, if pictures are wanted and this is the screen that they are taken at."""
    folder = os.environ.get("XUKE_README_SCREENSHOTS")
    if folder and (person.language, person.width) == _SCREEN:
        person.page.evaluate("scrollTo(0, 0)")
        person.page.screenshot(path=Path(folder) / f"{name}.png")
