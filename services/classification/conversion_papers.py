"""Between the contract and the papers: a paper as a message, with its file or without."""

from collections.abc import Sequence
from typing import assert_never

from xuke.classification.v1 import product_pb2
from xuke.foundation.v1 import foundation_pb2

from services.classification import conversion
from services.classification.papers.facts import ComparisonFacts, PaperFacts, StatementFacts
from services.classification.papers.rendering import MEDIA_TYPE, PaperRenderer
from services.classification.papers.rows import Row, leaves_of, rows_of
from services.classification.papers.wording import Words
from services.classification.rules.truth import Truth


def paper_message(facts: PaperFacts, renderer: PaperRenderer, *, without_file: bool) -> product_pb2.Paper:
    """What a paper says, and unless it is not wanted its file with the digest. Errors: those of `PaperRenderer`."""
    message = product_pb2.Paper(basis=_basis(facts, renderer.digest(facts)))
    match facts:
        case ComparisonFacts():
            message.comparison.CopyFrom(_comparison(facts))
        case StatementFacts():
            message.statement.CopyFrom(conversion.answer_message(facts.answer))
        case _:
            assert_never(facts)
    if not without_file:
        printed = renderer.render(facts)
        message.file_name, message.media_type = printed.file_name, MEDIA_TYPE
        message.sha256, message.content = printed.sha256, printed.content
    return message


def _basis(facts: PaperFacts, digest: str) -> product_pb2.PaperBasis:
    rested = facts.rested
    return product_pb2.PaperBasis(
        as_of=rested.as_of.isoformat(),
        list_versions=rested.list_versions,
        rules_version=rested.rules,
        interpretations=rested.interpretations,
        digest=digest,
        item=conversion.item_message(facts.described.item),
        code_of_family=facts.described.code_of_family,
    )


def _comparison(facts: ComparisonFacts) -> product_pb2.ComparisonSheet:
    candidate = facts.found.candidate
    rows = rows_of(candidate, facts.described.item)
    compared = leaves_of(rows)
    missing = candidate.ruling.missing if candidate.ruling is not None else ()
    return product_pb2.ComparisonSheet(
        found=conversion.candidate_message(facts.found, 1, facts.rested.as_of),
        rows=[_row(row, is_compared=row in compared) for row in rows],
        met=_count(compared, Truth.TRUE),
        not_met=_count(compared, Truth.FALSE),
        unknown=_count(compared, Truth.UNKNOWN),
        missing=[
            foundation_pb2.LocalizedText(zh=each.name_zh, en=each.name_en) for each in dict.fromkeys(missing)
        ],
    )


def _row(row: Row, *, is_compared: bool) -> product_pb2.ComparisonRow:
    return product_pb2.ComparisonRow(
        number=row.number,
        depth=row.depth,
        quote=row.quote,
        asked=_localized(row.asked),
        # What joins others was given nothing itself.
        given=row.given if is_compared else "",
        limit=_localized(row.limit),
        truth=conversion.TRUTHS[row.truth],
        compared=is_compared,
        remarks=[_localized(remark) for remark in row.remarks],
    )


def _count(rows: Sequence[Row], truth: Truth) -> int:
    return sum(row.truth is truth for row in rows)


def _localized(words: Words) -> foundation_pb2.LocalizedText:
    return foundation_pb2.LocalizedText(zh=words["zh"], en=words["en"])
