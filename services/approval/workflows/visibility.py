"""What operators can search for: the state, the last sequence seen, and the next due date of a subject."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.foundation.temporal import DUE_AT, SEQUENCE, STATE


class Visibility:
    """Keeps the search attributes of one workflow in step with the record; writes them only when changed."""

    def __init__(self) -> None:
        self._shown: tuple[str, int, datetime | None] | None = None

    def show(self, state: str, sequence: int, due_at: datetime | None) -> None:
        """Shows where the subject stands."""
        if (state, sequence, due_at) == self._shown:
            return
        self._shown = (state, sequence, due_at)
        due = DUE_AT.value_unset() if due_at is None else DUE_AT.value_set(due_at)
        workflow.upsert_search_attributes([STATE.value_set(state), SEQUENCE.value_set(sequence), due])
