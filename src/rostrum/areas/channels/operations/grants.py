"""Rights on channels: asked for, designated, accepted, issued, declined, ended, stopped at once.

`issue_right` is the way in which a person at the desk gives a right on a channel; it rests on a request, with the
conditions of the packs in force.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from rostrum.areas.channels import granting, pack
from rostrum.areas.channels.events import grants as events
from rostrum.areas.channels.models import Acceptance, Channel, RightRequest, StopRequest
from rostrum.areas.channels.queries import grants as queries
from rostrum.areas.channels.queries.grants import Wanted
from rostrum.areas.channels.rules import grants as rules
from rostrum.areas.channels.rules.grants import (
    GRANTABLE_STATES,
    RIGHT_MACHINE,
    SCOPE_ALL,
    SCOPE_UNIT,
    RequestAct,
    RequestState,
)
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import operations as people
from rostrum.areas.people import queries as people_queries
from rostrum.areas.people.models import ChannelGrant, RoleGrant, Unit, User
from rostrum.areas.people.operations.grants import check_dates, end_open
from rostrum.areas.people.rules import RIGHT_TITLES, Right, Role
from rostrum.kernel.decisions import InvalidInput, Reason, Refused

DESIGNATE_DUTY = "channels.designate"
ISSUE_DUTY = "channels.issue-right"
ACCEPT_DUTY = "channels.accept-rules"
STOP_DUTY = "channels.confirm-stop"
_CLOCK = "days set by the body (local choice)"


@transaction.atomic
def request_right(
    *,
    person: User,
    right: Right,
    unit: Unit,
    channel: Channel | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    need: str,
    job_duty: str,
    job_classification: str = "",
    position_description: str = "",
    topics: Sequence[str] = (),
    sponsor: User | None = None,
    contract_reference: str = "",
    represents: User | None = None,
    actor: User,
    now: datetime,
) -> RightRequest:
    """Ask for a right of a person on one channel, or (no `channel`) on all channels of the department.

    A contractor's right without a last day ends with the engagement. Raises `InvalidInput` naming the field (an end
    before the beginning, a channel of another department, whom one represents), and `Refused` with every reason.
    """
    if channel is not None and channel.unit_id != unit.pk:
        raise InvalidInput("channel", f"{channel.name} belongs to {channel.unit.name}, not to {unit.name}.")
    check_dates(starts_at or now, ends_at)
    if represents is not None and (represents.employment_class != "elected" or represents.pk == person.pk):
        raise InvalidInput("represents", "Name the elected official for whom this person speaks.")
    if ends_at is None and queries.is_agent(person):
        ends_at = person.engagement_ends_at
    wanted = Wanted(
        person=User.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk),
        right=right,
        unit=unit,
        channel=channel,
        starts_at=starts_at,
        ends_at=ends_at,
        need=need,
        job_duty=job_duty,
        job_classification=job_classification,
        sponsor=sponsor,
        contract_reference=contract_reference,
    )
    rules.decide_asking(queries.asking_facts(wanted, actor=actor, now=now)).or_refuse()
    clause = granting.elected_clause()
    is_wide = bool(clause) and (person.employment_class == "elected" or represents is not None)
    areas = _topics(topics)
    request = RightRequest(
        state=RIGHT_MACHINE.initial,
        person=wanted.person,
        right=right.value,
        unit=unit,
        channel=channel,
        starts_at=starts_at,
        ends_at=ends_at,
        need=need.strip(),
        job_duty=job_duty.strip(),
        job_classification=job_classification.strip(),
        position_description=position_description.strip(),
        topics=areas,
        sponsor=sponsor,
        contract_reference=contract_reference.strip(),
        represents=represents,
        subject_scope=SCOPE_ALL if is_wide else SCOPE_UNIT,
        subject_scope_clause=clause if is_wide else "",
        asked_by=actor,
        asked_at=now,
    )
    _insert(request)
    ledger.record(
        events.RightRequested(
            request=request.public_id,
            person=request.person.public_id,
            right=request.right,
            channel=_channel_id(request),
            unit=unit.public_id,
            sponsor=sponsor.public_id if sponsor else "",
            represents=represents.public_id if represents else "",
            topics=areas,
        ),
        actor=actor.public_id,
        now=now,
    )
    route = granting.route()
    _open_step(request, DESIGNATE_DUTY, route.reviewers, route.reviewing_clause, actor=actor, now=now)
    _ask_for_acceptance(request, actor, now)
    return request


_MOST_TOPICS, _LONGEST_TOPIC = 50, 100


def _topics(named: Sequence[str]) -> list[str]:
    """The programme areas named, each once however it is spelled. Raises `InvalidInput`."""
    areas = {" ".join(one.split()).casefold(): " ".join(one.split()) for one in reversed(named) if one.strip()}
    if len(areas) > _MOST_TOPICS:
        raise InvalidInput("topics", f"at most {_MOST_TOPICS} programme areas")
    if long := next((one for one in areas.values() if len(one) > _LONGEST_TOPIC), ""):
        raise InvalidInput("topics", f"“{long[:30]}…” is longer than {_LONGEST_TOPIC} characters; one area per line")
    return list(reversed(areas.values()))


def _insert(request: RightRequest) -> None:
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as fault:
        # Somebody asked for the same at the same moment.
        message = "This right is asked for already and waits for a decision."
        raise Refused((Reason("asked-already", message),)) from fault


@transaction.atomic
def designate(
    *,
    request_id: str,
    cap_reason: str = "",
    position_description: str | None = None,
    sponsor: User | None = None,
    contract_reference: str | None = None,
    topics: Sequence[str] | None = None,
    actor: User,
    now: datetime,
) -> RightRequest:
    """Agree, for the department, that the person holds the right; what the department adds is kept with it.

    `topics` are the programme areas as the department sets them; None leaves those asked for.

    Raises `Refused`: not this person's step, oneself, an agent without sponsor, contract or end, no listed job
    classification, too many posters without a reason.
    """
    request = _locked(request_id)
    _add(request, position_description=position_description, contract_reference=contract_reference)
    request.sponsor = sponsor or request.sponsor
    request.topics = request.topics if topics is None else _topics(topics)
    wanted = queries.wanted_by(request)
    facts = queries.designation_facts(
        wanted, state=RequestState(request.state), cap_reason=cap_reason, actor=actor, now=now
    )
    rules.decide_designation(facts).or_refuse()
    role = next(role for role in facts.needed_roles if role in facts.actor_roles)
    _move(
        request,
        RequestAct.DESIGNATE,
        designated_by=actor,
        designated_as=role,
        designated_at=now,
        cap_reason=cap_reason.strip() if facts.is_over_cap else "",
        position_description=request.position_description,
        contract_reference=request.contract_reference,
        sponsor=request.sponsor,
        topics=request.topics,
    )
    ledger.record(
        events.RightDesignated(
            request=request.public_id,
            person=request.person.public_id,
            channel=_channel_id(request),
            unit=request.unit.public_id,
            role=role,
            over_cap=facts.is_over_cap,
            topics=request.topics,
        ),
        actor=actor.public_id,
        now=now,
    )
    _close_duties(request, (DESIGNATE_DUTY,), actor, now)
    route = granting.route()
    _open_step(request, ISSUE_DUTY, route.approvers, route.approving_clause, actor=actor, now=now)
    return request


def _add(request: RightRequest, **values: str | None) -> None:
    for name, value in values.items():
        if value is not None and value.strip():
            setattr(request, name, value.strip())


@transaction.atomic
def accept_rules(
    *, request_id: str, statements: Iterable[str], signature: str, actor: User, now: datetime
) -> RightRequest:
    """Sign, as who is to hold the right, each statement that the packs ask for; the versions of the rules are kept.

    Raises `Refused`: not the holder, a statement not ticked, another name, signed before.
    """
    request = _locked(request_id)
    rules.decide_acceptance(
        queries.acceptance_facts(request, ticked=statements, signature=signature, actor=actor)
    ).or_refuse()
    asked = granting.statements()
    Acceptance.objects.bulk_create(
        [
            Acceptance(
                request=request,
                statement=one.code,
                clause=one.clause,
                words=one.words,
                rules=[{"id": rule.id, "title": rule.title, "version": rule.version} for rule in one.rules],
                signature=signature.strip(),
                policy_version=governance.policy().version,
                accepted_at=now,
            )
            for one in asked
        ]
    )
    request.accepted_at = now
    request.save(update_fields=["accepted_at"])
    ledger.record(
        events.RulesAccepted(
            request=request.public_id,
            person=actor.public_id,
            statements=[one.code for one in asked],
            rules={rule.id: rule.version for one in asked for rule in one.rules},
        ),
        actor=actor.public_id,
        now=now,
    )
    _close_duties(request, (ACCEPT_DUTY,), actor, now)
    return request


@transaction.atomic
def issue_right(*, request_id: str, actor: User, now: datetime) -> RightRequest:
    """Issue the right: it is given on each channel it is for, from its first instant, and names this request.

    A right given before without a request is replaced. Who is to speak also becomes the department's poster. Raises
    `Refused`: not designated, not this person's step, oneself, rules not accepted, certifications or trainings open.
    """
    request = _locked(request_id)
    facts = queries.issue_facts(request, actor=actor, now=now)
    rules.decide_issue(facts).or_refuse()
    role = next(role for role in facts.needed_roles if role in facts.actor_roles)
    given = [
        grant
        for channel in queries.channels_for(queries.wanted_by(request))
        if (grant := _give(request, channel, actor, now)) is not None
    ]
    _make_poster(request, now)
    _move(request, RequestAct.ISSUE, issued_by=actor, issued_as=role, issued_at=now)
    ledger.record(
        events.RightIssued(
            request=request.public_id,
            person=request.person.public_id,
            right=request.right,
            channel=_channel_id(request),
            unit=request.unit.public_id,
            role=role,
            designated_by=facts.designator,
            subject_scope=request.subject_scope,
            grants=[grant.public_id for grant in given],
        ),
        actor=actor.public_id,
        now=now,
    )
    _close_duties(request, (ISSUE_DUTY,), actor, now)
    return request


def _give(request: RightRequest, channel: Channel, actor: people.Actor, now: datetime) -> ChannelGrant | None:
    """Give the right on one channel; None where it is held there by another request already."""
    begins = max(now, request.starts_at) if request.starts_at else now
    same = ChannelGrant.objects.filter(person=request.person, channel=channel.public_id, right=request.right)
    end_open(same.filter(basis=""), ends_at=begins)
    if same.filter(queries.not_ended(begins)).exists():
        return None
    return people.give_channel_right(
        person=request.person,
        channel=channel.public_id,
        right=Right(request.right),
        unit=request.unit,
        starts_at=begins,
        ends_at=request.ends_at,
        basis=request.public_id,
        actor=actor,
        now=now,
    )


def _make_poster(request: RightRequest, now: datetime) -> None:
    """Who is to speak needs the role that opens the pages for it, over the department, as long as the right."""
    if request.right != Right.SPEAK.value or request.person.employment_class == "elected":
        return
    role = Role.CONTRACTOR if queries.is_agent(request.person) else Role.POSTER
    begins = max(now, request.starts_at) if request.starts_at else now
    held = RoleGrant.objects.filter(queries.not_ended(begins), person=request.person, role=role)
    if held.filter(unit=request.unit).exists() or held.filter(unit=None).exists():
        return
    people.give_role(
        person=request.person,
        role=role,
        unit=request.unit,
        starts_at=begins,
        ends_at=request.ends_at,
        actor=people.SYSTEM,
        now=now,
    )


@transaction.atomic
def extend_unit_rights(*, channel_id: str, actor: people.Actor, now: datetime) -> list[ChannelGrant]:
    """Give the rights issued for all channels of a department on a channel that it opened since.

    Does nothing where they reach the channel already, so that it may run as often as it likes.
    """
    channel = Channel.objects.select_related("unit").get(public_id=channel_id)
    if channel.state not in GRANTABLE_STATES:
        return []
    issued = RightRequest.objects.filter(unit=channel.unit, channel=None, state=RequestState.ISSUED)
    still = ChannelGrant.objects.filter(queries.not_ended(now)).values("basis")
    given = []
    for request in issued.filter(public_id__in=still).select_related("person", "unit").order_by("pk"):
        if (request.ends_at is None or request.ends_at > now) and request.person.is_active:
            # One that stands on the denied list holds it, and it is not in force until the denial is lifted.
            grant = None if people_queries.is_denied(request.person) else _give(request, channel, actor, now)
            if grant is not None:
                given.append(grant)
    if given:
        ledger.record(
            events.RightExtended(channel=channel.public_id, grants=[grant.public_id for grant in given]),
            actor=actor.public_id if isinstance(actor, User) else actor,
            now=now,
        )
    return given


@transaction.atomic
def decline_right(*, request_id: str, reason: str, actor: User, now: datetime) -> RightRequest:
    """Decline a request, with the reason for who asked. Raises `Refused`."""
    request = _locked(request_id)
    facts = queries.declining_facts(request, RequestAct.DECLINE, reason=reason, actor=actor, now=now)
    rules.decide_declining(facts).or_refuse()
    _close(request, RequestAct.DECLINE, reason, actor, now)
    return request


@transaction.atomic
def withdraw_request(*, request_id: str, actor: User, now: datetime) -> RightRequest:
    """Withdraw a request, as who asked or was to hold the right. Raises `Refused`."""
    request = _locked(request_id)
    facts = queries.declining_facts(request, RequestAct.WITHDRAW, reason="", actor=actor, now=now)
    rules.decide_declining(facts).or_refuse()
    _close(request, RequestAct.WITHDRAW, "", actor, now)
    return request


def withdraw_all(person: User, *, actor: people.Actor, now: datetime) -> None:
    """Withdraw what is still asked for a person who stops or leaves: a part of that act."""
    for request in queries.open_requests().filter(person=person).select_for_update(of=("self",)):
        _close(request, RequestAct.WITHDRAW, "", actor, now)


def _close(request: RightRequest, act: RequestAct, reason: str, actor: people.Actor, now: datetime) -> None:
    by = actor if isinstance(actor, User) else None
    _move(request, act, closed_by=by, closed_at=now, closed_reason=reason.strip())
    event = events.RightDeclined if act is RequestAct.DECLINE else events.RightWithdrawn
    ledger.record(
        event(
            request=request.public_id,
            person=request.person.public_id,
            channel=_channel_id(request),
            unit=request.unit.public_id,
        ),
        actor=by.public_id if by else str(actor),
        now=now,
    )
    _close_duties(request, (DESIGNATE_DUTY, ISSUE_DUTY, ACCEPT_DUTY), actor, now)


@transaction.atomic
def end_right(*, grant_id: str, actor: User, now: datetime) -> ChannelGrant:
    """End one right on a channel now, by whoever answers for the channel's department. Raises `Refused`."""
    grant = ChannelGrant.objects.select_related("person__unit").get(public_id=grant_id)
    channel = Channel.objects.select_related("unit").filter(public_id=grant.channel).first()
    return people.end_channel_right(grant_id=grant_id, unit=channel.unit if channel else None, actor=actor, now=now)


