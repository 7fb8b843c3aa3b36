"""Files of lists as list editors bring them in, and what is stated of a new list."""

import csv
import io
from datetime import datetime

from services.portal.formats import SHANGHAI

COLUMNS = ("entry_id", "name_zh", "name_en", "aliases", "country", "announcement", "effective_from")


def parties(*rows: dict[str, str]) -> bytes:
    """A file of the template of parties; what a row does not state is filled in."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in rows:
        writer.writerow({"announcement": "Announcement 40", "effective_from": "2026-01-06", **row})
    return text.getvalue().encode()


def definition_of(code: str, match_verdict: str = "REVIEW") -> dict[str, str]:
    """The answers about a new list, as the form asks for them."""
    return {
        "definition-list_code": code,
        "definition-name-zh": "测试名单",
        "definition-name-en": "List of a test",
        "definition-match_verdict": match_verdict,
        "definition-likeness_verdict": "REVIEW",
        "definition-source-instrument": "Order 1",
        "definition-effective_from": "2026-01-01",
        "definition-maximum_age_days": "365",
        "read_on": datetime.now(SHANGHAI).date().isoformat(),
        "format": "PARTIES_CSV",
    }
