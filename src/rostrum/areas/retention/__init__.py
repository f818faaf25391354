"""Holds (series, schedules and disposition come next)."""
