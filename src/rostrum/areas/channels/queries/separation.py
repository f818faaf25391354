"""People who leave: which channels they could reach and how, what is still open and with whom, and the rules' facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import Q, QuerySet

from rostrum.areas.channels import pack
from rostrum.areas.channels.models import (
    AdministratorFinding,
    Channel,
    ChannelHandOver,
    Credential,
    LogInDisclosure,
    ReachedChannel,
    Separation,
    TransitionTask,
)
from rostrum.areas.channels.queries import grants
from rostrum.areas.channels.queries.custody import ChangeOwed, Rotation, credential_in_force, rotation_since
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules import separation as rules
from rostrum.areas.channels.rules.roster import Disagreement
from rostrum.areas.channels.rules.separation import SeparationState
from rostrum.areas.governance import clocks
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import ChannelGrant, RefusedAttempt, User
from rostrum.areas.people.rules import RIGHT_TITLES, Permission, Right, Role
from rostrum.kernel.clocks import Deadline, counting_words
from rostrum.kernel.decisions import Decision, Reason

# By which ways somebody reaches a channel, in words.
WAYS: Mapping[str, str] = {
    **{right.value: title.lower() for right, title in RIGHT_TITLES.items()},
    "knew": "held its log-in earlier, and it was not changed since",
    "opened": "opened the channel on its platform",
    "deposited": "deposited the log-in in use",
    "saw": "was shown the log-in in use",
    "emergency": "took the emergency right",
}
# A channel that exists on its platform can be reached; one that is only asked for, or is over, cannot.
_REACHABLE = (
    *(ChannelState.FOUND, ChannelState.OPENED, ChannelState.DEPOSITED),
    *(ChannelState.CHECKED, ChannelState.LIVE, ChannelState.PAUSED, ChannelState.SUSPENDED),
)
_UNDER_WAY = (SeparationState.PLANNED, SeparationState.OPEN)
_ROTATION = "custody.rotation-after-separation"
_SALT = "rostrum.channels.transition"


def reached_by(person: User, *, now: datetime) -> dict[Channel, list[str]]:
    """The channels this person can reach now, each with the ways (codes of `WAYS`), by name."""
    found: dict[int, set[str]] = {}

    def add(channels: Iterable[int], way: str) -> None:
        for channel in channels:
            found.setdefault(channel, set()).add(way)

    exists = Channel.objects.filter(state__in=_REACHABLE)
    by_id = dict(exists.values_list("public_id", "pk"))
    held = ChannelGrant.objects.filter(person=person, channel__in=list(by_id))
    for channel, right in held.filter(grants.not_ended(now)).values_list("channel", "right"):
        add([by_id[channel]], right)
    in_force = Credential.objects.filter(replaced_at=None, channel__in=exists)
    deposits = {
        (channel, instant_text(at))
        for channel, at in Credential.objects.filter(deposited_by=person).values_list("channel", "deposited_at")
    }
    for credential in in_force.only("channel", "parts", "deposited_by", "deposited_at"):
        # Some part of the log-in still has the value that this person put into custody.
        theirs = {at for channel, at in deposits if channel == credential.channel_id}
        if credential.deposited_by_id == person.pk or theirs & set(credential.parts.values()):
            add([credential.channel_id], "deposited")
    ended = held.filter(right=Right.CREDENTIAL.value, ends_at__lte=now).values_list("channel", "ends_at")
    since = dict(in_force.values_list("channel", "deposited_at"))
    add((by_id[one] for one, at in ended if at and by_id[one] in since and at > since[by_id[one]]), "knew")
    add(exists.filter(opened_by=person).values_list("pk", flat=True), "opened")
    saw = LogInDisclosure.objects.filter(requested_by=person, shown_at__isnull=False, credential__in=in_force)
    add(saw.values_list("channel", flat=True), "saw")
    add(
        exists.filter(emergency_rights__person=person, emergency_rights__ends_at__gt=now).values_list("pk", flat=True),
        "emergency",
    )
    order = list(WAYS)
    channels = Channel.objects.filter(pk__in=found).select_related("unit", "platform").order_by("name", "pk")
    return {channel: sorted(found[channel.pk], key=order.index) for channel in channels}


# Separations


def under_way(person: User) -> Separation | None:
    """The person's separation that is planned or open, or None."""
    return Separation.objects.filter(person=person, state__in=_UNDER_WAY).first()