@transaction.atomic
def stop_access(*, person: User, reason: str, actor: User, now: datetime) -> StopRequest:
    """Ask a person, for the body, to stop acting on channels: all their rights end at once, requests are withdrawn.

    The person owes the confirmation of having stopped. Raises `Refused`: not over this person, oneself, nothing held,
    no reason.
    """
    person = User.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    rules.decide_stopping(queries.stopping_facts(person, reason=reason, actor=actor, now=now)).or_refuse()
    ended = people.end_all_channel_rights(person=person, actor=actor, now=now)
    withdraw_all(person, actor=actor, now=now)
    stop = StopRequest.objects.create(person=person, reason=reason.strip(), asked_by=actor, asked_at=now, ended=ended)
    ledger.record(
        events.StopAsked(stop=stop.public_id, person=person.public_id, ended=ended), actor=actor.public_id, now=now
    )
    duties.open_duty(
        kind=STOP_DUTY,
        title="Confirm that you have stopped acting on all channels",
        owner_role=Role.EMPLOYEE,
        owner=person,
        due_at=granting.in_days(1, now),
        subject=stop.public_id,
        clause=pack.clauses().get("grant.stop-on-request", ""),
        clock="one day (the product's own)",
        actor=actor.public_id,
        now=now,
    )
    return stop


