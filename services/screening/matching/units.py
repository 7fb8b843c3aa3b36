"""Words as the units by which their script is carried over into Latin letters.

A Cyrillic, Greek, Arabic or Hebrew letter, a kana syllable, the parts of a Hangul syllable, and of a Han character
its Mandarin initial and final, each have letters that usually stand for them. `plain` gives the most usual
spelling; which others occur, and how often, is fitted (see `sounds`).
"""

from functools import lru_cache
from typing import Final

from services.screening.matching.text import Script

_CYRILLIC: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўј",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
            "i",
            "i",
            "ye",
            "g",
            "u",
            "j",
        ],
        strict=True,
    )
)
_GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
        ],
        strict=True,
    )
)
_ARABIC: Final = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئپچژگکیڤ",
        [
            "a",
            "b",
            "t",
            "th",
            "j",
            "h",
            "kh",
            "d",
            "dh",
            "r",
            "z",
            "s",
            "sh",
            "s",
            "d",
            "t",
            "z",
            "a",
            "gh",
            "f",
            "q",
            "k",
            "l",
            "m",
            "n",
            "h",
            "w",
            "y",
            "a",
            "a",
            "",
            "a",
            "i",
            "a",
            "u",
            "i",
            "p",
            "ch",
            "zh",
            "g",
            "k",
            "y",
            "v",
        ],
        strict=True,
    )
)
_HEBREW: Final = dict(
    zip(
        "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
        [
            "a",
            "b",
            "g",
            "d",
            "h",
            "v",
            "z",
            "ch",
            "t",
            "i",
            "k",
            "k",
            "l",
            "m",
            "m",
            "n",
            "n",
            "s",
            "a",
            "p",
            "f",
            "ts",
            "ts",
            "k",
            "r",
            "sh",
            "t",
        ],
        strict=True,
    )
)
_KANA: Final = dict(
    zip(
        "アイウエオカキクケコガギグゲゴサシスセソザジズゼゾタチツテトダヂヅデドナニヌネノハヒフヘホバビブベボ"
        "パピプペポマミムメモヤユヨラリルレロワヰヱヲンヴァィゥェォャュョッー",
        (
            "a i u e o ka ki ku ke ko ga gi gu ge go sa shi su se so za ji zu ze zo ta chi tsu te to da ji zu de do "
            "na ni nu ne no ha hi fu he ho ba bi bu be bo pa pi pu pe po ma mi mu me mo ya yu yo ra ri ru re ro "
            "wa i e o n vu a i u e o ya yu yo - -"
        ).split(),
        strict=True,
    )
)
_SMALL: Final = frozenset("ァィゥェォャュョ")
_DIGRAPHS: Final = {
    "キャ": "kya", "キュ": "kyu", "キョ": "kyo", "ギャ": "gya", "ギュ": "gyu", "ギョ": "gyo", "シャ": "sha", "シュ": "shu",
    "ショ": "sho", "シェ": "she", "ジャ": "ja", "ジュ": "ju", "ジョ": "jo", "ジェ": "je", "チャ": "cha", "チュ": "chu",
    "チョ": "cho", "チェ": "che", "ニャ": "nya", "ニュ": "nyu", "ニョ": "nyo", "ヒャ": "hya", "ヒュ": "hyu", "ヒョ": "hyo",
    "ビャ": "bya", "ビュ": "byu", "ビョ": "byo", "ピャ": "pya", "ピュ": "pyu", "ピョ": "pyo", "ミャ": "mya", "ミュ": "myu",
    "ミョ": "myo", "リャ": "rya", "リュ": "ryu", "リョ": "ryo", "ファ": "fa", "フィ": "fi", "フェ": "fe", "フォ": "fo",
    "フュ": "fyu", "ティ": "ti", "ディ": "di", "デュ": "dyu", "テュ": "tyu", "トゥ": "tu", "ドゥ": "du", "ヴァ": "va",
    "ヴィ": "vi", "ヴェ": "ve", "ヴォ": "vo", "ヴュ": "vyu", "ウィ": "wi", "ウェ": "we", "ウォ": "wo", "イェ": "ye",
    "ツァ": "tsa", "ツィ": "tsi", "ツェ": "tse", "ツォ": "tso", "クァ": "kwa", "クィ": "kwi", "クェ": "kwe", "クォ": "kwo",
    "グァ": "gwa", "スィ": "si", "ズィ": "zi",
}  # fmt: skip
_INITIALS: Final = "g kk n d tt r m b pp s ss - j jj ch k t p h".replace("-", "").split(" ")
_VOWELS: Final = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
_FINALS: Final = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".replace("-", "").split(" ")
# Without those that their letters render better, since a unit has four letters at most: Hwang, Jeong, Jeon.
_SURNAMES: Final = frozenset(
    "김이리박최강조윤임림한오서신권안송류유홍고문양손배백허남심노로하곽차주우구라나민진지엄채원방공함염여려추도소석선설마길"
    "연위표기반왕금옥"
)
_PINYIN_INITIALS: Final = (
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w",
)  # fmt: skip


