"""How the launcher knows that a process is ready: it asks it, as a caller would."""

import json
import pathlib
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

Probe = Callable[[], bool]

INTERVAL_SECONDS = 0.03
_TIMEOUT_SECONDS = 1.0
# Calls to this machine never go through a proxy.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def accepts_connections(address: str) -> bool:
    """Whether something listens at host:port."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=_TIMEOUT_SECONDS):
            return True
    except OSError:
        return False


def serves_grpc(address: str) -> bool:
    """Whether the gRPC server at host:port reports SERVING (grpc.health.v1)."""
    # A channel that fails once waits a second before it tries again, so look first.
    if not accepts_connections(address):
        return False
    with grpc.insecure_channel(address) as channel:
        try:
            ask: Any = health_pb2_grpc.HealthStub(channel)
            answer = ask.Check(health_pb2.HealthCheckRequest(), timeout=_TIMEOUT_SECONDS)
        except grpc.RpcError:
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def answers_http(url: str) -> bool:
    """Whether a GET of the address is answered with success."""
    try:
        with DIRECT.open(url, timeout=_TIMEOUT_SECONDS) as response:
            return bool(response.status < 400)
    except OSError:
        return False


def logged(log: pathlib.Path, offset: int, event: str) -> bool:
    """Whether a process without a port has logged an event of that name since `offset` bytes of its log."""
    if not log.exists():
        return False
    with log.open("rb") as stream:
        stream.seek(offset)
        for line in stream:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict) and entry.get("event") == event:
                return True
    return False


def wait_until(probe: Probe, seconds: float, interval: float = INTERVAL_SECONDS) -> bool:
    """Asks until the answer is yes or the time is over; returns the last answer."""
    deadline = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True
