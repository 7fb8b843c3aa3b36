"""`xuke demo`: a fresh platform, the four stories, and a stop that every process must survive."""

import pathlib
import shutil
import tempfile

import click

from services.launcher.commands.output import FAILED, Refusing, console, ill
from services.launcher.commands.running import Reporter, report_exits, stop_on_signals
from services.launcher.platform import Platform, StartFailed


@click.command("demo", cls=Refusing)
@click.option("--keep", is_flag=True, help="Keep the state folder, and say where it is.")
def command(keep: bool) -> None:
    """Play the four stories on a fresh platform; exit code 0 only if each ended as told."""
    from services.launcher.demo.stories import run_demo

    folder = pathlib.Path(tempfile.mkdtemp(prefix="xuke-demo-"))
    reporter = Reporter(console)
    platform = Platform(folder, first_port=None, listener=reporter)
    stop_on_signals()
    failed = True
    try:
        reporter.start(platform)
        people = platform.people
        failed = run_demo(people, console) != 0
        people.close()
    except StartFailed as error:
        console.print(ill(str(error)))
    except KeyboardInterrupt:
        console.print("stopping 正在停止")
    finally:
        ended_well = report_exits(platform.stop(), console)
        if keep:
            console.print(f"state and logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    for crash in platform.crashes:
        console.print(ill(f"{crash.name} ended on its own with {crash.how}"))
    if failed or not ended_well or platform.crashes:
        raise click.exceptions.Exit(FAILED)
