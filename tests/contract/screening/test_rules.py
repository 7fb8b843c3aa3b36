"""Rules and the register of destinations in the database: which version counts, and how they are listed."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from xuke.screening.v1 import screening_pb2

from services.foundation.database import Database
from services.foundation.errors import XukeError
from services.screening.domain.rules import Confidence
from services.screening.imports.destinations_csv import DestinationsImporter
from services.screening.imports.importer import Proposed
from services.screening.imports.rules_csv import RulesImporter
from services.screening.rule_messages import list_rules
from services.screening.rule_rows import register, rule_set
from services.screening.rule_service import load_destinations, load_rules
from services.screening.store import rules as store
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.support import identity
from tests.support.services import call_of

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
RULES, DESTINATIONS = RulesImporter(()), DestinationsImporter(())


@pytest.fixture
def database(service_database: Callable[[str], ServiceDatabase]) -> Iterator[Database]:
    database = Database(service_database("screening").url, ledger)
    yield database
    database.dispose()


def proposed() -> Proposed:
    return Proposed(str(uuid4()), "", date(2026, 11, 21), {}, "editor-1")


def test_rules_are_listed_as_they_stand_on_a_day(database: Database, shipped) -> None:  # type: ignore[no-untyped-def]
    with database.begin(call_of(identity.LIST_EDITOR, NOW)) as work:
        assert load_rules(work, shipped.rules)
        with pytest.raises(XukeError, match="SCREENING_RULES_MISSING"):
            list_rules(work, "")
        assert load_destinations(work, shipped.destinations)
        today, later = list_rules(work, ""), list_rules(work, "2026-11-28")
    assert (today.rules_version, today.destinations_version) == (
        shipped.rules.version,
        shipped.destinations.version,
    )
    assert [rule.rule_id for rule in today.rules] == [rule.rule_id for rule in shipped.rules.rules]
    minerals = {
        when: next(rule for rule in listed.rules if rule.rule_id == "US-MINERALS-AND-GRAPHITE")
        for when, listed in (("today", today), ("later", later))
    }
    assert (minerals["today"].in_force, minerals["later"].in_force) == (False, True)
    assert (minerals["today"].suspended_from, minerals["today"].suspended_to) == ("2025-11-09", "2026-11-27")
    known = next(rule for rule in today.rules if rule.rule_id == "CATCH-ALL-TERRORISM-KNOWN")
    assert list(known.catch_all_limbs) == [screening_pb2.CATCH_ALL_LIMB_TERRORISM]
    assert list(known.knowledge) == [screening_pb2.STATE_OF_KNOWLEDGE_KNOWS]
    assert known.verdict_if_unknown == screening_pb2.VERDICT_UNSPECIFIED
    drones = next(rule for rule in today.rules if rule.rule_id == "UAV-KNOWN-MILITARY-USE")
    assert (drones.enabled, drones.in_force, drones.confidence) == (False, False, Confidence.MEDIUM.value)
    japan = next(each for each in today.destinations if each.country == "JP")
    assert (japan.grade, japan.in_force, japan.source.article) == ("HIGH", True, "Art. 10, 24(1)")
    assert list(japan.demands) == [
        screening_pb2.DEMAND_CERTIFICATE_GOVERNMENT_CERTIFIED,
        screening_pb2.DEMAND_DUE_DILIGENCE,
    ]


def test_what_two_people_activated_counts_until_they_activate_something_else(
    database: Database,
    shipped,  # type: ignore[no-untyped-def]
) -> None:
    with database.begin(call_of(identity.LIST_EDITOR, NOW)) as work:
        load_rules(work, shipped.rules)
        load_destinations(work, shipped.destinations)
        rows = list(RULES.rows(work.connection, RULES.current_version(work.connection, "")))
        grades = list(DESTINATIONS.rows(work.connection, DESTINATIONS.current_version(work.connection, "")))
        assert rule_set(rows) == shipped.rules
        assert register(grades) == shipped.destinations

        ended = [RULES.left_out(rows[0], date(2026, 11, 20)), *rows[1:]]
        low = [dict(grades[0]) | {"grade": "LOW"}, *grades[1:]]
        version = RULES.activate(work, proposed(), ended)
        assert version == RULES.version_of(proposed(), list(reversed(ended)))
        assert store.current_rules(work.connection) == version != shipped.rules.version
        assert DESTINATIONS.activate(work, proposed(), low) == store.current_destinations(work.connection)
        assert register(DESTINATIONS.rows(work.connection, register(low).version)) == register(low)

        # A new release of the program brings its rules along, and replaces nothing.
        newer = rule_set([*rows, dict(rows[0]) | {"rule_id": "NEW", "effective_from": "2026-11-21"}])
        assert not load_rules(work, newer)
        assert store.current_rules(work.connection) == version
        assert not store.has_rules(work.connection, newer.version)

        # What counted before can count again, and everything that ever counted can be read.
        assert RULES.activate(work, proposed(), rows) == shipped.rules.version
        assert store.current_rules(work.connection) == shipped.rules.version
        assert store.read_rules(work.connection, version) == rule_set(ended)
