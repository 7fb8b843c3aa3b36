"""What a reviewer holds an item to be: who may say it, when, and what follows it."""

from collections.abc import Sequence

import pytest
import sqlalchemy
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.principal import Principal
from services.licensing.store.application_tables import item_assessment
from services.licensing.store.metadata import ledger
from tests.contract.licensing.application_world import World, dossier, refusal, world
from tests.support import identity
from tests.support.services import call_of, request_id

__all__ = ["world"]

PROVINCE, OFFICER = identity.PROVINCIAL_OFFICER, identity.MINISTRY_OFFICER


def assess(
    world: World,
    application_id: str,
    codes: Sequence[str],
    *,
    who: Principal = OFFICER,
    line_number: int = 1,
    reason: str = "按技术参数，属于该编码。",
    etag: str = "",
) -> messages.Case:
    return world.reviewer(who).AssessItem(
        messages.AssessItemRequest(
            request_id=request_id(),
            application_id=application_id,
            etag=etag or world.case(application_id).etag,
            line_number=line_number,
            control_codes=codes,
            reason=reason,
            precedent_id="7c0f5c0e-0000-4000-8000-000000000001",
            inquiry_number="ZX-2026-0001",
        )
    )


def codes(case: messages.Case) -> tuple[str, list[str], bool, list[str], list[str]]:
    (item,) = case.item_codes
    return (
        item.claimed_control_code,
        list(item.computed_control_codes),
        item.is_assessed,
        list(item.assessed_control_codes),
        list(item.counting_control_codes),
    )


def agencies(case: messages.Case) -> set[str]:
    return {each.agency for each in case.routed_agencies}


def test_claimed_computed_and_assessed_codes_stand_apart(world: World) -> None:
    application_id = world.submitted().application_id
    world.checks(application_id, control_code="1C117.d.2")
    assert codes(world.case(application_id)) == ("1C117.d.1", ["1C117.d.2"], False, [], ["1C117.d.2"])
    case = assess(world, application_id, ["2B350", "1C117.c"], who=PROVINCE)
    assert codes(case) == ("1C117.d.1", ["1C117.d.2"], True, ["2B350", "1C117.c"], ["2B350", "1C117.c"])
    (made,) = case.assessments
    assert (made.assessed_by, made.authority, made.counts) == (PROVINCE.subject, "PROVINCE", True)
    assert (made.reason, made.submission_number) == ("按技术参数，属于该编码。", 1)
    assert (made.precedent_id[:8], made.inquiry_number) == ("7c0f5c0e", "ZX-2026-0001")
    assert made.assessed_at.ToDatetime() == world.clock.now().replace(tzinfo=None)


def test_a_later_assessment_takes_the_place_and_the_first_stays_in_the_history(world: World) -> None:
    application_id = world.at_province()
    assess(world, application_id, ["2B350"], who=PROVINCE)
    world.forward(application_id)
    case = assess(world, application_id, [], reason="参数低于控制指标。")
    assert [(list(each.control_codes), each.authority, each.counts) for each in case.assessments] == [
        (["2B350"], "PROVINCE", False),
        ([], "MINISTRY", True),
    ]
    assert codes(case) == ("1C117.d.1", ["1C117.d.1"], True, [], [])
    told = [dict(entry.details) for entry in case.history if entry.action == "assess_item"]
    assert [each["control_codes"] for each in told] == ["2B350", "NOT_CONTROLLED"]
    assert [each["assessment_id"] for each in told] == [each.assessment_id for each in case.assessments]


def test_the_route_of_consultation_follows_the_assessed_codes(world: World) -> None:
    application_id = world.accepted()
    computed = agencies(world.case(application_id))
    assert "SASTIND" in computed
    case = assess(world, application_id, ["0B201"])
    assert agencies(case) != computed
    assert "CAEA" in agencies(case)
    assert "SASTIND" not in agencies(case)
    both = assess(world, application_id, ["1C117.d.1", "0B201"])
    assert agencies(both) >= computed | {"CAEA"}


def test_the_licence_carries_the_first_assessed_code(world: World) -> None:
    application_id = world.ready()
    assess(world, application_id, ["1C117.c", "2B350"])
    world.propose(application_id)
    world.countersign(application_id)
    number = world.procedure.IssueLicence(
        messages.IssueLicenceRequest(request_id=request_id(), application_id=application_id)
    ).licence_number
    database = Database(world.database.url, ledger)
    with database.begin(call_of(OFFICER)) as work:
        printed = work.connection.execute(
            sqlalchemy.text("SELECT control_code FROM licence_line WHERE licence_number = :number"),
            {"number": number},
        ).scalars()
        assert list(printed) == ["1C117.c"]
    database.dispose()


