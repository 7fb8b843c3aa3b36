"""`xuke screen`: a file of names against the lists, without a running platform."""

import csv
import pathlib
from datetime import date

import click

from services.foundation.errors import invalid_field
from services.foundation.messages import render
from services.launcher.commands.output import CHINA, Refusing, now
from services.launcher.commands.progress import reading
from services.launcher.result_files import require_other_file, result_file


@click.command("screen", cls=Refusing)
@click.argument("file", required=False, type=click.Path(path_type=pathlib.Path))
@click.option(
    "--out",
    type=click.Path(path_type=pathlib.Path),
    help="Where the result goes, as CSV; never a file that is read. Required.",
)
@click.option("--list", "lists", multiple=True, help="Only this list; may be given more than once.")
@click.option(
    "--names",
    type=click.Path(path_type=pathlib.Path),
    help="A list file instead of the own lists: entity_id, name and, if you like, list and country.",
)
@click.option("--as-of", metavar="YYYY-MM-DD", help="The legal day; today in China without it.")
def command(
    file: pathlib.Path | None,
    out: pathlib.Path | None,
    lists: tuple[str, ...],
    names: pathlib.Path | None,
    as_of: str | None,
) -> None:
    """Screen the names of FILE (CSV: id, name, type, country) and write id, entry, list, score, verdict, explanation.

    Only name is needed. The same country as that of the entry adds to the score; against the own lists it is the
    two-letter code of ISO 3166-1. type is for your own use: names of persons and of organisations are read alike.

    A list file given by --names has the columns entity_id and name and, if you like, list (without it all are of
    one list, called like the file) and country.

    Every id has at least one row: CLEAR with the nearest entry where there is no hit, REVIEW where the name cannot
    be read in full. A row of its own says where an id has more than 200 hits. The result takes its place only when
    the whole file has been screened. Own lists that are too old are refused, whatever the day of --as-of.
    """
    if file is None or out is None:
        usage = render("SCREEN_USAGE")
        raise click.UsageError(f"{usage.zh}\n  {usage.en}")
    # Reading the tables takes a moment, and only this command needs them.
    from services.screening.batch import (
        RESULT_COLUMNS,
        screened_countries,
        target_of_file,
        target_of_lists,
        with_countries,
    )
    from services.screening.batch_files import read_rows
    from services.screening.batch_workers import screener
    from services.screening.matching.matcher import read_matcher
    from services.screening.reference_files import read_comparison, read_shipped

    today = now().astimezone(CHINA).date()
    day = today if as_of is None else _day(as_of)
    require_other_file(out, [file] if names is None else [file, names])
    matcher = read_matcher()
    if names is not None:
        target = target_of_file(names, matcher, lists)
    else:
        target = target_of_lists(read_shipped().lists, matcher, lists, day, today)
    size = file.stat().st_size if file.is_file() else 0
    # The workers are started before the progress bar, whose thread they must not inherit.
    with (
        screener(target, size) as screening,
        reading(file) as advance,
        result_file(out) as written,
    ):
        rows = read_rows(file, ("name",), advance)
        if names is None:
            rows = with_countries(rows, file, screened_countries(target, read_comparison().countries))
        writer = csv.writer(written)
        writer.writerow(RESULT_COLUMNS)
        writer.writerows(screening.screen(rows))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise invalid_field("--as-of", "SCREENING_DAY_INVALID", value=text) from error