def units(script: Script, word: str) -> tuple[str, ...]:
    """The units of one word of one script; a Han word is given as its pinyin syllables divided by spaces."""
    match script:
        case Script.KANA:
            return _kana_units(word)
        case Script.HANGUL:
            return _hangul_units(word)
        case Script.HAN:
            return tuple(unit for syllable in word.split() for unit in _pinyin_units(syllable))
        case _:
            return tuple(word)


def plain(script: Script, unit: str) -> str:
    """The most usual Latin spelling of a unit; empty where it is not spelt."""
    match script:
        case Script.CYRILLIC:
            return _CYRILLIC.get(unit, "")
        case Script.GREEK:
            return _GREEK.get(unit, "")
        case Script.ARABIC:
            return _ARABIC.get(unit, "")
        case Script.HEBREW:
            return _HEBREW.get(unit, "")
        case Script.KANA:
            return _DIGRAPHS.get(unit) or _KANA.get(unit, "").strip("-")
        case Script.HANGUL | Script.HAN:
            return unit.strip("<>^")
        case Script.LATIN:
            return unit
        case _:
            return ""


def _kana_units(word: str) -> tuple[str, ...]:
    katakana = "".join(chr(ord(one) + 0x60) if "ぁ" <= one <= "ゖ" else one for one in word)
    found: list[str] = []
    for one in katakana:
        if one in _SMALL and found and found[-1] + one in _DIGRAPHS:
            found[-1] += one
        else:
            found.append(one)
    return tuple(found)


def _hangul_units(word: str) -> tuple[str, ...]:
    """Initials with `<`, finals with `>` beside them: the same consonant is spelt otherwise at the end.

    A frequent surname standing alone is a unit of its own, for families spell it as they like (이 is Lee, Yi, Ri).
    """
    if word in _SURNAMES:
        return (word,)
    found: list[str] = []
    for one in word:
        index = ord(one) - 0xAC00
        if not 0 <= index < 11172:
            continue
        initial, vowel, final = index // 588, index // 28 % 21, index % 28
        # The silent initial is no unit; a consonant at the start of the word is often spelt with a hard letter.
        if _INITIALS[initial]:
            found.append(("^" if not found else "<") + _INITIALS[initial])
        found.append(_VOWELS[vowel])
        if final:
            found.append(_FINALS[final] + ">")
    return tuple(found)


@lru_cache(maxsize=2048)
def _pinyin_units(syllable: str) -> tuple[str, ...]:
    for initial in _PINYIN_INITIALS:
        if syllable.startswith(initial) and len(syllable) > len(initial):
            return ("<" + initial, syllable[len(initial) :] + ">")
    return (syllable + ">",)
