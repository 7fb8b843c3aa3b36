"""The rules against the stored words of the law, over the whole list."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from services.classification.reference_files import REFERENCE
from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import evaluate
from services.classification.rules.facts import Context, Facts
from services.classification.rules.loading import read_rules
from services.classification.rules.parsing import RuleError
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import Basis, Measured, Subject, walk
from tests.unit.classification.rules.assigning import leaves
from tests.unit.classification.rules.cases import written_entries


def test_every_quote_stands_in_the_text_at_its_path(book: RuleBook) -> None:
    count = 0
    for rule in book.rules():
        for tree in (rule.control, rule.decontrol):
            for node in walk(tree) if tree is not None else ():
                count += 1
                assert node.place.quote in book.legal_texts[node.place.path].text
    assert count > 500


def test_every_text_names_its_announcement_and_article(book: RuleBook) -> None:
    for text in book.legal_texts.values():
        assert text.announcement
        assert text.article
        assert text.text.strip() == text.text


def test_figures_of_a_limit_stand_in_its_words(book: RuleBook) -> None:
    """No limit is invented: the printed figure of each is found in the words that it quotes."""
    count = 0
    for written in written_entries():
        for tree in ("rule", "decontrol"):
            if tree in written.bodies:
                for _, leaf in leaves(written.bodies[tree]):
                    figures = [leaf[key] for key in ("value", "low", "high") if key in leaf]
                    for figure in [*figures, *leaf.get("values", ())]:
                        count += 1
                        assert re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", leaf["quote"]), (
                            written.label,
                            leaf,
                        )
    assert count > 90


def test_an_entry_that_decides_by_description_never_clears(book: RuleBook) -> None:
    for rule in book.rules():
        if rule.basis is Basis.DESCRIPTION:
            assert not any(isinstance(node, Measured) for node in walk(rule.control))
            assert evaluate(rule, Facts(), Context(), book).truth is Truth.UNKNOWN


def test_every_rule_asks_whether_the_item_is_what_it_describes(book: RuleBook) -> None:
    for rule in book.rules():
        assert any(
            isinstance(node, Subject) and node.identifier == rule.identifier for node in walk(rule.control)
        )


def test_nothing_stated_gives_no_answer(book: RuleBook) -> None:
    for rule in book.rules():
        assert evaluate(rule, Facts(), Context(), book).truth is Truth.UNKNOWN


def test_every_entry_with_limits_that_were_read_has_a_rule(book: RuleBook) -> None:
    with (REFERENCE / "control_list.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["quality"] in ("A", "A-"):
                rule = book.rule_of(row["identifier"]) or book.rule_of(row["control_code"])
                assert rule is not None, row["identifier"]
                if row["parameters_zh"]:
                    assert rule.basis is Basis.RULE, row["identifier"]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("2025-10.json", "密度大于17.5g/cm³", "密度大于18g/cm³", "does not stand in the text"),
        ("2024-33.json", '"identifier": "2C901.a"', '"identifier": "2C901.b"', "stands in"),
        ("2025-10.json", "2025-91/1C004/d", "2025-91/none", "no legal text"),
    ],
)
def test_a_rule_that_does_not_fit_the_texts_is_refused(
    tmp_path: Path, file: str, old: str, new: str, problem: str
) -> None:
    for source in REFERENCE.rglob("*"):
        if source.suffix in (".json", ".csv"):
            copy = tmp_path / source.relative_to(REFERENCE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    changed = tmp_path / "rules" / file
    text = changed.read_text(encoding="utf-8")
    assert old in text
    changed.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RuleError, match=problem):
        read_rules(tmp_path)


def test_files_of_rules_are_readable_json() -> None:
    for path in (REFERENCE / "rules").glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["announcement"] == path.stem
        assert max(map(len, path.read_text(encoding="utf-8").splitlines())) < 400


COMPARED = re.compile(
    r"(?:大于|小于|超过|优于|高于|低于|[≥≤＞＜><~])\D{0,6}\d|\d[^，；。]{0,12}(?:及以上|以上|以下|以内)"
)


def test_every_figure_that_the_texts_compare_with_is_a_limit_of_a_rule(book: RuleBook) -> None:
    """Coverage: no text that is held states a limit that no rule holds an item against."""
    limits = defaultdict[str, list[str]](list)
    for written in written_entries():
        for body in written.bodies.values():
            path = written.entry.get("legal_text", f"{written.announcement}/{written.entry['identifier']}")
            for place, quote in _limits(body, path):
                # A transcription repeats limits of the text beside which it stands.
                limits["/".join(place.split("/")[:2])].append(quote)
    texts = [text for text in book.legal_texts.values() if COMPARED.search(text.text)]
    assert len(texts) >= 40
    for text in texts:
        whole = "".join(limits["/".join(text.path.split("/")[:2])])
        for comparison in COMPARED.finditer(text.text):
            # What is left of the number of a paragraph is no figure: （1）直径3英寸.
            for figure in re.findall(r"\d+(?:\.\d+)?(?!）)(?![\d.])", comparison.group()):
                assert figure in whole, (text.path, comparison.group())


def _limits(node: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """The path and the quote of every limit under a node, and of the test conditions that it quotes."""
    path = node.get("path", path)
    for part in (*node.get("all", ()), *node.get("any", ()), *([node["not"]] if "not" in node else [])):
        yield from _limits(part, path)
    if "quantity" in node or "derived" in node:
        yield path, node["quote"]
