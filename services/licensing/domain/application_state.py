"""The life of an application as one table: (from, action, roles, when) -> to, and what each row requires.

Whatever is not in the table is refused. `python -m services.licensing.domain.application_state` prints the
picture of the table.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from services.foundation.errors import failed_precondition
from services.foundation.principal import Role


class ApplicationState(StrEnum):
    """States inside the authority; people outside read the public vocabulary (`public_status`)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    GATE_REFUSED = "GATE_REFUSED"
    PROVINCIAL_REVIEW = "PROVINCIAL_REVIEW"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    MINISTRY_INTAKE = "MINISTRY_INTAKE"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    ACCEPTED = "ACCEPTED"
    IN_CONSULTATION = "IN_CONSULTATION"
    READY_FOR_PROPOSAL = "READY_FOR_PROPOSAL"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    LICENSED = "LICENSED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


class Action(StrEnum):
    """What may be done to an application; also the word of the event in the ledger."""

    UPDATE = "update"
    ATTACH = "attach"
    REMOVE_ATTACHMENT = "remove_attachment"
    SUBMIT = "submit"
    PASS_CHECKS = "pass_checks"  # noqa: S105 - a word of the procedure, not a secret
    REFUSE_AT_GATE = "refuse_at_gate"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLEMENT = "supplement"
    LAPSE = "lapse"
    FORWARD = "forward"
    ACCEPT = "accept"
    DEEM_ACCEPTED = "deem_accepted"
    DECLINE_ACCEPTANCE = "decline_acceptance"
    ASSESS_ITEM = "assess_item"
    START_CONSULTATION = "start_consultation"
    OPEN_CONSULTATION = "open_consultation"
    CLOSE_CONSULTATION = "close_consultation"
    START_EXCLUSION = "start_exclusion"
    END_EXCLUSION = "end_exclusion"
    PROPOSE = "propose"
    COUNTERSIGN = "countersign"
    SEND_BACK = "send_back"
    ISSUE_LICENCE = "issue_licence"
    WITHDRAW = "withdraw"


class Outcome(StrEnum):
    """What a decision says."""

    GRANT = "GRANT"
    REFUSE = "REFUSE"


@dataclass(frozen=True)
class Facts:
    """What the rows ask about the application and the act, beyond its state and the actor's role."""

    checks_return_to: ApplicationState = ApplicationState.PROVINCIAL_REVIEW
    open_deficiencies: int = 0
    supplement_already_requested: bool = False
    supplement_window_closed: bool = False
    agencies_chosen: bool = True
    exclusion_open: bool = False
    factors_complete: bool = True
    outcome: Outcome = Outcome.GRANT
    actor_is_proposer: bool = False
    agency_objects: bool = False
    actor_is_director: bool = False
    open_hits: int = 0
    screening_prohibits: bool = False


@dataclass(frozen=True)
class When:
    """Chooses between rows of the same state and action."""

    name: str
    holds: Callable[[Facts], bool]


@dataclass(frozen=True)
class Requirement:
    """What must hold for a row to apply; `reason` is given where it does not."""

    reason: str
    holds: Callable[[Facts], bool]


ALWAYS = When("", lambda _: True)
FOR_PROVINCE = When("for the province", lambda f: f.checks_return_to is ApplicationState.PROVINCIAL_REVIEW)
FOR_MINISTRY = When("for the ministry", lambda f: f.checks_return_to is ApplicationState.MINISTRY_INTAKE)
AGENCIES_CHOSEN = When("agencies chosen", lambda f: f.agencies_chosen)
NO_AGENCY_CHOSEN = When("no agency needed", lambda f: not f.agencies_chosen)
GRANTED = When("grant", lambda f: f.outcome is Outcome.GRANT)
REFUSED_BY_DECISION = When("refuse", lambda f: f.outcome is Outcome.REFUSE)

