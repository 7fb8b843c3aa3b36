"""Items that were classified are held against every later list: seen before activation, tasks after it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as messages

from services.classification import reclassification, stored_items
from services.classification.domain.index import ListIndex
from services.classification.domain.item import Item, Nature
from services.classification.domain.outcomes import Outcome
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.reference_files import read_search_policy
from services.classification.service import classify_item
from services.classification.upkeep import Upkeep
from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from tests.contract.classification.control_lists.cases import APT, HAFNIUM, HEADER, NEW, NOW, keep, stamp
from tests.contract.classification.lists import REGIME, Person, refusal
from tests.support import identity
from tests.support.services import SettableClock, call_of, request_id


def test_stored_items_are_shown_before_activation_and_raise_tasks_after_it(
    editor: Person,
    second: Person,
    procedure: Person,
    upkeep: Upkeep,
    database: Database,
    clock: SettableClock,
) -> None:
    first = keep(procedure, APT, "applications/a/1/0")
    assert first.overall == cl.OUTCOME_CONTROLLED
    keep(procedure, HAFNIUM, "products/1")
    proposal = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")
    assert upkeep.run_once() == 0
    (change,) = editor.outcome_changes(proposal)
    assert (change.subject, change.item_name_zh, change.before) == (
        "applications/a/1/0",
        "仲钨酸铵",
        cl.OUTCOME_CONTROLLED,
    )
    assert change.after != cl.OUTCOME_CONTROLLED
    assert list(change.codes_before) == ["1C117.d.1"]
    assert second.read(proposal).outcome_changes == 1
    assert not editor.tasks()

    clock.advance(timedelta(hours=1))
    second.activate(proposal)
    assert upkeep.run_once() == 2
    (task,) = editor.tasks()
    assert (task.change, task.list_version) == (change, proposal.list_version)
    assert upkeep.run_once() == 0
    with database.begin(call_of(identity.EXPORTER)) as work:
        stored = stored_items.find(work, "applications/a/1/0")
        assert stored is not None
        assert (stored.outcome_changed, stored.outcome_before.name) == (True, "CONTROLLED")
        assert stored.list_versions == (proposal.list_version,)
        history = stored_items.history(work, "applications/a/1/0")
        assert [run.conclusion.outcome.name for run in history] == [
            "CONTROLLED",
            stored.conclusion.outcome.name,
        ]
        # What came after it was read is not seen.
        assert not stored_items.acknowledge(work, replace(stored, list_versions=("an earlier one",)))
        assert stored_items.find(work, "applications/a/1/0") == stored
        assert stored_items.acknowledge(work, stored)
        again = stored_items.find(work, "applications/a/1/0")
        assert again is not None
        assert not again.outcome_changed
    with database.begin(call_of(identity.OTHER_EXPORTER)) as work:
        assert stored_items.find_many(work, ["applications/a/1/0", "products/1"]) == {}
    replayed = editor.classification.Classify(
        cl.ClassifyRequest(item=APT, as_of=history[0].as_of.isoformat(), known_at=stamp(history[0].known_at))
    )
    assert replayed == first

    settled = editor.lists.SettleReclassificationTask(
        messages.SettleReclassificationTaskRequest(
            request_id=request_id(), task_id=task.task_id, etag=task.etag, settlement="Told the applicant"
        )
    )
    assert (settled.settled_by, settled.settlement) == ("editor-1", "Told the applicant")
    assert not editor.tasks()
    assert [each.task_id for each in editor.tasks(settled=True)] == [task.task_id]
    one = messages.GetReclassificationTaskRequest(task_id=task.task_id)
    assert editor.lists.GetReclassificationTask(one) == settled
    one.task_id = "00000000-0000-0000-0000-000000000000"
    assert refusal(lambda: editor.lists.GetReclassificationTask(one)).code is ErrorCode.NOT_FOUND
    error = refusal(
        lambda: editor.lists.SettleReclassificationTask(
            messages.SettleReclassificationTaskRequest(
                request_id=request_id(), task_id=task.task_id, etag=settled.etag, settlement="Again"
            )
        )
    )
    assert error.reason == "TASK_SETTLED_ALREADY"


def test_an_item_that_matters_no_longer_is_left_alone(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, database: Database
) -> None:
    keep(procedure, APT, "applications/a/1/0")
    with database.begin(call_of(identity.PROCEDURE)) as work:
        stored_items.close(work, "applications/a/1/0")
    proposal = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")
    assert not editor.outcome_changes(proposal)
    second.activate(proposal)
    assert upkeep.run_once() == 0
    assert not editor.tasks()


def test_a_day_alone_changes_what_an_item_comes_to(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, clock: SettableClock
) -> None:
    second.activate(editor.bring_in(HEADER + NEW.replace("2026-11-01", "2026-11-25")))
    keep(procedure, HAFNIUM, "products/1")
    assert upkeep.run_once() == 0
    clock.advance(timedelta(days=3))
    assert upkeep.run_once() == 1
    assert not editor.tasks()
    clock.advance(timedelta(days=1))
    assert upkeep.run_once() == 1
    (task,) = editor.tasks()
    assert (task.change.after, list(task.change.codes_after)) == (cl.OUTCOME_CONTROLLED, ["3C909"])


def test_only_the_procedure_keeps_a_classification_for_a_subject(editor: Person, procedure: Person) -> None:
    error = refusal(lambda: keep(editor, APT, "applications/a/1/0"))
    assert (error.code, error.reason) == (
        ErrorCode.PERMISSION_DENIED,
        "CLASSIFICATION_SUBJECT_OF_PROCEDURE",
    )
    error = refusal(
        lambda: procedure.classification.Classify(
            cl.ClassifyRequest(item=APT, subject="applications/a/1/0", known_at=stamp(NOW))
        )
    )
    assert [each.reason for each in error.violations] == ["CLASSIFICATION_KEPT_AS_KNOWN_NOW"]


def test_what_takes_effect_later_is_shown_before_activation_with_its_day(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep, clock: SettableClock
) -> None:
    keep(procedure, APT, "products/1")
    keep(procedure, HAFNIUM, "products/2")
    coming = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-12-15", "2027-12-14")
    (change,) = editor.outcome_changes(coming)
    assert (change.subject, change.before, change.since) == (
        "products/1",
        cl.OUTCOME_CONTROLLED,
        "2026-12-15",
    )
    assert second.read(coming).outcome_changes == 1
    second.activate(coming)
    assert upkeep.run_once() == 2
    assert not editor.tasks()
    # A new entry that is announced for a later day.
    new = editor.bring_in(HEADER + NEW.replace("2026-11-01", "2027-03-01"))
    assert [(each.subject, each.since, each.after) for each in editor.outcome_changes(new)] == [
        ("products/2", "2027-03-01", cl.OUTCOME_CONTROLLED)
    ]
    # On its day each comes true, and the task says of what.
    clock.instant = datetime(2026, 12, 14, 16, 0, tzinfo=UTC)
    assert upkeep.run_once() == 2
    (task,) = editor.tasks()
    assert (task.change.subject, task.change.after, task.change.since) == ("products/1", change.after, "")


def test_a_step_that_is_repeated_hides_no_change_and_opens_nothing_again(
    editor: Person, second: Person, procedure: Person, upkeep: Upkeep
) -> None:
    application = request_id()
    subject = f"applications/{application}/1/0"
    keep(procedure, APT, subject)
    second.activate(editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20"))
    # The procedure tries again what it did before, and before the upkeep came to it.
    assert keep(procedure, APT, subject).overall != cl.OUTCOME_CONTROLLED
    assert upkeep.run_once() == 1
    (task,) = editor.tasks()
    assert (task.change.subject, task.change.before) == (subject, cl.OUTCOME_CONTROLLED)
    procedure.classification.CloseItems(
        cl.CloseItemsRequest(request_id=request_id(), application_id=application)
    )
    keep(procedure, APT, subject)
    editor.activate(second.state("1C117.d.1", cl.ENTRY_STATUS_IN_FORCE, "2026-11-20"))
    assert upkeep.run_once() == 0
    assert editor.tasks() == [task]


def test_an_item_that_rests_on_an_activation_already_is_not_led_back(
    editor: Person,
    second: Person,
    procedure: Person,
    upkeep: Upkeep,
    database: Database,
    examination: Examination,
) -> None:
    proposal = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")

    class ActivatedMeanwhile(Indexes):
        """What counts is read; then, before the items are claimed, something else comes to count."""

        def among(self, *asked: object, **named: object) -> list[ListIndex]:
            found = super().among(*asked, **named)  # type: ignore[arg-type]
            second.activate(proposal)
            keep(procedure, APT, "products/1")
            return found

    with database.begin(call_of(identity.LIST_EDITOR)) as work:
        reclassification.reclassify_some(work, ActivatedMeanwhile(read_search_policy()), examination)
    assert not editor.tasks()
    assert upkeep.run_once() == 0
    with database.begin(call_of(identity.AUDITOR)) as work:
        stored = stored_items.find(work, "products/1")
    assert stored is not None
    assert stored.list_versions == (proposal.list_version,)


def test_an_item_that_nobody_foresaw_holds_up_no_other(
    editor: Person,
    second: Person,
    procedure: Person,
    upkeep: Upkeep,
    database: Database,
    indexes: Indexes,
    examination: Examination,
) -> None:
    keep(procedure, APT, "products/2")
    with database.begin(call_of(identity.PROCEDURE)) as work:
        item = Item(Nature.GOODS, "仲钨酸铵", "", "", "", "", "", ())
        answer = classify_item(work, indexes, examination, item, None, REGIME)
        # There never was such a regime; nothing can be asked of it.
        stored_items.keep(work, "products/1", "91320100MA1XUKE016", item, answer, "vanished")
    second.activate(editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20"))
    assert upkeep.run_once() == 2
    assert upkeep.run_once() == 0
    with database.begin(call_of(identity.AUDITOR)) as work:
        kept = stored_items.find_many(work, ["products/1", "products/2"])
    assert kept["products/1"].conclusion.outcome is Outcome.NEEDS_INFORMATION
    assert kept["products/2"].conclusion.outcome is not Outcome.CONTROLLED
