"""Screens the parties, the destination and the end use of one export.

Every party is screened, intermediaries too (出口管制法 Art. 20 forbids serving violations), under both of its
names against every list. The verdict is that of the most severe finding.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from services.foundation.errors import FieldViolation, invalid_argument
from services.screening.domain.destinations import Register, graded
from services.screening.domain.lists import (
    ListedParty,
    PartyList,
    Standing,
    Verdict,
    require_usable,
)
from services.screening.domain.names import Name, NameRules
from services.screening.domain.rules import (
    CatchAllLimb,
    EndUsePurpose,
    EndUserKind,
    RuleFinding,
    RuleSet,
    StateOfKnowledge,
    Transaction,
    evaluate,
    in_order,
)
from services.screening.domain.similarity import Ground, Likeness, Thresholds, compare
from services.screening.matching.matcher import Index, Matcher, read_matcher
from services.screening.matching.segment import IndexedName
from services.screening.matching.verdicts import NameVerdict, thresholds_of


class PartyRole(StrEnum):
    """The part a party plays in the export."""

    APPLICANT = "APPLICANT"
    IMPORTER = "IMPORTER"
    CONSIGNEE = "CONSIGNEE"
    END_USER = "END_USER"
    INTERMEDIARY = "INTERMEDIARY"


_FOUR_PLACES = Decimal("0.0001")
_MOST_LIKE = 20
_RECEIVING = (PartyRole.IMPORTER, PartyRole.CONSIGNEE, PartyRole.END_USER)


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the export with its names in Chinese and English and its country (ISO 3166-1 alpha-2)."""

    role: PartyRole
    name_zh: str
    name_en: str
    country: str


