"""`xuke doctor`: what is up, what is behind, what runs out, and what to do about it."""

import click
from rich.table import Table
from rich.text import Text

from services.foundation.documents.malware_scanner import malware_scanner
from services.foundation.settings import Settings
from services.launcher.commands.output import (
    CHINA,
    FAILED,
    Refusing,
    console,
    json_option,
    literal,
    now,
    print_json,
)
from services.launcher.commands.running_platform import present_place
from services.launcher.health.examination import examine, healthy
from services.launcher.health.finding import Finding, Status

_MARKS = {
    Status.OK: Text("✓", "green"),
    Status.NOTICE: Text("!", "yellow"),
    Status.BEHIND: Text("…", "red"),
    Status.DOWN: Text("✗", "bold red"),
}


def findings_table(findings: list[Finding]) -> Table:
    """A line for each finding, in both languages; what is too long for the terminal goes on below."""
    table = Table(show_header=False, box=None, padding=(0, 1))
    table.add_column("mark", no_wrap=True)
    for column in ("check", "subject", "sentence"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        sentence = finding.sentence
        wording = literal(sentence.zh)
        if finding.status is Status.OK:
            wording.append_text(literal(f" · {sentence.en}", "dim"))
        else:
            wording.append_text(literal(f"\n{sentence.en}", "dim"))
        table.add_row(_MARKS[finding.status], literal(finding.check), literal(finding.subject), wording)
    return table


@click.command("doctor", cls=Refusing)
@json_option
def command(as_json: bool) -> None:
    """Say what is up, what is behind, and what to do. Exit code 1 if anything is down or behind."""
    settings = Settings.from_environment()
    today = now().astimezone(CHINA).date()
    findings = examine(present_place(), settings.calendar_file, today, malware_scanner(settings))
    if as_json:
        print_json({"healthy": healthy(findings), "findings": [finding.as_json() for finding in findings]})
    else:
        console.print(findings_table(findings))
    if not healthy(findings):
        raise click.exceptions.Exit(FAILED)
