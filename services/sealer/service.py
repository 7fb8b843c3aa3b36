"""What the sealed record answers: the newest checkpoint of a database, and the proof of an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import psycopg

from services.foundation.audit_log.proof import InclusionProof, NotAsSealed, prove_inclusion
from services.foundation.audit_log.rows import connect, row_of_event
from services.foundation.audit_log.sealed_log import LogDamaged, SealedLog
from services.foundation.audit_log.statements import SignedCheckpoint
from services.foundation.errors import XukeError, failed_precondition, not_found, unavailable
from services.sealer.sealing import Sealing


@dataclass(frozen=True)
class ProvedEvent:
    """The proof of an event, and the text of the key that signed the checkpoint it leads to."""

    proof: InclusionProof
    verifier_key: str


class SealedRecord:
    """The sealed logs of all databases, by service."""

    def __init__(self, sealings: Mapping[str, Sealing]) -> None:
        self._sealings = sealings

    def checkpoint(self, service: str) -> SignedCheckpoint:
        """The newest checkpoint.

        Errors: NOT_FOUND for an unknown service; FAILED_PRECONDITION, SEALING_STOPPED when database and
        log contradict each other and nothing is sealed any more; UNAVAILABLE, LOG_NOT_READY.
        """
        sealing = self._sealing(service)
        if sealing.contradiction:
            raise _stopped(sealing)
        try:
            return SealedLog(sealing.database.folder).latest_signed()
        except (FileNotFoundError, LogDamaged) as error:
            raise unavailable("LOG_NOT_READY", service=service) from error

    def prove(self, service: str, event_id: UUID) -> ProvedEvent:
        """The proof of an event under the newest checkpoint.

        Errors: NOT_FOUND for an unknown service, and for an event that is unknown or not sealed yet;
        FAILED_PRECONDITION, EVENT_NOT_AS_SEALED, or SEALING_STOPPED where the log cannot be read for the
        reason that sealing has stopped for; UNAVAILABLE.
        """
        sealing = self._sealing(service)
        try:
            with connect(sealing.database.url) as connection:
                row = row_of_event(connection, event_id)
        except psycopg.Error as error:
            raise unavailable("DATABASE_UNAVAILABLE") from error
        if row is None:
            raise not_found("audit event", str(event_id))
        log = SealedLog(sealing.database.folder)
        try:
            proof = prove_inclusion(log, row)
            key = str(log.verifier_key())
        except NotAsSealed as error:
            raise failed_precondition("EVENT_NOT_AS_SEALED", service=service, id=str(event_id)) from error
        except (FileNotFoundError, LogDamaged) as error:
            if sealing.contradiction:
                raise _stopped(sealing) from error
            raise unavailable("LOG_NOT_READY", service=service) from error
        if proof is None:
            raise not_found("audit event", str(event_id))
        return ProvedEvent(proof, key)

    def _sealing(self, service: str) -> Sealing:
        if service not in self._sealings:
            raise not_found("sealed log", service)
        return self._sealings[service]


def _stopped(sealing: Sealing) -> XukeError:
    return failed_precondition(
        "SEALING_STOPPED", service=sealing.database.service, cause=sealing.contradiction
    )
