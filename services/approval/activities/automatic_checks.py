"""The automatic checks of one frozen dossier: every item classified, every party screened, both recorded.

One activity, because the dossier may not travel through Temporal. Fail closed: while one of the services
cannot answer, the application stays submitted and its case says why.
"""

from datetime import UTC, datetime

import grpc
from temporalio import activity
from xuke.classification.v1 import classification_pb2 as classification
from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.screening.v1 import screening_pb2 as screening

from services.approval.activities.calls import acting, identified
from services.approval.activities.services import Services
from services.approval.activities.settlement import keep_open, to_item
from services.approval.activities.waiting import made_to_wait, refusal, screen
from services.approval.domain.steps import RunAutomaticChecks
from services.foundation.clock import legal_day
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.messages import render

# Outcomes under which an entry matters to the reviewer, from the one that matters least.
_NOTABLE = (
    classification.OUTCOME_NEEDS_INFORMATION,
    classification.OUTCOME_CONTROLLED_UNLESS_DECONTROL_SHOWN,
    classification.OUTCOME_CONTROLLED,
)


class AutomaticChecks:
    """Reads the case, asks classification and screening, records what they said."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @activity.defn(name="run_automatic_checks")
    @acting
    def run_automatic_checks(self, step: RunAutomaticChecks) -> None:
        """Checks the dossier that was frozen as this submission."""
        case = self._services.review.GetCase(licensing.GetCaseRequest(application_id=step.application_id))
        try:
            classifications, screened = self._ask(step, case.dossier)
        except XukeError as error:
            raise made_to_wait(self._services, step.application_id, step.submission_number, error) from None
        self._services.procedure.RecordAutomaticChecks(
            identified(
                licensing.RecordAutomaticChecksRequest(
                    application_id=step.application_id,
                    submission_number=step.submission_number,
                    classifications=classifications,
                    screening=to_summary(screened),
                )
            )
        )
        if step.submission_number > 1:
            keep_open(self._services, step.application_id, step.submission_number)

    def _ask(
        self, step: RunAutomaticChecks, dossier: dossiers.Dossier
    ) -> tuple[list[licensing.ItemClassification], screening.Screening]:
        """What the two services say. Errors: XukeError where one of them cannot answer."""
        # Both answers rest on the same day of law, also around midnight.
        as_of = legal_day(datetime.now(UTC)).isoformat()
        classifications = []
        for item in dossier.items:
            classifications.append(self._classify(step, item, dossier, as_of))
            # A dossier of many items takes long; the procedure gives up on a worker that is silent, see `execution`.
            activity.heartbeat()
        request = to_screening(step.application_id, step.submission_number, dossier, as_of)
        screened = screen(self._services, request)
        activity.heartbeat()
        return classifications, screened

    def _classify(
        self, step: RunAutomaticChecks, item: dossiers.Item, dossier: dossiers.Dossier, as_of: str
    ) -> licensing.ItemClassification:
        request = classification.ClassifyRequest(
            item=to_item(item),
            as_of=as_of,
            destination=dossier.destination,
            end_use=_end_use(dossier)[:2000],
            # Kept there, so that whoever handles the case hears of a later list under which the item is another.
            subject=f"applications/{step.application_id}/{step.submission_number}/{item.line_number}",
            organisation=dossier.applicant.unified_social_credit_code,
        )
        try:
            answer = self._services.classification.Classify(request)
        except grpc.RpcError as raised:
            error = refusal(raised, "classification")
            if error.code is not ErrorCode.INVALID_ARGUMENT:
                raise error from None
            return unclassifiable(item.line_number, error)
        return to_item_classification(item.line_number, answer)


def to_item_classification(
    line_number: int, answer: classification.ClassifyResponse
) -> licensing.ItemClassification:
    """The outcome with the codes that it speaks of, and the reasons for every entry that matters.

    Entries of a lesser outcome give their reasons only: a code beside "controlled" reads as controlled.
    """
    notable = [candidate for candidate in answer.candidates if candidate.outcome in _NOTABLE]
    notable.sort(key=lambda candidate: (-_NOTABLE.index(candidate.outcome), candidate.rank))
    reasons = [reason.text for candidate in notable for reason in candidate.reasons]
    return licensing.ItemClassification(
        line_number=line_number,
        outcome=classification.Outcome.Name(answer.overall).removeprefix("OUTCOME_"),
        control_codes=list(
            dict.fromkeys(
                candidate.entry.control_code
                for candidate in notable
                if candidate.outcome == notable[0].outcome
            )
        ),
        reasons=reasons or [question.text for question in answer.questions],
        list_versions=answer.list_versions,
    )


def unclassifiable(line_number: int, error: XukeError) -> licensing.ItemClassification:
    """An item that classification cannot read, for example an unknown commodity code: a person must ask.

    It is recorded and not retried, because repeating the question would never change the answer.
    """
    sentences = [render(violation.reason, violation.metadata) for violation in error.violations]
    return licensing.ItemClassification(
        line_number=line_number,
        outcome=classification.Outcome.Name(classification.OUTCOME_NEEDS_INFORMATION).removeprefix(
            "OUTCOME_"
        ),
        reasons=[
            foundation.LocalizedText(zh=sentence.zh, en=sentence.en)
            for sentence in sentences or [render(error.reason, error.metadata)]
        ],
    )


def to_screening(
    application_id: str, submission_number: int, dossier: dossiers.Dossier, as_of: str
) -> screening.ScreenRequest:
    """Every party of the dossier with its destination and end use; the applicant is the first party."""
    applicant = dossier.applicant
    parties = [
        screening.Party(
            role=screening.PARTY_ROLE_APPLICANT,
            name_zh=applicant.name_zh,
            name_en=applicant.name_en,
            country="CN",
            address=applicant.address,
            registration_number=applicant.unified_social_credit_code,
        )
    ]
    parties += [
        screening.Party(
            role=screening.PartyRole.Value(dossiers.PartyRole.Name(party.role)),
            name_zh=party.name_zh,
            name_en=party.name_en,
            country=party.country,
            address=party.address,
            registration_number=party.registration_number,
            owners=[
                screening.Owner(
                    name_zh=owner.name_zh,
                    name_en=owner.name_en,
                    country=owner.country,
                    percent=owner.percent,
                )
                for owner in party.owners
            ],
        )
        for party in dossier.parties
    ]
    kind, purpose = _established(dossier)
    return screening.ScreenRequest(
        subject=f"applications/{application_id}/{submission_number}",
        parties=parties,
        destination=dossier.destination,
        end_user_kind=screening.EndUserKind.Value(dossiers.EndUserKind.Name(kind)),
        end_use_purpose=screening.EndUsePurpose.Value(dossiers.EndUsePurpose.Name(purpose)),
        end_use=_end_use(dossier)[:4000],
        as_of=as_of,
        watched_as=f"applications/{application_id}",
        province=applicant.province,
        # A limb of which nothing is stated stays unstated.
        catch_all=[
            screening.CatchAllKnowledge(
                limb=screening.CatchAllLimb.Value(dossiers.CatchAllLimb.Name(each.limb)),
                knowledge=screening.StateOfKnowledge.Value(dossiers.StateOfKnowledge.Name(each.knowledge)),
            )
            for each in dossier.declaration.catch_all
            if each.knowledge
        ],
    )


def to_summary(screened: screening.Screening) -> licensing.ScreeningSummary:
    """The verdict with every finding that led to it."""
    findings = [
        licensing.ScreeningFinding(
            finding_id=f"{hit.list_code}/{hit.entry_id}",
            verdict=_verdict(hit.verdict),
            explanation=hit.explanation,
            source=hit.source,
            hit_id=hit.hit_id,
            hit_state=screening.HitState.Name(hit.state).removeprefix("HIT_STATE_") if hit.state else "",
        )
        for hit in screened.hits
    ]
    findings += [
        licensing.ScreeningFinding(
            finding_id=finding.rule_id,
            verdict=_verdict(finding.verdict),
            explanation=finding.explanation,
            source=finding.source,
            demands=[screening.Demand.Name(demand).removeprefix("DEMAND_") for demand in finding.demands],
        )
        for finding in screened.rule_findings
    ]
    return licensing.ScreeningSummary(
        screening_id=screened.screening_id,
        verdict=_verdict(screened.verdict),
        findings=findings,
        versions=screened.versions,
        open_hits=screened.open_hits,
    )


def _established(
    dossier: dossiers.Dossier,
) -> "tuple[dossiers.EndUserKind.ValueType, dossiers.EndUsePurpose.ValueType]":
    """Kind and purpose as far as they are established.

    Where the exporter's own due diligence cannot exclude a military end user or end use, "civil" is not known.
    """
    kind, purpose = dossier.end_use.end_user_kind, dossier.end_use.purpose
    if dossier.due_diligence.military_risk != dossiers.MILITARY_RISK_CANNOT_BE_EXCLUDED:
        return kind, purpose
    return (
        dossiers.END_USER_KIND_UNKNOWN if kind == dossiers.END_USER_KIND_CIVIL else kind,
        dossiers.END_USE_PURPOSE_UNKNOWN if purpose == dossiers.END_USE_PURPOSE_CIVIL else purpose,
    )


def _verdict(verdict: "screening.Verdict.ValueType") -> "licensing.ScreeningVerdict.ValueType":
    return licensing.ScreeningVerdict.Value(f"SCREENING_{screening.Verdict.Name(verdict)}")


def _end_use(dossier: dossiers.Dossier) -> str:
    texts = (dossier.end_use.description_zh, dossier.end_use.description_en)
    return "\n".join(text for text in texts if text)
