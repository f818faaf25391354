"""Clause by clause: the control, its evidence, its status."""
