"""Reviewers at their browsers, and what their pages say."""

from dataclasses import dataclass, field

from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.reviewing import AgencyReviewer
from tests.journeys.portal.test_pages import demand_sound
from tests.support.browsing import Browser, Page
from tests.support.form_filling import follow, send

RATED = {f"factors[{number}].rating": "NO_CONCERN" for number in range(8)}


@dataclass
class Office:
    """Reviewers at their browsers."""

    base: str
    browsers: dict[str, Browser] = field(default_factory=dict)

    def at(self, account: str) -> Browser:
        if account not in self.browsers:
            self.browsers[account] = Browser(self.base)
            self.browsers[account].sign_in(account, "en")
        return self.browsers[account]

    def case(self, account: str, application_id: str) -> Page:
        return self.at(account).get(f"/en/cases/{application_id}")

    def start(self, account: str, application_id: str, button: str) -> Page:
        """The form that a button of the case leads to."""
        return follow(self.at(account), self.case(account, application_id), button)

    def act(self, account: str, page: Page, typed: dict[str, str], confirm: str) -> Page:
        """Types, checks and confirms."""
        checked = send(self.at(account), page, typed, "Check")
        assert checked.status == 200, checked.words
        demand_sound(checked, "en")
        return send(self.at(account), checked, press=confirm)


def told(page: Page) -> str:
    """What the page says of what was just done."""
    found = page.tree.xpath("//main//*[contains(@class, 'portal-done')]")
    return " ".join(found[0].text_content().split()) if found else ""


def offered(page: Page) -> list[str]:
    return [
        " ".join(one.text_content().split())
        for one in page.tree.xpath("//ul[@class='portal-actions__list']//a")
    ]


def faulty(page: Page) -> list[str]:
    """Where the summary of faults leads to; each is there."""
    links = page.tree.xpath("//*[contains(@class, 'govuk-error-summary')]//a/@href")
    assert page.tree.find("head/title").text.startswith("Error: ")
    assert all(page.tree.xpath(f"//*[@id='{link[1:]}']") for link in links), links
    return links


def task_page(office: Office, account: str, application_id: str) -> Page:
    """The task, once the procedure has opened the round."""
    page = follow(office.at(account), office.case(account, application_id), "The task of your agency")
    assert page.status == 200
    return page


def wait_for_task(cast: Cast, agency: str, application_id: str) -> None:
    """Waits until the procedure has opened the round."""
    AgencyReviewer(cast.people, agency).task(application_id)
