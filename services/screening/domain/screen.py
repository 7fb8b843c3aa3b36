"""Screens the parties, the destination and the end use of one export.

Every party is screened, intermediaries too (出口管制法 Art. 20 forbids serving violations), under both of its
names against every list, and so is whoever holds shares in it. What is found depends on the export and on the
versions alone; what follows from it, besides, on what people have decided of the hits. The verdict is that of the
most severe finding that counts.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.foundation.errors import FieldViolation, invalid_argument
from services.screening.domain.destinations import Register, graded
from services.screening.domain.export import Export, PartyRole
from services.screening.domain.finding import hits_of
from services.screening.domain.hits import (
    UNDECIDED,
    Applied,
    DecidedHit,
    Hit,
    HitKey,
    HitState,
    Relation,
    counting,
)
from services.screening.domain.list_index import ListIndex
from services.screening.domain.lists import LegalSource, PartyList, Verdict, require_usable
from services.screening.domain.ownership import OwnershipPolicy, PolicyStanding, Share, reaches
from services.screening.domain.readable import Names, unreadable_names, wrong_names
from services.screening.domain.rules import (
    NAME_UNREADABLE,
    RuleFinding,
    RuleSet,
    Transaction,
    evaluate,
    in_order,
)

_RECEIVING = (PartyRole.IMPORTER, PartyRole.CONSIGNEE, PartyRole.END_USER)
# That whoever ends up with the item is examined, which asks for a name that can be read.
_EXAMINATION = LegalSource("两用物项出口管制条例", "Art. 23", "")
_BY_SHARES = (Relation.OWNER, Relation.HELD_BY_LISTED)


@dataclass(frozen=True, slots=True)
class Screening:
    """The result, with the versions of the lists and rules it rests on."""

    verdict: Verdict
    hits: tuple[DecidedHit, ...]
    rule_findings: tuple[RuleFinding, ...]
    versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How parties are compared and which countries there are: policy and facts that come with the program."""

    version: str
    countries: Collection[str]
    policies: tuple[OwnershipPolicy, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a screening rests on: lists, rules, countries, and how parties are compared. Immutable.

    `indexes` are the lists ready to be searched, in the same order; see `basis_of`.
    """

    lists: tuple[PartyList, ...]
    rules: RuleSet
    destinations: Register
    comparison: Comparison
    indexes: tuple[ListIndex, ...] = field(repr=False, compare=False)

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the lists, the rules, the register of destinations and the comparison."""
        versions = [party_list.version for party_list in self.lists]
        return (*versions, self.rules.version, self.destinations.version, self.comparison.version)

    def reliable_day(self, day: date) -> date:
        """The day of law itself, or an earlier one on which every list could still be relied on."""
        return min([day, *(listed.review_by for listed in self.lists)])


def basis_of(
    lists: Iterable[PartyList],
    rules: RuleSet,
    destinations: Register,
    comparison: Comparison,
    known: Mapping[str, ListIndex] | None = None,
) -> Basis:
    """A basis; lists that are `known` by their version are not read again."""
    known = known or {}
    indexes = tuple(known.get(one.version) or ListIndex(one) for one in lists)
    return Basis(tuple(one.party_list for one in indexes), rules, destinations, comparison, indexes)


@dataclass(frozen=True, slots=True)
class Found:
    """What an export, the versions and a day of law give, before anybody's decision is applied."""

    as_of: date
    hits: tuple[Hit, ...]
    rule_findings: tuple[RuleFinding, ...]
    versions: tuple[str, ...]
    policies: tuple[OwnershipPolicy, ...]


def find(export: Export, basis: Basis, as_of: date, today: date) -> Found:
    """Looks for hits as of a day of law; `today` is the day by which the freshness of the lists counts.

    Errors: INVALID_ARGUMENT naming the fields (SCREENING_PARTIES_MISSING, SCREENING_PARTY_UNNAMED,
    SCREENING_NAME_TOO_LONG, SCREENING_COUNTRY_UNKNOWN); FAILED_PRECONDITION where a list is missing, empty or
    stale: the export is then not screened at all.
    """
    _check(export, basis)
    require_usable(basis.lists, today)
    hits = [
        hit
        for index, party in enumerate(export.parties)
        for hit in hits_of(index, party, basis.indexes, as_of)
    ]
    transaction = _transaction(export)
    findings = (
        *evaluate(basis.rules, transaction, as_of),
        *graded(basis.destinations, transaction.receiving_countries, as_of),
        *_unreadable(export, basis),
    )
    return Found(as_of, tuple(hits), findings, basis.versions, basis.comparison.policies)


def conclude(found: Found, decided: Mapping[HitKey, Applied]) -> Screening:
    """What follows from what was found and from what people have decided of it."""
    covered = {
        code
        for policy in found.policies
        if policy.standing_on(found.as_of) is PolicyStanding.IN_FORCE
        for code in policy.lists
    }
    applied = [
        (
            hit,
            counting(
                hit,
                decided.get(hit.key, UNDECIDED),
                by_policy=hit.relation in _BY_SHARES and hit.party_list.list_code in covered,
            ),
        )
        for hit in found.hits
    ]
    held = _held(
        hit
        for hit, decision in applied
        if hit.relation in _BY_SHARES and hit.applies and hit.counts_as_listed(decision.state)
    )
    findings = list(found.rule_findings)
    treated_as_listed: set[tuple[int, str]] = set()
    for policy in found.policies:
        reached = {at for at, shares in held.items() if reaches(policy, shares)}
        in_force = policy.standing_on(found.as_of) is PolicyStanding.IN_FORCE
        if in_force:
            treated_as_listed |= {(at, code) for at in reached for code in policy.lists}
        if reached:
            findings.append(_ownership_finding(policy, in_force))
    hits = tuple(
        sorted((_decided(hit, decision, treated_as_listed) for hit, decision in applied), key=_order)
    )
    of_hits = [hit.verdict for hit in hits if hit.applied.state is not HitState.RELEASED]
    verdicts = [*of_hits, *(finding.verdict for finding in findings)]
    return Screening(max(verdicts, default=Verdict.CLEAR), hits, in_order(findings), found.versions)


def screen(
    export: Export,
    basis: Basis,
    as_of: date,
    today: date,
    decided: Mapping[HitKey, Applied] | None = None,
) -> Screening:
    """Finds and concludes in one step. Errors: see `find`."""
    return conclude(find(export, basis, as_of, today), decided or {})


def _held(hits: Iterable[Hit]) -> dict[int, Collection[Share]]:
    """What listed ones hold of each party.

    What the export states of a holder and what a list records are one holding: the larger share counts.
    """
    found: dict[int, dict[tuple[str, str], Share]] = {}
    for hit in hits:
        of_party = found.setdefault(hit.party_index, {})
        share = Share(hit.party_list.list_code, hit.entry.entry_id, hit.percent)
        known = of_party.setdefault((share.list_code, share.entry_id), share)
        if share.percent is not None and (known.percent is None or share.percent > known.percent):
            of_party[share.list_code, share.entry_id] = share
    return {at: tuple(shares.values()) for at, shares in found.items()}


def _decided(hit: Hit, applied: Applied, treated_as_listed: set[tuple[int, str]]) -> DecidedHit:
    is_listed = hit.counts_as_listed(applied.state) and hit.applies
    verdict = hit.verdict(applied.state)
    if (
        is_listed
        and hit.relation in _BY_SHARES
        and (hit.party_index, hit.party_list.list_code) in treated_as_listed
    ):
        verdict = max(verdict, hit.party_list.verdict_of(hit.standing, is_match=True))
    return DecidedHit(hit, applied, verdict, is_listed)


def _order(decided: DecidedHit) -> tuple[object, ...]:
    hit = decided.hit
    return (
        -decided.verdict,
        -hit.score,
        hit.party_index,
        hit.party_list.list_code,
        hit.entry.entry_id,
        hit.relation.value,
    )


def _ownership_finding(policy: OwnershipPolicy, in_force: bool) -> RuleFinding:
    """That listed ones hold as much as a policy asks: what it entails is the matter of the hits themselves."""
    text_zh = policy.text_zh if in_force else policy.text_zh_if_off
    text_en = policy.text_en if in_force else policy.text_en_if_off
    return RuleFinding(policy.policy_id, Verdict.REVIEW, False, policy.source, text_zh, text_en)


def _check(export: Export, basis: Basis) -> None:
    violations: list[FieldViolation] = []
    if not export.parties:
        violations.append(FieldViolation("parties", "SCREENING_PARTIES_MISSING"))
    for names in _names_of(export):
        violations += wrong_names(names)
    for index, party in enumerate(export.parties):
        if party.country and party.country not in basis.comparison.countries:
            violations.append(_unknown_country(f"parties[{index}].country", party.country))
    if export.destination not in basis.comparison.countries:
        violations.append(_unknown_country("destination", export.destination))
    if violations:
        raise invalid_argument(*violations)


def _names_of(export: Export) -> Iterable[Names]:
    """The names of every party, and of whoever holds shares in it, with the fields that they stand in."""
    for index, party in enumerate(export.parties):
        yield Names(f"parties[{index}]", party.name_zh, party.name_en)
        for at, owner in enumerate(party.owners):
            yield Names(f"parties[{index}].owners[{at}]", owner.name_zh, owner.name_en)


def _unreadable(export: Export, basis: Basis) -> Iterable[RuleFinding]:
    """That names cannot be compared with any list: a person has to look. The finding names them."""
    # Every list is read by the same matcher; `require_usable` has seen that there is one.
    reads = basis.indexes[0].reads
    found = dict.fromkeys(name for names in _names_of(export) for name in unreadable_names(names, reads))
    if found:
        text = "; ".join(found)
        yield RuleFinding(NAME_UNREADABLE, Verdict.REVIEW, False, _EXAMINATION, text, text)


def _unknown_country(field_name: str, country: str) -> FieldViolation:
    return FieldViolation(field_name, "SCREENING_COUNTRY_UNKNOWN", {"country": country})


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
