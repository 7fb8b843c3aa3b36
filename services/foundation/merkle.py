"""Merkle trees of an append-only log, by RFC 9162 section 2.1 with SHA-256.

The tree is never held as a whole. Appending a leaf finishes some subtrees whose heads never change
again; they are handed out in the order in which they are finished, so that whoever stores them one
after another can later find any of them by its position and prove anything about any earlier size.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"

NodeReader = Callable[[int, int], bytes]
"""Reads the head of the complete subtree at a level (0 is the leaves) with an index on that level."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf; its prefix keeps a leaf from passing as an inner node."""
    return hashlib.sha256(_LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over the heads of its two subtrees."""
    return hashlib.sha256(_NODE + left + right).digest()


def stored_count(size: int) -> int:
    """How many heads of complete subtrees, leaves among them, a tree of this size has finished."""
    return 2 * size - size.bit_count()


def stored_position(level: int, index: int) -> int:
    """The position, from zero, of a complete subtree in the order in which subtrees are finished."""
    last_leaf = ((index + 1) << level) - 1
    return stored_count(last_leaf) + level


class CompactRange:
    """The heads of the complete subtrees that make up a tree: all that appending needs to know."""

    def __init__(self, size: int = 0, heads: Sequence[bytes] = ()) -> None:
        """Start from a tree of `size` leaves whose complete subtrees, left to right, have `heads`."""
        if size < 0 or len(heads) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves does not have {len(heads)} complete subtrees")
        self.size = size
        self._heads = list(heads)

    @classmethod
    def of_stored(cls, size: int, node: NodeReader) -> "CompactRange":
        """The range of a tree whose subtrees are stored, read without touching its leaves."""
        heads = []
        begin = 0
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                heads.append(node(level, begin >> level))
                begin += 1 << level
        return cls(size, heads)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add a leaf by its hash; return the heads this finished: the leaf, then its ancestors."""
        finished = [leaf]
        head = leaf
        for _ in range(((self.size + 1) & -(self.size + 1)).bit_length() - 1):
            head = node_hash(self._heads.pop(), head)
            finished.append(head)
        self._heads.append(head)
        self.size += 1
        return finished

    def root(self) -> bytes:
        """The head of the whole tree (RFC 9162 2.1.1)."""
        if not self._heads:
            return EMPTY_ROOT
        head = self._heads[-1]
        for left in reversed(self._heads[:-1]):
            head = node_hash(left, head)
        return head


def root_of_stored(size: int, node: NodeReader) -> bytes:
    """The head of the tree of the first `size` leaves."""
    return EMPTY_ROOT if size == 0 else _head(0, size, node)


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """The path that proves leaf `index` to be in the tree of `size` leaves (RFC 9162 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _largest_power_of_two_below(end - begin)
        if index < middle:
            path.append(_head(middle, end, node))
            end = middle
        else:
            path.append(_head(begin, middle, node))
            begin = middle
    path.reverse()
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves the leaf hash at `index` under the root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last = index, size - 1
    head = leaf
    for sibling in path:
        if last == 0:
            return False
        if position & 1 or position == last:
            head = node_hash(sibling, head)
            while not position & 1 and position != 0:
                position, last = position >> 1, last >> 1
        else:
            head = node_hash(head, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and head == root


def consistency_proof(old_size: int, new_size: int, node: NodeReader) -> list[bytes]:
    """The proof that the tree of `old_size` leaves is a prefix of that of `new_size` (RFC 9162 2.1.4.1).

    Empty for equal sizes and for an empty old tree, of which every tree is an extension.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError(f"a tree of {old_size} leaves is not a prefix of one of {new_size}")
    if old_size in (0, new_size):
        return []
    proof: list[bytes] = []
    begin, end = 0, new_size
    while old_size != end:
        middle = begin + _largest_power_of_two_below(end - begin)
        if old_size <= middle:
            proof.append(_head(middle, end, node))
            end = middle
        else:
            proof.append(_head(begin, middle, node))
            begin = middle
    if begin != 0:
        # Where the old tree is itself a complete subtree the verifier already knows its head.
        proof.append(_head(begin, end, node))
    proof.reverse()
    return proof


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows the new tree to extend the old one (RFC 9162 2.1.4.2)."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    heads = list(proof)
    if old_size & (old_size - 1) == 0:
        heads.insert(0, old_root)
    if not heads:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_head = new_head = heads[0]
    for sibling in heads[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_head = node_hash(sibling, old_head)
            new_head = node_hash(sibling, new_head)
            while not position & 1 and position != 0:
                position, last = position >> 1, last >> 1
        else:
            new_head = node_hash(new_head, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old_head == old_root and new_head == new_root


def _largest_power_of_two_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _head(begin: int, end: int, node: NodeReader) -> bytes:
    """The head over leaves `begin` to `end`, a stretch that some tree has as a subtree."""
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, begin >> level)
    middle = begin + _largest_power_of_two_below(size)
    return node_hash(_head(begin, middle, node), _head(middle, end, node))
