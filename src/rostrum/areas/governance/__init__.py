"""The body, its active policy packs and their versions, settings and local choices."""
