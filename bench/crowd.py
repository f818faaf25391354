"""A body of full size, put straight into the tables: 1,000 channels, 5,000 persons, 20,000 duties, in seconds.

    from bench.crowd import fill

    crowd = fill(channels=1_000, persons=5_000, duties=20_000, now=now)

The same every time. Rows are as the product's own acts leave them, the ledger's entries about them included (without
leaves: pages read entries, not the tree).
"""

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rostrum.areas.people.models import User

_DEPARTMENTS = 40
_BATCH = 2_000
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Whom to be on the pages, and one of each thing that has a page of its own."""

    coordinator: "User"
    head: "User"
    poster: "User"
    channel: str
    duty: str


def fill(*, channels: int, persons: int, duties: int, now: datetime) -> Crowd:
    """Make the crowd in the empty database that the settings name."""
    from django.db import transaction

    with transaction.atomic():
        _body(now)
        people = _persons(persons, now)
        made = _channels(channels, people, now)
        open_duty = _duties(duties, people, made, now)
    return Crowd(people[0], people[1], people[-1], made[len(made) // 2].slug, open_duty)


def _body(now: datetime) -> None:
    from rostrum.areas.governance import operations as governance

    governance.establish_body(name="City of Wausau", kind="city", actor="system", now=now)
    governance.activate_packs(
        packs=("wausau-city",),
        effective_on={"wausau-city": (now - timedelta(days=300)).date()},
        reference="A crowd for measuring",
        actor="system",
        now=now,
    )


def _persons(count: int, now: datetime) -> list[Any]:
    """The coordinator first, then a head per department, then posters, and everybody else."""
    from rostrum.areas.people.models import RoleGrant, Unit, User
    from rostrum.areas.people.rules import Role

    units = Unit.objects.bulk_create(
        [Unit(slug=f"department-{number}", name=f"Department {number:02}") for number in range(_DEPARTMENTS)]
    )
    found = User.objects.bulk_create(
        [
            User(
                email=f"person{number}@wausau.example",
                name=f"Person {number:04}",
                title="Specialist",
                unit=units[number % _DEPARTMENTS],
                password="!",
                left_at=now - 100 * _HOUR if number > 100 and number % 25 == 0 else None,
                is_active=not (number > 100 and number % 25 == 0),
            )
            for number in range(count)
        ],
        batch_size=_BATCH,
    )
    held: list[tuple[Any, Role, Any]] = [(found[0], Role.COORDINATOR, None), (found[0], Role.PUBLIC_AFFAIRS, None)]
    held += [(one, Role.DEPARTMENT_HEAD, one.unit) for one in found[1 : 1 + _DEPARTMENTS]]
    held += [(one, Role.POSTER, one.unit) for one in found[1 + _DEPARTMENTS : 1 + _DEPARTMENTS + count // 10]]
    held += [(found[-1], Role.POSTER, found[-1].unit)]
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(person=person, role=role.value, unit=unit, starts_at=now - 9_000 * _HOUR)
            for person, role, unit in held
        ],
        batch_size=_BATCH,
    )
    return found


def _channels(count: int, people: list[Any], now: datetime) -> list[Any]:
    from rostrum.areas.channels.models import Channel, Platform
    from rostrum.areas.people.models import ChannelGrant
    from rostrum.areas.people.rules import Right

    platform, _ = Platform.objects.get_or_create(slug="square", defaults={"name": "Sample square"})
    chance = random.Random(11)
    states = ["live"] * 17 + ["requested", "paused", "closed"]
    posters = people[1 + _DEPARTMENTS : 1 + _DEPARTMENTS + len(people) // 10]
    found = Channel.objects.bulk_create(
        [
            Channel(
                slug=f"channel-{number}",
                platform=platform,
                kind="official_page",
                name=f"Channel {number:04} of the city",
                handle=f"channel{number}",
                address_key=f"http://square.test/c/channel{number}",
                state=states[number % len(states)],
                owner="City of Wausau",
                unit=people[number % _DEPARTMENTS].unit,
                copyright_holder="City of Wausau",
                purpose="Tell residents what happens",
                mission_goal="Keep residents informed",
                capture_plan="Every fifteen minutes",
                requested_by=people[1 + number % _DEPARTMENTS],
                requested_at=now - 5_000 * _HOUR,
                trouble="lost_token" if number % 50 == 7 else "",
                trouble_since=now - 3 * _HOUR if number % 50 == 7 else None,
                last_connected_at=now - timedelta(minutes=chance.randrange(14)),
            )
            for number in range(count)
        ],
        batch_size=_BATCH,
    )
    ChannelGrant.objects.bulk_create(
        [
            ChannelGrant(
                person=posters[(number * 3 + offset) % len(posters)],
                channel=channel.public_id,
                right=right.value,
                starts_at=now - 4_000 * _HOUR,
            )
            for number, channel in enumerate(found)
            for offset, right in enumerate((Right.SPEAK, Right.SPEAK, Right.CREDENTIAL))
        ],
        batch_size=_BATCH,
    )
    opened = {"official_email": True, "why_other_email": ""}
    acts = {"requested": {}, "step-taken": {}, "approved": {}, "opened": opened, "described": {}, "went-live": {}}
    _entries(
        [
            (f"channels.channel-{act}.v1", {"channel": channel.public_id, **told}, now - (4_000 - step) * _HOUR)
            for channel in found
            for step, (act, told) in enumerate(acts.items())
        ],
        people[0].public_id,
    )
    return found


_KINDS = ("channels.restore-connection", "channels.deposit-credential", "archive.fill-gap", "request.respond")


def _duties(count: int, people: list[Any], channels: list[Any], now: datetime) -> str:
    """Half of them closed; of the open ones a tenth overdue, a tenth of the coordinator's role, the rest of persons."""
    from rostrum.areas.duties.models import Duty

    made = []
    for number in range(count):
        closed = number % 2 == 1
        due_at = now + timedelta(minutes=37 * (number % 400) + 1) if number % 20 else now - number % 900 * _HOUR
        made.append(
            Duty(
                kind=_KINDS[number % len(_KINDS)],
                title=f"See to channel {number % len(channels):04} of the city",
                owner_role="social_media_coordinator" if number % 10 == 0 else "authorized_poster",
                owner=None if number % 10 == 0 else people[number % len(people)],
                unit=people[number % _DEPARTMENTS].unit.public_id,
                opened_at=now - (900 + number % 50) * _HOUR,
                due_at=due_at,
                clock="PT48H",
                clause="WAU-own-04c",
                subject=channels[number % len(channels)].public_id if number % 4 < 2 else f"sub-{number}",
                closed_at=now - number % 800 * _HOUR if closed else None,
                closed_by="system" if closed else "",
                evidence="ent-sample" if closed else "",
            )
        )
    # One open duty per kind and subject: later rounds over the same channels are about something else.
    for number, duty in enumerate(made):
        if number >= len(channels):
            duty.subject = f"{duty.subject}-{number}"
    found = Duty.objects.bulk_create(made, batch_size=_BATCH)
    _entries(
        [("duties.duty-opened.v1", {"duty": one.public_id, "subject": one.subject}, one.opened_at) for one in found],
        "system",
    )
    return found[0].public_id


def _entries(rows: list[tuple[str, dict[str, Any], datetime]], actor: str) -> None:
    from rostrum.areas.ledger.models import Entry

    Entry.objects.bulk_create(
        [
            Entry(kind=kind, at=at, actor=actor, body_text=json.dumps(body, separators=(",", ":")), seed=b"\0" * 32)
            for kind, body, at in rows
        ],
        batch_size=_BATCH,
    )
