"""What the papers of a product rest on, gathered within one transaction."""

import functools
import hashlib
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.classification.domain.codes import normalise_control_code
from services.classification.domain.index import ListIndex
from services.classification.domain.item import Item
from services.classification.domain.judgement import settle
from services.classification.domain.outcomes import Candidate
from services.classification.knowledge import Knowledge
from services.classification.papers.facts import (
    ComparisonFacts,
    Described,
    Rested,
    StatementFacts,
)
from services.classification.product_service import Engine, existing_with_code
from services.classification.reference_files import REFERENCE
from services.classification.service import Answer, FoundCandidate, classify_by
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found

_RULE_TABLES: Final = (
    "ambiguous_units.csv",
    "composites.csv",
    "dimensions.csv",
    "fact_values.csv",
    "facts.csv",
    "quantities.csv",
    "questions.csv",
    "units.csv",
)


def comparison_sheet(
    work: UnitOfWork, engine: Engine, product_id: UUID, control_code: str, as_of: date | None
) -> ComparisonFacts:
    """A product held against one entry as of a legal day (None: today).

    Errors: NOT_FOUND for product or entry.
    """
    described, known = _described(work, engine, product_id)
    return comparison_of(known, described, control_code, as_of or legal_day(work.call.now), work.call.now)


def statement(work: UnitOfWork, engine: Engine, product_id: UUID, as_of: date | None) -> StatementFacts:
    """A product held against every entry as of a legal day (None: today). Errors: NOT_FOUND."""
    described, known = _described(work, engine, product_id)
    answer = classify_by(known, described.item, as_of or legal_day(work.call.now), work.call.now)
    return StatementFacts(described, _rested(known, answer.list_versions, answer.as_of), answer)


def comparison_of(
    known: Knowledge, described: Described, control_code: str, day: date, now: datetime
) -> ComparisonFacts:
    """An item held against one entry by what is known. Errors: NOT_FOUND for the entry."""
    code = normalise_control_code(control_code) or control_code.strip()
    index = next((index for index in known.indexes if index.entry(code) is not None), None)
    if index is None:
        raise not_found("control_entry", control_code)
    answer = classify_by(known, described.item, day, now)
    found = _proposed(answer, index, code) or _judged(known, index, code, described.item, day)
    return ComparisonFacts(described, _rested(known, (index.control_list.version,), day), found)


def _described(work: UnitOfWork, engine: Engine, product_id: UUID) -> tuple[Described, Knowledge]:
    product, item = existing_with_code(work, product_id)
    organisation = work.call.principal.organisation
    of_family = item.claimed_control_code != product.item.claimed_control_code
    described = Described(organisation, product.article_number, product.family, item, of_family)
    return described, engine.knowledge(work)


def _proposed(answer: Answer, index: ListIndex, code: str) -> FoundCandidate | None:
    entry = index.entry(code)
    return next(
        (
            found
            for found in (*answer.candidates, *answer.related)
            if found.candidate.entry == entry and found.control_list is index.control_list
        ),
        None,
    )


def _judged(known: Knowledge, index: ListIndex, code: str, item: Item, day: date) -> FoundCandidate:
    """An entry to which nothing of the item points: whether it describes the item is not known."""
    (entry,) = index.entries((code,))
    ruling = known.examination.judges_of(index.control_list.regime)(item, day)(entry, False)
    status = entry.status_on(day)
    outcome, findings = settle(entry, status, False, False, bool(item.parameters), ruling)
    agencies = known.examination.agencies_of(index.control_list.regime)
    bodies = agencies.of_entry(entry) if agencies is not None else ()
    return FoundCandidate(
        index.control_list, Candidate(entry, status, outcome, findings, (), 0.0, False, ruling, bodies)
    )


def _rested(known: Knowledge, list_versions: tuple[str, ...], day: date) -> Rested:
    interpretations = known.examination.interpretations
    newest = interpretations[-1].sequence if interpretations else 0
    return Rested(day, list_versions, rules_version(), newest)


@functools.cache
def rules_version() -> str:
    """The name of the encoded rules with the tables that they are read with: the hash of their files."""
    digest = hashlib.sha256()
    for path in (*sorted((REFERENCE / "rules").glob("*.json")), *(REFERENCE / name for name in _RULE_TABLES)):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return f"sha256:{digest.hexdigest()[:12]}"
