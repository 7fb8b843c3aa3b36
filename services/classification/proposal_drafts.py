"""Proposals as they are made: what a file, a standing or an interpretation would change of what counts now.

A file is read outside any transaction; whatever is wrong with it, nothing of it is kept. `proposal_service` decides.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.classification.domain.interpretations import open_questions, questions_of_items, rules_of
from services.classification.domain.list_changes import applied, changes_between, left_out
from services.classification.domain.list_records import (
    ListFormat,
    ProposalDraft,
    ProposalKind,
    ProposalRecord,
    ProposedInterpretation,
)
from services.classification.domain.list_rows import Row, row_of, standing_row, standings_of, version_of
from services.classification.domain.standings import (
    Standing,
    TemporaryControlError,
    checked,
    with_standing,
)
from services.classification.imports.files import StatedList
from services.classification.rules.book import RuleBook
from services.classification.store import interpretations, lists, proposals
from services.classification.store.lists import ListVersion
from services.foundation.database import UnitOfWork
from services.foundation.errors import (
    FieldViolation,
    failed_precondition,
    invalid_argument,
    invalid_field,
    not_found,
)
from services.foundation.ledger import Subject
from services.foundation.proposed_changes import Change, ChangeKind

# The field of a form says the place; only a file needs words for it.
_NO_PLACE: Final = {"place_zh": "", "place_en": ""}


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file that somebody brings in; `edition` is the day of law from which it is the list."""

    regime: str
    file_format: ListFormat
    edition: date
    file_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Base:
    """What counts in a regime: the version (None where there is none yet) and its entries."""

    version: ListVersion | None
    rows: Sequence[Row]

    @property
    def name(self) -> str:
        """The version, empty where there is none."""
        return self.version.version if self.version is not None else ""


@dataclass(frozen=True, slots=True)
class StatedStanding:
    """How an entry is to stand; `field` is where it was stated."""

    field: str
    identifier: str
    standing: Standing


def base_of(work: UnitOfWork, regime: str) -> Base:
    """What counts in a regime."""
    version = lists.current_version(work.connection, regime)
    if version is None:
        return Base(None, ())
    return Base(version, [row_of(entry) for entry in lists.read_list(work.connection, version).entries])


def propose_list(
    work: UnitOfWork, request: FileRequest, stated: StatedList, read_against: str
) -> ProposalRecord:
    """Proposes what a file states.

    Errors: INVALID_ARGUMENT with LIST_NOTHING_CHANGES, or with LIST_EDITION_EARLIER for a whole edition before the
    one that counts; FAILED_PRECONDITION with LIST_BASE_CHANGED where the list has changed since the file was read
    against it (`read_against`).
    """
    base = base_of(work, request.regime)
    if base.name != read_against:
        raise failed_precondition("LIST_BASE_CHANGED", base_version=read_against, current_version=base.name)
    edition = request.edition
    if base.version is not None and edition < base.version.edition:
        if stated.is_whole:
            current = base.version.edition.isoformat()
            raise invalid_field(
                "edition", "LIST_EDITION_EARLIER", edition=edition.isoformat(), current=current
            )
        # An announcement that is brought in late makes no older list.
        edition = base.version.edition
    basis = f"{request.regime} {request.edition.isoformat()}"
    gone: Callable[[Row], Row] | None = None
    if stated.is_whole:
        gone = lambda row: left_out(row, request.edition, basis)  # noqa: E731 - one expression
    changes = changes_between(base.rows, stated.rows, gone)
    draft = ProposalDraft(
        kind=ProposalKind.LIST,
        regime=request.regime,
        base_version=base.name,
        list_version="",
        edition=edition,
        covers_from=base.version.covers_from if base.version is not None else edition,
        reason=request.reason,
        file_format=request.file_format,
        file_name=request.file_name,
        file_sha256=stated.sha256,
    )
    return propose_changes(work, draft, base.rows, changes, "content")


def propose_standings(
    work: UnitOfWork,
    regime: str,
    base_version: str,
    stated: Iterable[StatedStanding],
    legal_basis: str,
    url: str,
    reason: str,
) -> ProposalRecord:
    """Proposes how entries stand, with the legal basis.

    Errors: NOT_FOUND; INVALID_ARGUMENT naming each standing at fault; FAILED_PRECONDITION with LIST_BASE_CHANGED.
    """
    base = base_of(work, regime)
    if base.version is None:
        raise not_found("control_list", regime)
    if base.name != base_version:
        raise failed_precondition("LIST_BASE_CHANGED", base_version=base_version, current_version=base.name)
    rows: dict[str, Row] = {str(row["identifier"]): row for row in base.rows}
    touched: dict[str, Row] = {}
    faults: list[FieldViolation] = []
    for each in stated:
        row = touched.get(each.identifier) or rows.get(each.identifier)
        if row is None:
            faults.append(
                FieldViolation(
                    f"{each.field}.control_code", "ENTRY_UNKNOWN", {"control_code": each.identifier}
                )
            )
            continue
        try:
            touched[each.identifier] = _standing_so(row, each)
        except TemporaryControlError:
            faults.append(FieldViolation(each.field, "TEMPORARY_CONTROL_NOT_ALLOWED", _NO_PLACE))
        except ValueError:
            faults.append(FieldViolation(each.field, "STANDINGS_NOT_ALLOWED", _NO_PLACE))
    if faults:
        raise invalid_argument(*faults)
    changes = changes_between(base.rows, touched.values(), None)
    draft = ProposalDraft(
        kind=ProposalKind.STANDINGS,
        regime=regime,
        base_version=base.name,
        list_version="",
        edition=base.version.edition,
        covers_from=base.version.covers_from,
        reason=reason,
        legal_basis=legal_basis,
        url=url,
    )
    return propose_changes(work, draft, base.rows, changes, "standings")


