"""Between the contract and the domain: nothing is decided here."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.foundation.v1 import foundation_pb2
from xuke.screening.v1 import screening_pb2 as messages

from services.foundation.errors import invalid_field
from services.foundation.messages import LocalizedText, render
from services.screening.domain.evidence import ONLY_GIVEN, ONLY_LISTED, SAME_ADDRESS, Evidence
from services.screening.domain.export import Export, Owner, Party, PartyRole
from services.screening.domain.hits import HitState, Relation
from services.screening.domain.lists import LegalSource, PartyList, Standing, Verdict
from services.screening.domain.records import HitRecord, RuleFindingRecord, ScreeningRecord
from services.screening.domain.rules import (
    NAME_UNREADABLE,
    CatchAllLimb,
    EndUsePurpose,
    EndUserKind,
    StateOfKnowledge,
)
from services.screening.matching.explanation import in_words
from services.screening.service import Replayed

_ROLES: Mapping[int, PartyRole] = {
    messages.PARTY_ROLE_APPLICANT: PartyRole.APPLICANT,
    messages.PARTY_ROLE_IMPORTER: PartyRole.IMPORTER,
    messages.PARTY_ROLE_CONSIGNEE: PartyRole.CONSIGNEE,
    messages.PARTY_ROLE_END_USER: PartyRole.END_USER,
    messages.PARTY_ROLE_INTERMEDIARY: PartyRole.INTERMEDIARY,
}
_ROLE_MESSAGES: Mapping[PartyRole, "messages.PartyRole.ValueType"] = {
    PartyRole.APPLICANT: messages.PARTY_ROLE_APPLICANT,
    PartyRole.IMPORTER: messages.PARTY_ROLE_IMPORTER,
    PartyRole.CONSIGNEE: messages.PARTY_ROLE_CONSIGNEE,
    PartyRole.END_USER: messages.PARTY_ROLE_END_USER,
    PartyRole.INTERMEDIARY: messages.PARTY_ROLE_INTERMEDIARY,
}
# What is not stated is not known.
_END_USER_KINDS: Mapping[int, EndUserKind] = {
    messages.END_USER_KIND_UNSPECIFIED: EndUserKind.UNKNOWN,
    messages.END_USER_KIND_CIVIL: EndUserKind.CIVIL,
    messages.END_USER_KIND_MILITARY: EndUserKind.MILITARY,
    messages.END_USER_KIND_GOVERNMENT: EndUserKind.GOVERNMENT,
    messages.END_USER_KIND_UNKNOWN: EndUserKind.UNKNOWN,
}
_END_USE_PURPOSES: Mapping[int, EndUsePurpose] = {
    messages.END_USE_PURPOSE_UNSPECIFIED: EndUsePurpose.UNKNOWN,
    messages.END_USE_PURPOSE_CIVIL: EndUsePurpose.CIVIL,
    messages.END_USE_PURPOSE_MILITARY: EndUsePurpose.MILITARY,
    messages.END_USE_PURPOSE_RAISES_MILITARY_STRENGTH: EndUsePurpose.RAISES_MILITARY_STRENGTH,
    messages.END_USE_PURPOSE_WEAPONS_OF_MASS_DESTRUCTION: EndUsePurpose.WEAPONS_OF_MASS_DESTRUCTION,
    messages.END_USE_PURPOSE_TERRORISM: EndUsePurpose.TERRORISM,
    messages.END_USE_PURPOSE_UNKNOWN: EndUsePurpose.UNKNOWN,
}
VERDICTS: Mapping[Verdict, "messages.Verdict.ValueType"] = {
    Verdict.CLEAR: messages.VERDICT_CLEAR,
    Verdict.REVIEW: messages.VERDICT_REVIEW,
    Verdict.RESTRICTED: messages.VERDICT_RESTRICTED,
    Verdict.PROHIBITED: messages.VERDICT_PROHIBITED,
}
_LIMBS: Mapping[int, CatchAllLimb] = {
    messages.CATCH_ALL_LIMB_NATIONAL_SECURITY: CatchAllLimb.NATIONAL_SECURITY,
    messages.CATCH_ALL_LIMB_WEAPONS_OF_MASS_DESTRUCTION: CatchAllLimb.WEAPONS_OF_MASS_DESTRUCTION,
    messages.CATCH_ALL_LIMB_TERRORISM: CatchAllLimb.TERRORISM,
}
_KNOWLEDGE: Mapping[int, StateOfKnowledge] = {
    messages.STATE_OF_KNOWLEDGE_NO_INDICATION: StateOfKnowledge.NO_INDICATION,
    messages.STATE_OF_KNOWLEDGE_SHOULD_KNOW: StateOfKnowledge.SHOULD_KNOW,
    messages.STATE_OF_KNOWLEDGE_KNOWS: StateOfKnowledge.KNOWS,
    messages.STATE_OF_KNOWLEDGE_NOTIFIED: StateOfKnowledge.NOTIFIED,
}
_RELATIONS: Mapping[Relation, "messages.HitRelation.ValueType"] = {
    Relation.PARTY: messages.HIT_RELATION_PARTY,
    Relation.OWNER: messages.HIT_RELATION_OWNER,
    Relation.HELD_BY_LISTED: messages.HIT_RELATION_HELD_BY_LISTED,
    Relation.ADDRESS: messages.HIT_RELATION_ADDRESS,
}
HIT_STATES: Mapping[HitState, "messages.HitState.ValueType"] = {
    HitState.UNDECIDED: messages.HIT_STATE_UNDECIDED,
    HitState.NEEDS_MORE: messages.HIT_STATE_NEEDS_MORE,
    HitState.AWAITING_SECOND: messages.HIT_STATE_AWAITING_SECOND,
    HitState.CONFIRMED: messages.HIT_STATE_CONFIRMED,
    HitState.RELEASED: messages.HIT_STATE_RELEASED,
}
_UNCERTAIN = (Standing.UNCONFIRMED, Standing.SUSPENDED, Standing.STOPPED)


def day_of(text: str) -> date | None:
    """A day of law; None for the empty text. Errors: INVALID_ARGUMENT on `as_of`."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise invalid_field("as_of", "SCREENING_DAY_INVALID", value=text) from error


