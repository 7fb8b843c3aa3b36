"""The history of a case in sentences: what each event of the ledger says, with the words that it carries."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.timestamp_pb2 import Timestamp
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.messages import render
from services.portal.case_people import person_name
from services.portal.language import catalogue, choose, shown, text


@dataclass(frozen=True)
class HistoryRow:
    """An event, or one after the other that say the same of the same person; `since` is when the first happened."""

    entry: a.HistoryEntry
    said: str
    count: int
    since: Timestamp


def history_rows(case: a.Case) -> list[HistoryRow]:
    """The history from its end: an application is saved dozens of times before it is submitted."""
    rows = []
    told = ((sentence(case, entry), entry) for entry in reversed(case.history))
    for (said, *_), run in itertools.groupby(
        told, key=lambda one: (one[0], one[1].actor, one[1].actor_role, one[1].state)
    ):
        entries = [entry for _, entry in run]
        rows.append(HistoryRow(entries[0], said, len(entries), entries[-1].occurred_at))
    return rows


def sentence(case: a.Case, entry: a.HistoryEntry) -> str:
    """What happened in the case; an event of a kind not known here is shown by its own word."""
    # Refused for what the export needs besides a licence: the verdict of the screening is not the reason.
    form = f"{entry.action}_unmet" if "unmet_kinds" in entry.details else entry.action
    pair = catalogue("texts").get(f"history.{form}")
    if pair is None:
        return shown("Action", entry.action)
    return choose(*pair).format_map(_readable(case, entry.details))


class _Details(dict[str, str]):
    """What an event does not say is left out of its sentence."""

    def __missing__(self, key: str) -> str:
        return ""


def _readable(case: a.Case, details: Mapping[str, str]) -> Mapping[str, str]:
    found = _Details()
    for key, value in details.items():
        match key:
            case "verdict":
                found[key] = shown("ScreeningVerdict", value)
            case "outcome":
                found[key] = shown("DecisionOutcome", value)
            case "control_codes":
                found[key] = shown("Assessment", value)
            case "consolidation":
                found[key] = shown("Consolidation", value)
            case "agency":
                found[key] = shown("Agency", value)
            case "unmet_kinds":
                found[key] = text("page.separator").join(shown("ConditionKind", one) for one in value.split())
            case "agencies":
                found[key] = text("page.separator").join(shown("Agency", one) for one in value.split())
            case "from" | "to":
                found[key] = person_name(case, value) if value else text("case.assign_nobody")
            case "asked_by":
                found[key] = shown("ApplicationState", value)
            case "authority":
                found[key] = shown("Authority", value)
            case "kind":
                found[key] = _first_known(("AttachmentKind", "Deadline"), value)
            case "effect":
                found[key] = shown("ExpiryEffect", value)
            case "reason":
                found[key] = _reason(value)
            case _:
                found[key] = value
    return found


def _reason(word: str) -> str:
    """A reason is why the clock stops, or why the case waits for a service (a reason code with its sentence)."""
    if f"ExclusionReason.{word}" in catalogue("words"):
        return shown("ExclusionReason", word)
    said = render(word)
    return choose(said.zh, said.en)


def _first_known(enumerations: tuple[str, ...], word: str) -> str:
    """The word of the first enumeration that has it."""
    found = (one for one in enumerations if f"{one}.{word}" in catalogue("words"))
    return shown(next(found, ""), word)
