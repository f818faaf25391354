"""Rights on channels and the requests they rest on: what there is, what waits for whom, and the facts of the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from rostrum.areas.channels import granting, pack
from rostrum.areas.channels.models import Channel, RightRequest
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules import grants as rules
from rostrum.areas.channels.rules.grants import GRANTABLE_STATES, RequestAct, RequestState
from rostrum.areas.governance.queries.granting import may_be_granted
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import ChannelGrant, Denial, RoleGrant, Unit, User
from rostrum.areas.people.operations.grants import ACTING_ROLES, decide_right_end
from rostrum.areas.people.rules import RIGHT_TITLES, ROLE_TITLES, HeldRole, Permission, Right, Role
from rostrum.kernel.decisions import Decision, Reason

_OPEN = (RequestState.REQUESTED, RequestState.DESIGNATED)


# Rights as they are held


def not_ended(now: datetime) -> Q:
    """Rights that have not ended: in force, suspended, or still to begin."""
    return Q(ends_at__isnull=True) | Q(ends_at__gt=now)


def rights_on(channels: Iterable[str], *, now: datetime) -> QuerySet[ChannelGrant]:
    """The rights on these channels (public ids) that have not ended, by channel and person."""
    found = ChannelGrant.objects.filter(not_ended(now), channel__in=list(channels))
    return found.select_related("person__unit", "given_by").order_by("channel", "person__name", "right", "pk")


def rights_in_unit(unit: Unit, *, now: datetime) -> QuerySet[ChannelGrant]:
    """The rights on the channels of a department that have not ended."""
    return rights_on(Channel.objects.filter(unit=unit).values_list("public_id", flat=True), now=now)


def rights_of(person: User, *, now: datetime) -> QuerySet[ChannelGrant]:
    """A person's rights on channels that have not ended, newest first."""
    return ChannelGrant.objects.filter(not_ended(now), person=person).order_by("-starts_at", "-pk")


def channels_of(grants: Iterable[ChannelGrant]) -> dict[str, Channel]:
    """The channels on which these rights are, by public id."""
    ids = {grant.channel for grant in grants}
    return {one.public_id: one for one in Channel.objects.filter(public_id__in=ids).select_related("unit", "platform")}


def requests_of(grants: Iterable[ChannelGrant]) -> dict[str, RightRequest]:
    """The requests on which these rights rest, by public id; none for a right given without one."""
    ids = {grant.basis for grant in grants if grant.basis}
    found = RightRequest.objects.filter(public_id__in=ids)
    return {one.public_id: one for one in found.select_related("sponsor", "designated_by", "issued_by", "represents")}


def spokespersons(unit: Unit, *, now: datetime) -> QuerySet[ChannelGrant]:
    """Rights in force to speak on a department's channels that rest on a designation by its head."""
    channels = Channel.objects.filter(unit=unit).values("public_id")
    designated = RightRequest.objects.filter(public_id=OuterRef("basis"), designated_by__isnull=False)
    return ChannelGrant.objects.filter(
        not_ended(now),
        Exists(designated),
        starts_at__lte=now,
        suspended_at=None,
        right=Right.SPEAK.value,
        channel__in=channels,
        person__in=people.may_hold_rights(now=now).order_by().values("pk"),
    )


def rests_on_request(person: User, channel: str, right: Right, *, now: datetime) -> bool:
    """Whether the person holds this right on the channel (public id) now by a request that was issued."""
    issued = RightRequest.objects.filter(public_id=OuterRef("basis"), state=RequestState.ISSUED)
    held = ChannelGrant.objects.filter(not_ended(now), starts_at__lte=now, suspended_at=None, person=person)
    return held.filter(Exists(issued), right=right.value, channel=channel).exists()


def represented_by(person: User, *, now: datetime) -> User | None:
    """The elected official for whom this person speaks by a right in force, or None."""
    held = ChannelGrant.objects.filter(not_ended(now), starts_at__lte=now, suspended_at=None, person=person)
    request = RightRequest.objects.filter(public_id__in=held.values("basis"), represents__isnull=False).first()
    return request.represents if request else None


