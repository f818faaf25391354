"""The official record of acts: entries, their sequence, the Merkle tree, checkpoints and proofs."""
