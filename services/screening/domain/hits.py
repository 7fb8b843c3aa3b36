"""Hits: which party is like which listed one, in what relation, and how the hit stands with those who decide it.

Every step is a row of one table; what is not in it is refused. A decision is remembered for the same party and the
same entry, in every export, until one of them changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from services.foundation.errors import failed_precondition
from services.screening.domain.evidence import Evidence
from services.screening.domain.export import PartyRole
from services.screening.domain.likeness import Ground
from services.screening.domain.lists import ListedParty, PartyList, Standing, Verdict


class Relation(StrEnum):
    """What of the party is like the entry."""

    PARTY = "PARTY"
    OWNER = "OWNER"
    HELD_BY_LISTED = "HELD_BY_LISTED"
    ADDRESS = "ADDRESS"


class HitState(StrEnum):
    """How a hit stands with the people who decide it."""

    UNDECIDED = "UNDECIDED"
    NEEDS_MORE = "NEEDS_MORE"
    AWAITING_SECOND = "AWAITING_SECOND"
    CONFIRMED = "CONFIRMED"
    RELEASED = "RELEASED"


OPEN_STATES = frozenset({HitState.UNDECIDED, HitState.NEEDS_MORE, HitState.AWAITING_SECOND})


class HitAction(StrEnum):
    """What people do with a hit."""

    # The party is the listed one.
    CONFIRM = "CONFIRM"
    # The party is somebody else, which takes effect at once.
    RELEASE = "RELEASE"
    # The party is somebody else, which takes effect once a second person agrees.
    PROPOSE_RELEASE = "PROPOSE_RELEASE"
    ASK_FOR_MORE = "ASK_FOR_MORE"
    AGREE = "AGREE"
    SEND_BACK = "SEND_BACK"


_DECIDING = {
    HitAction.CONFIRM: HitState.CONFIRMED,
    HitAction.RELEASE: HitState.RELEASED,
    HitAction.PROPOSE_RELEASE: HitState.AWAITING_SECOND,
    HitAction.ASK_FOR_MORE: HitState.NEEDS_MORE,
}
TRANSITIONS: Mapping[tuple[HitState, HitAction], HitState] = {
    # Whatever was decided may be decided anew when more is known; while a second person is waited for, that one acts.
    **{
        (state, action): to
        for state in HitState
        if state is not HitState.AWAITING_SECOND
        for action, to in _DECIDING.items()
    },
    (HitState.AWAITING_SECOND, HitAction.AGREE): HitState.RELEASED,
    (HitState.AWAITING_SECOND, HitAction.SEND_BACK): HitState.UNDECIDED,
}


def after(hit_id: str, state: HitState, action: HitAction) -> HitState:
    """The state after an action. Errors: FAILED_PRECONDITION HIT_STATE naming the state and what is allowed."""
    to = TRANSITIONS.get((state, action))
    if to is None:
        allowed = sorted(done.value for known, done in TRANSITIONS if known is state)
        raise failed_precondition("HIT_STATE", id=hit_id, state=state.value, allowed=", ".join(allowed))
    return to


def release_of(verdict: Verdict) -> HitAction:
    """How a hit is released that entails a verdict: two people release what prohibits."""
    return HitAction.PROPOSE_RELEASE if verdict is Verdict.PROHIBITED else HitAction.RELEASE


@dataclass(frozen=True, slots=True)
class HitKey:
    """By what a decision on a hit is remembered; another digest means that the entry says something else."""

    fingerprint: str
    list_code: str
    entry_id: str
    relation: Relation
    entry_digest: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What was decided of a hit before the screening: the state, and the decision that made it, if any.

    `is_seconded`: two people have agreed on it.
    """

    state: HitState
    decision_id: str = ""
    is_seconded: bool = False


UNDECIDED = Applied(HitState.UNDECIDED)


@dataclass(frozen=True, slots=True)
class Hit:
    """A party that is, or is like, a listed one: by which names, how much, and how the entry stands that day.

    `party_name` is the name that was compared: the party's, that of an owner, or an address. `is_match` says that
    it is taken for the listed one; otherwise a person has to see. `percent` is the share of an owner or a holder.
    """

    party_index: int
    party_role: PartyRole
    party_name: str
    listed_name: str
    party_list: PartyList
    entry: ListedParty
    key: HitKey
    score: Decimal
    ground: Ground
    is_match: bool
    standing: Standing
    evidence: tuple[Evidence, ...]
    percent: Decimal | None = None

    @property
    def relation(self) -> Relation:
        """What of the party is like the entry."""
        return self.key.relation

    @property
    def applies(self) -> bool:
        """Whether the listing has its effect on that day."""
        return self.standing in (Standing.IN_FORCE, Standing.UNCONFIRMED)

    def counts_as_listed(self, state: HitState) -> bool:
        """Whether the one named is taken for the listed one: by the comparison, or because people said so."""
        return state is not HitState.RELEASED and (self.is_match or state is HitState.CONFIRMED)

    def verdict(self, state: HitState) -> Verdict:
        """What the hit entails by itself. Whoever is merely held by a listed one is for a person to see."""
        match self.relation:
            case Relation.PARTY | Relation.ADDRESS:
                return self.party_list.verdict_of(self.standing, self.counts_as_listed(state))
            case Relation.OWNER | Relation.HELD_BY_LISTED:
                return min(Verdict.REVIEW, self.party_list.verdict_of(self.standing, is_match=False))


def counting(hit: Hit, applied: Applied, *, by_policy: bool) -> Applied:
    """A decision as it counts: what one person has released waits for a second once it would prohibit.

    That may come later than the decision: measures that were suspended are in force again, or a policy on
    ownership is (`by_policy`).
    """
    if applied.state is not HitState.RELEASED or applied.is_seconded:
        return applied
    verdict = hit.verdict(HitState.UNDECIDED)
    if by_policy and hit.is_match:
        verdict = max(verdict, hit.party_list.verdict_of(hit.standing, is_match=True))
    if verdict is not Verdict.PROHIBITED:
        return applied
    return replace(applied, state=HitState.AWAITING_SECOND)


@dataclass(frozen=True, slots=True)
class DecidedHit:
    """A hit with what was decided of it and what it entails: its own verdict, or that of a policy on ownership."""

    hit: Hit
    applied: Applied
    verdict: Verdict
    is_listed: bool

    @property
    def is_open(self) -> bool:
        """Whether people still have to decide it."""
        return self.applied.state in OPEN_STATES
