"""What the public may see, put together from the areas below."""

import json
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet

from rostrum.areas.archive import queries as archive
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.pack import not_legal_notice
from rostrum.areas.channels.page_paths import page_of
from rostrum.areas.channels.rules import OFFICIAL_STATES, ChannelState
from rostrum.areas.disclosure.models import RecordsRequest
from rostrum.areas.disclosure.operations.intake import follow_digest
from rostrum.areas.disclosure.states import RequestState
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.ledger.models import Entry
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.moderation import queries as moderation
from rostrum.areas.portal.answers import Answer, Listed, Standing, answers
from rostrum.areas.portal.models import RegistryExport
from rostrum.evidence.registry import digest_of, registry_file
from rostrum.kernel.decisions import Refused
from rostrum.policy.notices import filled
from rostrum.policy.packs import Clause, Ground, Layer, Pack

# The packs in force that are the body's own policy or bind it; law and platform limits are no policy of the body.
_POLICY_LAYERS = (Layer.POLICY, Layer.STANDARD, Layer.ADVICE, Layer.CONDUCT)


def public_channels() -> QuerySet[Channel]:
    """The channels the public may know: those that speak for the body, those that did, those that are under review."""
    spoke = Q(state__in=OFFICIAL_STATES) | Q(state=ChannelState.CLOSED, live_at__isnull=False)
    return Channel.objects.filter(spoke | _UNDER_REVIEW).select_related("platform", "unit").order_by("name", "pk")


# Found without approval and not settled yet: the body knows of it, and does not vouch for it.
_UNDER_REVIEW = Q(found_at__isnull=False, live_at__isnull=True) & ~Q(
    state__in=(ChannelState.CLOSED, ChannelState.DECLINED)
)


def registered_channels() -> QuerySet[Channel]:
    """The registry as it is public: the channels that speak for the body or once did, by department and name."""
    return (
        Channel.objects.filter(Q(state__in=OFFICIAL_STATES) | Q(state=ChannelState.CLOSED, live_at__isnull=False))
        .select_related("platform", "unit")
        .order_by("unit__name", "name", "pk")
    )


def searched(
    channels: QuerySet[Channel], *, words: str = "", platform: str = "", unit: str = "", state: str = ""
) -> QuerySet[Channel]:
    """Of these channels those that match: every word in name, handle, address, department or purpose."""
    for word in words.split()[:8]:
        channels = channels.filter(
            Q(name__icontains=word)
            | Q(handle__icontains=word.lstrip("@"))
            | Q(url__icontains=word)
            | Q(unit__name__icontains=word)
            | Q(stated_purpose__icontains=word)
        )
    if platform:
        channels = channels.filter(platform=platform)
    if unit:
        channels = channels.filter(unit__slug=unit)
    if state == "official":
        channels = channels.filter(state__in=OFFICIAL_STATES)
    elif state:
        channels = channels.filter(state=state)
    return channels


def listed() -> list[Listed]:
    """Every channel the public may know, as answers need it."""
    return [as_listed(one) for one in public_channels()]


def as_listed(channel: Channel) -> Listed:
    """A channel as far as the public may know of it."""
    standing = Standing.UNDER_REVIEW
    if channel.state in OFFICIAL_STATES:
        standing = Standing.OFFICIAL
    elif channel.state == ChannelState.CLOSED:
        standing = Standing.CLOSED
    return Listed(
        public_id=channel.public_id,
        slug=channel.slug,
        name=channel.name,
        platform=channel.platform_id,
        handle=channel.handle,
        url=public_page(channel),
        key=channel.address_key,
        native_id=channel.native_id,
        unit=channel.unit.name,
        standing=standing,
        closed_at=channel.closed_at,
    )


def public_page(channel: Channel) -> str:
    """Where the channel's page is, as far as its platform has one form for it."""
    return channel.url or page_of(channel.platform_id, channel.handle)


def is_it_ours(text: str) -> tuple[Answer, ...]:
    """The answer to "is this one yours?" for each address in what was pasted in."""
    return answers(text, listed())


@dataclass(frozen=True, slots=True)
class Change:
    """One change in the registry that the public may know."""

    channel: Channel
    what: str
    at: datetime


_CHANGES = {
    "channels.channel-went-live.v1": "opened",
    "channels.channel-paused.v1": "paused",
    "channels.channel-resumed.v1": "resumed",
    "channels.channel-closed.v1": "closed",
}


def registry_changes(most: int = 50) -> list[Change]:
    """The newest changes in the registry: opened, paused, going on, closed. Why stays inside."""
    entries = Entry.objects.filter(kind__in=_CHANGES).order_by("-at", "-pk")[: most * 2]
    named = {one.public_id: one for one in registered_channels()}
    found = [(named.get(entry.body["channel"]), entry) for entry in entries]
    return [Change(channel, _CHANGES[entry.kind], entry.at) for channel, entry in found if channel][:most]


def registry_content() -> dict[str, Any]:
    """The registry as its export holds it: the body, and every channel that speaks for it or once did, by id."""
    return {
        "body": governance.body_name(),
        "channels": [
            {
                "id": one.public_id,
                "name": one.name,
                "platform": one.platform_id,
                "handle": one.handle,
                "url": public_page(one),
                "department": one.unit.name,
                "state": one.state,
                "official_since": instant_text(one.live_at) if one.live_at else None,
                "closed_at": instant_text(one.closed_at) if one.closed_at else None,
            }
            for one in registered_channels().order_by("public_id")
        ],
    }


def registry_has_changed(now: datetime) -> bool:  # noqa: ARG001 (every `when` of the schedule is given the clock)
    """Whether the registry is another than at its last export, or was never exported though it has channels."""
    newest = RegistryExport.objects.first()
    if newest is None:
        return registered_channels().exists()
    return newest.content_sha256 != digest_of(registry_content())


def signed_export(export: RegistryExport | None = None) -> bytes | None:
    """An export (default: the newest that has its place in the log) as a file that can be checked offline; or None."""
    for one in [export] if export else RegistryExport.objects.all():
        entry = Entry.objects.get(public_id=one.entry)
        proof = ledger.entry_proof(entry.public_id)
        if proof is None:
            continue
        told = {
            "id": entry.public_id,
            "commitment": bytes(entry.leaves.values_list("commitment", flat=True).get(position=0)).hex(),
            "leaf_index": proof.index,
            "proof": [step.hex() for step in proof.hashes],
            # Who made it and under which packs is no part of what is proven.
            "parts": ledger.disclosed(entry, ("actor", "pack")),
        }
        return registry_file(json.loads(one.text), entry=told, checkpoint=proof.checkpoint)
    return None


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
        "not_legal_notice": not_legal_notice().rstrip("."),
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
