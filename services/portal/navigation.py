"""The navigation in the header: one table, of which everybody sees the entries that they may open."""

from dataclasses import dataclass
from typing import Final

from services.foundation.principal import Role
from services.portal.gate import admits
from services.portal.page import APPLICANTS


@dataclass(frozen=True)
class Entry:
    """A link of the navigation.

    `under` are the endpoints below it: itself, and every one that is named so or begins so, as "case" has
    "case_dossier" below it. `not_for` are roles that have an entry of their own for the same purpose.
    """

    endpoint: str
    key: str
    under: tuple[str, ...]
    not_for: frozenset[Role] = frozenset()

    def holds(self, endpoint: str | None) -> bool:
        """Whether an endpoint is below this entry."""
        return endpoint is not None and any(
            endpoint == name or endpoint.startswith(f"{name}_") for name in self.under
        )


# Those whose start page is their work.
_REVIEWERS: Final = frozenset(
    {
        Role.PROVINCIAL_OFFICER,
        Role.MINISTRY_OFFICER,
        Role.MINISTRY_DIRECTOR,
        Role.AUDITOR,
        Role.AGENCY_REVIEWER,
        Role.EXPERT,
        Role.LIST_EDITOR,
    }
)

TABLE: Final[tuple[Entry, ...]] = (
    Entry(
        "start",
        "page.start",
        ("start",),
        not_for=_REVIEWERS,
    ),
    Entry("applications", "page.applications", ("applications", "application", "filing")),
    Entry("products", "page.products", ("products", "product")),
    Entry("queue", "page.queue", ("queue", "case")),
    Entry("tasks", "page.tasks", ("tasks", "task", "case")),
    Entry("hits", "page.hits", ("hits", "hit")),
    Entry("experts", "page.experts", ("experts", "expert", "case")),
    Entry("inquiries", "page.inquiries", ("inquiries", "inquiry", "cited")),
    Entry("lists", "page.lists", ("lists", "list")),
    Entry("control_lists", "page.control_lists", ("control", "requirement", "reclassification")),
    Entry("overview", "overview.title", ("overview",)),
    Entry("licences", "page.licences", ("licences", "licence", "stop_and_report", "stopped")),
    Entry("organisation", "page.organisation", ("organisation", "mandate")),
    Entry("notifications", "page.notifications", ("notifications",)),
    # Applicants find it at the foot of every page.
    Entry("verification_form", "page.verify", ("verification",), not_for=APPLICANTS.roles),
)


def entries_for(role: Role | None) -> tuple[Entry, ...]:
    """The entries that a role sees; None is a person who has not signed in."""
    return tuple(entry for entry in TABLE if role not in entry.not_for and admits(entry.endpoint, role))
