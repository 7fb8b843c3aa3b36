"""The work queue and the applicants' list: what is found, in which order, and how it is counted."""

from datetime import timedelta

import pytest
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.principal import Principal
from tests.contract.licensing.application_world import MONDAY, World, dossier, refusal, world
from tests.support import identity
from tests.support.services import request_id

__all__ = ["world"]

STATES = messages.ApplicationState
OFFICER = identity.MINISTRY_OFFICER


def graphite() -> dossiers.Dossier:
    """Another dossier: other items, another destination, other parties."""
    content = dossier()
    content.destination = "DE"
    del content.items[:]
    for number, (zh, en) in enumerate(
        (("石墨", "graphite"), ("坩埚", "crucible"), ("电极", "electrode"), ("粉末", "powder")), 1
    ):
        content.items.append(
            dossiers.Item(
                line_number=number,
                kind=dossiers.ITEM_KIND_GOODS,
                name_zh=zh,
                name_en=en,
                claimed_control_code="1C210",
                hs_code="3801100010",
                quantity="1",
                unit="kg",
                value="10",
                currency="USD",
            )
        )
    for party in content.parties:
        party.name_en, party.name_zh, party.country = "Rhein_Optik 100% GmbH", "莱茵光学", "DE"
    return content


def queue(world: World, who: Principal = OFFICER, **asked: object) -> messages.ListCasesResponse:
    return world.reviewer(who).ListCases(messages.ListCasesRequest(**asked))  # type: ignore[arg-type]


def ids(listed: messages.ListCasesResponse) -> list[str]:
    return [case.application_id for case in listed.cases]


def own(world: World, query: str, who: Principal = identity.EXPORTER) -> set[str]:
    listed = world.applicant(who).ListApplications(messages.ListApplicationsRequest(query=query))
    return {each.application_id for each in listed.applications}


@pytest.mark.parametrize(
    "query",
    [
        "石墨",
        "GRAPHITE",
        "坩",
        "electrode",
        "powder",
        "1c210",
        "380110",
        "莱茵",
        "rhein_",
        "100%",
        "ｒｈｅｉｎ",
    ],
)
def test_found_by_a_part_of_what_was_submitted(world: World, query: str) -> None:
    tungsten = world.submitted()
    other = world.submitted(content=graphite())
    draft = world.drafted(content=graphite())
    assert ids(queue(world, query=query)) == [other.application_id]
    assert own(world, query) == {other.application_id, draft.application_id}
    assert ids(queue(world, query=tungsten.number[2:])) == [tungsten.application_id]
    assert own(world, tungsten.number.lower()) == {tungsten.application_id}


def test_signs_of_patterns_mean_themselves(world: World) -> None:
    world.submitted()
    for query in ("%", "_", "\\", "Hang%", "H_ngang"):
        assert not queue(world, query=query).cases
        assert not own(world, query)
    assert refusal(lambda: queue(world, query="\x00")).violations[0].field == "query"


def test_nobody_finds_what_he_may_not_see(world: World) -> None:
    application = world.submitted()
    for query in ("钨", application.number):
        assert not queue(world, identity.OTHER_PROVINCE, query=query).cases
        assert not own(world, query, identity.OTHER_EXPORTER)
        assert ids(queue(world, identity.PROVINCIAL_OFFICER, query=query)) == [application.application_id]


def test_a_control_code_that_was_found_is_for_officers(world: World) -> None:
    application = world.submitted()
    assert not queue(world, query="0C004").cases
    world.checks(application.application_id, control_code="0C004")
    assert ids(queue(world, query="0c004")) == [application.application_id]
    assert not own(world, "0c004")


def test_a_supplement_is_found_when_it_is_handed_in(world: World) -> None:
    application_id = world.at_province()
    world.request_supplement(
        application_id, identity.PROVINCIAL_OFFICER, messages.Deficiency(code="ITEM", field="dossier.items")
    )
    mended = dossier()
    mended.items[0].name_en = "tungstic acid"
    world.applicant().UpdateApplication(
        messages.UpdateApplicationRequest(
            request_id=request_id(),
            application_id=application_id,
            etag=world.get(application_id).etag,
            dossier=mended,
        )
    )
    assert own(world, "tungstic") == {application_id}
    assert not queue(world, query="tungstic").cases
    world.supplement(application_id)
    line = queue(world, query="tungstic").cases[0]
    assert (line.application_id, line.items[0].en) == (application_id, "tungstic acid")


