"""Findings of a case as they are put to reviewers: claimed codes, conditions, hits, factors and changes."""

import pytest
from flask import Flask
from google.protobuf.timestamp_pb2 import Timestamp
from xuke.classification.v1 import classification_pb2 as cl
from xuke.consultation.v1 import consultation_pb2 as co
from xuke.foundation.v1 import foundation_pb2 as f
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.screening.v1 import screening_pb2 as s

from services.portal import formats
from services.portal.case_frame import nearest_due
from services.portal.case_people import person_name
from services.portal.classification_tree import Claim, Standing, claim_of, grow
from services.portal.consultation_board import boards
from services.portal.decision_changes import changed_since_proposal, changes
from services.portal.history_sentences import history_rows, sentence
from services.portal.language import catalogue
from services.portal.screening_sides import sides


@pytest.fixture(autouse=True)
def chinese():
    with Flask("speaks").app_context():
        yield


@pytest.mark.parametrize(
    ("claimed", "found", "said"),
    [
        ("", ["1C117.d.1"], Claim.NONE),
        ("1C117.d.1", ["1C117.d.1", "1C226"], Claim.SAME),
        ("1C117.d", ["1C117.d.1"], Claim.RELATED),
        ("1C117.d.1.a", ["1C117.d.1"], Claim.RELATED),
        ("1C117.d.1", ["1C117.d.10"], Claim.DIFFERENT),
        ("1C117.d.1", [], Claim.DIFFERENT),
    ],
)
def test_a_claimed_code_beside_those_found(claimed: str, found: list[str], said: Claim) -> None:
    assert claim_of(claimed, found) is said


def reason(kind: int, code: str, text: str) -> cl.Reason:
    return cl.Reason(kind=cl.ReasonKind.ValueType(kind), code=code, text=f.LocalizedText(zh=text))


def test_the_tree_says_which_conditions_are_met_and_puts_the_recorded_entry_first() -> None:
    answer = cl.ClassifyResponse(
        overall=cl.OUTCOME_CONTROLLED,
        candidates=[
            cl.Candidate(
                rank=1,
                entry=cl.Entry(control_code="1C226"),
                outcome=cl.OUTCOME_NOT_CONTROLLED_FOR_ENTRY,
                reasons=[reason(cl.REASON_KIND_RULE, "ENTRY_REPEALED", "已失效")],
            ),
            cl.Candidate(
                rank=2,
                entry=cl.Entry(control_code="1C117.d.1"),
                outcome=cl.OUTCOME_CONTROLLED,
                reasons=[
                    reason(cl.REASON_KIND_HS_CODE, "HS_CODE_10", "编号相同"),
                    reason(cl.REASON_KIND_TEXT_ZH, "TEXT_EXACT", "名称相同"),
                    reason(cl.REASON_KIND_TEXT_ZH, "TEXT_EXACT", "名称相同"),
                    reason(cl.REASON_KIND_RULE, "DESCRIPTION_MET", "符合描述"),
                    reason(cl.REASON_KIND_RULE, "A_RULE_OF_LATER", "以后的规则"),
                ],
            ),
        ],
        questions=[
            cl.Question(code="SHOW_DECONTROL", control_code="1C117.d.1", text=f.LocalizedText(zh="除外?")),
            cl.Question(code="CATCH_ALL_TERRORISM", text=f.LocalizedText(zh="恐怖主义?")),
        ],
    )
    recorded = a.ItemClassification(outcome="CONTROLLED", control_codes=["1C117.d.1"])
    tree = grow(d.Item(claimed_control_code="1C226"), recorded, answer)
    first, second = tree.branches
    assert (first.recorded, first.claimed, first.notable) == (True, False, True)
    assert (second.recorded, second.claimed, second.notable) == (False, True, True)
    assert [(one.standing, one.text.zh) for one in first.conditions] == [
        (Standing.MET, "符合描述"),
        (Standing.UNKNOWN, "以后的规则"),
        (Standing.UNKNOWN, "除外?"),
    ]
    assert [one.text.zh for one in first.pointers] == ["编号相同", "名称相同"]
    assert [one.standing for one in second.conditions] == [Standing.NOT_MET]
    assert [one.text.zh for one in tree.questions] == ["恐怖主义?"]
    assert tree.as_recorded
    assert not grow(d.Item(), a.ItemClassification(outcome="NO_ENTRY_FOUND"), answer).as_recorded


