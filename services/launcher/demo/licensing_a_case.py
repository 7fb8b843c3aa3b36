"""The way from a dossier to an active licence, shared by the stories that get that far."""

from dataclasses import dataclass

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.clients import People
from services.launcher.demo.customs_office import CustomsOffice
from services.launcher.demo.expert import QUESTION, Expert
from services.launcher.demo.filing import Exporter
from services.launcher.demo.narrator import Narrator, expect, telling
from services.launcher.demo.reviewing import Officer, answer_in_parallel

EXPORTER = "jiangsu.exporter"
PROVINCE = "jiangsu.province"
OFFICER = "ministry.officer"
SECOND_OFFICER = "ministry.second"
EXPERT = "expert"


@dataclass
class Cast:
    """Who plays."""

    people: People
    narrator: Narrator

    def __post_init__(self) -> None:
        self.exporter = Exporter(self.people, EXPORTER)
        self.province = Officer(self.people, PROVINCE)
        self.ministry = Officer(self.people, OFFICER)
        self.second = Officer(self.people, SECOND_OFFICER)
        self.expert = Expert(self.people, EXPERT)
        self.customs = CustomsOffice(self.people)


def file_application(cast: Cast, dossier: d.Dossier, kinds: list[int]) -> str:
    """The exporter drafts, attaches and submits; returns the application id."""
    with telling(cast.narrator, EXPORTER, "drafts an application 起草申请") as step:
        application = cast.exporter.draft(dossier)
        step.changed = f"draft {application.application_id[:8]}"
    with telling(cast.narrator, EXPORTER, f"attaches {len(kinds)} papers 上传附件") as step:
        attachments = cast.exporter.attach(application.application_id, kinds)
        step.changed = f"{sum(one.size for one in attachments):,} bytes kept by SHA-256"
    with telling(cast.narrator, EXPORTER, "submits 提交") as step:
        submitted = cast.exporter.submit(application.application_id)
        expect(submitted.number, "a number for the application", submitted)
        step.changed = f"{submitted.number}, dossier frozen"
    return application.application_id


def checks_pass(
    cast: Cast,
    application_id: str,
    verdict: "a.ScreeningVerdict.ValueType" = a.SCREENING_VERDICT_CLEAR,
) -> a.Case:
    """The automatic checks of the platform with the verdict of the screening; returns the case at the province."""
    told = a.ScreeningVerdict.Name(verdict).removeprefix("SCREENING_VERDICT_").lower()
    with telling(cast.narrator, "platform", "classifies and screens 自动核查") as step:
        case = cast.province.wait_for_state(
            application_id, a.APPLICATION_STATE_PROVINCIAL_REVIEW, a.APPLICATION_STATE_GATE_REFUSED
        )
        expect(
            case.state == a.APPLICATION_STATE_PROVINCIAL_REVIEW,
            "the checks to pass",
            a.ApplicationState.Name(case.state),
        )
        expect(
            case.screening.verdict == verdict,
            f"screening to be {told}",
            case.screening,
        )
        found = case.classifications[0]
        step.changed = f"screening {told}; {found.control_codes[0]} {found.outcome}"
    return case


def review_and_grant(cast: Cast, application_id: str, *, with_experts: bool) -> a.Case:
    """Province, ministry, agencies and the second officer; returns the licensed case."""
    with telling(cast.narrator, PROVINCE, "forwards with its opinion 转报") as step:
        case = cast.province.forward(
            cast.province.case(application_id), "材料齐全，经核实企业与用途，拟同意，转报商务部。"
        )
        step.changed = _state(case)
    with telling(cast.narrator, OFFICER, "accepts 受理") as step:
        case = cast.ministry.accept(cast.ministry.case(application_id))
        step.changed = f"{_state(case)}; the {case.clock.limit_working_days}-working-day clock starts"
        step.facts = [f"due: {case.clock.due_date or case.clock.due_date_explanation.en}"]
    with telling(cast.narrator, OFFICER, "consults the competent agencies 会商") as step:
        agencies = [routed.agency for routed in case.routed_agencies]
        case = cast.ministry.consult(case)
        step.changed = f"{_state(case)}: {', '.join(agencies)} in parallel"
    if with_experts:
        with telling(cast.narrator, OFFICER, "asks for an expert opinion 专家意见: the clock stops") as step:
            case = cast.ministry.ask_experts(cast.ministry.case(application_id))
            step.changed = f"clock {a.ClockState.Name(case.clock.state).removeprefix('CLOCK_STATE_')}"
        with telling(cast.narrator, EXPERT, "reads the dossier and answers 出具专家意见") as step:
            cast.expert.sign_in()
            cast.ministry.ask_expert(application_id, EXPERT, QUESTION)
            cast.expert.answer(application_id)
            step.changed = "one opinion, with the declaration of no conflict of interest"
        with telling(cast.narrator, OFFICER, "receives the expert opinion: the clock runs on") as step:
            case = cast.ministry.hear_experts(cast.ministry.case(application_id))
            step.changed = f"clock {a.ClockState.Name(case.clock.state).removeprefix('CLOCK_STATE_')}"
    with telling(
        cast.narrator, " + ".join(agencies), "give their opinions at the same time 出具意见"
    ) as step:
        condition = ("到货后30日内报告实际收货情况。", "Report the actual arrival within 30 days.")
        tasks = answer_in_parallel(cast.people, application_id, agencies, condition)
        step.changed = f"{len(tasks)} opinions, eight factors each"
    with telling(cast.narrator, "platform", "consolidates the opinions 汇总") as step:
        case = cast.ministry.wait_for_state(application_id, a.APPLICATION_STATE_READY_FOR_PROPOSAL)
        step.changed = case.consultations[-1].consolidation
    with telling(cast.narrator, OFFICER, "proposes to grant 拟准予许可") as step:
        case = cast.ministry.propose_grant(case, condition)
        step.changed = _state(case)
    with telling(cast.narrator, SECOND_OFFICER, "countersigns 复核会签") as step:
        case = cast.second.countersign(cast.second.case(application_id))
        step.changed = _state(case)
    with telling(cast.narrator, "platform", "issues the licence 颁发许可证件") as step:
        case = cast.ministry.wait_for_state(application_id, a.APPLICATION_STATE_LICENSED)
        step.changed = f"licence {case.licence_number}"
    return case


def activate(cast: Cast, number: str, *, usable: bool = True) -> None:
    """Customs finds the licence in its feed and acknowledges it; then it is usable, or due diligence is missing."""
    with telling(
        cast.narrator, "customs-system", "finds the licence in its feed of changes 海关拉取"
    ) as step:
        change = cast.customs.find_in_changes(number)
        step.changed = f"{change['action']}"
    with telling(cast.narrator, "customs-system", "acknowledges 海关确认") as step:
        status = cast.customs.acknowledge(number)
        active = status["state"] == "LICENCE_STATE_ACTIVE"
        expect(active and status["usable"] is usable, "an active licence", status)
        step.changed = "ACTIVE"


def _state(case: a.Case) -> str:
    return a.ApplicationState.Name(case.state).removeprefix("APPLICATION_STATE_")
