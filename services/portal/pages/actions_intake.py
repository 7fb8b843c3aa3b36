"""Forwarding to the ministry (转报), acceptance (受理) and its refusal (不予受理)."""

from collections.abc import Sequence
from typing import Final

from xuke.licensing.v1 import application_pb2 as a

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.case_act import LONGEST_REASONS, CaseAct, CaseRead
from services.portal.language import text, word
from services.portal.page import Page
from services.portal.services import services


class Forward(CaseAct):
    """Forwards to the ministry with the opinion of the province."""

    name = "forward"
    endpoint = "case_forward"
    path = "/cases/<uuid:application_id>/actions/forward"
    permission = allow(Role.PROVINCIAL_OFFICER)
    action = "forward"

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """An opinion is demanded."""
        faults: Faults = {}
        demand(faults, typed, "opinion", text("act_forward.fault_opinion"), LONGEST_REASONS)
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """The opinion."""
        return [Answer(text("act_forward.opinion"), typed["opinion"])]

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """ForwardApplication."""
        services().ask(
            services().reviews.ForwardApplication,
            a.ForwardApplicationRequest(**common, opinion=typed["opinion"]),
        )


class Accept(CaseAct):
    """Accepts: the review limit starts. There is nothing to fill in, so the form itself is the check."""

    name = "accept"
    endpoint = "case_accept"
    path = "/cases/<uuid:application_id>/actions/accept"
    action = "accept"
    asks = False

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """Nothing is asked."""
        return {}

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """What the acceptance rests on, since nothing is asked."""
        case = subject.case
        complete = (
            text("acting.complete")
            if not case.computed_deficiencies
            else text("act_accept.deficient", count=len(case.computed_deficiencies))
        )
        return [
            Answer(text("acting.deficiencies"), complete),
            Answer(text("acting.screening"), word(a.ScreeningVerdict, case.screening.verdict)),
            Answer(text("acting.opinion"), case.provincial_opinion),
        ]

    def consequence(self, subject: CaseRead, typed: Typed) -> str:
        """The limit that starts, or that there is none for a party on the watch list."""
        if subject.case.screening.verdict == a.SCREENING_VERDICT_RESTRICTED:
            return text("act_accept.no_limit")
        return text("act_accept.limit", days=subject.case.clock.limit_working_days)

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """AcceptApplication."""
        services().ask(services().reviews.AcceptApplication, a.AcceptApplicationRequest(**common))


class Decline(CaseAct):
    """Refuses acceptance, with reasons."""

    name = "decline"
    endpoint = "case_decline"
    path = "/cases/<uuid:application_id>/actions/decline"
    action = "decline_acceptance"
    dangerous = True

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """Reasons are demanded."""
        faults: Faults = {}
        demand(faults, typed, "reasons", text("act_decline.fault_reasons"), LONGEST_REASONS)
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """The reasons."""
        return [Answer(text("act_decline.reasons"), typed["reasons"])]

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """DeclineAcceptance."""
        services().ask(
            services().reviews.DeclineAcceptance,
            a.DeclineAcceptanceRequest(**common, reasons=typed["reasons"]),
        )


PAGES: Final[tuple[Page, ...]] = (*Forward().pages(), *Accept().pages(), *Decline().pages())