def represents_on(person: User, channel: str, *, now: datetime) -> User | None:
    """The elected official for whom this person speaks on the channel (public id) across departments, or None.

    By a right in force there that was recorded with that scope, as long as the official is in office.
    """
    held = ChannelGrant.objects.filter(
        not_ended(now), starts_at__lte=now, suspended_at=None, person=person, right=Right.SPEAK.value, channel=channel
    )
    wide = RightRequest.objects.filter(
        public_id__in=held.values("basis"), represents__isnull=False, subject_scope=rules.SCOPE_ALL
    )
    officials = [one.represents for one in wide.select_related("represents")]
    return next((one for one in officials if one and is_in_office(one, now=now)), None)


def is_in_office(person: User, *, now: datetime) -> bool:
    """Whether the person is an elected official who has not left."""
    return person.employment_class == "elected" and people.is_present(person, now=now)


def topics_of(person: User, channel: str, *, now: datetime) -> tuple[str, ...] | None:
    """The programme areas within which this person speaks on the channel; None where the right names none."""
    held = ChannelGrant.objects.filter(
        not_ended(now), starts_at__lte=now, suspended_at=None, person=person, right=Right.SPEAK.value, channel=channel
    )
    named: list[str] = []
    for topics in RightRequest.objects.filter(public_id__in=held.values("basis")).values_list("topics", flat=True):
        if not topics:
            return None
        named += topics
    return tuple(dict.fromkeys(named)) or None


@dataclass(frozen=True, slots=True)
class ProgrammeArea:
    """A programme area that rights in force to speak name, and the departments for which they were given."""

    name: str
    units: frozenset[str]


def programme_areas(*, now: datetime) -> dict[str, ProgrammeArea]:
    """Every programme area that a right in force to speak names, by its name in lower case; units by public id."""
    held = ChannelGrant.objects.filter(
        not_ended(now), starts_at__lte=now, suspended_at=None, right=Right.SPEAK.value
    ).exclude(basis="")
    rows = (
        RightRequest.objects.filter(public_id__in=held.values("basis")).exclude(topics=[]).order_by("pk")
    ).values_list("topics", "unit__public_id")
    found: dict[str, ProgrammeArea] = {}
    for topics, unit in rows:
        for name in topics:
            known = found.get(name.casefold(), ProgrammeArea(name, frozenset()))
            found[name.casefold()] = ProgrammeArea(known.name, known.units | {unit})
    return dict(sorted(found.items()))


# Requests


def request_by_id(public_id: str) -> RightRequest:
    """The request with this public id. Raises RightRequest.DoesNotExist."""
    return _requests().get(public_id=public_id)


def _requests() -> QuerySet[RightRequest]:
    return RightRequest.objects.select_related(
        *("person__unit", "unit", "channel__unit", "sponsor__unit", "represents"),
        *("asked_by", "designated_by", "issued_by", "closed_by"),
    )


def visible_requests(person: User, *, now: datetime) -> QuerySet[RightRequest]:
    """The requests this person may see: their own, those they asked for, and those of whom they decide for."""
    scope = people.reach(person, Permission.END_GRANT, reading=True, now=now)
    issues = people.reach(person, Permission.ISSUE_GRANT, now=now)
    seen = Q(person=person) | Q(asked_by=person)
    if scope.everything:
        return _requests()
    if any(held.role in granting.route().approvers for held in people.roles_of(person, now)) and issues.everything:
        return _requests()
    return _requests().filter(seen | Q(unit__public_id__in=sorted(scope.units)))


def open_requests() -> QuerySet[RightRequest]:
    """Requests that wait for a step, oldest first."""
    return _requests().filter(state__in=_OPEN).order_by("asked_at", "pk")


def waiting_for(person: User, *, now: datetime) -> list[RightRequest]:
    """The requests whose next step this person takes, oldest first; the page says what still stands against it."""
    held = people.roles_of(person, now)
    route = granting.route()
    waiting = []
    for request in open_requests().exclude(person=person):
        needed = _designators(route.reviewers) if request.state == RequestState.REQUESTED else route.approvers
        took_a_step = request.designated_by_id == person.pk
        if not took_a_step and roles_for(held, needed, request.unit):
            waiting.append(request)
    return waiting


