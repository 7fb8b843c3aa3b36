"""`xuke screen`: a file of names against the lists, without a running platform."""

import csv
import pathlib
from datetime import datetime

import click

from services.launcher.commands.output import CHINA, Refusing, now
from services.launcher.commands.progress import reading


@click.command("screen", cls=Refusing)
@click.argument("file", type=click.Path(path_type=pathlib.Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=pathlib.Path), help="Where the result goes, as CSV."
)
@click.option("--list", "lists", multiple=True, help="Only this list; may be given more than once.")
@click.option(
    "--names", type=click.Path(path_type=pathlib.Path), help="A list file instead of the own lists."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The legal day; today in China without it.")
def command(
    file: pathlib.Path,
    out: pathlib.Path,
    lists: tuple[str, ...],
    names: pathlib.Path | None,
    as_of: datetime | None,
) -> None:
    """Screen the names of FILE (CSV: id, name, type, country) and write id, entry, list, score, verdict, explanation.

    A list file given by --names has the columns entity_id, name and, if you like, list. Every id has at least one
    row: CLEAR with the nearest entry where there is no hit.
    """
    # Reading the tables takes a moment, and only this command needs them.
    from services.screening.batch import (
        RESULT_COLUMNS,
        open_result,
        read_rows,
        target_of_file,
        target_of_lists,
    )
    from services.screening.batch_workers import screener
    from services.screening.matching.matcher import read_matcher
    from services.screening.reference_files import read_shipped

    matcher = read_matcher()
    if names is not None:
        target = target_of_file(names, matcher, lists)
    else:
        day = as_of.date() if as_of else now().astimezone(CHINA).date()
        target = target_of_lists(read_shipped().lists, matcher, lists, day)
    size = file.stat().st_size if file.is_file() else 0
    # The workers are started before the progress bar, whose thread they must not inherit.
    with (
        screener(target, size) as screening,
        reading(file) as advance,
        open_result(out) as written,
    ):
        writer = csv.writer(written)
        writer.writerow(RESULT_COLUMNS)
        writer.writerows(screening.screen(read_rows(file, ("name",), advance)))