@transaction.atomic
def confirm_stop(*, stop_id: str, actor: User, now: datetime) -> StopRequest:
    """Confirm, as who was asked, having stopped. Raises `Refused` for anybody else, or a second time."""
    stop = StopRequest.objects.select_for_update(of=("self",)).select_related("person").get(public_id=stop_id)
    if stop.person_id != actor.pk:
        raise Refused.because("not-yours", "Only the person who was asked to stop confirms it.")
    if stop.confirmed_at is not None:
        raise Refused.because("confirmed", "You have confirmed this already.")
    stop.confirmed_at = now
    stop.save(update_fields=["confirmed_at"])
    ledger.record(events.StopConfirmed(stop=stop.public_id, person=actor.public_id), actor=actor.public_id, now=now)
    for duty in duty_queries.open_duties(kind=STOP_DUTY, subject=stop.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=stop.public_id, actor=actor.public_id, now=now)
    return stop


# What the acts share


def _locked(request_id: str) -> RightRequest:
    try:
        return (
            RightRequest.objects.select_for_update(of=("self",))
            .select_related("person__unit", "unit", "channel", "sponsor", "designated_by", "asked_by")
            .get(public_id=request_id)
        )
    except RightRequest.DoesNotExist as fault:
        raise InvalidInput("request", f"there is no request {request_id}") from fault


