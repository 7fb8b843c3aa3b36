"""`xuke reset`: deletes the state of the platform."""

import click

from services.launcher.commands.output import Refusing
from services.launcher.state_folder import StateFolder, default_folder


@click.command("reset", cls=Refusing)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(yes: bool) -> None:
    """Delete the state of `xuke up`: every application, licence, key and log. Refused while it runs."""
    folder = StateFolder(default_folder())
    if not yes:
        click.confirm(f"Delete everything in {folder.path}? 删除其中全部内容？", abort=True)
    folder.empty()
    click.echo(f"emptied 已清空 {folder.path}")
