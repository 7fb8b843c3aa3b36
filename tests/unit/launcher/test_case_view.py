"""What a reviewer reads in a case."""

from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.consultation.v1 import consultation_pb2
from xuke.licensing.v1 import application_pb2

from services.foundation.messages import render
from services.launcher.commands.case_view import case_view
from services.launcher.commands.output import due_day
from tests.unit.launcher.terminal import seen, without_spaces

# Midnight in Shanghai, with which the 18th ends.
END_OF_THE_18TH = datetime(2026, 12, 18, 16, tzinfo=UTC)


def stamp(instant: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(instant)
    return timestamp


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (END_OF_THE_18TH, "2026-12-18"),
        (datetime(2026, 12, 18, 15, 59, 59, tzinfo=UTC), "2026-12-18 23:59:59"),
        (datetime(2026, 12, 18, 16, 0, 1, tzinfo=UTC), "2026-12-19 00:00:01"),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), "2026-12-31"),
    ],
)
def test_a_period_ends_with_its_last_day(instant: datetime, shown: str) -> None:
    assert due_day(stamp(instant)) == shown


def test_no_period_has_no_day() -> None:
    assert due_day(Timestamp()) == ""


def test_deadlines_and_opinions_are_due_on_a_day() -> None:
    case = application_pb2.Case()
    case.deadlines.add(kind="review", due_at=stamp(END_OF_THE_18TH))
    task = consultation_pb2.Task(agency="MFA", due_at=stamp(END_OF_THE_18TH))
    shown = seen(case_view(case, [consultation_pb2.Round(round_number=1, tasks=[task])]))
    assert shown.count("2026-12-18") == 2
    assert "2026-12-19" not in shown
    assert "due 2026-12-18" in shown


def test_why_a_case_waits_is_a_sentence_with_its_code() -> None:
    case = application_pb2.Case(waiting_reason="SCREENING_UNREACHABLE")
    shown = without_spaces(seen(case_view(case, []), 80))
    sentence = render("SCREENING_UNREACHABLE")
    for text in ("SCREENING_UNREACHABLE", sentence.zh, sentence.en):
        assert without_spaces(text) in shown
    assert sentence.zh != "SCREENING_UNREACHABLE"


def test_a_reason_without_a_sentence_is_shown_once() -> None:
    case = application_pb2.Case(waiting_reason="NEWER_REASON")
    assert seen(case_view(case, [])).count("NEWER_REASON") == 1
