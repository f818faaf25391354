"""Reads of the channels area: the directory, one channel and its history, its connector, and the facts rules need."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from rostrum.areas.channels import custody, pack, rules
from rostrum.areas.channels.addresses import Address
from rostrum.areas.channels.models import Channel, Credential
from rostrum.areas.channels.rules import OFFICIAL_STATES, ChannelAct, ChannelState
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Permission
from rostrum.connectors import registry
from rostrum.connectors.interface import Connector
from rostrum.connectors.registry import Field
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused

# A platform without a connector still has a log-in that the body must hold.
_PLAIN_LOGIN = (
    Field("login", "Log-in name", "What one signs in with on the platform."),
    Field("password", "Password", "One that is used nowhere else."),
)


def official_channels() -> QuerySet[Channel]:
    """The channels that speak for the body now, by name: what the public directory lists."""
    return Channel.objects.filter(state__in=OFFICIAL_STATES).select_related("platform", "unit")


def live_channels() -> QuerySet[Channel]:
    """The channels that may publish now."""
    return Channel.objects.filter(state=ChannelState.LIVE).select_related("platform", "unit")


def watched_channels() -> QuerySet[Channel]:
    """The channels to capture: official ones with a log-in in custody, on a platform that can be connected to."""
    return official_channels().filter(
        platform__in=list(registry.PLATFORMS), credentials__replaced_at__isnull=True, credentials__isnull=False
    )


def visible_channels(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The channels this person may see at the desk: all with the permission to, else none."""
    channels = Channel.objects.select_related("platform", "unit")
    scope = people.reach(person, Permission.SEE_CHANNELS, reading=True, now=now)
    return channels.filter(scope.where(unit="unit", channel="public_id", owner="requested_by"))


def channel_by_slug(slug: str) -> Channel:
    """The channel with this slug. Raises Channel.DoesNotExist."""
    return Channel.objects.select_related("platform", "unit").get(slug=slug)


def channel_by_id(public_id: str) -> Channel:
    """The channel with this public id. Raises Channel.DoesNotExist."""
    return Channel.objects.select_related("platform", "unit").get(public_id=public_id)


def channel_at(platform: str, address_key: str) -> Channel | None:
    """The channel that holds this address now, if any."""
    ended = (ChannelState.DECLINED, ChannelState.CLOSED)
    return Channel.objects.filter(platform=platform, address_key=address_key).exclude(state__in=ended).first()


def history(channel: Channel) -> QuerySet[Entry]:
    """The ledger's entries about this channel, oldest first."""
    # An entry's body is canonical JSON, so the id stands in it in exactly one spelling.
    return Entry.objects.filter(kind__startswith="channels.", body_text__contains=f'"channel":"{channel.public_id}"')


def credential_in_force(channel: Channel) -> Credential | None:
    """The log-in in custody, still sealed; None when none was deposited."""
    return channel.credentials.filter(replaced_at=None).select_related("deposited_by").first()


def health(channel: Channel, *, now: datetime) -> str:
    """How the line to the platform stands (see `rules.health`)."""
    return rules.health(
        state=ChannelState(channel.state),
        trouble=channel.trouble,
        last_connected_at=channel.last_connected_at,
        cadence_minutes=channel.cadence_minutes,
        now=now,
    )


def connection_fields(platform: str) -> tuple[Field, ...]:
    """What a connection to the platform must know that is no secret."""
    spec = registry.PLATFORMS.get(platform)
    return spec.settings if spec else ()


def secret_fields(platform: str) -> tuple[Field, ...]:
    """What the platform's log-in consists of."""
    spec = registry.PLATFORMS.get(platform)
    return spec.secrets if spec else _PLAIN_LOGIN


def connector_for(channel: Channel) -> Connector:
    """Open a connector with the channel's log-in from custody; nothing is asked of the platform yet.

    Raises `Refused` when no log-in is in custody or the custody key is missing or wrong, `InvalidInput` when the
    platform has no connector.
    """
    credential = credential_in_force(channel)
    if credential is None:
        raise Refused.because(
            "no-credential", "Its log-in is not in custody yet.", pack.clauses().get("custody.deposit-before-posting")
        )
    secret = custody.read_key(settings.KEYS_FOLDER).unseal(
        bytes(credential.sealed), channel=channel.public_id, credential=credential.public_id
    )
    if channel.platform_id not in registry.PLATFORMS:
        raise InvalidInput("platform", f"{channel.platform} cannot be connected to; import its own export instead")
    connection: Mapping[str, str] = channel.connection
    return registry.connect(channel.platform_id, connection, secret)


