"""What officers and the reviewers of agencies do in pages."""

from collections.abc import Callable

from services.launcher.demo.reviewing import FACTORS
from tests.browser.person import Person
from tests.browser.readme import keep_for_readme

CONDITION = ("到货后30日内报告实际收货情况。", "Report the actual arrival within 30 days.")
_ATTEMPTS = 5
_SHEET = {
    f"factors[{place}].{field}": value
    for place in range(len(FACTORS))
    for field, value in (("rating", "NO_CONCERN"), ("comment", "未发现风险。"))
}

_TABS = [
    f"case.tab_{name}"
    for name in (
        "dossier", "attachments", "classification", "screening", "consultation", "decision", "time", "history",
        "notes",
    )
]  # fmt: skip


class Reviewer:
    """A reviewer at a case, or at the task of an agency on it."""

    def __init__(self, person: Person, application_id: str) -> None:
        self.person = person
        self.address = f"/cases/{application_id}"

    def find_in_queue(self, number: str) -> None:
        """Narrows the queue down to the case once it is there, and opens it."""
        person = self.person
        person.open("/cases")
        person.fill({"query": number})
        person.press("queue.button")
        person.wait_until(f"case {number}", lambda: person.main.get_by_role("link", name=number).count() > 0)
        person.follow(number)
        assert person.path == self.address

    def open(self) -> None:
        """Opens the case."""
        self.person.open(self.address)

    def wait_for_offer(self, key: str) -> None:
        """Loads the page of the case until it offers an act."""
        self.person.open(self.address)
        if not self.person.offers(key):
            self.person.wait_until(self.person.words(key), lambda: self.person.offers(key))

    def act(
        self, offer: str, confirm: str, answers: dict[str, str] | None = None, *, wrongly: bool = False
    ) -> None:
        """Does what the page of the case offers; `answers` go into its form, where it has one.

        The procedure works on the case beside people, so that it may have changed meanwhile: then once more.
        """
        self.wait_for_offer(offer)
        self.person.press(offer)
        self.finish(confirm, answers, wrongly=wrongly)
        assert self.person.path == self.address, self.person.page.url

    def finish(self, confirm: str, answers: dict[str, str] | None, *, wrongly: bool = False) -> None:
        """Fills in the form that is open, checks and confirms."""
        person = self.person
        if answers is not None:
            if wrongly:
                person.press("acting.check")
                person.is_faulted({})
            person.fill(answers)
            person.press("acting.check")
        for _ in range(_ATTEMPTS):
            person.press(confirm)
            if person.main.locator(".portal-refusal:not(.portal-refusal--calm)").count() == 0:
                return
            if answers is not None:
                person.press("acting.check")
        raise AssertionError(f"refused {_ATTEMPTS} times at {person.page.url}")

    def forward(self, opinion: str, *, wrongly: bool = False) -> None:
        """Forwards to the ministry."""
        self.act("panel.case_forward", "act_forward.confirm", {"opinion": opinion}, wrongly=wrongly)

    def accept(self) -> None:
        """Accepts."""
        self.act("panel.case_accept", "act_accept.confirm")

    def consult(self) -> list[str]:
        """Consults every agency of the computed route; returns their codes."""
        self.wait_for_offer("panel.case_consult")
        self.person.press("panel.case_consult")
        agencies = self.person.main.locator(
            ".portal-agency:not(details .portal-agency) input[name$='.agency']"
        ).evaluate_all("all => all.map(one => one.value)")
        self.finish("act_consult.confirm", {})
        return list(agencies)

    def give_opinion(self, *, with_condition: bool, wrongly: bool = False) -> None:
        """Gives the opinion of an agency, from the list of its tasks."""
        person = self.person
        person.open("/tasks")
        link = person.main.locator(f"a[href$='{self.address}']")
        person.wait_until("the task", lambda: link.count() > 0)
        person.follow_to(link)
        person.press("panel.case_task")
        person.press("task.answer")
        answers = {
            "opinion": "APPROVE_WITH_CONDITIONS" if with_condition else "NO_OBJECTION",
            "reasons": "最终用户可核实，用途为民用。",
            **_SHEET,
        }
        if with_condition:
            answers |= {"conditions[0].text_zh": CONDITION[0], "conditions[0].text_en": CONDITION[1]}
        self.finish("act_opinion.confirm", answers, wrongly=wrongly)

    def stop_the_clock(self, *, wrongly: bool = False) -> None:
        """Asks for an expert opinion."""
        answers = {"reason": "EXPERT_OPINION", "note": "请专家评估钨粉粒度与用途是否相符。"}
        self.act("panel.case_start_exclusion", "act_start_exclusion.confirm", answers, wrongly=wrongly)

    def let_the_clock_run_on(self, *, wrongly: bool = False) -> None:
        """Records the expert opinion."""
        answers = {"result": "专家认为数量与民用刀片产能相符。"}
        self.act("panel.case_end_exclusion", "act_end_exclusion.confirm", answers, wrongly=wrongly)

    def propose_grant(self, *, wrongly: bool = False) -> None:
        """Proposes to grant, with the eight factors assessed."""
        reasons = "最终用户为民用硬质合金刀具企业，用途与数量相符，各部门无异议。"
        answers = {"outcome": "GRANT", "reasons": reasons, **_SHEET}
        self.act("panel.case_propose", "act_propose.confirm", answers, wrongly=wrongly)

    def countersign(self, *, wrongly: bool = False) -> None:
        """Agrees as the second pair of eyes."""
        answers = {"choice": "agree", "comment": "同意。"}
        self.act("panel.case_countersign", "act_countersign.agree", answers, wrongly=wrongly)

    def read_everything(self) -> None:
        """Turns every leaf of the case, writes a note and takes the case."""
        person = self.person
        for key in _TABS:
            person.follow(person.words(key))
        person.press("case.note_button")
        person.is_faulted({})
        person.fill({"text": "合同与证明文件中的最终用户名称一致。"})
        person.press("case.note_button")
        person.open(f"{self.address}/print")
        self.open()

    def wait_for_licence(self) -> str:
        """Loads the case until its licence is issued; returns the number."""
        person = self.person
        link = person.main.locator("a[href*='/licences/']")
        person.open(self.address)
        person.wait_until("the licence", lambda: link.count() > 0)
        return link.first.inner_text().strip()


