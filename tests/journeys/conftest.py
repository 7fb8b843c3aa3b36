"""Folders for platforms that a test starts itself."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def state_path() -> Iterator[Path]:
    """A folder that PostgreSQL can reach as a user of its own; pytest keeps its folders to one user."""
    folder = Path(tempfile.mkdtemp(prefix="xuke-state-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
