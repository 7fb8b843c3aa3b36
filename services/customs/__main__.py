"""Starts the customs gateway: `python -m services.customs`."""

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from services.foundation.settings import Settings

# Threads wait for licensing most of the time, so there are more of them than licensing has.
THREADS = 16


def main() -> None:
    """Serves until told to stop. The application is made in the process that serves (see `from_environment`)."""
    host, _, port = Settings.from_environment().address("customs").rpartition(":")
    Granian(
        "services.customs.application:from_environment",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