def last_of(person: User) -> Separation | None:
    """The person's latest separation that was not rescinded."""
    found = Separation.objects.filter(person=person).exclude(state=SeparationState.RESCINDED)
    return found.order_by("-at", "-pk").first()


def visible_separations(person: User, *, now: datetime) -> QuerySet[Separation]:
    """The separations this person may see: all, or those of their departments' people and channels."""
    found = Separation.objects.select_related("person__unit", "started_by", "closed_by", "rescinded_by")
    scope = people.reach(person, Permission.SEE_SEPARATIONS, reading=True, now=now)
    if scope.everything:
        return found
    units = sorted(scope.units)
    theirs = Q(person__unit__public_id__in=units) | Q(channels__channel__unit__public_id__in=units)
    return found.filter(theirs).exclude(person=person).distinct() if units else found.none()


def due_to_carry_out(now: datetime) -> QuerySet[Separation]:
    """Planned separations whose instant has come."""
    return Separation.objects.filter(state=SeparationState.PLANNED, at__lte=now).order_by("at", "pk")


def ended_engagements(now: datetime) -> QuerySet[User]:
    """Persons whose engagement has ended and who are not separated yet."""
    separating = Separation.objects.filter(state__in=_UNDER_WAY).values("person")
    ended = User.objects.filter(is_active=True, engagement_ends_at__lte=now)
    return ended.exclude(pk__in=separating).order_by("engagement_ends_at", "pk")


def has_work(now: datetime) -> bool:
    """Whether a planned separation or an ended engagement waits to be carried out."""
    return due_to_carry_out(now).exists() or ended_engagements(now).exists()


def rotation_deadline(at: datetime) -> Deadline:
    """By when log-ins are changed after a separation at this instant: the clause's own period, else the setting's."""
    return clocks.deadline(_rotation_within(), at)


def _rotation_within() -> str:
    bound = pack.bindings(_ROTATION)
    return str(bound[0][1].get("within", "PT48H")) if bound else f"PT{pack.setting('custody.rotation_hours', 48)}H"


def rotation_counting() -> str:
    """How the time for changing log-ins is counted, in words."""
    clock = clocks.known(_rotation_within())
    return counting_words(clock) if clock else ""


def changes_owed() -> dict[int, ChangeOwed]:
    """The log-ins that are to be changed because somebody left, by the channel's key; the first due one of each."""
    rows = (
        ReachedChannel.objects.filter(separation__state=SeparationState.OPEN, rotation_confirmed_at=None)
        .exclude(channel__state=ChannelState.CLOSED)
        .select_related("separation__person")
    )
    found: dict[int, ChangeOwed] = {}
    for row in rows.order_by("-separation__at"):
        at = row.separation.at
        found[row.channel_id] = ChangeOwed(
            row.separation.public_id, row.separation.person.name, rotation_deadline(at).due_at
        )
    return found


def hand_over_days() -> int:
    """Within how many days after a separation the channels are handed over (local choice; default 5)."""
    return int(pack.setting("person.hand_over_days", 5))


# What is open, and with whom


@dataclass(frozen=True, slots=True)
class Reached:
    """One channel of a separation as pages show it: what is done, what is open, who acts on it now."""

    row: ReachedChannel
    ways: tuple[str, ...]
    rotation: Rotation
    hand_over: ChannelHandOver | None
    left: tuple[Reason, ...]
    due_at: datetime | None
    is_overdue: bool
    holders: tuple[str, ...]
    is_still_listed: bool


def reached_channels(separation: Separation) -> list[ReachedChannel]:
    """The channels of a separation, by name, with what pages and rules need."""
    return list(
        separation.channels.select_related(
            *("channel__unit", "channel__platform", "hand_over__given_by", "hand_over__confirmed_by"),
            *("rotation_confirmed_by", "roles_removed_by", "new_holder", "named_by", "separation__person"),
        )
    )


def hand_over_of(row: ReachedChannel) -> ChannelHandOver | None:
    """The channel's hand-over, or None."""
    return ChannelHandOver.objects.filter(reached=row).select_related("given_by", "confirmed_by").first()


