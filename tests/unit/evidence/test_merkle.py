import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    InclusionChecker,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight-leaf vectors published with the Certificate Transparency reference implementation (RFC 6962 hashing).
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION = [  # leaf index, tree size, path
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCY = [  # old size, size, proof
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
LEAVES = [leaf_hash(data) for data in INPUTS]

sizes = st.integers(1, 70)


def some_leaves(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_roots(size: int) -> None:
    frontier = Frontier()
    for hashed in LEAVES[:size]:
        frontier.append(hashed)
    assert root_of(LEAVES[:size]) == frontier.root() == ROOTS[size - 1]


def test_the_root_of_nothing() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert EMPTY_ROOT.hex() == root_of([]).hex() == Frontier().root().hex() == empty


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_the_published_inclusion_proofs(index: int, size: int, path: list[str]) -> None:
    proof = [bytes.fromhex(step) for step in path]
    assert inclusion_proof(LEAVES[:size], index) == proof
    assert verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size - 1])


@pytest.mark.parametrize(("old_size", "size", "path"), CONSISTENCY)
def test_the_published_consistency_proofs(old_size: int, size: int, path: list[str]) -> None:
    proof = [bytes.fromhex(step) for step in path]
    assert consistency_proof(LEAVES[:size], old_size) == proof
    assert verify_consistency(old_size, ROOTS[old_size - 1], size, ROOTS[size - 1], proof)


@given(st.lists(st.integers(0, 40), max_size=6))
def test_leaves_may_be_added_in_batches_of_any_size(batches: list[int]) -> None:
    leaves = some_leaves(sum(batches))
    frontier = Frontier()
    start = 0
    for count in batches:
        frontier.append_many(leaves[start : start + count])
        frontier = Frontier.parse(frontier.serialise())
        start += count
    assert frontier.size == len(leaves)
    assert frontier.root() == root_of(leaves)


def test_a_damaged_frontier_is_refused() -> None:
    frontier = Frontier()
    frontier.append_many(some_leaves(5))
    with pytest.raises(ValueError, match="wrong length"):
        Frontier.parse(frontier.serialise()[:-1])
    with pytest.raises(ValueError, match="32 bytes"):
        frontier.append(b"short")


@given(sizes, st.data())
def test_every_inclusion_proof_verifies_and_every_changed_one_fails(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    root = root_of(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"another"), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, [*proof, leaves[0]], root)
    assert not verify_inclusion(leaves[index], index, size, proof, leaves[0] if size > 1 else EMPTY_ROOT)
    assert not verify_inclusion(leaves[index], size, size, proof, root)
    assert not verify_inclusion(leaves[index], -1, size, proof, root)
    for other in range(size):
        if other != index:
            assert not verify_inclusion(leaves[index], other, size, proof, root)
    for at, step in enumerate(proof):
        assert not verify_inclusion(leaves[index], index, size, proof[:at] + proof[at + 1 :], root)
        changed = bytearray(step)
        changed[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
        assert not verify_inclusion(leaves[index], index, size, [*proof[:at], bytes(changed), *proof[at + 1 :]], root)


@given(sizes, st.randoms(use_true_random=False), st.data())
def test_a_checker_that_remembers_accepts_and_rejects_the_same(size: int, order: object, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    checker = InclusionChecker(size, root_of(leaves))
    for index in data.draw(st.permutations(range(size))):
        proof = inclusion_proof(leaves, index)
        if proof:
            at = data.draw(st.integers(0, len(proof) - 1))
            changed = [*proof[:at], bytes(32), *proof[at + 1 :]]
            assert not checker.holds(leaves[index], index, changed)
            assert not checker.holds(leaves[index], index, proof[:at])
            for step in (proof[at][:-1], proof[at] + b"\0", b""):
                assert not checker.holds(leaves[index], index, [*proof[:at], step, *proof[at + 1 :]])
            assert not checker.holds(bytes(32), index, proof)
        assert checker.holds(leaves[index], index, proof)


@given(sizes, st.data())
def test_every_consistency_proof_verifies_and_every_changed_one_fails(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    old_size = data.draw(st.integers(0, size))
    old_root, root = root_of(leaves[:old_size]), root_of(leaves)
    proof = consistency_proof(leaves, old_size)
    assert verify_consistency(old_size, old_root, size, root, proof)
    assert not verify_consistency(old_size, old_root, size, root, [*proof, root])
    assert not verify_consistency(size + 1, old_root, size, root, proof)
    assert not verify_consistency(old_size, bytes(32), size, root, proof)
    if old_size:
        assert not verify_consistency(old_size, old_root, size, bytes(32), proof)
    for at, step in enumerate(proof):
        assert not verify_consistency(old_size, old_root, size, root, proof[:at] + proof[at + 1 :])
        changed = bytearray(step)
        changed[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
        assert not verify_consistency(old_size, old_root, size, root, [*proof[:at], bytes(changed), *proof[at + 1 :]])


def test_proofs_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="no leaf 8"):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(ValueError, match="does not extend"):
        consistency_proof(LEAVES, 9)
