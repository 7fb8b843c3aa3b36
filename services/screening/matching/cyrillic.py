"""East Asian names in Cyrillic letters: Chinese by Palladius, Japanese by Polivanov, brought to pinyin and Hepburn.

Both systems are regular, but unlike the usual spelling of Russian: Си Цзиньпин is Xi Jinping, Киси is Kishi. A word is
read by one of them only where it is made of its syllables throughout.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Final

_TABLE_INITIALS: Final = """
    b б, p п, m м, f ф, d д, t т, n н, l л, g г, k к, h х, j цз, q ц, x с, zh чж, ch ч, sh ш, r ж, z цз, c ц, s с
"""
_TABLE_FINALS: Final = """
    a а, o о, e э, ai ай, ei эй, ao ао, ou оу, an ань, en энь, ang ан, eng эн, ong ун, i и, ia я, ie е, iao яо, iu ю,
    ian янь, in инь, iang ян, ing ин, iong юн, u у, ua уа, uo о, uai уай, ui уй, uan уань, un унь, uang уан
"""
_TABLE_WHOLE: Final = """
    yi и, ya я, ye е, yao яо, you ю, yan янь, yin инь, yang ян, ying ин, yong юн, wu у, wa ва, wo во, wai вай, wei вэй,
    wan вань, wen вэнь, wang ван, weng вэн, yu юй, yue юэ, yuan юань, yun юнь, er эр, a а, e э, ai ай, ao ао, ou оу,
    an ань, en энь, ang ан, ju цзюй, jue цзюэ, juan цзюань, jun цзюнь, qu цюй, que цюэ, quan цюань, qun цюнь, xu сюй,
    xue сюэ, xuan сюань, xun сюнь, lv люй, lve люэ, nv нюй, nve нюэ, zi цзы, ci цы, si сы, hui хуэй, hui хой, hun хунь,
    huo хо, guo го, kuo ко
"""


def _entries(table: str) -> list[tuple[str, str]]:
    return [(spelt, written) for spelt, written in (entry.split() for entry in table.split(","))]


_BEFORE_I: Final = frozenset("jqx")
_NEVER_BEFORE_I: Final = ("zh", "ch", "sh", "r", "z", "c", "s", "g", "k", "h", "f")
_TABLE_POLIVANOV: Final = """
    a а, i и, u у, e э, o о, ka ка, ki ки, ku ку, ke кэ, ke ке, ko ко, sa са, shi си, su су, se сэ, se се, so со, ta та,
    chi ти, tsu цу, te тэ, te те, to то, na на, ni ни, nu ну, ne нэ, ne не, no но, ha ха, hi хи, fu фу, he хэ, he хе,
    ho хо, ma ма, mi ми, mu му, me мэ, me ме, mo мо, ya я, yu ю, yo ё, yo йо, ra ра, ri ри, ru ру, re рэ, re ре, ro ро,
    wa ва, n н, m м, i й, ga га, gi ги, gu гу, ge гэ, ge ге, go го, za дза, ji дзи, zu дзу, ze дзэ, zo дзо, da да,
    de дэ, de де, do до, ba ба, bi би, bu бу, be бэ, be бе, bo бо, pa па, pi пи, pu пу, pe пэ, pe пе, po по, kya кя,
    kyu кю, kyo кё, sha ся, shu сю, sho сё, cha тя, chu тю, cho тё, nya ня, nyu ню, nyo нё, hya хя, hyu хю, hyo хё,
    mya мя, myu мю, myo мё, rya ря, ryu рю, ryo рё, gya гя, gyu гю, gyo гё, ja дзя, ju дзю, jo дзё, bya бя, byu бю,
    byo бё, pya пя, pyu пю, pyo пё
"""
_FEWEST_JAPANESE: Final = 2
_LONGEST: Final = 6
_MOST_LETTERS: Final = 24


@lru_cache(maxsize=1)
def _palladius() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for (initial, written), (final, ending) in product(_entries(_TABLE_INITIALS), _entries(_TABLE_FINALS)):
        is_soft = final.startswith("i")
        if initial in _BEFORE_I and not is_soft:
            continue
        if (
            initial in _NEVER_BEFORE_I
            and is_soft
            and not (final == "i" and initial in ("zh", "ch", "sh", "r"))
        ):
            continue
        table.setdefault(written + ending, initial + final)
    for syllable, written in _entries(_TABLE_WHOLE):
        table[written] = syllable
    return table


@lru_cache(maxsize=1)
def _polivanov() -> Mapping[str, str]:
    return {written: spelt for spelt, written in _entries(_TABLE_POLIVANOV)}


@lru_cache(maxsize=4096)
def pinyin_of(word: str) -> str:
    """A Chinese word by Palladius in pinyin without spaces; empty where it is none."""
    return "".join(_parsed(word.replace("ъ", ""), _palladius()))


@lru_cache(maxsize=4096)
def hepburn_of(word: str) -> str:
    """A Japanese word by Polivanov in Hepburn spelling; empty where it is none, or one syllable only."""
    parsed = _parsed(word.replace("ъ", ""), _polivanov())
    return "".join(parsed) if len(parsed) >= _FEWEST_JAPANESE else ""


def _parsed(word: str, table: Mapping[str, str]) -> tuple[str, ...]:
    """The syllables of a word, longer ones first; none where it is not made of them."""
    if not 0 < len(word) <= _MOST_LETTERS:
        return ()
    parsed: list[tuple[str, ...] | None] = [None] * len(word) + [()]
    for at in range(len(word) - 1, -1, -1):
        for length in range(min(_LONGEST, len(word) - at), 0, -1):
            syllable, rest = table.get(word[at : at + length]), parsed[at + length]
            if syllable is not None and rest is not None:
                parsed[at] = (syllable, *rest)
                break
    return parsed[0] or ()
