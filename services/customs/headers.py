"""Headers of every answer: which request it belongs to, and what a browser may do with it (almost nothing)."""

import base64
import hashlib
import re
import time
import uuid
from typing import Final

from flask import Response, g, request

from services.foundation.tracing import enter_trace

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NOTHING: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    # A status is true only at the moment it is asked for.
    "Cache-Control": "no-store",
}


def enter() -> None:
    """Joins the trace of the caller and takes over the caller's request id, or makes one."""
    g.started = time.perf_counter()
    g.trace_id = enter_trace(request.headers.get("traceparent"))
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


def leave(response: Response) -> Response:
    """Adds the headers that every answer has."""
    response.headers["X-Request-Id"] = g.request_id
    response.headers["X-Trace-Id"] = g.trace_id
    for name, value in _SECURITY.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", _NOTHING)
    return response


def content_security_policy(style: str) -> str:
    """The policy of a page whose only resource is this one style sheet within it."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"{_NOTHING}; style-src 'sha256-{digest}'"
