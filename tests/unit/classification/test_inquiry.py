"""The consultation desk: its table of states, what must be told, its target, its figures."""

import itertools
import pathlib
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.classification.desk import read_desk
from services.classification.domain.inquiry import (
    DeskPolicy,
    Inquiry,
    InquiryState,
    answer_by,
    missing_contents,
    number_of,
)
from services.classification.domain.inquiry_state import (
    InquiryAction,
    allowed_actions,
    next_state,
    state_diagram,
)
from services.classification.domain.inquiry_statistics import desk_statistics
from services.classification.domain.item import Item, StatedParameter
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.ledger import LedgerEvent
from services.foundation.principal import Role
from services.foundation.working_days import CalendarNotPublished, WorkingDayCalendar

CALENDAR = WorkingDayCalendar.load()
POLICY = DeskPolicy(10)
README = pathlib.Path(__file__).parents[3] / "services" / "classification" / "README.md"

# (state, action) -> (who may, where it leads); written out apart from the table.
_ASKERS, _MINISTRY = {"exporter", "agent"}, {"ministry_officer", "ministry_director"}
ALLOWED = {
    ("ASKED", "REQUEST_INFORMATION"): (_MINISTRY, "INFORMATION_REQUESTED"),
    ("ASKED", "ANSWER"): (_MINISTRY, "ANSWERED"),
    ("ASKED", "WITHDRAW"): (_ASKERS, "WITHDRAWN"),
    ("INFORMATION_REQUESTED", "SUPPLEMENT"): (_ASKERS, "ASKED"),
    ("INFORMATION_REQUESTED", "ANSWER"): (_MINISTRY, "ANSWERED"),
    ("INFORMATION_REQUESTED", "WITHDRAW"): (_ASKERS, "WITHDRAWN"),
}


@pytest.mark.parametrize(
    ("role", "state", "action"), list(itertools.product(Role, InquiryState, InquiryAction))
)
def test_whole_matrix(role: Role, state: InquiryState, action: InquiryAction) -> None:
    who, target = ALLOWED.get((state.value, action.value), (set(), ""))
    if role.value in who:
        assert next_state("x", state, action, role) == InquiryState(target)
        assert action in allowed_actions(state, role)
        return
    with pytest.raises(XukeError) as refused:
        next_state("x", state, action, role)
    ever = {each for (_, known), (roles, _) in ALLOWED.items() if known == action.value for each in roles}
    expected = ErrorCode.FAILED_PRECONDITION if role.value in ever else ErrorCode.PERMISSION_DENIED
    assert refused.value.code is expected
    assert action not in allowed_actions(state, role)


def test_a_refusal_names_the_state_and_what_is_possible() -> None:
    with pytest.raises(XukeError) as refused:
        next_state(
            "x", InquiryState.INFORMATION_REQUESTED, InquiryAction.REQUEST_INFORMATION, Role.MINISTRY_OFFICER
        )
    assert refused.value.reason == "INQUIRY_STATE_FORBIDS_ACTION"
    assert refused.value.metadata["state"] == "INFORMATION_REQUESTED"
    assert refused.value.metadata["allowed"] == "ANSWER"


def test_the_picture_in_the_readme_is_that_of_the_table() -> None:
    assert state_diagram() in README.read_text(encoding="utf-8")


PARAMETER = Item(parameters=(StatedParameter("purity", "99.9", "%"),))


@pytest.mark.parametrize(
    ("item", "performance", "uses", "reason", "missing"),
    [
        (Item(), "x", "x", "x", []),
        (PARAMETER, "", "x", "x", []),
        (Item(), " \n", "x", "x", ["performance"]),
        (PARAMETER, "", " ", "x", ["main_uses"]),
        (Item(), "x", "x", "", ["reason_for_doubt"]),
        (Item(), "", "", "", ["performance", "main_uses", "reason_for_doubt"]),
    ],
)
def test_the_three_contents(item: Item, performance: str, uses: str, reason: str, missing: list[str]) -> None:
    assert [each.field for each in missing_contents(item, performance, uses, reason)] == missing


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T02:00:00+00:00")


INQUIRY = Inquiry(
    inquiry_id=uuid.UUID(int=1),
    number="ZX-2026-000001",
    version=1,
    state=InquiryState.ASKED,
    organisation="91320100MA1XUKE016",
    organisation_name_zh="",
    organisation_name_en="",
    item=Item(),
    performance="x",
    main_uses="x",
    reason_for_doubt="x",
    asked_at=at("2026-09-24"),
    waiting_since=at("2026-09-24"),
)


