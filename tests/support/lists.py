"""Versions of lists and rules that count without two people, for tests of what follows from them."""

from services.foundation.database import Database
from services.screening import list_service
from services.screening.domain.lists import PartyList
from services.screening.domain.rules import RuleSet
from services.screening.store import rules
from tests.support import identity
from tests.support.services import call_of


def make_current(database: Database, *party_lists: PartyList) -> None:
    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        for party_list in party_lists:
            list_service.load_list(work, party_list)


def make_rules_current(database: Database, rule_set: RuleSet) -> None:
    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        rules.add_rules(work.connection, rule_set, work.call.now)
        rules.activate(work.connection, rules.Kind.RULES, rule_set.version, work.call.now)
