"""How agencies answer, over real PostgreSQL: each agency its own, who oversees consultation all."""

from datetime import timedelta

from xuke.consultation.v1 import consultation_pb2 as messages

from services.foundation.principal import Principal
from tests.contract.consultation.conftest import DUE, Platform, new_task, opinion
from tests.contract.consultation.refusals import refusal
from tests.support import identity

Figures = tuple[int, int, int, int, float, float, int]
NONE: Figures = (0, 0, 0, 0, 0.0, 0.0, 0)


def figures(platform: Platform, who: Principal, **request: str) -> dict[str, Figures]:
    answer = platform.people(who).GetTaskStatistics(messages.GetTaskStatisticsRequest(**request))
    return {
        each.agency: (
            each.open,
            each.overdue,
            each.answered,
            each.unanswered,
            each.median_days,
            each.ninetieth_percentile_days,
            each.late,
        )
        for each in answer.agencies
    }


def on_day(platform: Platform, days: float) -> None:
    """Puts the clock so many days after an opening that no other test uses."""
    platform.clock.instant = DUE + timedelta(days=400 + days)


# The day of law on which rounds of these tests open: 400 days after 21 March 2026 in China.
OPENED = {"opened_from": "2027-04-25", "opened_to": "2027-04-25"}
WITHIN = DUE + timedelta(days=410)


def test_open_overdue_answered_and_unanswered(platform: Platform) -> None:
    on_day(platform, 0)
    rounds = [
        platform.open_round(new_task("SASTIND", due_at=WITHIN), new_task("CMC-EDD", False, WITHIN))
        for _ in range(5)
    ]
    for days, round_ in ((1, rounds[0]), (2, rounds[1]), (11, rounds[2])):
        on_day(platform, days)
        platform.answer(round_.tasks[0], opinion())
    platform.close(rounds[0])
    platform.abandon(rounds[3])
    # A later opinion replaces the first, and takes nothing from how soon it came.
    task = platform.people(identity.AGENCY_REVIEWER).GetTask(
        messages.GetTaskRequest(task_id=rounds[2].tasks[0].task_id)
    )
    platform.answer(task, opinion(messages.OPINION_REFUSE, etag=task.etag))
    on_day(platform, 9.5)
    expected: dict[str, Figures] = {
        "SASTIND": (1, 0, 3, 1, 2.0, 11.0, 1),
        "CMC-EDD": (3, 0, 0, 2, 0.0, 0.0, 0),
    }
    for who in (identity.MINISTRY_OFFICER, identity.MINISTRY_DIRECTOR, identity.AUDITOR):
        assert figures(platform, who, **OPENED) == expected
    for who, agency in ((identity.AGENCY_REVIEWER, "SASTIND"), (identity.OTHER_AGENCY, "CMC-EDD")):
        assert figures(platform, who, **OPENED) == {agency: expected[agency]}
    # From the due time on the open ones are overdue, marked or not.
    on_day(platform, 10)
    platform.expire(rounds[4].tasks[0])
    passed = figures(platform, identity.AUDITOR, **OPENED)
    assert (passed["SASTIND"][:2], passed["CMC-EDD"][:2]) == ((0, 1), (0, 3))


def test_days_bound_the_opening_of_the_round(platform: Platform) -> None:
    on_day(platform, 20)
    platform.open_round(new_task("MARA", due_at=None))
    day = "2027-05-15"
    for bounds, seen in (
        ({"opened_from": day, "opened_to": day}, True),
        ({"opened_from": "2027-05-16"}, False),
        ({"opened_from": "2027-05-01", "opened_to": "2027-05-14"}, False),
    ):
        found = figures(platform, identity.MINISTRY_DIRECTOR, **bounds).get("MARA", NONE)
        assert found == ((1, *NONE[1:]) if seen else NONE)
    refused = refusal(lambda: figures(platform, identity.AUDITOR, opened_to="2027-02-30"))
    assert refused.violations[0].reason == "NOT_A_DATE"
