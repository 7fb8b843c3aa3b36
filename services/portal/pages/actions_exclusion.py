"""Stopping the review limit and letting it run on (两用物项出口管制条例 Art. 17(3))."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from xuke.licensing.v1 import application_pb2 as a

from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.action_panel import expert_exclusion
from services.portal.case_act import LONGEST_REASONS, CaseAct, CaseRead
from services.portal.language import choose, shown, text
from services.portal.page import Page
from services.portal.services import services

REASONS: Final = tuple(
    name.removeprefix("EXCLUSION_REASON_") for name, number in a.ExclusionReason.items() if number
)
_LONGEST_NOTE: Final = 2000


class StartExclusion(CaseAct):
    """Stops the limit while an identification, an expert opinion or an on-site verification is under way."""

    name = "start_exclusion"
    endpoint = "case_start_exclusion"
    path = "/cases/<uuid:application_id>/actions/start-exclusion"
    action = "start_exclusion"

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also the reasons that the law knows."""
        return {**super().context(subject), "reasons": REASONS}

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """A reason and what is asked of whom."""
        faults: Faults = {}
        if typed.get("reason") not in REASONS:
            faults["reason"] = text("act_start_exclusion.fault_reason")
        demand(faults, typed, "note", text("act_start_exclusion.fault_note"), _LONGEST_NOTE)
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """Reason and note."""
        return [
            Answer(text("act_start_exclusion.reason"), shown("ExclusionReason", typed["reason"])),
            Answer(text("act_start_exclusion.note"), typed["note"]),
        ]

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """StartExclusion."""
        reason = a.ExclusionReason.Value(f"EXCLUSION_REASON_{typed['reason']}")
        services().ask(
            services().reviews.StartExclusion,
            a.StartExclusionRequest(**common, reason=reason, note=typed["note"]),
        )


class EndExclusion(CaseAct):
    """Records the result and lets the limit run on."""

    name = "end_exclusion"
    endpoint = "case_end_exclusion"
    path = "/cases/<uuid:application_id>/actions/end-exclusion"
    action = "end_exclusion"

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also the exclusion that is under way."""
        running = [one for one in subject.case.clock.exclusions if not one.HasField("ended_at")]
        return {**super().context(subject), "exclusion": running[0] if running else None}

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """A result is demanded."""
        faults: Faults = {}
        demand(faults, typed, "result", text("act_end_exclusion.fault_result"), LONGEST_REASONS)
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """What ends, and its result."""
        ended = next(
            (one for one in subject.case.clock.exclusions if one.exclusion_id == typed.get("exclusion_id")),
            a.Exclusion(),
        )
        reason = a.ExclusionReason.Name(ended.reason).removeprefix("EXCLUSION_REASON_")
        return [
            Answer(text("act_start_exclusion.reason"), shown("ExclusionReason", reason)),
            Answer(text("act_end_exclusion.result"), typed["result"]),
        ]

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """EndExclusion of the one that the person saw."""
        services().ask(
            services().reviews.EndExclusion,
            a.EndExclusionRequest(
                **common, exclusion_id=typed.get("exclusion_id", ""), result=typed["result"]
            ),
        )


class AskExpert(CaseAct):
    """Asks an expert while the limit is stopped for expert opinion; the expert answers in pages of experts."""

    name = "ask_expert"
    endpoint = "case_ask_expert"
    path = "/cases/<uuid:application_id>/actions/ask-expert"
    action = "end_exclusion"

    def read(self, address: Mapping[str, Any]) -> CaseRead:
        """Also the experts who were not asked yet since the limit is stopped."""
        found = super().read(address)
        exclusion = expert_exclusion(found.case)
        if not exclusion:
            return found
        asked = {one.expert_subject for one in found.case.expert_requests if one.exclusion_id == exclusion}
        listed = services().ask(services().reviews.ListExperts, a.ListExpertsRequest()).experts
        return replace(found, experts=[one for one in listed if one.subject not in asked])

    def possible(self, subject: CaseRead) -> bool:
        """While the limit is stopped for expert opinion."""
        return bool(expert_exclusion(subject.case))

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also the experts who can be asked."""
        return {**super().context(subject), "experts": subject.experts}

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """An expert and a question."""
        faults: Faults = {}
        if all(one.subject != typed.get("expert_subject") for one in subject.experts):
            faults["expert_subject"] = text("act_ask_expert.fault_expert")
        demand(faults, typed, "question", text("act_ask_expert.fault_question"), _LONGEST_NOTE)
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """Who is asked what."""
        asked = next(one for one in subject.experts if one.subject == typed["expert_subject"])
        return [
            Answer(text("experts.expert"), choose(asked.name.zh, asked.name.en) or asked.subject),
            Answer(text("experts.question"), typed["question"]),
        ]

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """AskExpert, which rests on no version of the case."""
        services().ask(
            services().reviews.AskExpert,
            a.AskExpertRequest(
                request_id=common["request_id"],
                application_id=common["application_id"],
                expert_subject=typed["expert_subject"],
                question=typed["question"],
            ),
        )


PAGES: Final[tuple[Page, ...]] = (
    *StartExclusion().pages(),
    *EndExclusion().pages(),
    *AskExpert().pages(),
)
