"""`xuke rebuild-procedure`: deletes the workflow server's store and rebuilds it from the record.

The databases are the record; the workflow server holds only where each procedure stands, which follows from
the record's events. So its store may be lost, or deleted when its format changes with a new release.
"""

import click

from services.launcher.commands.output import FAILED, Refusing, console
from services.launcher.commands.running import Reporter, report_exits, stop_on_signals
from services.launcher.platform import Platform, StartFailed
from services.launcher.state_folder import StateFolder, default_folder


def rebuild(platform: Platform) -> int:
    """Starts a stopped platform on an empty workflow store and wakes every open case; returns how many."""
    platform.folder.delete_workflow_store()
    platform.start()
    return platform.rebuild_procedure()


@click.command("rebuild-procedure", cls=Refusing)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(yes: bool) -> None:
    """Delete the workflow server's store and rebuild it from the record. Refused while the platform runs."""
    StateFolder(default_folder()).chosen_ports()
    if not yes:
        click.confirm(
            "Delete the workflow store and rebuild it from the record? 删除流程存储并据台账重建？", abort=True
        )
    platform = Platform(default_folder(), listener=Reporter(console))
    stop_on_signals()
    failed = True
    try:
        woken = rebuild(platform)
        console.print(f"rebuilt 已重建: {woken} open cases and licences were woken")
        failed = False
    except StartFailed as error:
        console.print(f"[bold red]✗[/] {error}", highlight=False)
    finally:
        ended_well = report_exits(platform.stop(), console)
    if failed or not ended_well:
        raise click.exceptions.Exit(FAILED)
