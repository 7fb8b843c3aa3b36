"""Errors as values: a stable reason, the field it is about, and what to do.

One type crosses every service boundary. It carries no prose for people: sentences in Chinese and English are
made at the edge from the catalogues (see `messages`). Codes and details follow AIP-193.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class ErrorCode(Enum):
    """The kinds of failure, with their numbers in gRPC (google.rpc.Code)."""

    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    INTERNAL = 13
    UNAVAILABLE = 14
    UNAUTHENTICATED = 16


@dataclass(frozen=True)
class FieldViolation:
    """One field that is wrong: its path as in the contract, the reason, and values for the sentence."""

    field: str
    reason: str
    metadata: Mapping[str, str] = dataclasses.field(default_factory=dict)


class XukeError(Exception):
    """A refusal with a stable reason code.

    `reason` is UPPER_SNAKE_CASE and stands in a catalogue of messages; `metadata` fills the sentence;
    `violations` name the fields where the input is at fault.
    """

    def __init__(
        self,
        code: ErrorCode,
        reason: str,
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[FieldViolation] = (),
    ) -> None:
        self.code = code
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.violations = tuple(violations)
        super().__init__(f"{code.name} {reason} {self.metadata} {list(self.violations)}")


def invalid_argument(*violations: FieldViolation) -> XukeError:
    """The input is wrong whatever the state of the system; names every field at fault."""
    return XukeError(ErrorCode.INVALID_ARGUMENT, "INVALID_INPUT", violations=violations)


def invalid_field(name: str, reason: str, **metadata: str) -> XukeError:
    """The input is wrong in one field."""
    return invalid_argument(FieldViolation(name, reason, metadata))


def not_found(kind: str, identifier: str) -> XukeError:
    """There is no such thing, or the caller may not know of it."""
    return XukeError(ErrorCode.NOT_FOUND, "NOT_FOUND", {"kind": kind, "id": identifier})


def permission_denied(reason: str, **metadata: str) -> XukeError:
    """The caller is known and may not do this."""
    return XukeError(ErrorCode.PERMISSION_DENIED, reason, metadata)


def failed_precondition(reason: str, **metadata: str) -> XukeError:
    """The state of the thing does not allow this; metadata names the actual state and what is allowed."""
    return XukeError(ErrorCode.FAILED_PRECONDITION, reason, metadata)


def stale_etag(kind: str, identifier: str) -> XukeError:
    """Somebody changed the resource since the caller read it (AIP-154)."""
    return XukeError(ErrorCode.ABORTED, "STALE_ETAG", {"kind": kind, "id": identifier})


def unavailable(reason: str, **metadata: str) -> XukeError:
    """Something needed is not there now; the same call may succeed later."""
    return XukeError(ErrorCode.UNAVAILABLE, reason, metadata)
