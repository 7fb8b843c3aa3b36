"""Which agencies an officer consults, measured against the computed route (会商)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.foundation.errors import FieldViolation, invalid_argument
from services.licensing.domain.case_parts import ConsultationRound, PlannedAgency
from services.licensing.domain.procedure import RoutedAgency


class Agency(StrEnum):
    """Codes of the agencies of the export control coordination mechanism (出口管制法 Art. 5)."""

    MFA = "MFA"
    MIIT = "MIIT"
    SASTIND = "SASTIND"
    CAEA = "CAEA"
    CMC_EDD = "CMC-EDD"
    MARA = "MARA"
    NHC = "NHC"
    SCA = "SCA"
    MPS = "MPS"


@dataclass(frozen=True)
class AgencyChoice:
    """What the officer says about one agency."""

    agency: str
    consult: bool
    reason: str = ""


def plan(route: Sequence[RoutedAgency], choices: Sequence[AgencyChoice]) -> tuple[PlannedAgency, ...]:
    """The plan of a round.

    Errors, naming every field: an agency that is unknown or named twice; a routed agency that is not spoken
    of; a mandatory agency left out (its opinion can only be waived later, by a director); a routed agency
    left out or another one added without a reason.
    """
    violations = list(_violations(route, choices))
    if violations:
        raise invalid_argument(*violations)
    mandatory = {routed.agency for routed in route if routed.mandatory}
    return tuple(
        PlannedAgency(choice.agency, choice.agency in mandatory, choice.consult, choice.reason)
        for choice in choices
    )


def unconsulted(route: Sequence[RoutedAgency], rounds: Iterable[ConsultationRound]) -> tuple[str, ...]:
    """The mandatory agencies of a route that no round asked, nor left out with a reason, in the order of the route.

    An item that is assessed after the consultation may bring an agency that nobody had thought of then.
    """
    settled = {
        planned.agency for each in rounds for planned in each.plan if planned.consult or planned.reason
    }
    return tuple(routed.agency for routed in route if routed.mandatory and routed.agency not in settled)


def _violations(route: Sequence[RoutedAgency], choices: Sequence[AgencyChoice]) -> Iterator[FieldViolation]:
    routed = {agency.agency: agency for agency in route}
    seen: set[str] = set()
    for position, choice in enumerate(choices):
        path = f"agencies[{position}]"
        values = {"agency": choice.agency}
        if choice.agency not in frozenset(Agency):
            yield FieldViolation(f"{path}.agency", "AGENCY_UNKNOWN", values)
        if choice.agency in seen:
            yield FieldViolation(f"{path}.agency", "AGENCY_TWICE", values)
        seen.add(choice.agency)
        known = routed.get(choice.agency)
        if known is not None and known.mandatory and not choice.consult:
            yield FieldViolation(f"{path}.consult", "AGENCY_MANDATORY", values)
        elif choice.consult is not (known is not None) and not choice.reason:
            yield FieldViolation(f"{path}.reason", "DEPARTURE_FROM_ROUTE_NEEDS_REASON", values)
    for agency in routed:
        if agency not in seen:
            yield FieldViolation("agencies", "ROUTED_AGENCY_NOT_MENTIONED", {"agency": agency})
