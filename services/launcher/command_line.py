"""`xuke`: the command line of the platform.

A command is imported when it is called, so that asking for help does not load the platform.
"""

import importlib

import click

# Name of the command, the module that has it as `command`, and what it does.
COMMANDS = {
    "up": ("running", "Start the platform and keep it running; Ctrl-C stops it."),
    "demo": ("demo", "Play the four stories on a fresh platform and show each step."),
    "reset": ("reset", "Delete the state of `xuke up`."),
    "doctor": ("doctor", "Say what is up, what is behind, and what to do."),
    "token": ("token", "Print a token of a development account."),
    "case": ("case", "Show an application: state, clock, opinions, history."),
    "licence": ("licence", "Show a licence: state, quantities, use; or write its PDF."),
    "verify-licence": ("verify_licence", "Verify a licence PDF offline: intact, whole, signed by whom."),
    "verify-audit": ("verify_audit", "Hold the databases against the sealed log."),
    "screen": ("screen", "Screen a file of names against the lists, or against a list file."),
    "compare": ("compare", "Say how alike two names are, in any scripts, and why."),
    "classify": ("classify", "Classify a file of items under the control list, or under a list file."),
    "explain": ("explain", "Hold parameters against an entry of the control list, line by line."),
    "chemical-totals": ("chemical_totals", "Write what left of controlled chemicals, by year and schedule."),
    "migrate": ("migrate", "Bring the databases of an own PostgreSQL to the newest tables."),
    "rebuild-procedure": ("rebuild_procedure", "Rebuild the workflow server's store from the record."),
}


class _Commands(click.Group):
    """Finds commands by the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the module of a command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"services.launcher.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xuke", prog_name="xuke")
def main() -> None:
    """Xuke (许可): an open platform for paperless export-control licensing.

    State lives in the folder XUKE_HOME, or .xuke beside the code.
    """


if __name__ == "__main__":
    main()
