"""The page of a licence, and its signed document."""

import re
from typing import Final

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.page import Page
from services.portal.services import services

READERS: Final = allow(
    Role.EXPORTER,
    Role.AGENT,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
)

# States from which the law of the licence knows a stop; a suspended one can be reported on again.
STOPPABLE = frozenset({li.LICENCE_STATE_ISSUED, li.LICENCE_STATE_ACTIVE, li.LICENCE_STATE_SUSPENDED})


def owes_due_diligence(licence: li.Licence) -> bool:
    """Whether its holder has to record due diligence before goods can be declared under it."""
    newest = next(iter(licence.due_diligence), None)
    done = newest is not None and newest.due_diligence.military_risk == d.MILITARY_RISK_NONE_FOUND
    return licence.state in STOPPABLE and licence.due_diligence_demanded and not done


def read_licence(number: str) -> li.Licence:
    """The licence. Errors: NOT_FOUND, also for a text that is no licence number."""
    try:
        return services().ask(services().licences.GetLicence, li.GetLicenceRequest(number=number))
    except XukeError as error:
        if error.code is ErrorCode.INVALID_ARGUMENT:
            raise XukeError(ErrorCode.NOT_FOUND, "NOT_FOUND", {"kind": "licence", "id": number}) from error
        raise


def licence(number: str) -> ResponseReturnValue:
    """Lines with their balance, the use made of them, the document and the way to verify it."""
    found = read_licence(number)
    usage = services().ask(services().licences.ListUsage, li.ListUsageRequest(number=found.number))
    return render_template(
        "licences/licence.html",
        licence=found,
        usage=usage.entries,
        stoppable=found.state in STOPPABLE,
        diligence_owed=owes_due_diligence(found),
    )


def licence_document(number: str) -> ResponseReturnValue:
    """The signed PDF, to be kept as a file."""
    found = read_licence(number)
    document = services().ask(
        services().licences.GetLicenceDocument, li.GetLicenceDocumentRequest(number=found.number)
    )
    name = re.sub("[^A-Za-z0-9]", "", document.number)
    return Response(
        document.content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("licence", "/licences/<number>", licence, READERS),
    Page("licence_document", "/licences/<number>/document.pdf", licence_document, READERS),
)
