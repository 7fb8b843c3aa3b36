"""Starts licensing: `python -m services.licensing`."""

from services.foundation.database import Database
from services.foundation.documents.malware_scanner import malware_scanner
from services.foundation.documents.opening import document_store
from services.foundation.grpc_server import Server, serve_until_signal
from services.foundation.identity import TokenVerifier, issuer_keys
from services.foundation.settings import Settings
from services.foundation.tracing import configure_logging
from services.licensing.application_registrations import application_registrations, load_context
from services.licensing.document.signing import Es256Signer
from services.licensing.licence_registrations import licence_registrations
from services.licensing.notification_registrations import notification_registrations
from services.licensing.organisation_registrations import organisation_registrations
from services.licensing.store.metadata import ledger


def main() -> None:
    """Wires applications and licences on one database, and serves until told to stop."""
    settings = Settings.from_environment()
    configure_logging("licensing")
    database = Database(settings.database_url("licensing"), ledger)
    documents = document_store(settings)
    signer = Es256Signer.load(settings.signing_folder)
    verifier = TokenVerifier(settings.issuer_url, settings.audience, issuer_keys(settings.issuer_url))
    server = Server(
        settings.address("licensing"),
        [
            *application_registrations(
                database,
                documents,
                load_context(settings.calendar_file, settings.designations_file),
                malware_scanner(settings),
            ),
            *licence_registrations(database, documents, signer, settings.public_url),
            *organisation_registrations(database),
            *notification_registrations(database),
        ],
        verifier,
    )
    serve_until_signal(server, on_stop=database.dispose)


if __name__ == "__main__":
    main()
