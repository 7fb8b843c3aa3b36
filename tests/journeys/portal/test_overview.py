"""The overview: live figures for each role, within bounds, and the ledger's contradiction in sight."""

import re
from collections.abc import Callable

from services.launcher.platform import Platform
from tests.journeys.portal.conftest import World
from tests.support.browsing import Browser, Page

_PATH = "/en/overview"


def figures(page: Page) -> dict[str, int]:
    """The headline figures by their names."""
    tiles = page.tree.xpath("//dl[contains(@class, 'overview-tiles')]/div")
    named = {tile.find("dt").text_content(): tile.find("dd").text_content() for tile in tiles}
    return {name: int(value.replace(",", "")) for name, value in named.items() if value.strip() != "–"}


def plots(page: Page) -> list[str]:
    return [one.findtext("title") for one in page.tree.xpath("//svg[@role='img']")]


def test_managers_see_figures_that_agree_with_the_ledger(
    world: World, signed_in: Callable[[str], Browser]
) -> None:
    for account in ("ministry.director", "ministry.officer", "auditor"):
        page = signed_in(account).get(_PATH)
        assert "All figures agree with the ledger." in page.words
        found = figures(page)
        assert found["Applications submitted"] >= 2
        assert found["Granted"] >= 1
        assert found["Licences issued"] >= 1
        assert plots(page) == [
            "Cases by state",
            "Open cases by province",
            "Submitted and decided by month",
            "Working days in each stage, against its limit",
            "Tasks to be answered",
            "Calendar days to answer",
            "Destinations",
            "Control codes",
        ]
        # The figures behind every plot, for whoever does not see it.
        assert len(page.tree.xpath("//details//table")) == 7


def test_a_province_and_an_agency_see_their_own(world: World, signed_in: Callable[[str], Browser]) -> None:
    province = signed_in("jiangsu.province").get(_PATH)
    assert figures(province)["Licences issued"] >= 1
    assert "Agencies" not in province.words
    assert not province.tree.xpath("//select[@name='province']")
    elsewhere = signed_in("guangdong.province").get(f"{_PATH}?province=32")
    assert "There are no applications within these bounds." in elsewhere.words
    agency = signed_in("mfa.reviewer").get(_PATH)
    assert plots(agency) == ["Tasks to be answered", "Calendar days to answer"]
    cells = agency.tree.xpath("//details//tbody//th")
    assert [cell.text_content() for cell in cells] == ["Ministry of Foreign Affairs"]


def test_figures_are_bounded_by_the_address(world: World, signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in("ministry.director")
    page = browser.get(f"{_PATH}?from=2001-01-01&to=2001-12-31")
    assert page.field("from") == "2001-01-01"
    assert "There are no applications within these bounds." in page.words
    assert "There are no consultation tasks within these bounds." in page.words
    assert "There are no applications within these bounds." in browser.get(f"{_PATH}?province=65").words
    inside = browser.get(f"{_PATH}?from=2001-01-01&province=32")
    assert figures(inside)["Licences issued"] >= 1
    assert "Open cases by province" not in plots(inside)
    # What is no day and no province is left out.
    assert figures(browser.get(f"{_PATH}?from=soon&to=%3Cb%3E&province=zz"))["Granted"] >= 1


def test_what_contradicts_the_ledger_is_said(
    platform: Platform, world: World, signed_in: Callable[[str], Browser]
) -> None:
    alter = "UPDATE application SET state = %s WHERE application_id = %s"
    with platform.place.postgres.connect("xuke_licensing") as connection:
        connection.execute(alter, ("REFUSED", world.licensed))
        try:
            # Bounds that nobody else asks about: figures are kept for a while.
            page = signed_in("auditor").get(f"{_PATH}?from=2001-02-03")
        finally:
            connection.execute(alter, ("LICENSED", world.licensed))
    assert "2 figures do not agree with the ledger" in page.words
    assert "These do not agree: State: Refused, State: Licensed." in page.words
    rows = page.tree.xpath("//tr[.//*[contains(@class, 'portal-tag--bad')]]/th")
    assert [row.text_content() for row in rows] == ["State: Refused", "State: Licensed"]
    assert "All figures agree with the ledger." in signed_in("auditor").get(f"{_PATH}?from=2001-02-04").words


def test_plots_carry_no_style_of_their_own(world: World, signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("auditor").get(_PATH)
    assert not page.tree.xpath("//main//*[@style]")
    assert not re.search(r"<style|<script(?![^>]*src)", page.text.split("<main", 1)[1].split("</main>", 1)[0])
