"""Story B: the same item to a party on the control list (管控名单) is refused at the gate, and kept."""

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import EXPORTER, PROVINCE, Cast, file_application
from services.launcher.demo.narrator import expect, telling

TITLE = "B  The same item to a party on the control list: refused at the gate"

# 管控名单, 商务部公告2025年第1号.
LISTED_PARTY = d.Party(
    role=d.PARTY_ROLE_END_USER,
    name_zh="通用动力公司",
    name_en="General Dynamics Corporation",
    country="US",
    address="Reston, Virginia",
    business="defence",
)


def play(cast: Cast, organisation: str) -> str:
    """Plays the story and returns the application id. Raises StoryFailed, TimeoutError or XukeError."""
    cast.narrator.begin(TITLE)
    application_id = file_application(
        cast, dossier(organisation, LISTED_PARTY, "ZJ-US-2026-1103"), list(PAPERS)
    )
    with telling(cast.narrator, "platform", "screens every party 筛查") as step:
        case = cast.province.wait_for_state(
            application_id, a.APPLICATION_STATE_GATE_REFUSED, a.APPLICATION_STATE_PROVINCIAL_REVIEW
        )
        expect(
            case.state == a.APPLICATION_STATE_GATE_REFUSED,
            "a refusal at the gate",
            a.ApplicationState.Name(case.state),
        )
        step.changed = "GATE_REFUSED"
        prohibited = [
            finding
            for finding in case.screening.findings
            if finding.verdict == a.SCREENING_VERDICT_PROHIBITED
        ]
        step.facts = [
            prohibited[0].explanation.zh,
            prohibited[0].explanation.en,
            f"{len(prohibited)} parties of the application bear the name",
        ]
    with telling(cast.narrator, EXPORTER, "reads the notice 告知书") as step:
        application = cast.exporter.get(application_id)
        notice = application.notices[-1]
        cited = " ".join(source.instrument for source in notice.sources)
        expect("2025年第1号" in cited, "the announcement to be cited", notice)
        step.changed = f"{notice.kind}, cites {cited}"
        step.facts = [notice.text.zh]
    with telling(cast.narrator, PROVINCE, "finds the application on record 存档") as step:
        kept = cast.province.case(application_id)
        expect(len(kept.attachments) == len(PAPERS), "every paper to be kept", kept.attachments)
        step.changed = f"{kept.number}: {len(kept.history)} events, {len(kept.attachments)} papers kept"
    return application_id