def test_the_target_counts_working_days_and_stands_still_while_the_asker_is_waited_for() -> None:
    # 2026: the 25th of September and the first week of October are off, two Sundays are worked.
    due = answer_by(INQUIRY, POLICY, CALENDAR)
    assert due is not None
    assert CALENDAR.count_between(date(2026, 9, 24), due) == 10
    assert due > date(2026, 10, 8)
    waiting = replace(INQUIRY, state=InquiryState.INFORMATION_REQUESTED)
    assert answer_by(waiting, POLICY, CALENDAR) is None
    late = replace(INQUIRY, waiting_since=datetime(2026, 9, 24, 16, 0, tzinfo=UTC))
    assert answer_by(late, POLICY, CALENDAR) == CALENDAR.add_working_days(date(2026, 9, 25), 10)


def test_a_year_without_a_calendar_gives_no_day_instead_of_a_guess() -> None:
    year = CALENDAR.horizon.year
    last = replace(INQUIRY, waiting_since=at(f"{year}-12-30"))
    assert answer_by(last, POLICY, CALENDAR) is None


def test_the_policy_as_shipped() -> None:
    assert read_desk().policy.target_working_days == 10


def test_numbers_are_of_the_year_and_have_six_digits() -> None:
    assert number_of(2026, 12) == "ZX-2026-000012"


def history(*events: tuple[str, str, str], answer: str = "", codes: str = "") -> list[LedgerEvent]:
    return [
        LedgerEvent(
            sequence,
            uuid.uuid4(),
            at(day),
            "somebody",
            "exporter",
            action,
            {"state": state, **({"answer": answer, "control_codes": codes} if action == "ANSWER" else {})},
        )
        for sequence, (day, action, state) in enumerate(events, start=1)
    ]


HISTORIES = [
    history(
        ("2026-03-02", "ASK", "ASKED"),
        ("2026-03-03", "ANSWER", "ANSWERED"),
        answer="CONTROLLED",
        codes="1C004 1C117.d",
    ),
    history(
        ("2026-03-02", "ASK", "ASKED"),
        ("2026-03-04", "REQUEST_INFORMATION", "INFORMATION_REQUESTED"),
        ("2026-03-09", "SUPPLEMENT", "ASKED"),
        ("2026-03-12", "ANSWER", "ANSWERED"),
        answer="CONTROLLED",
        codes="1C004",
    ),
    history(("2026-03-02", "ASK", "ASKED"), ("2026-03-05", "ANSWER", "ANSWERED"), answer="NOT_CONTROLLED"),
    history(("2026-03-02", "ASK", "ASKED")),
    history(
        ("2026-03-02", "ASK", "ASKED"),
        ("2026-03-10", "REQUEST_INFORMATION", "INFORMATION_REQUESTED"),
        ("2026-03-12", "SUPPLEMENT", "ASKED"),
    ),
    history(("2026-03-02", "ASK", "ASKED"), ("2026-03-03", "REQUEST_INFORMATION", "INFORMATION_REQUESTED")),
    history(("2026-03-31", "ASK", "ASKED"), ("2026-04-01", "WITHDRAW", "WITHDRAWN")),
]


def test_figures() -> None:
    # Asked on 2 March: ten working days end on 16 March, and on 26 March counted from 12 March.
    figures = desk_statistics(HISTORIES, None, None, at("2026-03-17"), POLICY, CALENDAR)
    assert (figures.asked, figures.answered, figures.overdue) == (7, 3, 1)
    assert figures.median_working_days == 3
    assert figures.by_answer == [("CONTROLLED", 2), ("NOT_CONTROLLED", 1), ("DEPENDS", 0)]
    assert figures.by_control_code == [("1C004", 2), ("1C117.d", 1)]
    assert desk_statistics(HISTORIES, None, None, at("2026-03-16"), POLICY, CALENDAR).overdue == 0
    assert desk_statistics(HISTORIES, None, None, at("2026-03-27"), POLICY, CALENDAR).overdue == 2


@pytest.mark.parametrize(
    ("since", "until", "asked"),
    [
        (None, date(2026, 3, 30), 6),
        (None, date(2026, 3, 31), 7),
        (date(2026, 3, 31), None, 1),
        (date(2026, 4, 1), None, 0),
        (date(2026, 3, 2), date(2026, 3, 2), 6),
    ],
)
def test_figures_are_of_the_days_of_asking(since: date | None, until: date | None, asked: int) -> None:
    assert desk_statistics(HISTORIES, since, until, at("2026-04-02"), POLICY, CALENDAR).asked == asked


def test_without_answers_there_is_no_median() -> None:
    assert desk_statistics([], None, None, at("2026-04-02"), POLICY, CALENDAR).median_working_days == -1


def test_an_answer_in_a_year_without_a_calendar_is_no_guess() -> None:
    year = CALENDAR.horizon.year
    late = history(
        (f"{year}-12-30", "ASK", "ASKED"), (f"{year + 1}-01-10", "ANSWER", "ANSWERED"), answer="DEPENDS"
    )
    with pytest.raises(CalendarNotPublished):
        desk_statistics([late], None, None, at(f"{year + 1}-01-11"), POLICY, CALENDAR)