def progress(separation: Separation, *, now: datetime) -> list[Reached]:
    """Every channel of the separation with what is still reachable, and by whom it is held."""
    deadline = rotation_deadline(separation.at).due_at
    clauses = pack.clauses()
    found = []
    for row in reached_channels(separation):
        left = rules.left_to_do(reached_facts(row), clauses)
        held = grants.rights_on([row.channel.public_id], now=now).filter(starts_at__lte=now, suspended_at=None)
        is_late = row.rotation_confirmed_at is None and separation.state == SeparationState.OPEN and deadline < now
        found.append(
            Reached(
                row=row,
                ways=tuple(WAYS.get(way, way) for way in row.ways),
                rotation=rotation_since(row.channel, separation.at),
                hand_over=hand_over_of(row),
                left=left,
                due_at=deadline,
                is_overdue=is_late,
                holders=tuple(dict.fromkeys(grant.person.name for grant in held.exclude(person=separation.person))),
                is_still_listed=is_still_listed(row),
            )
        )
    return found


def attempts_since(separation: Separation) -> QuerySet[RefusedAttempt]:
    """Tries to get in after the separation, newest first."""
    return RefusedAttempt.objects.filter(person=separation.person, last_at__gte=separation.at)


def tasks_of(separation: Separation) -> QuerySet[TransitionTask]:
    """What the person was asked, soonest first."""
    return separation.tasks.select_related("assigned_by", "recorded_by")


def own_separation(person: User) -> Separation | None:
    """The person's own planned separation, so that they see what is asked of them."""
    return Separation.objects.filter(person=person, state=SeparationState.PLANNED).first()


# The page of questions, for who can no longer sign in


def link_of(separation: Separation) -> str:
    """What the page of questions is opened by: signed, so that nobody guesses it; it opens nothing else."""
    return signing.Signer(salt=_SALT).sign(separation.public_id)


def by_link(token: str) -> Separation | None:
    """The separation whose questions this link opens, while it is under way; None for anything else."""
    try:
        public_id = signing.Signer(salt=_SALT).unsign(token)
    except signing.BadSignature:
        return None
    found = Separation.objects.filter(public_id=public_id, state__in=_UNDER_WAY)
    return found.select_related("person").first()


# Facts


def may_start(*, actor: User, now: datetime) -> Decision:
    """Whether this person enters, rescinds and closes separations."""
    return people.may(actor, Permission.MANAGE_PEOPLE, now=now)


def start_facts(person: User, *, at: datetime, may: Decision, actor: str, now: datetime) -> rules.StartFacts:
    """The facts about a separation that is to be entered."""
    found = under_way(person)
    return rules.StartFacts(
        actor=actor,
        person=person.public_id,
        may_start=may,
        has_left=not person.is_active,
        under_way=SeparationState(found.state) if found else None,
        at=at,
        now=now,
        clauses=pack.clauses(),
    )


def rescind_facts(separation: Separation, *, actor: User, now: datetime) -> rules.RescindFacts:
    """The facts about taking a planned separation back."""
    return rules.RescindFacts(
        SeparationState(separation.state), may_start(actor=actor, now=now), at=separation.at, now=now
    )


def reached_facts(row: ReachedChannel) -> rules.ReachedFacts:
    """How far one channel is."""
    hand_over = hand_over_of(row)
    return rules.ReachedFacts(
        channel=row.channel.name,
        is_over=row.channel.state == ChannelState.CLOSED,
        rotation_confirmed=row.rotation_confirmed_at is not None,
        roles_removed=row.roles_removed_at is not None,
        hand_over_given=hand_over is not None,
        hand_over_confirmed=hand_over is not None and hand_over.confirmed_at is not None,
        has_new_holder=row.new_holder_id is not None,
    )


def close_facts(separation: Separation, *, actor: User, now: datetime) -> rules.CloseFacts:
    """The facts about closing a separation."""
    return rules.CloseFacts(
        state=SeparationState(separation.state),
        actor=actor.public_id,
        person=separation.person.public_id,
        may_close=may_start(actor=actor, now=now),
        channels=tuple(reached_facts(row) for row in reached_channels(separation)),
        open_tasks=separation.tasks.filter(answered_at=None).count(),
        clauses=pack.clauses(),
    )


def may_tend(row: ReachedChannel, *, actor: User, now: datetime) -> Decision:
    """Whether this person answers for the channel: its department's head, the coordinator, who stands above."""
    decision = people.may(actor, Permission.MANAGE_CHANNEL, unit=row.channel.unit, now=now)
    if actor.pk == row.separation.person_id:
        return decision.also(Decision((Reason("own-separation", "Whoever leaves confirms nothing about it."),)))
    return decision


