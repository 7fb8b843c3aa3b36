import tomllib

from services.classification.reference_files import REFERENCE
from services.classification.rules.faults import Fault


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    sentences = tomllib.loads((REFERENCE / "messages.toml").read_text(encoding="utf-8"))
    for fault in Fault:
        assert set(sentences[f"RULE_FAULT_{fault.value}"]) == {"zh", "en"}
