"""The rules and the register of destinations that come with the program: loaded at the first start, proposed later.

What counts is never replaced by a start of the program, whether people activated it or an earlier program brought
it: a list editor decides.
"""

from collections.abc import Sequence
from typing import Final

from services.foundation.database import UnitOfWork
from services.foundation.ledger import Subject
from services.foundation.proposals import ProposalState
from services.screening import proposal_service
from services.screening.domain.destinations import Register
from services.screening.domain.proposal_records import FileFormat
from services.screening.domain.rules import RuleSet
from services.screening.imports.importer import Row
from services.screening.list_service import SHIPPED_REASON
from services.screening.proposal_service import Importers
from services.screening.rule_rows import destination_row, rule_row
from services.screening.store import lists, proposals, rules

_FORMATS: Final = {
    rules.Kind.RULES: FileFormat.RULES_CSV,
    rules.Kind.DESTINATIONS: FileFormat.DESTINATIONS_CSV,
}


def load_rules(work: UnitOfWork, shipped: RuleSet) -> bool:
    """Loads the destination rules where there are none yet; False where a version of them counts already."""
    if not _is_first(work, rules.Kind.RULES):
        return False
    rules.add_rules(work.connection, shipped, work.call.now)
    rules.activate(work.connection, rules.Kind.RULES, shipped.version, work.call.now)
    work.record(
        Subject("rule_set", shipped.version),
        "RULE_SET_LOADED",
        {"state": "loaded", "rules": str(len(shipped.rules))},
    )
    return True


def load_destinations(work: UnitOfWork, shipped: Register) -> bool:
    """Loads the register of destinations where there is none yet; False where a version of it counts already."""
    if not _is_first(work, rules.Kind.DESTINATIONS):
        return False
    rules.add_destinations(work.connection, shipped, work.call.now)
    rules.activate(work.connection, rules.Kind.DESTINATIONS, shipped.version, work.call.now)
    work.record(
        Subject("destination_register", shipped.version),
        "DESTINATION_REGISTER_LOADED",
        {"state": "loaded", "destinations": str(len(shipped.destinations))},
    )
    return True


def _is_first(work: UnitOfWork, kind: rules.Kind) -> bool:
    lists.lock_list(work.connection, kind.value)
    return not rules.activated_versions(work.connection, kind)


def load_or_propose_rules(work: UnitOfWork, importers: Importers, shipped: RuleSet) -> bool:
    """Loads the rules where there are none, and else proposes what is new; whether anything was done."""
    return load_rules(work, shipped) or _propose(
        work, importers, rules.Kind.RULES, shipped.version, [rule_row(rule) for rule in shipped.rules]
    )


def load_or_propose_destinations(work: UnitOfWork, importers: Importers, shipped: Register) -> bool:
    """Loads the register where there is none, and else proposes what is new; whether anything was done."""
    rows = [destination_row(destination) for destination in shipped.destinations]
    return load_destinations(work, shipped) or _propose(
        work, importers, rules.Kind.DESTINATIONS, shipped.version, rows
    )


def _propose(
    work: UnitOfWork, importers: Importers, kind: rules.Kind, version: str, stated: Sequence[Row]
) -> bool:
    """Proposes a version that never counted and was not proposed before; an open proposal of another is withdrawn."""
    if version in rules.activated_versions(work.connection, kind):
        return False
    file_format = _FORMATS[kind]
    made = [
        proposal
        for proposal in proposals.find_by_file(work.connection, "", work.call.principal.subject)
        if proposal.draft.file_format is file_format
    ]
    if any(proposal.draft.file_name == version for proposal in made):
        return False
    for proposal in made:
        if proposal.state is ProposalState.PROPOSED:
            proposal_service.withdraw(work, proposal.proposal_id, str(proposal.row_version))
    kept = proposal_service.propose_shipped_rows(
        work, importers, file_format, version, stated, SHIPPED_REASON
    )
    return kept is not None
