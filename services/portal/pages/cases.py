"""A case to read: one page for each of its tabs, each asking for what it shows and nothing else."""

import uuid
from datetime import UTC, datetime
from typing import Final

from flask import g, request
from flask.typing import ResponseReturnValue
from xuke.consultation.v1 import consultation_pb2 as co
from xuke.licensing.v1 import application_pb2 as a
from xuke.screening.v1 import screening_pb2 as s

from services.foundation.principal import Role
from services.portal.case_clock import case_intervals, case_timeline
from services.portal.case_frame import DOSSIER_READERS, READERS, read_case, render_case
from services.portal.case_hits import reviewed_hits
from services.portal.case_precedents import precedent_name, precedents_of
from services.portal.classification_tree import (
    checks_day,
    claim_of,
    classify_request,
    grow,
)
from services.portal.consultation_board import Board, boards
from services.portal.decision_changes import changed_since_proposal, changes
from services.portal.dossier_summary import dossier_sections
from services.portal.history_sentences import history_rows
from services.portal.page import Page
from services.portal.screening_sides import Side, screened_parties, sides
from services.portal.services import services


def summary(application_id: uuid.UUID) -> ResponseReturnValue:
    """What the case is about, what was found, who says what, and what the person can do now."""
    found = read_case(application_id)
    now = datetime.now(UTC)
    return render_case(
        "cases/summary.html",
        found,
        "case",
        timeline=case_timeline(found, now),
        claims=claims(found),
        changed_since=changed_since_proposal(found),
    )


def dossier(application_id: uuid.UUID) -> ResponseReturnValue:
    """Every field of the dossier as submitted."""
    found = read_case(application_id)
    return render_case("cases/dossier.html", found, "case_dossier", sections=dossier_sections(found.dossier))


def classification(application_id: uuid.UUID) -> ResponseReturnValue:
    """What was recorded of each item, and of one item the tree of entries with the law's words."""
    found = read_case(application_id)
    recorded = {one.line_number: one for one in found.classifications}
    items = {item.line_number: item for item in found.dossier.items}
    wanted = request.args.get("item", "")
    chosen = items.get(int(wanted)) if wanted.isdecimal() and len(wanted) <= 4 else None
    chosen = chosen or next(iter(items.values()), None)
    tree = None
    if chosen is not None:
        question = classify_request(chosen, found.dossier, checks_day(found))
        answer = services().ask(services().classification.Classify, question)
        tree = grow(chosen, recorded.get(chosen.line_number), answer)
    return render_case(
        "cases/classification.html",
        found,
        "case_classification",
        recorded=recorded,
        claims=claims(found),
        chosen=chosen,
        tree=tree,
        checked_on=checks_day(found),
        precedents=(precedents_of(chosen, found.dossier) or ()) if chosen is not None else (),
        precedent_name=precedent_name,
    )


def screening(application_id: uuid.UUID) -> ResponseReturnValue:
    """Each hit beside the party that it is about, and the rules of destination and end use that bite."""
    found = read_case(application_id)
    screened, hits, lists = screening_of(found)
    return render_case(
        "cases/screening.html",
        found,
        "case_screening",
        screened=screened,
        hits=hits,
        party_lists=lists,
        parties=screened_parties(found.dossier),
        reviewed=reviewed_hits(found),
    )


def consultation(application_id: uuid.UUID) -> ResponseReturnValue:
    """Each agency's state, due time, opinion, conditions, reasons and factors."""
    found = read_case(application_id)
    return render_case("cases/consultation.html", found, "case_consultation", boards=consultation_of(found))


def decision(application_id: uuid.UUID) -> ResponseReturnValue:
    """The proposal with its factors and conditions, what changed since, and the proposals before it."""
    found = read_case(application_id)
    return render_case("cases/decision.html", found, "case_decision", changes=changes(found))


def time(application_id: uuid.UUID) -> ResponseReturnValue:
    """The review clock as a bar with the table behind it, and the deadlines of the stages."""
    found = read_case(application_id)
    now = datetime.now(UTC)
    return render_case(
        "cases/time.html",
        found,
        "case_time",
        timeline=case_timeline(found, now),
        intervals=case_intervals(found, now),
    )


def history(application_id: uuid.UUID) -> ResponseReturnValue:
    """The notices to the applicant, and every event in a sentence."""
    found = read_case(application_id)
    return render_case("cases/history.html", found, "case_history", history_rows=history_rows)


def claims(case: a.Case) -> dict[int, str]:
    """How the code claimed for each item stands to those found, by line number."""
    found = {one.line_number: list(one.control_codes) for one in case.classifications}
    return {
        item.line_number: claim_of(item.claimed_control_code, found[item.line_number]).value
        for item in case.dossier.items
        if item.line_number in found
    }


def screening_of(case: a.Case) -> tuple[s.Screening | None, tuple[Side, ...], list[s.PartyList]]:
    """The screening of the present submission with its hits and the lists it knows; nothing before the checks."""
    if not case.screening.screening_id:
        return None, (), []
    screened = services().ask(
        services().screening.GetScreening, s.GetScreeningRequest(screening_id=case.screening.screening_id)
    )
    lists = services().ask(services().screening.ListPartyLists, s.ListPartyListsRequest()).lists
    return screened, sides(screened, case.dossier, lists), list(lists)


def consultation_of(case: a.Case) -> tuple[Board, ...] | None:
    """The rounds as the person may see them; None for a province, which sees the summary of the case alone."""
    if g.principal.role is Role.PROVINCIAL_OFFICER:
        return None
    found = services().ask(
        services().consultation.ListRounds, co.ListRoundsRequest(application_id=case.application_id)
    )
    return boards(found.rounds)


_PATH: Final = "/cases/<uuid:application_id>"
PAGES: Final[tuple[Page, ...]] = (
    Page("case", _PATH, summary, READERS),
    Page("case_dossier", f"{_PATH}/dossier", dossier, DOSSIER_READERS),
    Page("case_classification", f"{_PATH}/classification", classification, DOSSIER_READERS),
    Page("case_screening", f"{_PATH}/screening", screening, READERS),
    Page("case_consultation", f"{_PATH}/consultation", consultation, READERS),
    Page("case_decision", f"{_PATH}/decision", decision, READERS),
    Page("case_time", f"{_PATH}/time", time, READERS),
    Page("case_history", f"{_PATH}/history", history, READERS),
)