def export_of(request: messages.ScreenRequest) -> Export:
    """The export as the domain sees it."""
    return Export(
        parties=tuple(
            Party(
                _ROLES[party.role],
                party.name_zh,
                party.name_en,
                party.country,
                party.address,
                party.registration_number,
                tuple(_owner(owner) for owner in party.owners),
            )
            for party in request.parties
        ),
        destination=request.destination,
        end_user_kind=_END_USER_KINDS[request.end_user_kind],
        end_use_purpose=_END_USE_PURPOSES[request.end_use_purpose],
        catch_all={_LIMBS[each.limb]: _KNOWLEDGE[each.knowledge] for each in request.catch_all},
    )


def _owner(owner: messages.Owner) -> Owner:
    percent = Decimal(owner.percent) if owner.percent else None
    return Owner(owner.name_zh, owner.name_en, owner.country, percent)


def stated(request: messages.ScreenRequest) -> dict[str, Any]:
    """The export as the caller stated it, to be kept with the result."""
    values: dict[str, Any] = MessageToDict(request, preserving_proto_field_name=True)
    values.pop("request_id")
    return values


def restated(export: Mapping[str, Any]) -> messages.ScreenRequest:
    """The request of an export as stated, see `stated`; what the contract has dropped since is passed over."""
    return ParseDict(dict(export), messages.ScreenRequest(), ignore_unknown_fields=True)


def screening_message(record: ScreeningRecord) -> messages.Screening:
    """A screening with sentences in both languages."""
    screened_at = Timestamp()
    screened_at.FromDatetime(record.screened_at)
    return messages.Screening(
        screening_id=str(record.screening_id),
        subject=record.subject,
        verdict=VERDICTS[record.verdict],
        hits=[hit_message(hit) for hit in record.hits],
        rule_findings=[_rule_finding_message(finding) for finding in record.rule_findings],
        versions=record.versions,
        as_of=record.as_of.isoformat(),
        screened_at=screened_at,
        open_hits=record.open_hits,
    )


def party_list_message(party_list: PartyList, activated_at: datetime) -> messages.PartyList:
    """A list with its version, which counts since an instant."""
    since = Timestamp()
    since.FromDatetime(activated_at)
    return messages.PartyList(
        list_code=party_list.list_code,
        name=foundation_pb2.LocalizedText(zh=party_list.name_zh, en=party_list.name_en),
        version=party_list.version,
        entry_count=len(party_list.entries),
        source=_source_message(party_list.source),
        read_on=party_list.read_on.isoformat(),
        review_by=party_list.review_by.isoformat(),
        required=party_list.required,
        match_verdict=VERDICTS[party_list.match_verdict],
        likeness_verdict=VERDICTS[party_list.likeness_verdict],
        activated_at=since,
    )


def replay_message(replayed: Replayed) -> messages.Replay:
    """What a replay gave."""
    return messages.Replay(
        screening=screening_message(replayed.record),
        recorded_sha256=replayed.record.result_sha256,
        replayed_sha256=replayed.replayed_sha256,
        identical=replayed.is_identical,
        missing_version=replayed.missing_version,
    )


def hit_message(hit: HitRecord) -> messages.Hit:
    """A hit with sentences in both languages."""
    return messages.Hit(
        party_role=_ROLE_MESSAGES[hit.party_role],
        party_index=hit.party_index,
        party_name=hit.party_name,
        list_code=hit.list_code,
        entry_id=hit.entry_id,
        entry_name_zh=hit.entry_name_zh,
        entry_name_en=hit.entry_name_en,
        score=f"{hit.score:.4f}",
        verdict=VERDICTS[hit.verdict],
        source=_source_message(hit.source),
        effective_from=hit.effective_from.isoformat(),
        status_note=hit.standing.value if hit.standing in _UNCERTAIN else "",
        explanation=_explanation(hit),
        hit_id=hit.hit_id,
        state=HIT_STATES[hit.state],
        relation=_RELATIONS[hit.relation],
        list_version=hit.list_version,
        listed_name=hit.listed_name,
        evidence=[_evidence_message(one) for one in hit.evidence],
    )


