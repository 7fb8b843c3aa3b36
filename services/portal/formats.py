"""Days, instants and quantities as people read them. Days and times are those of Asia/Shanghai."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp

from services.foundation.months import english_day
from services.portal.language import Language, current

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ARTICLES = re.compile(r"Art\. (.+)")
_ARTICLE = re.compile(r"(\d+)(?:-(\d+)|(?:\((\d+)\))?(?:\((\d+)\))?)")


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
    """Articles as they are cited: "Art. 16(1)(1)" is 第16条第1款第1项 in Chinese, and "Art. 10, 28-29" is
    第10条、第28条至第29条; whatever else stays as it is.
    """
    cited = _ARTICLES.fullmatch(place)
    if cited is None or current() is Language.EN:
        return place
    found = [_ARTICLE.fullmatch(one) for one in cited[1].split(", ")]
    return "、".join(_in_chinese(*one.groups()) for one in found if one) if all(found) else place


def _in_chinese(number: str, last: str | None, *parts: str | None) -> str:
    if last:
        return f"第{number}条至第{last}条"
    units = zip(("条", "款", "项"), (number, *parts), strict=True)
    return "".join(f"第{one}{unit}" for unit, one in units if one)


def legal_day_of(stamp: Timestamp) -> date:
    """The day of law (Asia/Shanghai) of an instant."""
    return datetime.fromtimestamp(stamp.seconds, SHANGHAI).date()