# Facts for the rules; pages and operations ask the same.


def request_facts(
    *,
    platform: str,
    address: Address,
    unit: Unit,
    purpose: str,
    mission_goal: str,
    serves: Sequence[str],
    actor: User,
    now: datetime,
) -> rules.RequestFacts:
    """The facts about a channel that is being asked for."""
    taken = channel_at(platform, address.key)
    return rules.RequestFacts(
        may_request=may_request(unit, actor=actor, now=now),
        purpose=purpose,
        mission_goal=mission_goal,
        serves=tuple(serves),
        listed=pack.purposes(),
        taken_by=taken.name if taken else "",
        clauses=pack.clauses(),
    )


def may_request(unit: Unit, *, actor: User, now: datetime) -> Decision:
    """Whether this person may ask for a channel of this unit: their own, one they head, or any."""
    scope = people.reach(actor, Permission.REQUEST_CHANNEL, now=now)
    is_own = scope.own and actor.unit_id == unit.pk
    if scope.everything or unit.public_id in scope.units or is_own:
        return Decision()
    return Decision((Reason("out-of-reach", f"You may ask for channels of your own department, not of {unit.name}."),))


def step_facts(channel: Channel, *, actor: User, now: datetime) -> rules.StepFacts:
    """The facts about the approval step that this person would take."""
    unit = channel.unit.public_id
    return rules.StepFacts(
        state=ChannelState(channel.state),
        actor=actor.public_id,
        requester=channel.requested_by.public_id,
        actor_roles=frozenset(held.role for held in people.roles_of(actor, now) if held.unit in ("", unit)),
        needed=pack.approval_steps(),
        taken=tuple(channel.steps.values_list("person__public_id", flat=True)),
        clauses=pack.clauses(),
    )


def opening_facts(
    channel: Channel, *, registered_email: str, why_other_email: str, actor: User, now: datetime
) -> rules.OpeningFacts:
    """The facts about a channel that is to be recorded as opened."""
    return rules.OpeningFacts(
        state=ChannelState(channel.state),
        may_open=may_describe(channel, actor=actor, now=now),
        registered_email=registered_email,
        official_domains=pack.official_domains(),
        email_rule=pack.email_rule(),
        why_other_email=why_other_email,
        clauses=pack.clauses(),
    )


def may_describe(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may open the channel and set its description: its unit, whoever asked for it, and above."""
    return people.may(actor, Permission.REQUEST_CHANNEL, unit=channel.unit, owner=channel.requested_by, now=now)


def may_deposit(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may deposit the channel's log-in: who opened it, who holds it by a grant, the coordinator."""
    return people.may(
        actor,
        Permission.DEPOSIT_CREDENTIAL,
        unit=channel.unit,
        channel=channel.public_id,
        owner=channel.opened_by or channel.requested_by,
        now=now,
    )


def may_manage(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may let the channel speak, pause it, or close it."""
    return people.may(actor, Permission.MANAGE_CHANNEL, unit=channel.unit, channel=channel.public_id, now=now)


def live_facts(channel: Channel, *, act: ChannelAct, page_seen: bool, actor: User, now: datetime) -> rules.LiveFacts:
    """The facts about a channel that is to go live or to go on."""
    return rules.LiveFacts(
        state=ChannelState(channel.state),
        act=act,
        may_manage=may_manage(channel, actor=actor, now=now),
        capture_plan=channel.capture_plan,
        has_credential=credential_in_force(channel) is not None,
        elements=page_elements(channel),
        page_seen=page_seen,
        clauses=pack.clauses(),
    )


def page_elements(channel: Channel) -> tuple[rules.Element, ...]:
    """What the active packs ask this channel's page to show, with what is settled so far."""
    return tuple(
        rules.Element(clause, words, channel.unit.name if name == "department" else getattr(channel, name))
        for clause, element in pack.page_elements()
        for name, words in [rules.ELEMENTS[element]]
    )


def stop_facts(channel: Channel, act: ChannelAct, reason: str, *, actor: User, now: datetime) -> rules.StopFacts:
    """The facts about a channel that is to be paused or closed."""
    return rules.StopFacts(ChannelState(channel.state), act, may_manage(channel, actor=actor, now=now), reason)
