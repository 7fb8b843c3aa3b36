"""The proof that one event is in the sealed log."""

from dataclasses import dataclass

from services.foundation.audit_log.comparison import stretches
from services.foundation.audit_log.entry import AuditRow, entry_bytes, entry_position
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.signed_note import VerifierKey
from services.foundation.audit_log.statements import Checkpoint, SignedCheckpoint
from services.foundation.merkle import inclusion_proof, leaf_hash, verify_inclusion


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A path from the leaf of an event to the root that a signed checkpoint states (RFC 9162 2.1.3)."""

    index: int
    leaf_hash: bytes
    path: tuple[bytes, ...]
    signed: SignedCheckpoint


class NotAsSealed(Exception):
    """The log holds another entry in the place of the row: what is now stored was not what was sealed."""


def prove_inclusion(log: SealedLog, row: AuditRow) -> InclusionProof | None:
    """The proof for the event of a row under the newest checkpoint; None while it is not sealed.

    Raises NotAsSealed when the row was altered since; `verification` tells the whole story.
    """
    signed = log.latest_signed()
    size = signed.checkpoint.size
    entry = entry_bytes(row)
    for stretch in reversed(stretches(log.epochs(), size)):
        for begin, end in ((stretch.begin, stretch.leftovers_from), (stretch.leftovers_from, stretch.end)):
            index = log.find(entry_position(entry), begin, end)
            if index is not None:
                if log.entry(index) != entry:
                    raise NotAsSealed(row[2])
                path = inclusion_proof(index, size, log.node)
                return InclusionProof(index, leaf_hash(entry), tuple(path), signed)
    return None


def check_inclusion(proof: InclusionProof, row: AuditRow, key: VerifierKey) -> bool:
    """Whether the proof shows the event of a row to be under a checkpoint signed by the key.

    The leaf hash is computed from the row and not taken from the proof. Raises InvalidNote when the
    checkpoint is not signed by the key.
    """
    checkpoint = Checkpoint.parse(key.open(proof.signed.note))
    leaf = leaf_hash(entry_bytes(row))
    return checkpoint.origin == key.name and verify_inclusion(
        leaf, proof.index, checkpoint.size, proof.path, checkpoint.root
    )
