"""The registry as a whole: which channels look alike, who keeps it."""

from datetime import datetime

from django.db.models import QuerySet

from rostrum.areas.channels.addresses import Address
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.operations.acting import Actor, may
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Decision
from rostrum.kernel.lookalikes import skeleton


def known_channels() -> QuerySet[Channel]:
    """Every channel that was not declined, closed ones included, by name."""
    return Channel.objects.exclude(state=ChannelState.DECLINED).select_related("platform", "unit")


def found_channels(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The channels that were found and are not yet asked for, as far as this person may settle them; oldest first."""
    scope = people.reach(person, Permission.MANAGE_CHANNEL, now=now)
    found = Channel.objects.filter(scope.where(unit="unit", channel="public_id"), state=ChannelState.FOUND)
    return found.select_related("platform", "unit").order_by("found_at", "name", "pk")


def may_keep_registry(actor: Actor, *, now: datetime, unit: Unit | None = None) -> Decision:
    """Whether the actor may take channels into the registry: of this department, or of any."""
    return may(actor, Permission.MANAGE_CHANNEL, now, unit)


def look_alike_of(platform: str, address: Address) -> Channel | None:
    """A channel of the body on the same platform that this address can be mistaken for; None for that channel itself.

    Closed ones count: people remember them. A handle of digits alone is a number, and looks like every other.
    """
    if not any(letter.isalpha() for letter in address.key):
        return None
    wanted = skeleton(address.key)
    known = Channel.objects.filter(platform=platform).exclude(state=ChannelState.DECLINED)
    keys = known.exclude(address_key=address.key).order_by("pk").values_list("pk", "address_key")
    alike = next((pk for pk, key in keys if skeleton(key) == wanted), None)
    return Channel.objects.get(pk=alike) if alike else None
