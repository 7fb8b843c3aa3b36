"""Headers of every answer: what a browser may do with it."""

import secrets
import time
from enum import StrEnum
from typing import Final

from flask import Flask, Response, g, request

from services.foundation.tracing import enter_trace

_SECURITY: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_STATIC_SECONDS: Final = 3600


class Frames(StrEnum):
    """What an answer has to do with frames."""

    NONE = "NONE"
    # A page with a document of ours in a frame.
    SHOWN = "SHOWN"
    # A document that is shown in a frame of ours.
    SERVED = "SERVED"


def allow_frames_of_ourselves() -> None:
    """Lets the page in progress show documents of this portal in place."""
    g.frames = Frames.SHOWN


def serve_in_frames() -> None:
    """Lets the answer in progress, a document and no page, be shown in place by a page of this portal.

    Whatever the document holds can run nothing, load nothing and send nothing.
    """
    g.frames = Frames.SERVED


def _own_frames() -> Frames:
    return Frames(g.get("frames", Frames.NONE))


def _policy(sign_on: str) -> str:
    match _own_frames():
        case Frames.NONE:
            shown = ""
        case Frames.SHOWN:
            shown = " object-src 'self'; frame-src 'self';"
        case Frames.SERVED:
            return "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{g.script_nonce}'; style-src 'self'; img-src 'self';"
        f"{shown} form-action 'self' {sign_on}; base-uri 'none'; frame-ancestors 'none'"
    )


def add_security_headers(application: Flask, *, secure: bool, sign_on: str) -> None:
    """Adds them; `secure` demands TLS for a year.

    `sign_on` is the origin of the issuer. A form that is sent when the session has ended leads there, and browsers hold
    the whole way of a form against form-action (CSP Level 3, section 6.4.1).
    """

    def enter() -> None:
        g.started = time.perf_counter()
        g.trace_id = enter_trace(request.headers.get("traceparent"))
        g.script_nonce = secrets.token_urlsafe(16)

    def leave(response: Response) -> Response:
        for name, value in _SECURITY.items():
            response.headers[name] = value
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        response.headers["Content-Security-Policy"] = _policy(sign_on)
        if _own_frames() is Frames.SERVED:
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        # Pages show what is true now, to the one who asked; only the style and the script are the same to all.
        static = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = f"public, max-age={_STATIC_SECONDS}" if static else "no-store"
        response.headers["X-Trace-Id"] = g.trace_id
        return response

    application.before_request(enter)
    application.after_request(leave)
