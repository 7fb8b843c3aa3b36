"""What the address of the work queue asks for, and the addresses that the page leads to."""

import pytest
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.principal import Role
from services.portal.queue_filters import EVERY, WAITING, Filters, chips


def test_an_address_is_read_and_written_the_same() -> None:
    stated = {
        "state": "ACCEPTED",
        "query": "钨",
        "province": "32",
        "destination": "KR",
        "assignment": "mine",
        "overdue": "1",
        "page": "b",
        "trail": "a",
    }
    filters = Filters.from_address(stated)
    assert filters.next_page("c") == {**stated, "page": "c", "trail": "a~b"}
    assert filters.previous_page() == {**{k: v for k, v in stated.items() if k != "trail"}, "page": "a"}
    assert filters.address(state=EVERY) == {
        **{key: value for key, value in stated.items() if key not in ("page", "trail")},
        "state": EVERY,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "DRAFT"},
        {"state": "<script>"},
        {"province": "3"},
        {"province": "320"},
        {"destination": "Korea"},
        {"assignment": "theirs"},
        {"overdue": "yes"},
    ],
)
def test_what_means_nothing_is_left_out(wrong: dict[str, str]) -> None:
    assert Filters.from_address(wrong) == Filters()


def test_pages_are_gone_back_to_one_by_one() -> None:
    filters = Filters()
    assert filters.previous_page() is None
    tokens = [f"t{number}" for number in range(5)]
    for token in tokens:
        filters = Filters.from_address(filters.next_page(token))
    for token in reversed(tokens[:-1]):
        back = filters.previous_page()
        assert back is not None
        filters = Filters.from_address(back)
        assert filters.page == token
    assert filters.previous_page() == {}


def test_what_waits_for_whom() -> None:
    waiting = Filters(state=WAITING)
    assert waiting.states(Role.PROVINCIAL_OFFICER) == (a.APPLICATION_STATE_PROVINCIAL_REVIEW,)
    assert waiting.states(Role.MINISTRY_DIRECTOR) == (a.APPLICATION_STATE_PROPOSED,)
    for_auditors = waiting.states(Role.AUDITOR)
    assert a.APPLICATION_STATE_SUPPLEMENT_REQUESTED in for_auditors
    assert a.APPLICATION_STATE_LICENSED not in for_auditors
    assert Filters(state=EVERY).states(Role.AUDITOR) == ()
    assert Filters(state="LAPSED").states(Role.AUDITOR) == (a.APPLICATION_STATE_LAPSED,)


def test_the_request_says_every_filter() -> None:
    asked = Filters("ACCEPTED", "钨", "32", "KR", "nobodys", overdue=True, page="p").request(Role.AUDITOR)
    assert asked == a.ListCasesRequest(
        states=[a.APPLICATION_STATE_ACCEPTED],
        page_size=25,
        page_token="p",
        query="钨",
        province="32",
        destination="KR",
        assignment=a.ASSIGNMENT_FILTER_NOBODYS,
        overdue=True,
    )


def test_chips_count_what_there_is_and_keep_what_is_chosen() -> None:
    counts = {a.APPLICATION_STATE_PROPOSED: 2, a.APPLICATION_STATE_LICENSED: 5}
    found = chips(Filters(state="REFUSED"), counts, Role.MINISTRY_DIRECTOR)
    assert [(chip.state, chip.count, chip.chosen) for chip in found] == [
        (WAITING, 2, False),
        ("PROPOSED", 2, False),
        ("REFUSED", 0, True),
        ("LICENSED", 5, False),
        (EVERY, 7, False),
    ]
