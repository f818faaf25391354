"""A person leaves: one act ends all access at an instant and opens what is owed on each channel they could reach.

`separate_person` is that act; a planned one is carried out by the worker when its instant comes, but access ends at the
instant itself, because presence is asked of the clock (`people.queries.is_present`).
"""

from datetime import datetime

from django.db import transaction

from rostrum.areas.channels import granting, pack
from rostrum.areas.channels.events import separation as events
from rostrum.areas.channels.models import ReachedChannel, Separation, TransitionTask
from rostrum.areas.channels.operations.grants import withdraw_all
from rostrum.areas.channels.queries import separation as queries
from rostrum.areas.channels.rules import separation as rules
from rostrum.areas.channels.rules.separation import SEPARATION_MACHINE, SeparationAct, SeparationState
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import operations as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, InvalidInput

SURRENDER_DUTY = "channels.surrender-log-in"
ROTATION_DUTY = "channels.rotate-after-separation"
ROLES_DUTY = "channels.remove-platform-roles"
HAND_OVER_DUTY = "channels.hand-over"
HOLDER_DUTY = "channels.name-holder"
TASK_DUTY = "channels.help-with-transition"
CLOSE_DUTY = "channels.close-separation"
CARRY_OUT_JOB = "channels.carry-out-separation"
TELL_JOB = "channels.tell-separation"
_DAYS = "days set by the body (local choice)"
_FIRST_QUESTION = (
    "What must whoever takes over know: what is planned or promised, who asks regularly, what recurs, and where on a "
    "platform, a device or an application anything of the body's channels is kept?"
)


@transaction.atomic
def separate_person(
    *,
    person: User,
    at: datetime | None = None,
    contact: str = "",
    origin: str = "",
    actor: people.Actor,
    now: datetime,
) -> Separation:
    """Enter that a person leaves at `at` (default: now), for whatever reason.

    At that instant sign-in, sessions, roles and rights end. An instant to come plans it; one in the past dates it, and
    access ends now. `contact` is where the person can be asked afterwards, `origin` the site's own, for the mail that
    leads there. Raises `Refused`: not this person's to enter, oneself, separated or planned already, too long ago.
    """
    person = User.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    at = at or now
    may = queries.may_start(actor=actor, now=now) if isinstance(actor, User) else Decision()
    rules.decide_start(queries.start_facts(person, at=at, may=may, actor=_name(actor), now=now)).or_refuse()
    separation = Separation(
        person=person,
        state=SEPARATION_MACHINE.initial,
        at=at,
        contact=contact.strip(),
        origin=origin,
        started_by=actor if isinstance(actor, User) else None,
        started_at=now,
    )
    return _plan(separation, actor, now) if at > now else _carry_out(separation, actor, now)


def _plan(separation: Separation, actor: people.Actor, now: datetime) -> Separation:
    person, at = separation.person, separation.at
    separation.save(force_insert=True)
    people.plan_leaving(person=person, left_at=at, actor=actor, now=now)
    reached = _reach(separation, now)
    ledger.record(
        events.SeparationPlanned(
            separation=separation.public_id,
            person=person.public_id,
            left_at=instant_text(at),
            channels=[row.channel.public_id for row in reached],
        ),
        actor=_name(actor),
        now=now,
    )
    for row in reached:
        _owe_before(row, now)
    _ask_first(separation, due_at=at, now=now)
    jobs.enqueue(
        CARRY_OUT_JOB,
        {"separation": separation.public_id},
        now=now,
        run_after=at,
        priority=20,
        unique_key=f"{CARRY_OUT_JOB}:{separation.public_id}",
    )
    _tell(separation, "planned", now)
    return separation


@transaction.atomic
def carry_out_separation(*, separation_id: str, actor: people.Actor, now: datetime) -> Separation | None:
    """Carry a planned separation out, once its instant has come; None before it, or where it was rescinded or done."""
    separation = locked(separation_id)
    if separation.state != SeparationState.PLANNED or now < separation.at:
        return None
    return _carry_out(separation, actor, now)


