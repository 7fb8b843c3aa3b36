"""Starts consultation: `python -m services.consultation`."""

from services.consultation.reference_files import read_agencies
from services.consultation.server import registrations
from services.consultation.store.tables import ledger
from services.foundation.database import Database
from services.foundation.grpc_server import Server, serve_until_signal
from services.foundation.identity import TokenVerifier, issuer_keys
from services.foundation.settings import Settings
from services.foundation.tracing import configure_logging


def main() -> None:
    """Wires the service and serves until told to stop."""
    settings = Settings.from_environment()
    configure_logging("consultation")
    database = Database(settings.database_url("consultation"), ledger)
    verifier = TokenVerifier(settings.issuer_url, settings.audience, issuer_keys(settings.issuer_url))
    server = Server(settings.address("consultation"), registrations(database, read_agencies()), verifier)
    serve_until_signal(server, on_stop=database.dispose)


if __name__ == "__main__":
    main()
