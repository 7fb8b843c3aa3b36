"""The filters of the queue of hits, as they stand in its address."""

import pytest
from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import screening_pb2 as s

from services.portal.hit_filters import EVERY, OPEN, OPEN_STATES, STATES, HitFilters, chips, open_count

COUNTS = [
    h.HitCount(state=s.HIT_STATE_UNDECIDED, count=4),
    h.HitCount(state=s.HIT_STATE_AWAITING_SECOND, count=1),
    h.HitCount(state=s.HIT_STATE_RELEASED, count=7),
]


def test_the_queue_begins_with_what_is_open() -> None:
    asked = HitFilters.from_address({}).request()
    assert tuple(asked.states) == OPEN_STATES
    assert not asked.verdicts


@pytest.mark.parametrize("name", STATES)
def test_one_state_can_be_asked_for(name: str) -> None:
    assert list(HitFilters.from_address({"state": name}).request().states) == [STATES[name]]


def test_every_state_is_asked_for_by_naming_none() -> None:
    assert not HitFilters.from_address({"state": EVERY}).request().states


def test_what_the_address_says_wrongly_is_left_out() -> None:
    found = HitFilters.from_address(
        {"state": "<script>", "verdict": "CLEAR", "list": "a\0", "page": "y" * 999}
    )
    assert (found.state, found.verdict) == (OPEN, "")
    assert found.list_code == ""
    assert len(found.page) == 400


def test_another_state_keeps_the_other_filters_and_begins_anew() -> None:
    filters = HitFilters.from_address({"list": "control_list", "verdict": "PROHIBITED", "page": "abc"})
    assert filters.narrowed
    assert filters.address("RELEASED") == {
        "state": "RELEASED",
        "list": "control_list",
        "verdict": "PROHIBITED",
    }
    assert filters.address(OPEN) == {"list": "control_list", "verdict": "PROHIBITED"}


def test_chips_count_what_is_open_together() -> None:
    found = {chip.state: chip.count for chip in chips(HitFilters(), COUNTS)}
    assert found == {OPEN: 5, "UNDECIDED": 4, "AWAITING_SECOND": 1, "RELEASED": 7, EVERY: 12}
    assert open_count(COUNTS) == 5


def test_the_chosen_state_stays_though_nothing_is_in_it() -> None:
    (chosen,) = [chip for chip in chips(HitFilters(state="CONFIRMED"), COUNTS) if chip.chosen]
    assert (chosen.state, chosen.count) == ("CONFIRMED", 0)