# 一次性告知: all that is missing is told at once, and once (行政许可法 Art. 32(4)).
ONCE_PER_STAGE = Requirement("SUPPLEMENT_ALREADY_REQUESTED", lambda f: not f.supplement_already_requested)
# After five working days without a notice the file counts as received complete (行政许可法 Art. 32(4)).
WITHIN_WINDOW = Requirement("SUPPLEMENT_WINDOW_CLOSED", lambda f: not f.supplement_window_closed)
NO_DEFICIENCY_OPEN = Requirement("DEFICIENCIES_OPEN", lambda f: f.open_deficiencies == 0)
NO_EXCLUSION_OPEN = Requirement("EXCLUSION_OPEN", lambda f: not f.exclusion_open)
EXCLUSION_OPEN = Requirement("NO_EXCLUSION_OPEN", lambda f: f.exclusion_open)
ALL_FACTORS = Requirement("FACTORS_INCOMPLETE", lambda f: f.factors_complete)
FOUR_EYES = Requirement("FOUR_EYES", lambda f: not f.actor_is_proposer)
# Nothing is granted to whom the lists or the rules name, nor while nobody has said whether they do
# (出口管制法 Art. 18; 两用物项出口管制条例 Art. 17(1), 29). A refusal stays possible.
NO_HITS_IF_GRANTED = Requirement(
    "SCREENING_HITS_OPEN", lambda f: f.outcome is not Outcome.GRANT or f.open_hits == 0
)
NOT_PROHIBITED_IF_GRANTED = Requirement(
    "SCREENING_PROHIBITS", lambda f: f.outcome is not Outcome.GRANT or not f.screening_prohibits
)
# A decision to grant stands unless the screening holds back what it grants (行政许可法 Art. 8).
ISSUE_HELD = Requirement("ISSUE_NOT_HELD", lambda f: f.open_hits > 0 or f.screening_prohibits)
DIRECTOR_IF_AGENCY_OBJECTS = Requirement(
    "DIRECTOR_MUST_COUNTERSIGN",
    lambda f: not (f.agency_objects and f.outcome is Outcome.GRANT) or f.actor_is_director,
)


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    source: ApplicationState
    action: Action
    roles: frozenset[Role]
    target: ApplicationState
    when: When = ALWAYS
    requires: tuple[Requirement, ...] = ()


_APPLICANT = frozenset({Role.EXPORTER, Role.AGENT})
_PROVINCE = frozenset({Role.PROVINCIAL_OFFICER})
_MINISTRY = frozenset({Role.MINISTRY_OFFICER})
_COUNTERSIGNERS = frozenset({Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR})
_PROCEDURE = frozenset({Role.PROCEDURE})
_S, _A = ApplicationState, Action

# States in which the review limit may be running (两用物项出口管制条例 Art. 17).
UNDER_REVIEW = (_S.ACCEPTED, _S.IN_CONSULTATION, _S.READY_FOR_PROPOSAL, _S.PROPOSED)
# The applicant works on the dossier; everything submitted is frozen.
EDITABLE = (_S.DRAFT, _S.SUPPLEMENT_REQUESTED)
WITHDRAWABLE = (
    _S.DRAFT,
    _S.SUBMITTED,
    _S.PROVINCIAL_REVIEW,
    _S.SUPPLEMENT_REQUESTED,
    _S.MINISTRY_INTAKE,
    *UNDER_REVIEW,
)
CONCLUDED = (
    _S.GATE_REFUSED,
    _S.NOT_ACCEPTED,
    _S.REFUSED,
    _S.LICENSED,
    _S.WITHDRAWN,
    _S.LAPSED,
)

