"""The process of the sealer: `python -m services.sealer`.

After a database was restored `… open-epoch SERVICE` lets sealing go on, after a log was lost `… new-log SERVICE`.
"""

import argparse
import sys
import time
from collections.abc import Callable

import structlog

from services.foundation.audit_log.log_writer import LogInUse
from services.foundation.audit_log.rows import Connection, connect
from services.foundation.audit_log.sealer import Refusal, Sealer, SealingRefused, start_new_log
from services.foundation.clock import SystemClock
from services.foundation.grpc_server import Server, serve_until_signal
from services.foundation.identity import TokenVerifier, issuer_keys
from services.foundation.settings import SERVICES_WITH_DATABASE, Settings
from services.foundation.tracing import configure_logging
from services.sealer.sealing import AuditedDatabase, Sealing
from services.sealer.server import registrations
from services.sealer.service import SealedRecord

# A sealer that found the contradiction holds the database for a moment at every look.
_WAIT_FOR_SEALER_SECONDS = 15.0

_log = structlog.get_logger()


def audited_database(settings: Settings, service: str) -> AuditedDatabase:
    """The database of a service and its log, by the settings."""
    return AuditedDatabase(service, settings.owner_database_url(service), settings.audit_log_folder / service)


def serve(settings: Settings) -> None:
    """Seals every database and answers for the record until told to stop."""
    clock = SystemClock()
    sealings = {
        service: Sealing(audited_database(settings, service), clock) for service in SERVICES_WITH_DATABASE
    }
    verifier = TokenVerifier(settings.issuer_url, settings.audience, issuer_keys(settings.issuer_url))
    server = Server(settings.address("sealer"), registrations(SealedRecord(sealings)), verifier, clock)
    for sealing in sealings.values():
        sealing.start()
    try:
        serve_until_signal(server)
    finally:
        for sealing in sealings.values():
            sealing.stop()


def open_epoch(database: AuditedDatabase) -> int:
    """Goes on sealing a restored database; 1 if there is nothing to go on from. Verify it first."""

    def act(connection: Connection) -> None:
        sealer = Sealer(database.folder, database.origin, connection, SystemClock().now())
        try:
            epoch = sealer.open_epoch(SystemClock().now())
        finally:
            sealer.close()
        _log.info(
            "epoch_opened", service=database.service, number=epoch.number, first_index=epoch.first_index
        )

    return _beside_the_sealer(database, "epoch_not_opened", act)


def new_log(database: AuditedDatabase) -> int:
    """Begins a new log where the log of a database is lost; 1 if it is not. Look for a backup of it first."""

    def act(connection: Connection) -> None:
        start_new_log(database.folder, database.origin, connection, SystemClock().now())
        _log.warning("new_log", service=database.service)

    return _beside_the_sealer(database, "log_not_begun", act)


def _beside_the_sealer(database: AuditedDatabase, failed: str, act: Callable[[Connection], None]) -> int:
    """Acts on a database once the running sealer lets go of it for a moment; 1 if it is refused."""
    deadline = time.monotonic() + _WAIT_FOR_SEALER_SECONDS
    while True:
        try:
            with connect(database.url) as connection:
                act(connection)
        except (SealingRefused, LogInUse) as refused:
            busy = isinstance(refused, LogInUse) or refused.reason is Refusal.ANOTHER_SEALER
            if busy and time.monotonic() < deadline:
                time.sleep(0.2)
                continue
            _log.error(failed, service=database.service, reason=str(refused))
            return 1
        return 0


def main() -> int:
    """Wires the process; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m services.sealer", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    epoch = commands.add_parser("open-epoch", help="go on sealing after a database was restored")
    epoch.add_argument("service", choices=SERVICES_WITH_DATABASE)
    log = commands.add_parser("new-log", help="begin a new log after the log of a database was lost")
    log.add_argument("service", choices=SERVICES_WITH_DATABASE)
    arguments = parser.parse_args()
    configure_logging("sealer")
    settings = Settings.from_environment()
    if arguments.command == "open-epoch":
        return open_epoch(audited_database(settings, arguments.service))
    if arguments.command == "new-log":
        return new_log(audited_database(settings, arguments.service))
    serve(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
