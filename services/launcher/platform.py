"""The whole platform on one machine: started in order, watched, and stopped in order."""

import json
import pathlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from services.launcher.addresses import NAMES, Addresses
from services.launcher.child import Child, Exit
from services.launcher.clients import People
from services.launcher.guard import Guard
from services.launcher.ports import PREFERRED_FIRST, keep_ports
from services.launcher.processes import TABLE, Place, Process, Task
from services.launcher.readiness import INTERVAL_SECONDS, logged
from services.launcher.state_folder import StateFolder

READY_SECONDS = 60.0
STOP_SECONDS = 15.0
# A process that ends before it is ready, as PostgreSQL does while what a crash left is cleared away.
RESTART_ATTEMPTS = 6
FIRST_BACKOFF_SECONDS = 0.25
LONGEST_BACKOFF_SECONDS = 15.0
# A process that ran this long before it ended was well started.
STEADY_SECONDS = 60.0


@dataclass(frozen=True)
class Event:
    """Something that happened to a process: "ready", "ended", "restarting", "stopped", and how."""

    process: str
    what: str
    detail: str = ""
    seconds: float = 0.0


class StartFailed(Exception):
    """A process did not become ready; the message says which and shows what it wrote last."""


class Platform:
    """A platform whose state lives in `folder`.

    `first_port` is where the row of ports begins if they are free at the first start; None takes any.
    `listener` hears what happens to the processes. `table` is the table of processes.
    """

    def __init__(
        self,
        folder: pathlib.Path,
        first_port: int | None = PREFERRED_FIRST,
        listener: Callable[[Event], None] = lambda _: None,
        table: Sequence[Process | Task] = TABLE,
    ) -> None:
        self.folder = StateFolder(folder)
        self._first_port = first_port
        self._listener = listener
        self._table = {row.name: row for row in table}
        self._children: dict[str, Child] = {}
        self._held: set[str] = set()
        self._pauses: dict[str, float] = {}
        # Whose turn it is to start a process: a restart that is asked for, or one after a crash.
        self._turns = {name: threading.Lock() for name in self._table}
        self._crashes: list[Exit] = []
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._place: Place | None = None
        self._guard: Guard | None = None

    @property
    def place(self) -> Place:
        """Folder and addresses; known once the platform has been started."""
        if self._place is None:
            raise RuntimeError("the platform has not been started")
        return self._place

    @property
    def addresses(self) -> Addresses:
        """Where each part is reached."""
        return self.place.addresses

    @property
    def people(self) -> People:
        """The development accounts as clients of this platform."""
        return People(self.addresses, self.folder)

    @property
    def process_ids(self) -> dict[str, int]:
        """Process ids of the running processes by name."""
        with self._lock:
            return {name: child.pid for name, child in self._children.items() if child.running}

    @property
    def crashes(self) -> list[Exit]:
        """Processes that ended by themselves although nobody asked them to, oldest first."""
        return list(self._crashes)

    def start(self) -> None:
        """Starts everything, each process as soon as what it waits for is ready; returns when all are.

        Errors: FAILED_PRECONDITION, PLATFORM_RUNNING; StartFailed, after what was started has been stopped.
        """
        lock = self.folder.acquire()
        try:
            self.folder.prepare()
            ports = keep_ports(self.folder.ports, NAMES, self._first_port)
            self._place = Place(self.folder, Addresses(ports))
            self._stopping.clear()
            self._crashes.clear()
            self._pauses.clear()
            self._guard = Guard(lock)
            self._start_table()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> list[Exit]:
        """Stops everything in reverse order and returns how each process ended."""
        if not self.folder.locked:
            return []
        with self._lock:
            self._stopping.set()
        exits: dict[str, Exit] = {}
        lock = threading.Lock()
        ended = {name: threading.Event() for name in self._table}
        dependants = {
            name: [other.name for other in self._table.values() if name in other.waits_for]
            for name in self._table
        }

        def end(name: str) -> None:
            for dependant in dependants[name]:
                ended[dependant].wait()
            child = self._children.get(name)
            if child is not None:
                started = time.monotonic()
                result = child.stop(STOP_SECONDS)
                self._forget(child)
                with lock:
                    exits[name] = result
                self._listener(Event(name, "stopped", result.how, time.monotonic() - started))
            ended[name].set()

        with ThreadPoolExecutor(len(self._table)) as pool:
            list(pool.map(end, self._table))
        self._children.clear()
        self._held.clear()
        self._write_process_ids()
        if self._guard is not None:
            self._guard.dismiss()
            self._guard = None
        self.folder.release()
        return [exits[name] for name in self._table if name in exits]

    def kill(self, name: str) -> None:
        """SIGKILL to a process and its group; it stays down until `restart`."""
        with self._lock:
            self._held.add(name)
            child = self._children.pop(name)
        child.kill()
        self._forget(child)

    def restart(self, name: str) -> None:
        """Starts a process that is down, or stops and starts one that runs; returns once it is ready."""
        process = self._process(name)
        with self._lock:
            self._held.add(name)
        with self._turns[name]:
            child = self._children.get(name)
            if child is not None:
                child.stop(STOP_SECONDS)
                self._forget(child)
            self._bring_up(process, RESTART_ATTEMPTS)

    def _process(self, name: str) -> Process:
        row = self._table[name]
        if not isinstance(row, Process):
            raise KeyError(f"{name} is a task, not a process")
        return row

    def _start_table(self) -> None:
        ready = {name: threading.Event() for name in self._table}

        def bring_up(row: Process | Task) -> None:
            for name in row.waits_for:
                while not ready[name].wait(0.05):
                    if self._stopping.is_set():
                        return
            if isinstance(row, Task):
                self._run_task(row)
            else:
                self._bring_up(row, attempts=1)
            ready[row.name].set()

        with ThreadPoolExecutor(len(self._table)) as pool:
            try:
                for result in as_completed([pool.submit(bring_up, row) for row in self._table.values()]):
                    result.result()
            except BaseException:
                # Nothing else is worth waiting for: neither after a failure nor after a Ctrl-C.
                self._stopping.set()
                raise

    def _run_task(self, task: Task) -> None:
        started = time.monotonic()
        try:
            task.run(self.place)
        except Exception as error:
            raise StartFailed(f"{task.name}: {error}") from error
        self._listener(Event(task.name, "ready", seconds=time.monotonic() - started))

    def _bring_up(self, process: Process, attempts: int) -> None:
        """Starts a process and waits until it is ready; tries again if it ends before that."""
        pause = FIRST_BACKOFF_SECONDS
        for attempt in range(1, attempts + 1):
            started = time.monotonic()
            try:
                process.prepare(self.place)
            except (OSError, RuntimeError) as error:
                raise StartFailed(f"{process.name}: {error}") from error
            child = self._spawn(process)
            if child is None:
                return
            if self._becomes_ready(process, child):
                with self._lock:
                    self._held.discard(process.name)
                self._listener(Event(process.name, "ready", seconds=time.monotonic() - started))
                threading.Thread(
                    target=self._watch,
                    args=(process, child, started),
                    name=f"watch-{process.name}",
                    daemon=True,
                ).start()
                return
            if self._stopping.is_set():
                return
            ended = child.wait(0)
            how = ended.how if ended else f"not ready after {READY_SECONDS:.0f} s"
            child.kill()
            self._forget(child)
            if attempt == attempts:
                raise StartFailed(f"{process.name}: {how}; {child.log}\n{child.last_lines()}")
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_BACKOFF_SECONDS)

    def _spawn(self, process: Process) -> Child | None:
        """Starts a process, unless the platform is being stopped."""
        with self._lock:
            if self._stopping.is_set():
                return None
            child = Child(
                process.name,
                process.command(self.place),
                process.environment(self.place),
                self.folder.log(process.name),
                process.stop_signal,
                process.user(self.place),
            )
            self._children[process.name] = child
            if self._guard is not None:
                self._guard.started(child.pid, child.stop_signal)
            self._write_process_ids()
        return child

    def _becomes_ready(self, process: Process, child: Child) -> bool:
        deadline = time.monotonic() + READY_SECONDS
        while child.running and time.monotonic() < deadline and not self._stopping.is_set():
            if self._is_ready(process, child):
                return True
            time.sleep(INTERVAL_SECONDS)
        return False

    def _is_ready(self, process: Process, child: Child) -> bool:
        if process.answers is None:
            return logged(child.log, child.log_offset, process.says)
        return process.answers(self.place)

    def _watch(self, process: Process, child: Child, started: float) -> None:
        """Waits for the end of a process; one that nobody asked to end is started again, ever more slowly."""
        ended = child.wait()
        if ended is None or self._stopping.is_set():
            return
        with self._lock:
            if process.name in self._held or self._children.get(process.name) is not child:
                return
        self._crashes.append(ended)
        self._listener(Event(process.name, "ended", ended.how))
        # A worker of its own that outlived it would share the port of its successor.
        child.kill()
        self._forget(child)
        pause = self._pause_after(process.name, time.monotonic() - started)
        while not self._stopping.wait(pause):
            with self._turns[process.name]:
                if process.name in self._held or self._children.get(process.name) is not child:
                    return
                self._listener(Event(process.name, "restarting"))
                try:
                    self._bring_up(process, attempts=1)
                    return
                except StartFailed as error:
                    self._listener(Event(process.name, "ended", str(error)))
                    child = self._children.get(process.name, child)
            pause = self._pause_after(process.name, 0.0)

    def _pause_after(self, name: str, lived_seconds: float) -> float:
        """How long to wait before a restart: twice as long as the last time, unless it had run steadily."""
        last = self._pauses.get(name)
        if last is None or lived_seconds > STEADY_SECONDS:
            self._pauses[name] = FIRST_BACKOFF_SECONDS
        else:
            self._pauses[name] = min(last * 2, LONGEST_BACKOFF_SECONDS)
        return self._pauses[name]

    def _forget(self, child: Child) -> None:
        if self._guard is not None:
            self._guard.ended(child.pid)
        self._write_process_ids()

    def _write_process_ids(self) -> None:
        with self._lock:
            if self.folder.path.exists():
                fresh = self.folder.processes.with_suffix(".new")
                fresh.write_text(json.dumps(self.process_ids), encoding="utf-8")
                fresh.replace(self.folder.processes)
