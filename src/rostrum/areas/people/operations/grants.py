"""Roles and rights are given and ended."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events, queries, rules
from rostrum.areas.people.models import ChannelGrant, Denial, RoleGrant, Unit, User
from rostrum.areas.people.operations.acting import Actor, may, name_of
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.kernel.decisions import Decision, InvalidInput, Reason


def stamp(instant: datetime | None) -> str:
    """An instant as the ledger writes it; empty for none."""
    return instant.isoformat() if instant else ""


def check_dates(starts_at: datetime, ends_at: datetime | None) -> None:
    """Raise `InvalidInput` where it ends before it begins."""
    if ends_at is not None and ends_at <= starts_at:
        raise InvalidInput("ends_at", "It ends before it begins. Give an end after the beginning, or none.")


def _overlapping(starts_at: datetime, ends_at: datetime | None) -> Q:
    match = Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at)
    return match & Q(starts_at__lt=ends_at) if ends_at else match


@transaction.atomic
def give_role(
    *,
    person: User,
    role: Role,
    unit: Unit | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    actor: Actor,
    now: datetime,
) -> RoleGrant:
    """Give a role, over one unit or the whole body, from `starts_at` (default: now).

    Raises `Refused` (not the actor's to give, one's own, held already, person left) and `InvalidInput` on the dates.
    """
    starts_at = starts_at or now
    check_dates(starts_at, ends_at)
    # Locked, so that two coordinators cannot give the same role at once.
    person = User.objects.select_for_update().get(pk=person.pk)
    held = RoleGrant.objects.filter(_overlapping(starts_at, ends_at), person=person, role=role, unit=unit).exists()
    decide_role(person=person, held=held, actor=actor, now=now).or_refuse()
    grant = RoleGrant.objects.create(
        person=person,
        role=role.value,
        unit=unit,
        starts_at=starts_at,
        ends_at=ends_at,
        given_by=actor if isinstance(actor, User) else None,
    )
    event = events.RoleGiven(
        grant=grant.public_id,
        person=person.public_id,
        role=role.value,
        unit=unit.public_id if unit else "",
        starts_at=stamp(starts_at),
        ends_at=stamp(ends_at),
    )
    ledger.record(event, actor=name_of(actor), now=now)
    return grant


def decide_role(*, person: User, held: bool = False, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may give this person a role: the page asks it before, the operation when it acts."""
    return rules.decide_grant(
        rules.GrantFacts(
            actor=name_of(actor),
            person=person.public_id,
            person_present=queries.is_present(person, now=now),
            already_held=held,
            may_give=may(actor, Permission.MANAGE_PEOPLE, now),
        )
    )


@transaction.atomic
def end_role(*, grant_id: str, ends_at: datetime | None = None, actor: Actor, now: datetime) -> RoleGrant:
    """End a role at `ends_at` (default: now). Raises `Refused`, `InvalidInput`, or RoleGrant.DoesNotExist."""
    ends_at = ends_at or now
    grant = RoleGrant.objects.select_for_update().select_related("person").get(public_id=grant_id)
    may(actor, Permission.MANAGE_PEOPLE, now).also(_not_ended(grant.ends_at, now)).or_refuse()
    _check_end(grant.starts_at, ends_at, now)
    grant.ends_at = ends_at
    grant.save(update_fields=["ends_at"])
    event = events.RoleEnded(
        grant=grant.public_id, person=grant.person.public_id, role=grant.role, ends_at=stamp(ends_at)
    )
    ledger.record(event, actor=name_of(actor), now=now)
    return grant


def _not_ended(ends_at: datetime | None, now: datetime) -> Decision:
    if ends_at is not None and ends_at <= now:
        return Decision((Reason("already-ended", "This ended already; what was cannot be changed afterwards."),))
    return Decision()


