"""Two people settle what the words of the law mean, once for every item."""

from datetime import timedelta

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as messages

from services.classification.upkeep import Upkeep
from tests.contract.classification.control_lists.cases import NOW, keep, stamp
from tests.contract.classification.lists import Person, refusal
from tests.support.services import SettableClock

MPCVD = cl.Item(
    kind=cl.ITEM_KIND_GOODS,
    name_zh="微波等离子体化学气相沉积（MPCVD）设备",
    parameters=[
        cl.Parameter(name="微波功率", value="10", unit="千瓦"),
        cl.Parameter(name="微波频率", value="915", unit="兆赫"),
    ],
)


def test_an_interpretation_of_two_people_settles_a_question_for_every_item(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, clock: SettableClock
) -> None:
    first = keep(procedure, MPCVD, "applications/a/1/0")
    assert first.overall == cl.OUTCOME_NEEDS_INFORMATION
    proposal = editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_TRUE)
    assert proposal.interpretation.path == "2024-33/2B005"
    assert proposal.interpretation.answer == cl.TRUTH_TRUE
    assert refusal(lambda: editor.activate(proposal)).reason == "FOUR_EYES"
    (change,) = second.outcome_changes(proposal)
    assert (change.subject, change.before) == ("applications/a/1/0", cl.OUTCOME_NEEDS_INFORMATION)
    assert second.read(proposal).outcome_changes == 1
    clock.advance(timedelta(hours=1))
    second.activate(proposal)
    now = editor.classification.Classify(cl.ClassifyRequest(item=MPCVD))
    settled = {
        line.interpretation for line in now.candidates[0].conditions if line.about == "microwave_power"
    }
    assert settled == {"民法典第一千二百五十九条"}
    assert now.overall == change.after != cl.OUTCOME_NEEDS_INFORMATION
    # Before its day, and by what was known before, the question is open as it was.
    earlier = editor.classification.Classify(cl.ClassifyRequest(item=MPCVD, as_of="2025-12-31"))
    assert earlier.overall == cl.OUTCOME_NEEDS_INFORMATION
    replayed = editor.classification.Classify(
        cl.ClassifyRequest(item=MPCVD, as_of=first.as_of, known_at=first.known_at)
    )
    assert replayed == first
    assert upkeep.run_once() == 1
    (task,) = editor.tasks()
    assert task.change == change
    listed = editor.lists.ListInterpretations(messages.ListInterpretationsRequest(control_code="2b005"))
    assert [(each.activated_by, each.basis) for each in listed.interpretations] == [
        ("editor-2", "民法典第一千二百五十九条")
    ]
    before = messages.ListInterpretationsRequest(known_at=stamp(NOW))
    assert not editor.lists.ListInterpretations(before).interpretations

    opened = second.interpret("2B005", "boundary:microwave_power", cl.TRUTH_UNKNOWN)
    editor.activate(opened)
    again = editor.classification.Classify(cl.ClassifyRequest(item=MPCVD))
    assert again.overall == cl.OUTCOME_NEEDS_INFORMATION


LIGHT_TUNGSTEN = cl.Item(
    kind=cl.ITEM_KIND_GOODS,
    name_zh="钨镍铁合金",
    parameters=[
        cl.Parameter(name="密度", value="10", unit="g/cm3"),
        cl.Parameter(name="弹性极限", value="100", unit="MPa"),
        cl.Parameter(name="极限抗拉强度", value="100", unit="MPa"),
        cl.Parameter(name="延伸率", value="1", unit="%"),
    ],
)


def test_a_limit_that_the_law_has_given_up_clears_nothing(editor: Person, second: Person) -> None:
    def outcome() -> "cl.Outcome.ValueType":
        answer = editor.classification.Classify(cl.ClassifyRequest(item=LIGHT_TUNGSTEN))
        return next(each.outcome for each in answer.candidates if each.entry.control_code == "1C004")

    assert outcome() == cl.OUTCOME_NOT_CONTROLLED_FOR_ENTRY
    # A better translation changes no law.
    second.activate(editor.bring_in("identifier,announcement,name_en\n1C004,2025-10,tungsten alloys\n"))
    assert outcome() == cl.OUTCOME_NOT_CONTROLLED_FOR_ENTRY
    amended = "identifier,announcement,parameters_zh\n1C004,2026-80,密度大于5g/cm³\n"
    second.activate(editor.bring_in(amended))
    # The rule of the program still says 17.5 g/cm³; the words that count no longer do.
    assert outcome() == cl.OUTCOME_NEEDS_INFORMATION


def test_only_a_question_of_the_rule_can_be_settled(editor: Person, second: Person) -> None:
    for code, question, field, reason in (
        ("1C117.d.1", "boundary:density", "control_code", "ENTRY_WITHOUT_RULE"),
        ("2B005", "boundary:density", "question", "QUESTION_NOT_OF_RULE"),
        # A fact of one item, whatever the answer.
        ("1C117.b", "missile_parts", "question", "QUESTION_OF_ONE_ITEM"),
        ("2C902.c", "further_conditions", "question", "QUESTION_OF_ONE_ITEM"),
    ):
        error = refusal(lambda code=code, question=question: editor.interpret(code, question, cl.TRUTH_FALSE))
        assert [(each.field, each.reason) for each in error.violations] == [(field, reason)]
    error = refusal(
        lambda: editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_TRUE, path="2024-33/2B006")
    )
    assert [each.reason for each in error.violations] == ["QUESTION_PATH_UNKNOWN"]
    for code in ("1C117.b", "2C902.c"):
        asked = editor.lists.ListInterpretations(messages.ListInterpretationsRequest(control_code=code))
        assert not asked.questions
    one = editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_TRUE)
    other = editor.interpret("2B005", "boundary:microwave_power", cl.TRUTH_FALSE)
    second.activate(one)
    assert refusal(lambda: second.activate(other)).reason == "PROPOSAL_BASE_CHANGED"
