"""Saving the answers of a step, beside others who work on the same application.

Only the answers of the step are taken from the person; everything else is as it stands in the application at that
moment. The page carries a digest of what it showed for each question. Of a question that somebody else changed
meanwhile the other's answer stays if this person left it as it was, and both are shown if not.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from google.protobuf.message import Message
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError, failed_precondition
from services.portal.answers import digest, placed, stated, write
from services.portal.filing.openness import open_questions
from services.portal.filing.places import Place, blank_item
from services.portal.filing.sections import ENTRIES, ITEMS
from services.portal.forms import Faults, Question, Typed
from services.portal.services import services

# The entry of a page that adds one.
NEW: Final = "new"
THEIRS: Final = "theirs"
_ATTEMPTS: Final = 5


@dataclass(frozen=True)
class Sent:
    """What the page of a step sends.

    `seen` are the digests of what it showed, by the names of the questions; `entry` tells which entry it is about,
    wherever it stands now; `choices` settle conflicts by the names of the questions; `complete` holds if the person
    says that the page is done; a new party is the `same_as` the one with that number, 0 for none.
    """

    typed: Typed
    seen: Mapping[str, str]
    entry: str = ""
    choices: Mapping[str, str] | None = None
    request_id: str = ""
    complete: bool = True
    same_as: int = 0


@dataclass(frozen=True)
class Saved:
    """The application as it is now, and the place that the step was about."""

    application: a.Application
    place: Place


@dataclass(frozen=True)
class Refused:
    """Nothing is saved: what is wrong, or what somebody else answered meanwhile, by the names of the questions."""

    application: a.Application
    place: Place
    faults: Faults
    theirs: Mapping[str, Typed]


def read_application(application_id: str | uuid.UUID) -> a.Application:
    """The application. Errors: NOT_FOUND, also for another organisation's."""
    return services().ask(
        services().applications.GetApplication,
        a.GetApplicationRequest(application_id=str(application_id)),
    )


def replace_dossier(application: a.Application, dossier: d.Dossier, request_id: str = "") -> a.Application:
    """Replaces the dossier of the application as it was read. Errors: ABORTED if somebody else was faster."""
    return services().ask(
        services().applications.UpdateApplication,
        a.UpdateApplicationRequest(
            request_id=request_id or str(uuid.uuid4()),
            application_id=application.application_id,
            etag=application.etag,
            dossier=dossier,
        ),
    )


def entry_digest(place: Place, application: a.Application) -> str:
    """Tells an entry apart from the others of its part; NEW for one that is not there yet."""
    if not place.part:
        return ""
    if place.number > len(getattr(application.dossier, place.part)):
        return NEW
    return _of_entry(place.part, place.message(application.dossier))


def save(application_id: uuid.UUID, place: Place, sent: Sent) -> Saved | Refused:
    """Saves the answers of a step.

    Errors: NOT_FOUND; FAILED_PRECONDITION if the application may not be changed any more; ABORTED if others change
    it faster than it can be read.
    """
    for attempt in range(_ATTEMPTS):
        application = read_application(application_id)
        here = _relocated(place, sent.entry, application)
        questions = open_questions(application, here)
        if not questions:
            raise failed_precondition("ACTION_NOT_ALLOWED", id=application.application_id)
        dossier = d.Dossier()
        dossier.CopyFrom(application.dossier)
        message = _message(here, dossier, sent.same_as)
        before = type(message)()
        before.CopyFrom(message)
        faults = write(questions, sent.typed, message)
        theirs = _merge(questions, before, message, sent, faults)
        if sent.complete:
            faults = _with_unanswered(questions, message, faults)
        if faults or theirs:
            return Refused(application, here, faults, theirs)
        if dossier == application.dossier:
            return Saved(application, here)
        try:
            is_new = sent.entry == NEW
            return Saved(replace_dossier(application, dossier, sent.request_id if is_new else ""), here)
        except XukeError as error:
            if error.reason == "REQUEST_ID_REUSED":
                # The page that adds an entry was sent twice: it is there already.
                return Saved(read_application(application_id), place)
            if error.code is ErrorCode.INVALID_ARGUMENT:
                return Refused(application, here, placed(error.violations, questions, here.prefix), {})
            if error.code is not ErrorCode.ABORTED or attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _of_entry(part: str, message: Message) -> str:
    return digest([question for step in ENTRIES[part].steps for question in step.questions], message)


def _relocated(place: Place, entry: str, application: a.Application) -> Place:
    """The place of the entry now: others may have removed one before it, or it itself."""
    if not place.part:
        return place
    entries = getattr(application.dossier, place.part)
    if entry == NEW:
        return Place(place.step, place.part, len(entries) + 1)
    digests = [_of_entry(place.part, message) for message in entries]
    if entry in digests and (place.number > len(digests) or digests[place.number - 1] != entry):
        return Place(place.step, place.part, digests.index(entry) + 1)
    return Place(place.step, place.part, min(place.number, len(entries) + 1))


def _message(place: Place, dossier: d.Dossier, same_as: int) -> Message:
    """The message of the place in the dossier; a new entry is put at its end."""
    if not place.part or place.number <= len(getattr(dossier, place.part)):
        return place.message(dossier)
    if place.part == ITEMS:
        item = dossier.items.add()
        item.CopyFrom(blank_item(dossier, len(dossier.items)))
        return item
    party = dossier.parties.add()
    if 1 <= same_as < len(dossier.parties):
        party.CopyFrom(dossier.parties[same_as - 1])
        party.ClearField("role")
        party.ClearField("service")
    return party


def _with_unanswered(questions: Sequence[Question], message: Message, faults: Faults) -> Faults:
    """The faults, and those of questions that nobody answered."""
    put_together = type(message)()
    put_together.CopyFrom(message)
    unanswered = write(questions, stated(questions, message), put_together, complete=True)
    at = {one.name: faults.at.get(one.name) or unanswered.at.get(one.name, "") for one in questions}
    return Faults({name: fault for name, fault in at.items() if fault}, faults.general)


def _merge(
    questions: Sequence[Question], before: Message, message: Message, sent: Sent, faults: Faults
) -> dict[str, Typed]:
    """Takes over what others answered; returns their answers to the questions that both answered differently."""
    theirs: dict[str, Typed] = {}
    for question in questions:
        if question.name in faults.at:
            continue
        seen, there = sent.seen.get(question.name, ""), digest((question,), before)
        mine = digest((question,), message)
        if (sent.choices or {}).get(question.name) == THEIRS or mine == seen:
            write((question,), stated((question,), before), message)
        elif seen not in ("", there) and mine != there:
            theirs[question.name] = stated((question,), before)
    return theirs
