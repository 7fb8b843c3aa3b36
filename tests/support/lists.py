"""Versions of lists that count without two people, for tests of what follows from them."""

from services.foundation.database import Database
from services.screening import list_service
from services.screening.domain.lists import PartyList
from tests.support import identity
from tests.support.services import call_of


def make_current(database: Database, *party_lists: PartyList) -> None:
    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        for party_list in party_lists:
            list_service.load_list(work, party_list)