@dataclass(frozen=True, slots=True)
class Export:
    """What is screened."""

    parties: tuple[Party, ...]
    destination: str
    end_user_kind: EndUserKind
    end_use_purpose: EndUsePurpose
    catch_all: Mapping[CatchAllLimb, StateOfKnowledge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A party whose name is, or is like, that of a listed one: by which names, how much, and what follows.

    `is_match` says that it is taken for the listed one; otherwise a person has to see.
    """

    party_index: int
    party_role: PartyRole
    party_name: str
    listed_name: str
    entry: ListedParty
    score: Decimal
    ground: Ground
    is_match: bool
    standing: Standing
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Screening:
    """The result, with the versions of the lists and rules it rests on."""

    verdict: Verdict
    hits: tuple[Hit, ...]
    rule_findings: tuple[RuleFinding, ...]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How names are compared and which countries there are: policy and facts that come with the program."""

    version: str
    names: NameRules
    thresholds: Thresholds
    countries: Collection[str]


def index_of(lists: Iterable[PartyList], matcher: Matcher | None = None) -> Index:
    """The names of every entry, to be searched in any script."""
    entries = (entry for party_list in lists for entry in party_list.entries)
    return Index(
        matcher or read_matcher(),
        [
            IndexedName(entry.entry_id, name)
            for entry in entries
            for name in (entry.name_zh, entry.name_en, *entry.aliases)
            if name.strip()
        ],
    )


@dataclass(frozen=True, slots=True)
class Basis:
    """What a screening rests on: lists, rules, countries, and how names are compared. Immutable.

    `index` holds the names of the lists; see `index_of`.
    """

    lists: tuple[PartyList, ...]
    rules: RuleSet
    destinations: Register
    comparison: Comparison
    index: Index = field(repr=False, compare=False)

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the lists, the rules, the register of destinations and the comparison."""
        versions = [party_list.version for party_list in self.lists]
        return (*versions, self.rules.version, self.destinations.version, self.comparison.version)


def screen(export: Export, basis: Basis, as_of: date, today: date) -> Screening:
    """Screens an export as of a day of law; `today` is the day by which the freshness of the lists counts.

    Errors: INVALID_ARGUMENT naming the fields (SCREENING_PARTIES_MISSING, SCREENING_PARTY_UNNAMED,
    SCREENING_COUNTRY_UNKNOWN); FAILED_PRECONDITION where a list is missing, empty or stale: the export is
    then not screened at all.
    """
    _check(export, basis)
    require_usable(basis.lists, today)
    hits = tuple(
        sorted(
            (hit for index, party in enumerate(export.parties) for hit in _hits(index, party, basis, as_of)),
            key=lambda hit: (-hit.verdict, -hit.score, hit.party_index, hit.entry.entry_id),
        )
    )
    transaction = _transaction(export)
    findings = in_order(
        (
            *evaluate(basis.rules, transaction, as_of),
            *graded(basis.destinations, transaction.receiving_countries, as_of),
        )
    )
    verdicts = [hit.verdict for hit in hits] + [finding.verdict for finding in findings]
    return Screening(max(verdicts, default=Verdict.CLEAR), hits, findings, basis.versions)


def _check(export: Export, basis: Basis) -> None:
    violations: list[FieldViolation] = []
    if not export.parties:
        violations.append(FieldViolation("parties", "SCREENING_PARTIES_MISSING"))
    for index, party in enumerate(export.parties):
        if not any(basis.comparison.names.readings(name) for name in (party.name_zh, party.name_en)):
            violations.append(FieldViolation(f"parties[{index}].name_zh", "SCREENING_PARTY_UNNAMED"))
        if party.country and party.country not in basis.comparison.countries:
            violations.append(_unknown_country(f"parties[{index}].country", party.country))
    if export.destination not in basis.comparison.countries:
        violations.append(_unknown_country("destination", export.destination))
    if violations:
        raise invalid_argument(*violations)


def _unknown_country(field_name: str, country: str) -> FieldViolation:
    return FieldViolation(field_name, "SCREENING_COUNTRY_UNKNOWN", {"country": country})


def _hits(index: int, party: Party, basis: Basis, as_of: date) -> Iterable[Hit]:
    given = [
        name for text in (party.name_zh, party.name_en) for name in basis.comparison.names.readings(text)
    ]
    by_parts = _by_parts(party, basis)
    for party_list in basis.lists:
        for entry in party_list.entries:
            found = _nearest(given, entry, basis.comparison.thresholds)
            # A name that is like a listed one part by part is for a person to see, however high its score.
            is_match = found is not None and found.likeness.score >= basis.comparison.thresholds.match
            found = found or by_parts.get(party_list.list_code, {}).get(entry.entry_id)
            if found is None:
                continue
            standing = entry.standing_on(as_of)
            verdict = party_list.verdict_of(standing, is_match)
            if verdict is not Verdict.CLEAR:
                yield Hit(
                    index,
                    party.role,
                    found.own,
                    found.listed,
                    entry,
                    found.likeness.score,
                    found.likeness.ground,
                    is_match,
                    standing,
                    verdict,
                )


@dataclass(frozen=True, slots=True)
class _Found:
    own: str
    listed: str
    likeness: Likeness


def _by_parts(party: Party, basis: Basis) -> dict[str, dict[str, _Found]]:
    """Per list the entries whose names are like a name of the party part by part, in whatever script."""
    list_of = {entry.entry_id: listed.list_code for listed in basis.lists for entry in listed.entries}
    found: dict[str, dict[str, _Found]] = {}
    for text in filter(None, (party.name_zh, party.name_en)):
        for match in basis.index.search(text, _MOST_LIKE):
            code = list_of.get(match.entity)
            score = match.comparison.score
            if match.comparison.alignment.is_sibling:
                continue
            if code is None or thresholds_of(code).verdict(score) is NameVerdict.CLEAR:
                continue
            likeness = Likeness(score.value.quantize(_FOUR_PLACES, ROUND_DOWN), Ground.SIMILAR_PARTS)
            known = found.setdefault(code, {}).get(match.entity)
            if known is None or likeness.score > known.likeness.score:
                found[code][match.entity] = _Found(text, match.comparison.candidate, likeness)
    return found


def _nearest(given: Sequence[Name], entry: ListedParty, thresholds: Thresholds) -> _Found | None:
    """The nearest pair of names that reaches the threshold of review; None where none does."""
    best: _Found | None = None
    for own in given:
        for listed in entry.names:
            likeness = compare(own, listed, thresholds)
            if likeness.score >= thresholds.review(own.script) and (
                best is None or likeness.score > best.likeness.score
            ):
                best = _Found(own.original, listed.original, likeness)
    return best


def _transaction(export: Export) -> Transaction:
    end_users = {party.country for party in export.parties if party.role is PartyRole.END_USER}
    receiving = {party.country for party in export.parties if party.role in _RECEIVING}
    return Transaction(
        frozenset(end_users | {export.destination}),
        frozenset(receiving | {export.destination}),
        export.end_user_kind,
        export.end_use_purpose,
        export.catch_all,
    )
