"""What the public may see, put together from the areas below."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from rostrum.areas.archive import queries as archive
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.addresses import read_address
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.disclosure.operations.intake import follow_digest
from rostrum.areas.disclosure.states import RequestState
from rostrum.areas.governance import queries as governance
from rostrum.areas.moderation import queries as moderation
from rostrum.areas.portal.notices import filled
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.policy.packs import Clause, Ground, Layer, Pack

# The packs in force that are the body's own policy or bind it; law and platform limits are no policy of the body.
_POLICY_LAYERS = (Layer.POLICY, Layer.STANDARD, Layer.ADVICE, Layer.CONDUCT)


@dataclass(frozen=True, slots=True)
class LookUp:
    """The answer to "is this one yours?": the channels it names, and what the asker should know besides."""

    asked: str
    channels: tuple[Channel, ...]
    # A handle says nothing about the platform: the same one elsewhere may be anybody's.
    is_handle: bool
    has_foreign_letters: bool


def look_up(address: str) -> LookUp:
    """Say which official channels an address or handle names, however it is written; none when it is not official."""
    asked = address.strip()
    found: dict[int, Channel] = {}
    official = {(one.platform_id, one.address_key): one for one in channels.official_channels()}
    for platform in PLATFORMS:
        for handle, url in _readings(asked):
            try:
                read = read_address(platform, handle=handle, url=url)
            except InvalidInput:
                continue
            match = official.get((platform, read.key))
            # The handle may be ours and the page it stands on not.
            if match and not (url and match.url and _host(match.url) != _host(read.url)):
                found[match.pk] = match
    return LookUp(
        asked,
        tuple(sorted(found.values(), key=lambda one: one.name)),
        is_handle="/" not in asked,
        has_foreign_letters=any(letter.isalpha() and not letter.isascii() for letter in asked),
    )


def _readings(asked: str) -> tuple[tuple[str, str], ...]:
    """How the text may be meant, as (handle, URL): with a slash only an address, with a dot perhaps either."""
    if "/" in asked:
        return (("", asked),)
    return ((asked, ""), ("", asked)) if "." in asked else ((asked, ""),)


def _host(url: str) -> str:
    return urlsplit(url).netloc.casefold().removeprefix("www.")


@dataclass(frozen=True, slots=True)
class PageNotice:
    """A notice of the policy in force, filled in for one channel: what its page says."""

    title: str
    paragraphs: tuple[str, ...]


def page_notices(channel: Channel, *, policy_link: str) -> tuple[PageNotice, ...]:
    """The notices that belong on the channel's page, with what the policy in force leaves to be filled in."""
    try:
        policy = governance.policy()
    except Refused:
        return ()
    values = {
        "body": governance.body_name(),
        "unit": channel.unit.name,
        "purpose": (channel.stated_purpose or channel.purpose).rstrip("."),
        "contact": channel.official_contact.rstrip("."),
        "official_site": channel.official_site_link,
        "policy_link": channel.policy_link or policy_link,
        "grounds": "; ".join(ground.title[:1].lower() + ground.title[1:] for ground in policy.grounds),
        "appeal_days": str(policy.setting("removal.appeal_days", 14)),
    }
    return tuple(
        PageNotice(notice.title, filled(notice.text, values))
        for notice in policy.notices
        if notice.id in ("page-notice", "comment-rules")
    )


@dataclass(frozen=True, slots=True)
class PublishedPack:
    """One document of the policy in force, with its clauses by section, in our words."""

    pack: Pack
    sections: tuple[tuple[str, tuple[Clause, ...]], ...]


def published_policy() -> tuple[PublishedPack, ...]:
    """The policy in force, for everybody to read; empty before one is active."""
    try:
        policy = governance.policy()
    except Refused:
        return ()
    return tuple(
        PublishedPack(
            pack,
            tuple(
                (section, tuple(clauses))
                for section, clauses in groupby(pack.clauses, key=lambda one: one.section.split(", para")[0])
            ),
        )
        for pack in policy.packs
        if pack.layer in _POLICY_LAYERS
    )


def policy_version() -> str:
    """The version of the policy in force, or "" before one is active."""
    found = governance.activation()
    return governance.policy().version if found else ""


def grounds() -> tuple[Ground, ...]:
    """The closed list of grounds on which a comment may be removed; empty before a policy is active."""
    try:
        return governance.policy().grounds
    except Refused:
        return ()


def moderation_figures() -> moderation.Figures:
    """What moderation did; nothing before a policy is active, because nothing can be removed without one."""
    try:
        return moderation.figures()
    except Refused:
        return moderation.Figures(removed=0, restored=0, kept=0, by_ground=())


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


# How a request stands, in the requester's words.
STATE_WORDS: dict[str, str] = {
    RequestState.RECEIVED: "It is in. Somebody will acknowledge it soon.",
    RequestState.ACKNOWLEDGED: "It is acknowledged. The search comes next.",
    RequestState.CLARIFYING: "We have a question for you.",
    RequestState.SEARCHING: "We are searching the archive. What is found is on hold, so that nothing is lost.",
    RequestState.FEE_ESTIMATED: "We have worked out what it costs.",
    RequestState.AWAITING_PREPAYMENT: "We have worked out what it costs, and wait for the prepayment.",
    RequestState.REVIEWING: "The records are being reviewed, one by one.",
    RequestState.DETERMINED: "It is decided; see the letter below. If there are records, they are being put together.",
    RequestState.PRODUCED: "It is decided, and the records are below.",
    RequestState.WITHDRAWN: "You took it back.",
    RequestState.CLOSED: "It is closed.",
}
