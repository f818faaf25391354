"""One Django app per kind of official work."""
