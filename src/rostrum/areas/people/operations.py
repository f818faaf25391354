"""Everything that changes persons, roles and rights: one act, one transaction, one entry.

The actor is the person who acts; ``SYSTEM`` stands for whoever installs the product at its command line, before there
is a person who could.
"""

from datetime import datetime
from typing import Final, Literal

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events, queries, rules
from rostrum.areas.people.models import ChannelGrant, RoleGrant, Unit, User
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

SYSTEM: Final = "system"
Actor = User | Literal["system"]
# The classes that the packs tell apart when they say whom they cover.
EMPLOYMENT_CLASSES: Final = (
    *("permanent", "temporary", "project", "unclassified", "limited-term", "seasonal"),
    *("student", "intern", "extern", "volunteer", "contractor", "vendor", "agent", "elected"),
)


def _name_of(actor: Actor) -> str:
    return actor.public_id if isinstance(actor, User) else actor


def _may(actor: Actor, permission: Permission, now: datetime, unit: Unit | None = None) -> Decision:
    if not isinstance(actor, User):
        return Decision()
    return queries.may(actor, permission, unit=unit, now=now)


def _stamp(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def _check_dates(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise InvalidInput("ends_at", "It ends before it begins. Give an end after the beginning, or none.")


def _overlapping(starts_at: datetime, ends_at: datetime | None) -> Q:
    match = Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at)
    return match & Q(starts_at__lt=ends_at) if ends_at else match


@transaction.atomic
def add_unit(*, slug: str, name: str, actor: Actor, now: datetime) -> Unit:
    """Add a department or office; returns the one with this slug if it is there already.

    Raises `Refused` unless the actor manages people. Recorded with the first person or channel that belongs to it.
    """
    _may(actor, Permission.MANAGE_PEOPLE, now).or_refuse()
    unit, _ = Unit.objects.get_or_create(slug=slug, defaults={"name": name})
    return unit


@transaction.atomic
def add_person(
    *,
    email: str,
    name: str,
    title: str = "",
    unit: Unit | None = None,
    employment_class: str = "permanent",
    password: str | None = None,
    actor: Actor,
    now: datetime,
) -> User:
    """Add a person. Without a password they set one by the link that `send_password_link` mails.

    Raises `Refused` unless the actor manages people, and `InvalidInput` naming the field that cannot be used.
    """
    _may(actor, Permission.MANAGE_PEOPLE, now).or_refuse()
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as problem:
        raise InvalidInput("email", "This is not an e-mail address, such as name@example.gov.") from problem
    if not name.strip():
        raise InvalidInput("name", "A person needs a name.")
    if employment_class not in EMPLOYMENT_CLASSES:
        raise InvalidInput("employment_class", f"One of: {', '.join(EMPLOYMENT_CLASSES)}.")
    if User.objects.filter(email__iexact=email).exists():
        raise InvalidInput("email", "A person with this e-mail address is here already.")
    person = User(email=email, name=name.strip(), title=title.strip(), unit=unit, employment_class=employment_class)
    _set_password(person, password)
    person.save()
    event = events.PersonAdded(
        person=person.public_id, unit=unit.public_id if unit else "", employment_class=employment_class
    )
    ledger.record(event, actor=_name_of(actor), now=now)
    return person


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    title: str = "",
    unit: Unit | None = None,
    employment_class: str = "permanent",
    origin: str,
    actor: Actor,
    now: datetime,
) -> User:
    """Add a person and mail them a link to set their password. Raises as `add_person` does."""
    person = add_person(
        email=email, name=name, title=title, unit=unit, employment_class=employment_class, actor=actor, now=now
    )
    send_password_link(email=person.email, origin=origin, actor=actor, now=now)
    return person


def _set_password(person: User, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as problem:
            raise InvalidInput("password", " ".join(problem.messages)) from problem
    person.set_password(password)


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
    _check_dates(starts_at, ends_at)
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
        starts_at=_stamp(starts_at),
        ends_at=_stamp(ends_at),
    )
    ledger.record(event, actor=_name_of(actor), now=now)
    return grant