def propose_interpretation(
    work: UnitOfWork, book: RuleBook, regime: str, proposed: ProposedInterpretation, reason: str
) -> ProposalRecord:
    """Proposes the answer to a question of the rule of an entry.

    Errors: INVALID_ARGUMENT with ENTRY_WITHOUT_RULE, QUESTION_OF_ONE_ITEM, QUESTION_NOT_OF_RULE naming those it has,
    QUESTION_PATH_UNKNOWN.
    """
    versions = rules_of(book, proposed.identifier)
    if not versions:
        raise invalid_field("control_code", "ENTRY_WITHOUT_RULE", control_code=proposed.identifier)
    questions: dict[str, tuple[str, ...]] = {}
    for rule in versions:
        questions |= open_questions(rule)
    if any(proposed.question in questions_of_items(rule) for rule in versions):
        raise invalid_field(
            "question",
            "QUESTION_OF_ONE_ITEM",
            question=proposed.question,
            control_code=proposed.identifier,
            allowed=", ".join(sorted(questions)) or "-",
        )
    if proposed.question not in questions:
        raise invalid_field(
            "question",
            "QUESTION_NOT_OF_RULE",
            question=proposed.question,
            control_code=proposed.identifier,
            allowed=", ".join(sorted(questions)) or "-",
        )
    paths = questions[proposed.question]
    if proposed.path and proposed.path not in paths:
        raise invalid_field("path", "QUESTION_PATH_UNKNOWN", path=proposed.path, allowed=", ".join(paths))
    identifier = versions[0].identifier
    draft = ProposalDraft(
        kind=ProposalKind.INTERPRETATION,
        regime=regime,
        base_version=interpretations.newest_of(work.connection, identifier, proposed.question),
        list_version="",
        edition=proposed.valid_from,
        covers_from=proposed.valid_from,
        reason=reason,
        legal_basis=proposed.basis,
        interpretation=replace(proposed, identifier=identifier, path=proposed.path or paths[0]),
        changed=1,
    )
    return _keep(work, draft, ())


def propose_changes(
    work: UnitOfWork, draft: ProposalDraft, before: Sequence[Row], changes: Sequence[Change], field: str
) -> ProposalRecord:
    """Proposes changes of entries. Errors: INVALID_ARGUMENT on the field with LIST_NOTHING_CHANGES."""
    if not changes:
        raise invalid_field(field, "LIST_NOTHING_CHANGES", version=draft.base_version)
    version = version_of(draft.regime, draft.edition, draft.covers_from, applied(before, changes))
    return _keep(work, replace(draft, list_version=version, **_counts(changes, len(before))), changes)


def current_base(work: UnitOfWork, draft: ProposalDraft) -> str:
    """The name of what counts now in the place of what is proposed."""
    if draft.interpretation is not None:
        return interpretations.newest_of(
            work.connection, draft.interpretation.identifier, draft.interpretation.question
        )
    version = lists.current_version(work.connection, draft.regime)
    return version.version if version is not None else ""


def record_event(work: UnitOfWork, proposal: ProposalRecord, action: str) -> None:
    """Records what became of a proposal, with what it would change."""
    draft = proposal.draft
    proposed = draft.interpretation
    work.record(
        Subject("control_list_proposal", str(proposal.proposal_id)),
        action,
        {
            "state": proposal.state.value,
            "kind": draft.kind.value,
            "regime": draft.regime,
            "base_version": draft.base_version,
            "version": draft.list_version,
            "added": str(draft.added),
            "changed": str(draft.changed),
            "ended": str(draft.ended),
            **(
                {
                    "entry": proposed.identifier,
                    "question": proposed.question,
                    "answer": proposed.answer.value,
                    "valid_from": proposed.valid_from.isoformat(),
                }
                if proposed is not None
                else {}
            ),
        },
    )


def _standing_so(row: Row, stated: StatedStanding) -> Row:
    """The entry with the standing. Errors: those of `checked`."""
    after = checked(with_standing(standings_of(row), stated.standing), stated.identifier)
    return {**row, "standings": [standing_row(each) for each in after]}


def _keep(work: UnitOfWork, draft: ProposalDraft, changes: Sequence[Change]) -> ProposalRecord:
    actor = work.call.principal.subject
    kept = proposals.add_proposal(work.connection, draft, changes, actor, work.call.now)
    record_event(work, kept, "CONTROL_LIST_PROPOSED")
    return kept


def _counts(changes: Sequence[Change], before: int) -> dict[str, Any]:
    added, changed, ended = (
        sum(change.kind is kind for change in changes)
        for kind in (ChangeKind.ADDED, ChangeKind.CHANGED, ChangeKind.ENDED)
    )
    return {"added": added, "changed": changed, "ended": ended, "unchanged": before - changed - ended}
