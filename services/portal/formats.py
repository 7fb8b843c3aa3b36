"""Days, instants and quantities as people read them. Days and times are those of Asia/Shanghai."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp

from services.foundation.months import english_day
from services.portal.language import Language, current

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ARTICLE = re.compile(r"Art\. (\d+)(?:\((\d+)\))?(?:\((\d+)\))?")


def day(value: str | date) -> str:
    """A day; an empty text stays empty, and a text that is no day stays as it is."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    match current():
        case Language.ZH:
            return f"{value.year}年{value.month}月{value.day}日"
        case Language.EN:
            return english_day(value)


def instant(stamp: Timestamp) -> str:
    """Day and time of an instant, to the minute; empty if it is not set."""
    if not (stamp.seconds or stamp.nanos):
        return ""
    local = datetime.fromtimestamp(stamp.seconds, SHANGHAI)
    return f"{day(local.date())} {local:%H:%M}"


def instant_day(stamp: Timestamp) -> str:
    """The day of an instant; empty if it is not set."""
    return day(datetime.fromtimestamp(stamp.seconds, SHANGHAI).date()) if stamp.seconds else ""


def last_day(stamp: Timestamp) -> str:
    """The last day of a period that ends at an instant: the day before where it ends at midnight; empty if not set."""
    return day(datetime.fromtimestamp(stamp.seconds - 1, SHANGHAI).date()) if stamp.seconds else ""


def moment(value: datetime) -> str:
    """Day and time of an aware instant, to the minute."""
    local = value.astimezone(SHANGHAI)
    return f"{day(local.date())} {local:%H:%M}"


def moment_day(value: datetime) -> str:
    """The day of an aware instant."""
    return day(value.astimezone(SHANGHAI).date())


def percent(share: str) -> str:
    """A share between 0 and 1 in per cent: "0.8723" is "87%"; what is no decimal stays as it is."""
    try:
        return f"{(Decimal(share) * 100).to_integral_value(ROUND_HALF_UP)}%"
    except InvalidOperation:
        return share


def quantity(number: str) -> str:
    """A decimal with its thousands apart and without idle zeros: "12000.500000" is "12,000.5"."""
    whole, _, fraction = number.partition(".")
    grouped = f"{int(whole):,}" if whole.isdecimal() else whole
    fraction = fraction.rstrip("0")
    return f"{grouped}.{fraction}" if fraction else grouped


def money(number: str, currency: str) -> str:
    """An amount with its currency (ISO 4217)."""
    return f"{currency} {quantity(number)}".strip() if number else ""


def article(place: str) -> str:
    """Articles as they are cited: "Art. 16(1)(1), 24" is 第16条第1款第1项、第24条 in Chinese; all else stays as it is."""
    matches = [_ARTICLE.fullmatch(f"Art. {each.removeprefix('Art. ')}") for each in place.split(", ")]
    if current() is Language.EN or not place.startswith("Art. "):
        return place
    cited = [
        "".join(f"第{number}{unit}" for unit, number in zip("条款项", match.groups(), strict=True) if number)
        for match in matches
        if match is not None
    ]
    return "、".join(cited) if len(cited) == len(matches) else place


def legal_day_of(stamp: Timestamp) -> date:
    """The day of law (Asia/Shanghai) of an instant."""
    return datetime.fromtimestamp(stamp.seconds, SHANGHAI).date()
