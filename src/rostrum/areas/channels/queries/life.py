"""The directory, one channel and its history, and the facts that the rules of its life need."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from rostrum.areas.channels import pack, rules
from rostrum.areas.channels.addresses import Address
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries.access import connector_reasons
from rostrum.areas.channels.queries.custody import credential_in_force
from rostrum.areas.channels.queries.page import page_standing, was_page_checked
from rostrum.areas.channels.queries.registry import look_alike_of
from rostrum.areas.channels.queries.terms import terms_open
from rostrum.areas.channels.rules import OFFICIAL_STATES, ChannelAct, ChannelState
from rostrum.areas.channels.rules.asking import Asked, StepWords, Use, UseFacts
from rostrum.areas.channels.rules.naming import Registered, own_words
from rostrum.areas.governance.queries import platforms_captured_by_people
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Permission, Role
from rostrum.connectors import registry
from rostrum.connectors.registry import Field
from rostrum.kernel.decisions import Decision, Reason


def official_channels() -> QuerySet[Channel]:
    """The channels that speak for the body now, by name: what the public directory lists."""
    return Channel.objects.filter(state__in=OFFICIAL_STATES).select_related("platform", "unit")


def live_channels() -> QuerySet[Channel]:
    """The channels that may publish now."""
    return Channel.objects.filter(state=ChannelState.LIVE).select_related("platform", "unit")


def watched_channels() -> QuerySet[Channel]:
    """The channels to capture: official ones with a log-in in custody, on a platform that can be connected to.

    Not those that a directive of the IT director has captured otherwise, by a person (WAU-legal-04a).
    """
    connected = official_channels().filter(
        platform__in=list(registry.PLATFORMS), credentials__replaced_at__isnull=True, credentials__isnull=False
    )
    return connected.exclude(platform__in=platforms_captured_by_people())


def names_of_channels() -> list[str]:
    """What the channels are called, by which nobody should make a password."""
    return [text for pair in Channel.objects.values_list("name", "handle") for text in pair if text]


def visible_channels(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The channels this person may see at the desk: all with the permission to, else none."""
    channels = Channel.objects.select_related("platform", "unit")
    scope = people.reach(person, Permission.SEE_CHANNELS, reading=True, now=now)
    return channels.filter(scope.where(unit="unit", channel="public_id", owner="requested_by"))


@dataclass(frozen=True, slots=True)
class ListedChannel:
    """A channel as a register shows it on one line."""

    slug: str
    name: str
    handle: str
    state: str
    trouble: str
    trouble_since: datetime | None
    last_connected_at: datetime | None
    cadence_minutes: int
    platform: str
    platform_name: str
    department: str


_LISTED = (
    *("slug", "name", "handle", "state", "trouble", "trouble_since", "last_connected_at", "cadence_minutes"),
    *("platform_id", "platform__name", "unit__name"),
)


def visible_channels_listed(person: User, *, now: datetime) -> QuerySet[Channel, tuple[Any, ...]]:
    """The fields of a `ListedChannel`, in their order, of the channels this person may see at the desk."""
    return visible_channels(person, now=now).values_list(*_LISTED)


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
    # An entry's body is canonical JSON, so the id stands in it in exactly one spelling; a list taken in names many.
    return Entry.objects.filter(kind__startswith="channels.", body_text__contains=f'"{channel.public_id}"')


def health(channel: Channel | ListedChannel, *, now: datetime) -> str:
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
    why_alike: str = "",
    found: Channel | None = None,
    use: str = Use.OFFICIAL,
    business_case: str = "",
    risk_acknowledged: bool = False,
) -> rules.RequestFacts:
    """The facts about a channel that is being asked for; `found` is itself where it was found before."""
    taken = channel_at(platform, address.key)
    alike = look_alike_of(platform, address)
    return rules.RequestFacts(
        may_request=may_request(unit, actor=actor, now=now),
        purpose=purpose,
        mission_goal=mission_goal,
        serves=tuple(serves),
        listed=pack.purposes(),
        taken_by=taken.name if taken and taken != found else "",
        clauses=pack.clauses(),
        looks_like=alike.name if alike else "",
        looks_like_id=alike.public_id if alike else "",
        why_alike=why_alike,
        asked=Asked(
            use=Use(use),
            use_clause=pack.clauses().get("channel.no-personal", ""),
            mission_goal=mission_goal,
            goals=pack.goals(),
            goals_clause=pack.goals_clause(),
            business_case=business_case,
            business_case_clause=pack.binding_clause("channel.business-case"),
            asked_by_head=heads(actor, unit, now=now),
            risk_acknowledged=risk_acknowledged,
            risk_clause=pack.risk_clause(),
        ),
    )


def heads(person: User, unit: Unit, *, now: datetime) -> bool:
    """Whether the person heads the department (or the whole body)."""
    head = (Role.DEPARTMENT_HEAD, Role.AGENCY_HEAD)
    return any(held.role in head and held.unit in ("", unit.public_id) for held in people.roles_of(person, now))