def decide_role(*, person: User, held: bool = False, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may give this person a role: the page asks it before, the operation when it acts."""
    return rules.decide_grant(
        rules.GrantFacts(
            actor=_name_of(actor),
            person=person.public_id,
            person_present=queries.is_present(person, now=now),
            already_held=held,
            may_give=_may(actor, Permission.MANAGE_PEOPLE, now),
        )
    )


@transaction.atomic
def end_role(*, grant_id: str, ends_at: datetime | None = None, actor: Actor, now: datetime) -> RoleGrant:
    """End a role at `ends_at` (default: now). Raises `Refused`, `InvalidInput`, or RoleGrant.DoesNotExist."""
    ends_at = ends_at or now
    grant = RoleGrant.objects.select_for_update().select_related("person").get(public_id=grant_id)
    _may(actor, Permission.MANAGE_PEOPLE, now).also(_not_ended(grant.ends_at, now)).or_refuse()
    _check_end(grant.starts_at, ends_at, now)
    grant.ends_at = ends_at
    grant.save(update_fields=["ends_at"])
    event = events.RoleEnded(
        grant=grant.public_id, person=grant.person.public_id, role=grant.role, ends_at=_stamp(ends_at)
    )
    ledger.record(event, actor=_name_of(actor), now=now)
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
    actor: Actor,
    now: datetime,
) -> ChannelGrant:
    """Give a right on the channel with this public id; `unit` is the channel's, for department heads' reach.

    Raises `Refused` (not the actor's to give, one's own, held already, person left) and `InvalidInput` on the dates.
    """
    starts_at = starts_at or now
    _check_dates(starts_at, ends_at)
    person = User.objects.select_for_update().get(pk=person.pk)
    rules.decide_grant(
        rules.GrantFacts(
            actor=_name_of(actor),
            person=person.public_id,
            person_present=queries.is_present(person, now=now),
            already_held=ChannelGrant.objects.filter(
                _overlapping(starts_at, ends_at), person=person, channel=channel, right=right
            ).exists(),
            may_give=_may(actor, Permission.ISSUE_GRANT, now, unit),
        )
    ).or_refuse()
    grant = ChannelGrant.objects.create(
        person=person,
        channel=channel,
        right=right.value,
        starts_at=starts_at,
        ends_at=ends_at,
        given_by=actor if isinstance(actor, User) else None,
    )
    event = events.ChannelRightGiven(
        grant=grant.public_id,
        person=person.public_id,
        channel=channel,
        right=right.value,
        starts_at=_stamp(starts_at),
        ends_at=_stamp(ends_at),
    )
    ledger.record(event, actor=_name_of(actor), now=now)
    return grant


def decide_right_end(*, person: User, unit: Unit | None = None, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may end this person's rights on a channel of `unit` (default: the person's own unit)."""
    unit = unit or person.unit
    decision = _may(actor, Permission.END_GRANT, now, unit)
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
        ends_at=_stamp(ends_at),
    )
    ledger.record(event, actor=_name_of(actor), now=now)
    return grant


def decide_deactivation(*, person: User, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may end this person's sign-in: somebody else's, and not ended yet."""
    against = list(_may(actor, Permission.MANAGE_PEOPLE, now).against)
    if _name_of(actor) == person.public_id:
        against.append(Reason("own-sign-in", "Nobody ends their own sign-in; another person must."))
    if not queries.is_present(person, now=now):
        against.append(Reason("person-left", "This person cannot sign in any more."))
    return Decision(tuple(against))


@transaction.atomic
def deactivate_person(*, person: User, actor: Actor, now: datetime) -> User:
    """End the person's sign-in, sessions, roles and rights now. Raises `Refused` with every reason against it."""
    person = User.objects.select_for_update().get(pk=person.pk)
    decide_deactivation(person=person, actor=actor, now=now).or_refuse()
    still_open = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    ended: list[str] = []
    for grants in (RoleGrant.objects, ChannelGrant.objects):
        for grant in grants.filter(still_open, person=person).order_by("pk"):
            # One that has not begun ends as it begins: it was never in force.
            grant.ends_at = max(now, grant.starts_at)
            grant.save(update_fields=["ends_at"])
            ended.append(grant.public_id)
    person.is_active = False
    person.left_at = now
    person.set_unusable_password()
    person.save(update_fields=["is_active", "left_at", "password"])
    event = events.PersonDeactivated(person=person.public_id, ended_grants=ended)
    ledger.record(event, actor=_name_of(actor), now=now)
    return person


@transaction.atomic
def set_password(*, person: User, password: str, actor: Actor, now: datetime) -> User:
    """Set a new password: one's own, or by the installer. Other sessions end. Raises `Refused`, `InvalidInput`."""
    against = []
    if isinstance(actor, User) and actor.pk != person.pk:
        against.append(Reason("not-own-password", "A password is set only by the person it belongs to."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if not queries.is_present(person, now=now):
        against.append(Reason("person-left", "This person cannot sign in any more."))
    Decision(tuple(against)).or_refuse()
    _set_password(person, password)
    person.save(update_fields=["password"])
    ledger.record(events.PasswordSet(person=person.public_id), actor=_name_of(actor), now=now)
    return person


@transaction.atomic
def send_password_link(*, email: str, origin: str, actor: Actor | Literal["public"], now: datetime) -> None:
    """Queue a mail with a link to set a password, if such a person is here; says nothing either way.

    `origin` is the site's own (``https://social.example.gov``). The link is made when the mail is sent, so that no
    working link lies in the queue. Not an official act: recorded when the password is set.
    """
    del actor
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None or not queries.is_present(person, now=now):
        return
    jobs.enqueue(
        "people.send-password-link",
        {"person": person.public_id, "origin": origin},
        now=now,
        unique_key=f"password-link:{person.public_id}",
    )
