"""Between the contract of the review of hits and the domain: nothing is decided here."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from google.protobuf.json_format import ParseDict
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.screening.v1 import hit_pb2, screening_pb2

from services.screening.conversion import HIT_STATES, VERDICTS, hit_message
from services.screening.conversion_entries import entry_message
from services.screening.hit_service import Decision, HitCase, HitPage, Outcome
from services.screening.store.hits import Queue

OUTCOMES: Mapping[int, Outcome] = {
    hit_pb2.HIT_DECISION_OUTCOME_TRUE: Outcome.TRUE,
    hit_pb2.HIT_DECISION_OUTCOME_FALSE: Outcome.FALSE,
    hit_pb2.HIT_DECISION_OUTCOME_NEED_MORE: Outcome.NEED_MORE,
}
_OUTCOME_MESSAGES: Mapping[Outcome, "hit_pb2.HitDecisionOutcome.ValueType"] = {
    Outcome.TRUE: hit_pb2.HIT_DECISION_OUTCOME_TRUE,
    Outcome.FALSE: hit_pb2.HIT_DECISION_OUTCOME_FALSE,
    Outcome.NEED_MORE: hit_pb2.HIT_DECISION_OUTCOME_NEED_MORE,
}


def queue_of(request: hit_pb2.ListHitsRequest) -> Queue:
    """Which hits are asked for."""
    wanted_states, wanted_verdicts = set(request.states), set(request.verdicts)
    return Queue(
        states=frozenset(state for state, number in HIT_STATES.items() if number in wanted_states),
        watched_as=request.watched_as,
        list_code=request.list_code,
        verdicts=frozenset(verdict for verdict, number in VERDICTS.items() if number in wanted_verdicts),
    )


def page_message(page: HitPage, day: date) -> hit_pb2.ListHitsResponse:
    """A page of the queue; `day` is the day of law for the standing of the entries."""
    return hit_pb2.ListHitsResponse(
        hits=[case_message(case, day) for case in page.cases],
        next_page_token=page.next_page_token,
        counts=[
            hit_pb2.HitCount(state=HIT_STATES[state], count=count)
            for state, count in sorted(page.counts.items())
        ],
    )


def case_message(case: HitCase, day: date) -> hit_pb2.HitCase:
    """A hit with what is needed to decide it."""
    stored = case.hit
    return hit_pb2.HitCase(
        hit_id=str(stored.hit_id),
        etag=str(stored.change),
        state=HIT_STATES[stored.state],
        watched_as=stored.watched_as,
        screening_id=str(stored.screening_id),
        # The hit was kept with the state of its screening; people may have decided since.
        hit=hit_message(replace(stored.found, state=stored.state)),
        party=ParseDict(dict(stored.party), screening_pb2.Party(), ignore_unknown_fields=True),
        entry=entry_message(case.entry, day),
        decisions=[_decision_message(decision) for decision in case.decisions],
        opened_at=_instant(stored.opened_at),
        cause=stored.cause,
        cause_version=stored.cause_version,
        allowed_actions=case.allowed,
    )


def _decision_message(decision: Decision) -> hit_pb2.HitDecision:
    stored = decision.stored
    return hit_pb2.HitDecision(
        decision_id=str(stored.decision_id),
        outcome=_OUTCOME_MESSAGES[Outcome(stored.outcome)],
        reason=stored.reason,
        decided_by=stored.decided_by,
        decided_at=_instant(stored.decided_at),
        countersigned_by=stored.countersigned_by,
        countersigned_at=_instant(stored.countersigned_at) if stored.countersigned_at else None,
        agreed=stored.agreed,
        countersign_reason=stored.countersign_reason,
        void_because=decision.void.value if decision.void else "",
    )


def _instant(moment: datetime) -> Timestamp:
    found = Timestamp()
    found.FromDatetime(moment)
    return found
