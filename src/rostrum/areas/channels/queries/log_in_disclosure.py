"""Requests to see a log-in: which there are, who may confirm them, what has to be changed after they were answered."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from rostrum.areas.channels import custody, pack
from rostrum.areas.channels.models import Channel, LogInDisclosure
from rostrum.areas.channels.queries.custody import Rotation, credential_in_force, rotation_since
from rostrum.areas.channels.rules import log_in_disclosure as rules
from rostrum.areas.channels.rules.log_in_disclosure import DisclosureState
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import MATRIX, Permission
from rostrum.kernel.decisions import Decision

_OPEN = (DisclosureState.REQUESTED, DisclosureState.CONFIRMED)


def may_disclose(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether the person may ask to see a log-in or confirm that another sees it."""
    return people.may(actor, Permission.DISCLOSE_CREDENTIAL, unit=channel.unit, channel=channel.public_id, now=now)


def who_may_confirm(requester: User, *, now: datetime) -> list[User]:
    """The persons who can be the second one, the person who asks left out."""
    found: dict[int, User] = {}
    for role in MATRIX[Permission.DISCLOSE_CREDENTIAL]:
        for person in people.persons_with(role, now=now):
            found[person.pk] = person
    found.pop(requester.pk, None)
    return sorted(found.values(), key=lambda person: person.name)


def shown_parts(channel: Channel) -> tuple[str, ...]:
    """The fields in custody that may ever be shown: all but the seed of one-time codes."""
    credential = credential_in_force(channel)
    return tuple(name for name in credential.parts if name != custody.SEED_FIELD) if credential else ()


def ask_facts(channel: Channel, *, parts: Collection[str], reason: str, actor: User, now: datetime) -> rules.AskFacts:
    """The facts about asking to see a log-in."""
    return rules.AskFacts(
        may_ask=may_disclose(channel, actor=actor, now=now),
        has_credential=credential_in_force(channel) is not None,
        parts=tuple(parts),
        shown_parts=shown_parts(channel),
        is_open=channel.disclosures.filter(requested_by=actor, state__in=_OPEN, expires_at__gt=now).exists(),
        reason=reason,
    )


def disclosure_facts(found: LogInDisclosure, *, actor: User, now: datetime, note: str = "") -> rules.DisclosureFacts:
    """The facts about confirming, declining or answering a request."""
    return rules.DisclosureFacts(
        state=DisclosureState(found.state),
        may=may_disclose(found.channel, actor=actor, now=now),
        actor=actor.public_id,
        requester=found.requested_by.public_id,
        expires_at=found.expires_at,
        now=now,
        is_current=found.credential.replaced_at is None,
        note=note,
        clauses=pack.clauses(),
    )


def visible_disclosures(person: User, *, now: datetime) -> QuerySet[LogInDisclosure]:
    """The requests this person may look at: all with the permission, their own always."""
    found = LogInDisclosure.objects.select_related(
        "channel__unit", "channel__platform", "credential", "requested_by", "decided_by"
    )
    scope = people.reach(person, Permission.DISCLOSE_CREDENTIAL, now=now)
    # An empty filter drops out of an "or", so that "everything" has to be said apart.
    return found if scope.everything else found.filter(Q(requested_by=person))


def open_disclosures(person: User, *, now: datetime) -> QuerySet[LogInDisclosure]:
    """Those of them that wait for somebody."""
    return visible_disclosures(person, now=now).filter(state__in=_OPEN, expires_at__gt=now)


def expired_disclosures(now: datetime) -> QuerySet[LogInDisclosure]:
    """Requests whose time has passed unseen and that are not ended yet."""
    return LogInDisclosure.objects.filter(state__in=_OPEN, expires_at__lte=now)


def has_expired_disclosures(now: datetime) -> bool:
    """Whether there is one (asked by the schedule)."""
    return expired_disclosures(now).exists()


def rotation_after_disclosures(channel: Channel) -> Rotation | None:
    """Whether everything that was ever seen of the log-in in custody has been changed since; None if nothing was."""
    found = [
        rotation_since(channel, one.shown_at, custody.secret_names(one.parts))
        for one in channel.disclosures.filter(state=DisclosureState.SHOWN)
        if one.shown_at is not None and custody.secret_names(one.parts)
    ]
    return next((rotation for rotation in found if rotation.unchanged), found[-1]) if found else None
