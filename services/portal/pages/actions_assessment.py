"""Saying under which codes an item falls (审查归类), with what was claimed, computed and decided before at hand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import inquiry_pb2 as iq
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.case_act import LONGEST_REASONS, CaseAct, CaseRead, OfferedPrecedent
from services.portal.case_precedents import precedent_name, precedents_of
from services.portal.language import choose, shown, text, word
from services.portal.page import Page
from services.portal.pages.inquiry_cited import cited_answer
from services.portal.services import services

_CONTROLLED: Final = "CONTROLLED"
HELD: Final = (_CONTROLLED, "NOT_CONTROLLED")
_BETWEEN_CODES: Final = re.compile(r"[\s,;，；、]+")
_LONGEST_CODE: Final = 40


class AssessItem(CaseAct):
    """Records what the officer holds one item to be, in place of what was said of it before."""

    name = "assess"
    endpoint = "case_assess"
    path = "/cases/<uuid:application_id>/actions/assess"
    permission = allow(Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER)
    action = "assess_item"

    def read(self, address: Mapping[str, Any]) -> CaseRead:
        """Also how like items were decided before; without classification the act goes on without them."""
        found = super().read(address)
        offered: list[OfferedPrecedent] = []
        for item in found.case.dossier.items:
            alike = precedents_of(item, found.case.dossier)
            if alike is None:
                return replace(found, precedents=None)
            offered += [OfferedPrecedent(item.line_number, one) for one in alike]
        return replace(found, precedents=tuple(offered))

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also the items, and the precedents; None where they cannot be had now."""
        return {
            **super().context(subject),
            "held": HELD,
            "precedents": subject.precedents,
            "precedent_name": precedent_name,
        }

    def initial(self, subject: CaseRead) -> dict[str, str]:
        """The first item with what is held of it now."""
        if not subject.case.item_codes:
            return {}
        first = subject.case.item_codes[0]
        return {"line": str(first.line_number), "codes": " ".join(first.counting_control_codes)}

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """An item, what it is held to be with the codes that go with it, and a reason."""
        faults: Faults = {}
        if typed.get("line") not in {str(one.line_number) for one in subject.case.dossier.items}:
            faults["line"] = text("act_assess.fault_line")
        if typed.get("held") not in HELD:
            faults["held"] = text("act_assess.fault_held")
        elif typed["held"] == _CONTROLLED and not codes_of(typed):
            faults["codes"] = text("act_assess.fault_codes")
        demand(faults, typed, "reason", text("act_assess.fault_reason"), LONGEST_REASONS)
        if typed.get("inquiry") and cited_answer(typed["inquiry"]) is None:
            faults["inquiry"] = text("cited.fault_number")
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """The whole assessment."""
        held = shown("Assessment", typed["held"])
        cited = next(
            (one for one in subject.precedents or () if one.precedent.precedent_id == typed.get("precedent")),
            None,
        )
        return [
            Answer(text("act_assess.item"), _item_name(subject.case, typed["line"])),
            Answer(text("act_assess.held"), held),
            *([Answer(text("act_assess.codes"), _named(codes_of(typed)))] if codes_of(typed) else []),
            Answer(text("act_assess.reason"), typed["reason"]),
            *([Answer(text("act_assess.precedent"), precedent_name(cited.precedent))] if cited else []),
            *(
                [Answer(text("act_assess.inquiry"), _answered(typed["inquiry"]))]
                if typed.get("inquiry")
                else []
            ),
        ]

    def field_of(self, path: str, subject: CaseRead, typed: Typed) -> str:
        """The codes stand in one field."""
        fields = {"line_number": "line", "control_codes": "codes", "inquiry_number": "inquiry"}
        return fields.get(path.partition("[")[0], path)

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """AssessItem."""
        services().ask(
            services().reviews.AssessItem,
            a.AssessItemRequest(
                **common,
                line_number=int(typed["line"]),
                control_codes=codes_of(typed),
                reason=typed["reason"],
                precedent_id=typed.get("precedent", ""),
                inquiry_number=typed.get("inquiry", ""),
            ),
        )


def codes_of(typed: Typed) -> list[str]:
    """The codes as typed between spaces, commas or lines; none where the item is held not to be controlled."""
    if typed.get("held") != _CONTROLLED:
        return []
    return [code for code in _BETWEEN_CODES.split(typed.get("codes", "")) if code]


def _item_name(case: a.Case, line: str) -> str:
    (item,) = (one for one in case.dossier.items if str(one.line_number) == line)
    return f"{line}. {choose(item.name_zh, item.name_en) or item.name_zh}"


def _named(codes: Sequence[str]) -> str:
    """The codes with the names of their entries, for a typing error to be seen before it stands on a licence."""
    return "\n".join(f"{code} {_entry_name(code)}" for code in codes)


def _answered(number: str) -> str:
    """The answer that is referred to, for a wrong number to be seen."""
    found = cited_answer(number)
    if found is None:
        return number
    codes = text("page.separator").join(found.control_codes)
    return f"{found.number} {word(iq.InquiryAnswer, found.answer)} {codes}".strip()


def _entry_name(code: str) -> str:
    try:
        entry = services().ask(
            services().classification.GetEntry, cl.GetEntryRequest(control_code=code[:_LONGEST_CODE])
        )
    except XukeError as error:
        if error.code is ErrorCode.NOT_FOUND:
            return text("act_assess.code_not_held")
        if error.code is ErrorCode.UNAVAILABLE:
            return ""
        raise
    return choose(entry.name_zh, entry.name_en) or entry.name_zh


PAGES: Final[tuple[Page, ...]] = AssessItem().pages()