def test_a_line_tells_the_items_the_deadline_and_the_desk(world: World) -> None:
    application = world.submitted(content=graphite())
    line = queue(world).cases[0]
    assert (line.number, line.destination, line.state) == (
        application.number,
        "DE",
        messages.APPLICATION_STATE_SUBMITTED,
    )
    assert [(item.zh, item.en) for item in line.items] == [
        ("石墨", "graphite"),
        ("坩埚", "crucible"),
        ("电极", "electrode"),
    ]
    assert not line.HasField("due_at")
    assert (line.deadline_kind, line.overdue, line.assigned_to) == ("", False, "")
    world.reviewer(OFFICER).AssignCase(
        messages.AssignCaseRequest(
            request_id=request_id(), application_id=application.application_id, assign_to=OFFICER.subject
        )
    )
    line = queue(world).cases[0]
    assert (line.assigned_to, line.assigned_name.zh) == (OFFICER.subject, OFFICER.name)
    # The desk of the ministry is not that of the province.
    assert queue(world, identity.PROVINCIAL_OFFICER).cases[0].assigned_to == ""


def test_whose_cases(world: World) -> None:
    mine, nobodys = world.submitted().application_id, world.submitted().application_id
    world.reviewer(OFFICER).AssignCase(
        messages.AssignCaseRequest(request_id=request_id(), application_id=mine, assign_to=OFFICER.subject)
    )

    def whose(who: Principal, wanted: messages.AssignmentFilter.ValueType) -> list[str]:
        listed = queue(world, who, assignment=wanted)
        assert (listed.total_count, sum(count.count for count in listed.counts)) == (
            len(listed.cases),
            len(listed.cases),
        )
        return ids(listed)

    assert whose(OFFICER, messages.ASSIGNMENT_FILTER_MINE) == [mine]
    assert whose(OFFICER, messages.ASSIGNMENT_FILTER_NOBODYS) == [nobodys]
    assert whose(identity.SECOND_OFFICER, messages.ASSIGNMENT_FILTER_MINE) == []
    assert whose(identity.SECOND_OFFICER, messages.ASSIGNMENT_FILTER_NOBODYS) == [nobodys]
    assert set(whose(identity.PROVINCIAL_OFFICER, messages.ASSIGNMENT_FILTER_NOBODYS)) == {mine, nobodys}
    assert whose(identity.AUDITOR, messages.ASSIGNMENT_FILTER_MINE) == []


def test_filters_and_counts_under_them(world: World) -> None:
    korea = [world.submitted().application_id for _ in range(2)]
    germany = world.submitted(content=graphite()).application_id
    world.checks(korea[0])
    everything = queue(world)
    assert (everything.total_count, everything.overdue_count) == (3, 0)
    counts = {STATES.Name(count.state): count.count for count in everything.counts}
    assert counts == {"APPLICATION_STATE_SUBMITTED": 2, "APPLICATION_STATE_PROVINCIAL_REVIEW": 1}
    assert ids(queue(world, destination="DE")) == [germany]
    assert queue(world, destination="FR").total_count == 0
    assert queue(world, province="32").total_count == 3
    assert queue(world, province="44").total_count == 0
    # The counts by state are under every other filter, so that each state can be chosen from them.
    chosen = queue(world, destination="KR", states=[messages.APPLICATION_STATE_PROVINCIAL_REVIEW])
    assert (ids(chosen), chosen.total_count) == ([korea[0]], 1)
    assert {STATES.Name(count.state): count.count for count in chosen.counts} == {
        "APPLICATION_STATE_SUBMITTED": 1,
        "APPLICATION_STATE_PROVINCIAL_REVIEW": 1,
    }


def open_deadline(world: World, application_id: str, kind: str) -> messages.Deadline:
    open_ones = [
        deadline
        for deadline in world.case(application_id).deadlines
        if deadline.kind == kind and deadline.state == messages.DEADLINE_STATE_OPEN
    ]
    return open_ones[0]


