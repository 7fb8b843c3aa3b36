"""Saying under which codes an item falls (审查归类), with what was claimed, computed and decided before at hand."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from xuke.classification.v1 import precedent_pb2 as p
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.case_act import LONGEST_REASONS, CaseAct, CaseRead, OfferedPrecedent
from services.portal.classification_tree import classify_request
from services.portal.language import choose, shown, text
from services.portal.page import Page
from services.portal.services import services

_CONTROLLED: Final = "CONTROLLED"
HELD: Final = (_CONTROLLED, "NOT_CONTROLLED")
_BETWEEN_CODES: Final = re.compile(r"[\s,;，；、]+")
_LONGEST_NUMBER: Final = 60
# Precedents of one item: enough to compare with, and few enough to read.
_OFFERED: Final = 5


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
        try:
            return replace(found, precedents=tuple(_precedents(found.case)))
        except XukeError as error:
            if error.code is not ErrorCode.UNAVAILABLE:
                raise
            return replace(found, precedents=None)

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
        if len(typed.get("inquiry", "")) > _LONGEST_NUMBER:
            faults["inquiry"] = text("act_assess.fault_inquiry")
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
            Answer(text("act_assess.held"), held if not codes_of(typed) else f"{held}: {_listed(typed)}"),
            Answer(text("act_assess.reason"), typed["reason"]),
            *([Answer(text("act_assess.precedent"), precedent_name(cited.precedent))] if cited else []),
            *([Answer(text("act_assess.inquiry"), typed["inquiry"])] if typed.get("inquiry") else []),
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


def precedent_name(precedent: p.Precedent) -> str:
    """A precedent in a line: the item, and what it was held to be."""
    name = choose(precedent.item.name_zh or precedent.item.name_en, precedent.item.name_en)
    held = text("page.separator").join(precedent.control_codes) or shown("Assessment", "NOT_CONTROLLED")
    return f"{name or precedent.item.name_zh} → {held}"


def _listed(typed: Typed) -> str:
    return text("page.separator").join(codes_of(typed))


def _item_name(case: a.Case, line: str) -> str:
    (item,) = (one for one in case.dossier.items if str(one.line_number) == line)
    return f"{line}. {choose(item.name_zh, item.name_en) or item.name_zh}"


def _precedents(case: a.Case) -> list[OfferedPrecedent]:
    return [
        OfferedPrecedent(item.line_number, found)
        for item in case.dossier.items
        for found in services()
        .ask(
            services().precedents.FindPrecedents,
            p.FindPrecedentsRequest(item=classify_request(item, case.dossier, "").item, most=_OFFERED),
        )
        .precedents
    ]


PAGES: Final[tuple[Page, ...]] = AssessItem().pages()
