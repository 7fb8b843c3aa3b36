"""Lists of parties and how an entry of one stands on a day of law.

Lists are data: what a list is called, whether every screening needs it, and what follows from its entries
stand in its own definition. Three have to be there always, with different effects: the control list (管控名单,
两用物项出口管制条例 Art. 28-29), the watch list (关注名单, Art. 26), and the unreliable entity list
(不可靠实体清单), which has another legal basis and informs the review only. An entry is never deleted: its
listing, suspension and end are dates.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any, Final, assert_never

from services.foundation.errors import XukeError, failed_precondition


class Verdict(IntEnum):
    """What follows from a finding; the higher the more severe."""

    CLEAR = 1
    REVIEW = 2
    RESTRICTED = 3
    PROHIBITED = 4


# The lists that every screening needs, as ministry policy has them. One that is missing stops the screening.
CONTROL_LIST: Final = "control_list"
WATCH_LIST: Final = "watch_list"
UNRELIABLE_ENTITY_LIST: Final = "unreliable_entity_list"
REQUIRED_LISTS: Final = (CONTROL_LIST, WATCH_LIST, UNRELIABLE_ENTITY_LIST)


class EntryKind(StrEnum):
    """What is listed; empty where the list does not say."""

    UNSTATED = ""
    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"
    VESSEL = "VESSEL"


class Standing(StrEnum):
    """How an entry stands on a legal day."""

    ANNOUNCED = "ANNOUNCED"
    IN_FORCE = "IN_FORCE"
    # No source confirms that the entry still stands as listed: it is applied, and marked.
    UNCONFIRMED = "UNCONFIRMED"
    SUSPENDED = "SUSPENDED"
    STOPPED = "STOPPED"
    DELISTED = "DELISTED"


@dataclass(frozen=True, slots=True)
class LegalSource:
    """Title of the instrument in Chinese, article or paragraph, and address; empty where there is none."""

    instrument: str
    article: str
    url: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A listed one that holds shares in the entity of an entry; `percent` of them, 0 to 100."""

    list_code: str
    entry_id: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One entry of a list; all days are days of law (Asia/Shanghai), inclusive.

    `region` is the country (ISO 3166-1 alpha-2) or "EU";
    `born` are days or years of birth (YYYY-MM-DD or YYYY). `measures` are codes of the measures of the list
    that apply; empty means all of them. Measures on a party may be suspended for a time or stopped;
    `unconfirmed_from` is the day from which no source says how the entry stands.
    """

    entry_id: str
    list_code: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    region: str
    source: LegalSource
    effective_from: date
    effective_to: date | None
    suspended_from: date | None
    suspended_to: date | None
    stopped_from: date | None
    unconfirmed_from: date | None
    standing_basis: str
    also_unreliable_entity: bool
    kind: EntryKind = EntryKind.UNSTATED
    addresses: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    holders: tuple[Holder, ...] = ()

    @property
    def content(self) -> dict[str, Any]:
        """What the entry says, in values of JSON."""
        return {field.name: _json(getattr(self, field.name)) for field in fields(self)}

    @property
    def digest(self) -> str:
        """SHA-256 of the content: another one means that the entry says something else."""
        return digest_of(self.content)

    def standing_on(self, day: date) -> Standing:
        """How the entry stands on a day of law."""
        if day < self.effective_from:
            return Standing.ANNOUNCED
        if self.effective_to is not None and day > self.effective_to:
            return Standing.DELISTED
        if self.stopped_from is not None and day >= self.stopped_from:
            return Standing.STOPPED
        if (
            self.suspended_from is not None
            and day >= self.suspended_from
            and (self.suspended_to is None or day <= self.suspended_to)
        ):
            return Standing.SUSPENDED
        if self.unconfirmed_from is not None and day >= self.unconfirmed_from:
            return Standing.UNCONFIRMED
        return Standing.IN_FORCE


def entry_of_content(content: Mapping[str, Any]) -> ListedParty:
    """The entry of its content, see `ListedParty.content`."""
    days = {name: date.fromisoformat(content[name]) if content[name] else None for name in _DAYS}
    texts = {name: tuple(content[name]) for name in _TEXTS}
    return ListedParty(
        **dict(content)
        | days
        | texts
        | {
            "source": LegalSource(**content["source"]),
            "kind": EntryKind(content["kind"]),
            "holders": tuple(
                Holder(holder["list_code"], holder["entry_id"], Decimal(holder["percent"]))
                for holder in content["holders"]
            ),
        }
    )


_DAYS: Final = (
    "effective_from",
    "effective_to",
    "suspended_from",
    "suspended_to",
    "stopped_from",
    "unconfirmed_from",
)
_TEXTS: Final = ("aliases", "addresses", "identifiers", "born", "measures")


def _json(value: object) -> Any:
    match value:
        case tuple():
            return [_json(one) for one in value]
        case LegalSource() | Holder() | Measure():
            return {field.name: _json(getattr(value, field.name)) for field in fields(value)}
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case Verdict():
            return value.name
        case _:
            return value


def digest_of(content: object) -> str:
    """SHA-256 of values of JSON, in one spelling."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Measure:
    """What a listing entails, with its article and dates."""

    measure: str
    source: LegalSource
    effective_from: date
    effective_to: date | None
    text_zh: str
    text_en: str

    def applies_on(self, day: date) -> bool:
        """Whether the measure is in force on a day of law."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class PartyList:
    """One version of one list: the version is derived from the content, see `versioned`.

    `required` says that no screening may do without the list. `read_on` is the day on which the list was last
    compared with its official source, `maximum_age_days` how old that may be before screening stops (a policy
    of the operator). `label` begins the name of its versions.
    """

    list_code: str
    label: str
    version: str
    required: bool
    name_zh: str
    name_en: str
    match_verdict: Verdict
    likeness_verdict: Verdict
    source: LegalSource
    effective_from: date
    read_on: date
    maximum_age_days: int
    entries: tuple[ListedParty, ...]
    measures: tuple[Measure, ...]

    @property
    def review_by(self) -> date:
        """The last day of law on which the list may be relied on."""
        return self.read_on + timedelta(days=self.maximum_age_days)

    @property
    def definition(self) -> dict[str, Any]:
        """What the list is, without its entries, in values of JSON."""
        return {
            field.name: _json(getattr(self, field.name))
            for field in fields(self)
            if field.name not in ("version", "entries")
        }

    def versioned(self) -> "PartyList":
        """The same list under the version that its content gives, its entries ordered by their ids.

        In whatever order the entries came, the version is the same.
        """
        entries = tuple(sorted(self.entries, key=lambda entry: entry.entry_id))
        version = version_of(self.definition, [entry.content for entry in entries])
        return replace(self, version=version, entries=entries)

    def measures_of(self, entry: ListedParty, day: date) -> tuple[Measure, ...]:
        """The measures that the listing of an entry entails on a day of law."""
        return tuple(
            measure
            for measure in self.measures
            if measure.applies_on(day) and (not entry.measures or measure.measure in entry.measures)
        )

    def verdict_of(self, standing: Standing, is_match: bool) -> Verdict:
        """What a name that is, or is like, that of an entry entails.

        While measures are suspended or stopped a licence application is still examined: a person reviews.
        """
        match standing:
            case Standing.ANNOUNCED | Standing.DELISTED:
                return Verdict.CLEAR
            case Standing.SUSPENDED | Standing.STOPPED:
                return Verdict.REVIEW
            case Standing.IN_FORCE | Standing.UNCONFIRMED:
                return self.match_verdict if is_match else self.likeness_verdict
            case _:
                assert_never(standing)


def version_of(definition: Mapping[str, Any], contents: Iterable[Mapping[str, Any]]) -> str:
    """The version that a definition and the contents of its entries give, in whatever order they come."""
    in_order = sorted(contents, key=lambda content: str(content["entry_id"]))
    digest = digest_of([dict(definition), [digest_of(content) for content in in_order]])
    return f"{definition['label']} {definition['read_on']} sha256:{digest[:12]}"


def list_of_definition(definition: Mapping[str, Any], entries: Iterable[ListedParty]) -> PartyList:
    """The list of its definition (see `PartyList.definition`) and entries, under its version."""
    return PartyList(
        **dict(definition)
        | {
            "version": "",
            "match_verdict": Verdict[definition["match_verdict"]],
            "likeness_verdict": Verdict[definition["likeness_verdict"]],
            "source": LegalSource(**definition["source"]),
            "effective_from": date.fromisoformat(definition["effective_from"]),
            "read_on": date.fromisoformat(definition["read_on"]),
            "entries": tuple(entries),
            "measures": tuple(_measure(measure) for measure in definition["measures"]),
        }
    ).versioned()


def _measure(content: Mapping[str, Any]) -> Measure:
    ends = content["effective_to"]
    return Measure(
        **dict(content)
        | {
            "source": LegalSource(**content["source"]),
            "effective_from": date.fromisoformat(content["effective_from"]),
            "effective_to": date.fromisoformat(ends) if ends else None,
        }
    )


def require_usable(lists: tuple[PartyList, ...], today: date) -> None:
    """Passes if every required list is there, holds entries and is fresh; screening fails closed otherwise.

    A list counts as required where it says so itself, and where it is one of `REQUIRED_LISTS`. A list that is
    not required may hold no entry, but one that is past its review day stops the screening too: nobody could
    say what it should hold. Errors: FAILED_PRECONDITION with SCREENING_LIST_MISSING, SCREENING_LIST_EMPTY or
    SCREENING_LIST_STALE.
    """
    by_code = {party_list.list_code: party_list for party_list in lists}
    for code in REQUIRED_LISTS:
        if code not in by_code:
            raise failed_precondition("SCREENING_LIST_MISSING", list_code=code)
    for party_list in lists:
        required = party_list.required or party_list.list_code in REQUIRED_LISTS
        if required and not party_list.entries:
            raise failed_precondition("SCREENING_LIST_EMPTY", list_code=party_list.list_code)
        if today > party_list.review_by:
            raise _stale(party_list)


def _stale(party_list: PartyList) -> XukeError:
    return failed_precondition(
        "SCREENING_LIST_STALE",
        list_code=party_list.list_code,
        version=party_list.version,
        read_on=party_list.read_on.isoformat(),
        maximum_age_days=str(party_list.maximum_age_days),
    )
