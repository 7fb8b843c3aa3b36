"""The one complete list of what is missing (一次性告知补正, 行政许可法 Art. 32(4))."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from xuke.foundation.v1 import foundation_pb2
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.messages import render
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.case_act import CaseAct, CaseRead
from services.portal.dossier_summary import dossier_sections
from services.portal.language import choose, text, word
from services.portal.page import Page
from services.portal.rows import filled_rows
from services.portal.services import services

# The word of a point that an officer added to those of the automatic check.
ADDED_BY_OFFICER: Final = "ADDED_BY_OFFICER"
_GROUP: Final = "deficiencies"
_LONGEST_TEXT: Final = 2000


def places(case: a.Case) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """What a point can be about, under headings: the documents, and the fields of the dossier by section."""
    documents = [
        (
            f"attachments.{d.AttachmentKind.Name(kind).removeprefix('ATTACHMENT_KIND_')}",
            word(d.AttachmentKind, kind),
        )
        for kind in d.AttachmentKind.values()
        if kind
    ]
    sections = [
        (
            section.heading,
            [
                *([(f"dossier.{section.path}", text("act_supplement.whole"))] if section.path else ()),
                *((f"dossier.{row.path}", row.label) for row in section.rows),
            ],
        )
        for section in dossier_sections(case.dossier)
    ]
    return [(text("application.attachments"), documents), *sections]


def place_label(case: a.Case, path: str) -> str:
    """A field or document as people read it; the path itself where the dossier has no such place."""
    for heading, fields in places(case):
        for field, label in fields:
            if field == path:
                return text("field.of", whose=heading, what=label)
    return path


class RequestSupplement(CaseAct):
    """Tells the applicant once of everything that is missing."""

    name = "supplement"
    endpoint = "case_supplement"
    path = "/cases/<uuid:application_id>/actions/supplement"
    permission = allow(Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER)
    action = "request_supplement"
    groups = (_GROUP,)

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also what a point can be about."""
        return {**super().context(subject), "places": places(subject.case)}

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """A point says what it is about and what to do, in both languages; an empty list tells nothing."""
        faults: Faults = {}
        added = filled_rows(typed, _GROUP)
        known = {path for _, fields in places(subject.case) for path, _ in fields}
        for number in range(len(added)):
            row = f"{_GROUP}[{number}]"
            if typed.get(f"{row}.field", "") not in known:
                faults[f"{row}.field"] = text("act_supplement.fault_field", number=number + 1)
            for language in ("zh", "en"):
                missing = text(f"act_supplement.fault_{language}", number=number + 1)
                demand(faults, typed, f"{row}.text.{language}", missing, _LONGEST_TEXT)
        if not added and not subject.case.computed_deficiencies:
            faults[f"{_GROUP}[0].field"] = text("act_supplement.fault_none")
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """The notice as the applicant will read it, in both languages."""
        points = list(_points(subject.case, typed))
        told = render("NOTICE_SUPPLEMENT", {"number": subject.case.number, "count": str(len(points))})
        return [
            Answer(text("act_supplement.notice"), choose(told.zh, told.en)),
            *(
                Answer(
                    text("act_supplement.point", number=number),
                    "\n".join(filter(None, (place_label(subject.case, one.field), one.text.zh, one.text.en))),
                )
                for number, one in enumerate(points, start=1)
            ),
        ]

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """RequestSupplement; licensing itself adds what the automatic check found."""
        services().ask(
            services().reviews.RequestSupplement,
            a.RequestSupplementRequest(**common, deficiencies=_added(typed)),
        )


def _added(typed: Typed) -> Iterator[a.Deficiency]:
    for row in filled_rows(typed, _GROUP):
        yield a.Deficiency(
            code=ADDED_BY_OFFICER,
            field=row.get("field", ""),
            text=foundation_pb2.LocalizedText(zh=row.get("text.zh", ""), en=row.get("text.en", "")),
        )


def _points(case: a.Case, typed: Typed) -> Iterator[a.Deficiency]:
    yield from case.computed_deficiencies
    yield from _added(typed)


PAGES: Final[tuple[Page, ...]] = RequestSupplement().pages()
