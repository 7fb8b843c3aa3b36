"""The tree against the recursive definitions of RFC 9162, the published vectors, and forgers."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.merkle import (
    EMPTY_ROOT,
    CompactRange,
    NodeReader,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of_stored,
    stored_count,
    stored_position,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs and the roots of their prefixes that Certificate Transparency publishes with RFC 6962,
# whose hashing RFC 9162 keeps.
PUBLISHED_INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
PUBLISHED_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def split(number: int) -> int:
    """The largest power of two below the number, found the slow way."""
    power = 1
    while power * 2 < number:
        power *= 2
    return power


def defined_root(data: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 2.1.1, word for word."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = split(len(data))
    return hashlib.sha256(b"\x01" + defined_root(data[:k]) + defined_root(data[k:])).digest()


def defined_path(m: int, data: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 9162 2.1.3.1, word for word."""
    if len(data) == 1:
        return []
    k = split(len(data))
    if m < k:
        return [*defined_path(m, data[:k]), defined_root(data[k:])]
    return [*defined_path(m - k, data[k:]), defined_root(data[:k])]


def defined_subproof(m: int, data: Sequence[bytes], known: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162 2.1.4.1, word for word."""
    if m == len(data):
        return [] if known else [defined_root(data)]
    k = split(len(data))
    if m <= k:
        return [*defined_subproof(m, data[:k], known), defined_root(data[k:])]
    return [*defined_subproof(m - k, data[k:], False), defined_root(data[:k])]


def stored(data: Sequence[bytes]) -> tuple[CompactRange, list[bytes]]:
    tree, nodes = CompactRange(), []
    for item in data:
        nodes += tree.append(leaf_hash(item))
    return tree, nodes


def reader(nodes: list[bytes]) -> NodeReader:
    return lambda level, index: nodes[stored_position(level, index)]


DATA = [f"event {number}".encode() for number in range(64)]
_, NODES = stored(DATA)
NODE = reader(NODES)


def test_published_roots() -> None:
    tree = CompactRange()
    assert tree.root() == EMPTY_ROOT
    for item, root in zip(PUBLISHED_INPUTS, PUBLISHED_ROOTS, strict=True):
        tree.append(leaf_hash(item))
        assert tree.root().hex() == root


def test_published_proofs() -> None:
    _, nodes = stored(PUBLISHED_INPUTS)
    node = reader(nodes)
    assert [head.hex() for head in inclusion_proof(5, 8, node)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [head.hex() for head in consistency_proof(6, 8, node)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_size_to_64_by_the_definitions() -> None:
    tree = CompactRange()
    assert root_of_stored(0, NODE) == defined_root([])
    for size in range(1, 65):
        tree.append(leaf_hash(DATA[size - 1]))
        root = defined_root(DATA[:size])
        assert tree.root() == root
        assert root_of_stored(size, NODE) == root
        assert CompactRange.of_stored(size, NODE).root() == root
        for index in range(size):
            path = inclusion_proof(index, size, NODE)
            assert path == defined_path(index, DATA[:size])
            assert verify_inclusion(leaf_hash(DATA[index]), index, size, path, root)
        for old in range(1, size):
            proof = consistency_proof(old, size, NODE)
            assert proof == defined_subproof(old, DATA[:size], True)
            assert verify_consistency(old, defined_root(DATA[:old]), size, root, proof)


def test_subtrees_are_stored_in_the_order_they_are_finished() -> None:
    assert len(NODES) == stored_count(64) == 127
    positions = {
        stored_position(level, index): defined_root(DATA[index << level : (index + 1) << level])
        for level in range(7)
        for index in range(64 >> level)
    }
    assert [positions[position] for position in range(127)] == NODES


def test_trivial_consistency() -> None:
    root = defined_root(DATA[:5])
    assert verify_consistency(0, EMPTY_ROOT, 5, root, [])
    assert verify_consistency(5, root, 5, root, [])
    assert not verify_consistency(0, root, 5, root, [])
    assert not verify_consistency(5, root, 5, EMPTY_ROOT, [])
    assert not verify_consistency(6, root, 5, root, [])
    assert not verify_consistency(3, defined_root(DATA[:3]), 5, root, [])
    assert consistency_proof(0, 5, NODE) == consistency_proof(5, 5, NODE) == []


def test_sizes_that_cannot_be_are_refused() -> None:
    for ask in (
        lambda: inclusion_proof(5, 5, NODE),
        lambda: inclusion_proof(-1, 5, NODE),
        lambda: consistency_proof(6, 5, NODE),
        lambda: CompactRange(3, [EMPTY_ROOT]),
    ):
        with pytest.raises(ValueError):
            ask()
    assert not verify_inclusion(leaf_hash(b""), 5, 5, [], EMPTY_ROOT)


def test_a_leaf_does_not_pass_as_an_inner_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


@st.composite
def inclusions(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(2, 64))
    return draw(st.integers(0, size - 1)), size


def flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8 % len(value)] ^= 1 << bit % 8
    return bytes(changed)


BITS = st.integers(0, 255)


@given(inclusions(), st.data())
def test_no_changed_inclusion_proof_passes(place: tuple[int, int], data: st.DataObject) -> None:
    index, size = place
    leaf, root = leaf_hash(DATA[index]), defined_root(DATA[:size])
    path = inclusion_proof(index, size, NODE)
    step = data.draw(st.integers(0, len(path) - 1))
    bit = data.draw(BITS)
    forged = [flipped(head, bit) if number == step else head for number, head in enumerate(path)]
    assert not verify_inclusion(leaf, index, size, forged, root)
    assert not verify_inclusion(flipped(leaf, bit), index, size, path, root)
    assert not verify_inclusion(leaf, index, size, path, flipped(root, bit))
    assert not verify_inclusion(leaf, index, size, path[:step] + path[step + 1 :], root)
    assert not verify_inclusion(leaf, index, size, [*path[:step], EMPTY_ROOT, *path[step:]], root)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    assert not verify_inclusion(leaf, other, size, path, root)


@given(st.integers(1, 63), st.data())
def test_no_changed_consistency_proof_passes(old: int, data: st.DataObject) -> None:
    new = data.draw(st.integers(old + 1, 64))
    old_root, new_root = defined_root(DATA[:old]), defined_root(DATA[:new])
    proof = consistency_proof(old, new, NODE)
    step, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(BITS)
    forged = [flipped(head, bit) if number == step else head for number, head in enumerate(proof)]
    assert not verify_consistency(old, old_root, new, new_root, forged)
    assert not verify_consistency(old, flipped(old_root, bit), new, new_root, proof)
    assert not verify_consistency(old, old_root, new, flipped(new_root, bit), proof)
    assert not verify_consistency(old, old_root, new, new_root, proof[:step] + proof[step + 1 :])
    assert not verify_consistency(old, old_root, new, new_root, [*proof, EMPTY_ROOT])


@given(st.integers(0, 63), st.integers(0, 63), BITS)
def test_a_rewritten_history_is_not_consistent(rewritten: int, old: int, bit: int) -> None:
    history = [*DATA[:rewritten], flipped(DATA[rewritten], bit), *DATA[rewritten + 1 :]]
    _, nodes = stored(history)
    proof = consistency_proof(old, 64, reader(nodes))
    extends = verify_consistency(old, defined_root(DATA[:old]), 64, defined_root(history), proof)
    assert extends is (rewritten >= old)
