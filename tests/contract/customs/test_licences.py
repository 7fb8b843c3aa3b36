"""Status, changes and receipt of licences over REST."""

from xuke.licensing.v1 import licence_pb2

from tests.contract.customs.conftest import Client, line
from tests.contract.licensing.licence_world import LicenceWorld, declaration, grant
from tests.contract.licensing.licence_world import line as licence_line
from tests.support import identity
from tests.support.services import request_id


def _stop(world: LicenceWorld, number: str) -> None:
    world.licences(identity.EXPORTER).StopAndReport(
        licence_pb2.StopAndReportRequest(
            request_id=request_id(),
            number=number,
            reason=licence_pb2.SUSPENSION_REASON_END_USER_CHANGED,
            statement="最终用户已变更。",
        )
    )


def test_status_from_issue_to_receipt(client: Client, world: LicenceWorld) -> None:
    number = world.issue()
    issued = client.get(f"/v1/licences/{number}")
    assert (issued.status, issued.headers["Content-Type"]) == (200, "application/json")
    assert (issued.json["state"], issued.json["usable"]) == ("LICENCE_STATE_ISSUED", False)
    assert issued.json["lines"][0]["available_quantity"] == "100"
    assert "acknowledged_at" not in issued.json
    body = {"request_id": request_id(), "customs_reference": "H2000-1"}
    acknowledged = client.post(f"/v1/licences/{number}:acknowledge", body)
    assert (acknowledged.status, acknowledged.json["state"]) == (200, "LICENCE_STATE_ACTIVE")
    assert client.post(f"/v1/licences/{number}:acknowledge", body).content == acknowledged.content
    now = client.get(f"/v1/licences/{number}").json
    assert (now["usable"], now["uses_allowed"], now["uses_made"]) == (True, 1, 0)
    assert now["holder_name_zh"] == grant().holder_name_zh


def test_a_request_id_is_not_used_twice(client: Client, world: LicenceWorld) -> None:
    number, body = world.issue(), {"request_id": request_id(), "customs_reference": "H2000-1"}
    client.post(f"/v1/licences/{number}:acknowledge", body)
    other = client.post(f"/v1/licences/{number}:acknowledge", body | {"customs_reference": "H2000-2"})
    assert (other.status, other.json["reason"]) == (409, "REQUEST_ID_REUSED")


def test_numbers_that_are_none_or_unknown(client: Client, world: LicenceWorld) -> None:
    slip = client.get("/v1/licences/XKA20263200001232")
    assert slip.status == 400
    assert slip.json["errors"]
    unknown = client.get("/v1/licences/XKA20263200001231")
    assert (unknown.status, unknown.json["reason"]) == (404, "NOT_FOUND")


def test_a_batch_names_what_is_unknown(client: Client, world: LicenceWorld) -> None:
    first, second = world.issue(), world.issue()
    answer = client.post("/v1/licences:batchStatus", {"numbers": [second, "nonsense", first]})
    assert [each["number"] for each in answer.json["statuses"]] == [second, first]
    assert answer.json["unknown_numbers"] == ["nonsense"]
    too_many = client.post("/v1/licences:batchStatus", {"numbers": [first] * 1001})
    assert (too_many.status, too_many.faults) == (400, [("numbers", "repeated.max_items")])
    assert client.post("/v1/licences:batchStatus", {"numbers": [first] * 1000}).status == 200


def test_changes_are_followed_by_cursor(client: Client, world: LicenceWorld) -> None:
    cursor = ""
    while True:
        page = client.get(f"/v1/licence-changes?cursor={cursor}&page_size=1000").json
        cursor = page["next_cursor"]
        if not page["more"]:
            break
    number = world.active()
    _stop(world, number)
    page = client.get(f"/v1/licence-changes?cursor={cursor}").json
    assert [(each["number"], each["state"]) for each in page["changes"]] == [
        (number, "LICENCE_STATE_ISSUED"),
        (number, "LICENCE_STATE_ACTIVE"),
        (number, "LICENCE_STATE_SUSPENDED"),
    ]
    one = client.get(f"/v1/licence-changes?cursor={cursor}&page_size=1").json
    assert (len(one["changes"]), one["more"]) == (1, True)
    again = client.get(f"/v1/licence-changes?cursor={page['next_cursor']}").json
    assert (again["changes"], again["next_cursor"], again["more"]) == ([], page["next_cursor"], False)


def test_a_cursor_that_is_none(client: Client) -> None:
    answer = client.get("/v1/licence-changes?cursor=nonsense")
    assert (answer.status, answer.faults) == (400, [("cursor", "PAGE_TOKEN_INVALID")])


def test_reserve_release_reserve_commit(client: Client, world: LicenceWorld) -> None:
    number, first, second = world.active(), declaration(), declaration()
    reserved = client.write_off("reserve", first, line(number, "100"))
    assert reserved.status == 200
    assert (reserved.json["results"][0]["accepted"], reserved.json["results"][0]["available_quantity"]) == (
        True,
        "0",
    )
    assert client.write_off("reserve", first, line(number, "100")).content == reserved.content
    released = client.write_off("release", first, line(number, ""))
    assert (released.status, released.json["results"][0]["available_quantity"]) == (200, "100")
    assert client.write_off("reserve", second, line(number, "99.5")).status == 200
    committed = client.write_off("commit", second, line(number, ""))
    assert committed.json["results"][0]["licence_state"] == "LICENCE_STATE_COMPLETED"
    assert client.write_off("commit", second, line(number, "")).content == committed.content
    third = client.write_off("reserve", declaration(), line(number, "0.5"))
    assert (third.status, third.json["results"][0]["reason"]) == (409, "LICENCE_COMPLETED")
    assert third.json["results"][0]["explanation"]["zh"]
    assert client.get(f"/v1/licences/{number}").json["lines"][0]["committed_quantity"] == "99.5"


def test_each_line_is_judged_on_its_own(client: Client, world: LicenceWorld) -> None:
    number = world.active(lines=(licence_line(1, "100"), licence_line(2, "5")))
    lines = (
        line(number, "40", declaration_line=1),
        line(number, "6", declaration_line=2, licence_line=2),
        line("XKA20263200001231", "1", declaration_line=3),
    )
    declared = declaration()
    answer = client.write_off("reserve", declared, *lines)
    assert answer.status == 207
    assert [each["accepted"] for each in answer.json["results"]] == [True, False, False]
    assert all(each["reason"] and each["explanation"]["en"] for each in answer.json["results"][1:])
    assert client.write_off("reserve", declared, *lines).content == answer.content
    refused = client.write_off("reserve", declaration(), line(number, "61"))
    assert (refused.status, refused.headers["Content-Type"]) == (409, "application/json")
    assert refused.json["results"][0]["accepted"] is False


def test_nothing_is_reserved_under_a_licence_that_was_stopped(client: Client, world: LicenceWorld) -> None:
    number = world.active()
    _stop(world, number)
    answer = client.write_off("reserve", declaration(), line(number, "1"))
    assert (answer.status, answer.json["results"][0]["reason"]) == (409, "LICENCE_SUSPENDED")


def test_licensing_sees_the_caller_and_not_the_gateway(client: Client, world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    client.write_off("reserve", declared, line(number, "1"))
    usage = world.licences(identity.MINISTRY_OFFICER).ListUsage(licence_pb2.ListUsageRequest(number=number))
    assert [(entry.declaration_number, entry.recorded_by) for entry in usage.entries] == [
        (declared, identity.CUSTOMS_OFFICER.subject)
    ]
