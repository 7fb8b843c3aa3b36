"""Structured logs with the trace they belong to (W3C Trace Context)."""

import contextvars
import logging
import re
import secrets
import sys

import structlog

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_trace_id: contextvars.ContextVar[str] = contextvars.ContextVar("trace_id", default="")


def current_trace_id() -> str:
    """The 32 hexadecimal digits of the trace in progress, or an empty text."""
    return _trace_id.get()


def enter_trace(traceparent: str | None) -> str:
    """Joins the trace of a traceparent header, or starts a new one; returns its id."""
    match = _TRACEPARENT.fullmatch(traceparent or "")
    trace_id = match.group(1) if match else secrets.token_hex(16)
    _trace_id.set(trace_id)
    return trace_id


def traceparent() -> str:
    """Header value to send along with an outgoing call."""
    return f"00-{_trace_id.get() or secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def configure_logging(process: str, level: str = "INFO") -> None:
    """One JSON object a line on standard error: event name and fields, never a sentence."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(process=process)
