"""Starting a round of consultation (会商): the computed route, and where the officer departs from it."""

from collections.abc import Sequence
from typing import Any, Final

from xuke.licensing.v1 import application_pb2 as a

from services.portal.acting import Answer, Faults, Typed
from services.portal.case_act import CaseAct, CaseRead
from services.portal.language import catalogue, shown, text
from services.portal.page import Page
from services.portal.rows import rows
from services.portal.services import services

_GROUP: Final = "agencies"
_LONGEST_REASON: Final = 2000


def every_agency() -> tuple[str, ...]:
    """The codes of the agencies that can be consulted."""
    return tuple(key.partition(".")[2] for key in catalogue("words") if key.startswith("Agency."))


class Consult(CaseAct):
    """Chooses whom to consult. Every agency has a row, in the order of the form: the routed ones first."""

    name = "consult"
    endpoint = "case_consult"
    path = "/cases/<uuid:application_id>/actions/consult"
    action = "start_consultation"

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also the agencies outside the route."""
        routed = {one.agency for one in subject.case.routed_agencies}
        others = [agency for agency in every_agency() if agency not in routed]
        return {**super().context(subject), "others": others}

    def initial(self, subject: CaseRead) -> dict[str, str]:
        """Every routed agency is consulted unless the officer says otherwise."""
        return {f"{_GROUP}[{place}].consult": "1" for place in range(len(subject.case.routed_agencies))}

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """Leaving out a routed agency or adding another needs a reason (出口管制法 Art. 22)."""
        faults: Faults = {}
        routed = {one.agency: one for one in subject.case.routed_agencies}
        for place, row in enumerate(rows(typed, _GROUP)):
            agency, reason = row.get("agency", ""), row.get("reason", "")
            known, consulted = routed.get(agency), bool(row.get("consult"))
            field = f"{_GROUP}[{place}].reason"
            if known is not None and known.mandatory:
                continue
            if consulted is not (known is not None) and not reason:
                key = "act_consult.fault_added" if consulted else "act_consult.fault_left_out"
                faults[field] = text(key, agency=shown("Agency", agency))
            elif len(reason) > _LONGEST_REASON:
                over = len(reason) - _LONGEST_REASON
                faults[field] = text("acting.too_long", over=over, limit=_LONGEST_REASON)
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """Whom the officer consults and leaves out, with the reasons."""
        return [
            Answer(
                shown("Agency", choice.agency),
                "\n".join(
                    filter(
                        None,
                        (
                            text("act_consult.consulted" if choice.consult else "act_consult.left_out"),
                            choice.reason,
                        ),
                    )
                ),
            )
            for choice in _choices(subject.case, typed)
        ]

    def consequence(self, subject: CaseRead, typed: Typed) -> str:
        """Where nobody is asked, the case goes on at once."""
        if any(choice.consult for choice in _choices(subject.case, typed)):
            return text("act_consult.consequence")
        return text("act_consult.nobody")

    def field_of(self, path: str, subject: CaseRead, typed: Typed) -> str:
        """The row of the agency that stands at this place of the request."""
        choices = _choices(subject.case, typed)
        agencies = [row.get("agency", "") for row in rows(typed, _GROUP)]
        for place, choice in enumerate(choices):
            prefix = f"{_GROUP}[{place}]"
            if path.startswith(prefix) and choice.agency in agencies:
                return f"{_GROUP}[{agencies.index(choice.agency)}].reason"
        return path

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """StartConsultation, with a word on every routed agency."""
        services().ask(
            services().reviews.StartConsultation,
            a.StartConsultationRequest(**common, agencies=_choices(subject.case, typed)),
        )


def _choices(case: a.Case, typed: Typed) -> list[a.AgencyChoice]:
    """What the officer says: of every routed agency, and of those that were added."""
    routed = {one.agency: one for one in case.routed_agencies}
    choices = []
    for row in rows(typed, _GROUP):
        known = routed.get(row.get("agency", ""))
        consult = bool(row.get("consult")) or (known is not None and known.mandatory)
        if known is not None or consult:
            departs = consult is not (known is not None)
            reason = row.get("reason", "") if departs else ""
            choices.append(a.AgencyChoice(agency=row.get("agency", ""), consult=consult, reason=reason))
    return choices


PAGES: Final[tuple[Page, ...]] = Consult().pages()
