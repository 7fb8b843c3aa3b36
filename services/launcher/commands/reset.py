"""`xuke reset`: deletes the state of the platform."""

import click

from services.launcher.commands.output import Refusing
from services.launcher.state_folder import StateFolder, default_folder


@click.command("reset", cls=Refusing)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(yes: bool) -> None:
    """Delete the state of `xuke up`: every application, licence, key and log. Refused while it runs.

    Deletes only what the platform has made, and nothing in a folder where none has been started.
    """
    folder = StateFolder(default_folder())
    if not yes:
        click.confirm(f"Delete everything in {folder.path}? 删除其中全部内容？", abort=True)
    left = folder.empty()
    click.echo(f"emptied 已清空 {folder.path}")
    if left:
        click.echo(f"left, not of the platform 保留（非平台文件）: {', '.join(left)}")
