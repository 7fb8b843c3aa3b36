"""The same bytes over repeats, orders of loading and hash seeds."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import evaluate
from services.classification.rules.facts import Context
from services.classification.rules.parameters import split_parameters

_PARAMETERS = (
    "密度=18.1 g/cm3; 弹性极限=900MPa; 纯度=5N; 尺寸=Φ130×60 mm; W=98%; 平均粒径=1,250 μm; "
    "微波频率=915/2450 MHz; 微波功率=10千瓦以上; 加热温度=500~1200 ℃; 1000℃时温度均匀性=±3 ℃; 零部件=铰链梁、顶锤"
)
_ROOT = Path(__file__).resolve().parents[4]


def digest(book: RuleBook) -> str:
    """Everything that is said of one item under every rule, as a hash."""
    facts = book.read_parameters(split_parameters(_PARAMETERS))
    hashed = hashlib.sha256()
    for rule in book.rules():
        evaluation = evaluate(rule, facts, Context(), book)
        said = (rule.identifier, evaluation.truth, evaluation.decontrol, evaluation.tree, evaluation.missing)
        hashed.update(repr(said).encode())
    return hashed.hexdigest()


def test_repeats_and_shuffled_loading_give_the_same_bytes(book: RuleBook) -> None:
    expected = digest(book)
    for seed in range(100):
        rules = list(book.rules())
        random.Random(seed).shuffle(rules)
        assert digest(RuleBook(rules, book.legal_texts, book.names, book.units)) == expected


def test_hash_seeds_and_processes_give_the_same_bytes(book: RuleBook) -> None:
    program = (
        "from services.classification.rules.loading import read_rules\n"
        "from tests.unit.classification.rules.test_determinism import digest\n"
        "print(digest(read_rules()))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=_ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for seed in ("0", "1", "4711")
    }
    assert found == {digest(book)}
