"""Trainings: which are given, who owes which, who completed them; and bulletins about threats."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.governance.models import (
    BodyTraining,
    Bulletin,
    BulletinReading,
    TrainingAssignment,
    TrainingCompletion,
)
from rostrum.areas.governance.queries import packs
from rostrum.areas.governance.rules.training import PersonFacts, is_assigned, is_valid
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import ChannelGrant, User
from rostrum.areas.people.rules import Permission
from rostrum.evidence.canonical import canonical_json
from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.packs import Training, TrainingTopic


@dataclass(frozen=True, slots=True)
class GivenTraining:
    """A training as it is given now: the pack's, or the body's own version of it. `before_grant`: the clause, or ""."""

    key: str
    title: str
    clause: str
    topics: tuple[TrainingTopic, ...]
    link: str
    assigned: tuple[str, ...]
    due_days: int
    renewal_days: int | None
    is_before_grant: bool
    before_grant: str
    pack: str
    number: int

    @property
    def digest(self) -> str:
        """What fixes the content that somebody completes."""
        content = {
            "title": self.title,
            "link": self.link,
            "topics": [[topic.id, topic.title, topic.text] for topic in self.topics],
        }
        return hashlib.sha256(canonical_json(content)).hexdigest()


def trainings() -> list[GivenTraining]:
    """Every training that is given now: those of the packs in force, then the body's own, by title."""
    own = _own()
    asked = packs.policy().trainings if packs.activation() is not None else ()
    given = [_given(one, own.pop(one.id, None)) for one in asked]
    extra = [_own_given(one) for one in own.values()]
    return given + sorted(extra, key=lambda one: one.title)


def training_called(key: str) -> GivenTraining:
    """The training with this key. Raises `InvalidInput` when it is not given."""
    for one in trainings():
        if one.key == key:
            return one
    raise InvalidInput("training", f"{key!r} is no training that is given here")


def _own() -> dict[str, BodyTraining]:
    newest: dict[str, BodyTraining] = {}
    for one in BodyTraining.objects.order_by("key", "number"):
        newest[one.key] = one
    return {key: one for key, one in newest.items() if one.retired_at is None}


def _given(asked: Training, own: BodyTraining | None) -> GivenTraining:
    clause = asked.before_grant
    return GivenTraining(
        key=asked.id,
        title=own.title if own else asked.title,
        clause=asked.clause,
        topics=_topics(own) if own else asked.topics,
        link=own.link if own else "",
        assigned=tuple(own.assigned) if own else asked.assigned,
        due_days=own.due_days if own else int(packs.choice(asked.due)),
        renewal_days=own.renewal_days if own else int(packs.choice(asked.renewal)),
        # A body may ask more than its pack, never less.
        is_before_grant=bool(clause) or bool(own and own.before_grant),
        before_grant=clause,
        pack=asked.pack,
        number=own.number if own else 0,
    )


def _own_given(own: BodyTraining) -> GivenTraining:
    return GivenTraining(
        key=own.key,
        title=own.title,
        clause="",
        topics=_topics(own),
        link=own.link,
        assigned=tuple(own.assigned),
        due_days=own.due_days,
        renewal_days=own.renewal_days,
        is_before_grant=own.before_grant,
        before_grant="",
        pack="",
        number=own.number,
    )


def _topics(own: BodyTraining) -> tuple[TrainingTopic, ...]:
    return tuple(TrainingTopic(one["id"], one["title"], one["text"]) for one in own.topics)


def person_facts(person: User, *, now: datetime) -> PersonFacts:
    """What the assignment of trainings to this person depends on."""
    roles = frozenset(held.role.value for held in people.roles_of(person, now))
    return PersonFacts(person.employment_class, roles, bool(people.rights_of(person, now)))


def latest_completion(person: User, key: str) -> TrainingCompletion | None:
    """The person's newest completion of a training, or None."""
    return TrainingCompletion.objects.filter(person=person, training=key).first()


def is_completed(person: User, key: str, *, now: datetime) -> bool:
    """Whether the person has completed the training and need not yet do so again."""
    found = latest_completion(person, key)
    return found is not None and is_valid(found.renew_by, now)


