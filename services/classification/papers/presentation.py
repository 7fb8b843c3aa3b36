"""What the templates are given to lay out: every text ready to print, in both languages."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.classification.domain.agencies import CompetentAgency
from services.classification.domain.entries import ControlEntry
from services.classification.domain.outcomes import Candidate, FindingCode, Outcome
from services.classification.domain.ruling import Missing
from services.classification.papers.facts import ComparisonFacts, Described, Rested, StatementFacts
from services.classification.papers.rows import Row, leaves_of, rows_of
from services.classification.papers.wording import WORDING, Words
from services.classification.rules.truth import Truth
from services.classification.sentences import question_text, remark_text
from services.foundation.messages import render
from services.foundation.months import english_day

View = dict[str, Any]


def comparison_view(facts: ComparisonFacts) -> View:
    """The texts of a comparison sheet."""
    candidate = facts.found.candidate
    rows = rows_of(candidate, facts.described.item)
    leaves = leaves_of(rows)
    missing = candidate.ruling.missing if candidate.ruling is not None else ()
    return {
        **_common("comparison", facts.described, facts.rested),
        "subject": candidate.entry.code,
        "outcome": _outcome(candidate.outcome),
        "entry": _entry(candidate, facts.rested.as_of),
        "findings": [_finding(finding) for finding in candidate.findings],
        "rows": [_row(row, is_compared=row in leaves) for row in rows],
        "counts": {truth.name: sum(row.truth is truth for row in leaves) for truth in Truth},
        "missing": list(_missing(missing)),
    }


def statement_view(facts: StatementFacts) -> View:
    """The texts of a classification statement."""
    answer = facts.answer
    remark = remark_text(answer.remark) if answer.remark is not None else None
    return {
        **_common("statement", facts.described, facts.rested),
        "subject": facts.described.article_number,
        "outcome": _outcome(answer.overall),
        "remark": {"zh": remark.zh, "en": remark.en} if remark is not None else None,
        "regimes": [
            {
                "zh": regime.text_zh,
                "en": regime.text_en,
                "is_possible": regime.possible,
                "source": " ".join(filter(None, (regime.instrument, regime.article))),
            }
            for regime in answer.regimes
        ],
        "entries": [
            {
                "code": found.candidate.entry.code,
                "name": _name(found.candidate.entry),
                "outcome": _outcome(found.candidate.outcome),
                "standing": WORDING["standings"][found.candidate.status.value],
                "source": found.candidate.entry.source.title,
                "findings": [_finding(finding) for finding in found.candidate.findings],
                "agencies": [_agency(agency) for agency in found.candidate.agencies],
            }
            for found in answer.candidates
        ],
        "questions": [{"zh": text.zh, "en": text.en} for text in map(question_text, answer.questions)],
    }


def _common(kind: str, described: Described, rested: Rested) -> View:
    wording = WORDING[kind]
    return {
        "kind": kind,
        "title": wording["title"],
        "document_title": f"{wording['title']['zh']} {described.article_number}",
        "day": _day(rested.as_of),
        "day_parts": {part: getattr(rested.as_of, part) for part in ("year", "month", "day")},
        "product": _product(described),
        "notes": [*wording["notes"], *WORDING["common_notes"]],
        "versions": {
            "lists": list(rested.list_versions),
            "rules": rested.rules,
            "interpretations": str(rested.interpretations),
        },
    }


def _product(described: Described) -> View:
    item = described.item
    return {
        "organisation": described.organisation,
        "article_number": described.article_number,
        "family": described.family,
        "name": {"zh": item.name_zh or None, "en": item.name_en or None},
        "description": item.description,
        "hs_code": item.hs_code,
        "cas_number": item.cas_number,
        "claimed_control_code": item.claimed_control_code,
        "code_of_family": described.code_of_family,
        "parameters": [
            {
                "name": each.name,
                "value": f"{each.value} {each.unit}".strip(),
                "condition": each.test_condition,
            }
            for each in item.parameters
        ],
    }


def _entry(candidate: Candidate, day: date) -> View:
    entry = candidate.entry
    return {
        "code": entry.code,
        # A code that no source prints is the one that its wording fits, still to be confirmed.
        "is_proposed": not entry.control_code,
        "name": _name(entry),
        "limits": _texts(entry.parameters_zh, entry.parameters_en),
        "releases": _texts(entry.decontrol_zh, entry.decontrol_en),
        "note": _texts(entry.note_zh, entry.note_en),
        "is_complete": entry.parameters_complete and entry.quality.decides,
        "source": entry.source.title,
        "effective_from": _day(entry.effective_from),
        "standing": WORDING["standings"][entry.status_on(day).value],
        "agencies": [_agency(agency) for agency in candidate.agencies],
    }


def _agency(agency: CompetentAgency) -> View:
    return {
        "name": WORDING["agencies"][agency.code],
        "part": WORDING["necessities"][agency.necessity.value],
        "basis": agency.basis,
    }


def _name(entry: ControlEntry) -> Mapping[str, str | None]:
    return {"zh": entry.name_zh or None, "en": entry.name_en or None}


def _texts(zh: str, en: str) -> Mapping[str, str | None] | None:
    return {"zh": zh or None, "en": en or None} if zh or en else None


def _row(row: Row, *, is_compared: bool) -> View:
    return {
        "number": row.number,
        "depth": row.depth,
        "quote": row.quote,
        "asked": row.asked,
        "is_compared": is_compared,
        "given": row.given,
        "limit": row.limit,
        "truth": row.truth.name,
        "truth_words": WORDING["truths"][row.truth.name],
        "remarks": list(row.remarks),
    }


def _outcome(outcome: Outcome) -> View:
    return {"word": outcome.name, **WORDING["outcomes"][outcome.name]}


def _finding(finding: FindingCode) -> Words:
    text = render(finding.value)
    return {"zh": text.zh, "en": text.en}


def _missing(missing: tuple[Missing, ...]) -> Iterator[Words]:
    return ({"zh": each.name_zh, "en": each.name_en} for each in dict.fromkeys(missing))


def _day(day: date) -> Words:
    return {"zh": f"{day.year}年{day.month}月{day.day}日", "en": english_day(day)}
