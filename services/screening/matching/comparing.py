"""One part of a query against many words of an index at once: what `likeness` says of each, where it is enough.

The words lie in arrays. Most of them are decided there, by sound and by letters; those for which more counts are
looked at one by one.
"""

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from services.screening.matching.likeness import (
    CHARACTERS,
    LOWEST,
    SAME_SOUND,
    SAME_SPELLING,
    SAME_STEM,
    SHORTENED,
    SHORTEST_MISSPELT,
    UNCERTAIN,
    WORTH_ANOTHER_LOOK,
    WRONG_LETTER,
    Way,
    known_likeness,
    letters_alike,
    may_have_adjective_ending,
    sound_class,
    sound_likeness,
    unknown_likeness,
)
from services.screening.matching.parts import Part
from services.screening.matching.rows import Places
from services.screening.matching.sounds import Ints, Sounds, Spelt
from services.screening.matching.text import Script

Cell = tuple[int, Way]

_NUMBERS: Final = {script: number for number, script in enumerate(Script)}
_BY_LETTERS: Final = Way.SIMILAR_LETTERS
_BY_SOUND: Final = Way.SIMILAR_SOUND
_IS_UNCERTAIN: Final = np.array([script in UNCERTAIN for script in Script])


class Words:
    """The words of an index, ready to be compared with. Never changed."""

    def __init__(self, parts: Sequence[Part], spelt: Spelt) -> None:
        """The words, and their Latin spellings prepared, row by row."""
        self.parts: Final = parts
        self.spelt: Final = spelt
        self._texts: Final = [part.text for part in parts]
        self._classes: Final = np.array([sound_class(part) for part in parts], np.uint8)
        self._scripts: Final = np.array([_NUMBERS[part.script] for part in parts], np.uint8)
        self._first: Final = np.array([ord(text[0]) for text in self._texts], np.uint32)
        self._endings: Final = np.array([may_have_adjective_ending(text) for text in self._texts], np.bool_)
        self._lengths: Final = np.array([len(text) for text in self._texts], np.int32)

    def like(self, query: Part, rows: Places, known: Collection[int], sounds: Sounds) -> dict[int, Cell]:
        """Those of some words that are like a part, with their likeness, and by what.

        `known` are the words of the same text, meaning or Latin spelling, all of them.
        """
        own_class = sound_class(query)
        by_sound = self._classes[rows] == own_class if own_class else np.zeros(len(rows), np.bool_)
        one_by_one = rows[~by_sound].tolist()
        open_rows = rows[by_sound]
        if known:
            one_by_one += [row for row in open_rows.tolist() if row in known]
            open_rows = np.array([row for row in open_rows.tolist() if row not in known], np.intp)
        found = {
            row: cell
            for row in one_by_one
            if (cell := known_likeness(query, self.parts[row])) is not None and cell[0] >= LOWEST
        }
        if len(open_rows):
            self._by_sound_and_letters(query, open_rows, sounds, found)
        return found

    def _by_sound_and_letters(
        self, query: Part, rows: Places, sounds: Sounds, found: dict[int, Cell]
    ) -> None:
        """`unknown_likeness` of the part and each of the words, where it is enough."""
        same_script = self._scripts[rows] == _NUMBERS[query.script]
        sound = sound_likeness(query, self.spelt.take(rows), sounds)
        letters = self._letters_alike(query, rows, same_script)
        bounded = np.minimum(sound, SAME_SOUND)
        likeness = np.maximum(bounded, letters)
        # Where more than these two counts: a shortened word, the same stem, a writing that leaves much open.
        more = likeness < (SAME_STEM if may_have_adjective_ending(query.text) else SHORTENED)
        more |= (likeness < SAME_STEM) & self._endings[rows]
        more &= same_script & (self._first[rows] == ord(query.text[0]))
        if query.script is Script.LATIN:
            more |= _IS_UNCERTAIN[self._scripts[rows]] & (sound >= WORTH_ANOTHER_LOOK)
        enough = ~more & (likeness >= LOWEST)
        found.update(
            (row, (alike, _BY_LETTERS if by_letters else _BY_SOUND))
            for row, alike, by_letters in zip(
                rows[enough].tolist(),
                likeness[enough].tolist(),
                (letters > bounded)[enough].tolist(),
                strict=True,
            )
        )
        for at in np.flatnonzero(more).tolist():
            row = int(rows[at])
            cell = unknown_likeness(query, self.parts[row], int(sound[at]), int(letters[at]), sounds)
            if cell[0] >= LOWEST:
                found[row] = cell

    def _letters_alike(self, query: Part, rows: Places, same_script: npt.NDArray[np.bool_]) -> Ints:
        """Likeness by single letters; 0 for a word of another script."""
        alike = np.zeros(len(rows), np.int32)
        at = np.flatnonzero(same_script)
        if not len(at):
            return alike
        own = rows[at]
        texts = [self._texts[row] for row in own.tolist()]
        if query.script in CHARACTERS:
            alike[at] = [letters_alike(query.text, text) for text in texts]
            return alike
        wrong = cdist([query.text], texts, scorer=OSA.distance, dtype=np.int32)[0]
        longest = np.maximum(self._lengths[own], len(query.text))
        nearness = np.maximum(SAME_SPELLING - WRONG_LETTER * wrong // longest, 0)
        alike[at] = np.where(longest >= SHORTEST_MISSPELT, nearness, 0)
        return alike
