"""The proof that one event is in the sealed log."""

from dataclasses import dataclass

from services.foundation.audit_log.comparison import stretches
from services.foundation.audit_log.entry import AuditRow, entry_bytes, entry_position
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.signed_note import VerifierKey
from services.foundation.audit_log.statements import Checkpoint
from services.foundation.merkle import inclusion_proof, leaf_hash, verify_inclusion


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A path from the leaf of an event to the root that a signed checkpoint states (RFC 9162 2.1.3)."""

    index: int
    leaf_hash: bytes
    path: tuple[bytes, ...]
    checkpoint_note: str


def prove_inclusion(log: SealedLog, row: AuditRow) -> InclusionProof | None:
    """The proof for the event of a row under the newest checkpoint; None when it was not sealed so.

    An event that was altered after it was sealed has no proof: `verification` says what became of it.
    """
    checkpoint, note = log.latest_signed()
    entry = entry_bytes(row)
    for stretch in reversed(stretches(log.epochs(), checkpoint.size)):
        for begin, end in ((stretch.begin, stretch.leftovers_from), (stretch.leftovers_from, stretch.end)):
            index = log.find(entry_position(entry), begin, end)
            if index is not None and log.entry(index) == entry:
                path = inclusion_proof(index, checkpoint.size, log.node)
                return InclusionProof(index, leaf_hash(entry), tuple(path), note)
    return None


def check_inclusion(proof: InclusionProof, row: AuditRow, key: VerifierKey) -> bool:
    """Whether the proof shows the event of a row to be under a checkpoint signed by the key.

    The leaf hash is computed from the row and not taken from the proof. Raises InvalidNote when the
    checkpoint is not signed by the key.
    """
    checkpoint = Checkpoint.parse(key.open(proof.checkpoint_note))
    leaf = leaf_hash(entry_bytes(row))
    return checkpoint.origin == key.name and verify_inclusion(
        leaf, proof.index, checkpoint.size, proof.path, checkpoint.root
    )
