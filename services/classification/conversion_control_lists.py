"""Proposals, tasks and temporary controls between the contract and the use cases: nothing is decided here."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from xuke.classification.v1 import classification_pb2
from xuke.classification.v1 import control_list_pb2 as messages
from xuke.foundation.v1 import foundation_pb2

from services.classification.conversion import OUTCOMES, STATUSES, TRUTHS, instant
from services.classification.domain.codes import normalise_control_code
from services.classification.domain.list_changes import field_changes
from services.classification.domain.list_records import (
    ListFormat,
    ProposalKind,
    ProposalRecord,
    ProposedInterpretation,
)
from services.classification.domain.standings import EARLIEST_DAY, LATEST_DAY, Standing
from services.classification.domain.stored import OutcomeChange, ReclassificationTask
from services.classification.domain.temporary_control import TemporaryState
from services.classification.proposal_drafts import FileRequest, StatedStanding
from services.classification.rule_questions import RuleQuestion, question_words
from services.classification.rules.quantities import Names
from services.classification.store.interpretations import KnownInterpretation
from services.classification.temporary_controls import FoundControl
from services.foundation.errors import invalid_field
from services.foundation.messages import LocalizedText
from services.foundation.principal import Principal, Role
from services.foundation.proposals import ProposalState, allowed_actions
from services.foundation.proposed_changes import Change

_KINDS: Final[Mapping[ProposalKind, "messages.ControlListProposalKind.ValueType"]] = {
    ProposalKind.LIST: messages.CONTROL_LIST_PROPOSAL_KIND_LIST,
    ProposalKind.STANDINGS: messages.CONTROL_LIST_PROPOSAL_KIND_STANDINGS,
    ProposalKind.INTERPRETATION: messages.CONTROL_LIST_PROPOSAL_KIND_INTERPRETATION,
}
_STATE_MESSAGES: Final[Mapping[ProposalState, "messages.ControlListProposalState.ValueType"]] = {
    ProposalState.PROPOSED: messages.CONTROL_LIST_PROPOSAL_STATE_PROPOSED,
    ProposalState.ACTIVATED: messages.CONTROL_LIST_PROPOSAL_STATE_ACTIVATED,
    ProposalState.REJECTED: messages.CONTROL_LIST_PROPOSAL_STATE_REJECTED,
    ProposalState.WITHDRAWN: messages.CONTROL_LIST_PROPOSAL_STATE_WITHDRAWN,
}
STATES: Final = {number: state for state, number in _STATE_MESSAGES.items()}
_TEMPORARY: Final[Mapping[TemporaryState, "messages.TemporaryControlState.ValueType"]] = {
    TemporaryState.RUNNING: messages.TEMPORARY_CONTROL_STATE_RUNNING,
    TemporaryState.EVALUATION_DUE: messages.TEMPORARY_CONTROL_STATE_EVALUATION_DUE,
    TemporaryState.EVALUATION_OVERDUE: messages.TEMPORARY_CONTROL_STATE_EVALUATION_OVERDUE,
}
_STATUS_OF: Final = {number: status for status, number in STATUSES.items()}
_TRUTH_OF: Final = {number: truth for truth, number in TRUTHS.items()}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_REGIME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")


def day_in(text: str, field: str) -> date:
    """A day of law on which something can be so. Errors: INVALID_ARGUMENT on the field."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise invalid_field(field, "CLASSIFICATION_DAY_INVALID", value=text) from error
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise invalid_field(
            field,
            "STANDING_DAY_OUT_OF_RANGE",
            value=text,
            earliest=EARLIEST_DAY.isoformat(),
            latest=LATEST_DAY.isoformat(),
        )
    return day


def printable(text: str, field: str) -> str:
    """A text that can be kept and shown. Errors: INVALID_ARGUMENT on the field, LIST_TEXT_UNPRINTABLE."""
    if _CONTROL.search(text):
        raise invalid_field(field, "LIST_TEXT_UNPRINTABLE")
    return text.strip()


def stated(text: str, field: str) -> str:
    """The same of a text that has to say something: no change rests on a space or a dash.

    Errors: INVALID_ARGUMENT on the field, also with VALUE_MISSING.
    """
    said = printable(text, field)
    if not any(character.isalnum() for character in said):
        raise invalid_field(field, "VALUE_MISSING")
    return said


def file_request(described: messages.ControlListFile) -> FileRequest:
    """What somebody brings in, and for which regime.

    Errors: INVALID_ARGUMENT with REGIME_NAME_INVALID, LIST_FORMAT_UNKNOWN, LIST_TEXT_UNPRINTABLE.
    """
    formats = {each.value: each for each in ListFormat if each is not ListFormat.NONE}
    if described.format not in formats:
        raise invalid_field("format", "LIST_FORMAT_UNKNOWN", allowed=", ".join(formats))
    if not _REGIME.fullmatch(described.regime):
        raise invalid_field("regime", "REGIME_NAME_INVALID", regime=described.regime)
    return FileRequest(
        described.regime,
        formats[described.format],
        day_in(described.edition, "edition"),
        printable(described.file_name, "file_name"),
        stated(described.reason, "reason"),
    )


def stated_standings(proposed: Iterable[messages.ProposedStanding], legal_basis: str) -> list[StatedStanding]:
    """How entries are to stand; a standing without a basis of its own rests on that of the proposal."""
    found = []
    for at, each in enumerate(proposed):
        field = f"standings[{at}]"
        status = _STATUS_OF.get(each.standing.status)
        if status is None:
            raise invalid_field(f"{field}.standing.status", "STANDING_STATUS_MISSING")
        since = day_in(each.standing.since, f"{field}.standing.since")
        until = day_in(each.standing.until, f"{field}.standing.until") if each.standing.until else None
        if until is not None and until < since:
            raise invalid_field(f"{field}.standing.until", "STANDING_DAYS_REVERSED")
        basis = printable(each.standing.basis, f"{field}.standing.basis") or legal_basis
        found.append(StatedStanding(field, code_of(each.control_code), Standing(status, since, until, basis)))
    return found


