"""Pages of the governance area, topic by topic."""
