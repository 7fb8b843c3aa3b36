"""Rules and destinations in the words of the contract, as they stand on a day of law."""

from datetime import date

from xuke.foundation.v1 import foundation_pb2
from xuke.screening.v1 import list_pb2, screening_pb2

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import failed_precondition
from services.screening.conversion import day_of
from services.screening.domain.destinations import Destination
from services.screening.domain.lists import LegalSource
from services.screening.domain.rules import Demand, DestinationRule
from services.screening.store.rules import (
    current_destinations,
    current_rules,
    read_destinations,
    read_rules,
)


def list_rules(work: UnitOfWork, as_of: str) -> list_pb2.ListRulesResponse:
    """The rules and the register that count, as they stand on a day of law (empty: today).

    Errors: INVALID_ARGUMENT on `as_of`; FAILED_PRECONDITION, SCREENING_RULES_MISSING.
    """
    day = day_of(as_of) or legal_day(work.call.now)
    rules_version = current_rules(work.connection)
    destinations_version = current_destinations(work.connection)
    if rules_version is None or destinations_version is None:
        raise failed_precondition("SCREENING_RULES_MISSING")
    rules = read_rules(work.connection, rules_version)
    register = read_destinations(work.connection, destinations_version)
    return list_pb2.ListRulesResponse(
        rules=[_rule(rule, day) for rule in rules.rules],
        destinations=[_destination(destination, day) for destination in register.destinations],
        rules_version=rules.version,
        destinations_version=register.version,
    )


def _rule(rule: DestinationRule, day: date) -> list_pb2.Rule:
    message = list_pb2.Rule(
        rule_id=rule.rule_id,
        destination=rule.destination,
        end_user_kinds=[
            screening_pb2.EndUserKind.Value(f"END_USER_KIND_{kind}") for kind in sorted(rule.end_user_kinds)
        ],
        end_use_purposes=[
            screening_pb2.EndUsePurpose.Value(f"END_USE_PURPOSE_{purpose}")
            for purpose in sorted(rule.end_use_purposes)
        ],
        catch_all_limbs=[
            screening_pb2.CatchAllLimb.Value(f"CATCH_ALL_LIMB_{limb}")
            for limb in sorted(rule.catch_all_limbs)
        ],
        knowledge=[
            screening_pb2.StateOfKnowledge.Value(f"STATE_OF_KNOWLEDGE_{state}")
            for state in sorted(rule.knowledge)
        ],
        verdict=screening_pb2.Verdict.Value(f"VERDICT_{rule.verdict.name}"),
        demands=_demands(rule.demands),
        source=_source(rule.source),
        effective_from=rule.effective_from.isoformat(),
        effective_to=_text(rule.effective_to),
        suspended_from=_text(rule.suspended_from),
        suspended_to=_text(rule.suspended_to),
        confidence=rule.confidence.value,
        enabled=rule.enabled,
        in_force=rule.applies_on(day),
        text=foundation_pb2.LocalizedText(zh=rule.text_zh, en=rule.text_en),
    )
    if rule.verdict_if_unknown is not None:
        message.verdict_if_unknown = screening_pb2.Verdict.Value(f"VERDICT_{rule.verdict_if_unknown.name}")
    return message


def _destination(destination: Destination, day: date) -> list_pb2.Destination:
    return list_pb2.Destination(
        country=destination.country,
        grade=destination.grade.value,
        reason=foundation_pb2.LocalizedText(zh=destination.reason_zh, en=destination.reason_en),
        demands=_demands(destination.demands),
        source=_source(destination.source),
        effective_from=destination.effective_from.isoformat(),
        effective_to=_text(destination.effective_to),
        confidence=destination.confidence.value,
        in_force=destination.applies_on(day),
    )


def _demands(demands: tuple[Demand, ...]) -> "list[screening_pb2.Demand.ValueType]":
    return [screening_pb2.Demand.Value(f"DEMAND_{demand}") for demand in demands]


def _source(source: LegalSource) -> foundation_pb2.LegalSource:
    return foundation_pb2.LegalSource(instrument=source.instrument, article=source.article, url=source.url)


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