def proposed_interpretation(request: messages.ProposeInterpretationRequest) -> ProposedInterpretation:
    """The answer that is proposed."""
    return ProposedInterpretation(
        code_of(request.control_code),
        printable(request.path, "path"),
        printable(request.question, "question"),
        _TRUTH_OF[request.answer],
        day_in(request.valid_from, "valid_from"),
        stated(request.basis, "basis"),
    )


def code_of(text: str) -> str:
    """A control code in its one spelling, or the identifier of an entry without one."""
    return normalise_control_code(text) or text.strip()


def proposal_message(
    proposal: ProposalRecord,
    current_version: str,
    caller: Principal,
    names: Names,
    outcome_changes: int = 0,
) -> messages.ControlListProposal:
    """A proposal as the caller sees it."""
    draft = proposal.draft
    actions = allowed_actions(proposal.standing(current_version), caller.subject)
    return messages.ControlListProposal(
        proposal_id=str(proposal.proposal_id),
        etag=str(proposal.row_version),
        kind=_KINDS[draft.kind],
        state=_STATE_MESSAGES[proposal.state],
        regime=draft.regime,
        base_version=draft.base_version,
        list_version=draft.list_version,
        file_name=draft.file_name,
        reason=draft.reason,
        legal_basis=draft.legal_basis,
        proposed_by=proposal.proposed_by,
        proposed_at=instant(proposal.proposed_at),
        decided_by=proposal.decided_by,
        decided_at=instant(proposal.decided_at) if proposal.decided_at else None,
        decision_reason=proposal.decision_reason,
        added=draft.added,
        changed=draft.changed,
        ended=draft.ended,
        unchanged=draft.unchanged,
        outcome_changes=outcome_changes,
        allowed_actions=(
            [action.value.lower() for action in actions] if caller.role is Role.LIST_EDITOR else []
        ),
        interpretation=(
            _proposed_message(draft.interpretation, names) if draft.interpretation is not None else None
        ),
        edition=draft.edition.isoformat(),
        url=draft.url,
    )


def change_message(change: Change) -> messages.ControlEntryChange:
    """What a proposal changes of one entry, field by field."""
    return messages.ControlEntryChange(
        control_code=change.key,
        kind=change.kind.value,
        name_zh=change.after["name_zh"],
        name_en=change.after["name_en"],
        fields=[
            messages.EntryFieldChange(field=field.field, before=field.before, after=field.after)
            for field in field_changes(change)
        ],
    )


def outcome_change_message(change: OutcomeChange) -> messages.OutcomeChange:
    """A stored item that comes to something else."""
    return messages.OutcomeChange(
        subject=change.subject,
        item_name_zh=change.name_zh,
        item_name_en=change.name_en,
        before=OUTCOMES[change.before.outcome],
        after=OUTCOMES[change.after.outcome],
        codes_before=change.before.codes,
        codes_after=change.after.codes,
        since=change.since.isoformat() if change.since is not None else "",
    )


def task_message(task: ReclassificationTask) -> messages.ReclassificationTask:
    """A task as it stands."""
    return messages.ReclassificationTask(
        task_id=str(task.task_id),
        etag=str(task.row_version),
        change=outcome_change_message(task.change),
        list_version=" | ".join(task.list_versions),
        raised_at=instant(task.raised_at),
        settled_by=task.settled_by,
        settled_at=instant(task.settled_at) if task.settled_at else None,
        settlement=task.settlement,
    )


def interpretation_message(known: KnownInterpretation, names: Names) -> messages.Interpretation:
    """An interpretation that counts, or counted."""
    record = known.record
    return messages.Interpretation(
        control_code=record.identifier,
        path=record.path,
        question=record.question,
        answer=TRUTHS[record.answer],
        valid_from=record.valid_from.isoformat(),
        basis=record.basis,
        proposal_id=str(known.proposal_id),
        activated_by=record.decided_by,
        activated_at=instant(known.activated_at),
        asked=_words(question_words(record.question, names)),
    )


def rule_question_message(found: RuleQuestion) -> messages.RuleQuestion:
    """A question that an interpretation can settle."""
    return messages.RuleQuestion(question=found.question, asked=_words(found.asked), quotes=found.quotes)


def _words(text: LocalizedText) -> foundation_pb2.LocalizedText:
    return foundation_pb2.LocalizedText(zh=text.zh, en=text.en)


def temporary_control_message(found: FoundControl, today: date) -> messages.TemporaryControl:
    """A temporary control on a day of law."""
    control = found.control
    return messages.TemporaryControl(
        regime=found.regime,
        control_code=control.entry.identifier,
        name_zh=control.entry.name_zh,
        name_en=control.entry.name_en,
        since=control.since.isoformat(),
        until=control.until.isoformat(),
        extensions=control.extensions,
        days_left=(control.until - today).days,
        state=_TEMPORARY[control.state],
    )


def _proposed_message(proposed: ProposedInterpretation, names: Names) -> messages.Interpretation:
    answer: classification_pb2.Truth.ValueType = TRUTHS[proposed.answer]
    return messages.Interpretation(
        control_code=proposed.identifier,
        path=proposed.path,
        question=proposed.question,
        answer=answer,
        valid_from=proposed.valid_from.isoformat(),
        basis=proposed.basis,
        asked=_words(question_words(proposed.question, names)),
    )
