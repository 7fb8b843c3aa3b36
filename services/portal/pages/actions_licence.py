"""Stopping, resuming, revoking and handing back a licence (两用物项出口管制条例 Art. 18)."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import g, url_for
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Act, Answer, Faults, Sending, Typed, demand
from services.portal.action_panel import licence_offers
from services.portal.case_act import LONGEST_REASONS
from services.portal.language import plain, shown, text, word
from services.portal.page import APPLICANTS, Page
from services.portal.pages.licences import read_licence
from services.portal.services import services

REASONS: Final = tuple(
    plain(li.SuspensionReason, number) for number in li.SuspensionReason.values() if number
)


class LicenceAct(Act[li.Licence]):
    """An act on a licence, with reasons; customs reads its outcome at once."""

    def read(self, address: Mapping[str, Any]) -> li.Licence:
        """The licence. Errors: NOT_FOUND."""
        return read_licence(address["number"])

    def possible(self, subject: li.Licence) -> bool:
        """As the panel of the licence offers it."""
        return self.endpoint in licence_offers(subject, g.principal)

    def etag(self, subject: li.Licence) -> str:
        """That of the licence."""
        return subject.etag

    def home(self, subject: li.Licence) -> str:
        """The licence."""
        return url_for("licence", number=subject.number)

    def context(self, subject: li.Licence) -> dict[str, Any]:
        """The licence."""
        return {
            "licence": subject,
            "caption": text("licence.title", number=subject.number),
            "obstacles": (text("panel.licence_state", state=word(li.LicenceState, subject.state)),),
        }

    def faults(self, subject: li.Licence, typed: Typed) -> Faults:
        """Reasons are demanded."""
        faults: Faults = {}
        demand(faults, typed, "reasons", text("act_licence.fault_reasons"), LONGEST_REASONS)
        return faults

    def answers(self, subject: li.Licence, typed: Typed) -> Sequence[Answer]:
        """The reasons."""
        return [Answer(text("act_licence.reasons"), typed["reasons"])]

    def send(self, subject: li.Licence, typed: Typed, sending: Sending) -> None:
        """Sends the act to licensing."""
        common = {"request_id": sending.request_id, "number": subject.number, "etag": sending.etag}
        self.send_act(typed, common)

    @abstractmethod
    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """Asks the one method."""


class Suspend(LicenceAct):
    """The authority stops the use (暂时停止使用)."""

    name = "suspend"
    endpoint = "licence_suspend"
    path = "/licences/<number>/actions/suspend"
    permission = allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.ENFORCEMENT_OFFICER)
    dangerous = True

    def context(self, subject: li.Licence) -> dict[str, Any]:
        """Also the reasons there are."""
        return {**super().context(subject), "reasons": REASONS}

    def faults(self, subject: li.Licence, typed: Typed) -> Faults:
        """Also one of the reasons of the law."""
        faults: Faults = {}
        if typed.get("reason") not in REASONS:
            faults["reason"] = text("act_suspend.fault_reason")
        return faults | super().faults(subject, typed)

    def answers(self, subject: li.Licence, typed: Typed) -> Sequence[Answer]:
        """Also the reason."""
        reason = Answer(text("act_suspend.reason"), shown("SuspensionReason", typed["reason"]))
        return [reason, *super().answers(subject, typed)]

    def field_of(self, path: str, subject: li.Licence, typed: Typed) -> str:
        """What the contract calls the statement."""
        return "reasons" if path == "statement" else path

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """SuspendLicence."""
        reason = li.SuspensionReason.Value(f"SUSPENSION_REASON_{typed['reason']}")
        services().ask(
            services().licences.SuspendLicence,
            li.SuspendLicenceRequest(**common, reason=reason, statement=typed["reasons"]),
        )


class Resume(LicenceAct):
    """The use is resumed (恢复使用)."""

    name = "resume"
    endpoint = "licence_resume"
    path = "/licences/<number>/actions/resume"
    permission = allow(Role.MINISTRY_DIRECTOR)

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """ResumeLicence."""
        services().ask(
            services().licences.ResumeLicence, li.ResumeLicenceRequest(**common, reasons=typed["reasons"])
        )


class Revoke(LicenceAct):
    """The licence is withdrawn or revoked (撤回、撤销): for good."""

    name = "revoke"
    endpoint = "licence_revoke"
    path = "/licences/<number>/actions/revoke"
    permission = allow(Role.MINISTRY_DIRECTOR)
    dangerous = True

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """RevokeLicence."""
        services().ask(
            services().licences.RevokeLicence, li.RevokeLicenceRequest(**common, reasons=typed["reasons"])
        )


class Surrender(LicenceAct):
    """The holder hands the licence back (交回): for good."""

    name = "surrender"
    endpoint = "licence_surrender"
    path = "/licences/<number>/actions/surrender"
    permission = APPLICANTS
    dangerous = True

    def send_act(self, typed: Typed, common: dict[str, str]) -> None:
        """SurrenderLicence."""
        services().ask(
            services().licences.SurrenderLicence,
            li.SurrenderLicenceRequest(**common, reasons=typed["reasons"]),
        )


PAGES: Final[tuple[Page, ...]] = (
    *Suspend().pages(),
    *Resume().pages(),
    *Revoke().pages(),
    *Surrender().pages(),
)
