"""Persons and units come and go."""

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from rostrum.areas.duties import operations as duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events, queries
from rostrum.areas.people.models import ChannelGrant, RefusedAttempt, RoleGrant, SignedIn, Unit, User
from rostrum.areas.people.operations.acting import Actor, ByDirectory, may, name_of
from rostrum.areas.people.operations.factors import remove_all
from rostrum.areas.people.operations.grants import end_open, stamp
from rostrum.areas.people.operations.sessions import close
from rostrum.areas.people.operations.sign_in import put_password, send_password_link
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

# The classes that the packs tell apart when they say whom they cover.
EMPLOYMENT_CLASSES: Final = (
    *("permanent", "temporary", "project", "unclassified", "limited-term", "seasonal"),
    *("student", "intern", "extern", "volunteer", "contractor", "vendor", "agent", "elected"),
)


@transaction.atomic
def add_unit(*, slug: str, name: str, actor: Actor, now: datetime) -> Unit:
    """Add a department or office; returns the one with this slug if it is there already.

    Raises `Refused` unless the actor manages people. Recorded with the first person or channel that belongs to it.
    """
    may(actor, Permission.MANAGE_PEOPLE, now).or_refuse()
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
    engagement_ends_at: datetime | None = None,
    password: str | None = None,
    actor: Actor | ByDirectory,
    now: datetime,
) -> User:
    """Add a person. Without a password they set one by the link that `send_password_link` mails.

    Raises `Refused` unless the actor manages people, and `InvalidInput` naming the field that cannot be used.
    """
    may(actor, Permission.MANAGE_PEOPLE, now).or_refuse()
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
    if engagement_ends_at is not None and engagement_ends_at <= now:
        raise InvalidInput("engagement_ends_at", "The engagement would have ended already. Give a later day, or none.")
    person = User(
        email=email,
        name=name.strip(),
        title=title.strip(),
        unit=unit,
        employment_class=employment_class,
        engagement_ends_at=engagement_ends_at,
    )
    put_password(person, password)
    person.save()
    event = events.PersonAdded(
        person=person.public_id,
        unit=unit.public_id if unit else "",
        employment_class=employment_class,
        engagement_ends_at=stamp(engagement_ends_at),
    )
    ledger.record(event, actor=name_of(actor), now=now)
    return person


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    title: str = "",
    unit: Unit | None = None,
    employment_class: str = "permanent",
    engagement_ends_at: datetime | None = None,
    origin: str,
    actor: Actor,
    now: datetime,
) -> User:
    """Add a person and mail them a link to set their password. Raises as `add_person` does."""
    person = add_person(
        email=email,
        name=name,
        title=title,
        unit=unit,
        employment_class=employment_class,
        engagement_ends_at=engagement_ends_at,
        actor=actor,
        now=now,
    )
    send_password_link(email=person.email, origin=origin, actor=actor, now=now)
    return person