def to_accept(person: User) -> list[RightRequest]:
    """The person's own requests whose rules they have not accepted yet."""
    if not granting.statements():
        return []
    return list(open_requests().filter(person=person, accepted_at=None))


def _designators(reviewers: Sequence[Role]) -> tuple[Role, ...]:
    # The appointing authority stands above every head: for a head's own right, and where a department has none.
    return tuple(dict.fromkeys((*reviewers, Role.AGENCY_HEAD)))


def roles_for(held: Iterable[HeldRole], needed: Iterable[Role], unit: Unit) -> tuple[Role, ...]:
    """Which of the needed roles are held over this department or the whole body."""
    mine = {one.role for one in held if one.unit in ("", unit.public_id)}
    return tuple(role for role in needed if role in mine)


def title_of(roles: Iterable[Role]) -> str:
    """The roles in words."""
    return " or ".join(ROLE_TITLES[role].lower() for role in roles)


# Facts; pages and operations ask the same.


def may_ask(unit: Unit, holder: User, *, actor: User, now: datetime) -> Decision:
    """Whether this person may ask for a right on the department's channels: their own, or as its head."""
    scope = people.reach(actor, Permission.REQUEST_RIGHT, now=now)
    if scope.everything or unit.public_id in scope.units or (scope.own and actor.pk == holder.pk):
        return Decision()
    message = f"You may ask for a right of your own; for others the head of {unit.name} does."
    return Decision((Reason("out-of-reach", message),))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for: pages build it from a form, operations from their arguments, facts from a row."""

    person: User
    right: Right
    unit: Unit
    channel: Channel | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    need: str = ""
    job_duty: str = ""
    job_classification: str = ""
    sponsor: User | None = None
    contract_reference: str = ""


def wanted_by(request: RightRequest) -> Wanted:
    """What the request asks for."""
    return Wanted(
        person=request.person,
        right=Right(request.right),
        unit=request.unit,
        channel=request.channel,
        starts_at=request.starts_at,
        ends_at=request.ends_at,
        need=request.need,
        job_duty=request.job_duty,
        job_classification=request.job_classification,
        sponsor=request.sponsor,
        contract_reference=request.contract_reference,
    )


def is_agent(person: User) -> bool:
    """Whether the person works for the body by contract."""
    return person.employment_class in granting.AGENT_CLASSES


def holder_facts(wanted: Wanted, *, now: datetime) -> rules.HolderFacts:
    """The facts about the person for whom a right is meant."""
    person, sponsor = wanted.person, wanted.sponsor
    return rules.HolderFacts(
        person=person.public_id,
        is_present=people.is_present(person, now=now),
        is_denied=people.is_denied(person),
        is_agent=is_agent(person),
        sponsor=sponsor.public_id if sponsor else "",
        sponsor_is_present=sponsor is not None and people.is_present(sponsor, now=now),
        sponsor_in_unit=sponsor is not None and _answers_for(sponsor, wanted.unit, now),
        sponsor_is_agent=sponsor is not None and is_agent(sponsor),
        contract_reference=wanted.contract_reference,
        ends_at=wanted.ends_at,
        engagement_ends_at=person.engagement_ends_at,
    )


def _answers_for(sponsor: User, unit: Unit, now: datetime) -> bool:
    heads = any(
        held.role is Role.DEPARTMENT_HEAD and held.unit in ("", unit.public_id)
        for held in people.roles_of(sponsor, now)
    )
    return sponsor.unit_id == unit.pk or heads


def asking_facts(wanted: Wanted, *, actor: User, now: datetime) -> rules.AskingFacts:
    """The facts about a right that is about to be asked for."""
    same = RightRequest.objects.filter(person=wanted.person, right=wanted.right, state__in=_OPEN)
    return rules.AskingFacts(
        may_ask=may_ask(wanted.unit, wanted.person, actor=actor, now=now),
        holder=holder_facts(wanted, now=now),
        channel_state=ChannelState(wanted.channel.state) if wanted.channel else None,
        need=wanted.need,
        job_duty=wanted.job_duty,
        is_asked=same.filter(channel=wanted.channel, unit=wanted.unit).exists(),
        is_held=_is_held(wanted, now),
        clauses=pack.clauses(),
    )


def channels_for(wanted: Wanted) -> list[Channel]:
    """The channels on which the right would be given: the one named, or all of the department that may have rights."""
    if wanted.channel is not None:
        return [wanted.channel]
    return list(Channel.objects.filter(unit=wanted.unit, state__in=GRANTABLE_STATES).order_by("pk"))


def _is_held(wanted: Wanted, now: datetime) -> bool:
    """Whether a right with a basis covers all of it; one given without a request is replaced by the issued one."""
    channels = [one.public_id for one in channels_for(wanted)]
    if not channels:
        return False
    begins = wanted.starts_at or now
    held = ChannelGrant.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=begins),
        person=wanted.person,
        right=wanted.right,
        channel__in=channels,
        starts_at__lte=begins,
    ).exclude(basis="")
    return set(held.values_list("channel", flat=True)) >= set(channels)


def posters_of(unit: Unit, *, now: datetime) -> set[str]:
    """Who speaks for a department, or is designated to: the persons' public ids."""
    speaking = rights_in_unit(unit, now=now).filter(right=Right.SPEAK.value)
    designated = RightRequest.objects.filter(unit=unit, right=Right.SPEAK.value, state=RequestState.DESIGNATED)
    return {*speaking.values_list("person__public_id", flat=True)} | {
        *designated.values_list("person__public_id", flat=True)
    }


