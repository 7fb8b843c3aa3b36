"""Starts classification: `python -m services.classification`."""

from services.classification.desk import read_desk
from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load_when_reachable
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations
from services.classification.store.tables import ledger
from services.classification.upkeep import Upkeep
from services.foundation.clock import SystemClock
from services.foundation.database import Database
from services.foundation.grpc_server import Server, serve_until_signal
from services.foundation.identity import TokenVerifier, issuer_keys
from services.foundation.settings import Settings
from services.foundation.tracing import configure_logging


def main() -> None:
    """Wires the service, loads the list as shipped, and serves until told to stop."""
    settings = Settings.from_environment()
    configure_logging("classification")
    database = Database(settings.database_url("classification"), ledger)
    load_when_reachable(database, read_control_list(), SystemClock())
    verifier = TokenVerifier(settings.issuer_url, settings.audience, issuer_keys(settings.issuer_url))
    indexes, examination = Indexes(read_search_policy()), read_examination()
    upkeep = Upkeep(database, indexes, examination, SystemClock())
    server = Server(
        settings.address("classification"),
        registrations(database, indexes, examination, upkeep.wake, read_desk(settings.calendar_file)),
        verifier,
    )
    upkeep.start()

    def stop() -> None:
        upkeep.stop()
        database.dispose()

    serve_until_signal(server, on_stop=stop)


if __name__ == "__main__":
    main()
