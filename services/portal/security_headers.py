"""Headers of every answer: what a browser may do with it."""

import secrets
import time
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


def add_security_headers(application: Flask, *, secure: bool) -> None:
    """Adds them; `secure` demands TLS for a year."""

    def enter() -> None:
        g.started = time.perf_counter()
        g.trace_id = enter_trace(request.headers.get("traceparent"))
        g.script_nonce = secrets.token_urlsafe(16)

    def leave(response: Response) -> Response:
        for name, value in _SECURITY.items():
            response.headers[name] = value
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' 'nonce-{g.script_nonce}'; style-src 'self'; img-src 'self';"
            " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        # Pages show what is true now, to the one who asked; only the style and the script are the same to all.
        static = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = f"public, max-age={_STATIC_SECONDS}" if static else "no-store"
        response.headers["X-Trace-Id"] = g.trace_id
        return response

    application.before_request(enter)
    application.after_request(leave)
