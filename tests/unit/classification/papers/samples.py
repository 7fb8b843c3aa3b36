"""Papers of real entries of the list as shipped, without a database."""

from datetime import UTC, date, datetime
from functools import cache

from services.classification.domain.index import ListIndex
from services.classification.domain.item import Item, StatedParameter
from services.classification.examination import read_examination
from services.classification.knowledge import Knowledge
from services.classification.paper_service import comparison_of, rules_version
from services.classification.papers.facts import ComparisonFacts, Described, Rested, StatementFacts
from services.classification.papers.rendering import PaperRenderer
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.service import classify_by

DAY = date(2026, 11, 21)
ORGANISATION = "91320100MA1XUKE016"


@cache
def knowledge() -> Knowledge:
    return Knowledge((ListIndex(read_control_list(), read_search_policy()),), read_examination(), "test")


@cache
def renderer() -> PaperRenderer:
    return PaperRenderer()


def antimony_oxide(purity: str = "99.5 %") -> Item:
    return Item(
        name_zh="三氧化二锑",
        name_en="antimony trioxide",
        hs_code="2825800010",
        parameters=(StatedParameter("purity", purity),) if purity else (),
    )


def described(item: Item) -> Described:
    return Described(ORGANISATION, "SB-2026/017", "锑制品", item)


def rested() -> Rested:
    (index,) = knowledge().indexes
    return Rested(DAY, (index.control_list.version,), rules_version(), 0)


def comparison(item: Item, code: str) -> ComparisonFacts:
    return comparison_of(knowledge(), described(item), code, DAY, datetime(2026, 11, 21, 2, tzinfo=UTC))


def statement(item: Item) -> StatementFacts:
    answer = classify_by(knowledge(), item, DAY, datetime(2026, 11, 21, 2, tzinfo=UTC))
    return StatementFacts(described(item), rested(), answer)
