"""Pages that need no sign-in: the start page, public verification, and the statement on accessibility."""

from typing import Final

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.messages import render
from services.foundation.principal import Role
from services.portal.formats import legal_day_of
from services.portal.gate import admits
from services.portal.language import Language, choose
from services.portal.page import ANYBODY, Page
from services.portal.pages.start import overview
from services.portal.services import services

# Of one address: more than a person needs, less than a search through the numbers wants.
VERIFICATIONS: Final = "30 per minute"
# Pages with which the day of those who have no applications of their own begins.
_WORK: Final = ("queue", "tasks", "experts", "lists")


def root() -> ResponseReturnValue:
    """The start page in Chinese."""
    return redirect(url_for("start", lang=Language.ZH), 302)


def printed_link(number: str) -> ResponseReturnValue:
    """The address in the code printed on a licence; browsers carry the signed statement after # along."""
    return redirect(url_for("verification", lang=Language.ZH, number=number), 302)


def start() -> ResponseReturnValue:
    """What is asked of the person and where things stand; a welcome for whoever has not signed in."""
    principal = g.get("principal")
    if principal is None:
        return render_template("public/welcome.html", signed_out=request.args.get("signed_out") == "1")
    for work in _WORK:
        if admits(work, principal.role):
            return redirect(url_for(work), 302)
    if principal.role not in (Role.EXPORTER, Role.AGENT):
        return render_template("common/no_pages.html")
    return overview()


def verification_form() -> ResponseReturnValue:
    """Asks for a licence number, and leads to its page."""
    number = request.args.get("number", "").strip()
    if number:
        return redirect(url_for("verification", number=number[:40]), 303)
    return render_template("public/verification_form.html", number="", fault="")


def verification(number: str) -> ResponseReturnValue:
    """Whether a licence stands: its state and its days, nothing of its parties."""
    try:
        found = services().ask_as_portal(
            services().verification.VerifyLicence, li.VerifyLicenceRequest(number=number)
        )
    except XukeError as error:
        if error.code is ErrorCode.NOT_FOUND:
            return render_template("public/verification.html", number=number, found=None), 404
        if error.code is ErrorCode.INVALID_ARGUMENT:
            first = error.violations[0] if error.violations else None
            said = render(first.reason, first.metadata) if first else render(error.reason)
            fault = choose(said.zh, said.en)
            return render_template("public/verification_form.html", number=number, fault=fault), 400
        raise
    return render_template(
        "public/verification.html", number=found.number, found=found, stands=_stands(found)
    )


def _stands(found: li.LicenceVerification) -> bool:
    """Whether goods may move under it: active, and within its days even if nobody has recorded its end yet."""
    today = legal_day_of(found.as_of).isoformat()
    return found.state == li.LICENCE_STATE_ACTIVE and found.valid_from <= today <= found.valid_to


def accessibility() -> ResponseReturnValue:
    """What the pages hold to, and what is not reached yet."""
    return render_template("public/accessibility.html")


PAGES: Final[tuple[Page, ...]] = (
    Page("root", "/", root, ANYBODY, in_languages=False),
    Page("printed_link", "/verify/<number>", printed_link, ANYBODY, in_languages=False),
    Page("start", "/", start, ANYBODY),
    Page("verification_form", "/verify", verification_form, ANYBODY),
    Page("verification", "/verify/<number>", verification, ANYBODY, limit=VERIFICATIONS),
    Page("accessibility", "/accessibility", accessibility, ANYBODY),
)
