"""Story A: from an application to a licence that customs draws down."""

from xuke.audit.v1 import audit_pb2, audit_pb2_grpc
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import classification_pb2_grpc
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import licence_pb2 as li
from xuke.licensing.v1 import licence_pb2_grpc

from services.foundation.errors import ErrorCode
from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import (
    EXPORTER,
    Cast,
    activate,
    checks_pass,
    file_application,
    review_and_grant,
)
from services.launcher.demo.narrator import expect, telling
from services.launcher.demo.people import XukeError, ask, stub, wait_for

TITLE = "A  仲钨酸铵 to Korea: application, licence, write-off"


def play(cast: Cast, organisation: str, declarations: tuple[str, str, str]) -> str:
    """Plays the story and returns the licence number. Raises StoryFailed, TimeoutError or XukeError."""
    cast.narrator.begin(TITLE)
    _look_up(cast)
    application_id = file_application(
        cast, dossier(organisation, KOREAN_END_USER, "ZJ-KR-2026-1012"), list(PAPERS)
    )
    case = checks_pass(cast, application_id)
    expect(case.classifications[0].control_codes[:1] == ["1C117.d.1"], "1C117.d.1", case.classifications)
    cast.narrator.table(
        "What the checks rest on",
        ("classification", "screening"),
        [("\n".join(case.classifications[0].list_versions), "\n".join(case.screening.versions))],
    )
    case = review_and_grant(cast, application_id, with_experts=True)
    activate(cast, case.licence_number)
    _draw_down(cast, case.licence_number, declarations)
    _show(cast, application_id, case.licence_number)
    return case.licence_number


def _look_up(cast: Cast) -> None:
    with telling(cast.narrator, EXPORTER, "asks whether 仲钨酸铵, HS 2841801000, is controlled 归类") as step:
        classification = stub(
            cast.people, EXPORTER, "classification", classification_pb2_grpc.ClassificationServiceStub
        )
        answer = ask(
            classification.Classify,
            cl.ClassifyRequest(
                item=cl.Item(kind=cl.ITEM_KIND_GOODS, name_zh="仲钨酸铵", hs_code="2841801000")
            ),
        )
        first = answer.candidates[0]
        expect(first.entry.control_code == "1C117.d.1", "1C117.d.1 first", first)
        step.changed = (
            f"{first.entry.control_code}: {cl.Outcome.Name(first.outcome).removeprefix('OUTCOME_')}"
        )
        step.facts = [f"{reason.text.zh} / {reason.text.en}" for reason in first.reasons[:2]]
        step.facts.append(f"{first.entry.source.instrument}; {answer.list_versions[0]}")


def _draw_down(cast: Cast, number: str, declarations: tuple[str, str, str]) -> None:
    first, second, third = declarations
    who = "customs-system"
    with telling(cast.narrator, who, f"declaration {first} reserves 12,000 kg") as step:
        _, result = cast.customs.write_off("reserve", first, number, "12000")
        expect(result["accepted"], "the reservation to be accepted", result)
        step.changed = f"available {result['available_quantity']} kg"
    with telling(cast.narrator, who, f"declaration {first} is withdrawn: release") as step:
        _, result = cast.customs.write_off("release", first, number)
        expect(result["accepted"], "the release to be accepted", result)
        step.changed = f"available {result['available_quantity']} kg"
    with telling(cast.narrator, who, f"declaration {second} reserves 11,980 kg") as step:
        _, result = cast.customs.write_off("reserve", second, number, "11980")
        expect(result["accepted"], "the reservation to be accepted", result)
        step.changed = f"available {result['available_quantity']} kg"
    with telling(cast.narrator, who, f"declaration {second} is cleared: commit") as step:
        _, result = cast.customs.write_off("commit", second, number)
        expect(result["accepted"], "the commit to be accepted", result)
        expect(
            result["licence_state"] == "LICENCE_STATE_COMPLETED",
            "the single licence to lapse on its one export (Regulation 792 Art. 15)",
            result,
        )
        step.changed = "COMPLETED: one export, Regulation 792 Art. 15"
    with telling(cast.narrator, who, f"declaration {third} tries to reserve the remaining 20 kg") as step:
        code, result = cast.customs.write_off("reserve", third, number, "20")
        expect(
            not result["accepted"] and result["reason"] == "LICENCE_COMPLETED", "LICENCE_COMPLETED", result
        )
        step.changed = f"refused (HTTP {code}): {result['reason']}"
        step.facts = [result["explanation"]["zh"], result["explanation"]["en"]]


