"""Merkle trees as in RFC 6962, section 2.1 (RFC 9162 the same): hashes, roots, proofs. Bytes in, bytes out.

Proofs are computed over any source of subtree roots, so that memory and tiles share the arithmetic.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

RangeRoot = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def _pair_up(hashes: list[bytes]) -> list[bytes]:
    """Return the parents of an even number of neighbours."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)]


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over the leaf hashes."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = list(leaf_hashes)
    while len(level) > 1:
        # RFC 6962 splits at the largest power of two below n: an odd last node moves up unchanged.
        left_over = [level.pop()] if len(level) & 1 else []
        level = _pair_up(level) + left_over
    return level[0]


class Frontier:
    """The right edge of a growing tree: the roots of its full subtrees, one per bit of its size."""

    __slots__ = ("_by_level", "size")

    def __init__(self) -> None:
        self.size = 0
        self._by_level: list[bytes | None] = []

    def append(self, hashed_leaf: bytes) -> None:
        """Add one leaf hash."""
        self.append_many((hashed_leaf,))

    def append_many(self, leaf_hashes: Sequence[bytes]) -> None:
        """Add leaf hashes, in order; one node hash per leaf, on average."""
        if any(len(hashed) != HASH_SIZE for hashed in leaf_hashes):
            raise ValueError("a leaf hash has 32 bytes")
        self.size += len(leaf_hashes)
        carried = list(leaf_hashes)
        level = 0
        while carried:
            if level == len(self._by_level):
                self._by_level.append(None)
            waiting = self._by_level[level]
            if waiting is not None:
                carried.insert(0, waiting)
            self._by_level[level] = carried.pop() if len(carried) & 1 else None
            carried = _pair_up(carried)
            level += 1

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        root: bytes | None = None
        for node in self._by_level:
            if node is not None:
                root = node if root is None else node_hash(node, root)
        return EMPTY_ROOT if root is None else root

    def serialise(self) -> bytes:
        """Return the state as bytes: the size (8 bytes, big-endian), then the hashes, smallest subtree first."""
        return self.size.to_bytes(8, "big") + b"".join(node for node in self._by_level if node is not None)

    @classmethod
    def parse(cls, state: bytes) -> "Frontier":
        """Return the frontier of a state written by `serialise`. Raises ValueError."""
        frontier = cls()
        frontier.size = int.from_bytes(state[:8], "big")
        if len(state) != 8 + HASH_SIZE * frontier.size.bit_count():
            raise ValueError("the state of the frontier has the wrong length")
        start = 8
        for level in range(frontier.size.bit_length()):
            present = frontier.size >> level & 1
            frontier._by_level.append(state[start : start + HASH_SIZE] if present else None)
            start += HASH_SIZE * present
        return frontier


def split_point(size: int) -> int:
    """Return the largest power of two smaller than `size` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(index: int, size: int, range_root: RangeRoot) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` (RFC 9162, section 2.1.3.1).

    `range_root(start, end)` gives the root over the leaves of that range. Raises ValueError.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split_point(end - start)
        if index < middle:
            path.append(range_root(middle, end))
            end = middle
        else:
            path.append(range_root(start, middle))
            start = middle
    path.reverse()
    return path


def consistency_path(old_size: int, size: int, range_root: RangeRoot) -> list[bytes]:
    """Return the consistency proof from the tree of `old_size` to that of `size` (RFC 9162, section 2.1.4.1).

    Empty if the sizes are equal or the old tree is empty. Raises ValueError.
    """
    if not 0 <= old_size <= size:
        raise ValueError(f"a tree of {size} does not extend one of {old_size}")
    if old_size in (0, size):
        return []
    path: list[bytes] = []
    start, end = 0, size
    while old_size != end:
        middle = start + split_point(end - start)
        if old_size <= middle:
            path.append(range_root(middle, end))
            end = middle
        else:
            path.append(range_root(start, middle))
            start = middle
    if start > 0:
        path.append(range_root(start, end))
    path.reverse()
    return path


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of leaf `index` among all leaf hashes. Raises ValueError."""
    return inclusion_path(index, len(leaf_hashes), lambda start, end: root_of(leaf_hashes[start:end]))


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the tree over all leaf hashes extends its first `old_size`. Raises ValueError."""
    return consistency_path(old_size, len(leaf_hashes), lambda start, end: root_of(leaf_hashes[start:end]))


def verify_inclusion(hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows the leaf at `index` in the tree of `size` with `root` (RFC 9162, section 2.1.3.2)."""
    return InclusionChecker(size, root).holds(hashed_leaf, index, proof)


