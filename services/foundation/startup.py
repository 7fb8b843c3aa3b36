"""What a service does once when it starts, as soon as its database can be reached."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from services.foundation.errors import ErrorCode, XukeError

_PAUSE_SECONDS: Final = 1.0

_log = structlog.get_logger()

Result = TypeVar("Result")


def once_reachable(act: Callable[[], Result], pause_seconds: float = _PAUSE_SECONDS) -> Result:
    """What `act` returns; while it fails with UNAVAILABLE it is tried again, for as long as that takes."""
    while True:
        try:
            return act()
        except XukeError as error:
            if error.code is not ErrorCode.UNAVAILABLE:
                raise
            _log.warning("start_waits", reason=error.reason)
        time.sleep(pause_seconds)
