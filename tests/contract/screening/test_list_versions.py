"""The basis of a changed list is made from the version before, and is the one that a new process would make."""

import dataclasses
from datetime import UTC, datetime

from services.foundation.database import Database
from services.screening.bases import Bases
from services.screening.domain.lists import PartyList
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.store.lists import add_activation, add_list, read_list
from tests.support import identity
from tests.support.services import SettableClock, call_of

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MORE = 300


def changed(listed: PartyList, count: int) -> PartyList:
    """A version in which an entry is gone, one is named otherwise, and `count` are new."""
    first, second, *others = listed.entries
    renamed = dataclasses.replace(second, name_en="Otherwise Named Works", aliases=("另一名称工厂",))
    new = [
        dataclasses.replace(first, entry_id=f"more-{number:06}", name_en=f"Kolvan Sertig {number} Works")
        for number in range(count)
    ]
    return dataclasses.replace(listed, entries=(renamed, *others, *new)).versioned()


def activate(database: Database, listed: PartyList) -> None:
    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        assert add_list(work.connection, listed)
        add_activation(work.connection, listed.list_code, listed.version, NOW)


def test_a_changed_list_is_taken_over_from_the_version_before(
    database: Database, shipped: Shipped, clock: SettableClock
) -> None:
    load(database, shipped, clock)
    held = Bases(read_comparison())
    earlier = shipped.lists[0]
    held.catch_up(database, call_of(identity.AUDITOR))
    large = changed(earlier, MORE)
    activate(database, large)
    later = dataclasses.replace(large, entries=large.entries[5:]).versioned()
    for version in (large, later):
        if version is later:
            activate(database, later)
        basis = held.catch_up(database, call_of(identity.AUDITOR))
        anew = Bases(read_comparison()).catch_up(database, call_of(identity.AUDITOR))
        with database.begin(call_of(identity.AUDITOR)) as work:
            assert read_list(work.connection, version.version) == version
            assert read_list(work.connection, version.version, earlier) == version
        assert (basis.versions, basis.lists) == (anew.versions, anew.lists)
        for name in ("Kolvan Sertig 7 Works", "Otherwise Named", earlier.entries[0].name_en, "Works"):
            found = [index.alike([name], "", "") for index in basis.indexes]
            assert repr(found) == repr([index.alike([name], "", "") for index in anew.indexes])
            assert any(found) or not name.startswith("Kolvan")
