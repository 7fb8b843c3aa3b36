"""What changed is told in the words of people, whatever kind of thing it is."""

from collections.abc import Iterator

import pytest
from flask import Flask, g
from xuke.licensing.v1 import application_pb2 as a

from services.portal.differences import difference_subject, difference_word
from services.portal.language import Language


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with Flask("test").app_context():
        g.language = Language.EN
        yield


@pytest.mark.parametrize(
    ("kind", "subject", "value", "which", "said"),
    [
        ("SUBMISSION", "", "2", "", "submission 2"),
        ("CLASSIFICATION", "3", "CONTROLLED 1C117.d.1", "Item 3", "Controlled 1C117.d.1"),
        ("SCREENING", "VERDICT", "RESTRICTED", "", "Restricted"),
        ("SCREENING", "f-17", "REVIEW", "finding", "Review"),
        ("OPINION", "MFA", "REFUSE", "Ministry of Foreign Affairs", "Refuse"),
        ("OPINION", "MFA", "WAIVED", "Ministry of Foreign Affairs", "Waived"),
        ("OUTCOME", "", "GRANT", "", "Grant"),
        ("REASONS", "", "REFUSE", "", "REFUSE"),
        ("FACTOR", "DESTINATION", "MINOR_CONCERN", "Destination", "Minor concern"),
        ("FACTOR", "DESTINATION.comment", "MINOR_CONCERN", "Destination (comment)", "MINOR_CONCERN"),
        ("CONDITION", "2", "GRANT", "2", "GRANT"),
        ("OPINION", "MFA", "", "Ministry of Foreign Affairs", ""),
    ],
)
def test_a_difference_in_words(kind: str, subject: str, value: str, which: str, said: str) -> None:
    difference = a.Difference(kind=a.DifferenceKind.Value(f"DIFFERENCE_KIND_{kind}"), subject=subject)
    assert difference_subject(difference) == which
    assert difference_word(difference, value) == said
