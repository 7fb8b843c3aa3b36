"""What a person can do with a case or a licence now, as buttons, and what stands in the way, as sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.principal import Principal, Role
from services.portal.language import text

_IN_HAND: Final = {
    Role.PROVINCIAL_OFFICER: (a.APPLICATION_STATE_PROVINCIAL_REVIEW,),
    Role.MINISTRY_OFFICER: (a.APPLICATION_STATE_MINISTRY_INTAKE,),
}
_COUNTERSIGNERS: Final = frozenset({Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR})
# The page of an act by the word of the transition table, in the order in which they are offered; the first of
# those that a state allows is what usually comes next. Sending back is chosen on the page of countersigning.
_PAGES: Final = {
    "forward": "case_forward",
    "accept": "case_accept",
    "countersign": "case_countersign",
    "send_back": "case_countersign",
    "propose": "case_propose",
    "start_consultation": "case_consult",
    "request_supplement": "case_supplement",
    "assess_item": "case_assess",
    "end_exclusion": "case_end_exclusion",
    "start_exclusion": "case_start_exclusion",
    "decline_acceptance": "case_decline",
}
_QUIET: Final = frozenset(
    {
        "case_start_exclusion",
        "case_ask_expert",
        "case_assess",
        "case_waive",
        "case_decline",
        "licence_suspend",
        "licence_revoke",
        "licence_surrender",
    }
)
_OPEN_LICENCE: Final = (li.LICENCE_STATE_ISSUED, li.LICENCE_STATE_ACTIVE, li.LICENCE_STATE_SUSPENDED)
_USABLE_LICENCE: Final = (li.LICENCE_STATE_ISSUED, li.LICENCE_STATE_ACTIVE)
_AUTHORITY: Final = frozenset({Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.ENFORCEMENT_OFFICER})
_HOLDER: Final = frozenset({Role.EXPORTER, Role.AGENT})


@dataclass(frozen=True)
class Offer:
    """A button: the page it leads to, its words, and one line that says what it does."""

    endpoint: str
    label: str
    explanation: str
    quiet: bool = False
    """Whether it is no usual next step, even where nothing else is offered."""


@dataclass(frozen=True)
class Panel:
    """What is offered, the usual next step first, and the sentences about what is not."""

    offers: tuple[Offer, ...]
    obstacles: tuple[str, ...]


def panel_of(case: a.Case, principal: Principal) -> Panel:
    """The panel of a case: exactly the acts that licensing allows the person now."""
    endpoints = [page for action, page in _PAGES.items() if action in case.allowed_actions]
    if principal.role is Role.MINISTRY_OFFICER and expert_exclusion(case):
        endpoints.append("case_ask_expert")
    if principal.role is Role.AGENCY_REVIEWER and case.consultations:
        endpoints.append("case_task")
    if principal.role is Role.MINISTRY_DIRECTOR and case.state == a.APPLICATION_STATE_IN_CONSULTATION:
        endpoints.append("case_waive")
    offers = tuple(_offer_of_case(endpoint, case) for endpoint in dict.fromkeys(endpoints))
    return Panel(offers, obstacles(case, principal))


def expert_exclusion(case: a.Case) -> str:
    """The id of the exclusion that stops the review limit for expert opinion now; empty if none does."""
    if "end_exclusion" not in case.allowed_actions:
        return ""
    for one in case.clock.exclusions:
        if one.reason == a.EXCLUSION_REASON_EXPERT_OPINION and not one.HasField("ended_at"):
            return one.exclusion_id
    return ""


def licence_panel_of(licence: li.Licence, principal: Principal) -> Panel:
    """The panel of a licence."""
    return Panel(tuple(_offer(endpoint) for endpoint in licence_offers(licence, principal)), ())


def licence_offers(licence: li.Licence, principal: Principal) -> list[str]:
    """The pages of what a person can do with a licence, by its state and the role (Regulation 792 Art. 18)."""
    endpoints = []
    if principal.role in _AUTHORITY and licence.state in _USABLE_LICENCE:
        endpoints.append("licence_suspend")
    if principal.role is Role.MINISTRY_DIRECTOR and licence.state == li.LICENCE_STATE_SUSPENDED:
        endpoints.append("licence_resume")
    if principal.role is Role.MINISTRY_DIRECTOR and licence.state in _OPEN_LICENCE:
        endpoints.append("licence_revoke")
    if principal.role in _HOLDER and licence.state in _OPEN_LICENCE:
        endpoints.append("licence_surrender")
    return endpoints


def obstacles(case: a.Case, principal: Principal) -> tuple[str, ...]:
    """Why acts that would come next for the person's role are not possible now."""
    return tuple(_obstacles(case, principal))


