"""`xuke compare`: how alike are two names, and why; or every pair of a file."""

import csv
import pathlib

import click

from services.foundation.messages import render
from services.launcher.commands.output import Refusing, console, json_option, literal, print_json
from services.launcher.commands.progress import reading
from services.launcher.result_files import require_other_file, result_file


@click.command("compare", cls=Refusing)
@click.argument("names", nargs=-1)
@click.option(
    "--pairs", type=click.Path(path_type=pathlib.Path), help="CSV with the columns query, candidate."
)
@click.option(
    "--out", type=click.Path(path_type=pathlib.Path), help="Where the pairs go, with score and verdict."
)
@json_option
def command(
    names: tuple[str, ...], pairs: pathlib.Path | None, out: pathlib.Path | None, as_json: bool
) -> None:
    """Compare two NAMES in any scripts: score, verdict, and which parts match how.

    With --pairs and --out, add score, verdict and reason to every row of a file. A name that is empty or cannot be
    read in full is never CLEAR: the verdict is REVIEW, and the reason says why.
    """
    if pairs is not None and out is not None and not names:
        _compare_file(pairs, out)
    elif pairs is None and out is None and len(names) == 2:
        _compare_two(names[0], names[1], as_json)
    else:
        usage = render("COMPARE_USAGE")
        raise click.UsageError(f"{usage.zh}\n  {usage.en}")


def _compare_two(query: str, candidate: str, as_json: bool) -> None:
    # Reading the tables takes a moment, and only this command needs them.
    from services.screening.batch_pairs import compare_pair
    from services.screening.matching.matcher import MATCHER_VERSION, read_matcher

    pair = compare_pair(query, candidate, read_matcher())
    comparison, verdict, said = pair.comparison, pair.verdict, pair.said
    if as_json:
        points = [
            {"feature": one.feature, "amount": one.amount, "points": one.points}
            for one in comparison.score.points
        ]
        print_json(
            {
                "score": str(comparison.score.value),
                "verdict": verdict.value,
                "reason": pair.reason,
                "sum": comparison.score.total,
                "points": points,
                "zh": said.zh,
                "en": said.en,
                "version": MATCHER_VERSION,
            }
        )
        return
    console.print(literal(f"{comparison.score.value}  {verdict.value}", "bold"))
    console.print(literal(f"  {said.zh}\n  {said.en}"))


def _compare_file(pairs: pathlib.Path, out: pathlib.Path) -> None:
    from services.screening.batch_files import read_rows
    from services.screening.batch_pairs import ADDED, compare_rows
    from services.screening.matching.matcher import read_matcher

    require_other_file(out, [pairs])
    with reading(pairs) as advance, result_file(out) as file:
        writer: csv.DictWriter[str] | None = None
        for row in compare_rows(read_rows(pairs, ("query", "candidate"), advance), read_matcher()):
            if writer is None:
                writer = csv.DictWriter(file, list(row), restval="", extrasaction="ignore")
                writer.writeheader()
            writer.writerow(row)
        if writer is None:
            csv.writer(file).writerow(("query", "candidate", *ADDED))
