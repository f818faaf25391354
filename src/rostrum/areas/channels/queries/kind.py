"""Of which kind a channel is, by what is known of it now; which definitions reach its platform, and its capture."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rostrum.areas.channels import pack
from rostrum.areas.channels.models import Channel, Credential
from rostrum.areas.channels.platforms import PLATFORMS, PlatformFacts
from rostrum.areas.channels.rules.kind import KindFacts, KindStanding, kinds_of
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries as people
from rostrum.areas.people.rules import Right
from rostrum.connectors import registry

# Who works for the body under a contract represents it, and is no employee of it.
_NOT_EMPLOYED = ("contractor", "vendor", "agent")


def kind_facts(channels: Collection[Channel], *, now: datetime) -> dict[str, KindFacts]:
    """The facts on which each channel's kind depends, by its public id; as many queries for many as for one."""
    speaking = people.grants_of_right(Right.SPEAK, [one.public_id for one in channels], now=now)
    designated = set(speaking.exclude(person__employment_class__in=_NOT_EMPLOYED).values_list("channel", flat=True))
    held = Credential.objects.filter(channel__in=channels, replaced_at=None)
    controlled = set(held.values_list("channel", flat=True))
    listed = {code for code, _ in pack.purposes()}
    return {
        one.public_id: KindFacts(
            is_established=one.approved_at is not None and one.opened_at is not None,
            is_maintained=one.unit_id is not None and bool(one.purpose.strip()),
            is_controlled=one.pk in controlled,
            has_designated_employee=one.public_id in designated,
            has_official_purpose=bool(one.purpose.strip()) and (not listed or bool(listed & set(one.serves))),
        )
        for one in channels
    }


def kinds_of_each(channels: Collection[Channel], *, now: datetime) -> dict[str, tuple[KindStanding, ...]]:
    """How each channel, by its public id, stands to each definition of the policy in force."""
    definitions = pack.bindings("channel.kind")
    return {channel: kinds_of(facts, definitions) for channel, facts in kind_facts(channels, now=now).items()}


def kinds(channel: Channel, *, now: datetime) -> tuple[KindStanding, ...]:
    """How the channel stands to each definition of the policy in force."""
    return kinds_of_each([channel], now=now)[channel.public_id]


@dataclass(frozen=True, slots=True)
class Scope:
    """How one platform stands: which definitions take it in, which leave it out, and how posts get into the archive.

    `outside` is empty where one takes it in.
    """

    platform: PlatformFacts
    within: tuple[str, ...]
    outside: tuple[str, ...]
    captured: str


def scope_of(platform: str) -> Scope:
    """How a platform stands to the policy's definitions of social media, and how what is posted on it is captured."""
    facts = PLATFORMS.get(platform) or PlatformFacts(platform, platform)
    within = pack.definitions_of(platform)
    return Scope(facts, within, () if within else pack.definitions_beside(platform), captured_how(facts))


def captured_how(platform: PlatformFacts) -> str:
    """How what is posted on a platform gets into the archive now, in words that promise nothing more."""
    if platform.slug in registry.PLATFORMS:
        return f"{governance.capture_choice(platform.slug).method.title}."
    if platform.file:
        return f"By a person: from {platform.file}; what is not in it, by hand."
    return "By a person, by hand: the words, the files, and a picture or copy of the page."
