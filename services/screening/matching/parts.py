"""The parts of a name as compared: words with their script, meaning, Latin spelling and weight."""

from dataclasses import dataclass
from typing import Final

from services.screening.matching.sounds import Sounds, squeeze
from services.screening.matching.text import Script
from services.screening.matching.units import units
from services.screening.matching.words import Kind, Lexicon, Meaning

# Weights are in hundredths of a natural logarithm, like the costs of letters: what a chance meeting is worth.
_FIXED_WEIGHTS: Final = {
    Kind.WORD: 260,
    Kind.TOPIC: 450,
    Kind.PLACE: 450,
    Kind.FORM: 40,
    Kind.PARTICLE: 15,
    Kind.HONORIFIC: 15,
    Kind.NUMBER: 350,
    Kind.INITIAL: 140,
}
_REMEMBERED: Final = 50_000
_HEAVIEST: Final = 2200
_LIGHTEST_NAME: Final = 320
_KNOWN_NAME: Final = 1200
_PATRONYMIC_ENDINGS: Final = (
    "ovich", "evich", "ovych", "ovna", "evna", "ivna", "yevich", "avich", "iavich", "auna", "eyevich", "ievich", "yevna",
    "ovic", "evic", "awna", "evych",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a reading.

    `text` is the folded word as written, `latin` its usual Latin spelling without doubled letters, `units` what
    it is rendered by where it is not Latin, `concept` the concept of the lexicon or empty, `weight` what a
    match of it is worth.
    """

    text: str
    script: Script
    kind: Kind
    latin: str
    units: tuple[str, ...]
    concept: str
    weight: int


class PartMaker:
    """Makes parts of words."""

    def __init__(self, sounds: Sounds, lexicon: Lexicon) -> None:
        self._sounds: Final = sounds
        self._lexicon: Final = lexicon
        self._known: dict[tuple[Script, str], Part] = {}

    def word(self, script: Script, text: str) -> Part:
        """A word of an alphabet, kana, Hangul, or a figure. Words met before are remembered."""
        part = self._known.get((script, text))
        if part is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            part = self._known[script, text] = self._word(script, text)
        return part

    def _word(self, script: Script, text: str) -> Part:
        if script is Script.DIGITS:
            number = text.lstrip("0") or "0"
            return Part(number, script, Kind.NUMBER, number, (), "", _FIXED_WEIGHTS[Kind.NUMBER])
        meaning = self._lexicon.meaning(script, text)
        word_units = units(script, text)
        latin = squeeze(text if script is Script.LATIN else self._sounds.best_spelling(script, word_units))
        return self._made(text, script, word_units, latin, meaning)

    def meant(self, script: Script, text: str, meaning: Meaning) -> Part:
        """A word of the lexicon found within a text of characters."""
        word_units = units(script, text) if script in (Script.KANA, Script.HANGUL) else ()
        latin = squeeze(self._sounds.best_spelling(script, word_units)) if word_units else ""
        return self._made(text, script, word_units, latin, meaning)

    def syllables(self, text: str, spelt: tuple[str, ...]) -> Part:
        """A Han word by the units of its Mandarin reading, as a rendering of a foreign word."""
        latin = squeeze(self._sounds.best_spelling(Script.HAN, spelt))
        return self._made(text, Script.HAN, spelt, latin, self._lexicon.meaning(Script.HAN, text))

    def romanised(self, text: str) -> Part:
        """A word that has been written in Latin letters by its reading, such as pinyin."""
        latin = squeeze(text)
        return self._made(text, Script.LATIN, tuple(latin), latin, None)

    def _made(
        self, text: str, script: Script, word_units: tuple[str, ...], latin: str, meaning: Meaning | None
    ) -> Part:
        if script is Script.LATIN:
            word_units = tuple(latin)
        kind = self._kind(text, latin, meaning, script)
        fixed = _FIXED_WEIGHTS.get(kind)
        weight = self._name_weight(latin, kind) if fixed is None else fixed
        if fixed is None and meaning is not None and not latin:
            weight = _KNOWN_NAME
        return Part(text, script, kind, latin, word_units, meaning.concept if meaning else "", weight)

    def _kind(self, text: str, latin: str, meaning: Meaning | None, script: Script) -> Kind:
        if meaning is not None:
            return meaning.kind
        if len(text) == 1 and script not in (Script.HAN, Script.KANA, Script.HANGUL):
            return Kind.INITIAL
        if len(latin) > 6 and latin.endswith(_PATRONYMIC_ENDINGS):
            return Kind.PATRONYMIC
        return Kind.NAME

    def _name_weight(self, latin: str, kind: Kind) -> int:
        weight = min(_HEAVIEST, max(_LIGHTEST_NAME, self._sounds.information(latin)))
        if kind in (Kind.GIVEN, Kind.PATRONYMIC):
            weight //= 2
        common = self._sounds.commonness(latin)
        return weight if common is None else min(weight, max(_LIGHTEST_NAME, common))
