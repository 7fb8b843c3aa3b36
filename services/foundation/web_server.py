"""The server of the processes that speak HTTP."""

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from services.foundation.settings import Settings

# As many as licensing handles at once; more would only queue there.
THREADS = 8


def serve_web(service: str, application: str) -> None:
    """Serves at the address of a service (such as XUKE_PORTAL_ADDRESS) until told to stop.

    `application` names the function, as "module:function", that makes the WSGI application in the process that
    serves. Errors: SettingMissing.
    """
    host, _, port = Settings.from_environment().address(service).rpartition(":")
    Granian(
        application,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
