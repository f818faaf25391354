"""State machines as tables. Pure."""
