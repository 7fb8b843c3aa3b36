"""The sections of an application in the order in which they are asked."""

from dataclasses import dataclass
from typing import Final

from services.portal.filing import entry_questions, general_questions, risk_questions
from services.portal.filing.step import Step

ITEMS: Final = "items"
PARTIES: Final = "parties"
ATTACHMENTS: Final = "attachments"
# Asked only where the destination demands it, or where something is stated already.
DUE_DILIGENCE: Final = "due_diligence"


@dataclass(frozen=True)
class Section:
    """A section of the task list: its steps about the dossier as a whole, or about each entry of a part.

    `paths` are those of the dossier that belong to it, "attachments" for documents.
    """

    key: str
    title: str
    steps: tuple[Step, ...] = ()
    part: str = ""
    more_paths: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """What of the dossier belongs to it."""
        if self.part:
            return (self.part,)
        return (*(question.path for step in self.steps for question in step.questions), *self.more_paths)


SECTIONS: Final = (
    Section("applicant", "section.applicant", general_questions.APPLICANT),
    Section("contract", "filing.section_contract", general_questions.CONTRACT),
    Section("export", "filing.section_export", general_questions.EXPORT),
    Section("items", "filing.section_items", entry_questions.ITEM, part=ITEMS),
    Section("parties", "filing.section_parties", entry_questions.PARTY, part=PARTIES),
    Section("end_use", "section.end_use", general_questions.END_USE),
    Section("certificate", "section.end_user_certificate", general_questions.CERTIFICATE),
    Section(
        DUE_DILIGENCE, "section.due_diligence", risk_questions.DUE_DILIGENCE, more_paths=(DUE_DILIGENCE,)
    ),
    Section("attachments", "filing.section_attachments", more_paths=(ATTACHMENTS,)),
    Section(
        "declaration",
        "section.declaration",
        risk_questions.DECLARATION,
        # Services tell the rows apart by number, the questions by what they are about.
        more_paths=("declaration.catch_all",),
    ),
)
ENTRIES: Final = {section.part: section for section in SECTIONS if section.part}
GENERAL: Final = tuple(section for section in SECTIONS if section.steps and not section.part)


def section_of(step: Step) -> Section:
    """The section in which a step is asked."""
    return next(section for section in SECTIONS if step in section.steps)