TABLE: tuple[Row, ...] = (
    *(
        Row(state, action, _APPLICANT, state)
        for state in EDITABLE
        for action in (_A.UPDATE, _A.ATTACH, _A.REMOVE_ATTACHMENT)
    ),
    Row(_S.DRAFT, _A.SUBMIT, _APPLICANT, _S.SUBMITTED),
    Row(_S.SUBMITTED, _A.PASS_CHECKS, _PROCEDURE, _S.PROVINCIAL_REVIEW, FOR_PROVINCE),
    Row(_S.SUBMITTED, _A.PASS_CHECKS, _PROCEDURE, _S.MINISTRY_INTAKE, FOR_MINISTRY),
    Row(_S.SUBMITTED, _A.REFUSE_AT_GATE, _PROCEDURE, _S.GATE_REFUSED),
    Row(
        _S.PROVINCIAL_REVIEW,
        _A.REQUEST_SUPPLEMENT,
        _PROVINCE,
        _S.SUPPLEMENT_REQUESTED,
        requires=(ONCE_PER_STAGE, WITHIN_WINDOW),
    ),
    Row(_S.PROVINCIAL_REVIEW, _A.FORWARD, _PROVINCE, _S.MINISTRY_INTAKE, requires=(NO_DEFICIENCY_OPEN,)),
    Row(_S.SUPPLEMENT_REQUESTED, _A.SUPPLEMENT, _APPLICANT, _S.SUBMITTED),
    Row(_S.SUPPLEMENT_REQUESTED, _A.LAPSE, _PROCEDURE, _S.LAPSED),
    Row(
        _S.MINISTRY_INTAKE,
        _A.REQUEST_SUPPLEMENT,
        _MINISTRY,
        _S.SUPPLEMENT_REQUESTED,
        requires=(ONCE_PER_STAGE, WITHIN_WINDOW),
    ),
    Row(_S.MINISTRY_INTAKE, _A.ACCEPT, _MINISTRY, _S.ACCEPTED),
    Row(_S.MINISTRY_INTAKE, _A.DEEM_ACCEPTED, _PROCEDURE, _S.ACCEPTED),
    Row(_S.MINISTRY_INTAKE, _A.DECLINE_ACCEPTANCE, _MINISTRY, _S.NOT_ACCEPTED),
    # What an item is held to be may be said by whoever has the case, until it is decided.
    Row(_S.PROVINCIAL_REVIEW, _A.ASSESS_ITEM, _PROVINCE, _S.PROVINCIAL_REVIEW),
    *(Row(state, _A.ASSESS_ITEM, _MINISTRY, state) for state in (_S.MINISTRY_INTAKE, *UNDER_REVIEW)),
    *(
        Row(source, _A.START_CONSULTATION, _MINISTRY, target, when)
        for source in (_S.ACCEPTED, _S.READY_FOR_PROPOSAL)
        for target, when in (
            (_S.IN_CONSULTATION, AGENCIES_CHOSEN),
            (_S.READY_FOR_PROPOSAL, NO_AGENCY_CHOSEN),
        )
    ),
    Row(_S.IN_CONSULTATION, _A.OPEN_CONSULTATION, _PROCEDURE, _S.IN_CONSULTATION),
    Row(_S.IN_CONSULTATION, _A.CLOSE_CONSULTATION, _PROCEDURE, _S.READY_FOR_PROPOSAL),
    *(
        Row(state, _A.START_EXCLUSION, _MINISTRY, state, requires=(NO_EXCLUSION_OPEN,))
        for state in UNDER_REVIEW
    ),
    *(Row(state, _A.END_EXCLUSION, _MINISTRY, state, requires=(EXCLUSION_OPEN,)) for state in UNDER_REVIEW),
    Row(
        _S.READY_FOR_PROPOSAL,
        _A.PROPOSE,
        _MINISTRY,
        _S.PROPOSED,
        requires=(ALL_FACTORS, NO_EXCLUSION_OPEN, NO_HITS_IF_GRANTED, NOT_PROHIBITED_IF_GRANTED),
    ),
    Row(
        _S.PROPOSED,
        _A.COUNTERSIGN,
        _COUNTERSIGNERS,
        _S.APPROVED,
        GRANTED,
        (
            FOUR_EYES,
            NO_EXCLUSION_OPEN,
            DIRECTOR_IF_AGENCY_OBJECTS,
            NO_HITS_IF_GRANTED,
            NOT_PROHIBITED_IF_GRANTED,
        ),
    ),
    Row(
        _S.PROPOSED,
        _A.COUNTERSIGN,
        _COUNTERSIGNERS,
        _S.REFUSED,
        REFUSED_BY_DECISION,
        (FOUR_EYES, NO_EXCLUSION_OPEN),
    ),
    Row(_S.PROPOSED, _A.SEND_BACK, _COUNTERSIGNERS, _S.READY_FOR_PROPOSAL, requires=(FOUR_EYES,)),
    Row(
        _S.APPROVED,
        _A.ISSUE_LICENCE,
        _PROCEDURE,
        _S.LICENSED,
        requires=(NO_HITS_IF_GRANTED, NOT_PROHIBITED_IF_GRANTED),
    ),
    Row(_S.APPROVED, _A.SEND_BACK, _COUNTERSIGNERS, _S.READY_FOR_PROPOSAL, requires=(FOUR_EYES, ISSUE_HELD)),
    *(Row(state, _A.WITHDRAW, _APPLICANT, _S.WITHDRAWN) for state in WITHDRAWABLE),
)


