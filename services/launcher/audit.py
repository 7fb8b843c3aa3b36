"""Verification of the record of an embedded platform, and what an auditor keeps from one time to the next."""

import pathlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from services.foundation.audit_log import rows
from services.foundation.audit_log.proof import InclusionProof, NotAsSealed, check_inclusion, prove_inclusion
from services.foundation.audit_log.report import AuditReport
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.signed_note import InvalidNote, VerifierKey
from services.foundation.audit_log.statements import Checkpoint
from services.foundation.audit_log.verification import verify
from services.foundation.errors import failed_precondition
from services.launcher.processes import Place


@dataclass(frozen=True)
class Keepsake:
    """A folder outside the platform where an auditor keeps the public keys and the checkpoints he has seen.

    Whoever rewrites a log and signs it anew cannot change what is kept here. Errors of every method:
    FAILED_PRECONDITION, KEEPSAKE_NOT_USABLE if the folder cannot be read or written, or holds something else.
    """

    folder: pathlib.Path

    def key(self, service: str) -> VerifierKey | None:
        """The key seen at the first verification; None before it."""
        file = self.folder / f"{service}.key"
        with self._refusing():
            return VerifierKey.parse(file.read_text(encoding="utf-8")) if file.exists() else None

    def checkpoint(self, service: str) -> Checkpoint | None:
        """The checkpoint seen at the last verification; None before the first."""
        file, key = self.folder / f"{service}.checkpoint", self.key(service)
        with self._refusing():
            if key is None or not file.exists():
                return None
            return Checkpoint.parse(key.open(file.read_text(encoding="utf-8")))

    def keep(self, service: str, key: VerifierKey, note: str) -> None:
        """Keeps what a verification that found nothing wrong has seen."""
        with self._refusing():
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{service}.key").write_text(f"{key}\n", encoding="utf-8")
            (self.folder / f"{service}.checkpoint").write_text(note, encoding="utf-8")

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Names this folder where it cannot be used, so that nobody looks for the fault in the sealed log."""
        try:
            yield
        except (OSError, ValueError, InvalidNote) as error:
            said = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise failed_precondition("KEEPSAKE_NOT_USABLE", folder=str(self.folder), error=said) from error


def verify_service(place: Place, service: str, keepsake: Keepsake | None) -> AuditReport:
    """Holds the database of a service against its sealed log.

    Without a keepsake the key that lies with the log is trusted. Raises OSError where there is no log.
    """
    log = SealedLog(place.folder.audit_log / service)
    key = (keepsake.key(service) if keepsake else None) or log.verifier_key()
    witness = keepsake.checkpoint(service) if keepsake else None
    note = log.latest_signed().note
    with rows.connect(place.postgres.owner_url(service)) as connection:
        report = verify(log.folder, key, connection, witness)
    if keepsake is not None and report.intact:
        keepsake.keep(service, key, note)
    return report


@dataclass(frozen=True)
class EventProof:
    """The proof that one event of a service is in its sealed log, and whether it holds."""

    service: str
    proof: InclusionProof
    holds: bool


def prove_event(place: Place, services: tuple[str, ...], event_id: UUID) -> EventProof | None:
    """The proof of an event in the first of the services that has it.

    None where none has it, or it is not sealed yet. Errors: FAILED_PRECONDITION, EVENT_NOT_AS_SEALED.
    """
    for service in services:
        with rows.connect(place.postgres.owner_url(service)) as connection:
            row = rows.row_of_event(connection, event_id)
        if row is not None:
            log = SealedLog(place.folder.audit_log / service)
            try:
                proof = prove_inclusion(log, row)
            except NotAsSealed as error:
                raise failed_precondition("EVENT_NOT_AS_SEALED", service=service, id=str(event_id)) from error
            if proof is None:
                return None
            return EventProof(service, proof, check_inclusion(proof, row, log.verifier_key()))
    return None
