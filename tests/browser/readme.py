"""The pictures in both READMEs: XUKE_README_SCREENSHOTS names the folder that they are written to."""

import os
from pathlib import Path

from tests.browser.person import Person
from tests.browser.small_png import small

_WIDTH = 1280


def keep_for_readme(person: Person, name: str) -> None:
    """Writes what the person sees now, if pictures are wanted and the screen is as wide as they are."""
    folder = os.environ.get("XUKE_README_SCREENSHOTS")
    if folder and person.width == _WIDTH:
        person.page.evaluate("scrollTo(0, 0)")
        picture = small(person.page.screenshot())
        (Path(folder) / f"{name}.{person.language}.png").write_bytes(picture)
