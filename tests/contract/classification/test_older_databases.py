"""A database of before lists were activated: what counted then counts afterwards."""

from datetime import UTC, date, datetime

import sqlalchemy

from services.classification.store.lists import activations, current_versions
from services.classification.store.tables import ledger
from services.foundation.database import Database
from services.foundation.migrations import migrate
from services.launcher.postgres import EmbeddedPostgres
from tests.support import identity
from tests.support.services import call_of

LOADED = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_newest_edition_that_was_loaded_counts(postgres: EmbeddedPostgres) -> None:
    name = "classification_of_before"
    with postgres.connect() as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connection.execute(f"CREATE ROLE {name}_app LOGIN")
    migrate("classification", postgres.url(name), "0004_standings")
    owner = sqlalchemy.create_engine(postgres.url(name))
    with owner.begin() as connection:
        for version, regime, edition in (
            ("new", "cn_dual_use", date(2026, 1, 1)),
            ("newer by load alone", "cn_dual_use", date(2025, 1, 1)),
            ("other", "eu_dual_use", date(2025, 11, 15)),
        ):
            connection.execute(
                sqlalchemy.text(
                    "INSERT INTO list_version"
                    " (list_version, regime, edition, entry_count, loaded_at, covers_from)"
                    " VALUES (:version, :regime, :edition, 1, :loaded_at, :edition)"
                ),
                {"version": version, "regime": regime, "edition": edition, "loaded_at": LOADED},
            )
    owner.dispose()
    migrate("classification", postgres.url(name))
    database = Database(postgres.url(name, f"{name}_app"), ledger)
    with database.begin(call_of(identity.AUDITOR)) as work:
        current = {version.regime: version.version for version in current_versions(work.connection)}
        history = [each.version.version for each in activations(work.connection, "cn_dual_use")]
        instants = {each.activated_at for each in activations(work.connection)}
    database.dispose()
    assert current == {"cn_dual_use": "new", "eu_dual_use": "other"}
    assert history == ["new", "newer by load alone"]
    assert instants == {LOADED}
