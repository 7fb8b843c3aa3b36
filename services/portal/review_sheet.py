"""The review sheet in a form: the eight factors of 出口管制法 Art. 13, each rated and commented on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from xuke.consultation.v1 import consultation_pb2 as c

from services.portal.acting import Answer, Faults, Typed
from services.portal.language import plain, shown, text, word

FACTORS: Final = tuple(plain(c.ReviewFactor, number) for number in c.ReviewFactor.values() if number)
RATINGS: Final = tuple(plain(c.FactorRating, number) for number in c.FactorRating.values() if number)
_LONGEST_COMMENT: Final = 2000


@dataclass(frozen=True)
class Heard:
    """What an agency said of a factor."""

    agency: str
    rating: str
    comment: str


def rating_of(typed: Typed, place: int) -> str:
    """The rating of the factor at a place of FACTORS; empty where none was chosen."""
    return typed.get(f"factors[{place}].rating", "")


def comment_of(typed: Typed, place: int) -> str:
    """The comment on the factor at a place of FACTORS."""
    return typed.get(f"factors[{place}].comment", "")


def sheet_as_fields(assessments: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """The fields of a sheet that was filled in before: factor, rating and comment, as words."""
    known = {factor: (rating, comment) for factor, rating, comment in assessments}
    return {
        f"factors[{place}].{name}": value
        for place, factor in enumerate(FACTORS)
        if factor in known
        for name, value in zip(("rating", "comment"), known[factor], strict=True)
    }


def add_sheet_faults(faults: Faults, typed: Typed) -> None:
    """Every factor is rated; a comment may be left out."""
    for place, factor in enumerate(FACTORS):
        if rating_of(typed, place) not in RATINGS:
            faults[f"factors[{place}].rating"] = text(
                "act_sheet.fault_rating", factor=shown("ReviewFactor", factor)
            )
        over = len(comment_of(typed, place)) - _LONGEST_COMMENT
        if over > 0:
            faults[f"factors[{place}].comment"] = text("acting.too_long", over=over, limit=_LONGEST_COMMENT)


def sheet_answers(typed: Typed) -> Iterator[Answer]:
    """The sheet as the check page shows it."""
    for place, factor in enumerate(FACTORS):
        rating = shown("FactorRating", rating_of(typed, place))
        yield Answer(
            text("act_sheet.numbered", number=place + 1, factor=shown("ReviewFactor", factor)),
            "\n".join(filter(None, (rating, comment_of(typed, place)))),
        )


def heard_of(rounds: Sequence[c.Round]) -> dict[str, list[Heard]]:
    """What the agencies said of each factor in the opinions that stand, by factor."""
    heard: dict[str, list[Heard]] = {factor: [] for factor in FACTORS}
    for task in standing_tasks(rounds):
        for one in task.factors:
            heard[plain(c.ReviewFactor, one.factor)].append(
                Heard(shown("Agency", task.agency), word(c.FactorRating, one.rating), one.comment)
            )
    return heard


def standing_tasks(rounds: Sequence[c.Round]) -> list[c.Task]:
    """The task of each agency with the opinion that stands: its latest."""
    latest = {task.agency: task for one in rounds for task in one.tasks if task.opinion}
    return list(latest.values())


def standing_conditions(rounds: Sequence[c.Round]) -> list[c.Condition]:
    """The conditions of the opinions that stand, without those that were lifted."""
    return [one for task in standing_tasks(rounds) for one in task.conditions if not one.lifted]


def owners_of(rounds: Sequence[c.Round]) -> dict[str, str]:
    """The agency that set a condition which stands, by its Chinese words."""
    return {one.text_zh: one.agency for one in standing_conditions(rounds)}
