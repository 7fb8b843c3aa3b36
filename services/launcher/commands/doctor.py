"""`xuke doctor`: what is up, what is behind, what runs out, and what to do about it."""

import click
from rich.table import Table

from services.foundation.settings import Settings
from services.launcher.commands.output import CHINA, FAILED, Refusing, console, json_option, now, print_json
from services.launcher.commands.running_platform import present_place
from services.launcher.health.examination import examine, healthy
from services.launcher.health.finding import Finding, Status

_MARKS = {
    Status.OK: "[green]✓[/]",
    Status.NOTICE: "[yellow]![/]",
    Status.BEHIND: "[red]…[/]",
    Status.DOWN: "[bold red]✗[/]",
}


def _table(findings: list[Finding]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 1))
    for finding in findings:
        sentence = finding.sentence
        wording = f"{sentence.zh}\n[dim]{sentence.en}[/]" if finding.status is not Status.OK else sentence.zh
        table.add_row(_MARKS[finding.status], finding.check, finding.subject, wording)
    return table


@click.command("doctor", cls=Refusing)
@json_option
def command(as_json: bool) -> None:
    """Say what is up, what is behind, and what to do. Exit code 1 if anything is down or behind."""
    calendar_file = Settings.from_environment().calendar_file
    findings = examine(present_place(), calendar_file, now().astimezone(CHINA).date())
    if as_json:
        print_json({"healthy": healthy(findings), "findings": [finding.as_json() for finding in findings]})
    else:
        console.print(_table(findings))
    if not healthy(findings):
        raise click.exceptions.Exit(FAILED)
