"""Between the contract and the domain: nothing is decided here."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from xuke.classification.v1 import classification_pb2 as messages
from xuke.foundation.v1 import foundation_pb2

from services.classification.conversion_regimes import (
    legal_regime_message,
    obligation_messages,
    same_number_message,
)
from services.classification.domain.agencies import CompetentAgency, Necessity
from services.classification.domain.customs import CustomsRemark
from services.classification.domain.index import Pointer, PointerKind
from services.classification.domain.item import Item, Nature, StatedParameter
from services.classification.domain.outcomes import FindingCode, Outcome, Question
from services.classification.domain.ruling import Condition
from services.classification.domain.standings import EntryStatus, Standing
from services.classification.papers.rows import limit_words
from services.classification.rules.truth import Truth
from services.classification.sentences import question_text, remark_text
from services.classification.service import Answer, FoundCandidate, FoundEntry
from services.classification.store.lists import Activation
from services.foundation.errors import invalid_field
from services.foundation.messages import render

_NATURES: Mapping["messages.ItemKind.ValueType", Nature] = {
    messages.ITEM_KIND_UNSPECIFIED: Nature.UNSPECIFIED,
    messages.ITEM_KIND_GOODS: Nature.GOODS,
    messages.ITEM_KIND_TECHNOLOGY: Nature.TECHNOLOGY,
    messages.ITEM_KIND_SERVICE: Nature.SERVICE,
    messages.ITEM_KIND_DATA: Nature.DATA,
}
STATUSES: Mapping[EntryStatus, "messages.EntryStatus.ValueType"] = {
    EntryStatus.ANNOUNCED: messages.ENTRY_STATUS_ANNOUNCED,
    EntryStatus.IN_FORCE: messages.ENTRY_STATUS_IN_FORCE,
    EntryStatus.UNCONFIRMED: messages.ENTRY_STATUS_UNCONFIRMED,
    EntryStatus.SUSPENDED: messages.ENTRY_STATUS_SUSPENDED,
    EntryStatus.REPEALED: messages.ENTRY_STATUS_REPEALED,
    EntryStatus.TEMPORARY: messages.ENTRY_STATUS_TEMPORARY,
}
OUTCOMES: Mapping[Outcome, "messages.Outcome.ValueType"] = {
    Outcome.NO_ENTRY_FOUND: messages.OUTCOME_NO_ENTRY_FOUND,
    Outcome.NOT_CONTROLLED_FOR_ENTRY: messages.OUTCOME_NOT_CONTROLLED_FOR_ENTRY,
    Outcome.DECONTROLLED: messages.OUTCOME_DECONTROLLED,
    Outcome.NEEDS_INFORMATION: messages.OUTCOME_NEEDS_INFORMATION,
    Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN: messages.OUTCOME_CONTROLLED_UNLESS_DECONTROL_SHOWN,
    Outcome.CONTROLLED: messages.OUTCOME_CONTROLLED,
}
_REASON_KINDS: Mapping[PointerKind, "messages.ReasonKind.ValueType"] = {
    PointerKind.CONTROL_CODE: messages.REASON_KIND_CONTROL_CODE,
    PointerKind.HS_CODE: messages.REASON_KIND_HS_CODE,
    PointerKind.CAS_NUMBER: messages.REASON_KIND_CAS_NUMBER,
    PointerKind.TEXT_ZH: messages.REASON_KIND_TEXT_ZH,
    PointerKind.TEXT_EN: messages.REASON_KIND_TEXT_EN,
    PointerKind.PRECEDENT: messages.REASON_KIND_PRECEDENT,
    PointerKind.RELATION: messages.REASON_KIND_RELATION,
}
TRUTHS: Mapping[Truth, "messages.Truth.ValueType"] = {
    Truth.TRUE: messages.TRUTH_TRUE,
    Truth.FALSE: messages.TRUTH_FALSE,
    Truth.UNKNOWN: messages.TRUTH_UNKNOWN,
}
_NECESSITIES: Mapping[Necessity, "messages.AgencyNecessity.ValueType"] = {
    Necessity.COMPETENT: messages.AGENCY_NECESSITY_COMPETENT,
    Necessity.REQUIRED: messages.AGENCY_NECESSITY_REQUIRED,
    Necessity.AS_NEEDED: messages.AGENCY_NECESSITY_AS_NEEDED,
}


def day_of(text: str) -> date | None:
    """A day of law; None for the empty text. Errors: INVALID_ARGUMENT on `as_of`."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise invalid_field("as_of", "CLASSIFICATION_DAY_INVALID", value=text) from error


