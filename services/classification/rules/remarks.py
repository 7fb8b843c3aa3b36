"""Words that stand before, after or in brackets beside a figure: bounds, approximations, remarks.

A remark that is not understood (松装, 退火态, transverse) may say that the figure is of another thing: the figure
is then kept with a reservation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_AT_LEAST: Final = (
    "≥ >= => ≧ ⩾ 大于等于 大于或等于 不小于 不少于 不低于 至少 最小 最小值 最低 最低值 min. min minimum at-least "
    "not-less-than no-less-than greater-than-or-equal-to equal-to-or-greater-than"
)
_MORE: Final = "> 大于 超过 高于 多于 above over more-than greater-than exceeding exceeds"
_AT_MOST: Final = (
    "≤ <= =< ≦ ⩽ 小于等于 小于或等于 不大于 不超过 不多于 不高于 至多 最大 最大值 最高 最高值 max. max maximum "
    "at-most up-to not-more-than no-more-than less-than-or-equal-to equal-to-or-less-than within"
)
_LESS: Final = "< 小于 低于 少于 不足 不到 below under less-than"
_BETTER: Final = "优于 好于 better-than"
_ABOUT: Final = (
    "约 大约 近似 左右 标称 标称值 公称 公称值 名义 名义值 典型 典型值 平均 平均值 approx. approx approximately about "
    "circa ca. ≈ ~ nominal typ. typ typical avg. avg average"
)
_AT_LEAST_AFTER: Final = "及以上 或以上 以上 or-more or-above and-above or-greater min. min minimum"
_AT_MOST_AFTER: Final = "及以下 或以下 以下 以内 之内 or-less or-below and-below max. max maximum"
_ABOUT_AFTER: Final = "左右 上下 approx. approx approximately or-so nominal typ. typ typical"

_HARMLESS: Final = re.compile(
    r"实测值?|检测值?|测试值|measured|tested|按重量计?|重量|质量分数|by weight|室温|常温|环境温度下?"
    # The designation of a quantity, such as D, L or d50; T and S are directions of a sheet, A to C its states.
    r"|room temp(?:erature|\.)?|RT|ambient|(?![TSABC])[A-Za-z\u0370-\u03ff]_?\d{0,2}"
    r"|(?:GB|GJB|ISO|ASTM|EN|DIN|JIS|IEC|YB|YS|HB|QJ)(?:\s?/\s?[TZ])?[\s-]?[A-Z]?\s?\d[\d.:-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """The value lies on one side of the figure, which is included or not."""

    at_least: bool
    included: bool

    @property
    def sign(self) -> str:
        """How the bound is written before a figure."""
        return (">" if self.at_least else "<") + ("=" if self.included else "")


@dataclass(frozen=True, slots=True)
class About:
    """The value lies near the figure."""

    sign: str = "~"


def _pattern(words: str, *, before: bool) -> re.Pattern[str]:
    spelled = [re.escape(word).replace(r"\-", r"[\s-]?") for word in words.split()]
    spelled.sort(key=len, reverse=True)
    joined = "|".join(spelled)
    return re.compile(rf"(?:{joined})\s*" if before else rf"\s*(?:{joined})", re.IGNORECASE)


_BEFORE: Final = tuple(
    (_pattern(words, before=True), bound)
    for words, bound in (
        (_AT_LEAST, Bound(True, True)),
        (_AT_MOST, Bound(False, True)),
        (_MORE, Bound(True, False)),
        (_LESS, Bound(False, False)),
    )
)
_AFTER: Final[tuple[tuple[re.Pattern[str], Bound | About], ...]] = (
    (_pattern(_AT_LEAST_AFTER, before=False), Bound(True, True)),
    (_pattern(_AT_MOST_AFTER, before=False), Bound(False, True)),
    (_pattern(_ABOUT_AFTER, before=False), About()),
)
_BETTER_BEFORE: Final = _pattern(_BETTER, before=True)
_ABOUT_BEFORE: Final = _pattern(_ABOUT, before=True)


def bound_before(text: str) -> tuple[Bound, str] | None:
    """The bound that stands before a figure, and the rest of the text; None where none stands there."""
    longest: tuple[int, Bound] | None = None
    for pattern, bound in _BEFORE:
        match = pattern.match(text)
        if match is not None and match.end() < len(text) and (longest is None or match.end() > longest[0]):
            longest = match.end(), bound
    return None if longest is None else (longest[1], text[longest[0] :].strip())


def better_before(text: str) -> str | None:
    """The rest of a text that begins with better than (优于), or None."""
    return _rest(_BETTER_BEFORE, text)


def about_before(text: str) -> str | None:
    """The rest of a text that begins with a word of approximation, or None."""
    return _rest(_ABOUT_BEFORE, text)


def _rest(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.match(text)
    return text[match.end() :].strip() if match is not None and match.end() < len(text) else None


def words_after(text: str) -> Iterator[tuple[Bound | About, str]]:
    """Each word that may stand after a figure or between it and its unit, and the text without it."""
    for pattern, meaning in _AFTER:
        found = pattern.search(text)
        if found is not None and found.start() > 0:
            yield meaning, (text[: found.start()] + " " + text[found.end() :]).strip()


def sign_of_remark(remark: str) -> str | None:
    """What a remark beside a figure says, as a sign to be set before it.

    Empty where the remark changes nothing; None where it is not understood.
    """
    text = remark.strip()
    if not text:
        return ""
    meanings: tuple[tuple[re.Pattern[str], Bound | About], ...] = (
        *_BEFORE,
        *_AFTER,
        (_ABOUT_BEFORE, About()),
    )
    for pattern, meaning in meanings:
        if pattern.fullmatch(text):
            return meaning.sign
    return "" if _HARMLESS.fullmatch(text) else None
