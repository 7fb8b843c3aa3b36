"""Many names as read: what an index is built from, and what the index of a changed list takes over.

Names stand in an order of their own and words in the order in which they are first met, whichever way they came:
names that are changed give, field by field, what reading all of them anew gives.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from services.screening.matching.abbreviations import initials_of
from services.screening.matching.analysis import Analyser
from services.screening.matching.parts import Part
from services.screening.matching.rows import Numbered, Places, Ragged
from services.screening.matching.sounds import squeeze
from services.screening.matching.text import Script
from services.screening.matching.words import Kind

_MOST_JOINED: Final = 5
_LONGEST_SHORT: Final = 5
_NAMES: Final = (Kind.NAME, Kind.GIVEN)


@dataclass(frozen=True, slots=True)
class ReadNames:
    """Names, as entity and name, in order; and their readings, one name after the other.

    `readings` are the readings of each name. Of each reading: `words` are its words, and behind them short
    neighbours as one word; `lengths` how many are its own; `together` what two neighbours give written together;
    `initials` those of its words where they may be abbreviated.
    """

    names: list[tuple[str, str]]
    scripts: list[frozenset[Script]]
    readings: Ragged
    words: Numbered[Part]
    lengths: Places
    together: Numbered[str]
    initials: Numbered[str]

    def changed(self, gone: Collection[str], added: "ReadNames") -> "tuple[ReadNames, list[Part], Places]":
        """Without the names of the entities `gone`, and with the names added.

        Also the words that are new; and of each word its number among those known before, followed by the new.
        """
        names = [*self.names, *added.names]
        kept = [at for at, (entity, _) in enumerate(self.names) if entity not in gone]
        # Two runs that are in order already: sorting them takes one pass.
        order = np.array(sorted([*kept, *range(len(self.names), len(names))], key=names.__getitem__), np.intp)
        scripts = [*self.scripts, *added.scripts]
        every_reading = Ragged.of_lengths(
            np.arange(len(self.lengths) + len(added.lengths), dtype=np.int32),
            np.concatenate([self.readings.lengths, added.readings.lengths]),
        )
        taken = every_reading.places(order)
        every_word = self.words.followed_by(added.words)
        words, kept_words = every_word.take(taken)
        changed = ReadNames(
            [names[at] for at in order.tolist()],
            [scripts[at] for at in order.tolist()],
            Ragged.of_lengths(np.arange(len(taken), dtype=np.int32), every_reading.lengths[order]),
            words,
            np.concatenate([self.lengths, added.lengths])[taken],
            self.together.followed_by(added.together).take(taken)[0],
            self.initials.followed_by(added.initials).take(taken)[0],
        )
        return changed, every_word.things[len(self.words.things) :], kept_words


def read_names(names: Iterable[tuple[str, str]], analyser: Analyser) -> ReadNames:
    """Reads names, given as entity and name; the same name of one entity counts once."""
    in_order = sorted(set(names))
    scripts: list[frozenset[Script]] = []
    known_scripts: dict[frozenset[Script], frozenset[Script]] = {}
    counts: list[int] = []
    words: list[Sequence[Part]] = []
    lengths: list[int] = []
    together: list[Sequence[str]] = []
    initials: list[Sequence[str]] = []
    for _, name in in_order:
        read = analyser.read(name)
        scripts.append(known_scripts.setdefault(read.scripts, read.scripts))
        counts.append(len(read.readings))
        for reading in read.readings:
            words.append((*reading.parts, *_short_pairs(reading.parts)))
            lengths.append(len(reading.parts))
            together.append(_written_together(reading.parts))
            spelled_out = initials_of(reading.parts)[0]
            initials.append((spelled_out,) if spelled_out else ())
    return ReadNames(
        in_order,
        scripts,
        Ragged.of_lengths(np.arange(len(lengths), dtype=np.int32), counts),
        Numbered.of(words),
        np.array(lengths, np.intp),
        Numbered.of(together),
        Numbered.of(initials),
    )


def _written_together(parts: Sequence[Part]) -> list[str]:
    if len(parts) > _MOST_JOINED:
        return []
    return sorted({squeeze(one.latin + two.latin) for one, two in pairwise(parts) if one.latin and two.latin})


def _short_pairs(parts: Sequence[Part]) -> list[Part]:
    """Neighbouring short words as one word: Ji-woo is also Jiwoo, and is to be found by what sounds like that."""
    if len(parts) > _MOST_JOINED:
        return []
    return [
        Part(
            one.text + two.text,
            Script.LATIN,
            Kind.NAME,
            latin := squeeze(one.latin + two.latin),
            tuple(latin),
            "",
            one.weight + two.weight,
        )
        for one, two in pairwise(parts)
        if all(part.script is Script.LATIN and part.kind in _NAMES for part in (one, two))
        and max(len(one.latin), len(two.latin)) <= _LONGEST_SHORT
    ]
