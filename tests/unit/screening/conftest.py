"""The lists and rules as shipped."""

import pytest

from services.screening.domain.screen import Basis
from services.screening.reference_files import read_basis


@pytest.fixture(scope="session")
def basis() -> Basis:
    return read_basis()
