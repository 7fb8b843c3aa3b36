"""How items like one were decided before: material for whoever assesses it or files it, and no more than that."""

from collections.abc import Sequence
from typing import Final

from flask import g
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import precedent_pb2 as p
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.classification_tree import classify_request
from services.portal.language import choose, shown, text
from services.portal.services import services

# What the items of others were held to be is for those who examine, and for those who watch over it.
READERS: Final = allow(
    Role.PROVINCIAL_OFFICER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.LIST_EDITOR, Role.AUDITOR
)
# Enough to compare with, and few enough to read.
_OFFERED: Final = 5


def precedents_of(item: d.Item, dossier: d.Dossier) -> Sequence[p.Precedent] | None:
    """The precedents of an item, the most alike first; None where they cannot be had now or are not for the person."""
    if g.principal.role not in READERS.roles:
        return None
    return _found(classify_request(item, dossier, "").item)


def own_precedents_of(item: cl.Item) -> Sequence[p.Precedent]:
    """What was decided about the organisation's own items like this one; nothing where it cannot be had now."""
    return _found(item) or ()


def application_of(precedent: p.Precedent) -> str:
    """The id of the application in which it was decided."""
    return precedent.subject.split("/")[1] if precedent.subject.startswith("applications/") else ""


def _found(item: cl.Item) -> Sequence[p.Precedent] | None:
    asked = p.FindPrecedentsRequest(item=item, most=_OFFERED)
    try:
        return services().ask(services().precedents.FindPrecedents, asked).precedents
    except XukeError as error:
        if error.code is not ErrorCode.UNAVAILABLE:
            raise
        return None


def precedent_name(precedent: p.Precedent) -> str:
    """A precedent in a line: the item, and what it was held to be."""
    name = choose(precedent.item.name_zh or precedent.item.name_en, precedent.item.name_en)
    held = text("page.separator").join(precedent.control_codes) or shown("Assessment", "NOT_CONTROLLED")
    return f"{name or precedent.item.name_zh} → {held}"
