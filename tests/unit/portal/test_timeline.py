"""The bar of the review clock: the parts of a case's life in order, what is taken out of them, and where they are drawn."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.timeline import Interval, Pause, Span, Step, intervals, timeline

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


def at(days: float) -> datetime:
    return START + timedelta(days=days)


STEPS = [
    Step(at(-1), "DRAFT"),
    Step(at(0), "SUBMITTED"),
    Step(at(1), "PROVINCIAL_REVIEW"),
    Step(at(3), "SUPPLEMENT_REQUESTED"),
    Step(at(5), "PROVINCIAL_REVIEW"),
    Step(at(6), "MINISTRY_INTAKE"),
    Step(at(8), "ACCEPTED"),
    Step(at(9), "IN_CONSULTATION"),
]


def spans(found: tuple[Interval, ...]) -> list[tuple[Span, float, float]]:
    return [(one.span, (one.start - START).days, (one.end - START).days) for one in found]


def test_who_held_the_case_when() -> None:
    assert spans(intervals(STEPS, [], at(20))) == [
        (Span.CHECKS, 0, 1),
        (Span.PROVINCE, 1, 3),
        (Span.APPLICANT, 3, 5),
        (Span.PROVINCE, 5, 6),
        (Span.INTAKE, 6, 8),
        (Span.COUNTED, 8, 20),
    ]


def test_what_is_excluded_is_taken_out_of_what_counts() -> None:
    pauses = [Pause(at(15), None), Pause(at(10), at(12))]
    found = intervals(STEPS, pauses, at(20))
    assert spans(found)[-4:] == [
        (Span.COUNTED, 8, 10),
        (Span.EXCLUDED, 10, 12),
        (Span.COUNTED, 12, 15),
        (Span.EXCLUDED, 15, 20),
    ]
    assert [one.running for one in found] == [False] * (len(found) - 1) + [True]


def test_nothing_runs_after_the_decision() -> None:
    found = intervals([*STEPS, Step(at(15), "APPROVED"), Step(at(15), "LICENSED")], [], at(90))
    assert spans(found)[-1] == (Span.COUNTED, 8, 15)
    assert not any(one.running for one in found)
    drawn = timeline(found, at(90), None)
    assert drawn is not None
    assert drawn.end == at(15)
    assert drawn.marks == ()


def test_today_and_the_due_day_are_marked() -> None:
    drawn = timeline(intervals(STEPS, [], at(20)), at(20), date(2026, 4, 10))
    assert drawn is not None
    # The whole due day counts: it ends at midnight in Shanghai.
    assert drawn.end == datetime(2026, 4, 10, 16, tzinfo=UTC)
    assert [mark.name for mark in drawn.marks] == ["today", "due"]
    assert drawn.marks[1].place == 1
    assert drawn.marks[0].place == pytest.approx((at(20) - START) / (drawn.end - START))
    assert drawn.spans == (Span.CHECKS, Span.PROVINCE, Span.APPLICANT, Span.INTAKE, Span.COUNTED)


def test_a_draft_has_no_bar() -> None:
    assert timeline(intervals(STEPS[:1], [], at(20)), at(20), None) is None


@given(st.lists(st.tuples(st.floats(0, 30), st.one_of(st.none(), st.floats(0, 30))), max_size=4))
def test_the_parts_follow_one_another_without_gap_or_overlap(
    stated: list[tuple[float, float | None]],
) -> None:
    pauses = [Pause(at(began), None if ended is None else at(max(began, ended))) for began, ended in stated]
    found = intervals(STEPS, pauses, at(25))
    assert found[0].start == at(0)
    assert found[-1].end == at(25)
    assert all(one.end == following.start for one, following in itertools.pairwise(found))
    assert all(one.start <= one.end for one in found)
