"""Persons, units, roles, grants and sign-in: who may do what."""
