"""The consultation desk (咨询, Regulation 792 Art. 14): inquiries to read, and how many there were.

Exporters see those of their organisation; the ministry all, those due first.
"""

from datetime import date
from typing import Final
from uuid import UUID

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import inquiry_pb2 as iq

from services.portal.condition_lines import nested
from services.portal.inquiry_act import READERS, WATCHERS, item_name, read_inquiry
from services.portal.language import plain
from services.portal.page import APPLICANTS, Page
from services.portal.readings import as_day, as_text
from services.portal.services import services

INQUIRIES_SHOWN: Final = 25
OPEN: Final = "open"
EVERY: Final = "every"
STATES: Final = tuple(plain(iq.InquiryState, number) for number in iq.InquiryState.values() if number)
_OPEN_STATES: Final = (iq.INQUIRY_STATE_ASKED, iq.INQUIRY_STATE_INFORMATION_REQUESTED)
_GREATEST_QUERY: Final = 200


def inquiries() -> ResponseReturnValue:
    """Inquiries of one state, of those that are open, or all; officers begin with the open ones."""
    first = EVERY if g.principal.role in APPLICANTS.roles else OPEN
    choice = request.args.get("state", first)
    choice = choice if choice in (*STATES, OPEN, EVERY) else first
    query = as_text(request.args.get("query", ""))[:_GREATEST_QUERY]
    found = services().ask(
        services().inquiries.ListInquiries,
        iq.ListInquiriesRequest(
            states=_states(choice),
            query=query,
            page_size=INQUIRIES_SHOWN,
            page_token=request.args.get("page", "")[:400],
        ),
    )
    return render_template(
        "inquiries/inquiries.html",
        inquiries=found.inquiries,
        next_page=found.next_page_token,
        is_first="page" not in request.args,
        choice=choice,
        states=STATES,
        query=query,
        narrowed=bool(query) or choice != first,
        item_name=item_name,
    )


def inquiry(inquiry_id: UUID) -> ResponseReturnValue:
    """What is asked, what was written since, the answer; for officers also what the lists say of the item."""
    found = read_inquiry(inquiry_id)
    return render_template(
        "inquiries/inquiry.html",
        inquiry=found,
        name=item_name(found),
        computed=found.computed if found.HasField("computed") else None,
        nested=nested,
    )


def statistics() -> ResponseReturnValue:
    """How many were asked and answered in a time, with what answers and codes."""
    days, wrong = {}, []
    for name in ("since", "until"):
        day = _day(request.args.get(name, "").strip())
        days[name] = day or ""
        if day is None:
            wrong.append(name)
    if days["since"] and days["until"] and days["since"] > days["until"]:
        wrong.append("until")
        days["until"] = ""
    found = services().ask(services().inquiries.GetInquiryStatistics, iq.GetInquiryStatisticsRequest(**days))
    return render_template(
        "inquiries/statistics.html",
        found=found,
        typed={name: request.args.get(name, "")[:20] for name in days},
        wrong=wrong,
    )


def _states(choice: str) -> list["iq.InquiryState.ValueType"]:
    if choice == EVERY:
        return []
    if choice == OPEN:
        return list(_OPEN_STATES)
    return [iq.InquiryState.Value(f"INQUIRY_STATE_{choice}")]


def _day(typed: str) -> str | None:
    """A day, YYYY-MM-DD; empty for none, None for what is no day."""
    try:
        return date.fromisoformat(as_day(typed)).isoformat() if typed else ""
    except ValueError:
        return None


PAGES: Final[tuple[Page, ...]] = (
    Page("inquiries", "/inquiries", inquiries, READERS),
    Page("inquiry_statistics", "/inquiries/statistics", statistics, WATCHERS),
    Page("inquiry", "/inquiries/<uuid:inquiry_id>", inquiry, READERS),
)
