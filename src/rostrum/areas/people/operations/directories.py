"""Somebody signs in with a directory: who that is here, and which roles their groups give and end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import events, queries
from rostrum.areas.people.models import DirectoryIdentity, RoleGrant, SignedIn, Unit, User
from rostrum.areas.people.operations.acting import ByDirectory, name_of
from rostrum.areas.people.operations.persons import add_person
from rostrum.areas.people.operations.sessions import close
from rostrum.areas.people.rules import Role
from rostrum.areas.people.rules.directories import ArrivalFacts, Directory, decide_arrival, roles_from_groups
from rostrum.connectors.identity import Assertion
from rostrum.kernel.decisions import Refused


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came in, and whether signing in there counts as two factors."""

    person: User
    has_second_factor: bool


@transaction.atomic
def arrive(*, directory: Directory, assertion: Assertion, actor: ByDirectory, now: datetime) -> Arrived:
    """Find or make the person whom the directory speaks of, and let their roles follow their groups there.

    Raises `Refused`, with the same reason whatever the cause: not known here, left, or an address not verified.
    """
    person, is_linked = _find(directory, assertion, now)
    if person is None:
        person = add_person(
            email=assertion.email, name=assertion.name or assertion.email.partition("@")[0], actor=actor, now=now
        )
    if not is_linked:
        DirectoryIdentity.objects.create(
            directory=directory.id,
            issuer=assertion.issuer,
            subject=assertion.subject,
            person=person,
            linked_at=now,
            last_seen_at=now,
        )
        event = events.DirectoryLinked(person=person.public_id, directory=directory.id)
        ledger.record(event, actor=name_of(actor), now=now)
    _follow_groups(person, directory, assertion.groups, actor, now)
    return Arrived(person, directory.proves_second_factor(told=assertion.has_second_factor))


def _find(directory: Directory, assertion: Assertion, now: datetime) -> tuple[User | None, bool]:
    """The person (None: to be made) and whether the directory's name for them was known. Raises `Refused`."""
    known = DirectoryIdentity.objects.filter(issuer=assertion.issuer)
    identity = known.select_for_update(of=("self",)).select_related("person").filter(subject=assertion.subject).first()
    if identity is not None:
        person: User | None = User.objects.select_for_update().get(pk=identity.person_id)
    else:
        person = User.objects.select_for_update().filter(email__iexact=assertion.email).first()
    decide_arrival(
        ArrivalFacts(
            linked=identity is not None,
            present=None if person is None else queries.is_present(person, now=now),
            is_other=identity is None and person is not None and known.filter(person=person).exists(),
            has_email=bool(assertion.email),
            email_is_verified=assertion.email_is_verified,
            unknown_persons=directory.unknown_persons,
        )
    ).or_refuse()
    if identity is not None:
        DirectoryIdentity.objects.filter(pk=identity.pk).update(last_seen_at=now)
    return person, identity is not None


def _follow_groups(
    person: User, directory: Directory, groups: tuple[str, ...], actor: ByDirectory, now: datetime
) -> None:
    """Give what the groups give and is not held, end what this directory gave and the groups no longer give."""
    wanted = _with_units(roles_from_groups(groups, directory.roles))
    in_force = Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    held = RoleGrant.objects.select_for_update(of=("self",)).filter(in_force, person=person).select_related("unit")
    ended, kept = [], set()
    for grant in held:
        key = (Role(grant.role), grant.unit)
        if grant.directory == directory.id and key not in wanted:
            grant.ends_at = now
            grant.save(update_fields=["ends_at"])
            ended.append(_named(grant))
        else:
            # A role that a person gave stays as it is; the directory neither gives it twice nor ends it.
            kept.add(key)
    given = [
        _named(
            RoleGrant.objects.create(
                person=person, role=role.value, unit=unit, starts_at=now, directory=directory.id, given_by=None
            )
        )
        for role, unit in sorted(wanted - kept, key=lambda one: (one[0].value, one[1].public_id if one[1] else ""))
    ]
    if given or ended:
        event = events.RolesFollowedDirectory(person=person.public_id, directory=directory.id, given=given, ended=ended)
        ledger.record(event, actor=name_of(actor), now=now)


def _with_units(wanted: frozenset[tuple[Role, str]]) -> set[tuple[Role, Unit | None]]:
    """The roles with their units; one over a unit that is not here gives nothing, rather than the whole body."""
    units = {unit.slug: unit for unit in Unit.objects.filter(slug__in=[slug for _, slug in wanted if slug])}
    return {(role, units.get(slug)) for role, slug in wanted if not slug or slug in units}


def _named(grant: RoleGrant) -> dict[str, str]:
    return {"grant": grant.public_id, "role": grant.role, "unit": grant.unit.public_id if grant.unit else ""}


@transaction.atomic
def end_unseen_roles(*, directory: Directory, actor: ByDirectory, now: datetime) -> int:
    """End the roles a directory gave to people it has not spoken of for the days it was given; return how many."""
    since = now - timedelta(days=directory.roles_last_days)
    seen = DirectoryIdentity.objects.filter(directory=directory.id, last_seen_at__gt=since).values("person")
    open_ended = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    stale = RoleGrant.objects.filter(open_ended, directory=directory.id).exclude(person__in=seen)
    count = 0
    for person in User.objects.filter(pk__in=stale.values("person")).order_by("pk"):
        ended = []
        for grant in stale.filter(person=person).select_related("unit").order_by("pk"):
            grant.ends_at = now
            grant.save(update_fields=["ends_at"])
            ended.append(_named(grant))
        event = events.RolesFollowedDirectory(person=person.public_id, directory=directory.id, given=[], ended=ended)
        ledger.record(event, actor=name_of(actor), now=now)
        count += len(ended)
    return count


@transaction.atomic
def end_by_directory(
    *, directory: Directory, issuer: str, subject: str, session: str, actor: ByDirectory, now: datetime
) -> int:
    """End the sessions that the directory says are over: one, or all of the subject's. Returns how many."""
    found = SignedIn.objects.filter(how=f"directory:{directory.id}", ended_at__isnull=True)
    if session:
        found = found.filter(directory_session=session)
    if subject:
        people = DirectoryIdentity.objects.filter(issuer=issuer, subject=subject).values("person")
        found = found.filter(person__in=people)
    if not session and not subject:
        raise Refused.because("no-subject", "The message names neither a person nor a session.")
    ended = 0
    for person in User.objects.filter(pk__in=found.values("person")):
        ids = close(found.filter(person=person), because="directory", now=now)
        ledger.record(events.SessionsEnded(person=person.public_id, sessions=ids), actor=name_of(actor), now=now)
        ended += len(ids)
    return ended