def _check_end(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at < starts_at:
        raise InvalidInput("ends_at", "It would end before it begins.")
    if ends_at < now:
        raise InvalidInput("ends_at", "An end in the past would change what was; end it now.")


@transaction.atomic
def give_channel_right(
    *,
    person: User,
    channel: str,
    right: Right,
    unit: Unit | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    basis: str = "",
    actor: Actor,
    now: datetime,
) -> ChannelGrant:
    """Give a right on the channel with this public id; `unit` is the channel's, for department heads' reach.

    What the packs in force ask before a right is given is not known here: at the desk it is given by
    `channels.operations.issue_right`, which names the request it rests on (`basis`).

    Raises `Refused` (not the actor's to give, one's own, held already, denied, person left) and `InvalidInput` on the
    dates.
    """
    starts_at = starts_at or now
    check_dates(starts_at, ends_at)
    person = User.objects.select_for_update().get(pk=person.pk)
    rules.decide_grant(
        rules.GrantFacts(
            actor=name_of(actor),
            person=person.public_id,
            person_present=queries.is_present(person, now=now),
            already_held=ChannelGrant.objects.filter(
                _overlapping(starts_at, ends_at), person=person, channel=channel, right=right
            ).exists(),
            may_give=may(actor, Permission.ISSUE_GRANT, now, unit),
            is_denied=queries.is_denied(person),
        )
    ).or_refuse()
    grant = ChannelGrant.objects.create(
        person=person,
        channel=channel,
        right=right.value,
        starts_at=starts_at,
        ends_at=ends_at,
        given_by=actor if isinstance(actor, User) else None,
        basis=basis,
    )
    event = events.ChannelRightGiven(
        grant=grant.public_id,
        person=person.public_id,
        channel=channel,
        right=right.value,
        starts_at=stamp(starts_at),
        ends_at=stamp(ends_at),
        basis=basis,
    )
    ledger.record(event, actor=name_of(actor), now=now)
    return grant


def decide_right_end(*, person: User, unit: Unit | None = None, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may end this person's rights on a channel of `unit` (default: the person's own unit)."""
    unit = unit or person.unit
    decision = may(actor, Permission.END_GRANT, now, unit)
    if unit is None and isinstance(actor, User) and not queries.reach(actor, Permission.END_GRANT, now=now).everything:
        # Without a unit to compare, a department's reach would cover everybody.
        return decision.also(Decision((Reason("out-of-reach", "This right belongs to no department of yours."),)))
    return decision


@transaction.atomic
def end_channel_right(
    *, grant_id: str, unit: Unit | None = None, ends_at: datetime | None = None, actor: Actor, now: datetime
) -> ChannelGrant:
    """End a right on a channel at `ends_at` (default: now); `unit` is the channel's (default: the person's).

    Raises `Refused`, `InvalidInput`, or ChannelGrant.DoesNotExist.
    """
    ends_at = ends_at or now
    grant = ChannelGrant.objects.select_for_update().select_related("person").get(public_id=grant_id)
    may_end = decide_right_end(person=grant.person, unit=unit, actor=actor, now=now)
    may_end.also(_not_ended(grant.ends_at, now)).or_refuse()
    _check_end(grant.starts_at, ends_at, now)
    grant.ends_at = ends_at
    grant.save(update_fields=["ends_at"])
    event = events.ChannelRightEnded(
        grant=grant.public_id,
        person=grant.person.public_id,
        channel=grant.channel,
        right=grant.right,
        ends_at=stamp(ends_at),
    )
    ledger.record(event, actor=name_of(actor), now=now)
    return grant


# Roles by which one acts on channels without a right on each of them.
ACTING_ROLES = (Role.POSTER, Role.CONTRACTOR, Role.MODERATOR, Role.PUBLIC_AFFAIRS, Role.COORDINATOR)


@transaction.atomic
def end_all_channel_rights(*, person: User, actor: Actor, now: datetime) -> list[str]:
    """End all of a person's rights on channels now, wherever held, and the roles by which they act on channels.

    Returns the public ids of what ended; what has not begun ends as it begins. Raises `Refused` where the actor may
    not end this person's rights.
    """
    person = User.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    decide_right_end(person=person, actor=actor, now=now).or_refuse()
    ended = end_open(ChannelGrant.objects.filter(person=person), ends_at=now)
    ended += end_open(RoleGrant.objects.filter(person=person, role__in=ACTING_ROLES), ends_at=now)
    ledger.record(events.ChannelRightsEnded(person=person.public_id, grants=ended), actor=name_of(actor), now=now)
    return ended


def end_open(grants: QuerySet[ChannelGrant] | QuerySet[RoleGrant], *, ends_at: datetime) -> list[str]:
    """End what has not ended by `ends_at`, and return the public ids. One that has not begun ends as it begins."""
    ended: list[str] = []
    for grant in grants.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=ends_at)).order_by("pk"):
        grant.ends_at = max(ends_at, grant.starts_at)
        grant.save(update_fields=["ends_at"])
        ended.append(grant.public_id)
    return ended


@transaction.atomic
def suspend_channel_right(*, grant_id: str, because: str, actor: Actor, now: datetime) -> ChannelGrant:
    """Suspend a right on a channel: not in force until resumed. `because` is a code. Raises `Refused`."""
    grant = ChannelGrant.objects.select_for_update(of=("self",)).select_related("person").get(public_id=grant_id)
    may(actor, Permission.END_GRANT, now).also(_not_ended(grant.ends_at, now)).or_refuse()
    if grant.suspended_at is None:
        grant.suspended_at = now
        grant.save(update_fields=["suspended_at"])
        event = events.ChannelRightSuspended(
            grant=grant.public_id,
            person=grant.person.public_id,
            channel=grant.channel,
            right=grant.right,
            because=because,
        )
        ledger.record(event, actor=name_of(actor), now=now)
    return grant


@transaction.atomic
def resume_channel_right(*, grant_id: str, unit: Unit | None = None, actor: Actor, now: datetime) -> ChannelGrant:
    """Put a suspended right on a channel back into force; `unit` is the channel's. Raises `Refused`."""
    grant = ChannelGrant.objects.select_for_update(of=("self",)).select_related("person").get(public_id=grant_id)
    may_end = decide_right_end(person=grant.person, unit=unit, actor=actor, now=now)
    may_end.also(_not_ended(grant.ends_at, now)).or_refuse()
    if grant.suspended_at is not None:
        grant.suspended_at = None
        grant.save(update_fields=["suspended_at"])
        event = events.ChannelRightResumed(
            grant=grant.public_id, person=grant.person.public_id, channel=grant.channel, right=grant.right
        )
        ledger.record(event, actor=name_of(actor), now=now)
    return grant


