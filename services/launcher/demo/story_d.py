"""Story D: the end user in Japan turns out to be military after the licence is active."""

import time

from xuke.licensing.v1 import application_pb2 as a

from services.foundation.clock import SystemClock, legal_day
from services.launcher.demo.dossiers import JAPANESE_END_USER, dossier, due_diligence
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import (
    EXPORTER,
    Cast,
    activate,
    checks_pass,
    file_application,
    review_and_grant,
)
from services.launcher.demo.narrator import expect, telling

TITLE = "D  Japan: the end user turns out to be military; stop and report 停止并报告"


def play(cast: Cast, organisation: str, declaration: str) -> float:
    """Plays the story; returns the seconds from press to refusal. Raises StoryFailed and the like."""
    cast.narrator.begin(TITLE)
    application_id = file_application(
        cast, dossier(organisation, JAPANESE_END_USER, "ZJ-JP-2026-1110"), list(PAPERS)
    )
    # The grade of the destination has a person look, whoever the parties are.
    checks_pass(cast, application_id, a.SCREENING_VERDICT_REVIEW)
    number = review_and_grant(cast, application_id, with_experts=False).licence_number
    activate(cast, number, usable=False)
    with telling(cast.narrator, "customs-system", "asks whether goods may be declared") as step:
        status = cast.customs.status(number)
        expect(
            not status["usable"] and status["state_reason"] == "DUE_DILIGENCE_MISSING",
            "due diligence to be missing",
            status,
        )
        step.changed = f"usable: no; {status['state_reason']}"
    with telling(cast.narrator, EXPORTER, "records due diligence before the declaration 尽职调查") as step:
        record = due_diligence(legal_day(SystemClock().now()).isoformat())
        cast.exporter.record_due_diligence(number, record)
        expect(cast.customs.status(number)["usable"], "a licence that is usable", number)
        step.changed = "usable: yes"
    pressed = time.perf_counter()
    with telling(cast.narrator, EXPORTER, "presses stop-and-report 停止并报告") as step:
        licence = cast.exporter.stop_and_report(
            number, "获悉最终用户承接日本防卫省订单，立即停止出口并报告。"
        )
        step.changed = f"SUSPENDED: {licence.state_reason}"
    with telling(cast.narrator, "customs-system", f"declaration {declaration} tries to reserve") as step:
        code, result = cast.customs.write_off("reserve", declaration, number, "100")
        seconds = time.perf_counter() - pressed
        expect(
            not result["accepted"] and result["reason"] == "LICENCE_SUSPENDED", "LICENCE_SUSPENDED", result
        )
        step.changed = f"refused (HTTP {code}): {result['reason']}"
        step.facts = [f"from press to refusal: {seconds * 1000:,.0f} ms"]
    with telling(cast.narrator, "customs-system", "asks for the status") as step:
        status = cast.customs.status(number)
        expect(not status["usable"], "a licence that is not usable", status)
        step.changed = f"usable: no; {status['state'].removeprefix('LICENCE_STATE_')}"
    return seconds
