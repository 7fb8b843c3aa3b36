"""One running platform for all journeys, with the people who use it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.launcher.clients import People
from services.launcher.platform import Platform


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Every process of the platform, on ports of its own. At the end each must end by itself with success."""
    folder = Path(tempfile.mkdtemp(prefix="xuke-journeys-"))
    running = Platform(folder, first_port=None)
    running.start()
    yield running
    exits = running.stop()
    crashes = [f"{ended.name}: {ended.how}" for ended in [*exits, *running.crashes] if ended.crashed]
    shutil.rmtree(folder, ignore_errors=True)
    assert crashes == []


@pytest.fixture(scope="session")
def people(platform: Platform) -> Iterator[People]:
    """The development accounts as clients: `people.channel("jiangsu.exporter", "licensing")`."""
    clients = platform.people
    yield clients
    clients.close()
