"""What a change may concern: which of the watched exports have to be looked at again, and no others.

A change is followed from its own side: a changed entry of a list concerns the exports whose parties bear names
like its own, a changed rule those that reach its destination. Who is concerned is found too widely rather than
too narrowly; what follows for each is then said by the screening itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.screening.domain.destinations import Register
from services.screening.domain.export import Export, Owner, Party, identifier_of
from services.screening.domain.list_index import names_of
from services.screening.domain.lists import ListedParty, PartyList
from services.screening.domain.rules import ANY_DESTINATION, RuleSet

_NONE: frozenset[str] = frozenset()

# An entry by the code of its list and its id.
EntryKey = tuple[str, str]


class Cause(StrEnum):
    """What brought a re-screening about."""

    LIST_CHANGED = "LIST_CHANGED"
    RULES_CHANGED = "RULES_CHANGED"
    PARTY_CHANGED = "PARTY_CHANGED"
    DAY_CHANGED = "DAY_CHANGED"
    DECISION_CHANGED = "DECISION_CHANGED"
    COMPARISON_CHANGED = "COMPARISON_CHANGED"


@dataclass(frozen=True, slots=True)
class WatchKeys:
    """By what an export may be concerned: of its parties and those who hold them, and where it goes."""

    names: frozenset[str] = _NONE
    addresses: frozenset[str] = _NONE
    identifiers: frozenset[str] = _NONE
    countries: frozenset[str] = _NONE
    fingerprints: frozenset[str] = _NONE


def keys_of(export: Export) -> WatchKeys:
    """By what an export may be concerned."""
    owners = (owner for party in export.parties for owner in party.owners)
    named: list[Party | Owner] = [*export.parties, *owners]
    names = (name for one in named for name in (one.name_zh, one.name_en))
    addresses = (party.address for party in export.parties)
    identifiers = (identifier_of(party.registration_number) for party in export.parties)
    countries = (export.destination, *(party.country for party in export.parties))
    return WatchKeys(
        names=frozenset(filter(None, names)),
        addresses=frozenset(filter(None, addresses)),
        identifiers=frozenset(filter(None, identifiers)),
        countries=frozenset(filter(None, countries)),
        fingerprints=frozenset(party.fingerprint for party in export.parties),
    )


@dataclass(frozen=True, slots=True)
class Concern:
    """Exports that something may concern: those that share one of these keys, or every one."""

    names: frozenset[str] = _NONE
    addresses: frozenset[str] = _NONE
    identifiers: frozenset[str] = _NONE
    countries: frozenset[str] = _NONE
    fingerprints: frozenset[str] = _NONE
    everything: bool = False


@dataclass(frozen=True, slots=True)
class EntryTraces:
    """What of an entry finds the parties that it may concern; of a changed one as it was and as it is.

    `entry` is the code of its list and its id, joined by "/".
    """

    entry: str
    names: frozenset[str] = _NONE
    addresses: frozenset[str] = _NONE
    identifiers: frozenset[str] = _NONE


def changed_entries(
    before: PartyList | None, now: PartyList, lists: Iterable[PartyList]
) -> tuple[EntryTraces, ...]:
    """Entries that a version of a list says otherwise than the one before, in the order of their keys.

    Where the list itself entails something else, every entry does. `lists` are all current ones: an entity that
    a changed entry holds shares in is concerned with it.
    """
    old = {entry.entry_id: entry for entry in before.entries} if before is not None else {}
    new = {entry.entry_id: entry for entry in now.entries}
    same_list = before is not None and _entails(before) == _entails(now)
    changed = {
        (now.list_code, entry_id)
        for entry_id in old.keys() | new.keys()
        if not same_list or old.get(entry_id) != new.get(entry_id)
    }
    versions: list[Mapping[EntryKey, ListedParty]] = [_by_key(lists)]
    versions.append({(now.list_code, entry_id): entry for entry_id, entry in old.items()})
    versions.append({(now.list_code, entry_id): entry for entry_id, entry in new.items()})
    return _traces(changed, versions)


def entries_of_day(lists: Iterable[PartyList], before: date, now: date) -> tuple[EntryTraces, ...]:
    """Entries that stand otherwise on one day of law than on the other, in the order of their keys."""
    lists = tuple(lists)
    changed = {
        (listed.list_code, entry.entry_id)
        for listed in lists
        for entry in listed.entries
        if entry.standing_on(before) is not entry.standing_on(now)
    }
    return _traces(changed, [_by_key(lists)])


def changed_rules(before: RuleSet, now: RuleSet) -> Concern:
    """Exports that the rules may concern which are not the same in both versions."""
    old = {rule.rule_id: rule for rule in before.rules}
    new = {rule.rule_id: rule for rule in now.rules}
    changed = [
        rule
        for rule_id in old.keys() | new.keys()
        for rule in (old.get(rule_id), new.get(rule_id))
        if rule is not None and old.get(rule_id) != new.get(rule_id)
    ]
    return _of_destinations(rule.destination for rule in changed)


def changed_destinations(before: Register, now: Register) -> Concern:
    """Exports to destinations whose grades are not the same in both versions."""
    changed = set(before.destinations) ^ set(now.destinations)
    return _of_destinations(destination.country for destination in changed)


def rules_of_day(rules: RuleSet, register: Register, before: date, now: date) -> Concern:
    """Exports that the rules and grades may concern which apply on one of two days of law and not on the other."""
    graded = (
        each.country for each in register.destinations if each.applies_on(before) != each.applies_on(now)
    )
    bound = (rule.destination for rule in rules.rules if rule.applies_on(before) != rule.applies_on(now))
    return _of_destinations((*graded, *bound))


def _of_destinations(destinations: Iterable[str]) -> Concern:
    countries = frozenset(destinations)
    if ANY_DESTINATION in countries:
        return Concern(everything=True)
    return Concern(countries=countries)


def _entails(listed: PartyList) -> tuple[object, ...]:
    return (
        listed.name_zh,
        listed.name_en,
        listed.match_verdict,
        listed.likeness_verdict,
        listed.required,
        listed.measures,
    )


def _by_key(lists: Iterable[PartyList]) -> dict[EntryKey, ListedParty]:
    return {(listed.list_code, entry.entry_id): entry for listed in lists for entry in listed.entries}


def _traces(
    changed: set[EntryKey], versions: Iterable[Mapping[EntryKey, ListedParty]]
) -> tuple[EntryTraces, ...]:
    """What finds the parties of changed entries, and of those in which they hold shares, directly or not."""
    versions = tuple(versions)
    concerned = set(changed)
    while held := {
        key
        for version in versions
        for key, entry in version.items()
        if key not in concerned
        and any((holder.list_code, holder.entry_id) in concerned for holder in entry.holders)
    }:
        concerned |= held
    return tuple(
        EntryTraces(
            "/".join(key),
            frozenset(name for entry in found for name in names_of(entry)),
            frozenset(address for entry in found for address in entry.addresses),
            frozenset(filter(None, (identifier_of(text) for entry in found for text in entry.identifiers))),
        )
        for key in sorted(concerned, key="/".join)
        for found in [[version[key] for version in versions if key in version]]
    )
