"""What the public may see, put together from the areas below."""

from dataclasses import dataclass
from datetime import datetime

from rostrum.areas.archive import queries as archive
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.addresses import read_address
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.disclosure.operations.intake import follow_digest
from rostrum.areas.governance import queries as governance
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.policy.packs.model import Ground


def channels_at(address: str) -> list[Channel]:
    """The official channels that an address or handle names, however it is written; empty when none is official."""
    address = address.strip()
    looks_like_url = "/" in address or "://" in address
    found: dict[int, Channel] = {}
    official = {(one.platform_id, one.address_key): one for one in channels.official_channels()}
    for platform in PLATFORMS:
        try:
            read = read_address(
                platform, handle="" if looks_like_url else address, url=address if looks_like_url else ""
            )
        except InvalidInput:
            continue
        match = official.get((platform, read.key))
        if match and looks_like_url and match.url and not _same_place(match.url, read.url):
            continue  # the handle is ours, the page it stands on is not
        if match:
            found[match.pk] = match
    return list(found.values())


def _same_place(ours: str, theirs: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(ours).netloc.casefold().removeprefix("www.") == urlsplit(theirs).netloc.casefold().removeprefix(
        "www."
    )


def grounds() -> tuple[Ground, ...]:
    """The closed list of grounds on which a comment may be removed; empty before a policy is active."""
    try:
        return governance.policy().grounds
    except Refused:
        return ()


@dataclass(frozen=True, slots=True)
class Health:
    """How well one channel is being captured, in public words."""

    channel: Channel
    last_at: datetime | None
    items: int
    open_gaps: int


def capture_health() -> list[Health]:
    """Each official channel: when it was last seen, how much is kept, whether something could not be seen."""
    return [
        Health(one.channel, one.last_at, one.items, sum(1 for gap in one.gaps if gap.closed_at is None))
        for one in archive.coverage(channels.official_channels())
    ]


def followed_request(code: str) -> RecordsRequest | None:
    """The request that a follow code opens, or None."""
    return RecordsRequest.objects.filter(follow_digest=follow_digest(code)).first() if code.strip() else None
