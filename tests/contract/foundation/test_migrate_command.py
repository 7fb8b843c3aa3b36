"""`xuke migrate` makes the tables of a database that the operator provides."""

import subprocess
import sys

from services.launcher.postgres import EmbeddedPostgres


def run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.launcher.command_line", "migrate", "consultation"]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_it_makes_the_tables_and_may_be_run_again(postgres: EmbeddedPostgres) -> None:
    with postgres.connect() as connection:
        connection.execute("CREATE DATABASE operated")
        connection.execute("CREATE ROLE operated_app")
    environment = {"XUKE_CONSULTATION_OWNER_DATABASE_URL": postgres.url("operated"), "PATH": ""}
    for _ in range(2):
        done = run(environment)
        assert done.returncode == 0, done.stderr
    with postgres.connect("operated") as connection:
        assert connection.execute("SELECT count(*) FROM audit_event").fetchone() == (0,)


def test_a_missing_setting_is_named() -> None:
    done = run({"PATH": ""})
    assert done.returncode != 0
    assert "XUKE_CONSULTATION_OWNER_DATABASE_URL" in done.stdout + done.stderr


def test_a_database_that_is_not_there_is_said(postgres: EmbeddedPostgres) -> None:
    done = run({"XUKE_CONSULTATION_OWNER_DATABASE_URL": postgres.url("nowhere"), "PATH": ""})
    assert done.returncode != 0
    assert "nowhere" in done.stdout + done.stderr