def designation_facts(
    wanted: Wanted, *, state: RequestState, cap_reason: str, actor: User, now: datetime
) -> rules.DesignationFacts:
    """The facts about a department's agreement to a right."""
    route = granting.route()
    needed = _designators(route.reviewers)
    posters = posters_of(wanted.unit, now=now) | {wanted.person.public_id}
    return rules.DesignationFacts(
        state=state,
        actor=actor.public_id,
        actor_roles=frozenset(roles_for(people.roles_of(actor, now), needed, wanted.unit)),
        needed_roles=needed,
        needed_title=title_of(needed),
        needed_clause=route.reviewing_clause,
        holder=holder_facts(wanted, now=now),
        classification=wanted.job_classification,
        allowed=granting.classifications(),
        posters=len(posters),
        cap=granting.poster_cap() if wanted.right is Right.SPEAK else None,
        cap_reason=cap_reason,
        clauses=pack.clauses(),
    )


def issue_facts(request: RightRequest, *, actor: User, now: datetime) -> rules.IssueFacts:
    """The facts about a right that is about to be issued."""
    route = granting.route()
    unsigned = () if request.accepted_at else tuple(one.clause for one in granting.statements())
    return rules.IssueFacts(
        state=RequestState(request.state),
        actor=actor.public_id,
        actor_roles=frozenset(roles_for(people.roles_of(actor, now), route.approvers, request.unit)),
        needed_roles=route.approvers,
        needed_title=title_of(route.approvers),
        needed_clause=route.approving_clause,
        designator=request.designated_by.public_id if request.designated_by else "",
        holder=holder_facts(wanted_by(request), now=now),
        channel_state=ChannelState(request.channel.state) if request.channel else None,
        unsigned=unsigned,
        before=may_be_granted(request.person, now=now),
        ends_at=request.ends_at,
        now=now,
        clauses=pack.clauses(),
    )


def declining_facts(
    request: RightRequest, act: RequestAct, *, reason: str, actor: User, now: datetime
) -> rules.DecliningFacts:
    """The facts about declining a request, or about withdrawing it."""
    if act is RequestAct.WITHDRAW:
        is_theirs = actor.pk in (request.person_id, request.asked_by_id)
        why = Decision() if is_theirs else Decision((Reason("not-yours", "Only who asked withdraws a request."),))
    else:
        route = granting.route()
        needed = (*_designators(route.reviewers), *route.approvers)
        may = roles_for(people.roles_of(actor, now), needed, request.unit) and actor.pk != request.person_id
        message = f"This is for: {title_of(dict.fromkeys(needed))}, and never about one's own right."
        why = Decision() if may else Decision((Reason("not-your-step", message),))
    return rules.DecliningFacts(RequestState(request.state), act, why, reason)