@transaction.atomic
def separate_at_engagement_end(*, person: User, actor: people.Actor, now: datetime) -> Separation | None:
    """Separate a person whose engagement has ended, as of that end; None where it has not, or they left already."""
    person = User.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    ends_at = person.engagement_ends_at
    if ends_at is None or ends_at > now or not person.is_active or queries.under_way(person) is not None:
        return None
    separation = Separation(person=person, state=SEPARATION_MACHINE.initial, at=ends_at, started_at=now)
    return _carry_out(separation, actor, now)


def _carry_out(separation: Separation, actor: people.Actor, now: datetime) -> Separation:
    """End all access, and open what is owed on every channel the person could reach until then."""
    person = separation.person
    # Access ended by itself at a planned instant or an engagement's end; else it ends only now.
    ended_by_itself = separation.at in (person.left_at, person.engagement_ends_at)
    separation.ended_at = separation.at if ended_by_itself else now
    separation.state = SEPARATION_MACHINE.next_state(SeparationState(separation.state), SeparationAct.CARRY_OUT)
    separation.save()
    reached = _reach(separation, now)
    withdraw_all(person, actor=actor, now=now)
    people.deactivate_person(person=person, left_at=separation.ended_at, actor=actor, now=now)
    ledger.record(
        events.PersonSeparated(
            separation=separation.public_id,
            person=person.public_id,
            left_at=instant_text(separation.at),
            ended_at=instant_text(separation.ended_at),
            channels={row.channel.public_id: row.ways for row in reached},
        ),
        actor=_name(actor),
        now=now,
    )
    for row in reached:
        _owe_after(row, now)
    if not separation.tasks.exists():
        _ask_first(separation, due_at=granting.in_days(queries.hand_over_days(), now), now=now)
    duties.open_duty(
        kind=CLOSE_DUTY,
        title=f"Close the separation of {person.name}"[:300],
        owner_role=Role.HR,
        due_at=granting.in_days(queries.hand_over_days(), now),
        subject=separation.public_id,
        clause=pack.clauses().get("custody.continuity", ""),
        clock=_DAYS,
        actor=people.SYSTEM,
        now=now,
    )
    _tell(separation, "separated", now)
    return separation


def _reach(separation: Separation, now: datetime) -> list[ReachedChannel]:
    """Write down the channels that the person can reach; those written down when it was planned stay."""
    known = {row.channel_id: row for row in separation.channels.select_related("channel__unit")}
    for channel, ways in queries.reached_by(separation.person, now=now).items():
        row = known.get(channel.pk)
        if row is None:
            known[channel.pk] = ReachedChannel.objects.create(separation=separation, channel=channel, ways=ways)
        elif merged := [way for way in queries.WAYS if way in {*row.ways, *ways}]:
            row.ways = merged
            row.save(update_fields=["ways"])
    return sorted(known.values(), key=lambda row: (row.channel.name, row.pk))


def _owe_before(row: ReachedChannel, now: datetime) -> None:
    """What the person owes on one channel before a planned separation."""
    leaver, at = row.separation.person, row.separation.at
    duties.open_duty(
        kind=SURRENDER_DUTY,
        title=f"Hand in the log-in of {row.channel.name}: deposited and tested"[:300],
        owner_role=Role.COORDINATOR,
        owner=leaver,
        due_at=at,
        subject=row.public_id,
        clause=pack.clauses().get("custody.surrender-before-separation", ""),
        clock="before the separation",
        actor=people.SYSTEM,
        now=now,
    )
    _owe_hand_over(row, due_at=at, owner=leaver, now=now)