def instant(moment: datetime) -> Timestamp:
    """An instant in UTC."""
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def instant_of(stamp: Timestamp, field: str) -> datetime:
    """An instant of the contract. Errors: INVALID_ARGUMENT on the field."""
    try:
        return stamp.ToDatetime(UTC)
    except (ValueError, OverflowError) as error:
        raise invalid_field(field, "CLASSIFICATION_DAY_INVALID", value=str(stamp.seconds)) from error


def item_of(request: messages.ClassifyRequest) -> Item:
    """The item as the domain sees it, with where it goes and what for; parameters without a value are left out."""
    message = request.item
    return Item(
        nature=_NATURES[message.kind],
        name_zh=message.name_zh,
        name_en=message.name_en,
        description=message.description,
        hs_code=message.hs_code,
        cas_number=message.cas_number,
        claimed_control_code=message.claimed_control_code,
        parameters=tuple(
            StatedParameter(each.name, each.value, each.unit, each.test_condition)
            for each in message.parameters
            if each.value.strip()
        ),
        destination=request.destination,
        end_use=request.end_use,
    )


def item_message(item: Item) -> messages.Item:
    """The item as it was described, without where it goes."""
    return messages.Item(
        kind=next(kind for kind, nature in _NATURES.items() if nature is item.nature),
        name_zh=item.name_zh,
        name_en=item.name_en,
        description=item.description,
        hs_code=item.hs_code,
        cas_number=item.cas_number,
        parameters=[
            messages.Parameter(
                name=each.name, value=each.value, unit=each.unit, test_condition=each.test_condition
            )
            for each in item.parameters
        ],
        claimed_control_code=item.claimed_control_code,
    )


def answer_message(answer: Answer) -> messages.ClassifyResponse:
    """The answer with ranks from 1 and sentences in both languages."""
    return messages.ClassifyResponse(
        list_versions=answer.list_versions,
        as_of=answer.as_of.isoformat(),
        known_at=instant(answer.known_at),
        candidates=[
            candidate_message(found, rank, answer.as_of)
            for rank, found in enumerate(answer.candidates, start=1)
        ],
        overall=OUTCOMES[answer.overall],
        questions=[_question_message(question) for question in answer.questions],
        related=[
            candidate_message(found, rank, answer.as_of)
            for rank, found in enumerate(answer.related, start=len(answer.candidates) + 1)
        ],
        customs_remark=_remark_message(answer.remark) if answer.remark is not None else None,
        legal_regimes=[legal_regime_message(found) for found in answer.regimes],
    )


def entry_message(found: FoundEntry, day: date) -> messages.Entry:
    """An entry as it stands on a day of law."""
    entry = found.entry
    return messages.Entry(
        regime=found.control_list.regime,
        control_code=entry.identifier,
        proposed_control_code=entry.proposed_code,
        name_zh=entry.name_zh,
        # A name that only the catalogue holds is not translated; its own words are better than none.
        name_en=entry.name_en or entry.name_zh,
        category_zh=entry.category_zh,
        category_en=entry.category_en,
        parameters=entry.parameters_zh,
        parameters_en=entry.parameters_en,
        parameters_complete=entry.parameters_complete,
        decontrol=_localized(entry.decontrol_zh, entry.decontrol_en),
        note=_localized(entry.note_zh, entry.note_en),
        hs_codes=entry.hs_codes,
        source=foundation_pb2.LegalSource(instrument=entry.source.title, url=entry.source.url),
        effective_from=entry.effective_from.isoformat(),
        effective_to=entry.effective_to.isoformat() if entry.effective_to else "",
        status=STATUSES[entry.status_on(day)],
        list_version=found.control_list.version,
        quality=entry.quality.value,
        standings=[_standing_message(each) for each in entry.standings],
        obligations=obligation_messages(found.control_list.regime, entry.code),
        same_number=same_number_message(found.control_list.regime, entry.code),
    )


