"""The files of sessions, without a running platform."""

import os
from pathlib import Path

import pytest

from services.portal.sessions import ANONYMOUS_SECONDS, SessionFiles

NAME, OTHER = "n" * 43, "o" * 43


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path, clock: Clock) -> SessionFiles:
    return SessionFiles(tmp_path / "sessions", clock)


def test_a_session_is_read_by_its_name_alone(files: SessionFiles) -> None:
    files.write(NAME, {"token": "secret"})
    kept = files.read(NAME)
    assert kept is not None
    assert kept["token"] == "secret"
    assert files.read(OTHER) is None


def test_it_ends_at_its_time_and_not_before(files: SessionFiles, clock: Clock) -> None:
    files.write(NAME, {"_expires_at": clock.now + 60})
    files.write(OTHER, {})
    clock.now += 59
    assert files.read(NAME) is not None
    clock.now += 1
    assert files.read(NAME) is None
    assert files.read(OTHER) is not None
    clock.now += ANONYMOUS_SECONDS
    assert files.read(OTHER) is None


def test_what_is_over_is_swept_away(files: SessionFiles, clock: Clock, tmp_path: Path) -> None:
    files.write(NAME, {"_expires_at": clock.now + 60})
    clock.now += 200
    files.write(OTHER, {})
    assert len(list((tmp_path / "sessions").iterdir())) == 1


def test_a_file_put_in_the_place_of_another_is_worth_nothing(files: SessionFiles, tmp_path: Path) -> None:
    files.write(NAME, {"token": "mine"})
    (mine,) = (tmp_path / "sessions").iterdir()
    files.write(OTHER, {"token": "theirs"})
    (theirs,) = (one for one in (tmp_path / "sessions").iterdir() if one != mine)
    os.replace(theirs, mine)
    assert files.read(NAME) is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "n" * 42, "n" * 44, "n" * 42 + "/", "\u00e9" * 43])
def test_what_is_no_name_is_no_session(files: SessionFiles, name: str) -> None:
    assert files.read(name) is None
    files.delete(name)