def review_and_grant(
    who: Callable[[str], Person], application_id: str, number: str, *, thoroughly: bool = False
) -> str:
    """Province, ministry, agencies and the second officer; returns the number of the licence.

    `thoroughly` also makes the mistakes that can be made, and stops the clock for an expert opinion.
    """
    province = Reviewer(who("jiangsu.province"), application_id)
    province.find_in_queue(number)
    province.forward("材料齐全，经核实企业与用途，拟同意，转报商务部。", wrongly=thoroughly)
    officer = Reviewer(who("ministry.officer"), application_id)
    second = Reviewer(who("ministry.second"), application_id)
    if thoroughly:
        _be_too_late(officer, second)
    else:
        officer.accept()
    agencies = officer.consult()
    assert agencies
    if thoroughly:
        officer.stop_the_clock(wrongly=True)
        officer.let_the_clock_run_on(wrongly=True)
    for place, agency in enumerate(agencies):
        reviewer = Reviewer(who(f"{agency.lower()}.reviewer"), application_id)
        reviewer.give_opinion(with_condition=place == 0, wrongly=thoroughly and place == 0)
    if thoroughly:
        officer.wait_for_offer("panel.case_propose")
        officer.read_everything()
        keep_for_readme(officer.person, "case")
    officer.propose_grant(wrongly=thoroughly)
    second.countersign(wrongly=thoroughly)
    return officer.wait_for_licence()


def _be_too_late(first: Reviewer, late: Reviewer) -> None:
    """Both officers are about to accept; the one who is late is told how things stand."""
    late.wait_for_offer("panel.case_accept")
    late.person.press("panel.case_accept")
    first.accept()
    late.person.press("act_accept.confirm")
    late.person.reads(late.person.words("acting.refused"))
