from dataclasses import replace
from decimal import Decimal

import pytest

from services.foundation.errors import ErrorCode, XukeError
from services.screening.domain.export import Owner, Party, PartyRole
from services.screening.domain.hits import (
    OPEN_STATES,
    TRANSITIONS,
    HitAction,
    HitKey,
    HitState,
    Relation,
    after,
    release_of,
)
from services.screening.domain.lists import Verdict
from services.screening.domain.records import hit_id_of

PARTY = Party(
    PartyRole.END_USER, "三菱造船", "Mitsubishi Shipbuilding", "JP", "5 Example Road", "JP-1234567",
    (Owner("甲", "A", "JP", Decimal("50.0")), Owner("乙", "B", "JP", None)),
)  # fmt: skip
DECIDING = (HitAction.CONFIRM, HitAction.RELEASE, HitAction.PROPOSE_RELEASE, HitAction.ASK_FOR_MORE)


@pytest.mark.parametrize("state", HitState)
@pytest.mark.parametrize("action", HitAction)
def test_every_step_is_in_the_table_or_refused(state: HitState, action: HitAction) -> None:
    waits = state is HitState.AWAITING_SECOND
    allowed = (action not in DECIDING) if waits else (action in DECIDING)
    assert ((state, action) in TRANSITIONS) is allowed
    if allowed:
        assert after("h", state, action) is TRANSITIONS[state, action]
        return
    with pytest.raises(XukeError) as refused:
        after("h", state, action)
    assert (refused.value.code, refused.value.reason) == (ErrorCode.FAILED_PRECONDITION, "HIT_STATE")
    assert refused.value.metadata["state"] == state.value


def test_nothing_that_two_must_release_is_released_by_one_step() -> None:
    assert release_of(Verdict.PROHIBITED) is HitAction.PROPOSE_RELEASE
    for verdict in (Verdict.CLEAR, Verdict.REVIEW, Verdict.RESTRICTED):
        assert release_of(verdict) is HitAction.RELEASE
    into_release = {action for (_, action), to in TRANSITIONS.items() if to is HitState.RELEASED}
    assert into_release == {HitAction.RELEASE, HitAction.AGREE}
    assert {HitState.CONFIRMED, HitState.RELEASED}.isdisjoint(OPEN_STATES)


@pytest.mark.parametrize(
    "same",
    [
        replace(PARTY, role=PartyRole.CONSIGNEE),
        replace(PARTY, name_en="MITSUBISHI  Shipbuilding "),
        replace(PARTY, name_en="Mitsubishi\u200b Shipbuilding"),
        replace(PARTY, registration_number="jp 1234567"),
        replace(PARTY, owners=PARTY.owners[::-1]),
        replace(PARTY, owners=(replace(PARTY.owners[0], percent=Decimal(50)), PARTY.owners[1])),
    ],
)
def test_the_same_party_otherwise_written(same: Party) -> None:
    assert same.fingerprint == PARTY.fingerprint


@pytest.mark.parametrize(
    "other",
    [
        replace(PARTY, name_zh="三菱重工"),
        replace(PARTY, name_en=""),
        replace(PARTY, country="KR"),
        replace(PARTY, address="6 Example Road"),
        replace(PARTY, registration_number="JP-1234568"),
        replace(PARTY, owners=PARTY.owners[:1]),
        replace(PARTY, owners=(replace(PARTY.owners[0], percent=Decimal("50.0001")), PARTY.owners[1])),
        replace(PARTY, name_zh=PARTY.name_en, name_en=PARTY.name_zh),
    ],
)
def test_a_changed_party_is_another(other: Party) -> None:
    assert other.fingerprint != PARTY.fingerprint


def test_a_hit_keeps_its_id_while_the_entry_changes() -> None:
    key = HitKey("f", "control_list", "E", Relation.PARTY, "digest")
    assert hit_id_of("applications/1", key) == hit_id_of("applications/1", replace(key, entry_digest="other"))
    others = {
        hit_id_of("applications/2", key),
        hit_id_of("applications/1", replace(key, fingerprint="g")),
        hit_id_of("applications/1", replace(key, entry_id="F")),
        hit_id_of("applications/1", replace(key, relation=Relation.OWNER)),
        hit_id_of("applications/1", replace(key, list_code="watch_list")),
    }
    assert len(others | {hit_id_of("applications/1", key)}) == 6
