"""Jobs of the agenda: telling who owes what.

Kinds: ``agenda.remind`` {} (every quarter of an hour), ``agenda.send-digest`` {batch}. Both may run twice.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as format_date

from rostrum.areas.agenda import operations, queries
from rostrum.areas.agenda.digest import Line, subject_of, text_of
from rostrum.areas.agenda.models import Notice
from rostrum.areas.agenda.rules import kind_of_stage
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties.kinds import kind_of
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.connectors.mail import mailer

_ACTOR = "system"


def remind(args: dict[str, Any], *, now: datetime) -> None:
    """Give back what persons who left still owe, escalate what nobody does, and tell everybody what is due."""
    del args
    if governance.activation() is None:
        return
    for person in queries.departed_owners(now=now):
        duties.release_duties_of(person=person, actor=_ACTOR, now=now)
    found = queries.plan(now=now)
    for one in found.escalations:
        operations.escalate_duty(
            duty_id=one.duty.public_id, level=one.level, role=one.role, persons=one.persons, actor=_ACTOR, now=now
        )
    persons = User.objects.in_bulk([one.person for one in found.digests])
    for digest in found.digests:
        operations.remind_person(person=persons[digest.person], told=digest.told, actor=_ACTOR, now=now)


def send_digest(args: dict[str, Any], *, now: datetime) -> None:
    """Mail one person what they are told; not to who has left, nor of what was closed meanwhile."""
    notices = list(Notice.objects.filter(batch=args["batch"]).select_related("duty", "person").order_by("duty__due_at"))
    told = [one for one in notices if one.duty.is_open]
    if not told or not people.is_present(told[0].person, now=now):
        return
    person = told[0].person
    lines = [
        Line(kind_of_stage(one.stage), kind_of(one.duty.kind).title, _when(one.duty), _address("duty", one.duty))
        for one in told
    ]
    text = text_of(lines, name=person.name, body=governance.body_name(), register=_address("duties"))
    mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(person.email, subject_of(lines), text)


def _when(duty: Duty) -> str:
    if duty.due_at is None:
        return "without a date"
    if (on := queries.whole_day(duty.due_at)) is not None:
        return f"by {format_date(on, 'l, F j')}"
    return format_date(duty.due_at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)), "l, F j, g:i a T")


def _address(route: str, duty: Duty | None = None) -> str:
    """The page's full address, or "" where the installation was not told its own (`ROSTRUM_ADDRESS`)."""
    if not settings.PUBLIC_ADDRESS:
        return ""
    return f"{settings.PUBLIC_ADDRESS}{reverse(route, args=[duty.public_id] if duty else None)}"
