"""The table of the navigation, against the pages that it leads to."""

import pytest

from services.foundation.principal import Role
from services.portal.language import catalogue
from services.portal.navigation import TABLE, Entry
from services.portal.pages import PAGES


def test_every_entry_leads_to_a_page_that_needs_no_arguments() -> None:
    paths = {page.endpoint: page.path for page in PAGES if "GET" in page.methods}
    for entry in TABLE:
        assert "<" not in paths[entry.endpoint], entry.endpoint
        assert entry.holds(entry.endpoint)
        assert entry.key in catalogue("texts")


def test_a_page_is_below_one_entry_of_a_role_at_most() -> None:
    for page in PAGES:
        for role in Role:
            above = [entry.key for entry in TABLE if role not in entry.not_for and entry.holds(page.endpoint)]
            reachable = [
                key
                for key in above
                for target in PAGES
                if target.endpoint == next(one.endpoint for one in TABLE if one.key == key)
                and (target.permission is None or role in target.permission.roles)
            ]
            assert len(reachable) <= 1, (page.endpoint, role, reachable)


@pytest.mark.parametrize(
    ("endpoint", "below"),
    [("case", True), ("case_dossier", True), ("cases", False), ("casebook_page", False), (None, False)],
)
def test_what_is_below_an_entry_goes_by_its_name(endpoint: str | None, below: bool) -> None:
    assert Entry("queue", "page.queue", ("queue", "case")).holds(endpoint) is below