def rotation_facts(row: ReachedChannel, *, actor: User, now: datetime) -> rules.RotationFacts:
    """The facts about confirming that the log-in was changed."""
    rotation = rotation_since(row.channel, row.separation.at)
    return rules.RotationFacts(
        state=SeparationState(row.separation.state),
        actor=actor.public_id,
        may_confirm=may_tend(row, actor=actor, now=now),
        deposited_by=rotation.deposited_by,
        is_in_custody=bool(rotation.credential),
        unchanged=rotation.unchanged,
        is_tested=rotation.tested_at is not None,
        is_confirmed=row.rotation_confirmed_at is not None,
        clauses=pack.clauses(),
    )


def roles_facts(row: ReachedChannel, *, note: str, actor: User, now: datetime) -> rules.RolesFacts:
    """The facts about confirming that the roles on the platform are removed."""
    return rules.RolesFacts(
        state=SeparationState(row.separation.state),
        may_confirm=may_tend(row, actor=actor, now=now),
        note=note,
        is_done=row.roles_removed_at is not None,
        is_still_listed=is_still_listed(row),
        clauses=pack.clauses(),
    )


def is_still_listed(row: ReachedChannel) -> bool:
    """Whether the platform's last list of administrators names the person who left."""
    found = AdministratorFinding.objects.filter(channel=row.channel, person=row.separation.person, resolved_at=None)
    return found.filter(kind=Disagreement.DEPARTED.value).exists()


def hand_over_facts(
    row: ReachedChannel, *, missing: Iterable[str] = (), actor: User, now: datetime
) -> rules.HandOverFacts:
    """The facts about giving or confirming a hand-over."""
    hand_over = hand_over_of(row)
    return rules.HandOverFacts(
        state=SeparationState(row.separation.state),
        actor=actor.public_id,
        leaver=row.separation.person.public_id,
        may_give=may_tend(row, actor=actor, now=now),
        missing=tuple(missing),
        given_by=hand_over.given_by.public_id if hand_over else "",
        is_confirmed=hand_over is not None and hand_over.confirmed_at is not None,
        clauses=pack.clauses(),
    )


def holder_facts(row: ReachedChannel, holder: User, *, actor: User, now: datetime) -> rules.HolderFacts:
    """The facts about naming a new holder."""
    held = [right for right in people.rights_of(holder, now) if right.channel == row.channel.public_id]
    return rules.HolderFacts(
        state=SeparationState(row.separation.state),
        may_name=may_tend(row, actor=actor, now=now),
        leaver=row.separation.person.public_id,
        holder=holder.public_id,
        holder_is_present=people.is_present(holder, now=now),
        holds_a_right=bool(held),
        clauses=pack.clauses(),
    )


def may_ask(separation: Separation, *, actor: User, now: datetime) -> Decision:
    """Whether this person asks something of who leaves, or records what they said: who starts or tends it."""
    if actor.pk == separation.person_id:
        return Decision((Reason("own-separation", "Whoever leaves answers; others ask."),))
    starts = may_start(actor=actor, now=now)
    return starts if starts.allowed else people.may(actor, Permission.MANAGE_CHANNEL, now=now)


def answer_facts(task: TransitionTask, *, answer: str, may: Decision) -> rules.AnswerFacts:
    """The facts about answering a question."""
    return rules.AnswerFacts(may, SeparationState(task.separation.state), task.answered_at is not None, answer)


def surrendered(row: ReachedChannel) -> Credential | None:
    """The log-in by which a channel counts as handed in: in custody, and signed in with since the plan was made."""
    credential = credential_in_force(row.channel)
    if credential is None or credential.tested_at is None or credential.tested_at < row.separation.started_at:
        return None
    return credential


def told_about(separation: Separation, *, now: datetime) -> list[User]:
    """Whom a separation concerns: HR, coordinators, the IT director, the heads of the departments involved."""
    found = {
        person.pk: person for role in (Role.HR, Role.COORDINATOR, Role.IT_DIRECTOR) for person in _holding(role, now)
    }
    units = {row.channel.unit for row in reached_channels(separation)}
    if separation.person.unit is not None:
        units.add(separation.person.unit)
    for unit in units:
        found |= {one.pk: one for one in people.persons_with(Role.DEPARTMENT_HEAD, unit=unit, now=now)}
    found.pop(separation.person_id, None)
    return sorted(found.values(), key=lambda person: person.email)


def _holding(role: Role, now: datetime) -> QuerySet[User]:
    return people.persons_with(role, now=now)
