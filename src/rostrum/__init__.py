"""Rostrum runs the official social media of a public body lawfully, end to end."""

__version__ = "0.1.0"
