"""The page of state diagrams, made from the transition tables; run as a module to write it."""

import pathlib
import re

from services.licensing.domain.application_state import mermaid
from services.licensing.domain.licence_state import state_diagram

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "STATES.md"
_PICTURE = re.compile(r"(```mermaid\n).*?(\n```)", re.DOTALL)


def page(text: str) -> str:
    """The text of the page with both pictures as the tables are now."""
    pictures = iter((mermaid().strip(), state_diagram().strip()))
    return _PICTURE.sub(lambda found: found.group(1) + next(pictures) + found.group(2), text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