def version_message(activation: Activation, *, is_current: bool) -> messages.ListVersion:
    """A version of a list at the time it came to count."""
    version = activation.version
    return messages.ListVersion(
        regime=version.regime,
        list_version=version.version,
        effective_from=version.edition.isoformat(),
        entry_count=version.entry_count,
        activated_at=instant(activation.activated_at),
        current=is_current,
    )


def candidate_message(found: FoundCandidate, rank: int, day: date) -> messages.Candidate:
    """One entry with what was found of the item under it on a legal day."""
    candidate = found.candidate
    return messages.Candidate(
        rank=rank,
        entry=entry_message(FoundEntry(found.control_list, candidate.entry), day),
        outcome=OUTCOMES[candidate.outcome],
        reasons=[
            *(_pointer_message(pointer) for pointer in candidate.pointers),
            *(_finding_message(finding) for finding in candidate.findings),
        ],
        score=f"{candidate.score:.4f}",
        conditions=[condition_message(each) for each in candidate.ruling.conditions]
        if candidate.ruling is not None
        else [],
        agencies=[_agency_message(each) for each in candidate.agencies],
        identified=candidate.identified,
    )


def _pointer_message(pointer: Pointer) -> messages.Reason:
    values = {"item_value": pointer.item_value, "entry_value": pointer.entry_value}
    text = render(pointer.code.value, values)
    return messages.Reason(
        kind=_REASON_KINDS[pointer.kind], code=pointer.code.value, text=_localized(text.zh, text.en), **values
    )


def _finding_message(finding: FindingCode) -> messages.Reason:
    text = render(finding.value)
    return messages.Reason(
        kind=messages.REASON_KIND_RULE, code=finding.value, text=_localized(text.zh, text.en)
    )


def _question_message(question: Question) -> messages.Question:
    text = question_text(question)
    return messages.Question(
        code=question.code.value,
        control_code=question.entry.identifier if question.entry else "",
        text=_localized(text.zh, text.en),
        quote=question.quote,
        settles=question.settles,
    )


def _standing_message(standing: Standing) -> messages.Standing:
    return messages.Standing(
        status=STATUSES[standing.status],
        since=standing.since.isoformat(),
        until=standing.until.isoformat() if standing.until else "",
        basis=standing.basis,
    )


def condition_message(condition: Condition) -> messages.Condition:
    """One line of an evaluation."""
    return messages.Condition(
        depth=condition.depth,
        path=condition.path,
        kind=condition.word,
        about=condition.about,
        quote=condition.quote,
        given=condition.given,
        limit=condition.limit,
        truth=TRUTHS[condition.truth],
        near_limit=condition.near_limit,
        faults=condition.faults,
        interpretation=condition.interpretation,
        asked=_localized(condition.asked_zh, condition.asked_en) if condition.asked_zh else None,
        limit_words=_localized(**limit_words(condition)) if condition.word == "fact" else None,
    )


def _agency_message(agency: CompetentAgency) -> messages.CompetentAgency:
    return messages.CompetentAgency(
        agency=agency.code,
        necessity=_NECESSITIES[agency.necessity],
        basis=agency.basis,
        basis_is_law=agency.basis_is_law,
    )


def _remark_message(remark: CustomsRemark) -> messages.CustomsRemark:
    text = remark_text(remark)
    return messages.CustomsRemark(
        code=remark.kind.value, control_codes=remark.control_codes, text=_localized(text.zh, text.en)
    )


def _localized(zh: str, en: str) -> foundation_pb2.LocalizedText:
    return foundation_pb2.LocalizedText(zh=zh, en=en)
