"""Review of hits: is the party the listed one. Ministry officers and directors decide; others read."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import screening_pb2 as s

from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.formats import percent
from services.portal.hit_act import (
    LONGEST_REASON,
    QUEUE_READERS,
    READERS,
    HitAct,
    case_of,
    latest,
    read_hit,
    shown_of,
)
from services.portal.hit_filters import VERDICTS, HitFilters, chips
from services.portal.language import plain, shown, text, word
from services.portal.page import Page
from services.portal.party_lists import read_lists
from services.portal.services import services

OUTCOMES: Final = tuple(
    plain(h.HitDecisionOutcome, number) for number in h.HitDecisionOutcome.values() if number
)
_AGREE, _SEND_BACK = "agree", "send_back"


def hits() -> ResponseReturnValue:
    """Hits under the filters of the address: the gravest first, of those the oldest."""
    filters = HitFilters.from_address(request.args)
    found = services().ask(services().hits.ListHits, filters.request())
    return render_template(
        "hits/hits.html",
        found=found,
        filters=filters,
        chips=chips(filters, found.counts),
        lists=read_lists(),
        verdicts=tuple(VERDICTS),
        percent=percent,
    )


def hit(hit_id: UUID) -> ResponseReturnValue:
    """The party beside the listed one, what speaks for it, and what was decided before."""
    found = read_hit(hit_id)
    names = {one.list.list_code: one.list.name for one in read_lists()}
    newest = latest(found)
    return render_template(
        "hits/hit.html",
        **shown_of(found),
        case=case_of(found),
        list_name=names.get(found.hit.list_code),
        own_release=newest is not None
        and found.state == s.HIT_STATE_AWAITING_SECOND
        and newest.decided_by == g.principal.subject,
    )


class Decide(HitAct):
    """Says whether the party is the listed one, or that more must be known."""

    name = "hit_decide"
    endpoint = "hit_decide"
    path = "/hits/<uuid:hit_id>/decide"
    action = "decide"

    def context(self, subject: h.HitCase) -> dict[str, object]:
        """Also what can be decided."""
        return {**super().context(subject), "outcomes": OUTCOMES}

    def faults(self, subject: h.HitCase, typed: Typed) -> Faults:
        """An outcome and a reason."""
        faults: Faults = {}
        if typed.get("outcome") not in OUTCOMES:
            faults["outcome"] = text("act_hit_decide.fault_outcome")
        demand(faults, typed, "reason", text("act_hit_decide.fault_reason"), LONGEST_REASON)
        return faults

    def answers(self, subject: h.HitCase, typed: Typed) -> Sequence[Answer]:
        """Who, against which entry, what and why."""
        return [
            *compared(subject),
            Answer(text("act_hit_decide.outcome"), shown("HitDecisionOutcome", typed["outcome"])),
            Answer(text("act_hit_decide.reason"), typed["reason"]),
        ]

    def consequence(self, subject: h.HitCase, typed: Typed) -> str:
        """By the outcome; the release of what prohibits, or was ever contested, needs a second person."""
        if typed["outcome"] == "TRUE":
            return text("act_hit_decide.consequence_true")
        if typed["outcome"] == "NEED_MORE":
            return text("act_hit_decide.consequence_need_more")
        if subject.hit.verdict == s.VERDICT_PROHIBITED or any(map(_contests, subject.decisions)):
            return text("act_hit_decide.consequence_second")
        return text("act_hit_decide.consequence_false")

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """DecideHit."""
        outcome = h.HitDecisionOutcome.Value(f"HIT_DECISION_OUTCOME_{typed['outcome']}")
        services().ask(
            services().hits.DecideHit,
            h.DecideHitRequest(**common, outcome=outcome, reason=typed["reason"]),
        )


class CountersignRelease(HitAct):
    """Agrees that the party is somebody else, or sends the release back: never the person who proposed it."""

    name = "hit_countersign"
    endpoint = "hit_countersign"
    path = "/hits/<uuid:hit_id>/countersign"
    action = "countersign"

    def context(self, subject: h.HitCase) -> dict[str, object]:
        """Also the release that waits."""
        return {**super().context(subject), "choices": (_AGREE, _SEND_BACK)}

    def faults(self, subject: h.HitCase, typed: Typed) -> Faults:
        """A choice and a reason."""
        faults: Faults = {}
        if typed.get("choice") not in (_AGREE, _SEND_BACK):
            faults["choice"] = text("act_hit_countersign.fault_choice")
        demand(faults, typed, "reason", text("act_hit_countersign.fault_reason"), LONGEST_REASON)
        return faults

    def answers(self, subject: h.HitCase, typed: Typed) -> Sequence[Answer]:
        """The release that was proposed, and what the person makes of it."""
        waits = latest(subject)
        return [
            *compared(subject),
            Answer(text("act_hit_countersign.proposed"), waits.reason if waits else ""),
            Answer(text("act_hit_countersign.choice"), _choice_label(typed["choice"])),
            Answer(text("act_hit_countersign.reason"), typed["reason"]),
        ]

    def consequence(self, subject: h.HitCase, typed: Typed) -> str:
        """By the choice."""
        agrees = typed["choice"] == _AGREE
        return text("act_hit_countersign.releases" if agrees else "act_hit_countersign.sends_back")

    def confirm_label(self, typed: Typed) -> str:
        """The words of the choice."""
        return _choice_label(typed["choice"])

    def done(self, subject: h.HitCase, typed: Typed) -> str:
        """By the choice."""
        agrees = typed["choice"] == _AGREE
        return "act_hit_countersign.done" if agrees else "act_hit_countersign.done_send_back"

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """CountersignHit."""
        services().ask(
            services().hits.CountersignHit,
            h.CountersignHitRequest(**common, agrees=typed["choice"] == _AGREE, reason=typed["reason"]),
        )


def compared(subject: h.HitCase) -> list[Answer]:
    """Party, entry and how alike they are."""
    hit = subject.hit
    entry = " / ".join(filter(None, (hit.entry_name_zh, hit.entry_name_en)))
    return [
        Answer(text("hit.party"), hit.party_name),
        Answer(text("hit.entry"), f"{entry}\n{hit.entry_id}"),
        Answer(text("hit.score"), percent(hit.score)),
        Answer(text("hit.verdict"), shown("ScreeningVerdict", plain(s.Verdict, hit.verdict))),
        Answer(text("hit.state"), word(s.HitState, subject.state)),
    ]


def _contests(decision: h.HitDecision) -> bool:
    """Whether a decision that counts found the listed one, or a release that was not agreed to."""
    refused = bool(decision.countersigned_by) and not decision.agreed
    return not decision.void_because and (decision.outcome == h.HIT_DECISION_OUTCOME_TRUE or refused)


def _choice_label(choice: str) -> str:
    return text("act_hit_countersign.agree" if choice == _AGREE else "act_hit_countersign.send_back")


PAGES: Final[tuple[Page, ...]] = (
    Page("hits", "/hits", hits, QUEUE_READERS),
    Page("hit", "/hits/<uuid:hit_id>", hit, READERS),
    *Decide().pages(),
    *CountersignRelease().pages(),
)
