"""Data exports of the platforms: bytes in, Items out. Pure."""
