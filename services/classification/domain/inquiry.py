"""An inquiry (咨询) at the consultation desk: is this item controlled?

出口管制法 Art. 12(4) and 两用物项出口管制条例 Art. 14(4): an exporter who cannot tell asks the commerce ministry, which
answers promptly (及时). Who asks gives the performance indicators (性能指标), the main uses (主要用途) and the reason why
it cannot be told (无法确定的原因), all three.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.classification.domain.item import Item
from services.foundation.clock import legal_day
from services.foundation.errors import FieldViolation
from services.foundation.working_days import CalendarNotPublished, WorkingDayCalendar


class InquiryState(StrEnum):
    """Where an inquiry stands."""

    ASKED = "ASKED"
    INFORMATION_REQUESTED = "INFORMATION_REQUESTED"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"


class AnswerKind(StrEnum):
    """What the ministry says of the item."""

    CONTROLLED = "CONTROLLED"
    NOT_CONTROLLED = "NOT_CONTROLLED"
    DEPENDS = "DEPENDS"
    """On what the reasons name, for example the end use."""


@dataclass(frozen=True, slots=True)
class InquiryText:
    """What one side wrote to the other after the inquiry was made."""

    author_role: str
    written_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class InquiryAnswer:
    """The ministry's answer with its reasons and the versions of the lists that it rests on."""

    kind: AnswerKind
    control_codes: tuple[str, ...]
    reasons: str
    answered_by: str
    answered_at: datetime
    list_versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An inquiry as it stands. Instants are UTC.

    `waiting_since` is the instant from which the ministry's target counts: when it was asked, or when what the
    ministry wanted to know was supplied.
    """

    inquiry_id: UUID
    number: str
    version: int
    state: InquiryState
    organisation: str
    organisation_name_zh: str
    organisation_name_en: str
    item: Item
    performance: str
    main_uses: str
    reason_for_doubt: str
    asked_at: datetime
    waiting_since: datetime
    texts: tuple[InquiryText, ...] = ()
    answer: InquiryAnswer | None = None

    @property
    def etag(self) -> str:
        """Changes with every change (AIP-154)."""
        return str(self.version)


@dataclass(frozen=True, slots=True)
class DeskPolicy:
    """The ministry's own target in working days. The law says promptly (及时) and names no number."""

    target_working_days: int


def missing_contents(
    item: Item, performance: str, main_uses: str, reason_for_doubt: str
) -> Iterator[FieldViolation]:
    """Which of the three contents of 两用物项出口管制条例 Art. 14(4) are not there; parameters are performance too.

    A dash or a full stop says nothing.
    """
    if not _says_something(performance) and not any(_says_something(each.value) for each in item.parameters):
        yield FieldViolation("performance", "INQUIRY_PERFORMANCE_MISSING")
    if not _says_something(main_uses):
        yield FieldViolation("main_uses", "INQUIRY_MAIN_USES_MISSING")
    if not _says_something(reason_for_doubt):
        yield FieldViolation("reason_for_doubt", "INQUIRY_REASON_MISSING")


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def answer_by(inquiry: Inquiry, policy: DeskPolicy, calendar: WorkingDayCalendar) -> date | None:
    """The day (Asia/Shanghai) by which the ministry means to answer.

    None while it waits for the asker, after the end, and where the calendar of that year is not published yet.
    """
    if inquiry.state is not InquiryState.ASKED:
        return None
    try:
        return calendar.add_working_days(legal_day(inquiry.waiting_since), policy.target_working_days)
    except CalendarNotPublished:
        return None


def number_of(year: int, serial: int) -> str:
    """The number by which an inquiry is cited, for example ZX-2026-000012 (咨询)."""
    return f"ZX-{year}-{serial:06d}"
