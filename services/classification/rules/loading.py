"""Reads the rules, the legal texts and the tables that they are read with from their files."""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

from services.classification.rules.book import LegalText, RuleBook
from services.classification.rules.intervals import Interval
from services.classification.rules.measures import read_measures
from services.classification.rules.parsing import RuleError, parse_entry
from services.classification.rules.parsing_figures import Tables
from services.classification.rules.quantities import (
    Better,
    Characteristic,
    Composite,
    Names,
    Quantity,
    Question,
)
from services.classification.rules.units import Dimension, Unit, UnitTable, bases_of
from services.classification.rules.vocabulary import Node, Rule, walk

_Meaning = TypeVar("_Meaning", Quantity, Composite, Characteristic)

REFERENCE: Final = Path(__file__).parent.parent / "reference"


def read_rules(folder: Path = REFERENCE) -> RuleBook:
    """The rules as shipped, checked. Errors: RuleError naming file, entry and place; ReferenceCycleError."""
    units = read_units(folder)
    names = read_names(folder, units)
    texts = read_legal_texts(folder)
    tables = Tables(names, units)
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for path in sorted((folder / "rules").glob("*.json")):
        written = _json(path)
        for entry in written["entries"]:
            parsed = parse_entry(path.name, written["announcement"], entry, tables)
            identifier = parsed[0].identifier
            if identifier in seen:
                raise RuleError(path.name, identifier, "", f"stands in {seen[identifier]} as well")
            seen[identifier] = path.name
            for rule in parsed:
                _check_quotes(path.name, rule, texts)
            rules.extend(parsed)
    return RuleBook(rules, texts, names, units)


def read_units(folder: Path = REFERENCE) -> UnitTable:
    """The unit table."""
    dimensions = {
        row["dimension"]: Dimension(row["dimension"], row["si_unit"], bases_of(row["bases"]))
        for row in _rows(folder / "dimensions.csv")
    }
    return UnitTable(
        (
            (
                Unit(
                    row["symbol"],
                    dimensions[row["dimension"]],
                    Fraction(row["factor"]),
                    Fraction(row["offset"] or 0),
                ),
                _words(row["aliases_zh"], row["aliases_en"], row["aliases_misspelt"]),
            )
            for row in _rows(folder / "units.csv")
        ),
        (row["written"] for row in _rows(folder / "ambiguous_units.csv")),
    )


def read_names(folder: Path, units: UnitTable) -> Names:
    """The quantities, characteristics and questions by their names."""
    return Names(_meanings(folder, units), _values(folder))


def read_legal_texts(folder: Path = REFERENCE) -> dict[str, LegalText]:
    """The stored words of the law by their path."""
    texts: dict[str, LegalText] = {}
    for path in sorted((folder / "legal_texts").glob("*.json")):
        written = _json(path)
        for row in written["texts"]:
            if row["path"] in texts:
                raise ValueError(f"{path.name}: the path {row['path']} stands twice")
            texts[row["path"]] = LegalText(
                row["path"], row["text"], row["verbatim"], written["announcement"], row["article"]
            )
    return texts


def _check_quotes(file: str, rule: Rule, texts: dict[str, LegalText]) -> None:
    """Every quote stands in the stored text at its path."""
    for node in _nodes(rule):
        text = texts.get(node.place.path)
        if text is None:
            raise RuleError(file, rule.identifier, node.place.position, f"no legal text at {node.place.path}")
        if node.place.quote not in text.text:
            raise RuleError(
                file, rule.identifier, node.place.position, f"{node.place.quote!r} does not stand in the text"
            )


def _nodes(rule: Rule) -> Iterator[Node]:
    yield from walk(rule.control)
    if rule.decontrol is not None:
        yield from walk(rule.decontrol)


def _meanings(
    folder: Path, units: UnitTable
) -> Iterator[tuple[str, Quantity | Composite | Characteristic | Question]]:
    for row in _rows(folder / "quantities.csv"):
        yield from _named(row, _quantity(row, units))
    for row in _rows(folder / "composites.csv"):
        parts = tuple(
            tuple(tuple(part.split("+")) for part in parts.split(";")) for parts in row["parts"].split("|")
        )
        yield from _named(row, Composite(row["identifier"], parts))
    values: dict[str, list[dict[str, str]]] = {}
    for row in _rows(folder / "fact_values.csv"):
        values.setdefault(row["fact"], []).append(row)
    for row in _rows(folder / "facts.csv"):
        if row["kind"] not in ("exclusive", "open"):
            raise ValueError(f"facts.csv: {row['identifier']} is exclusive or open")
        characteristic = Characteristic(
            row["identifier"],
            row["name_zh"],
            row["name_en"],
            row["kind"] == "exclusive",
            *(
                tuple(value[column] for value in values.get(row["identifier"], ()))
                for column in ("value", "name_zh", "name_en")
            ),
        )
        yield from _named(row, characteristic)
    for row in _rows(folder / "questions.csv"):
        if row["scope"] not in ("item", "entry"):
            raise ValueError(f"questions.csv: the scope of {row['identifier']} is item or entry")
        if row["about"] not in ("item", "law"):
            raise ValueError(f"questions.csv: {row['identifier']} is about an item or about the law")
        question = Question(
            row["identifier"],
            row["text_zh"],
            row["text_en"],
            per_entry=row["scope"] == "entry",
            of_law=row["about"] == "law",
        )
        for name in (row["identifier"], *_words(row["synonyms_zh"], row["synonyms_en"])):
            yield name, question
        if not question.per_entry:
            # Whoever is asked may answer under the words of the question.
            yield question.text_zh, question
            yield question.text_en, question


def _named(row: dict[str, str], meaning: _Meaning) -> Iterator[tuple[str, _Meaning]]:
    for name in (
        row["identifier"],
        row["name_zh"],
        row["name_en"],
        *_words(row["synonyms_zh"], row["synonyms_en"]),
    ):
        yield name, meaning


def _values(folder: Path) -> Iterator[tuple[str, str, str]]:
    for row in _rows(folder / "fact_values.csv"):
        words = _words(row["synonyms_zh"], row["synonyms_en"])
        for word in (row["value"], row["name_zh"], row["name_en"], *words):
            yield row["fact"], word, row["value"]


def _quantity(row: dict[str, str], units: UnitTable) -> Quantity:
    bare = Quantity(
        row["identifier"],
        row["name_zh"],
        row["name_en"],
        units.dimension(row["dimension"]),
        Better(row["better"]),
        row["kind"] == "range",
        _words(row["accepts"]),
        None,
        _words(row["stand_ins"]),
        row["upper_end_of"],
    )
    return replace(bare, plausible=_plausible(bare, row["plausible"], units))


def _plausible(quantity: Quantity, text: str, units: UnitTable) -> Interval | None:
    if not text:
        return None
    measures = read_measures(quantity, text, "", units)
    if len(measures) != 1 or len(measures[0].intervals) != 1:
        raise ValueError(f"quantities.csv: {quantity.identifier}: {text!r} is not one range")
    return measures[0].intervals[0]


def _words(*cells: str) -> tuple[str, ...]:
    return tuple(word for cell in cells for word in cell.split(";") if word)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
