from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.entries import ControlEntry, ControlList, Quality
from services.classification.domain.judgement import settle
from services.classification.domain.outcomes import FindingCode, Outcome
from services.classification.domain.ruling import Ruling
from services.classification.domain.standings import EntryStatus
from services.classification.rules.truth import Truth

CLEARED = (Outcome.NOT_CONTROLLED_FOR_ENTRY, Outcome.DECONTROLLED)


@pytest.fixture
def entry(control_list: ControlList) -> ControlEntry:
    return next(each for each in control_list.entries if each.identifier == "3C003.c")


def ruling(truth: Truth, released: Truth | None = None) -> Ruling:
    return Ruling(truth, released, (), ())


@pytest.mark.parametrize(
    ("truth", "released", "described", "claimed", "outcome", "finding"),
    [
        (Truth.TRUE, None, True, False, Outcome.CONTROLLED, FindingCode.LIMITS_MET),
        (Truth.TRUE, None, False, False, Outcome.NEEDS_INFORMATION, FindingCode.DESCRIPTION_NOT_SETTLED),
        (Truth.TRUE, Truth.FALSE, True, False, Outcome.CONTROLLED, FindingCode.LIMITS_MET),
        (
            Truth.TRUE,
            Truth.UNKNOWN,
            True,
            False,
            Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN,
            FindingCode.DECONTROL_POSSIBLE,
        ),
        (Truth.TRUE, Truth.TRUE, True, False, Outcome.DECONTROLLED, FindingCode.DECONTROL_SHOWN),
        (Truth.FALSE, None, True, False, Outcome.NOT_CONTROLLED_FOR_ENTRY, FindingCode.LIMITS_NOT_MET),
        (Truth.FALSE, None, False, False, Outcome.NOT_CONTROLLED_FOR_ENTRY, FindingCode.LIMITS_NOT_MET),
        (Truth.FALSE, None, True, True, Outcome.NEEDS_INFORMATION, FindingCode.LIMITS_CONTRADICT_CLAIM),
        (Truth.UNKNOWN, None, True, False, Outcome.NEEDS_INFORMATION, FindingCode.LIMITS_NOT_SETTLED),
        (Truth.UNKNOWN, None, True, True, Outcome.CONTROLLED, FindingCode.DESCRIPTION_MET),
    ],
)
def test_what_a_rule_says(
    entry: ControlEntry,
    truth: Truth,
    released: Truth | None,
    described: bool,
    claimed: bool,
    outcome: Outcome,
    finding: FindingCode,
) -> None:
    found = settle(entry, EntryStatus.IN_FORCE, described, claimed, True, ruling(truth, released))
    assert found[0] is outcome
    assert finding in found[1]


@given(
    st.sampled_from(Quality),
    st.booleans(),
    st.sampled_from([EntryStatus.IN_FORCE, EntryStatus.TEMPORARY, EntryStatus.UNCONFIRMED]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(
        [None, *(ruling(*pair) for pair in product(Truth, [None, *Truth]))],
    ),
)
def test_only_a_rule_over_a_text_read_in_full_clears(
    control_list: ControlList,
    quality: Quality,
    complete: bool,
    status: EntryStatus,
    described: bool,
    claimed: bool,
    figures: bool,
    said: Ruling | None,
) -> None:
    read = next(each for each in control_list.entries if each.identifier == "3C003.c")
    entry = replace(read, quality=quality, parameters_complete=complete)
    outcome, _ = settle(entry, status, described, claimed, figures, said)
    if outcome in CLEARED:
        assert quality.decides
        assert complete
        assert said is not None
        assert said.truth is Truth.FALSE or said.released is Truth.TRUE
    if not quality.decides:
        assert outcome is Outcome.NEEDS_INFORMATION


@pytest.mark.parametrize("status", [EntryStatus.ANNOUNCED, EntryStatus.SUSPENDED, EntryStatus.REPEALED])
def test_an_entry_that_does_not_stand_controls_nothing(entry: ControlEntry, status: EntryStatus) -> None:
    outcome, findings = settle(entry, status, True, True, True, ruling(Truth.TRUE))
    assert outcome is Outcome.NOT_CONTROLLED_FOR_ENTRY
    assert findings == (FindingCode(f"ENTRY_{status}"),)
