"""`xuke classify`: a file of items under the control list, without a running platform."""

import csv
import pathlib
from datetime import datetime

import click

from services.launcher.commands.output import CHINA, Refusing, now
from services.launcher.commands.progress import reading


@click.command("classify", cls=Refusing)
@click.argument("file", type=click.Path(path_type=pathlib.Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=pathlib.Path), help="Where the result goes, as CSV."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The legal day; today in China without it.")
@click.option("--regime", default="cn_dual_use", show_default=True, help="The regime whose list is asked.")
@click.option(
    "--list", "list_file", type=click.Path(path_type=pathlib.Path), help="The list of another regime, as CSV."
)
def command(
    file: pathlib.Path,
    out: pathlib.Path,
    as_of: datetime | None,
    regime: str,
    list_file: pathlib.Path | None,
) -> None:
    """Classify the items of FILE and write ranked codes with outcomes, what is still asked, and why.

    FILE is CSV with the columns id, hs, name_zh, name_en, description, parameters (name=value unit; ...),
    destination, end_use. A list file given by --list has the columns path, kind, text, valid_from: one provision or
    note a row. Nothing found is no clearance.
    """
    # Reading the tables takes a moment, and only this command needs them.
    from services.classification.batch import RESULT_COLUMNS, classify_rows, read_rows
    from services.classification.regimes import classifier_of_regime

    day = as_of.date() if as_of else now().astimezone(CHINA).date()
    classifier = classifier_of_regime(regime, list_file, day)
    with reading(file) as advance, out.open("w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(RESULT_COLUMNS)
        writer.writerows(classify_rows(read_rows(file, ("id",), advance), classifier))
