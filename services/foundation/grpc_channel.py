"""Channels to other services: deadline, credential, trace and retries on every call.

Deadlines are set here because a timeout in the service configuration fires early in Python (grpc issues
34547, 40633); the service configuration carries the retries only. A call is repeated only when it failed
with UNAVAILABLE, which is safe because reads change nothing and every mutating request carries its
request id.
"""

import collections
import json
from collections.abc import Callable
from typing import Any

import grpc

from services.foundation.tracing import traceparent

DEADLINE_SECONDS = 10.0
MAXIMUM_MESSAGE_BYTES = 24 * 1024 * 1024

_RETRIES = json.dumps(
    {
        "methodConfig": [
            {
                "name": [{}],
                "waitForReady": True,
                "retryPolicy": {
                    "maxAttempts": 5,
                    "initialBackoff": "0.1s",
                    "maxBackoff": "2s",
                    "backoffMultiplier": 3,
                    "retryableStatusCodes": ["UNAVAILABLE"],
                },
            }
        ]
    }
)


class _Details(
    collections.namedtuple(
        "_Details", ("method", "timeout", "metadata", "credentials", "wait_for_ready", "compression")
    ),
    grpc.ClientCallDetails,
):
    """Details of an outgoing call with deadline and metadata filled in."""


class _Outgoing(
    grpc.UnaryUnaryClientInterceptor,
    grpc.UnaryStreamClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
):
    def __init__(self, token: Callable[[], str] | None, deadline_seconds: float) -> None:
        self._token = token
        self._deadline_seconds = deadline_seconds

    def _details(self, details: Any) -> _Details:
        metadata = list(details.metadata or ())
        given = {key for key, _ in metadata}
        if "traceparent" not in given:
            metadata.append(("traceparent", traceparent()))
        if self._token is not None and "authorization" not in given:
            metadata.append(("authorization", f"Bearer {self._token()}"))
        timeout = details.timeout if details.timeout is not None else self._deadline_seconds
        return _Details(details.method, timeout, metadata, details.credentials, True, None)

    def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return continuation(self._details(client_call_details), request)

    def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        return continuation(self._details(client_call_details), request)

    def intercept_stream_unary(
        self, continuation: Any, client_call_details: Any, request_iterator: Any
    ) -> Any:
        return continuation(self._details(client_call_details), request_iterator)


def open_channel(
    address: str, token: Callable[[], str] | None = None, deadline_seconds: float = DEADLINE_SECONDS
) -> grpc.Channel:
    """A channel to the service at host:port whose calls carry the token that `token` returns.

    Calls wait for a server that is not there yet until their deadline. Create it after any fork.
    """
    channel = grpc.insecure_channel(
        address,
        options=[
            ("grpc.service_config", _RETRIES),
            ("grpc.max_receive_message_length", MAXIMUM_MESSAGE_BYTES),
            ("grpc.max_send_message_length", MAXIMUM_MESSAGE_BYTES),
            ("grpc.min_reconnect_backoff_ms", 100),
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 1000),
        ],
    )
    return grpc.intercept_channel(channel, _Outgoing(token, deadline_seconds))
