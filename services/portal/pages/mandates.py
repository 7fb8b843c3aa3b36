"""The mandates (委托) of an organisation's agents: granted with the number of the letter, and ended."""

import uuid
from datetime import datetime
from typing import Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import organisation_pb2 as o

from services.foundation.errors import not_found
from services.portal import form_act
from services.portal.acting import tell
from services.portal.form_act import FormAct
from services.portal.form_options import words
from services.portal.formats import SHANGHAI
from services.portal.forms import Kind, Question
from services.portal.page import Page
from services.portal.pages.organisation import MEMBERS, read_as_administrator
from services.portal.services import services

MANDATE: Final = (
    Question(
        "agent_subject",
        Kind.TEXT,
        "mandate.agent_subject",
        hint="mandate.agent_subject_hint",
        required=True,
        width=20,
    ),
    Question("agent_name", Kind.TEXT, "mandate.agent_name", required=True),
    Question("agent_organisation", Kind.TEXT, "mandate.agent_organisation"),
    Question(
        "scope",
        Kind.CHOICE,
        "mandate.scope",
        options=words(o.MandateScope, hints="mandate_scope"),
        required=True,
    ),
    Question("document_number", Kind.TEXT, "mandate.document_number", required=True, width=20),
    Question("valid_from", Kind.DAY, "mandate.valid_from", hint="mandate.day_hint", required=True, width=10),
    Question("valid_to", Kind.DAY, "mandate.valid_to", hint="mandate.valid_to_hint", required=True, width=10),
)
_REVOCABLE: Final = frozenset({o.MANDATE_STATE_IN_FORCE, o.MANDATE_STATE_NOT_YET})


def grant() -> ResponseReturnValue:
    """Asks for the agent, how far he may act, and the letter of authority."""
    read_as_administrator()
    today = datetime.now(SHANGHAI).date().isoformat()
    return _grant_page(form_act.opened(MANDATE, {"valid_from": (today,)}))


def grant_save() -> ResponseReturnValue:
    """Records the mandate, once."""
    message = o.GrantMandateRequest()
    act = form_act.attempt(
        MANDATE, message, lambda: services().ask(services().organisations.GrantMandate, message)
    )
    if act is None:
        tell("mandate.granted")
        return redirect(url_for("organisation"), 303)
    return _grant_page(act), act.status


def _grant_page(act: FormAct) -> str:
    return render_template("organisation/grant.html", act=act, faults=act.faults)


def revoke(mandate_id: uuid.UUID) -> ResponseReturnValue:
    """Asks whether a mandate shall end; one that has ended leads to the organisation."""
    found = _mandate(mandate_id)
    if found.state not in _REVOCABLE:
        return redirect(url_for("organisation"), 303)
    return _revoke_page(found, form_act.opened(()))


def revoke_confirm(mandate_id: uuid.UUID) -> ResponseReturnValue:
    """Ends it, once."""
    message = o.RevokeMandateRequest(mandate_id=str(mandate_id))
    act = form_act.attempt(
        (), message, lambda: services().ask(services().organisations.RevokeMandate, message)
    )
    if act is None:
        tell("mandate.revoked")
        return redirect(url_for("organisation"), 303)
    return _revoke_page(_mandate(mandate_id), act), act.status


def _mandate(mandate_id: uuid.UUID) -> o.Mandate:
    """A mandate of the organisation. Errors: NOT_FOUND; PERMISSION_DENIED."""
    mandates = read_as_administrator().mandates
    found = next((one for one in mandates if one.mandate_id == str(mandate_id)), None)
    if found is None:
        raise not_found("mandate", str(mandate_id))
    return found


def _revoke_page(found: o.Mandate, act: FormAct) -> str:
    return render_template("organisation/revoke.html", mandate=found, act=act, faults=act.faults)


_PATH: Final = "/organisation/mandates"
PAGES: Final[tuple[Page, ...]] = (
    Page("mandate_grant", f"{_PATH}/new", grant, MEMBERS),
    Page("mandate_grant_save", f"{_PATH}/new", grant_save, MEMBERS, methods=("POST",)),
    Page("mandate_revoke", f"{_PATH}/<uuid:mandate_id>/revoke", revoke, MEMBERS),
    Page(
        "mandate_revoke_confirm",
        f"{_PATH}/<uuid:mandate_id>/revoke",
        revoke_confirm,
        MEMBERS,
        methods=("POST",),
    ),
)