def open_assignments(person: User) -> QuerySet[TrainingAssignment]:
    """The trainings that the person owes, soonest first."""
    return TrainingAssignment.objects.filter(person=person, completed_at=None, ended_at=None)


def overdue_assignments(*, now: datetime) -> QuerySet[TrainingAssignment]:
    """Trainings that are owed and late, the longest late first."""
    found = TrainingAssignment.objects.filter(completed_at=None, ended_at=None, due_at__lt=now)
    return found.select_related("person__unit").order_by("due_at", "pk")


def visible_assignments(person: User, *, now: datetime) -> QuerySet[TrainingAssignment]:
    """The assignments this person may follow: all of them, or those of a department."""
    scope = people.reach(person, Permission.CHASE_ACKNOWLEDGEMENTS, reading=True, now=now)
    everything = people.may(person, Permission.KEEP_TRAINING, reading=True, now=now).allowed
    found = TrainingAssignment.objects.filter(Q() if everything else scope.where(unit="person__unit"))
    return found.select_related("person__unit")


def visible_completions(person: User, *, now: datetime) -> QuerySet[TrainingCompletion]:
    """The completions this person may see: all of them, or those of a department."""
    scope = people.reach(person, Permission.CHASE_ACKNOWLEDGEMENTS, reading=True, now=now)
    everything = people.may(person, Permission.KEEP_TRAINING, reading=True, now=now).allowed
    found = TrainingCompletion.objects.filter(Q() if everything else scope.where(unit="person__unit"))
    return found.select_related("person__unit", "recorded_by")


def holders(*, now: datetime) -> QuerySet[User]:
    """Everybody present who holds a right on a channel."""
    in_force = Q(starts_at__lte=now) & (Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    grants = ChannelGrant.objects.filter(in_force)
    return people.persons_present(now=now).filter(pk__in=grants.values("person"))


def unassigned(*, now: datetime) -> Iterator[tuple[User, GivenTraining, bool]]:
    """Who should be assigned which training now, and whether it is a renewal.

    A renewal is opened as long before it is due as a first training is given time.
    """
    given = [one for one in trainings() if one.assigned]
    if not given:
        return
    owed = {
        (person, training)
        for person, training in TrainingAssignment.objects.filter(completed_at=None, ended_at=None).values_list(
            "person", "training"
        )
    }
    completed: dict[tuple[int, str], TrainingCompletion] = {}
    for done in TrainingCompletion.objects.order_by("completed_at", "pk"):
        completed[(done.person_id, done.training)] = done
    only_holders = all(set(one.assigned) == {"grant-holders"} for one in given)
    everybody = holders(now=now) if only_holders else people.persons_present(now=now)
    for person in everybody:
        facts = person_facts(person, now=now)
        for training in given:
            if (person.pk, training.key) in owed or not is_assigned(training.assigned, facts):
                continue
            last = completed.get((person.pk, training.key))
            if last is None:
                yield person, training, False
            elif last.renew_by is not None and (last.renew_by - now).days < training.due_days:
                yield person, training, True


def to_end(*, now: datetime) -> Iterator[TrainingAssignment]:
    """Assignments of persons who left, or of trainings that are given no more."""
    keys = {one.key for one in trainings()}
    for found in TrainingAssignment.objects.filter(completed_at=None, ended_at=None).select_related("person"):
        if found.training not in keys or not people.is_present(found.person, now=now):
            yield found


def has_assignments(*, now: datetime) -> bool:
    """Whether a training is to be assigned or ended: what the job asks before it is queued."""
    return next(unassigned(now=now), None) is not None or next(to_end(now=now), None) is not None


def bulletins() -> QuerySet[Bulletin]:
    """Every bulletin, newest first."""
    return Bulletin.objects.select_related("issued_by")


def unread_bulletins(person: User, *, now: datetime) -> list[Bulletin]:
    """The bulletins this person has not confirmed, for whoever holds a right on a channel."""
    if not people.rights_of(person, now):
        return []
    read = BulletinReading.objects.filter(person=person).values("bulletin")
    return list(Bulletin.objects.exclude(pk__in=read))
