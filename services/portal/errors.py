"""Error pages: what happened, in the reader's language, and what to do now."""

from typing import Final

import structlog
from flask import Flask, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.http_status import http_status
from services.foundation.messages import render
from services.foundation.tracing import current_trace_id
from services.portal.kept_text import kept_text
from services.portal.language import choose, text
from services.portal.sign_in import sign_in_again

_log = structlog.get_logger()
# Said by the page itself, in better words than those for programs.
_OF_THE_ROLE: Final = frozenset({"ROLE_NOT_ALLOWED", "SCOPE_MISSING"})
_UNCERTAIN: Final = frozenset({"CALL_TIMED_OUT", "COMMIT_UNCERTAIN"})
_KNOWN: Final = frozenset({400, 403, 404, 405, 413, 429, 500, 503})


def page(status: int, reason: str = "") -> tuple[str, int]:
    """The page of an HTTP status, with a further sentence where one is known."""
    kind = str(status) if status in _KNOWN else "500" if status >= 500 else "400"
    # What failed is not asked once more for the frame of the page.
    g.failed = status >= 500
    # Whatever stands in the way, what was typed is shown again once it is gone.
    form = kept_text().keep() if g.failed and request.method == "POST" else ""
    content = render_template(
        "common/error.html", kind=kind, reason=reason, form=form, trace_id=current_trace_id()
    )
    return content, status


def status_of(code: ErrorCode) -> int:
    """The HTTP status of a refusal; what a reader can do is the same whether a service is away or slow."""
    return 503 if code is ErrorCode.DEADLINE_EXCEEDED else http_status(code)


def may_be_done(error: XukeError) -> bool:
    """Whether nobody knows if it was done: the same request may be sent again, and is done once."""
    return error.code in (ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED)


def sentence(error: XukeError) -> str:
    """What a refusal of a form says, in the language of the page."""
    if error.reason in _UNCERTAIN:
        return text("acting.uncertain")
    found = render(error.reason, error.metadata)
    return choose(found.zh, found.en)


def add_error_pages(application: Flask) -> None:
    """Adds them."""

    def refused(error: XukeError) -> ResponseReturnValue:
        status = status_of(error.code)
        if status == 401:
            return sign_in_again()
        _log.info("refused", reason=error.reason, code=error.code.name, trace_id=current_trace_id())
        # Which thing was not found is known from the address; its internal name helps nobody.
        return page(
            status, "" if status == 404 or error.reason in _OF_THE_ROLE | _UNCERTAIN else sentence(error)
        )

    def forged(_: CSRFError) -> ResponseReturnValue:
        """A form of an earlier session of the same person is shown again with its text; any other is refused."""
        kept = kept_text().keep()
        return redirect(kept, 303) if kept else page(400)

    def of_http(error: HTTPException) -> tuple[str, int]:
        return page(error.code or 500)

    def unexpected(_: Exception) -> tuple[str, int]:
        """The edge: whatever it was is logged."""
        _log.exception("request_failed", trace_id=current_trace_id())
        return page(500)

    application.register_error_handler(XukeError, refused)
    application.register_error_handler(CSRFError, forged)
    application.register_error_handler(HTTPException, of_http)
    application.register_error_handler(Exception, unexpected)