@transaction.atomic
def set_engagement(*, person: User, ends_at: datetime | None, actor: Actor, now: datetime) -> User:
    """Set until when a contractor, vendor or agent works for the body: access ends at that instant by itself.

    Raises `Refused` unless the actor manages people, and `InvalidInput` for an end in the past.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    may(actor, Permission.MANAGE_PEOPLE, now).or_refuse()
    if ends_at is not None and ends_at <= now:
        raise InvalidInput("engagement_ends_at", "An end in the past would change what was; start a separation.")
    person.engagement_ends_at = ends_at
    person.save(update_fields=["engagement_ends_at"])
    event = events.EngagementSet(person=person.public_id, engagement_ends_at=stamp(ends_at))
    ledger.record(event, actor=name_of(actor), now=now)
    return person


def decide_deactivation(*, person: User, actor: Actor, now: datetime) -> Decision:
    """Whether the actor may end this person's sign-in: somebody else's, and not ended yet."""
    against = list(may(actor, Permission.MANAGE_PEOPLE, now).against)
    if name_of(actor) == person.public_id:
        against.append(Reason("own-sign-in", "Nobody ends their own sign-in; another person must."))
    if not person.is_active:
        against.append(Reason("person-left", "This person has left already; there is nothing more to end."))
    return Decision(tuple(against))


@transaction.atomic
def plan_leaving(*, person: User, left_at: datetime, actor: Actor, now: datetime) -> User:
    """Set the instant at which the person's sign-in, roles and rights end by themselves.

    Raises `Refused` with every reason against it, and `InvalidInput` for an instant that is not to come.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    decide_deactivation(person=person, actor=actor, now=now).or_refuse()
    if left_at <= now:
        raise InvalidInput("left_at", "A planned leaving lies in the future.")
    person.left_at = left_at
    person.save(update_fields=["left_at"])
    event = events.LeavingPlanned(person=person.public_id, left_at=stamp(left_at))
    ledger.record(event, actor=name_of(actor), now=now)
    return person


@transaction.atomic
def rescind_leaving(*, person: User, actor: Actor, now: datetime) -> User:
    """Take a planned leaving back before its time. Raises `Refused` where there is none, or its time has come."""
    person = User.objects.select_for_update().get(pk=person.pk)
    decision = decide_deactivation(person=person, actor=actor, now=now)
    if person.left_at is None or person.left_at <= now:
        decision = decision.also(Decision((Reason("not-planned", "No leaving to come is planned."),)))
    decision.or_refuse()
    event = events.LeavingRescinded(person=person.public_id, left_at=stamp(person.left_at))
    person.left_at = None
    person.save(update_fields=["left_at"])
    ledger.record(event, actor=name_of(actor), now=now)
    return person


@transaction.atomic
def deactivate_person(*, person: User, left_at: datetime | None = None, actor: Actor, now: datetime) -> User:
    """End the person's sign-in, factors, roles and rights: now, or as of `left_at`, a planned instant that has come.

    Raises `Refused` with every reason against it. What is owed on the channels is opened by a separation
    (`channels.operations.separate_person`).
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    decide_deactivation(person=person, actor=actor, now=now).or_refuse()
    left_at = now if left_at is None else left_at
    ended = end_open(RoleGrant.objects.filter(person=person), ends_at=left_at)
    ended += end_open(ChannelGrant.objects.filter(person=person), ends_at=left_at)
    person.is_active = False
    person.left_at = left_at
    person.set_unusable_password()
    person.save(update_fields=["is_active", "left_at", "password"])
    # What a directory calls them stays: by it they are recognised, and refused.
    close(SignedIn.objects.filter(person=person), because="left", now=now)
    remove_all(person)
    event = events.PersonDeactivated(person=person.public_id, ended_grants=ended, left_at=stamp(left_at))
    ledger.record(event, actor=name_of(actor), now=now)
    duties.release_duties_of(person=person, actor=name_of(actor), now=now)
    return person


_REPORTED_EVERY = timedelta(hours=1)


@transaction.atomic
def note_refused_attempt(*, person: User, way: str, actor: Actor, now: datetime) -> RefusedAttempt | None:
    """Note that somebody who has left tried to get in (`way`: "sign-in", "session"); None for who is present.

    Recorded once an hour; what comes between is counted. Whoever knows an address could otherwise fill the ledger.
    """
    if queries.is_present(person, now=now):
        return None
    lately = person.refused_attempts.filter(way=way, first_at__gt=now - _REPORTED_EVERY).first()
    if lately is not None:
        lately.count, lately.last_at = lately.count + 1, now
        lately.save(update_fields=["count", "last_at"])
        return lately
    noted = RefusedAttempt.objects.create(person=person, way=way, first_at=now, last_at=now)
    ledger.record(events.AttemptRefused(person=person.public_id, way=way), actor=name_of(actor), now=now)
    return noted