def _owe_hand_over(row: ReachedChannel, *, due_at: datetime, owner: User | None, now: datetime) -> None:
    duties.open_duty(
        kind=HAND_OVER_DUTY,
        title=f"Hand {row.channel.name} over: recovery address, telephone, second factor, applications"[:300],
        owner_role=Role.COORDINATOR,
        owner=owner,
        due_at=due_at,
        subject=row.public_id,
        clause=pack.clauses().get("custody.hand-over-form", ""),
        clock="before the separation" if owner else _DAYS,
        unit=row.channel.unit.public_id,
        actor=people.SYSTEM,
        now=now,
    )


def _owe_after(row: ReachedChannel, now: datetime) -> None:
    """What the body owes on one channel after the separation."""
    clauses, name = pack.clauses(), row.channel.name
    deadline = queries.rotation_deadline(row.separation.at)
    duties.open_duty(
        kind=ROTATION_DUTY,
        title=f"Change the log-in of {name}: {row.separation.person.name} left"[:300],
        owner_role=Role.COORDINATOR,
        due_at=deadline.due_at,
        subject=row.public_id,
        clause=clauses.get("custody.rotation-after-separation", ""),
        clock=deadline.clock,
        unit=row.channel.unit.public_id,
        actor=people.SYSTEM,
        now=now,
    )
    duties.open_duty(
        kind=ROLES_DUTY,
        title=f"Remove the roles of {row.separation.person.name} on the platform of {name}"[:300],
        owner_role=Role.COORDINATOR,
        due_at=deadline.due_at,
        subject=row.public_id,
        clause=clauses.get("person.separation-ends-access", ""),
        clock=deadline.clock,
        unit=row.channel.unit.public_id,
        actor=people.SYSTEM,
        now=now,
    )
    until = granting.in_days(queries.hand_over_days(), now)
    duties.open_duty(
        kind=HOLDER_DUTY,
        title=f"Name who holds {name} from now on"[:300],
        owner_role=Role.DEPARTMENT_HEAD,
        due_at=until,
        subject=row.public_id,
        clause=clauses.get("custody.continuity", ""),
        clock=_DAYS,
        unit=row.channel.unit.public_id,
        actor=people.SYSTEM,
        now=now,
    )
    if queries.hand_over_of(row) is None:
        _owe_hand_over(row, due_at=until, owner=None, now=now)


def _ask_first(separation: Separation, *, due_at: datetime, now: datetime) -> None:
    """The question with which every separation begins."""
    _assign(separation, _FIRST_QUESTION, due_at=due_at, actor=None, now=now)


@transaction.atomic
def assign_task(*, separation_id: str, what: str, due_at: datetime, actor: User, now: datetime) -> TransitionTask:
    """Ask the person who leaves, or has left, for help with the transition.

    Raises `Refused` without the right to ask, `InvalidInput` for an empty question, a date in the past or a separation
    that is over.
    """
    separation = locked(separation_id)
    queries.may_ask(separation, actor=actor, now=now).or_refuse()
    if not what.strip():
        raise InvalidInput("what", "Write what you ask.")
    if due_at <= now:
        raise InvalidInput("due_at", "Give a day that is to come.")
    if separation.state not in (SeparationState.PLANNED, SeparationState.OPEN):
        raise InvalidInput("separation", "This separation is over.")
    task = _assign(separation, what.strip(), due_at=due_at, actor=actor, now=now)
    _tell(separation, "asked", now)
    return task


def _assign(
    separation: Separation, what: str, *, due_at: datetime, actor: User | None, now: datetime
) -> TransitionTask:
    task = TransitionTask.objects.create(
        separation=separation, what=what, due_at=due_at, assigned_by=actor, assigned_at=now
    )
    ledger.record(
        events.TaskAssigned(separation=separation.public_id, task=task.public_id, due_at=instant_text(due_at)),
        actor=actor.public_id if actor else people.SYSTEM,
        now=now,
    )
    is_here = separation.state == SeparationState.PLANNED
    duties.open_duty(
        kind=TASK_DUTY,
        title=f"Transition, {separation.person.name}: {what}"[:300],
        owner_role=Role.COORDINATOR,
        owner=separation.person if is_here else None,
        due_at=due_at,
        subject=task.public_id,
        clause=pack.clauses().get("custody.transition-duty", ""),
        clock=_DAYS,
        actor=people.SYSTEM,
        now=now,
    )
    return task