@transaction.atomic
def deny_posting(*, person: User, reason: str, actor: User, now: datetime) -> Denial:
    """Put a person on the denied list: none of their rights on channels is in force until it is lifted.

    Raises `Refused`: not the actor's to deny, oneself, no reason, denied already.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    rules.decide_denial(
        rules.DenialFacts(
            actor=actor.public_id,
            person=person.public_id,
            is_denied=queries.is_denied(person),
            reason=reason,
            may_deny=may(actor, Permission.DENY_POSTING, now),
        )
    ).or_refuse()
    denial = Denial.objects.create(person=person, reason=reason.strip(), denied_by=actor, denied_at=now)
    ledger.record(
        events.PostingDenied(denial=denial.public_id, person=person.public_id), actor=actor.public_id, now=now
    )
    return denial


@transaction.atomic
def lift_denial(*, denial_id: str, reason: str, actor: User, now: datetime) -> Denial:
    """Take a person off the denied list, with a reason: their rights are in force again. Raises `Refused`."""
    denial = Denial.objects.select_for_update(of=("self",)).select_related("person").get(public_id=denial_id)
    rules.decide_lifting(
        rules.DenialFacts(
            actor=actor.public_id,
            person=denial.person.public_id,
            is_denied=denial.lifted_at is None,
            reason=reason,
            may_deny=may(actor, Permission.DENY_POSTING, now),
        )
    ).or_refuse()
    denial.lifted_by, denial.lifted_at, denial.lifted_reason = actor, now, reason.strip()
    denial.save(update_fields=["lifted_by", "lifted_at", "lifted_reason"])
    ledger.record(
        events.DenialLifted(denial=denial.public_id, person=denial.person.public_id), actor=actor.public_id, now=now
    )
    return denial


@transaction.atomic
def note_use(*, person: str, channels: Sequence[str], right: Right, actor: Actor, now: datetime) -> int:
    """Note that the person used this right on these channels, so that reviews see what is used. Not an act."""
    del actor
    held = ChannelGrant.objects.filter(person__public_id=person, channel__in=list(channels), right=right)
    return held.filter(_overlapping(now, None)).update(last_used_at=now)
