"""What a list is that a file is to change: as it stands, as it is known beforehand, or as it is stated anew."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from services.foundation.errors import FieldViolation, invalid_argument, invalid_field
from services.screening.domain.lists import REQUIRED_LISTS, Verdict
from services.screening.known_lists import known_definitions, label_of, measure_of_match
from services.screening.store import lists
from services.screening.store.list_contents import read_definition

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{2,59}")


@dataclass(frozen=True, slots=True)
class StatedDefinition:
    """What a list editor states of a list; days of law are None where they are not stated."""

    name_zh: str
    name_en: str
    match_verdict: Verdict | None
    likeness_verdict: Verdict | None
    instrument: str
    article: str
    url: str
    effective_from: date | None
    maximum_age_days: int


def definition_for(
    connection: Connection, list_code: str, stated: StatedDefinition | None, read_on: date, today: date
) -> dict[str, Any]:
    """What the list will be once the file counts; see `PartyList.definition`.

    The lists that every screening needs are defined by the program: their effects follow from the law. Errors:
    INVALID_ARGUMENT naming what is missing or cannot be: a new list needs a definition, and a list that was read
    before the current one, on a day to come, or too long ago to be relied on, is refused.
    """
    version = lists.current_version(connection, list_code)
    if version is not None:
        definition = read_definition(connection, version)
        if read_on.isoformat() < definition["read_on"]:
            raise invalid_field("read_on", "LIST_READ_BEFORE_CURRENT", current=definition["read_on"])
        if stated is not None:
            if definition["required"] or list_code in REQUIRED_LISTS:
                raise invalid_field("definition", "LIST_DEFINITION_FIXED", list_code=list_code)
            definition |= _stated(list_code, stated, read_on)
    elif not _CODE.fullmatch(list_code):
        raise invalid_field("list_code", "LIST_CODE_INVALID")
    elif stated is not None:
        definition = {"list_code": list_code, "label": label_of(list_code), "required": False}
        definition |= _stated(list_code, stated, read_on)
    elif list_code in known_definitions():
        definition = dict(known_definitions()[list_code])
    else:
        raise invalid_field("definition", "LIST_DEFINITION_MISSING", list_code=list_code)
    if read_on > today:
        raise invalid_field("read_on", "LIST_READ_IN_FUTURE", today=today.isoformat())
    if read_on + timedelta(days=int(definition["maximum_age_days"])) < today:
        days = str(definition["maximum_age_days"])
        raise invalid_field("read_on", "LIST_READ_TOO_LONG_AGO", days=days)
    return definition | {"read_on": read_on.isoformat()}


def _stated(list_code: str, stated: StatedDefinition, read_on: date) -> Mapping[str, Any]:
    violations = [
        FieldViolation(f"definition.{field}", "LIST_DEFINITION_INCOMPLETE")
        for field, value in (
            ("name.zh", stated.name_zh),
            ("name.en", stated.name_en),
            ("source.instrument", stated.instrument),
            ("match_verdict", stated.match_verdict),
            ("likeness_verdict", stated.likeness_verdict),
        )
        if not value
    ]
    if stated.url and not stated.url.startswith(("https://", "http://")):
        violations.append(FieldViolation("definition.source.url", "LIST_URL_INVALID", {"value": stated.url}))
    match, likeness = stated.match_verdict, stated.likeness_verdict
    if match is Verdict.CLEAR:
        violations.append(FieldViolation("definition.match_verdict", "LIST_VERDICT_WITHOUT_EFFECT"))
    if match and likeness and likeness > match:
        violations.append(FieldViolation("definition.likeness_verdict", "LIST_VERDICTS_REVERSED"))
    if not stated.maximum_age_days:
        violations.append(FieldViolation("definition.maximum_age_days", "LIST_DEFINITION_INCOMPLETE"))
    if violations or match is None or likeness is None:
        raise invalid_argument(*violations)
    definition: dict[str, Any] = {
        "name_zh": stated.name_zh.strip(),
        "name_en": stated.name_en.strip(),
        "match_verdict": match.name,
        "likeness_verdict": likeness.name,
        "source": {"instrument": stated.instrument, "article": stated.article, "url": stated.url},
        "effective_from": (stated.effective_from or read_on).isoformat(),
        "maximum_age_days": stated.maximum_age_days,
    }
    return definition | {"measures": [measure_of_match(definition)]}
