"""The interface keeps what its own document promises, for inputs that fit it and inputs that do not."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from services.customs.routes import ROUTES, Route
from tests.support import identity

load_all_checks()


@pytest.fixture(scope="module")
def schema(application: Flask) -> BaseSchema:
    """The document as served. The token is configured, so that no generated one stands in its place."""
    loaded = schemathesis.openapi.from_wsgi("/openapi.json", application)
    loaded.config.update(headers={"Authorization": f"Bearer {identity.token(identity.CUSTOMS_OFFICER)}"})
    return loaded


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_conformance(schema: BaseSchema, route: Route, mode: GenerationMode) -> None:
    operation = schema[route.path][route.verb]
    statuses: set[int] = set()

    @given(operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=20,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def keeps_its_promises(case: Case) -> None:
        response = case.call()
        statuses.add(response.status_code)
        # That every number of the right form is accepted cannot be promised: a licence number carries a check
        # character, which no schema can express.
        case.validate_response(response, excluded_checks=[positive_data_acceptance])

    keeps_its_promises()
    assert statuses