def _evidence_message(evidence: Evidence) -> messages.EvidencePart:
    return messages.EvidencePart(
        given=evidence.given,
        listed=evidence.listed,
        text=_evidence_text(evidence.feature),
        points=evidence.points,
    )


def _evidence_text(feature: str) -> foundation_pb2.LocalizedText:
    if feature in (ONLY_GIVEN, ONLY_LISTED, SAME_ADDRESS):
        text = render(f"SCREENING_EVIDENCE_{feature}")
        return foundation_pb2.LocalizedText(zh=text.zh, en=text.en)
    words = in_words(feature)
    return foundation_pb2.LocalizedText(zh=words.zh, en=words.en)


def _explanation(hit: HitRecord) -> foundation_pb2.LocalizedText:
    ground = render(f"SCREENING_GROUND_{hit.ground.value}")
    standing = (
        render(f"SCREENING_STANDING_{hit.standing.value}", {"basis": hit.standing_basis})
        if hit.standing in _UNCERTAIN
        else LocalizedText("", "")
    )
    consequence = _consequence(hit)
    relation = _relation(hit)
    common = {
        "party": hit.party_name,
        "listed": hit.listed_name,
        "announcement": hit.source.instrument,
        "effective_from": hit.effective_from.isoformat(),
        "score": f"{hit.score:.4f}",
    }
    zh = {
        "list": hit.list_name_zh,
        "ground": ground.zh,
        "relation": relation.zh,
        "standing": standing.zh,
        "consequence": consequence.zh,
    }
    en = {
        "list": hit.list_name_en.lower(),
        "ground": ground.en,
        "relation": relation.en,
        "standing": standing.en,
        "consequence": consequence.en,
    }
    return foundation_pb2.LocalizedText(
        zh=render("SCREENING_HIT", common | zh).zh, en=render("SCREENING_HIT", common | en).en
    )


def _relation(hit: HitRecord) -> LocalizedText:
    """How the one named is related to the party, where it is not the party itself, and its share."""
    match hit.relation:
        case Relation.PARTY | Relation.ADDRESS:
            return LocalizedText("", "")
        case Relation.OWNER | Relation.HELD_BY_LISTED:
            share = (
                render("SCREENING_SHARE_UNKNOWN")
                if hit.percent is None
                else render("SCREENING_SHARE", {"percent": f"{hit.percent.normalize():f}"})
            )
            reason = f"SCREENING_RELATION_{hit.relation.value}"
            return LocalizedText(
                zh=render(reason, {"entry": hit.entry_name_zh or hit.entry_name_en, "share": share.zh}).zh,
                en=render(reason, {"entry": hit.entry_name_en or hit.entry_name_zh, "share": share.en}).en,
            )


def _consequence(hit: HitRecord) -> LocalizedText:
    if hit.state is HitState.RELEASED:
        return render("SCREENING_CONSEQUENCE_RELEASED")
    if hit.measures_zh:
        return LocalizedText(
            zh=render("SCREENING_CONSEQUENCE_MEASURES", {"measures": "；".join(hit.measures_zh)}).zh,
            en=render("SCREENING_CONSEQUENCE_MEASURES", {"measures": "; ".join(hit.measures_en)}).en,
        )
    if hit.standing in (Standing.SUSPENDED, Standing.STOPPED):
        return render("SCREENING_CONSEQUENCE_REVIEW")
    return render("SCREENING_CONSEQUENCE_CHECK_IDENTITY")


def _rule_finding_message(finding: RuleFindingRecord) -> messages.RuleFinding:
    return messages.RuleFinding(
        rule_id=finding.rule_id,
        verdict=VERDICTS[finding.verdict],
        source=_source_message(finding.source),
        explanation=_finding_text(finding),
        demands=[messages.Demand.Value(f"DEMAND_{demand}") for demand in finding.demands],
    )


def _finding_text(finding: RuleFindingRecord) -> foundation_pb2.LocalizedText:
    common = {"instrument": finding.source.instrument, "article": finding.source.article}
    if finding.rule_id == NAME_UNREADABLE:
        text = render("SCREENING_NAME_UNREADABLE", common | {"names": finding.text_zh})
        return foundation_pb2.LocalizedText(zh=text.zh, en=text.en)
    reason = "SCREENING_RULE_MAY_BITE" if finding.unknown else "SCREENING_RULE_BITES"
    return foundation_pb2.LocalizedText(
        zh=render(reason, common | {"text": finding.text_zh}).zh,
        en=render(reason, common | {"text": finding.text_en}).en,
    )


def _source_message(source: LegalSource) -> foundation_pb2.LegalSource:
    return foundation_pb2.LegalSource(instrument=source.instrument, article=source.article, url=source.url)
