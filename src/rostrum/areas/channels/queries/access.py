"""Who and what a platform lets act on a channel, against whom and what the body allows."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from rostrum.areas.channels import pack, rules
from rostrum.areas.channels.guides import guide_for
from rostrum.areas.channels.models import (
    AdministratorFinding,
    AdministratorList,
    AllowedApplication,
    ApplicationCheck,
    ApplicationFinding,
    Channel,
    PlatformLogIn,
    SettingsCheck,
)
from rostrum.areas.channels.rules.admin_lists import Administrator, folded
from rostrum.areas.channels.rules.apps import ApprovalFacts, SettingsFacts, against_connector, app_key
from rostrum.areas.channels.rules.roster import AnswerFacts, Disagreement, Known, Matched, match
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.connectors import registry
from rostrum.kernel.decisions import Decision, Reason

OFFICES = {"coordinator": (Role.COORDINATOR, Role.PUBLIC_AFFAIRS), "it": (Role.IT_DIRECTOR,)}


def may_reconcile(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person compares the platform's administrators with the roster, and answers what does not agree."""
    return people.may(actor, Permission.MANAGE_CHANNEL, unit=channel.unit, channel=channel.public_id, now=now)


def may_check_apps(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person looks at a channel's applications and settings: as for its page."""
    return people.may(actor, Permission.CHECK_PAGE, unit=channel.unit, channel=channel.public_id, now=now)


# Administrators


def matched(channel: Channel, rows: Iterable[Administrator], *, now: datetime) -> tuple[Matched, ...]:
    """Each administrator of a list with the person of the body it is, where that can be told."""
    holders: dict[int, set[str]] = {}
    for grant in people.grants_on(channel.public_id, now=now):
        holders.setdefault(grant.person.pk, set()).add(grant.right)
    known: dict[int, Known] = {}
    by_name: dict[str, list[Known]] = {}
    by_email: dict[str, Known] = {}
    for person in User.objects.all():
        known[person.pk] = Known(
            person.public_id,
            person.name,
            people.is_present(person, now=now),
            bool(holders.get(person.pk)),
            Right.CREDENTIAL in holders.get(person.pk, set()),
        )
        by_name.setdefault(folded(person.name), []).append(known[person.pk])
        by_email[person.email.casefold()] = known[person.pk]
    told = PlatformLogIn.objects.filter(platform=channel.platform_id).values_list("login", "person")
    by_login = {login: known[pk] for login, pk in told}
    names = {name: tuple(found) for name, found in by_name.items()}
    return tuple(Matched(row, match(row, by_login=by_login, by_email=by_email, by_name=names)) for row in rows)


def last_administrator_list(channel: Channel) -> AdministratorList | None:
    """The newest list of the channel's administrators."""
    return AdministratorList.objects.filter(channel=channel).select_related("by").first()


def administrator_findings(channel: Channel) -> QuerySet[AdministratorFinding]:
    """The disagreements that stand now, answered ones too."""
    return AdministratorFinding.objects.filter(channel=channel, resolved_at=None).select_related(
        "person", "answered_by"
    )


def administrator_finding(public_id: str) -> AdministratorFinding:
    """The disagreement with this public id. Raises AdministratorFinding.DoesNotExist."""
    return AdministratorFinding.objects.select_related("channel__unit", "channel__platform").get(public_id=public_id)


def answer_facts(
    finding: AdministratorFinding, *, reason: str, is_person: User | None, actor: User, now: datetime
) -> AnswerFacts:
    """The facts about an answer to a disagreement."""
    about = is_person or finding.person
    return AnswerFacts(
        may_answer=may_reconcile(finding.channel, actor=actor, now=now),
        is_open=finding.resolved_at is None,
        is_answered=finding.answered_at is not None,
        kind=Disagreement(finding.kind),
        reason=reason,
        names_a_person=is_person is not None,
        is_about_self=about is not None and about.pk == actor.pk,
    )


# Applications


def applications() -> QuerySet[AllowedApplication]:
    """Every application ever put forward, those not withdrawn first."""
    return AllowedApplication.objects.select_related("proposed_by", "coordinator", "it", "withdrawn_by").order_by(
        "withdrawn_at", "name"
    )


def allowed_names(channel: Channel) -> frozenset[str]:
    """The names (by `app_key`) of what may be connected to this channel."""
    found = AllowedApplication.objects.filter(
        platform__in=("", channel.platform_id),
        coordinator_at__isnull=False,
        it_at__isnull=False,
        withdrawn_at__isnull=True,
    )
    return frozenset(found.values_list("name_key", flat=True))


def connector_name(platform: str) -> str:
    """What the product's own connector to the platform is called on the list."""
    spec = registry.PLATFORMS.get(platform)
    return f"Rostrum: {spec.name}" if spec else ""


def connector_reasons(channel: Channel) -> tuple[Reason, ...]:
    """The reason against speaking through the channel's connector while it is not on the list."""
    name = connector_name(channel.platform_id)
    if not name:
        return ()
    return against_connector(
        registry.PLATFORMS[channel.platform_id].name,
        is_allowed=app_key(name) in allowed_names(channel),
        clause=pack.binding_clause("channel.apps-allow-list"),
    )


def approval_facts(application: AllowedApplication, *, actor: User, now: datetime) -> ApprovalFacts:
    """The facts about an approval of an application."""
    held = {one.role for one in people.roles_of(actor, now)}
    given = {"coordinator": application.coordinator, "it": application.it}
    offices = tuple(office for office, roles in OFFICES.items() if given[office] is None and held & set(roles))
    other = next((person.public_id for person in given.values() if person), "")
    return ApprovalFacts(
        actor=actor.public_id,
        offices=offices,
        other=other,
        is_allowed=application.is_allowed,
        is_withdrawn=application.withdrawn_at is not None,
        clause=pack.clauses().get("channel.apps-allow-list", ""),
    )


def may_keep_apps(person: User, *, now: datetime) -> Decision:
    """Whether this person puts applications forward and withdraws them: the coordinator, or IT."""
    roles = {role for office in OFFICES.values() for role in office}
    if any(held.role in roles for held in people.roles_of(person, now)):
        return Decision()
    clause = pack.clauses().get("channel.apps-allow-list")
    return Decision((Reason("not-yours", "The list is kept by the coordinator and the IT director.", clause),))


def last_application_check(channel: Channel) -> ApplicationCheck | None:
    """The newest look at what is connected to the channel."""
    return ApplicationCheck.objects.filter(channel=channel).select_related("by").first()


def application_findings(channel: Channel) -> QuerySet[ApplicationFinding]:
    """What is connected to the channel and not allowed, now."""
    return ApplicationFinding.objects.filter(channel=channel, resolved_at=None)


# Settings


def last_settings_check(channel: Channel) -> SettingsCheck | None:
    """The newest completed checklist of the channel's settings."""
    return SettingsCheck.objects.filter(channel=channel).select_related("by").first()


def settings_facts(
    channel: Channel, *, answers: dict[str, str], note: str, actor: User, now: datetime
) -> SettingsFacts:
    """The facts about a checklist that is to be completed."""
    return SettingsFacts(
        may_check=may_check_apps(channel, actor=actor, now=now),
        items=tuple(one.code for one in guide_for(channel.platform_id).settings),
        answers=answers,
        note=note,
    )


# What time calls for


def channels_to_look_at(
    model: type[AdministratorList] | type[ApplicationCheck] | type[SettingsCheck], *, days: int, now: datetime
) -> list[Channel]:
    """The official channels of which this was never looked at, or not within so many days."""
    lately = model.objects.filter(at__gt=now - timedelta(days=days)).values_list("channel", flat=True)
    return list(Channel.objects.filter(state__in=rules.OFFICIAL_STATES).exclude(pk__in=list(lately)).order_by("pk"))
