"""What a workflow knows of the events of its subject, and whether it should look again."""

from collections.abc import Mapping
from datetime import timedelta

from temporalio import workflow


class Kicks:
    """The last known sequence of each source of events, and whether a kick told of a later one.

    A kick says that a source has events up to a sequence. It may come late, twice, or not at all: what is
    known already wakes nobody, and everything is read from the record.
    """

    def __init__(self, known: Mapping[str, int] | None) -> None:
        self._known = dict(known or {})
        self._awake = False

    @property
    def known(self) -> dict[str, int]:
        """The last sequence by source, to hand to the next run."""
        return dict(self._known)

    def receive(self, source: str, sequence: int) -> None:
        """Takes note of a kick."""
        if sequence > self._known.get(source, 0):
            self._known[source] = sequence
            self._awake = True

    def begin_pull(self) -> None:
        """From here on only kicks of events that the pull may have missed count."""
        self._awake = False

    def end_pull(self, source: str, sequence: int) -> None:
        """The record was read up to this sequence."""
        self._known[source] = max(sequence, self._known.get(source, 0))

    async def wait(self, timeout: timedelta) -> None:
        """Returns at the next kick that tells something new, or when the time is up."""
        try:
            await workflow.wait_condition(lambda: self._awake, timeout=timeout)
        except TimeoutError:
            # The time being up is one of the two things waited for.
            return
