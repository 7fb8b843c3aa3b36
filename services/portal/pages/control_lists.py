"""Control lists to read: which there are, what stands in them, an entry with its rule in sentences."""

from typing import Final

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as ct

from services.foundation.errors import ErrorCode, XukeError
from services.portal.condition_lines import nested
from services.portal.control_proposal_act import EDITORS, EVERYBODY, OFFICERS, PROPOSAL_READERS, name_of
from services.portal.page import Page
from services.portal.party_lists import legal_today
from services.portal.readings import as_text, day_of_law
from services.portal.services import services

ENTRIES_SHOWN: Final = 25
PROPOSALS_SHOWN: Final = 10
_GREATEST_QUERY: Final = 200


def control_lists() -> ResponseReturnValue:
    """Versions by regime, the search for entries, and for the ministry the proposals that wait."""
    query = as_text(request.args.get("query", ""))[:_GREATEST_QUERY]
    regime = as_text(request.args.get("regime", ""))[:60]
    typed = request.args.get("as_of", "").strip()
    as_of = day_of_law(typed)
    versions = (
        services().ask(services().classification.ListListVersions, cl.ListListVersionsRequest()).versions
    )
    known = tuple(dict.fromkeys(one.regime for one in versions))
    found = cl.SearchEntriesResponse()
    if query:
        found = services().ask(
            services().classification.SearchEntries,
            cl.SearchEntriesRequest(
                query=query,
                regime=regime if regime in known else "",
                as_of=as_of or "",
                page_size=ENTRIES_SHOWN,
                page_token=request.args.get("page", "")[:400],
            ),
        )
    waiting: list[ct.ControlListProposal] = []
    if g.principal.role in PROPOSAL_READERS.roles:
        waiting.extend(
            services()
            .ask(
                services().control_lists.ListControlListProposals,
                ct.ListControlListProposalsRequest(
                    states=[ct.CONTROL_LIST_PROPOSAL_STATE_PROPOSED], page_size=PROPOSALS_SHOWN
                ),
            )
            .proposals
        )
    return render_template(
        "control/lists.html",
        versions=sorted(versions, key=lambda one: (one.regime, not one.current, -one.activated_at.seconds)),
        regimes=known,
        found=found,
        query=query,
        regime=regime,
        typed=typed[:20],
        as_of=as_of or legal_today().isoformat(),
        not_a_day=as_of is None,
        is_first="page" not in request.args,
        waiting=waiting,
        name_of=name_of,
    )


def entry(regime: str, control_code: str) -> ResponseReturnValue:
    """One entry with its standing over time, its rule as sentences, and what was decided about its questions.

    Errors: NOT_FOUND.
    """
    typed = request.args.get("as_of", "").strip()
    as_of = day_of_law(typed)
    found = services().ask(
        services().classification.GetEntry,
        cl.GetEntryRequest(regime=regime[:60], control_code=control_code[:40], as_of=as_of or ""),
    )
    conditions = rule_of(found, as_of or "")
    answered = ct.ListInterpretationsResponse()
    if g.principal.role in OFFICERS.roles:
        answered = services().ask(
            services().control_lists.ListInterpretations,
            ct.ListInterpretationsRequest(control_code=found.control_code),
        )
    return render_template(
        "control/entry.html",
        entry=found,
        rule=nested(conditions),
        questions=answered.questions,
        interpretations=answered.interpretations,
        typed=typed[:20],
        as_of=as_of or legal_today().isoformat(),
        not_a_day=as_of is None,
        edits=g.principal.role in EDITORS.roles,
    )


def rule_of(entry: cl.Entry, as_of: str) -> tuple[cl.Condition, ...]:
    """The lines of the rule of an entry; empty for one that decides by description.

    They are those of the evaluation of an item that claims the code, or where the announcement prints none bears
    the name, and says nothing else.
    """
    named = cl.Item(name_zh=entry.name_zh[:400], name_en=entry.name_en[:400])
    for item in (cl.Item(claimed_control_code=entry.control_code), named):
        try:
            answer = services().ask(
                services().classification.Classify,
                cl.ClassifyRequest(item=item, regime=entry.regime, as_of=as_of),
            )
        except XukeError as error:
            if error.code is not ErrorCode.INVALID_ARGUMENT:
                raise
            continue
        for one in (*answer.candidates, *answer.related):
            if one.entry.control_code == entry.control_code and one.conditions:
                return tuple(one.conditions)
    return ()


def temporary() -> ResponseReturnValue:
    """Entries under temporary control: those whose term ends soon, or has ended, first."""
    found = services().ask(services().control_lists.ListTemporaryControls, ct.ListTemporaryControlsRequest())
    return render_template(
        "control/temporary.html", controls=sorted(found.controls, key=lambda one: one.days_left)
    )


def interpretations() -> ResponseReturnValue:
    """Interpretations that count, in the order in which they came to."""
    found = services().ask(services().control_lists.ListInterpretations, ct.ListInterpretationsRequest())
    return render_template("control/interpretations.html", interpretations=found.interpretations)


PAGES: Final[tuple[Page, ...]] = (
    Page("control_lists", "/control-list", control_lists, EVERYBODY),
    Page("control_entry", "/control-list/entries/<regime>/<path:control_code>", entry, EVERYBODY),
    Page("control_temporary", "/control-list/temporary", temporary, OFFICERS),
    Page("control_interpretations", "/control-list/interpretations", interpretations, OFFICERS),
)
