"""Over the running platform: a list changes, the licence stops; a hit is decided, the application goes on."""

import secrets
from collections.abc import Iterator

import pytest
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import list_pb2 as pl
from xuke.screening.v1 import screening_pb2 as s

from services.foundation.errors import XukeError
from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import (
    OFFICER,
    SECOND_OFFICER,
    Cast,
    activate,
    checks_pass,
    file_application,
    review_and_grant,
)
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.people import ask, new_request_id, wait_for
from services.launcher.demo.stories import ORGANISATION
from tests.support.screening_acts import (
    EDITOR,
    LIST,
    SECOND_EDITOR,
    hits_of,
    lists_of,
    propose_entry,
    propose_release,
)


@pytest.fixture
def cast(people) -> Cast:
    return Cast(people, SilentNarrator())


@pytest.fixture
def party() -> d.Party:
    """An end user that no other test knows."""
    found = d.Party()
    found.CopyFrom(KOREAN_END_USER)
    word = "".join(secrets.choice("bdgklmnprstvz") + secrets.choice("aeiou") for _ in range(5)).capitalize()
    found.name_zh = ""
    found.name_en = f"{word} Sintering Works"
    found.registration_number = secrets.token_hex(6)
    found.address = ""
    return found


class Editors:
    """Two list editors, who put parties on a list, and off it at the end: other tests live on the same lists."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._named: list[pl.ListEntry] = []

    def name(self, party: d.Party) -> str:
        """A version that names the party is activated; returns the version."""
        entry = pl.ListEntry(
            entry_id=f"test-{secrets.token_hex(4)}",
            name_en=party.name_en,
            country=party.country,
            effective_from="2026-01-01",
        )
        self._named.append(entry)
        return self._change(entry)

    def end(self) -> None:
        for entry in self._named:
            entry.effective_to = "2026-01-01"
            self._change(entry)

    def _change(self, entry: pl.ListEntry) -> str:
        current = ask(
            lists_of(self._cast, EDITOR).ListEntries, pl.ListEntriesRequest(list_code=LIST, page_size=1)
        )
        entry.source.CopyFrom(current.entries[0].source)
        proposal = propose_entry(self._cast, EDITOR, current.list_version, entry, "Announced today.")
        activated = ask(
            lists_of(self._cast, SECOND_EDITOR).ActivateProposal,
            pl.ActivateProposalRequest(
                request_id=new_request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
            ),
        )
        return str(activated.list_version)


@pytest.fixture
def editors(cast: Cast) -> Iterator[Editors]:
    found = Editors(cast)
    yield found
    found.end()


def active_licence(cast: Cast, party: d.Party) -> tuple[str, str]:
    application_id = file_application(cast, dossier(ORGANISATION, party, "ZJ-KR-2026-RS1"), list(PAPERS))
    checks_pass(cast, application_id)
    number = review_and_grant(cast, application_id, with_experts=False).licence_number
    activate(cast, number)
    return application_id, number


def is_suspended(status: dict[str, object]) -> bool:
    return (status["state"], status["state_reason"]) == ("LICENCE_STATE_SUSPENDED", "PARTY_LISTED")


def release(cast: Cast, application_id: str) -> None:
    """One officer finds that it is somebody else, another agrees."""
    found = ask(hits_of(cast).ListHits, h.ListHitsRequest(watched_as=f"applications/{application_id}"))
    for hit in found.hits:
        decided = propose_release(cast, OFFICER, hit, "Another register number.")
        if decided.state == s.HIT_STATE_AWAITING_SECOND:
            ask(
                hits_of(cast, SECOND_OFFICER).CountersignHit,
                h.CountersignHitRequest(
                    request_id=new_request_id(),
                    hit_id=hit.hit_id,
                    etag=decided.etag,
                    agrees=True,
                    reason="Seen too.",
                ),
            )


def test_a_list_that_names_the_end_user_stops_the_licence_at_customs(
    cast: Cast, party: d.Party, editors: Editors
) -> None:
    application_id, number = active_licence(cast, party)
    version = editors.name(party)
    wait_for("customs to read that it is suspended", lambda: cast.customs.status(number), is_suspended)
    case = cast.ministry.case(application_id)
    assert [(each.cause, each.cause_version) for each in case.rescreenings] == [("LIST_CHANGED", version)]
    assert case.screening.verdict == a.SCREENING_VERDICT_PROHIBITED


def test_a_hit_holds_an_open_application_until_two_people_release_it(
    cast: Cast, party: d.Party, editors: Editors
) -> None:
    application_id = file_application(cast, dossier(ORGANISATION, party, "ZJ-KR-2026-RS2"), list(PAPERS))
    checks_pass(cast, application_id)
    editors.name(party)
    wait_for(
        "a hit on the case", lambda: cast.ministry.case(application_id), lambda case: case.screening.open_hits
    )
    with pytest.raises(XukeError) as refused:
        review_and_grant(cast, application_id, with_experts=False)
    assert refused.value.reason == "SCREENING_HITS_OPEN"

    release(cast, application_id)
    case = wait_for(
        "the case to be freed",
        lambda: cast.ministry.case(application_id),
        lambda case: not case.screening.open_hits,
    )
    cast.ministry.propose_grant(case)
    cast.second.countersign(cast.second.case(application_id))
    assert cast.ministry.wait_for_state(application_id, a.APPLICATION_STATE_LICENSED).licence_number


def test_nothing_is_lost_while_the_worker_is_killed_and_screening_after_it(
    platform, cast: Cast, party: d.Party, editors: Editors
) -> None:
    _, number = active_licence(cast, party)
    platform.kill("approval")
    editors.name(party)
    platform.kill("screening")
    platform.restart("screening")
    assert cast.customs.status(number)["usable"]
    platform.restart("approval")
    wait_for("customs to read that it is suspended", lambda: cast.customs.status(number), is_suspended)