def test_a_change_after_the_proposal_is_a_difference_and_stales_the_countersignature(world: World) -> None:
    application_id = world.ready()
    assess(world, application_id, ["1C117.c"])
    proposed = world.propose(application_id)
    assert not proposed.differences
    case = assess(world, application_id, [])
    (difference,) = case.differences
    assert (difference.kind, difference.subject) == (messages.DIFFERENCE_KIND_ASSESSMENT, "1")
    assert (difference.before, difference.after) == ("1C117.c", "NOT_CONTROLLED")
    stale = refusal(lambda: world.countersign(application_id, etag=proposed.etag))
    assert stale.code is ErrorCode.ABORTED


def test_an_item_that_is_described_otherwise_is_to_be_assessed_again(world: World) -> None:
    application_id = world.at_province()
    assess(world, application_id, ["2B350"], who=PROVINCE)
    world.request_supplement(
        application_id,
        PROVINCE,
        messages.Deficiency(code="OTHER", field="dossier.items[0].quantity"),
        messages.Deficiency(code="OTHER", field="dossier.items[0].description"),
    )

    def supplemented(submission: int, change: dossiers.Item) -> messages.Case:
        mended = dossier()
        mended.items[0].MergeFrom(change)
        world.applicant().UpdateApplication(
            messages.UpdateApplicationRequest(
                request_id=request_id(),
                application_id=application_id,
                etag=world.get(application_id).etag,
                dossier=mended,
            )
        )
        world.supplement(application_id)
        world.checks(application_id, submission_number=submission)
        return world.case(application_id)

    # How much of it there is says nothing of what it is.
    assert codes(supplemented(2, dossiers.Item(quantity="9")))[2:4] == (True, ["2B350"])
    world.forward(application_id)
    world.request_supplement(
        application_id,
        OFFICER,
        messages.Deficiency(code="OTHER", field="dossier.items[0].description"),
    )
    case = supplemented(3, dossiers.Item(quantity="9", description="粒度小于 500 微米"))
    assert codes(case)[2:] == (False, [], ["1C117.d.1"])
    assert [each.counts for each in case.assessments] == [False]


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"codes": ["2B350", "2B350"]}, "control_codes[1]", "ASSESSED_CODE_REPEATED"),
        ({"codes": ["2B 350"]}, "control_codes[0]", "ASSESSED_CODE_MALFORMED"),
        ({"codes": ["2B350\u202e"]}, "control_codes[0]", "ASSESSED_CODE_MALFORMED"),
        ({"codes": [], "line_number": 2}, "line_number", "NO_SUCH_ITEM"),
        ({"codes": [], "reason": "  "}, "reason", "VALUE_MISSING"),
    ],
)
def test_what_says_nothing_is_refused(
    world: World, given: dict[str, object], field: str, reason: str
) -> None:
    application_id = world.at_intake()
    error = refusal(lambda: assess(world, application_id, **given))  # type: ignore[arg-type]
    assert [(each.field, each.reason) for each in error.violations] == [(field, reason)]
    assert not world.case(application_id).assessments


def test_only_the_authority_that_has_the_case_and_only_before_the_decision(world: World) -> None:
    application_id = world.at_province()
    assert refusal(lambda: assess(world, application_id, [])).reason == "ACTION_NOT_ALLOWED"
    world.forward(application_id)
    error = refusal(lambda: assess(world, application_id, [], who=PROVINCE))
    assert error.reason == "ACTION_NOT_ALLOWED"
    decided = world.proposed()
    world.countersign(decided)
    assert refusal(lambda: assess(world, decided, [])).reason == "ACTION_NOT_ALLOWED"
    stale = refusal(lambda: assess(world, application_id, [], etag="1"))
    assert stale.code is ErrorCode.ABORTED


def test_neither_experts_nor_applicants_read_assessments_and_nobody_changes_one(world: World) -> None:
    application_id = world.accepted()
    assess(world, application_id, ["2B350"])
    world.start_exclusion(application_id)
    database = Database(world.database.url, ledger)
    for who, reads in (
        (identity.EXPORTER, False),
        (identity.EXPERT, False),
        (identity.OTHER_PROVINCE, False),
        (PROVINCE, True),
        (OFFICER, True),
        (identity.MINISTRY_DIRECTOR, True),
        (identity.AUDITOR, True),
        (identity.PROCEDURE, True),
    ):
        with database.begin(call_of(who)) as work:
            found = work.connection.execute(sqlalchemy.select(item_assessment.c.line_number)).all()
            assert (who.subject, bool(found)) == (who.subject, reads)
    with (
        pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
        database.begin(call_of(OFFICER)) as work,
    ):
        work.connection.execute(sqlalchemy.text("UPDATE item_assessment SET reason = 'other'"))
    database.dispose()