def test_a_party_in_several_roles_is_one_side() -> None:
    dossier = d.Dossier(
        applicant=d.Applicant(name_zh="江苏"),
        parties=[
            d.Party(role=d.PARTY_ROLE_IMPORTER, name_en="Acme", country="US"),
            d.Party(role=d.PARTY_ROLE_END_USER, name_en="Acme", country="US"),
            d.Party(role=d.PARTY_ROLE_CONSIGNEE, name_en="Acme", country="DE"),
        ],
    )

    def hit(index: int, verdict: int = s.VERDICT_REVIEW) -> s.Hit:
        return s.Hit(
            party_index=index,
            party_name="Acme",
            list_code="CONTROL",
            entry_id="1",
            verdict=s.Verdict.ValueType(verdict),
        )

    found = sides(
        s.Screening(hits=[hit(1), hit(2), hit(3), hit(9, s.VERDICT_PROHIBITED)]),
        dossier,
        [s.PartyList(list_code="CONTROL", version="1")],
    )
    assert [(one.roles, one.party.country if one.party else "") for one in found] == [
        ((), ""),
        (("IMPORTER", "END_USER"), "US"),
        (("CONSIGNEE",), "DE"),
    ]
    assert found[0].hit.verdict == s.VERDICT_PROHIBITED
    assert found[1].party_list is not None


def test_the_board_has_a_column_for_each_agency_that_assessed() -> None:
    assessed = co.FactorAssessment(factor=co.REVIEW_FACTOR_DESTINATION, rating=co.FACTOR_RATING_MAJOR_CONCERN)
    answered = co.Task(agency="MFA", state=co.TASK_STATE_ANSWERED, factors=[assessed])
    found = boards(
        [
            co.Round(round_number=1),
            co.Round(round_number=2, tasks=[co.Task(agency="MIIT", state=co.TASK_STATE_OPEN), answered]),
        ]
    )
    assert [one.round.round_number for one in found] == [2, 1]
    assert found[0].answered == 1
    assert [task.agency for task in found[0].assessed] == ["MFA"]
    assert len(found[0].factors) == 8
    rated = [row.assessments[0] for row in found[0].factors if row.assessments[0] is not None]
    assert rated == [assessed]
    assert found[1].factors == ()


def test_changes_are_told_in_words() -> None:
    kinds = [
        (a.DIFFERENCE_KIND_SUBMISSION, "", "1", "2"),
        (a.DIFFERENCE_KIND_CLASSIFICATION, "1", "CONTROLLED 1C226", "NEEDS_INFORMATION"),
        (a.DIFFERENCE_KIND_SCREENING, "VERDICT", "CLEAR", "REVIEW"),
        (a.DIFFERENCE_KIND_OPINION, "MFA", "OVERDUE", "REFUSE"),
        (a.DIFFERENCE_KIND_OUTCOME, "", "GRANT", "REFUSE"),
        (a.DIFFERENCE_KIND_FACTOR, "DESTINATION", "NO_CONCERN", "MAJOR_CONCERN"),
        (a.DIFFERENCE_KIND_FACTOR, "DESTINATION.comment", "", "中转风险"),
        (a.DIFFERENCE_KIND_CONDITION, "1", "", "到货报告"),
    ]
    case = a.Case(
        differences=[
            a.Difference(kind=kind, subject=subject, before=before, after=after)
            for kind, subject, before, after in kinds
        ]
    )
    assert [(one.what, one.before, one.after, one.since_proposal) for one in changes(case)] == [
        ("申请材料", "第 1 次提交", "第 2 次提交", True),
        ("归类结果 1", "受管制 1C226", "需补充信息", True),
        ("筛查结果", "未命中", "需人工复核", True),
        ("会商意见：外交部", "逾期未复", "不同意", True),
        ("结论", "准予许可", "不予许可", False),
        ("出口目的国家或者地区", "无问题", "重大关注", False),
        ("出口目的国家或者地区（说明）", "", "中转风险", False),
        ("附加条件 1", "", "到货报告", False),
    ]
    # What is different from the proposal before is no change since the present one.
    assert changed_since_proposal(case) == 4


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("ministry.officer", "周明"),
        ("only.english", "Wu Jun"),
        ("without.name", "without.name"),
        ("never.signed.in", "never.signed.in"),
        ("service:approval", "审批流程"),
        ("service:of-later", "of-later"),
    ],
)
def test_people_and_programs_are_shown_by_their_names(subject: str, said: str) -> None:
    case = a.Case(
        people={
            "ministry.officer": f.LocalizedText(zh="周明", en="Zhou Ming"),
            "only.english": f.LocalizedText(en="Wu Jun"),
            "without.name": f.LocalizedText(),
        }
    )
    assert person_name(case, subject) == said
    # Asking for a name adds none.
    assert len(case.people) == 3


def test_the_history_names_to_whom_a_case_was_given() -> None:
    case = a.Case(people={"ministry.officer": f.LocalizedText(zh="周明")})
    given = {"authority": "MINISTRY", "from": "", "to": "ministry.officer"}
    taken = {"authority": "MINISTRY", "from": "ministry.officer", "to": ""}
    assert sentence(case, a.HistoryEntry(action="assign", details=given)).endswith("：周明")
    assert sentence(case, a.HistoryEntry(action="assign", details=taken)).endswith("：暂不指定")


