"""Words every room uses: decisions, findings, items, ids, legal days. Pure."""