def allowed_actions(state: ApplicationState, role: Role) -> tuple[Action, ...]:
    """Actions that the table knows for a role in a state, whatever their requirements."""
    return tuple(dict.fromkeys(row.action for row in TABLE if row.source is state and role in row.roles))


def possible_actions(state: ApplicationState, role: Role, facts: Facts) -> tuple[Action, ...]:
    """Actions whose requirements hold too.

    What the actor chooses in the act itself (the agencies, the factors) is as `facts` suppose it; whoever
    proposes may propose a grant or a refusal.
    """
    return tuple(
        dict.fromkeys(
            row.action
            for row in TABLE
            if row.source is state
            and role in row.roles
            and row.when.holds(facts)
            and any(
                all(requirement.holds(supposed) for requirement in row.requires)
                for supposed in _supposed(row.action, facts)
            )
        )
    )


def _supposed(action: Action, facts: Facts) -> tuple[Facts, ...]:
    if action is Action.PROPOSE:
        return tuple(replace(facts, outcome=outcome) for outcome in Outcome)
    return (facts,)


def transition(
    application_id: str, state: ApplicationState, action: Action, role: Role, facts: Facts
) -> ApplicationState:
    """The state after the action.

    Errors: FAILED_PRECONDITION ACTION_NOT_ALLOWED where the table has no row, naming the actual state and
    what the role may do in it; the reason of the first requirement that does not hold.
    """
    for row in TABLE:
        if (row.source, row.action) == (state, action) and role in row.roles and row.when.holds(facts):
            for requirement in row.requires:
                if not requirement.holds(facts):
                    raise failed_precondition(
                        requirement.reason, id=application_id, state=state.value, action=action.value
                    )
            return row.target
    raise failed_precondition(
        "ACTION_NOT_ALLOWED",
        id=application_id,
        state=state.value,
        action=action.value,
        allowed=" ".join(allowed_actions(state, role)),
    )


def mermaid() -> str:
    """The table as a state diagram; rows that keep the state and withdrawals are left to the table."""
    lines = ["stateDiagram-v2", "    [*] --> DRAFT"]
    for row in TABLE:
        if row.source is not row.target and row.action is not Action.WITHDRAW:
            note = f" ({row.when.name})" if row.when.name else ""
            lines.append(f"    {row.source} --> {row.target}: {row.action}{note}")
    lines += [f"    {state} --> [*]" for state in CONCLUDED]
    return "\n".join(lines)


if __name__ == "__main__":
    print(mermaid())