@pytest.mark.parametrize(
    ("action", "details", "said"),
    [
        ("submit", {"number": "SQ32-1", "submission_number": "1"}, "提交申请（第 1 次提交，编号 SQ32-1）"),
        ("attach", {"kind": "CONTRACT"}, "上传附件：出口合同、协议"),
        ("remind", {"kind": "provincial_review", "reminder_number": "2"}, "第 2 次期限提醒：省级初审"),
        ("start_exclusion", {"reason": "EXPERT_OPINION"}, "暂停计算审查期限：专家评审"),
        (
            "start_consultation",
            {"round_number": "1", "agencies": "MFA MIIT"},
            "决定第 1 轮会商，征求：外交部、工业和信息化部",
        ),
        ("escalate_opinion", {"agency": "MFA"}, "外交部逾期未复，提请督办"),
        ("propose", {"proposal_number": "1", "outcome": "GRANT"}, "第 1 次拟办：准予许可"),
        ("countersign", {}, "复核同意第  次拟办："),
        ("refuse_at_gate", {"verdict": "PROHIBITED"}, "自动核查不予通过，筛查结论：禁止"),
        (
            "refuse_at_gate",
            {"verdict": "CLEAR", "unmet_kinds": "EXPORTER_NOT_DESIGNATED"},
            "自动核查不予通过：申请人未登记为被指定的出口单位（筛查结论另为：未命中）",
        ),
        ("a_deed_of_later", {}, "a_deed_of_later"),
    ],
)
def test_history_is_told_in_sentences(action: str, details: dict[str, str], said: str) -> None:
    assert sentence(a.Case(), a.HistoryEntry(action=action, details=details)) == said


def test_why_the_checks_wait_is_a_sentence() -> None:
    said = sentence(a.Case(), a.HistoryEntry(action="wait", details={"reason": "SCREENING_UNREACHABLE"}))
    assert "SCREENING_UNREACHABLE" not in said


def test_every_action_of_the_ledger_has_a_sentence() -> None:
    words = {key.partition(".")[2] for key in catalogue("words") if key.startswith("Action.")}
    assert {word for word in words if f"history.{word}" not in catalogue("texts")} == set()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1_796_227_200, "2026年12月2日"),
        (1_796_227_199, "2026年12月2日"),
        (1_796_227_201, "2026年12月3日"),
        (0, ""),
    ],
)
def test_a_period_that_ends_at_midnight_ends_on_the_day_before(seconds: int, said: str) -> None:
    assert formats.last_day(Timestamp(seconds=seconds)) == said


@pytest.mark.parametrize(("share", "said"), [("0.8750", "88%"), ("1.0000", "100%"), ("", "")])
def test_shares_are_shown_in_per_cent(share: str, said: str) -> None:
    assert formats.percent(share) == said


def test_what_is_due_next_is_what_has_passed_and_is_still_owed() -> None:
    def deadline(kind: str, state: int, seconds: int, *, owed: bool = False) -> a.Deadline:
        return a.Deadline(
            kind=kind,
            state=a.DeadlineState.ValueType(state),
            due_at=Timestamp(seconds=seconds),
            still_owed=owed,
        )

    passed = deadline("provincial_supplement_notice", a.DEADLINE_STATE_EXPIRED, 10)
    owed = deadline("provincial_review", a.DEADLINE_STATE_EXPIRED, 30, owed=True)
    to_come = deadline("ministry_review", a.DEADLINE_STATE_OPEN, 20)
    unknown = a.Deadline(kind="deliver", state=a.DEADLINE_STATE_OPEN)
    case = a.Case(state=a.APPLICATION_STATE_PROVINCIAL_REVIEW, deadlines=[passed, to_come, owed, unknown])
    due = nearest_due(case)
    assert due is not None
    assert (due.kind, due.overdue) == ("provincial_review", True)
    later = nearest_due(a.Case(state=a.APPLICATION_STATE_ACCEPTED, deadlines=[passed, to_come, unknown]))
    assert later is not None
    assert (later.kind, later.overdue) == ("ministry_review", False)
    assert nearest_due(a.Case(state=a.APPLICATION_STATE_LICENSED, deadlines=[to_come])) is None


def test_what_one_person_did_over_and_over_is_one_line() -> None:
    done = [
        ("create", "a"),
        ("update", "a"),
        ("update", "a"),
        ("update", "b"),
        ("update", "a"),
        ("submit", "a"),
    ]
    history = [
        a.HistoryEntry(
            action=action, actor=actor, actor_role="exporter", occurred_at=Timestamp(seconds=second)
        )
        for second, (action, actor) in enumerate(done, start=1)
    ]
    rows = history_rows(a.Case(history=history))
    assert [(row.entry.action, row.entry.actor, row.count, row.since.seconds) for row in rows] == [
        ("submit", "a", 1, 6),
        ("update", "a", 1, 5),
        ("update", "b", 1, 4),
        ("update", "a", 2, 2),
        ("create", "a", 1, 1),
    ]
