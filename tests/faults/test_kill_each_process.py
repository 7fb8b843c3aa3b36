"""Any one process killed with SIGKILL during story A and started again: nothing lost, nothing twice."""

import threading
from collections.abc import Sequence

import pytest
from xuke.consultation.v1 import consultation_pb2 as c
from xuke.consultation.v1 import consultation_pb2_grpc
from xuke.licensing.v1 import licence_pb2 as li
from xuke.licensing.v1 import licence_pb2_grpc

from services.launcher.demo import story_a
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.narrator import SilentNarrator, Step
from services.launcher.demo.people import ask, stub
from services.launcher.demo.stories import ORGANISATION, declaration_numbers

PROCESSES = (
    "postgres",
    "temporal",
    "issuer",
    "classification",
    "screening",
    "licensing",
    "consultation",
    "sealer",
    "relay",
    "approval",
    "customs",
    "portal",
    "notifier",
)
# The story is long; each process is killed when its work is under way.
KILLED_AFTER_STEP = {
    "classification": 4,
    "screening": 4,
    "issuer": 2,
    "consultation": 9,
    "approval": 7,
    "relay": 7,
    "temporal": 8,
    "licensing": 7,
    "postgres": 8,
    "sealer": 6,
    "customs": 16,
    "portal": 10,
    "notifier": 5,
}
# Steps that change the state, in their order; each must stand in the record exactly once.
ONCE_EACH = (
    "submit",
    "pass_checks",
    "forward",
    "accept",
    "start_consultation",
    "close_consultation",
    "propose",
    "countersign",
    "issue_licence",
)
_numbers = declaration_numbers()


class KillingNarrator(SilentNarrator):
    """Kills a process after a step of the story and starts it again at once, beside the story."""

    def __init__(self, platform, process: str) -> None:
        super().__init__()
        self._platform = platform
        self._process = process
        self._restarting: threading.Thread | None = None

    def step(self, step: Step, seconds: float) -> None:
        super().step(step, seconds)
        if len(self.steps) == KILLED_AFTER_STEP[self._process]:
            self._platform.kill(self._process)
            self._restarting = threading.Thread(target=self._platform.restart, args=(self._process,))
            self._restarting.start()

    def wait_until_restarted(self) -> None:
        assert self._restarting is not None, "the story ended before the process was killed"
        self._restarting.join(timeout=60)
        assert not self._restarting.is_alive()


@pytest.mark.parametrize("process", PROCESSES)
def test_story_a_survives(platform, people, process: str) -> None:
    narrator = KillingNarrator(platform, process)
    cast = Cast(people, narrator)
    number = story_a.play(cast, ORGANISATION, (next(_numbers), next(_numbers), next(_numbers)))
    narrator.wait_until_restarted()
    licences = stub(people, "ministry.officer", "licensing", licence_pb2_grpc.LicenceServiceStub)
    licence = ask(licences.GetLicence, li.GetLicenceRequest(number=number))
    history = cast.ministry.case(licence.application_id).history
    nothing_is_missing_or_twice([entry.sequence for entry in history])
    assert [entry.action for entry in history if entry.action in ONCE_EACH] == list(ONCE_EACH)
    same_application = [
        one
        for one in ask(licences.ListLicences, li.ListLicencesRequest(page_size=200)).licences
        if one.application_id == licence.application_id
    ]
    assert [one.number for one in same_application] == [number]
    rounds = stub(people, "ministry.officer", "consultation", consultation_pb2_grpc.ConsultationServiceStub)
    answer = ask(rounds.ListRounds, c.ListRoundsRequest(application_id=licence.application_id))
    assert [one.round_number for one in answer.rounds] == [1]
    assert all(task.state == c.TASK_STATE_ANSWERED for task in answer.rounds[0].tasks)


def nothing_is_missing_or_twice(sequences: Sequence[int]) -> None:
    assert list(sequences) == list(range(1, len(sequences) + 1))


def test_every_process_of_the_platform_is_killed_once(platform) -> None:
    assert set(platform.process_ids) == set(PROCESSES)
