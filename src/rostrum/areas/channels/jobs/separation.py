"""What the worker does when people leave: carry planned separations out, tell whom it concerns, report attempts.

Kinds: ``channels.carry-out-separation`` {separation}, ``channels.tend-separations`` {} (every minute, with work only),
``channels.tell-separation`` {separation, what}, ``channels.note-surrender`` {entry}, ``channels.report-attempt``
{entry}. Mail may repeat safely.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from rostrum.areas.channels.models import ReachedChannel, Separation
from rostrum.areas.channels.operations import handing_over
from rostrum.areas.channels.operations import separation as operations
from rostrum.areas.channels.queries import separation as queries
from rostrum.areas.channels.rules.separation import SeparationState
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people import queries as people_queries
from rostrum.connectors.mail import mailer
from rostrum.kernel.legal_days import day_ending_at


def carry_out(args: dict[str, Any], *, now: datetime) -> None:
    """Carry one planned separation out (``{"separation": id}``); nothing before its instant, or a second time."""
    operations.carry_out_separation(separation_id=args["separation"], actor=people.SYSTEM, now=now)


def tend_separations(args: dict[str, Any], *, now: datetime) -> None:
    """Carry out what is due, and separate whose engagement has ended: the safety net under the single jobs."""
    del args
    for separation in queries.due_to_carry_out(now):
        operations.carry_out_separation(separation_id=separation.public_id, actor=people.SYSTEM, now=now)
    for person in queries.ended_engagements(now):
        operations.separate_at_engagement_end(person=person, actor=people.SYSTEM, now=now)


def note_surrender(args: dict[str, Any], *, now: datetime) -> None:
    """After a log-in was signed in with (``{"entry": id}``): it counts as handed in by who is about to leave."""
    entry = Entry.objects.get(public_id=args["entry"])
    rows = ReachedChannel.objects.filter(
        channel__public_id=entry.body["channel"], separation__state=SeparationState.PLANNED, surrendered_at=None
    )
    for row in rows:
        handing_over.note_surrender(reached_id=row.public_id, actor=people.SYSTEM, now=now)


_SUBJECTS = {
    "planned": "{name} leaves on {at}",
    "separated": "{name} has left: change the log-ins by {due}",
    "rescinded": "{name} stays: the separation is rescinded",
    "closed": "{name}: the separation is closed",
}


def tell(args: dict[str, Any], *, now: datetime) -> None:
    """Mail whom it concerns what happened and what is due; or, where something was asked, the person who left."""
    separation = Separation.objects.select_related("person__unit").get(public_id=args["separation"])
    if args["what"] in ("asked", "separated"):
        _ask_by_mail(separation)
    if args["what"] == "asked":
        return
    subject = _SUBJECTS[args["what"]].format(
        name=separation.person.name, at=_when(separation.at), due=_by(queries.rotation_deadline(separation.at).due_at)
    )
    text = _text(separation, args["what"])
    for person in queries.told_about(separation, now=now):
        _send(person.email, subject, f"{person.name},\n\n{text}")


def _text(separation: Separation, what: str) -> str:
    lines = [f"Separation of {separation.person.name}, {_when(separation.at)}."]
    rows = queries.reached_channels(separation)
    if what == "separated":
        lines.append(
            "Sign-in, sessions, roles and rights have ended. Posts that waited need a second person's decision."
        )
    if what in ("planned", "separated") and rows:
        lines.append("Channels within reach until then:")
        lines += [f"- {row.channel.name}: {', '.join(queries.WAYS.get(way, way) for way in row.ways)}" for row in rows]
    if what == "separated" and rows:
        due = _by(queries.rotation_deadline(separation.at).due_at)
        lines.append(f"By {due}: change each log-in, deposit and test it; a second person confirms.")
    if what == "planned":
        lines.append("Until then the person hands in and hands over; the list is on the page of the separation.")
    return "\n".join(lines) + "\n"


def _ask_by_mail(separation: Separation) -> None:
    """Send the person who left the way to the questions: a page that opens nothing else."""
    has_questions = separation.tasks.filter(answered_at=None).exists()
    if separation.state != SeparationState.OPEN or not separation.contact or not separation.origin or not has_questions:
        return
    path = reverse("transition", args=[queries.link_of(separation)])
    text = (
        f"{separation.person.name},\n\nyou are asked to help with the transition of the channels you worked with. The "
        f"questions are here; the page opens nothing else:\n\n{separation.origin}{path}\n"
    )
    _send(separation.contact, "Questions about the channels you worked with", text)


def report_attempt(args: dict[str, Any], *, now: datetime) -> None:
    """Tell HR, the coordinator and IT that somebody who left tried to get in (``{"entry": id}``)."""
    entry = Entry.objects.get(public_id=args["entry"])
    person = people_queries.person_by_id(str(entry.body["person"]))
    separation = queries.last_of(person)
    if separation is None:
        return
    text = (
        f"{person.name}, who left on {_when(separation.at)}, tried to get in ({entry.body['way']}) at "
        f"{_when(entry.at)} and was refused. Further tries within the hour are counted on the page of the separation.\n"
    )
    for one in queries.told_about(separation, now=now):
        _send(one.email, f"Refused: {person.name} tried to get in after leaving", f"{one.name},\n\n{text}")


def _by(due_at: datetime) -> str:
    last = day_ending_at(due_at, settings.LEGAL_TIME_ZONE)
    return last.strftime("%A, %B %d, %Y") if last else _when(due_at)


def _when(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).strftime("%A, %B %d, %Y, %H:%M %Z")


def _send(to: str, subject: str, text: str) -> None:
    mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(to, subject, text)