def _show(cast: Cast, application_id: str, number: str) -> None:
    licences = stub(cast.people, EXPORTER, "licensing", licence_pb2_grpc.LicenceServiceStub)
    usage = ask(licences.ListUsage, li.ListUsageRequest(number=number)).entries
    kinds = [li.UsageKind.Name(entry.kind).removeprefix("USAGE_KIND_") for entry in usage]
    expect(kinds == ["RESERVE", "RELEASE", "RESERVE", "COMMIT"], "four entries in the usage ledger", kinds)
    cast.narrator.table(
        f"Usage ledger of {number}",
        ("entry", "kind", "declaration", "quantity", "available after"),
        [
            (str(e.entry_number), kind, e.declaration_number, f"{e.quantity} {e.unit}", e.available_after)
            for e, kind in zip(usage, kinds, strict=True)
        ],
    )
    clock = cast.ministry.clock(application_id)
    expect(clock.state == a.CLOCK_STATE_STOPPED, "the clock to have stopped at the decision", clock)
    cast.narrator.table(
        "Review clock (Regulation 792 Art. 17)",
        ("started", "limit", "counted", "excluded", "due", "exclusions"),
        [
            (
                clock.started_on,
                f"{clock.limit_working_days} working days",
                f"{clock.counted_working_days} days",
                f"{clock.excluded_working_days} days",
                clock.due_date or clock.due_date_explanation.en,
                ", ".join(
                    f"{a.ExclusionReason.Name(one.reason).removeprefix('EXCLUSION_REASON_')}"
                    f" {one.working_days} days"
                    for one in clock.exclusions
                ),
            )
        ],
    )
    _prove(cast, application_id)
    with telling(cast.narrator, EXPORTER, "downloads the signed licence 下载电子许可证") as step:
        document = wait_for(
            "the licence document",
            lambda: _document(licences, number),
            lambda seen: seen is not None,
        )
        step.changed = f"PDF, {len(document.content):,} bytes, SHA-256 {document.sha256[:16]}…"


def _document(licences: licence_pb2_grpc.LicenceServiceStub, number: str) -> li.LicenceDocument | None:
    try:
        return ask(licences.GetLicenceDocument, li.GetLicenceDocumentRequest(number=number))
    except XukeError as error:
        if error.code is ErrorCode.FAILED_PRECONDITION:
            return None
        raise


def _prove(cast: Cast, application_id: str) -> None:
    signed = next(
        entry
        for entry in reversed(cast.ministry.case(application_id).history)
        if entry.actor_role == "ministry_officer"
    )
    audit = stub(cast.people, "auditor", "sealer", audit_pb2_grpc.AuditServiceStub)

    def look() -> audit_pb2.InclusionProof | None:
        try:
            return ask(
                audit.GetInclusionProof,
                audit_pb2.GetInclusionProofRequest(service="licensing", event_id=signed.event_id),
            )
        except XukeError as error:
            if error.code is ErrorCode.NOT_FOUND:
                return None
            raise

    with telling(cast.narrator, "auditor", f"asks for the proof of event {signed.action} 审计证明") as step:
        proof = wait_for("the event to be sealed", look, lambda seen: seen is not None)
        proof_holds = verify_inclusion_proof(proof)
        expect(proof_holds, "the inclusion proof to hold", proof)
        step.changed = f"leaf {proof.leaf_index} of {proof.checkpoint.size}, root {proof.checkpoint.root[:16]}…, verified"


def verify_inclusion_proof(proof: audit_pb2.InclusionProof) -> bool:
    """Checks the path from the leaf to the root of the checkpoint (RFC 9162 2.1.3.2)."""
    from services.foundation import merkle

    return merkle.verify_inclusion(
        leaf=bytes.fromhex(proof.leaf_hash),
        index=proof.leaf_index,
        size=proof.checkpoint.size,
        path=[bytes.fromhex(node) for node in proof.path],
        root=bytes.fromhex(proof.checkpoint.root),
    )
