"""The list as shipped, indexed once for all tests."""

import pytest

from services.classification.domain.codes import HsRegister
from services.classification.domain.entries import ControlList
from services.classification.domain.index import ListIndex
from services.classification.reference_files import read_control_list, read_hs_register, read_search_policy


@pytest.fixture(scope="session")
def control_list() -> ControlList:
    return read_control_list()


@pytest.fixture(scope="session")
def index(control_list: ControlList) -> ListIndex:
    return ListIndex(control_list, read_search_policy())


@pytest.fixture(scope="session")
def register() -> HsRegister:
    return read_hs_register()
