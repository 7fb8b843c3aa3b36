"""Says in Chinese and in English which parts of two names match, how, and what each feature adds to the score."""

from dataclasses import dataclass
from typing import Final

from services.screening.matching.alignment import Match
from services.screening.matching.likeness import Way
from services.screening.matching.matcher import Comparison
from services.screening.matching.parts import Part
from services.screening.matching.scoring import Points
from services.screening.matching.words import Kind

_WAYS: Final[dict[Way, tuple[str, str]]] = {
    Way.SAME: ("相同", "the same"),
    Way.SAME_MEANING: ("含义相同", "same meaning"),
    Way.SAME_NAME_OTHER_FORM: ("同一名字的不同写法", "same given name, other form"),
    Way.SAME_SOUND: ("读音相同", "same sound"),
    Way.SIMILAR_SOUND: ("读音相近", "similar sound"),
    Way.SIMILAR_LETTERS: ("拼写相近", "similar spelling"),
    Way.INITIAL: ("首字母", "initial"),
    Way.SHORTENED: ("缩写", "shortened"),
    Way.SAME_STEM: ("词干相同", "same stem"),
    Way.ABBREVIATED: ("首字母缩略", "initials of the words"),
    Way.DIVIDED_OTHERWISE: ("分写不同", "divided otherwise"),
}
_FEATURES: Final[dict[str, tuple[str, str]]] = {
    "base": ("起点", "start"),
    "scripts": ("文字种类", "pair of scripts"),
    "matched": ("匹配部分的信息量", "information of what matches"),
    "covered": ("两名匹配占比", "share of both names that matches"),
    "covered_query": ("所查名称匹配占比", "share of the name given"),
    "covered_candidate": ("名单名称匹配占比", "share of the listed name"),
    "shorter_covered": ("较短一方匹配占比", "share of the shorter name"),
    "worst": ("最弱匹配", "weakest match"),
    "names": ("匹配的名字个数", "number of names matched"),
    "agreement": ("无矛盾部分", "absence of contradiction"),
    "figures": ("数字不矛盾", "figures do not contradict"),
    "forms": ("组织形式不矛盾", "legal forms do not contradict"),
    "whole": ("逐字母相似", "likeness letter by letter"),
    "slip": ("仅差一个字母", "one letter at most differs"),
    "country": ("国家（地区）一致", "same country"),
    "identifier": ("证件号码一致", "same identifier"),
    "born": ("出生日期一致", "same date of birth"),
    "identical": ("完全相同", "identical"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """The same statement in two languages."""

    zh: str
    en: str


def explain(comparison: Comparison) -> Explanation:
    """The matched parts, the parts without a match, and the sum of points."""
    alignment = comparison.alignment
    matched = sorted(alignment.matches, key=lambda match: (-match.weight, _texts(match.query)))
    zh = [_match(match, 0) for match in matched]
    en = [_match(match, 1) for match in matched]
    for parts, said in (
        (alignment.query_rest, ("所查名称余", "only in the name given")),
        (alignment.candidate_rest, ("名单名称余", "only in the listed name")),
    ):
        rest = [part for part in parts if part.kind is not Kind.PARTICLE]
        if rest:
            zh.append(f"{said[0]}：{_texts(rest)}")
            en.append(f"{said[1]}: {_texts(rest)}")
    return Explanation(
        f"{'；'.join(zh) or '无匹配部分'}。{_sum(comparison, 0)}",
        f"{'; '.join(en) or 'no part matches'}. {_sum(comparison, 1)}",
    )


def _match(match: Match, language: int) -> str:
    share = f"{match.alike // 10}.{match.alike % 10}%"
    return f"{_texts(match.query)} = {_texts(match.candidate)} ({_WAYS[match.way][language]}, {share})"


def _texts(parts: "tuple[Part, ...] | list[Part]") -> str:
    return " + ".join(sorted(part.text for part in parts))


def _sum(comparison: Comparison, language: int) -> str:
    score = comparison.score
    summands = " ".join(_points(points, language) for points in score.points if points.points)
    equals = ("合计", "sum")[language]
    return f"{summands} = {equals} {score.total / 1000:+.3f} → {score.value}"


def _points(points: Points, language: int) -> str:
    return f"{points.points / 1000:+.3f} {_FEATURES[points.feature][language]}"


def in_words(code: str) -> Explanation:
    """What a way in which parts agree, or a feature of the score, is called. Errors: KeyError where it is neither."""
    found = _FEATURES[code] if code in _FEATURES else _WAYS[Way(code)]
    return Explanation(*found)
