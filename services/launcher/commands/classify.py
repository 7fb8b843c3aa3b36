"""`xuke classify`: a file of items under the control list, without a running platform."""

import csv
import pathlib
from datetime import datetime

import click

from services.launcher.commands.output import CHINA, Refusing, now
from services.launcher.commands.progress import reading
from services.launcher.result_files import require_other_file, result_file


@click.command("classify", cls=Refusing)
@click.argument("file", type=click.Path(path_type=pathlib.Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=pathlib.Path),
    help="Where the result goes, as CSV; never a file that is read.",
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The legal day; today in China without it.")
@click.option(
    "--regime",
    default="",
    help="The regime of the list; without it that of the file, or cn_dual_use, as shipped.",
)
@click.option(
    "--list",
    "list_files",
    multiple=True,
    type=click.Path(path_type=pathlib.Path),
    help="A list file instead of the shipped list, as CSV; may be given more than once.",
)
def command(
    file: pathlib.Path,
    out: pathlib.Path,
    as_of: datetime | None,
    regime: str,
    list_files: tuple[pathlib.Path, ...],
) -> None:
    """Classify the items of FILE and write ranked codes with outcomes, what is still asked, and why.

    FILE is CSV with the columns id, hs, name_zh, name_en, description, parameters (name=value unit; ...),
    destination, end_use.

    A list file given by --list is in the documented template (one entry a row: identifier, name_en, parameters_en,
    announcement, effective_from and what else services/classification/imports/README.md names), or has the columns
    path, kind, text, valid_from of the European list: one provision or note a row. Its regime is called like the file.
    With several, each item has a row of each list; list_version tells which. Nothing found is no clearance.

    The result takes its place only when the whole file has been classified.
    """
    # Reading the tables takes a moment, and only this command needs them.
    from services.classification.batch import RESULT_COLUMNS, classify_rows_under, read_rows
    from services.classification.regimes import classifiers_of

    day = as_of.date() if as_of else now().astimezone(CHINA).date()
    require_other_file(out, (file, *list_files))
    classifiers = classifiers_of(regime, list_files, day)
    with reading(file) as advance, result_file(out) as written:
        writer = csv.writer(written)
        writer.writerow(RESULT_COLUMNS)
        writer.writerows(classify_rows_under(read_rows(file, ("id",), advance), classifiers))
