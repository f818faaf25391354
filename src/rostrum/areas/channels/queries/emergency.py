"""Emergency rights: who may take one, which run now, whom they concern, who reviews them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.channels.models import Channel, EmergencyRight
from rostrum.areas.channels.queries.custody import log_in_trouble
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules import emergency as rules
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import ChannelGrant, User
from rostrum.areas.people.rules import Permission, Role
from rostrum.kernel.decisions import Decision

# Who is asked to review, in this order: the first office that somebody else than the person holds.
_REVIEWERS = (Role.COORDINATOR, Role.PUBLIC_AFFAIRS, Role.AGENCY_HEAD, Role.DEPARTMENT_HEAD)


def may_break_glass(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether the person was authorised beforehand to speak on this channel in an emergency."""
    return people.may(actor, Permission.BREAK_GLASS, unit=channel.unit, channel=channel.public_id, now=now)


def may_review(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether the person may review, or end, an emergency right on this channel: who manages it."""
    return people.may(actor, Permission.MANAGE_CHANNEL, unit=channel.unit, channel=channel.public_id, now=now)


def emergency_facts(channel: Channel, *, reason: str, actor: User, now: datetime) -> rules.EmergencyFacts:
    """The facts about taking the emergency right."""
    return rules.EmergencyFacts(
        state=ChannelState(channel.state),
        may_break_glass=may_break_glass(channel, actor=actor, now=now),
        already_speaks=running(channel, actor, now=now) is not None,
        log_in_trouble=log_in_trouble(channel),
        reason=reason,
    )


def review_facts(found: EmergencyRight, *, findings: str, actor: User, now: datetime) -> rules.ReviewFacts:
    """The facts about reviewing it."""
    return rules.ReviewFacts(
        may_review=may_review(found.channel, actor=actor, now=now),
        actor=actor.public_id,
        person=found.person.public_id,
        ends_at=ended_at(found),
        now=now,
        is_reviewed=found.reviewed_at is not None,
        findings=findings,
    )


def ended_at(found: EmergencyRight) -> datetime:
    """When it ends or ended: at its time, or with the grant beneath it."""
    grant = ChannelGrant.objects.filter(public_id=found.grant).first()
    return min(found.ends_at, grant.ends_at) if grant and grant.ends_at else found.ends_at


def running(channel: Channel, person: User, *, now: datetime) -> EmergencyRight | None:
    """The emergency right of this person on this channel that runs now."""
    return running_on(channel, now=now).filter(person=person).first()


def running_on(channel: Channel, *, now: datetime) -> QuerySet[EmergencyRight]:
    """The emergency rights that run on the channel now."""
    # The grant beneath may be ended like any other, from the list of rights.
    held = ChannelGrant.objects.filter(channel=channel.public_id, starts_at__lte=now, ends_at__gt=now)
    rights = channel.emergency_rights.filter(starts_at__lte=now, ends_at__gt=now)
    return rights.filter(grant__in=held.values("public_id")).select_related("person")


def unreviewed(*, channel: Channel | None = None) -> QuerySet[EmergencyRight]:
    """Emergency rights that nobody has reviewed yet, oldest first."""
    found = EmergencyRight.objects.filter(reviewed_at=None).select_related("channel__unit", "person")
    return (found if channel is None else found.filter(channel=channel)).order_by("starts_at")


def visible_emergencies(person: User, *, now: datetime) -> QuerySet[EmergencyRight]:
    """Those this person may look at: their own, and those on channels that they manage."""
    scope = people.reach(person, Permission.MANAGE_CHANNEL, now=now)
    found = EmergencyRight.objects.select_related("channel__unit", "channel__platform", "person", "reviewed_by")
    if scope.everything:
        return found
    return found.filter(scope.where(unit="channel__unit", channel="channel__public_id") | Q(person=person))


def whom_to_tell(channel: Channel, actor: User, *, now: datetime) -> list[User]:
    """Everybody concerned: who holds a right on the channel, coordinators, public affairs, the department's head."""
    found = {grant.person.pk: grant.person for grant in people.grants_on(channel.public_id, now=now)}
    for role in (Role.COORDINATOR, Role.PUBLIC_AFFAIRS):
        found |= {person.pk: person for person in people.persons_with(role, now=now)}
    found |= {person.pk: person for person in people.persons_with(Role.DEPARTMENT_HEAD, unit=channel.unit, now=now)}
    found.pop(actor.pk, None)
    return sorted(found.values(), key=lambda person: (person.name, person.pk))


def reviewing_role(channel: Channel, actor: User, *, now: datetime) -> Role:
    """The office that reviews: the coordinator's, or where nobody but the person holds it, the next."""
    for role in _REVIEWERS:
        unit = channel.unit if role is Role.DEPARTMENT_HEAD else None
        if people.persons_with(role, unit=unit, now=now).exclude(pk=actor.pk).exists():
            return role
    return Role.COORDINATOR
