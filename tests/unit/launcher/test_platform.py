"""The launcher with real processes: what the platform itself needs, and small programs that behave badly."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from services.foundation.errors import XukeError
from services.foundation.identity import TokenVerifier, issuer_keys
from services.launcher.addresses import NAMES, Addresses
from services.launcher.platform import Event, Platform, StartFailed
from services.launcher.processes import TABLE, Place, Process, Task
from services.launcher.readiness import answers_http, wait_until
from services.launcher.state_folder import StateFolder

ROWS = {row.name: row for row in TABLE}
ISSUER = ROWS["issuer"]


def program(name: str, code: str, waits_for: tuple[str, ...] = ()) -> Process:
    """A Python program that is ready once it has written {"event": "serving"}."""
    return Process(
        name,
        lambda _: [sys.executable, "-u", "-c", code],
        waits_for=waits_for,
        answers=None,
        environment=lambda _: {},
        says="serving",
    )


SAY_READY = 'import signal, time\nprint(\'{"event": "serving"}\', flush=True)\n'


@contextmanager
def running(
    folder: Path, *table: Process | Task, listener: Callable[[Event], None] = lambda _: None
) -> Iterator[Platform]:
    platform = Platform(folder, first_port=None, listener=listener, table=table)
    platform.start()
    try:
        yield platform
    finally:
        platform.stop()


def alive(process: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_the_parts_that_are_not_ours_start_and_end_in_order(state_path: Path) -> None:
    said: list[Event] = []
    platform = Platform(state_path, None, said.append, [ROWS["postgres"], ROWS["temporal"], ISSUER])
    platform.start()
    ready = {event.process for event in said if event.what == "ready"}
    assert ready == set(platform.process_ids) == {"postgres", "temporal", "issuer"}
    assert platform.people.token("auditor")
    assert platform.people.token("approval")
    exits = platform.stop()
    assert {ended.name: ended.how for ended in exits} == dict.fromkeys(ready, "exit 0")
    assert not platform.folder.running()


def test_addresses_and_tokens_survive_a_restart(state_path: Path) -> None:
    with running(state_path, ISSUER) as platform:
        addresses, token = platform.addresses, platform.people.token("auditor")
        secret = platform.folder.secret("approval").read_text()
    with running(state_path, ISSUER) as platform:
        assert platform.addresses == addresses
        assert platform.folder.secret("approval").read_text() == secret
        url = platform.addresses.url("issuer")
        assert TokenVerifier(url, "xuke", issuer_keys(url)).verify(token).subject == "auditor"


def test_secrets_are_for_their_owner_only(state_path: Path) -> None:
    folder = StateFolder(state_path / "state")
    folder.prepare()
    assert folder.secret("approval").stat().st_mode & 0o777 == 0o600
    assert folder.identity.stat().st_mode & 0o777 == 0o700
    assert folder.secret("approval").read_text() != folder.secret("customs-system").read_text()


def test_two_launchers_do_not_share_a_folder(state_path: Path) -> None:
    with running(state_path, program("one", SAY_READY + "time.sleep(60)")):
        with pytest.raises(XukeError) as refused:
            Platform(state_path, None, table=()).start()
        assert refused.value.reason == "PLATFORM_RUNNING"
        with pytest.raises(XukeError):
            StateFolder(state_path).empty()
    StateFolder(state_path).empty()
    assert not state_path.exists()


def test_a_process_starts_only_once_what_it_waits_for_is_ready(state_path: Path) -> None:
    said: list[str] = []
    with running(
        state_path,
        program("last", SAY_READY + "time.sleep(60)", ("task",)),
        Task("task", lambda _: said.append("task"), ("first",)),
        program("first", "import time; time.sleep(0.3)\n" + SAY_READY + "time.sleep(60)"),
        listener=lambda event: said.append(event.process),
    ):
        assert said == ["first", "task", "task", "last"]


def test_a_process_that_ends_at_its_start_is_named_with_its_last_words(state_path: Path) -> None:
    platform = Platform(
        state_path,
        None,
        table=[
            program("well", SAY_READY + "time.sleep(60)"),
            program("ill", "raise SystemExit('no such setting')", ("well",)),
            program("never", SAY_READY, ("ill",)),
        ],
    )
    with pytest.raises(StartFailed, match=r"(?s)ill: exit 1.*no such setting"):
        platform.start()
    assert platform.process_ids == {}
    assert not platform.folder.running()


def test_a_crashed_process_is_started_again_and_this_is_said(state_path: Path) -> None:
    said: list[Event] = []
    with running(state_path, ISSUER, listener=said.append) as platform:
        first = platform.process_ids["issuer"]
        # Its worker process outlives it and must not keep the port.
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: [event.what for event in said].count("ready") == 2, 20)
        assert platform.process_ids["issuer"] != first
        assert [event.what for event in said] == ["ready", "ended", "restarting", "ready"]
        assert [ended.how for ended in platform.crashes] == ["SIGKILL"]
        assert answers_http(platform.addresses.url("issuer") + "/jwks")


def test_a_process_that_crashes_again_and_again_is_restarted_ever_more_slowly(state_path: Path) -> None:
    at: list[float] = []

    def hear(event: Event) -> None:
        if event.what == "restarting":
            at.append(time.monotonic())

    with running(
        state_path, program("ill", SAY_READY + "time.sleep(0.3); raise SystemExit(1)"), listener=hear
    ) as platform:
        assert wait_until(lambda: len(at) >= 4, 20)
        gaps = [later - earlier for earlier, later in pairwise(at)]
        assert gaps[2] > gaps[1] > gaps[0]
        assert {ended.how for ended in platform.crashes} == {"exit 1"}


def test_a_process_killed_on_purpose_stays_down_until_it_is_restarted(state_path: Path) -> None:
    with running(state_path, ROWS["postgres"], ISSUER) as platform:
        for name in ("postgres", "issuer"):
            platform.kill(name)
            assert name not in platform.process_ids
            platform.restart(name)
            assert name in platform.process_ids
        assert platform.place.postgres.accepts_connections()
        assert answers_http(platform.addresses.url("issuer") + "/jwks")
        assert platform.crashes == []


def test_what_was_committed_outlives_a_kill_of_the_database(state_path: Path) -> None:
    with running(state_path, ROWS["postgres"]) as platform:
        with platform.place.postgres.connect() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        platform.kill("postgres")
        platform.restart("postgres")
        with platform.place.postgres.connect() as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


@pytest.mark.parametrize(
    ("last_act", "how"),
    [
        ("os.abort()", "SIGABRT"),
        ("os._exit(3)", "exit 3"),
        ("os._exit(0)", "exit 0"),
    ],
)
def test_how_a_process_ends_at_shutdown_is_reported(state_path: Path, last_act: str, how: str) -> None:
    code = f"import os, signal, time\nsignal.signal(signal.SIGTERM, lambda *_: {last_act})\n"
    platform = Platform(state_path, None, table=[program("one", code + SAY_READY + "time.sleep(60)")])
    platform.start()
    (ended,) = platform.stop()
    assert ended.how == how
    assert ended.crashed == (how != "exit 0")


def test_no_process_outlives_a_launcher_that_is_killed(state_path: Path) -> None:
    code = (
        "import json, sys, time\nfrom pathlib import Path\n"
        "from services.launcher.platform import Platform\n"
        "from services.launcher.processes import TABLE\n"
        "table = [row for row in TABLE if row.name in ('postgres', 'temporal', 'issuer')]\n"
        f"platform = Platform(Path({str(state_path)!r}), None, table=table)\nplatform.start()\n"
        "print(json.dumps(list(platform.process_ids.values())), flush=True)\ntime.sleep(60)\n"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    processes = json.loads(launcher.stdout.readline())
    assert len(processes) == 3
    assert all(alive(process) for process in processes)
    launcher.kill()
    launcher.wait()
    launcher.stdout.close()
    assert wait_until(lambda: not any(alive(process) for process in processes), 30)
    # The lock is free only after that, so that the next launcher finds nothing left of this one.
    assert wait_until(lambda: not StateFolder(state_path).running(), 10)
    with running(state_path, ROWS["postgres"]) as platform:
        assert platform.place.postgres.accepts_connections()


def test_a_process_knows_only_what_it_needs(state_path: Path) -> None:
    place = Place(StateFolder(state_path), Addresses(dict.fromkeys(NAMES, 1)))
    known = {
        row.name: {name for name in row.environment(place) if name.startswith("XUKE_")}
        for row in TABLE
        if isinstance(row, Process)
    }
    assert known["customs"] == {"XUKE_ISSUER_URL", "XUKE_CUSTOMS_ADDRESS", "XUKE_LICENSING_ADDRESS"}
    assert known["temporal"] == known["postgres"] == set()
    with_owner = {name for name, names in known.items() if any("OWNER" in entry for entry in names)}
    assert with_owner == {"sealer"}
    with_secret = {name for name, names in known.items() if any("SECRET" in entry for entry in names)}
    assert with_secret == {"approval", "portal", "notifier"}
    assert not {name for name in known["portal"] if "DATABASE" in name}
    for service in ("classification", "screening", "licensing", "consultation"):
        own = {name for name in known[service] if "DATABASE" in name}
        assert own == {f"XUKE_{service.upper()}_DATABASE_URL"}
