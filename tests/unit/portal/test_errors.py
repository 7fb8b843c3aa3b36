"""What a refusal is answered with, and what people read of one that is worded for programs."""

from collections.abc import Iterator

import pytest
from flask import Flask, g

from services.foundation.errors import ErrorCode, XukeError, unavailable
from services.portal.errors import may_be_done, sentence, status_of
from services.portal.language import Language, text


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with Flask("test").app_context():
        g.language = Language.EN
        yield


@pytest.mark.parametrize(
    "error", [XukeError(ErrorCode.DEADLINE_EXCEEDED, "CALL_TIMED_OUT"), unavailable("COMMIT_UNCERTAIN")]
)
def test_nobody_reads_of_request_ids(error: XukeError) -> None:
    assert may_be_done(error)
    assert sentence(error) == text("acting.uncertain")


def test_what_was_refused_is_not_sent_again() -> None:
    assert [code for code in ErrorCode if may_be_done(XukeError(code, "INTERNAL"))] == [
        ErrorCode.DEADLINE_EXCEEDED,
        ErrorCode.UNAVAILABLE,
    ]


def test_a_service_that_is_slow_is_not_available_either() -> None:
    assert {code: status_of(code) for code in ErrorCode if status_of(code) >= 500} == {
        ErrorCode.INTERNAL: 500,
        ErrorCode.UNAVAILABLE: 503,
        ErrorCode.DEADLINE_EXCEEDED: 503,
    }