def verify_consistency(old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `size` extends that of `old_size` (RFC 9162, section 2.1.4.2)."""
    if not 0 <= old_size <= size or any(len(step) != HASH_SIZE for step in proof):
        return False
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    # Step 2: a full old tree is its own first node.
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    # Steps 3 and 4: start at the last full subtree of the old tree.
    first, last = old_size - 1, size - 1
    while first & 1:
        first >>= 1
        last >>= 1
    old_hash = new_hash = steps[0]
    # Step 5: climb; what lies left belongs to both trees, what lies right only to the new one.
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_hash = node_hash(step, old_hash)
            new_hash = node_hash(step, new_hash)
            while not first & 1 and first != 0:
                first >>= 1
                last >>= 1
        else:
            new_hash = node_hash(new_hash, step)
        first >>= 1
        last >>= 1
    # Step 6.
    return last == 0 and old_hash == old_root and new_hash == root


class InclusionChecker:
    """Checks many inclusion proofs against one root, remembering the nodes already shown to belong to it.

    Remembered nodes save hashing and nothing else: every hash of every proof is still compared.
    """

    _MOST_NODES = 400_000

    def __init__(self, size: int, root: bytes) -> None:
        self.size = size
        self.root = root
        self._known: dict[int, bytes] = {}
        # For each level, the steps of the last leaf's way from there on. The last node of a level with an odd number of
        # nodes has no sibling and moves up.
        last = max(size - 1, 0)
        levels = range(last.bit_length())
        self._edge = [
            [last >> at << 6 | at for at in levels[level:] if last >> at & 1] for level in (*levels, len(levels))
        ]

    def holds(self, hashed_leaf: bytes, index: int, proof: Sequence[bytes]) -> bool:
        """Whether the proof shows the leaf at `index` (RFC 9162, section 2.1.3.2)."""
        steps = self._steps(index) if 0 <= index < self.size else None
        if steps is None or len(steps) != len(proof):
            return False
        known = self._known
        fresh: dict[int, bytes] = {}
        current = hashed_leaf
        for position, (step, sibling) in enumerate(zip(steps, proof, strict=True)):
            seen = known.get(step)
            if seen is not None:
                # From here up everything is known: a known node's siblings and ancestors are known too.
                siblings = [known.get(node ^ _SIBLING) for node in steps[position:]]
                if seen != current or siblings != [*proof[position:]]:
                    return False
                known.update(fresh)
                return True
            if len(sibling) != HASH_SIZE:
                return False
            fresh[step] = current
            fresh[step ^ _SIBLING] = sibling
            current = node_hash(sibling, current) if step & _SIBLING else node_hash(current, sibling)
        if current != self.root:
            return False
        if len(known) > self._MOST_NODES:
            known.clear()
        known.update(fresh)
        return True

    def _steps(self, index: int) -> list[int]:
        """Return the nodes from the leaf up that have a sibling: node number at its level, then the level in 6 bits."""
        # Below where its way meets the last leaf's, every node has one.
        meeting = (index ^ (self.size - 1)).bit_length()
        return [index >> level << 6 | level for level in range(meeting)] + self._edge[meeting]


_SIBLING = 1 << 6
