"""A person with a browser that runs no script: follows links, fills in forms, keeps cookies."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import requests
from lxml import html
from requests.adapters import HTTPAdapter

_addresses = (f"127.9.{third}.{fourth}" for third, fourth in itertools.product(range(256), range(1, 255)))
_TIMEOUT_SECONDS = 20


class _FromAddress(HTTPAdapter):
    """Connects from one address of this machine, so that limits per address do not mix tests."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._address, 0), **options)


class Page:
    """What the portal answered."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.url = response.url
        self.text = response.text

    @property
    def tree(self) -> Any:
        return html.fromstring(self.response.content)

    @property
    def words(self) -> str:
        """What a person reads on the page, with single spaces."""
        body = self.tree.find("body")
        for script in body.xpath(".//script"):
            script.drop_tree()
        return re.sub(r"\s+", " ", body.text_content())

    def field(self, name: str) -> str:
        """Value of a hidden or typed field."""
        found = self.tree.xpath(f"//main//*[@name='{name}']") or self.tree.xpath(f"//*[@name='{name}']")
        element = found[0]
        if element.tag == "textarea":
            return (element.text or "").removeprefix("\n")
        return str(element.get("value", ""))


class Browser:
    """One browser, at an address of its own."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount("http://", _FromAddress(next(_addresses)))

    def get(self, path: str, *, follow: bool = True, **options: Any) -> Page:
        return self._ask("GET", path, follow, **options)

    def post(self, path: str, data: dict[str, str], *, follow: bool = True, **options: Any) -> Page:
        return self._ask("POST", path, follow, data=data, **options)

    def _ask(self, method: str, path: str, follow: bool, **options: Any) -> Page:
        url = path if path.startswith("http") else self.base + path
        return Page(
            self.session.request(method, url, allow_redirects=follow, timeout=_TIMEOUT_SECONDS, **options)
        )

    def pages(self, path: str) -> Iterator[Page]:
        """A list page by page, each reached by the link to the next."""
        while True:
            page = self.get(path)
            yield page
            following = page.tree.xpath("//main//a[@rel='next']/@href")
            if not following:
                return
            path = following[0]

    def choose_account(self, page: Page, account: str, *, follow: bool = True) -> Page:
        """Presses the button of an account on the sign-in page of the issuer."""
        fields = {one.get("name"): one.get("value") for one in page.tree.xpath("//form//input")}
        address = requests.compat.urljoin(page.url, page.tree.xpath("//form/@action")[0])
        return self.post(address, {**fields, "account": account}, follow=follow)

    def sign_in(self, account: str, language: str = "zh") -> Page:
        return self.choose_account(self.get(f"/{language}/sign-in"), account)
