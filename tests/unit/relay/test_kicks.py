from hypothesis import given
from hypothesis import strategies as st

from services.foundation.ledger import Kick
from services.relay.kicks import OutboxRow, PendingKick, coalesce

A = Kick("ApplicationWorkflow", "application/a", "licensing")
B = Kick("ApplicationWorkflow", "application/a", "consultation")
C = Kick("LicenceWorkflow", "licence/c", "licensing")


def test_one_kick_for_each_workflow_and_source_with_the_last_sequence() -> None:
    rows = [
        OutboxRow(4, A, 3),
        OutboxRow(1, A, 2),
        OutboxRow(2, B, 1),
        OutboxRow(3, C, 9),
        OutboxRow(5, A, 1),
    ]
    assert coalesce(rows) == [PendingKick(A, 3, (1, 4, 5)), PendingKick(B, 1, (2,)), PendingKick(C, 9, (3,))]
    assert coalesce([]) == []


@given(st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(1, 50)), max_size=40))
def test_no_row_is_lost_or_settled_twice(drawn: list[tuple[Kick, int]]) -> None:
    rows = [OutboxRow(seq, wake, sequence) for seq, (wake, sequence) in enumerate(drawn)]
    kicks = coalesce(rows)
    assert sorted(seq for kick in kicks for seq in kick.rows) == [row.seq for row in rows]
    for kick in kicks:
        assert kick.sequence == max(row.sequence for row in rows if row.wake == kick.wake)
