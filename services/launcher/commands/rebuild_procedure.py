"""`xuke rebuild-procedure`: deletes the workflow server's store and rebuilds it from the record.

The databases are the record; the workflow server holds only where each procedure stands, which follows from
the record's events. So its store may be lost, or deleted when its format changes with a new release.
"""

import click

from services.launcher.commands.output import FAILED, Refusing, console, ill
from services.launcher.commands.running import report_exits, stop_on_signals
from services.launcher.platform import StartFailed
from services.launcher.rebuild import rebuild
from services.launcher.state_folder import StateFolder, default_folder


@click.command("rebuild-procedure", cls=Refusing)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(yes: bool) -> None:
    """Delete the workflow server's store and rebuild it from the record. Refused while the platform runs."""
    StateFolder(default_folder()).chosen_ports()
    if not yes:
        click.confirm(
            "Delete the workflow store and rebuild it from the record? 删除流程存储并据台账重建？", abort=True
        )
    stop_on_signals()
    try:
        woken, exits = rebuild(default_folder())
    except (StartFailed, RuntimeError) as error:
        console.print(ill(str(error)))
        raise click.exceptions.Exit(FAILED) from error
    console.print(f"rebuilt 已重建: {woken} open cases and licences were woken; they go on with `xuke up`")
    if not report_exits(exits, console):
        raise click.exceptions.Exit(FAILED)
