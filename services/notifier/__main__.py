"""The process of the notifier: `python -m services.notifier`. One is enough; two would send mails twice."""

import signal
import sys
import threading
from collections.abc import Callable

import structlog

from services.foundation.grpc_channel import open_channel
from services.foundation.identity import ServiceCredential
from services.foundation.settings import SettingMissing, Settings
from services.foundation.tracing import configure_logging
from services.notifier.configuration import SettingWrong, configuration
from services.notifier.notifier import Notifier

# How often the process shows that it lives; the probe allows several times as much.
HEARTBEAT_SECONDS = 5.0

_log = structlog.get_logger()


def main() -> int:
    """Wires the process; returns its exit code: 2 for settings that it cannot follow."""
    configure_logging("notifier")
    settings = Settings.from_environment()
    try:
        return _run(settings)
    except (SettingMissing, SettingWrong) as error:
        _log.error("settings_wrong", error=str(error))
        return 2


def _run(settings: Settings) -> int:
    configured = configuration(settings)
    credential = ServiceCredential(settings.issuer_url, settings.client_id, settings.client_secret)
    heartbeat, stopping = settings.heartbeat_file, threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())

    def beat() -> None:
        if heartbeat is not None:
            heartbeat.touch()

    with open_channel(settings.address("licensing"), credential.token) as licensing:
        notifier = Notifier(configured, licensing, stopping.is_set, beat)
        _log.info("notifying")
        while not stopping.is_set():
            beat()
            _pause(stopping, notifier.turn(), beat)
    _log.info("stopped")
    return 0


def _pause(stopping: threading.Event, seconds: float, beat: Callable[[], None]) -> None:
    """Waits, showing all the while that the process lives."""
    while seconds > 0 and not stopping.wait(min(seconds, HEARTBEAT_SECONDS)):
        beat()
        seconds -= HEARTBEAT_SECONDS


if __name__ == "__main__":
    sys.exit(main())
