"""Errors of the web: RFC 9457 problem documents in Chinese and English."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, json, request

from services.foundation.errors import FieldViolation, XukeError
from services.foundation.http_status import http_status
from services.foundation.messages import LocalizedText, render
from services.foundation.tracing import current_trace_id

MEDIA_TYPE = "application/problem+json"
LANGUAGES = ("zh", "en")
RETRY_AFTER_SECONDS = 2


def problem_of(error: XukeError) -> Response:
    """The answer to a request that was refused."""
    return problem(http_status(error.code), error.reason, error.metadata, error.violations)


def problem(
    status: int,
    reason: str,
    metadata: Mapping[str, str] | None = None,
    violations: Sequence[FieldViolation] = (),
) -> Response:
    """A problem document; `Accept-Language` chooses the language of `title` and `detail`."""
    language = request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0])
    document: dict[str, Any] = {
        "type": f"urn:xuke:reason:{reason}",
        "status": status,
        "reason": reason,
        "instance": request.path,
        "trace_id": current_trace_id(),
        **_both("title", render(f"HTTP_{status}"), language),
        **_both("detail", render(reason, metadata), language),
    }
    if violations:
        document["errors"] = [
            {
                "field": violation.field,
                "reason": violation.reason,
                **_both("detail", render(violation.reason, violation.metadata), language),
            }
            for violation in violations
        ]
    # A name that the caller made up may hold half of a surrogate pair, which has no encoding.
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    response = Response(content, status, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="xuke"'
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _both(name: str, text: LocalizedText, language: str) -> dict[str, str]:
    return {name: text.en if language == "en" else text.zh, f"{name}_zh": text.zh, f"{name}_en": text.en}
