"""How far a draft is: by what keeps it from being submitted, as licensing tells, and by what is stated at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import FieldViolation
from services.portal.answers import is_blank, is_under, sentence
from services.portal.filing import addresses
from services.portal.filing.labels import labels
from services.portal.filing.places import DOSSIER
from services.portal.filing.sections import ATTACHMENTS, DUE_DILIGENCE, SECTIONS, Section
from services.portal.formats import article
from services.portal.language import code_name, shown
from services.portal.services import services

# Reasons that tell of something not there yet, and not of something wrong.
_MISSING: Final = frozenset(
    {
        "VALUE_MISSING",
        "NOT_POSITIVE",
        "UNDERTAKING_MISSING",
        "DECLARATION_MISSING",
        "PARTY_MISSING",
        "ATTACHMENT_MISSING",
        "DUE_DILIGENCE_DEMANDED",
    }
)
# Documents of every application for a single licence (Regulation 792 Art. 16(1)(1) to (4)).
DEMANDED: Final = (
    d.ATTACHMENT_KIND_LEGAL_REPRESENTATIVE_IDENTITY,
    d.ATTACHMENT_KIND_MANAGER_IDENTITY,
    d.ATTACHMENT_KIND_HANDLER_IDENTITY,
    d.ATTACHMENT_KIND_CONTRACT,
    d.ATTACHMENT_KIND_TECHNICAL_DESCRIPTION,
    d.ATTACHMENT_KIND_END_USER_CERTIFICATE,
)


class Progress(StrEnum):
    """Where a section stands."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    HAS_FAULTS = "HAS_FAULTS"
    COMPLETE = "COMPLETE"


@dataclass(frozen=True)
class Lack:
    """Something that keeps the application from being submitted: its path, words, and the page that mends it."""

    path: str
    label: str
    sentence: str
    address: str
    is_missing: bool


@dataclass(frozen=True)
class Task:
    """A section in the list of tasks, with the page that it leads to."""

    section: Section
    progress: Progress
    address: str


def check(application: a.Application) -> tuple[Lack, ...]:
    """What keeps it from being submitted, in the order of the contract."""
    found = services().ask(
        services().applications.CheckApplication,
        a.CheckApplicationRequest(application_id=application.application_id),
    )
    violations = (FieldViolation(fault.field, fault.reason, dict(fault.values)) for fault in found.faults)
    return lacks(application, violations)


def lacks(application: a.Application, violations: Iterable[FieldViolation]) -> tuple[Lack, ...]:
    """The same, of what submitting it was refused with."""
    label = labels(application.dossier)
    return tuple(
        Lack(
            violation.field,
            label(violation.field),
            sentence(_worded(violation)),
            addresses.mending(application, violation.field, "check"),
            violation.reason in _MISSING,
        )
        for violation in violations
    )


def tasks(application: a.Application, found: Iterable[Lack]) -> tuple[Task, ...]:
    """The sections, each with where it stands."""
    of = tuple(found)
    return tuple(
        _task(application, section, of) for section in SECTIONS if _is_asked(application, section, of)
    )


def missing_documents(application: a.Application) -> tuple[int, ...]:
    """The kinds of documents that every application needs and that are not attached."""
    attached = {attachment.kind for attachment in application.attachments}
    return tuple(kind for kind in DEMANDED if kind not in attached)


def _is_asked(application: a.Application, section: Section, found: Iterable[Lack]) -> bool:
    """Due diligence only where the destination demands it, or where something is stated already."""
    return (
        section.key != DUE_DILIGENCE
        or not _is_untouched(application, section)
        or any(_belongs(lack.path, DUE_DILIGENCE) for lack in found)
    )


def _task(application: a.Application, section: Section, found: Iterable[Lack]) -> Task:
    own = [lack for lack in found if any(_belongs(lack.path, path) for path in section.paths)]
    address = _entrance(application, section)
    if _is_untouched(application, section):
        return Task(section, Progress.NOT_STARTED, address)
    if section.steps and not section.part and own:
        address = addresses.mending(application, own[0].path)
    if any(not lack.is_missing for lack in own):
        return Task(section, Progress.HAS_FAULTS, address)
    incomplete = own or (section.key == ATTACHMENTS and missing_documents(application))
    return Task(section, Progress.IN_PROGRESS if incomplete else Progress.COMPLETE, address)


def _belongs(path: str, to: str) -> bool:
    return is_under(path, to if to == ATTACHMENTS else f"{DOSSIER}{to}")


def _is_untouched(application: a.Application, section: Section) -> bool:
    if section.key == ATTACHMENTS:
        return not application.attachments
    if section.part:
        return not getattr(application.dossier, section.part)
    return is_blank([question for step in section.steps for question in step.questions], application.dossier)


def _entrance(application: a.Application, section: Section) -> str:
    if section.key == ATTACHMENTS:
        return addresses.mending(application, ATTACHMENTS)
    if section.part:
        return addresses.mending(application, f"{DOSSIER}{section.part}")
    return addresses.mending(application, f"{DOSSIER}{section.steps[0].questions[0].path}")


def _worded(violation: FieldViolation) -> FieldViolation:
    """The violation with words of people in place of enumerated ones."""
    metadata = dict(violation.metadata)
    if "role" in metadata:
        metadata["role"] = shown("PartyRole", metadata["role"])
    if "country" in metadata:
        metadata["country"] = code_name("country", metadata["country"])
    if "article" in metadata:
        metadata["article"] = article(metadata["article"])
    return FieldViolation(violation.field, violation.reason, metadata)
