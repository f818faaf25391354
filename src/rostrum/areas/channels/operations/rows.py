"""One channel locked for an act, and moved by it; a new one's row, its slug and its platform's row."""

from collections.abc import Container
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from rostrum.areas.channels import pack, queries
from rostrum.areas.channels.models import Channel, Platform
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.rules import CHANNEL_MACHINE, ChannelAct, ChannelState
from rostrum.kernel.decisions import InvalidInput


def locked(channel_id: str) -> Channel:
    """The channel with this public id, locked until the act ends. Raises `InvalidInput` when there is none."""
    try:
        return (
            Channel.objects.select_for_update(of=("self",))
            .select_related("unit", "platform", "requested_by")
            .get(public_id=channel_id)
        )
    except Channel.DoesNotExist as fault:
        raise InvalidInput("channel", f"there is no channel {channel_id}") from fault


def platform_row(platform: str) -> Platform:
    """The platform's row, made from what is known of it where nothing was held on it yet. Raises `InvalidInput`."""
    known = PLATFORMS.get(platform)
    if known is None:
        raise InvalidInput("platform", f"unknown platform {platform!r}; known: {', '.join(sorted(PLATFORMS))}")
    row, _ = Platform.objects.update_or_create(
        slug=platform, defaults={"name": known.name, "terms_on_user_posts": known.terms_on_user_posts}
    )
    return row


def move(channel: Channel, act: ChannelAct, **values: Any) -> None:
    """Take the channel where the act leads, and set these values with it."""
    channel.state = CHANNEL_MACHINE.next_state(ChannelState(channel.state), act)
    for name, value in values.items():
        setattr(channel, name, value)
    channel.save(update_fields=["state", *values])


def insert(channel: Channel) -> None:
    """Store a new channel. Raises `Refused` when somebody took its address at the same moment."""
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError:
        taken = queries.channel_at(channel.platform_id, channel.address_key)
        if taken is None:
            raise
        raise pack.refusal("address-taken", f"This address is already the channel “{taken.name}”.") from None


def insert_all(channels: list[Channel]) -> None:
    """Store many new channels at once, and give each its key. Raises `Refused` when an address was taken meanwhile."""
    try:
        with transaction.atomic():
            Channel.objects.bulk_create(channels, batch_size=200)
    except IntegrityError as fault:
        raise pack.refusal(
            "address-taken", "Somebody registered one of these channels at the same moment; do it again."
        ) from fault


def taken_slugs() -> set[str]:
    """The slugs of all channels."""
    return set(Channel.objects.values_list("slug", flat=True))


# Words of the desk's own addresses.
_RESERVED = frozenset(
    {"administrators", "applications", "found", "lists", "new", "privacy-settings", "questions", "terms"}
)


def free_slug(wanted: str, platform: str, taken: Container[str] | None = None) -> str:
    """A slug that no channel has yet, made from these words; `taken` are those in use, where the caller knows them."""
    base = slugify(wanted)[:60] or platform
    if taken is None:
        taken = set(Channel.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken or slug in _RESERVED:
        number += 1
        slug = f"{base}-{number}"
    return slug