def _move(request: RightRequest, act: RequestAct, **values: Any) -> None:
    request.state = RIGHT_MACHINE.next_state(RequestState(request.state), act)
    for name, value in values.items():
        setattr(request, name, value)
    request.save(update_fields=["state", *values])


def _channel_id(request: RightRequest) -> str:
    return request.channel.public_id if request.channel else ""


def _open_step(
    request: RightRequest, kind: str, roles: Sequence[Role], clause: str, *, actor: User, now: datetime
) -> None:
    verb = "Designate, or decline" if kind == DESIGNATE_DUTY else "Issue, or decline"
    what = f"{request.person.name}, {RIGHT_TITLES[Right(request.right)].lower()}"
    where = request.channel.name if request.channel else f"all channels of {request.unit.name}"
    # One role owes it; who else may take the step finds it on the page of rights.
    owner = next((role for role in (Role.PUBLIC_AFFAIRS, Role.COORDINATOR) if role in roles), roles[0])
    is_heads = owner is Role.DEPARTMENT_HEAD
    duties.open_duty(
        kind=kind,
        title=f"{verb}: {what} ({where})"[:300],
        owner_role=owner,
        due_at=granting.request_due_at(now),
        subject=request.public_id,
        clause=clause,
        clock=_CLOCK,
        unit=request.unit.public_id if is_heads else "",
        actor=actor.public_id,
        now=now,
    )


def _ask_for_acceptance(request: RightRequest, actor: User, now: datetime) -> None:
    asked = granting.statements()
    if not asked:
        return
    duties.open_duty(
        kind=ACCEPT_DUTY,
        title=f"Accept the rules for: {RIGHT_TITLES[Right(request.right)].lower()}",
        owner_role=Role.EMPLOYEE,
        owner=request.person,
        due_at=granting.request_due_at(now),
        subject=request.public_id,
        clause=asked[0].clause,
        clock=_CLOCK,
        actor=actor.public_id,
        now=now,
    )


def _close_duties(request: RightRequest, kinds: Iterable[str], actor: people.Actor, now: datetime) -> None:
    who = actor.public_id if isinstance(actor, User) else actor
    for kind in kinds:
        for duty in duty_queries.open_duties(kind=kind, subject=request.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=request.public_id, actor=who, now=now)
