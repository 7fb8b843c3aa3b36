"""The procedure of a regime as data: required documents, time limits, routes of consultation, countersigning.

A procedure file states each number with its source in law; nothing here knows a number of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.foundation.messages import LocalizedText
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.control_codes import compared
from services.licensing.domain.dossier import AttachmentKind
from services.licensing.domain.findings import LegalSource, ScreeningVerdict


class Holder(StrEnum):
    """Who has a case in hand."""

    APPLICANT = "APPLICANT"
    PROVINCE = "PROVINCE"
    MINISTRY = "MINISTRY"
    SYSTEM = "SYSTEM"


class ExpiryEffect(StrEnum):
    """What follows when a deadline passes."""

    ESCALATE = "escalate"
    CLOSE_SUPPLEMENT_WINDOW = "close_supplement_window"
    DEEM_ACCEPTED = "deem_accepted"
    LAPSE = "lapse"


class Confidence(StrEnum):
    """How sure a rule is: read in the text, by analogy, or set by the authority itself."""

    HIGH = "high"
    MEDIUM = "medium"
    POLICY = "policy"


@dataclass(frozen=True)
class Tier:
    """An authority that handles the application."""

    name: Holder
    title: LocalizedText
    source: LegalSource
    confidence: Confidence


@dataclass(frozen=True)
class RequiredDocument:
    """A document demanded always, or only where the screening found `only_for`."""

    kind: AttachmentKind
    title: LocalizedText
    only_for: ScreeningVerdict | None
    source: LegalSource
    confidence: Confidence


@dataclass(frozen=True)
class DeadlineRule:
    """A time limit that runs while the application is in one of `states`.

    `working_days` counts as 行政许可法 Art. 82; `reminders` are working days before the last day.
    """

    kind: str
    states: frozenset[ApplicationState]
    holder: Holder
    working_days: int
    reminders: tuple[int, ...]
    on_expiry: ExpiryEffect
    exclusions_pause: bool
    no_limit_for: ScreeningVerdict | None
    source: LegalSource
    confidence: Confidence


@dataclass(frozen=True)
class RoutedAgency:
    """An agency to consult: mandatory (会同) or as needed (视情会同)."""

    agency: str
    mandatory: bool
    source: LegalSource


@dataclass(frozen=True)
class Route:
    """Agencies to consult where a control code matches."""

    name: str
    pattern: re.Pattern[str]
    agencies: tuple[RoutedAgency, ...]
    confidence: Confidence


@dataclass(frozen=True)
class Procedure:
    """One version of the procedure of a regime, in force from `effective_from` (Asia/Shanghai)."""

    version: str
    regime: str
    effective_from: date
    tiers: tuple[Tier, ...]
    documents: tuple[RequiredDocument, ...]
    deadlines: tuple[DeadlineRule, ...]
    agency_opinion_working_days: int
    routes: tuple[Route, ...]
    director_against_objection: bool

    def deadline(self, kind: str) -> DeadlineRule:
        """The rule of a deadline. Raises KeyError if this version has none of that kind."""
        for rule in self.deadlines:
            if rule.kind == kind:
                return rule
        raise KeyError(kind)

    def required_documents(self, verdict: ScreeningVerdict | None) -> tuple[RequiredDocument, ...]:
        """Documents demanded, given the verdict of the screening (None: not yet screened)."""
        return tuple(
            document
            for document in self.documents
            if document.only_for is None or document.only_for is verdict
        )

    def route(self, control_codes: Iterable[str]) -> tuple[RoutedAgency, ...]:
        """Agencies to consult for these control codes, mandatory ones first, each once."""
        found: dict[str, RoutedAgency] = {}
        codes = tuple(compared(code) for code in control_codes)
        for route in self.routes:
            if any(route.pattern.match(code) for code in codes):
                for agency in route.agencies:
                    known = found.get(agency.agency)
                    if known is None or (agency.mandatory and not known.mandatory):
                        found[agency.agency] = agency
        return tuple(sorted(found.values(), key=lambda agency: not agency.mandatory))


def still_owed(procedure: Procedure, state: ApplicationState) -> tuple[str, ...]:
    """Kinds of deadlines whose passing settles nothing in a state: what they were for is still to be done."""
    return tuple(
        rule.kind
        for rule in procedure.deadlines
        if state in rule.states and rule.on_expiry is ExpiryEffect.ESCALATE
    )


# A version of a procedure, a state in it, and a kind of deadline whose passing settles nothing there.
Matter = tuple[str, str, str]


@dataclass(frozen=True)
class ProcedureBook:
    """Every version of every procedure."""

    procedures: tuple[Procedure, ...]

    def effective_on(self, regime: str, day: date) -> Procedure:
        """The version of a regime in force on a day of law. Raises LookupError if there is none."""
        in_force = [
            procedure
            for procedure in self.procedures
            if procedure.regime == regime and procedure.effective_from <= day
        ]
        if not in_force:
            raise LookupError(f"no procedure for {regime} on {day}")
        return max(in_force, key=lambda procedure: procedure.effective_from)

    def version(self, version: str) -> Procedure:
        """The procedure of a pinned version. Raises LookupError if it is not kept."""
        for procedure in self.procedures:
            if procedure.version == version:
                return procedure
        raise LookupError(f"no procedure {version}")

    def matters_owed(self) -> tuple[Matter, ...]:
        """What is still to be done although its deadline has passed: `still_owed` of every procedure and state."""
        return tuple(
            (procedure.version, state.value, kind)
            for procedure in self.procedures
            for state in ApplicationState
            for kind in still_owed(procedure, state)
        )


def parse_procedure(data: Mapping[str, Any]) -> Procedure:
    """Procedure of a parsed file. Raises KeyError or ValueError where the file is not of this form."""
    return Procedure(
        version=data["version"],
        regime=data["regime"],
        effective_from=data["effective_from"],
        tiers=tuple(
            Tier(
                Holder(tier["name"]),
                LocalizedText(tier["zh"], tier["en"]),
                _source(tier["source"]),
                Confidence(tier["confidence"]),
            )
            for tier in data["tiers"]
        ),
        documents=tuple(
            RequiredDocument(
                AttachmentKind(document["kind"]),
                LocalizedText(document["zh"], document["en"]),
                _verdict(document.get("only_for_verdict")),
                _source(document["source"]),
                Confidence(document["confidence"]),
            )
            for document in data["documents"]
        ),
        deadlines=tuple(_deadline(rule) for rule in data["deadlines"]),
        agency_opinion_working_days=data["agency_opinion"]["working_days"],
        routes=tuple(_route(route) for route in data["routes"]),
        director_against_objection=data["countersign"]["director_against_objection"],
    )


def _deadline(rule: Mapping[str, Any]) -> DeadlineRule:
    return DeadlineRule(
        kind=rule["kind"],
        states=frozenset(ApplicationState(state) for state in rule["states"]),
        holder=Holder(rule["holder"]),
        working_days=rule["working_days"],
        reminders=tuple(sorted(rule["reminders"], reverse=True)),
        on_expiry=ExpiryEffect(rule["on_expiry"]),
        exclusions_pause=rule.get("exclusions_pause", False),
        no_limit_for=_verdict(rule.get("no_limit_for_verdict")),
        source=_source(rule["source"]),
        confidence=Confidence(rule["confidence"]),
    )


def _route(route: Mapping[str, Any]) -> Route:
    source = _source(route["source"])

    def agencies(name: str, mandatory: bool) -> Sequence[RoutedAgency]:
        return [RoutedAgency(agency, mandatory, source) for agency in route.get(name, ())]

    return Route(
        route["name"],
        re.compile(route["pattern"]),
        (*agencies("mandatory", True), *agencies("as_needed", False)),
        Confidence(route["confidence"]),
    )


def _source(data: Mapping[str, str]) -> LegalSource:
    return LegalSource(data["instrument"], data["article"])


def _verdict(word: str | None) -> ScreeningVerdict | None:
    return None if word is None else ScreeningVerdict(word)
