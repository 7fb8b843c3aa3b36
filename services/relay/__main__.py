"""The process of the relay: `python -m services.relay`."""

import asyncio
import sys

import structlog

from services.foundation.settings import Settings
from services.foundation.temporal import connect, run_process
from services.foundation.tracing import configure_logging
from services.relay.relay import Relay

# The services whose events wake workflows.
SERVICES = ("licensing", "consultation", "screening")

_log = structlog.get_logger()


async def relay(settings: Settings) -> None:
    """Relays the outbox of every service, without end."""
    client = await connect(settings.temporal_address, settings.temporal_namespace)
    await asyncio.gather(
        *(Relay(service, settings.database_url(service), client).run() for service in SERVICES)
    )


async def until_stopped(settings: Settings, stopping: asyncio.Event) -> int:
    """Relays until told to stop; 1 if the relay ended by itself."""
    stop, relaying = asyncio.create_task(stopping.wait()), asyncio.create_task(relay(settings))
    await asyncio.wait({stop, relaying}, return_when=asyncio.FIRST_COMPLETED)
    if relaying.done():
        _log.error("relay_failed", error=repr(relaying.exception()))
        return 1
    relaying.cancel()
    await asyncio.wait({relaying})
    _log.info("stopped")
    return 0


def main() -> int:
    """Wires the process; returns its exit code."""
    configure_logging("relay")
    settings = Settings.from_environment()
    return run_process(lambda stopping: until_stopped(settings, stopping), settings.heartbeat_file)


if __name__ == "__main__":
    sys.exit(main())
