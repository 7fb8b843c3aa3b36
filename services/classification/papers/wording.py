"""The fixed words of the papers, from their table."""

import pathlib
import tomllib
from collections.abc import Mapping
from typing import Any, Final

Words = Mapping[str, str]

WORDING: Final[Mapping[str, Any]] = tomllib.loads(
    (pathlib.Path(__file__).parent / "wording.toml").read_text(encoding="utf-8")
)


def words_of(name: str, zh: str = "", en: str = "") -> Words:
    """What a row says, with `{about}` filled in."""
    words = WORDING["rows"][name]
    return {"zh": words["zh"].replace("{about}", zh), "en": words["en"].replace("{about}", en)}