def test_the_most_urgent_first_and_each_once_over_all_pages(world: World) -> None:
    waiting = [world.submitted().application_id for _ in range(2)]
    first = world.at_province()
    world.clock.advance(timedelta(days=1))
    second = world.at_province()
    third = world.at_intake()
    expected = {
        application_id: min(
            deadline.due_at.ToDatetime(tzinfo=MONDAY.tzinfo)
            for deadline in world.case(application_id).deadlines
            if deadline.state == messages.DEADLINE_STATE_OPEN
        )
        for application_id in (first, second, third)
    }
    found, token, pages = [], "", 0
    while pages == 0 or token:
        listed = queue(world, page_size=2, page_token=token)
        assert listed.total_count == 5
        found += listed.cases
        token, pages = listed.next_page_token, pages + 1
    assert pages == 3
    timed = [case for case in found if case.HasField("due_at")]
    assert found[:3] == timed
    assert {case.application_id: case.due_at.ToDatetime(tzinfo=MONDAY.tzinfo) for case in timed} == expected
    assert [case.due_at.ToNanoseconds() for case in timed] == sorted(
        case.due_at.ToNanoseconds() for case in timed
    )
    # Without a deadline the oldest submission comes first; at the same instant the ids decide.
    assert [case.application_id for case in found[3:]] == sorted(waiting)
    assert refusal(lambda: queue(world, page_token="AAAA")).violations[0].reason == "PAGE_TOKEN_INVALID"


def test_overdue_until_what_was_owed_is_done(world: World) -> None:
    application_id, other = world.at_province(), world.submitted().application_id
    deadline = open_deadline(world, application_id, "provincial_review")
    notice = open_deadline(world, application_id, "provincial_supplement_notice")
    world.clock.instant = deadline.due_at.ToDatetime(tzinfo=MONDAY.tzinfo)
    # The time for asking back passes, and with it what it was for: nothing is owed.
    world.expire(application_id, notice.deadline_id)
    assert queue(world).cases[0].deadline_kind == "provincial_review"
    for _ in range(2):
        listed = queue(world)
        assert [case.overdue for case in listed.cases] == [True, False]
        assert (listed.cases[0].application_id, listed.overdue_count) == (application_id, 1)
        only = queue(world, overdue=True)
        assert (ids(only), only.total_count, only.overdue_count) == ([application_id], 1, 1)
        # The deadline passes on the record, and is still owed: the supervisor is told, the case is overdue.
        world.expire(application_id, deadline.deadline_id)
    world.forward(application_id)
    assert queue(world).overdue_count == 0
    # What waited for its checks was received when it was submitted.
    world.checks(other)
    assert ids(queue(world, overdue=True)) == [other]


def test_an_exclusion_takes_the_day_away_and_gives_it_back(world: World) -> None:
    application_id = world.accepted()
    due_at = queue(world).cases[0].due_at
    world.start_exclusion(application_id)
    line = queue(world).cases[0]
    assert (line.HasField("due_at"), line.deadline_kind, line.overdue) == (False, "ministry_review", False)
    world.end_exclusion(application_id)
    assert queue(world).cases[0].due_at == due_at


def test_a_concluded_case_has_no_deadline(world: World) -> None:
    application_id = world.at_province()
    assert queue(world).cases[0].HasField("due_at")
    world.withdraw(application_id)
    line = queue(world).cases[0]
    assert (line.HasField("due_at"), line.deadline_kind) == (False, "")


def test_an_agency_lists_the_cases_it_is_asked_about(world: World) -> None:
    asked, other = world.accepted(), world.accepted()
    assert not queue(world, identity.AGENCY_REVIEWER).cases
    world.consult(asked)
    assert ids(queue(world, identity.AGENCY_REVIEWER)) == [asked]
    assert ids(queue(world, identity.AGENCY_REVIEWER, application_ids=[asked, other])) == [asked]
    assert not queue(world, identity.AGENCY_REVIEWER, application_ids=[other]).cases


def test_cases_are_listed_by_their_ids(world: World) -> None:
    first, second, third = (world.submitted().application_id for _ in range(3))
    assert set(ids(queue(world, application_ids=[first, third]))) == {first, third}
    assert ids(queue(world, application_ids=[second])) == [second]
    assert (
        refusal(lambda: queue(world, application_ids=["not an id"]))
        .violations[0]
        .field.startswith("application_ids")
    )
