"""Pages ask the database as often for many rows as for few (N+1); the size itself is measured by `bench/pages.py`."""

from datetime import datetime

import pytest
from bench.crowd import Crowd, fill
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rostrum.areas.assurance.queries import live_controls
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.models import User
from rostrum.kernel.readings import one_reading
from tests.people import signed_in

# What a page may ask at most, whoever looks, with whatever there is: a page of a hundred small questions is slow too.
MOST = {
    "/desk/": 40,
    "/desk/channels/": 12,
    "/desk/people/": 12,
    "/desk/duties/": 14,
    "/desk/duties/overdue/": 20,
    "/desk/duties/?state=overdue": 14,
}

pytestmark = pytest.mark.django_db


def _asked(person: User, path: str) -> int:
    client = signed_in(person)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, path
    return len(captured)


def _double(crowd: Crowd, now: datetime) -> None:
    """Twice the channels and duties, and as many persons, as beside those there are."""
    channels = list(Channel.objects.all())
    for number, channel in enumerate(channels):
        channel.pk, channel.public_id = None, f"chn-more-{number}"
        channel.slug, channel.address_key = f"more-{number}", f"more-{number}"
    Channel.objects.bulk_create(channels)
    duties = list(Duty.objects.all())
    for number, duty in enumerate(duties):
        duty.pk, duty.public_id, duty.subject = None, f"dut-more-{number}", f"more-{number}"
    Duty.objects.bulk_create(duties)
    units = list(User.objects.values_list("unit", flat=True))
    User.objects.bulk_create(
        [User(email=f"more{number}@wausau.example", name="More", unit_id=unit) for number, unit in enumerate(units)]
    )


def test_the_number_of_questions_does_not_grow_with_what_there_is() -> None:
    now = timezone.now()
    crowd = fill(channels=60, persons=120, duties=240, now=now)
    persons = {"coordinator": crowd.coordinator, "head": crowd.head, "poster": crowd.poster}
    # The first look of a process also fills what is kept for ever, such as the composed policy.
    for person in persons.values():
        _asked(person, "/desk/")
    paths = [(name, path) for path in MOST for name in persons if (name, path) != ("poster", "/desk/people/")]
    before = {(name, path): _asked(persons[name], path) for name, path in paths}

    _double(crowd, now)

    after = {(name, path): _asked(persons[name], path) for name, path in paths}
    assert {key: (before[key], count) for key, count in after.items() if count > before[key]} == {}
    assert {key: count for key, count in after.items() if count > MOST[key[1]]} == {}


def _asked_by_each_control() -> dict[str, int]:
    counts = {}
    for control in live_controls():
        with one_reading(), CaptureQueriesContext(connection) as captured:
            control.evidence()
        counts[control.id] = len(captured)
    return counts


def test_no_control_asks_more_for_its_evidence_of_many_channels_than_of_few() -> None:
    now = timezone.now()
    crowd = fill(channels=60, persons=120, duties=240, now=now)
    _asked_by_each_control()
    before = _asked_by_each_control()

    _double(crowd, now)

    after = _asked_by_each_control()
    assert {key: (before[key], count) for key, count in after.items() if count > before[key]} == {}
    assert {key: count for key, count in after.items() if count > 20} == {}