@transaction.atomic
def rescind_separation(*, separation_id: str, actor: User, now: datetime) -> Separation:
    """Take a planned separation back before its instant; what it asked of the person is no longer owed.

    Raises `Refused`.
    """
    separation = locked(separation_id)
    rules.decide_rescinding(queries.rescind_facts(separation, actor=actor, now=now)).or_refuse()
    people.rescind_leaving(person=separation.person, actor=actor, now=now)
    separation.state = SEPARATION_MACHINE.next_state(SeparationState(separation.state), SeparationAct.RESCIND)
    separation.rescinded_by, separation.rescinded_at = actor, now
    separation.save(update_fields=["state", "rescinded_by", "rescinded_at"])
    entry = ledger.record(
        events.SeparationRescinded(separation=separation.public_id, person=separation.person.public_id),
        actor=actor.public_id,
        now=now,
    )
    subjects = [row.public_id for row in separation.channels.all()]
    subjects += [task.public_id for task in separation.tasks.all()]
    for kind in (SURRENDER_DUTY, HAND_OVER_DUTY, TASK_DUTY):
        for subject in subjects:
            close_duty(kind, subject, entry.public_id, actor.public_id, now)
    _tell(separation, "rescinded", now)
    return separation


@transaction.atomic
def close_separation(*, separation_id: str, actor: User, now: datetime) -> Separation:
    """Close a separation: every channel handed over, its log-in changed, a new holder named, every question answered.

    Raises `Refused` with all that is still open.
    """
    separation = locked(separation_id)
    rules.decide_closing(queries.close_facts(separation, actor=actor, now=now)).or_refuse()
    separation.state = SEPARATION_MACHINE.next_state(SeparationState(separation.state), SeparationAct.CLOSE)
    separation.closed_by, separation.closed_at = actor, now
    separation.save(update_fields=["state", "closed_by", "closed_at"])
    holders = {
        row.channel.public_id: row.new_holder.public_id if row.new_holder else ""
        for row in queries.reached_channels(separation)
    }
    entry = ledger.record(
        events.SeparationClosed(separation=separation.public_id, person=separation.person.public_id, holders=holders),
        actor=actor.public_id,
        now=now,
    )
    close_duty(CLOSE_DUTY, separation.public_id, entry.public_id, actor.public_id, now)
    for row in separation.channels.all():
        # A channel closed meanwhile needs no holder any more.
        close_duty(HOLDER_DUTY, row.public_id, entry.public_id, actor.public_id, now)
    _tell(separation, "closed", now)
    return separation


# What the acts share


def locked(separation_id: str) -> Separation:
    """The separation with this public id, locked until the act ends. Raises `InvalidInput` when there is none."""
    try:
        return (
            Separation.objects.select_for_update(of=("self",))
            .select_related("person__unit")
            .get(public_id=separation_id)
        )
    except Separation.DoesNotExist as fault:
        raise InvalidInput("separation", f"there is no separation {separation_id}") from fault


def close_duty(kind: str, subject: str, evidence: str, actor: str, now: datetime) -> None:
    """Close what is owed of this kind about this subject, if it is open."""
    for duty in duty_queries.open_duties(kind=kind, subject=subject):
        duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor, now=now)


def _tell(separation: Separation, what: str, now: datetime) -> None:
    jobs.enqueue(
        TELL_JOB,
        {"separation": separation.public_id, "what": what},
        now=now,
        priority=10,
        unique_key=f"{TELL_JOB}:{separation.public_id}:{what}",
    )


def _name(actor: people.Actor) -> str:
    return actor.public_id if isinstance(actor, User) else actor
