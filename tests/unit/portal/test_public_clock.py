"""What an applicant reads of the review limit and of the usual pace, drawn without a running platform."""

import re
from pathlib import Path

import pytest
from flask import Flask, g, render_template_string
from google.protobuf.message import Message
from xuke.foundation.v1 import foundation_pb2 as f
from xuke.licensing.v1 import application_pb2 as a

from services.portal.application import create_application
from services.portal.configuration import Configuration
from services.portal.language import Language
from services.portal.services import ASKED

_PAGE = '{% import "applications/clock.html" as clock with context %}{{ clock.clock(status) }}'


@pytest.fixture
def application(tmp_path: Path) -> Flask:
    """The portal beside which nothing runs."""
    return create_application(
        Configuration(
            public_url="http://127.0.0.1:1",
            addresses=dict.fromkeys(ASKED, "127.0.0.1:1"),
            issuer_url="http://127.0.0.1:1",
            audience="xuke",
            client_id="portal",
            client_secret="secret",
            sessions=tmp_path,
        )
    )


def drawn(application: Flask, status: Message, language: Language) -> str:
    with application.test_request_context(f"/{language.value}/"):
        g.language = language
        return re.sub(r"\s+", " ", render_template_string(_PAGE, status=status))


def status(**more: object) -> a.PublicStatus:
    return a.PublicStatus(phase=a.PUBLIC_PHASE_MINISTRY, state=a.PUBLIC_STATE_UNDER_MINISTRY_REVIEW, **more)


def test_the_count_is_a_bar_with_its_figures_and_its_source(application: Flask) -> None:
    counted = status(
        due_date="2027-01-20", limit_working_days=45, counted_working_days=9, excluded_working_days=4
    )
    page = drawn(application, counted, Language.EN)
    assert "20 January 2027" in page
    assert 'aria-label="9 of 45 working days counted"' in page
    assert 'width="20.00"' in page
    assert "Regulation 792 on dual-use items, Art. 17" in page


def test_every_exclusion_has_its_reason_days_and_article(application: Flask) -> None:
    counted = status(limit_working_days=45)
    counted.exclusions.add(
        reason=a.EXCLUSION_REASON_EXPERT_OPINION,
        started_on="2026-11-02",
        working_days=4,
        source=f.LegalSource(instrument="两用物项出口管制条例", article="Art. 17(3)"),
    )
    page = drawn(application, counted, Language.ZH)
    for said in ("2026年11月2日", "尚未结束", "第17条第3款", ">4<"):
        assert said in page


def test_the_estimate_says_what_it_rests_on_and_promises_nothing(application: Flask) -> None:
    paced = status(
        estimate=a.Estimate(
            half_by="2026-12-01",
            nine_of_ten_by="2026-12-30",
            median_working_days=12,
            ninetieth_percentile_working_days=31,
            decided=240,
        )
    )
    page = drawn(application, paced, Language.EN)
    for said in ("240 comparable applications", "12 working days", "31", "1 December 2026", "not a promise"):
        assert said in page
    assert "comparable" not in drawn(application, status(), Language.EN)
    # Without a calendar there are working days and no dates.
    paced.estimate.half_by = paced.estimate.nine_of_ten_by = ""
    assert "December" not in drawn(application, paced, Language.EN)


def test_a_concluded_case_has_no_date_to_come(application: Flask) -> None:
    assert "No due date yet" in drawn(application, status(), Language.EN)
    concluded = a.PublicStatus(phase=a.PUBLIC_PHASE_CONCLUDED, state=a.PUBLIC_STATE_REFUSED)
    assert "No due date yet" not in drawn(application, concluded, Language.EN)
