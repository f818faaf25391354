"""Pages of the assurance area, topic by topic."""
