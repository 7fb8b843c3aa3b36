"""Starts the portal: `python -m services.portal`."""

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from services.foundation.settings import Settings

# As many as licensing handles at once; more would only queue there.
THREADS = 8


def main() -> None:
    """Serves at XUKE_PORTAL_ADDRESS until told to stop. The application is made in the process that serves."""
    host, _, port = Settings.from_environment().address("portal").rpartition(":")
    Granian(
        "services.portal.application:from_environment",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main()
