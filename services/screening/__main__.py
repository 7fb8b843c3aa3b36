"""Starts screening: `python -m services.screening`."""

from services.foundation.clock import SystemClock
from services.foundation.database import Database
from services.foundation.grpc_server import Server, serve_until_signal
from services.foundation.identity import TokenVerifier, issuer_keys
from services.foundation.settings import Settings
from services.foundation.tracing import configure_logging
from services.screening.bases import Bases
from services.screening.loading import build_when_reachable, load_when_reachable
from services.screening.reference_files import read_comparison, read_shipped
from services.screening.server import registrations
from services.screening.store.tables import ledger


def main() -> None:
    """Wires the service, loads the lists as shipped, and serves until told to stop."""
    settings = Settings.from_environment()
    configure_logging("screening")
    database = Database(settings.database_url("screening"), ledger)
    bases = Bases(read_comparison())
    load_when_reachable(database, read_shipped(), SystemClock())
    build_when_reachable(database, bases, SystemClock())
    verifier = TokenVerifier(settings.issuer_url, settings.audience, issuer_keys(settings.issuer_url))
    server = Server(settings.address("screening"), registrations(database, bases), verifier)
    serve_until_signal(server, on_stop=database.dispose)


if __name__ == "__main__":
    main()
