"""The organisation in pages: particulars, members and mandates, kept by administrators."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.foundation.clock import legal_day
from tests.journeys.portal.conftest import AGENT, EXPORTER, HOSTILE, World
from tests.support.browsing import Browser, Page

# An organisation of its own, so that nothing here changes what other tests see.
OTHER = "guangdong.exporter"
COLLEAGUE = "jiangsu.colleague"


@pytest.fixture
def administrator(signed_in: Callable[[str], Browser]) -> Browser:
    return signed_in(OTHER)


def filled(page: Page, **typed: str) -> dict[str, str]:
    """The form as it stands on the page, with some of it typed anew."""
    fields = {}
    for field in page.tree.xpath("//main//form//*[@name]"):
        if field.tag == "select":
            fields[field.get("name")] = "".join(field.xpath("option[@selected]/@value"))
        elif field.get("type") not in ("radio", "checkbox") or field.get("checked") is not None:
            fields[field.get("name")] = field.get("value", "")
    return fields | typed


def test_particulars_are_kept_by_an_administrator(administrator: Browser) -> None:
    path = "/en/organisation/particulars"
    page = administrator.get(path)
    assert page.field("unified_social_credit_code") == "91440100MA1XUKE028"
    faulty = administrator.post(path, filled(page, name_zh="", name_en=HOSTILE))
    assert faulty.status == 400
    assert faulty.field("name_en") == HOSTILE
    assert faulty.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]//a/@href") == ["#name_zh"]
    foreign = administrator.post(
        path, filled(faulty, name_zh="广东许可贸易有限公司", unified_social_credit_code="91320100MA1XUKE016")
    )
    assert foreign.status == 400
    assert foreign.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]//a/@href") == [
        "#unified_social_credit_code"
    ]
    saved = administrator.post(
        path, filled(foreign, unified_social_credit_code="91440100MA1XUKE028", address="广州市天河区 1 号")
    )
    assert "The particulars are saved." in saved.words
    assert "广州市天河区 1 号" in saved.words
    stale = administrator.post(path, filled(page, name_zh="旧页面", name_en=""))
    assert stale.status == 409
    assert stale.field("name_zh") == "旧页面"


def test_the_last_administrator_stays_one(administrator: Browser) -> None:
    path = f"/en/organisation/members/{OTHER}"
    page = administrator.post(path, filled(administrator.get(path), role="READER"))
    assert page.status == 409
    assert "at least one administrator" in page.words
    assert page.tree.xpath("//input[@name='role'][@checked]/@value") == ["READER"]
    page = administrator.post(path, {**filled(administrator.get(path)), "role": "ADMINISTRATOR"})
    assert page.url.endswith("/en/organisation")


def test_a_mandate_lets_an_agent_in_and_its_end_shuts_him_out(world: World) -> None:
    exporter, agent = Browser(world.base), Browser(world.base)
    exporter.sign_in(EXPORTER, "en")
    organisation = exporter.get("/en/organisation")
    for link in organisation.tree.xpath("//a[contains(@href, '/revoke')]/@href"):
        page = exporter.get(link)
        assert "Revoke the mandate" in page.words
        assert exporter.post(link, filled(page)).url.endswith("/en/organisation")
    agent.sign_in(AGENT, "en")
    page = agent.get("/en/")
    assert "You have no mandate in force" in page.words
    assert AGENT in page.words
    assert agent.get(f"/en/applications/{world.licensed}").status == 404
    path = "/en/organisation/mandates/new"
    today = legal_day(datetime.now(UTC))
    typed = {
        "agent_subject": AGENT,
        "agent_name": "魏强",
        "scope": "FILE",
        "document_number": "WT-2026-2",
        "valid_to": (today - timedelta(days=1)).isoformat(),
    }
    faulty = exporter.post(path, filled(exporter.get(path), **typed))
    assert faulty.status == 400
    assert faulty.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]//a/@href") == ["#valid_to"]
    assert faulty.field("document_number") == "WT-2026-2"
    sent = filled(faulty, valid_to=(today + timedelta(days=200)).isoformat())
    first, second = exporter.post(path, sent), exporter.post(path, sent)
    assert "The mandate is recorded." in first.words
    assert len(second.tree.xpath("//a[contains(@href, '/revoke')]")) == 1
    assert "You act for" in agent.get("/en/").words
    assert agent.get(f"/en/applications/{world.licensed}").status == 200


def test_a_colleague_joins_as_filer_and_as_reader_changes_nothing(world: World) -> None:
    exporter, colleague = Browser(world.base), Browser(world.base)
    exporter.sign_in(EXPORTER, "en")
    colleague.sign_in(COLLEAGUE, "en")
    words = colleague.get("/en/organisation").words
    assert "Your role: Filer." in words
    assert "Li Fang" in words
    assert not colleague.get("/en/organisation").tree.xpath("//main//a[contains(@href, '/members/')]")
    assert colleague.get("/en/organisation/particulars").status == 403
    path = f"/en/organisation/members/{COLLEAGUE}"
    saved = exporter.post(path, filled(exporter.get(path), role="READER"))
    assert "What the member may do is saved." in saved.words
    page = colleague.get(f"/en/applications/{world.licensed}")
    assert page.status == 200
    refused = colleague.post(
        f"/en/applications/{world.licensed}/copy",
        {"csrf_token": page.field("csrf_token"), "request_id": page.field("request_id")},
    )
    assert refused.status == 403
    assert "Your role in the organisation is to read only" in refused.words
    form = colleague.get(f"/en/applications/{world.returned}/withdraw")
    kept = colleague.post(form.url, filled(form, reason="I want to"))
    assert kept.status == 403
    assert kept.field("reason") == "I want to"
    assert "to read only" in kept.words
    assert exporter.post(path, filled(exporter.get(path), role="FILER")).status == 200


def test_agents_and_strangers_change_nothing(world: World, signed_in: Callable[[str], Browser]) -> None:
    assert signed_in(AGENT).get("/zh/organisation/particulars").status == 403
    assert signed_in(EXPORTER).get(f"/zh/organisation/members/{uuid.uuid4()}").status == 404
    assert signed_in(EXPORTER).get(f"/zh/organisation/mandates/{uuid.uuid4()}/revoke").status == 404
    assert signed_in(OTHER).get(f"/zh/organisation/mandates/{world.mandate}/revoke").status == 404
