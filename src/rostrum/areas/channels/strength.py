"""How many tries a channel's password withstands: estimated here as a sign-in password is, and sent nowhere."""

from pathlib import Path

from django.conf import settings

from rostrum.areas.channels import pack
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import secrets
from rostrum.areas.people import passwords

# Tokens and codes are made by platforms, not by people.
_CHOSEN_BY_PEOPLE = ("password", "site_password")


def weak_fields(values: dict[str, str], channel: Channel) -> dict[str, str]:
    """The passwords among the values that are easy to guess, by field, each with why."""
    names = names_of(channel)
    given = {field: values[field] for field in _CHOSEN_BY_PEOPLE if values.get(field)}
    found = {field: _weakness(value, names) for field, value in given.items()}
    return {field: why for field, why in found.items() if why}


def names_of(channel: Channel) -> tuple[str, ...]:
    """What everybody knows of a channel, so that no password may be made of it."""
    names = (channel.name, channel.handle, channel.platform.name, channel.unit.name, channel.owner, pack.body_name())
    return tuple(dict.fromkeys(name for name in names if name))


def _weakness(value: str, names: tuple[str, ...]) -> str:
    breached: Path | None = settings.BREACHED_PASSWORDS
    return secrets.weakness(
        value,
        guesses=passwords.guesses(value, passwords.words_of(names)),
        is_breached=breached is not None and passwords.stands_in(breached, value),
        names=names,
    )
