"""Obligations with an owner, a due instant and the evidence that closes them."""
