"""What the worker does about channels, topic by topic."""