def _offer(endpoint: str) -> Offer:
    return Offer(endpoint, text(f"panel.{endpoint}"), text(f"panel.{endpoint}_hint"), endpoint in _QUIET)


def _offer_of_case(endpoint: str, case: a.Case) -> Offer:
    """Sending back what is decided is another thing to those who are to do it."""
    if endpoint == "case_countersign" and case.state == a.APPLICATION_STATE_APPROVED:
        return Offer(endpoint, text("panel.take_back"), text("panel.take_back_hint"))
    return _offer(endpoint)


def _obstacles(case: a.Case, principal: Principal) -> Iterator[str]:
    role = principal.role
    if case.state in _IN_HAND.get(role, ()):
        missing = len(case.computed_deficiencies)
        if missing and role is Role.PROVINCIAL_OFFICER and "forward" not in case.allowed_actions:
            yield text("panel.deficiencies_open", count=missing)
        if "request_supplement" not in case.allowed_actions:
            asked = any(
                one.action == "request_supplement" and one.actor_role == role.value for one in case.history
            )
            yield text("panel.supplement_asked") if asked else text("panel.window_closed")
    if role not in _COUNTERSIGNERS:
        return
    exclusion_open = any(not one.HasField("ended_at") for one in case.clock.exclusions)
    if (
        case.state in (a.APPLICATION_STATE_READY_FOR_PROPOSAL, a.APPLICATION_STATE_PROPOSED)
        and exclusion_open
    ):
        yield text("panel.exclusion_open")
    held = _held_by_screening(case)
    if held:
        yield held
    if case.state == a.APPLICATION_STATE_APPROVED and held and "send_back" not in case.allowed_actions:
        yield text("panel.issue_held_four_eyes")
    if case.state == a.APPLICATION_STATE_PROPOSED and "countersign" not in case.allowed_actions:
        if case.decision.proposed_by == principal.subject:
            yield text("panel.four_eyes")
        elif "send_back" in case.allowed_actions and not (exclusion_open or held):
            yield text("panel.director_needed")
    if case.state == a.APPLICATION_STATE_IN_CONSULTATION:
        yield text("panel.awaiting_opinions")


def _held_by_screening(case: a.Case) -> str:
    """Why nothing can be granted or issued now by the newest screening; empty where it holds nothing back."""
    if case.state == a.APPLICATION_STATE_APPROVED:
        if case.screening.verdict == a.SCREENING_VERDICT_PROHIBITED:
            return text("panel.issue_held_by_verdict")
        count = case.screening.open_hits
        return text("panel.issue_held_by_hits", count=count) if count else ""
    if case.state not in (a.APPLICATION_STATE_READY_FOR_PROPOSAL, a.APPLICATION_STATE_PROPOSED):
        return ""
    if case.decision.outcome == a.DECISION_OUTCOME_REFUSE:
        return ""
    if case.screening.verdict == a.SCREENING_VERDICT_PROHIBITED:
        return text("panel.screening_prohibits")
    return text("panel.hits_open", count=case.screening.open_hits) if case.screening.open_hits else ""
