"""Lists of administrators and applications taken in and compared; the list of allowed applications; settings."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from rostrum.areas.channels import events, pack
from rostrum.areas.channels.guides import VERSION, guide_for
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
from rostrum.areas.channels.operations.rows import locked
from rostrum.areas.channels.queries import access as queries
from rostrum.areas.channels.rules import roster
from rostrum.areas.channels.rules.admin_lists import Administrator, AdminList, folded, read_administrators
from rostrum.areas.channels.rules.apps import AppFacts, app_key, decide_app_approval, decide_settings_check, not_allowed
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.blobs import LocalBlobs
from rostrum.connectors.interface import ChannelAccess
from rostrum.kernel.decisions import InvalidInput, Refused

ROSTER_DUTY = "channels.answer-administrator"
LIST_DUTY = "channels.list-administrators"
APP_DUTY = "channels.remove-application"
APPS_DUTY = "channels.check-applications"
SETTINGS_DUTY = "channels.check-settings"


def _blob(data: bytes) -> str:
    return LocalBlobs(settings.BLOBS_FOLDER).put(data)


def _close(kind: str, subject: str, *, evidence: str, actor: str, now: datetime) -> None:
    for duty in duty_queries.open_duties(kind=kind, subject=subject):
        duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor, now=now)


# Administrators


@transaction.atomic
def hand_in_administrators(*, channel_id: str, data: bytes, actor: User, now: datetime) -> AdministratorList:
    """Take a platform's list of administrators, as a file or copied from its page, and compare it with the roster.

    Lines that cannot be read are kept as faults and named; the others are compared all the same. Raises `Refused`
    without the right, `InvalidInput` when nobody can be read from the list.
    """
    channel = locked(channel_id)
    queries.may_reconcile(channel, actor=actor, now=now).or_refuse()
    told = read_administrators(data)
    if not told.rows:
        raise InvalidInput("list", told.faults[0].why)
    return _take_in(channel, told, source=data, by=actor, now=now)


@transaction.atomic
def record_access(*, channel_id: str, access: ChannelAccess, actor: str, now: datetime) -> AdministratorList:
    """Record who and what the platform says may act on the channel, as its connector read it; compare both."""
    channel = locked(channel_id)
    rows = tuple(
        Administrator(number, one.name, one.login, one.email, one.role)
        for number, one in enumerate(access.administrators, 1)
        if one.name or one.login or one.email
    )
    made = _take_in(channel, AdminList(rows), source=access.raw, by=None, now=now, actor=actor)
    _check_applications(channel, access.applications, source=access.raw, by=None, actor=actor, now=now)
    return made


def _take_in(
    channel: Channel, told: AdminList, *, source: bytes, by: User | None, now: datetime, actor: str = ""
) -> AdministratorList:
    actor = by.public_id if by else actor
    matched = queries.matched(channel, told.rows, now=now)
    made = AdministratorList.objects.create(
        channel=channel,
        is_read=by is None,
        by=by,
        at=now,
        source=_blob(source),
        rows=[
            {
                "line": one.row.line,
                "name": one.row.name,
                "login": one.row.login,
                "email": one.row.email,
                "role": one.row.role,
                "person": one.known.person if one.known else "",
            }
            for one in matched
        ],
        faults=[{"where": fault.where, "why": fault.why} for fault in told.faults],
    )
    found = {(one.kind, one.key): one for one in roster.reconcile(matched, most=pack.most_administrators())}
    standing = {(one.kind, one.key): one for one in queries.administrator_findings(channel)}
    opened, resolved = [], []
    for place, finding in standing.items():
        if place not in {(kind.value, key) for kind, key in found}:
            finding.resolved_at, finding.resolved_by_list = now, made
            finding.save(update_fields=["resolved_at", "resolved_by_list"])
            resolved.append(finding.public_id)
    for (kind, key), one in found.items():
        if (kind.value, key) not in standing:
            person = User.objects.filter(public_id=one.person).first() if one.person else None
            opened.append(
                AdministratorFinding.objects.create(
                    channel=channel,
                    kind=kind.value,
                    key=key[:300],
                    words=one.words,
                    person=person,
                    opened_by_list=made,
                    opened_at=now,
                )
            )
    ledger.record(
        events.AdministratorsListed(
            channel=channel.public_id,
            listing=made.public_id,
            source=made.source,
            is_read=made.is_read,
            count=len(matched),
            faults=len(told.faults),
            opened=[one.public_id for one in opened],
            resolved=resolved,
        ),
        actor=actor,
        now=now,
    )
    for finding in opened:
        # Who has left and still gets in is the most urgent of them.
        hours = 24 if finding.kind == roster.Disagreement.DEPARTED else pack.roster_answer_hours()
        duties.open_duty(
            kind=ROSTER_DUTY,
            title=_owed(channel, finding)[:300],
            owner_role=Role.COORDINATOR,
            due_at=now + timedelta(hours=hours),
            subject=finding.public_id,
            clock="hours set by the body (local choice)",
            actor=actor,
            now=now,
        )
    for public_id in resolved:
        _close(ROSTER_DUTY, public_id, evidence=made.public_id, actor=actor, now=now)
    _close(LIST_DUTY, channel.public_id, evidence=made.public_id, actor=actor, now=now)
    return made


def _owed(channel: Channel, finding: AdministratorFinding) -> str:
    whose = f"{finding.person.name} " if finding.person else ""
    what = roster.DISAGREEMENT_TITLES[roster.Disagreement(finding.kind)]
    return f"Administrators of {channel.name}: {whose}{what.lower()}"


@transaction.atomic
def answer_administrator_finding(
    *, finding_id: str, reason: str, actor: User, now: datetime, is_person: User | None = None
) -> AdministratorFinding:
    """Answer a disagreement with a reason; `is_person` says which person an unknown administrator is.

    It goes on standing until a list no longer shows it, and is not owed any more. Raises `Refused`, `InvalidInput`.
    """
    finding = (
        AdministratorFinding.objects.select_for_update(of=("self",))
        .select_related("channel__unit", "channel__platform", "person")
        .filter(public_id=finding_id)
        .first()
    )
    if finding is None:
        raise InvalidInput("finding", f"there is no finding {finding_id}")
    roster.decide_answer(
        queries.answer_facts(finding, reason=reason, is_person=is_person, actor=actor, now=now)
    ).or_refuse()
    finding.reason, finding.answered_by, finding.answered_at = reason.strip(), actor, now
    finding.person = is_person or finding.person
    finding.save(update_fields=["reason", "answered_by", "answered_at", "person"])
    if is_person is not None:
        PlatformLogIn.objects.update_or_create(
            platform=finding.channel.platform_id,
            login=folded(finding.key)[:300],
            defaults={"person": is_person, "told_by": actor, "told_at": now},
        )
    entry = ledger.record(
        events.AdministratorFindingAnswered(
            channel=finding.channel.public_id,
            finding=finding.public_id,
            disagreement=finding.kind,
            reason=finding.reason,
            is_person=is_person.public_id if is_person else "",
        ),
        actor=actor.public_id,
        now=now,
    )
    _close(ROSTER_DUTY, finding.public_id, evidence=entry.public_id, actor=actor.public_id, now=now)
    return finding


# Applications


@transaction.atomic
def propose_application(
    *,
    name: str,
    purpose: str,
    actor: User,
    now: datetime,
    platform: str = "",
    vendor: str = "",
    is_connector: bool = False,
) -> AllowedApplication:
    """Put an application forward for the list. Whoever holds one of the two offices gives its approval with it.

    Raises `Refused` (neither coordinator nor IT, on the list already), `InvalidInput` without name or purpose.
    """
    queries.may_keep_apps(actor, now=now).or_refuse()
    if not name.strip():
        raise InvalidInput("name", "name the application as the platform names it")
    if not purpose.strip():
        raise InvalidInput("purpose", "say what it is needed for")
    if AllowedApplication.objects.filter(name_key=app_key(name), platform=platform, withdrawn_at=None).exists():
        raise Refused.because("listed", f"{name.strip()} stands on the list already.")
    held = {one.role for one in people.roles_of(actor, now)}
    office = next((office for office, roles in queries.OFFICES.items() if held & set(roles)), "")
    application = AllowedApplication.objects.create(
        name=name.strip(),
        name_key=app_key(name),
        platform=platform,
        vendor=vendor.strip(),
        purpose=purpose.strip(),
        is_connector=is_connector,
        proposed_by=actor,
        proposed_at=now,
        **({office: actor, f"{office}_at": now} if office else {}),
    )
    ledger.record(
        events.ApplicationProposed(application=application.public_id, name=application.name, platform=platform),
        actor=actor.public_id,
        now=now,
    )
    return application


def _locked_application(application_id: str) -> AllowedApplication:
    found = (
        AllowedApplication.objects.select_for_update(of=("self",))
        .select_related("coordinator", "it")
        .filter(public_id=application_id)
        .first()
    )
    if found is None:
        raise InvalidInput("application", f"there is no application {application_id}")
    return found


@transaction.atomic
def approve_application(*, application_id: str, actor: User, now: datetime) -> AllowedApplication:
    """Approve an application for the office one holds; it is allowed once the coordinator and IT both have.

    Raises `Refused`: neither office, given already, by the same person, withdrawn.
    """
    application = _locked_application(application_id)
    facts = queries.approval_facts(application, actor=actor, now=now)
    decide_app_approval(facts).or_refuse()
    office = facts.offices[0]
    setattr(application, office, actor)
    setattr(application, f"{office}_at", now)
    application.save(update_fields=[office, f"{office}_at"])
    ledger.record(
        events.ApplicationApproved(application=application.public_id, office=office, is_allowed=application.is_allowed),
        actor=actor.public_id,
        now=now,
    )
    if application.is_allowed:
        _resolve_allowed(application, actor=actor.public_id, now=now)
    return application


def _resolve_allowed(application: AllowedApplication, *, actor: str, now: datetime) -> None:
    found = ApplicationFinding.objects.filter(name_key=application.name_key, resolved_at=None)
    if application.platform:
        found = found.filter(channel__platform=application.platform)
    for finding in found:
        finding.resolved_at, finding.resolution = now, "allowed"
        finding.save(update_fields=["resolved_at", "resolution"])
        _close(APP_DUTY, finding.public_id, evidence=application.public_id, actor=actor, now=now)


@transaction.atomic
def withdraw_application(*, application_id: str, reason: str, actor: User, now: datetime) -> AllowedApplication:
    """Take an application off the list, with the reason. Where it is still connected, the next look finds it."""
    application = _locked_application(application_id)
    queries.may_keep_apps(actor, now=now).or_refuse()
    if application.withdrawn_at is not None:
        raise Refused.because("withdrawn", "It was withdrawn already.")
    if not reason.strip():
        raise InvalidInput("reason", "say why; the reason is kept")
    application.withdrawn_by, application.withdrawn_at, application.withdrawn_reason = actor, now, reason.strip()
    application.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    ledger.record(
        events.ApplicationWithdrawn(application=application.public_id, reason=reason.strip()),
        actor=actor.public_id,
        now=now,
    )
    return application


@transaction.atomic
def check_applications(
    *, channel_id: str, names: Sequence[str], actor: User, now: datetime, source: bytes = b""
) -> ApplicationCheck:
    """Record which applications a person found connected to the channel (none is an answer too).

    What is not allowed opens a security duty of the IT director. Raises `Refused` without the right.
    """
    channel = locked(channel_id)
    queries.may_check_apps(channel, actor=actor, now=now).or_refuse()
    kept = tuple(name.strip()[:200] for name in names if name.strip())
    written = source or "\n".join(kept).encode()
    return _check_applications(channel, kept, source=written, by=actor, actor=actor.public_id, now=now)


def _check_applications(
    channel: Channel, names: Sequence[str], *, source: bytes, by: User | None, actor: str, now: datetime
) -> ApplicationCheck:
    check = ApplicationCheck.objects.create(
        channel=channel, is_read=by is None, by=by, at=now, source=_blob(source), names=list(names)
    )
    others = not_allowed(AppFacts(tuple(names), queries.allowed_names(channel)))
    standing = {one.name_key: one for one in queries.application_findings(channel)}
    opened, resolved = [], []
    for key, finding in standing.items():
        if key not in {app_key(name) for name in others}:
            finding.resolved_at, finding.resolution = now, "gone"
            finding.save(update_fields=["resolved_at", "resolution"])
            resolved.append(finding.public_id)
    for name in others:
        if app_key(name) not in standing:
            opened.append(
                ApplicationFinding.objects.create(
                    channel=channel, name=name, name_key=app_key(name), opened_by_check=check, opened_at=now
                )
            )
    ledger.record(
        events.ApplicationsChecked(
            channel=channel.public_id,
            check=check.public_id,
            source=check.source,
            count=len(names),
            opened=[one.public_id for one in opened],
            resolved=resolved,
        ),
        actor=actor,
        now=now,
    )
    for finding in opened:
        duties.open_duty(
            kind=APP_DUTY,
            title=f"Remove “{finding.name}” from {channel.name}, or have it allowed",
            owner_role=Role.IT_DIRECTOR,
            due_at=now + timedelta(hours=pack.app_removal_hours()),
            subject=finding.public_id,
            clause=pack.clauses().get("channel.apps-allow-list", ""),
            clock="hours set by the body (local choice)",
            actor=actor,
            now=now,
        )
    for public_id in resolved:
        _close(APP_DUTY, public_id, evidence=check.public_id, actor=actor, now=now)
    _close(APPS_DUTY, channel.public_id, evidence=check.public_id, actor=actor, now=now)
    return check


# Settings


@transaction.atomic
def check_settings(
    *, channel_id: str, answers: Mapping[str, str], actor: User, now: datetime, note: str = ""
) -> SettingsCheck:
    """Record the completed checklist of the channel's settings: item → "set", "not-set" or "not-there".

    Raises `Refused`: an item without an answer, one not set without a note, not this person's.
    """
    channel = locked(channel_id)
    facts = queries.settings_facts(channel, answers=dict(answers), note=note, actor=actor, now=now)
    decide_settings_check(facts).or_refuse()
    given = {item: answers[item] for item in facts.items}
    check = SettingsCheck.objects.create(
        channel=channel,
        guide=guide_for(channel.platform_id).platform,
        guide_version=VERSION,
        answers=given,
        note=note.strip(),
        by=actor,
        at=now,
    )
    ledger.record(
        events.SettingsChecked(
            channel=channel.public_id,
            check=check.public_id,
            guide=check.guide,
            guide_version=VERSION,
            open=sorted(item for item, answer in given.items() if answer == "not-set"),
        ),
        actor=actor.public_id,
        now=now,
    )
    _close(SETTINGS_DUTY, channel.public_id, evidence=check.public_id, actor=actor.public_id, now=now)
    return check


# What time calls for

_LOOKS = {
    LIST_DUTY: ("Compare the administrators of {name} with the roster", Role.COORDINATOR, ""),
    APPS_DUTY: ("Look which applications are connected to {name}", Role.IT_DIRECTOR, "channel.apps-allow-list"),
    SETTINGS_DUTY: ("Look at the settings of {name} on its platform", Role.COORDINATOR, "channel.privacy-settings"),
}


@transaction.atomic
def ask_for_look(*, channel_id: str, kind: str, actor: str, now: datetime) -> Channel:
    """Open the duty of one of the recurring looks (`LIST_DUTY`, `APPS_DUTY`, `SETTINGS_DUTY`)."""
    channel = locked(channel_id)
    title, role, control = _LOOKS[kind]
    duties.open_duty(
        kind=kind,
        title=title.format(name=channel.name),
        owner_role=role,
        due_at=now + timedelta(days=pack.look_days()),
        subject=channel.public_id,
        clause=pack.clauses().get(control, ""),
        clock="days set by the body (local choice)",
        actor=actor,
        now=now,
    )
    return channel
