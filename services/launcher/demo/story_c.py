"""Story C: an incomplete application is returned once, with the complete list of deficiencies (补正)."""

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import EXPORTER, PROVINCE, Cast, checks_pass, file_application
from services.launcher.demo.narrator import expect, telling
from services.launcher.demo.people import XukeError

TITLE = "C  An incomplete application: returned once, supplemented, forwarded"

MISSING = [d.ATTACHMENT_KIND_TECHNICAL_DESCRIPTION, d.ATTACHMENT_KIND_MANAGER_IDENTITY]


def play(cast: Cast, organisation: str) -> str:
    """Plays the story and returns the application id. Raises StoryFailed, TimeoutError or XukeError."""
    cast.narrator.begin(TITLE)
    application_id = file_application(
        cast,
        dossier(organisation, KOREAN_END_USER, "ZJ-KR-2026-1108"),
        [kind for kind in PAPERS if kind not in MISSING],
    )
    case = checks_pass(cast, application_id)
    with telling(cast.narrator, PROVINCE, "returns it with the complete list 一次性告知补正") as step:
        expect(
            len(case.computed_deficiencies) == len(MISSING),
            f"{len(MISSING)} deficiencies",
            case.computed_deficiencies,
        )
        case = cast.province.request_supplement(case)
        step.changed = "SUPPLEMENT_REQUESTED"
        step.facts = [f"{one.text.zh} / {one.text.en}" for one in case.notices[-1].deficiencies]
    with telling(cast.narrator, EXPORTER, "reads what is asked, attaches it and sends it back 补正") as step:
        asked = cast.exporter.get(application_id).status.asked_of_you
        expect(len(asked) == len(MISSING), "the exporter to be asked for both", asked)
        cast.exporter.attach(application_id, MISSING)
        cast.exporter.supplement(application_id)
        step.changed = f"submission {cast.exporter.get(application_id).submission_number} frozen"
    case = checks_pass(cast, application_id)
    with telling(cast.narrator, PROVINCE, "tries to return it a second time") as step:
        try:
            cast.province.request_supplement(case)
            refused = ""
        except XukeError as error:
            refused = error.reason
        expect(refused, "a second return to be refused", "it was not")
        step.changed = f"refused: {refused}"
    with telling(cast.narrator, PROVINCE, "forwards 转报") as step:
        case = cast.province.forward(
            cast.province.case(application_id), "补正后材料齐全，拟同意，转报商务部。"
        )
        expect(
            case.state == a.APPLICATION_STATE_MINISTRY_INTAKE,
            "the case at the ministry",
            a.ApplicationState.Name(case.state),
        )
        step.changed = "MINISTRY_INTAKE"
    clock = cast.province.clock(application_id)
    holders = {time.holder: time for time in clock.holder_times}
    expect({"PROVINCE", "APPLICANT"} <= holders.keys(), "both times apart", clock.holder_times)
    cast.narrator.table(
        "Who held the case how long",
        ("holder", "working days", "seconds"),
        [(name, str(time.working_days), f"{time.seconds:.2f}") for name, time in holders.items()],
    )
    return application_id
