"""The sentences people read for each reason code, in Chinese and English.

Every service keeps catalogues `reference/*messages.toml` of its own reasons; codes are unique over all.
"""

import functools
import pathlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

SERVICES = pathlib.Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class LocalizedText:
    """A sentence in both languages."""

    zh: str
    en: str


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"<{key}>"


@functools.cache
def catalogue() -> Mapping[str, LocalizedText]:
    """Every sentence by its reason code. A code that stands in two catalogues is an error."""
    sentences: dict[str, LocalizedText] = {}
    for path in sorted(SERVICES.glob("*/reference/*messages.toml")):
        for reason, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if reason in sentences:
                raise ValueError(f"{path}: {reason} stands in another catalogue too")
            sentences[reason] = LocalizedText(zh=texts["zh"], en=texts["en"])
    return sentences


def render(reason: str, metadata: Mapping[str, str] | None = None) -> LocalizedText:
    """The sentence of a reason filled with its values; an unknown reason is shown as its code."""
    sentence = catalogue().get(reason)
    if sentence is None:
        return LocalizedText(zh=reason, en=reason)
    values = _Blanks(metadata or {})
    return LocalizedText(zh=sentence.zh.format_map(values), en=sentence.en.format_map(values))
