"""Reads the reference tables of the matcher, which come with the program."""

import csv
import pathlib
from collections.abc import Iterator
from typing import Final

FOLDER: Final = pathlib.Path(__file__).parent.parent / "reference"

TABLES: Final = (
    "alert_thresholds.csv",
    "common_names.csv",
    "countries.csv",
    "han_readings.csv",
    "japanese_names.csv",
    "letter_costs.csv",
    "qualifier_points.csv",
    "score_calibration.csv",
    "score_points.csv",
    "spelling_costs.csv",
    "surnames.csv",
    "words.csv",
)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of the folder `reference`."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def spelling_costs() -> Iterator[tuple[str, str, str, int]]:
    """Script, unit, spelling, cost in hundredths of a natural logarithm."""
    for row in rows("spelling_costs.csv"):
        yield row["script"], row["unit"], row["spelling"], int(row["cost"])


def letter_costs() -> dict[tuple[str, str], int]:
    """Letter before (`^` at the start), letter -> cost in hundredths of a natural logarithm."""
    return {(row["before"], row["letter"]): int(row["cost"]) for row in rows("letter_costs.csv")}


def common_names() -> dict[str, int]:
    """Latin words that many bear, without doubled letters -> what meeting one by chance costs, in that measure."""
    return {row["word"]: int(row["cost"]) for row in rows("common_names.csv")}


def score_points() -> tuple[list[tuple[str, int, int]], dict[str, int]]:
    """Steps of (feature, from which amount, points), and the offsets: `base` and those of the scripts."""
    steps: list[tuple[str, int, int]] = []
    offsets: dict[str, int] = {}
    for row in rows("score_points.csv"):
        if row["kind"] == "offset":
            offsets[row["name"]] = int(row["points"])
        else:
            steps.append((row["name"], int(row["from"]), int(row["points"])))
    return steps, offsets


def qualifier_points() -> dict[str, int]:
    """What each qualifier adds where it agrees; policy, not fitted."""
    return {row["name"]: int(row["points"]) for row in rows("qualifier_points.csv")}


def calibration() -> list[tuple[int, int]]:
    """Sum of points -> score in millionths."""
    return [(int(row["points"]), int(row["millionths"])) for row in rows("score_calibration.csv")]
