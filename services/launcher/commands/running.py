"""`xuke up`: starts the platform, says where everything is, and keeps it running until Ctrl-C."""

import pathlib
import signal
import threading
from collections.abc import Callable
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from services.launcher.accounts import accounts
from services.launcher.child import Exit
from services.launcher.commands.output import FAILED, Refusing, console, ill, literal
from services.launcher.platform import Event, Platform, StartFailed
from services.launcher.processes import TABLE
from services.launcher.state_folder import default_folder

GRPC_SERVICES = ("classification", "screening", "licensing", "consultation", "sealer")


class Reporter:
    """Shows what happens to the processes: a progress bar while they start, a line for each event later."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._progress: Progress | None = None
        self._starting: Callable[[Event], None] | None = None

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        if self._starting is not None:
            self._starting(event)
        elif event.what != "stopped" or event.detail != "exit 0":
            self._out.print(literal(event.process, "yellow"), literal(f"{event.what} {event.detail}"))

    def start(self, platform: Platform) -> None:
        """Starts the platform behind a progress bar."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
        )
        with Progress(*columns, TimeElapsedColumn(), console=self._out, transient=True) as progress:
            task = progress.add_task("starting", total=len(TABLE))

            def ready(event: Event) -> None:
                if event.what == "ready":
                    progress.update(task, advance=1, description=f"{event.process} ready")

            self._starting = ready
            try:
                platform.start()
            finally:
                self._starting = None


def stop_on_signals() -> None:
    """Makes SIGTERM end the program as Ctrl-C does, so that every process is stopped.

    SIGINT is taken too: a shell that starts the program in the background would have it ignored.
    """

    def interrupt(*_: object) -> NoReturn:
        # A second Ctrl-C must not interrupt the stopping.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def report_exits(exits: list[Exit], out: Console) -> bool:
    """Names every process that did not end by itself with success; returns whether all did."""
    for ended in exits:
        if ended.crashed:
            out.print(ill(f"{ended.name} ended with {ended.how}"))
    return not any(ended.crashed for ended in exits)


def address_table(platform: Platform) -> Table:
    """Where everything is."""
    addresses = platform.addresses
    table = Table(title="Addresses 地址", title_justify="left")
    for column in ("part", "address"):
        table.add_column(column, overflow="fold")
    table.add_row("portal 门户网站", addresses.url("portal"))
    table.add_row("customs REST API 海关接口", addresses.url("customs"))
    table.add_row("  its OpenAPI page 接口文档", addresses.url("customs") + "/docs")
    for name in GRPC_SERVICES:
        table.add_row(f"gRPC {name}", addresses.of(name))
    table.add_row("Temporal UI 流程监视", addresses.url("temporal_ui"))
    table.add_row("OIDC issuer 登录", addresses.url("issuer"))
    table.add_row("PostgreSQL", platform.place.postgres.url("postgres").replace("+psycopg", ""))
    table.add_row("e-mails 邮件", literal(str(platform.folder.mails)))
    table.add_row("state and logs 状态与日志", literal(str(platform.folder.path)))
    return table


def account_table(secrets: pathlib.Path) -> Table:
    """The development accounts; `secrets` is the folder with the secrets of the programs."""
    known = accounts()
    table = Table(
        title=f"Accounts, for development only 仅供开发的账号；password 密码 {known.development_password}",
        title_justify="left",
        caption=f"* programs 程序: no password; each has a secret of its own 各有独立密钥, {secrets}",
        caption_justify="left",
    )
    for column in ("role", "account", "who", "acts for"):
        # An account is copied in one piece.
        table.add_column(column, overflow="fold", no_wrap=column == "account")
    for account in [*known.persons.values(), *known.programs.values()]:
        principal = account.principal
        place = f"province {principal.province}" if principal.province else ""
        acts_for = principal.agency or " ".join(filter(None, (principal.organisation, place)))
        mark = " *" if account.name in known.programs else ""
        table.add_row(principal.role.value, account.name + mark, principal.name, acts_for)
    return table


@click.command("up", cls=Refusing)
def command() -> None:
    """Start the platform and keep it running; Ctrl-C stops it. State survives."""
    reporter = Reporter(console)
    platform = Platform(default_folder(), listener=reporter)
    stop_on_signals()
    try:
        reporter.start(platform)
    except StartFailed as error:
        console.print(ill(str(error)))
        raise click.exceptions.Exit(FAILED) from error
    except KeyboardInterrupt as interrupted:
        raise click.exceptions.Exit(FAILED) from interrupted
    console.print(address_table(platform))
    console.print(account_table(platform.folder.secrets))
    console.print(
        "A token 凭证: .venv/bin/xuke token jiangsu.exporter\n"
        "How it is 状态: .venv/bin/xuke doctor\nCtrl-C stops 停止"
    )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("stopping 正在停止")
    if not report_exits(platform.stop(), console):
        raise click.exceptions.Exit(FAILED)
    console.print("stopped 已停止")
