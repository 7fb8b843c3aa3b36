"""`xuke token`: a token of a development account, for calls by hand."""

import click

from services.launcher.commands.output import Refusing
from services.launcher.commands.running_platform import present_people


@click.command("token", cls=Refusing)
@click.argument("account")
def command(account: str) -> None:
    """Print a token of ACCOUNT, valid for an hour."""
    click.echo(present_people().token(account))