def acceptance_facts(
    request: RightRequest, *, ticked: Iterable[str], signature: str, actor: User
) -> rules.AcceptanceFacts:
    """The facts about a holder's acceptance of the rules."""
    ticked = set(ticked)
    return rules.AcceptanceFacts(
        state=RequestState(request.state),
        actor=actor.public_id,
        holder=request.person.public_id,
        name=request.person.name,
        signature=signature,
        missing=tuple(one.code for one in granting.statements() if one.code not in ticked),
        is_signed=request.accepted_at is not None,
    )


def stopping_facts(person: User, *, reason: str, actor: User, now: datetime) -> rules.StoppingFacts:
    """The facts about telling a person to stop acting on channels."""
    acting = RoleGrant.objects.filter(not_ended(now), person=person, role__in=ACTING_ROLES)
    return rules.StoppingFacts(
        actor=actor.public_id,
        person=person.public_id,
        may_end=decide_right_end(person=person, actor=actor, now=now),
        holds=rights_of(person, now=now).exists() or acting.exists(),
        reason=reason,
    )


def may_end(grant: ChannelGrant, *, channel: Channel | None, actor: User, now: datetime) -> Decision:
    """Whether this person may end the right: over the department of its channel."""
    return decide_right_end(person=grant.person, unit=channel.unit if channel else None, actor=actor, now=now)


# What pages show


def given_by(request: RightRequest) -> list[dict[str, Any]]:
    """The rights that were given on this request, with their channels."""
    grants = list(ChannelGrant.objects.filter(basis=request.public_id).order_by("pk"))
    channels = channels_of(grants)
    return [{"grant": grant, "channel": channels.get(grant.channel)} for grant in grants]


def held_rows(grants: Iterable[ChannelGrant], *, now: datetime) -> list[dict[str, Any]]:
    """Rights with their channels, requests and states in words."""
    held = list(grants)
    channels, requests = channels_of(held), requests_of(held)
    denied = set(Denial.objects.filter(lifted_at=None).values_list("person", flat=True))
    rows = []
    for grant in held:
        state = ("In force", "ok")
        if grant.starts_at > now:
            state = ("To come", "info")
        elif grant.suspended_at is not None:
            state = ("Suspended", "stop")
        elif grant.person_id in denied:
            state = ("Denied", "stop")
        rows.append(
            {
                "grant": grant,
                "title": RIGHT_TITLES[Right(grant.right)],
                "channel": channels.get(grant.channel),
                "request": requests.get(grant.basis),
                "state": state,
            }
        )
    return rows


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """How a department stands: who speaks for it, against its cap, and whether somebody is designated."""

    unit: Unit
    channels: int
    rights: int
    posters: int
    cap: int | None
    has_spokesperson: bool

    @property
    def is_over_cap(self) -> bool:
        """Whether more persons speak than the body means to."""
        return self.cap is not None and self.posters > self.cap


def unit_summary(unit: Unit, *, now: datetime) -> UnitSummary:
    """How one department stands."""
    return UnitSummary(
        unit=unit,
        channels=Channel.objects.filter(unit=unit, state__in=GRANTABLE_STATES).count(),
        rights=rights_in_unit(unit, now=now).count(),
        posters=len(posters_of(unit, now=now)),
        cap=granting.poster_cap(),
        has_spokesperson=spokespersons(unit, now=now).exists(),
    )


def unit_summaries(person: User, *, now: datetime) -> list[UnitSummary]:
    """The departments with channels whose rights this person may see, by name."""
    with_channels = Channel.objects.filter(state__in=GRANTABLE_STATES).order_by().values("unit")
    units = Unit.objects.filter(pk__in=with_channels)
    return [unit_summary(unit, now=now) for unit in units if may_see_unit(person, unit, now=now)]


def may_see_unit(person: User, unit: Unit, *, now: datetime) -> bool:
    """Whether this person may see all rights of a department: who reviews, ends or issues them, and auditors."""
    ends = people.reach(person, Permission.END_GRANT, reading=True, now=now)
    if ends.everything or unit.public_id in ends.units:
        return True
    return bool(roles_for(people.roles_of(person, now), granting.route().approvers, unit))
