"""What customs does through the REST interface."""

from typing import Any

from services.launcher.clients import People
from services.launcher.demo.narrator import expect
from services.launcher.demo.people import customs_call, new_request_id, wait_for


class CustomsOffice:
    """A customs office with its service account."""

    def __init__(self, people: People) -> None:
        self._people = people

    def status(self, number: str) -> dict[str, Any]:
        """Status of a licence."""
        code, answer = customs_call(self._people, "GET", f"/v1/licences/{number}")
        expect(code == 200, f"the status of {number}", (code, answer))
        return dict(answer)

    def find_in_changes(self, number: str) -> dict[str, Any]:
        """Follows the feed of changes from its beginning until the licence appears."""
        cursor = ""

        def look() -> dict[str, Any] | None:
            nonlocal cursor
            _, page = customs_call(self._people, "GET", f"/v1/licence-changes?page_size=1000&cursor={cursor}")
            cursor = page.get("next_cursor", cursor)
            return next((change for change in page.get("changes", []) if change["number"] == number), None)

        change: dict[str, Any] = wait_for(
            f"{number} in the feed of changes", look, lambda seen: seen is not None
        )
        return change

    def acknowledge(self, number: str) -> dict[str, Any]:
        """Says that customs holds the licence: it becomes active."""
        code, answer = customs_call(
            self._people,
            "POST",
            f"/v1/licences/{number}:acknowledge",
            {"request_id": new_request_id(), "customs_reference": f"H2000-{number}"},
        )
        expect(code == 200, f"customs to acknowledge {number}", (code, answer))
        return dict(answer)

    def write_off(
        self, action: str, declaration: str, number: str, quantity: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """Reserves, commits or releases line 1 of a licence for line 1 of a declaration.

        Returns the HTTP status and the result of the line.
        """
        code, answer = customs_call(
            self._people,
            "POST",
            f"/v1/declarations/{declaration}:{action}",
            {
                "lines": [
                    {
                        "declaration_line": 1,
                        "licence_number": number,
                        "licence_line": 1,
                        "quantity": quantity,
                        "unit": "kg",
                        "hs_code": "2841801000",
                    }
                ]
            },
        )
        expect("results" in answer, f"an answer to {action} of {declaration}", (code, answer))
        return code, dict(answer["results"][0])
