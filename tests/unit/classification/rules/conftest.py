"""The rules as shipped, read once for all tests."""

import pytest

from services.classification.rules.book import RuleBook
from services.classification.rules.loading import read_rules


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return read_rules()
