"""Names as plain text: what cannot be seen is taken away, lookalikes are undone, length is bounded.

Written names reach us with full-width letters, zero-width characters, marks of writing direction, and Latin
words with a Cyrillic letter among them. All of that is undone before anything is read.
"""

import re
import unicodedata
from enum import StrEnum
from typing import Final

LONGEST_NAME: Final = 400
LONGEST_WORD: Final = 40
MOST_WORDS: Final = 24


class Script(StrEnum):
    """The writing of a word."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    ARABIC = "arabic"
    HEBREW = "hebrew"
    HAN = "han"
    KANA = "kana"
    HANGUL = "hangul"
    THAI = "thai"
    DIGITS = "digits"
    OTHER = "other"

    # Parts of names are looked up by the thousand: the hash of an enumeration is slow.
    __hash__ = str.__hash__


_RANGES: Final = (
    (0x0041, 0x005A, Script.LATIN),
    (0x0061, 0x007A, Script.LATIN),
    (0x00AA, 0x02AF, Script.LATIN),
    (0x0370, 0x03FF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x077F, Script.ARABIC),
    (0x08A0, 0x08FF, Script.ARABIC),
    (0x0E00, 0x0E7F, Script.THAI),
    (0x1100, 0x11FF, Script.HANGUL),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x1F00, 0x1FFF, Script.GREEK),
    (0x3005, 0x3007, Script.HAN),
    (0x3041, 0x30FA, Script.KANA),
    (0x30FC, 0x30FF, Script.KANA),
    (0x3400, 0x4DBF, Script.HAN),
    (0x4E00, 0x9FFF, Script.HAN),
    (0xAC00, 0xD7A3, Script.HANGUL),
    (0xF900, 0xFAFF, Script.HAN),
    (0x20000, 0x323AF, Script.HAN),
)
_TO_LATIN: Final = str.maketrans("авекмнорстухіјѕԛԝԁӏɡαβεικνορτυχ", "abekmhopctyxijsqwdlgabeiknoptux")
_TO_CYRILLIC: Final = str.maketrans("abekmhopctyxijsαεικνορτυ", "авекмнорстухіјѕаеикнорту")
_SPECIAL: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ß": "ss", "ə": "a",
        "ŋ": "n", "ħ": "h", "ŧ": "t", "ĸ": "k", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ǝ": "e", "ɛ": "e", "ɔ": "o",
    }
)  # fmt: skip
_PERSIAN: Final = str.maketrans("یکھہۀے", "يكهههي")
_APOSTROPHES: Final = re.compile("['`´ʹʺʻʼʽʾʿˈ\u2018\u2019\u201b\u2032\u02b9\u05f3\u05f4]")
_LATIN_MARKS: Final = re.compile("[\u0300-\u036f]")
_ARABIC_MARKS: Final = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0591-\u05bd\u05bf-\u05c7]"
)
_ASCII_WORD: Final = re.compile(r"[A-Za-z]+|[0-9]+")
_ASCII: Final = re.compile(r"[ -~]*")


def script_of(character: str) -> Script:
    """The script of one character."""
    code = ord(character)
    if code < 0x80:
        if character.isalpha():
            return Script.LATIN
        return Script.DIGITS if character.isdigit() else Script.OTHER
    for first, last, script in _RANGES:
        if first <= code <= last:
            return (
                script
                if character.isalnum() or script in (Script.KANA, Script.HAN, Script.THAI)
                else Script.OTHER
            )
    return Script.DIGITS if character.isdigit() else Script.OTHER


def clean(text: str) -> str:
    """A name in compatibility form (NFKC), lower case, without what cannot be seen, cut to a bound."""
    if len(text) <= LONGEST_NAME and _ASCII.fullmatch(text):
        return text.lower()
    # Cut before and after: normalising may lengthen, and a hostile text hides its name behind empty characters.
    visible = "".join(
        " " if character.isspace() else character
        for character in text[: 50 * LONGEST_NAME]
        if character.isspace() or unicodedata.category(character) not in ("Cf", "Cc", "Co", "Cn", "Cs")
    )
    plain = unicodedata.normalize("NFKC", visible).lower()
    return " ".join(plain.split())[:LONGEST_NAME]


def fold(word: str) -> str:
    """A Latin word without accents and with its special letters spelt out."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.translate(_SPECIAL))
    return _LATIN_MARKS.sub("", plain).translate(_SPECIAL)


def undo_lookalikes(word: str) -> str:
    """A word of Latin, Cyrillic and Greek letters brought to the script most of its letters belong to."""
    if word.isascii():
        return word
    scripts = [script_of(character) for character in word]
    latin, cyrillic, greek = (scripts.count(one) for one in (Script.LATIN, Script.CYRILLIC, Script.GREEK))
    if (latin > 0) + (cyrillic > 0) + (greek > 0) < 2:
        return word
    if cyrillic > latin or (cyrillic == latin and word.translate(_TO_LATIN) == word):
        return word.translate(_TO_CYRILLIC)
    return word.translate(_TO_LATIN)


def without_marks(text: str) -> str:
    """Text without apostrophes and the vowel marks of Arabic and Hebrew; Persian letters as the Arabic ones."""
    text = _APOSTROPHES.sub("", text)
    return text if text.isascii() else _ARABIC_MARKS.sub("", text).translate(_PERSIAN)


def runs(text: str) -> list[tuple[Script, str]]:
    """The words of a cleaned text: runs of letters of one script, and of figures, in order.

    Kana and Han stay apart; Latin, Cyrillic and Greek letters without a space between are one word, whose
    script is decided by `undo_lookalikes`.
    """
    if text.isascii():
        return [
            (Script.DIGITS if word[0].isdigit() else Script.LATIN, word) for word in _ASCII_WORD.findall(text)
        ]
    alphabetic = (Script.LATIN, Script.CYRILLIC, Script.GREEK)
    found: list[tuple[Script, str]] = []
    current: list[str] = []
    kind = Script.OTHER
    for character in [*text, " "]:
        combining = not character.isascii() and unicodedata.combining(character) != 0
        script = kind if combining and current else script_of(character)
        same = script is kind or (script in alphabetic and kind in alphabetic)
        if current and not same:
            found.append(_word(kind, "".join(current)))
            current = []
        if script is not Script.OTHER:
            current.append(character)
        kind = script
    return found


def _word(kind: Script, word: str) -> tuple[Script, str]:
    if kind in (Script.LATIN, Script.CYRILLIC, Script.GREEK):
        word = undo_lookalikes(word)
        kind = script_of(word[0])
        if kind is Script.LATIN:
            word = fold(word)
    return kind, word
