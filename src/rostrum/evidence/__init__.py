"""What proves: canonical bytes, commitments, Merkle trees, checkpoints, bundles. Pure."""