def may_request(unit: Unit, *, actor: User, now: datetime) -> Decision:
    """Whether this person may ask for a channel of this unit: their own, one they head, or any."""
    scope = people.reach(actor, Permission.REQUEST_CHANNEL, now=now)
    is_own = scope.own and actor.unit_id == unit.pk
    if scope.everything or unit.public_id in scope.units or is_own:
        return Decision()
    words = f"You may ask for channels of your own department, not of {unit.name}."
    return pack.with_ground(Decision((Reason("out-of-reach", words),)))


def step_facts(
    channel: Channel,
    *,
    actor: User,
    now: datetime,
    risk_acknowledged: bool = False,
    act: ChannelAct = ChannelAct.APPROVE,
) -> rules.StepFacts:
    """The facts about the approval step that this person would take."""
    unit = channel.unit.public_id
    facts = rules.StepFacts(
        state=ChannelState(channel.state),
        actor=actor.public_id,
        requester=channel.requested_by.public_id if channel.requested_by else "",
        actor_roles=frozenset(held.role for held in people.roles_of(actor, now) if held.unit in ("", unit)),
        needed=pack.approval_steps(),
        # By `all`, so that a list of channels fetches every step at once (`prefetch_related("steps__person")`).
        taken=tuple(step.person.public_id for step in channel.steps.all()),
        clauses=pack.clauses(),
        act=act,
        terms_open=terms_open(channel.platform_id),
    )
    step = facts.next_step
    own = [role for role in step.roles if role in facts.actor_roles][:1] if step else []
    return replace(
        facts,
        words=StepWords(
            use=Use(channel.use),
            use_clause=facts.clauses.get("channel.no-personal", ""),
            needs_risk=bool(own and step and step.weighs_risk),
            risk_acknowledged=risk_acknowledged or channel.risk_acknowledged_at is not None,
            risk_clause=pack.risk_clause(),
            is_last=facts.is_last,
            roles_taken=(*(step.role for step in channel.steps.all()), *own),
            business_case_clause=pack.binding_clause("channel.business-case"),
        ),
    )


def opening_facts(
    channel: Channel,
    *,
    registered_email: str,
    why_other_email: str,
    registered_name: str = "",
    registered_contact: str = "",
    why_other_name: str = "",
    actor: User,
    now: datetime,
) -> rules.OpeningFacts:
    """The facts about a channel that is to be recorded as opened."""
    rule, email_clause = pack.email_rule()
    return rules.OpeningFacts(
        state=ChannelState(channel.state),
        may_open=may_describe(channel, actor=actor, now=now),
        registered_email=registered_email,
        official_domains=pack.official_domains(),
        email_rule=rule,
        why_other_email=why_other_email,
        clauses=pack.clauses(),
        email_clause=email_clause,
        is_approved=channel.approved_at is not None,
        authorized_clause=pack.authorized_email_clause(),
        registered=Registered(
            name=registered_name or channel.name,
            contact=registered_contact or registered_email,
            why_other=why_other_name,
            body_words=own_words(channel.owner),
            # The rule for the e-mail address judges it; it need not be judged twice.
            contact_words=pack.own_contacts() if registered_contact or not rule else (),
            clause=pack.clauses().get("channel.registered-name", ""),
        ),
        terms_open=terms_open(channel.platform_id),
    )


def may_describe(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may open the channel and set its description: its unit, whoever asked for it, and above."""
    if channel.requested_by is None:
        return may_manage(channel, actor=actor, now=now)
    may = people.may(actor, Permission.REQUEST_CHANNEL, unit=channel.unit, owner=channel.requested_by, now=now)
    return pack.with_ground(may)


def may_manage(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may let the channel speak, pause it, or close it."""
    may = people.may(actor, Permission.MANAGE_CHANNEL, unit=channel.unit, channel=channel.public_id, now=now)
    return pack.with_ground(may)


def use_facts(channel: Channel, *, use: str, reason: str, actor: User, now: datetime) -> UseFacts:
    """The facts about a decision whose use the channel is of."""
    deciders = (Role.COORDINATOR, Role.PUBLIC_AFFAIRS)
    return UseFacts(
        may_decide=any(held.role in deciders for held in people.roles_of(actor, now)),
        is_ended=rules.CHANNEL_MACHINE.is_final(ChannelState(channel.state)),
        use=Use(use),
        reason=reason,
        clause=pack.clauses().get("channel.no-personal", ""),
        clauses=pack.clauses(),
    )


def live_facts(channel: Channel, *, act: ChannelAct, actor: User, now: datetime) -> rules.LiveFacts:
    """The facts about a channel that is to go live or to go on."""
    return rules.LiveFacts(
        state=ChannelState(channel.state),
        act=act,
        may_manage=may_manage(channel, actor=actor, now=now),
        capture_plan=channel.capture_plan,
        has_credential=credential_in_force(channel) is not None,
        page=page_standing(channel, now=now),
        was_checked=was_page_checked(channel),
        clauses=pack.clauses(),
        terms_open=terms_open(channel.platform_id),
        connector=connector_reasons(channel),
    )


def stop_facts(channel: Channel, act: ChannelAct, reason: str, *, actor: User, now: datetime) -> rules.StopFacts:
    """The facts about a channel that is to be paused or closed."""
    return rules.StopFacts(
        ChannelState(channel.state), act, may_manage(channel, actor=actor, now=now), reason, pack.clauses_if_any()
    )
