"""Persons, units, roles and grants, factors and sessions. Who may do what is decided in `rules`."""

from rostrum.areas.people.models.computers import Computer, _computer_id
from rostrum.areas.people.models.factors import Factor, FactorReset, RecoveryCode, _factor_id, _reset_id
from rostrum.areas.people.models.grants import ChannelGrant, Denial, RoleGrant, _denial_id, _grant_id
from rostrum.areas.people.models.persons import (
    PeopleManager,
    RefusedAttempt,
    Unit,
    User,
    _person_id,
    _unit_id,
    acting_person,
)
from rostrum.areas.people.models.sessions import DirectoryIdentity, SignedIn, _session_id
from rostrum.areas.people.models.sign_in import PostedForm, SignInAttempt

__all__ = [
    "ChannelGrant",
    "Computer",
    "Denial",
    "DirectoryIdentity",
    "Factor",
    "FactorReset",
    "PeopleManager",
    "PostedForm",
    "RecoveryCode",
    "RefusedAttempt",
    "RoleGrant",
    "SignInAttempt",
    "SignedIn",
    "Unit",
    "User",
    # Named by the migrations.
    "_computer_id",
    "_denial_id",
    "_factor_id",
    "_grant_id",
    "_person_id",
    "_reset_id",
    "_session_id",
    "_unit_id",
    "acting_person",
]
