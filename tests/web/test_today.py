"""What waits for somebody, in the words of a person's day."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.channels.operations import lists
from rostrum.areas.duties import operations as duties
from rostrum.areas.people import operations as people
from rostrum.areas.people.models import Factor
from rostrum.areas.people.rules import Role
from rostrum.kernel.events import Event
from rostrum.web import changes
from tests.channels import a_body, a_live_channel, a_staff
from tests.people import a_person, signed_in

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
# The end of December 7 in Wisconsin.
MIDNIGHT = datetime(2126, 12, 8, 6, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "subject", "link"),
    [
        ("request.respond", "req-1", "/desk/requests/req-1/"),
        ("archive.fill-gap", "gap-1", "/desk/archive/captures/"),
        ("ledger.explain-trouble", "log-1", ""),
    ],
)
def test_a_duty_leads_to_the_page_where_it_is_done_and_is_due_by_a_day(kind: str, subject: str, link: str) -> None:
    duties.open_duty(
        kind=kind,
        title="What has to be done",
        owner_role=Role.RECORDS_CUSTODIAN,
        due_at=MIDNIGHT,
        subject=subject,
        actor="system",
        now=NOW,
    )
    page = signed_in(a_person(Role.RECORDS_CUSTODIAN)).get("/desk/").content.decode()
    assert (f'<a href="{link}">What has to be done</a>' in page) is bool(link)
    assert "due by" in page
    assert "Dec" in page
    assert "7" in page.split("due by")[1][:60]


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (datetime(2026, 11, 24, 14, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)),  # Tuesday: Monday
        (datetime(2026, 11, 23, 14, tzinfo=UTC), datetime(2026, 11, 20, 6, tzinfo=UTC)),  # Monday: Friday
        (datetime(2026, 11, 22, 14, tzinfo=UTC), datetime(2026, 11, 20, 6, tzinfo=UTC)),  # Sunday: Friday
        (datetime(2026, 11, 2, 14, tzinfo=UTC), datetime(2026, 10, 30, 5, tzinfo=UTC)),  # over the change of the clocks
        (datetime(2026, 11, 24, 5, 59, tzinfo=UTC), datetime(2026, 11, 20, 6, tzinfo=UTC)),  # still Monday in Wausau
    ],
)
def test_yesterday_begins_at_midnight_in_wausau_and_after_a_weekend_on_friday(now: datetime, since: datetime) -> None:
    assert changes.since_yesterday(now) == since


@pytest.mark.django_db
def test_what_changed_is_counted_for_who_oversees_and_for_nobody_else() -> None:
    coordinator = a_person(Role.COORDINATOR)
    for subject in ("a", "b"):
        duties.open_duty(
            kind="archive.fill-gap",
            title="Fill",
            owner_role=Role.COORDINATOR,
            due_at=None,
            subject=subject,
            actor="system",
            now=NOW,
        )
    (card,) = changes.cards(coordinator, NOW)
    assert card.title == "Changed since yesterday"
    assert [item.text for item in card.items] == ["2 duties were opened"]
    (monday,) = changes.cards(coordinator, datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert (monday.title, len(monday.items)) == ("Changed since Friday", 1)
    (later,) = changes.cards(coordinator, datetime(2026, 11, 27, 15, tzinfo=UTC))
    assert (later.items, later.empty) == ((), "Nothing changed.")
    assert changes.cards(a_person(Role.POSTER), NOW) == []


def test_every_kind_of_change_is_an_event_and_leads_to_a_page() -> None:
    assert reverse("today")  # which loads every area, and so its events
    kinds = {event.kind for event in _events()}
    assert set(changes.WORDS) <= kinds
    for one, several, route in changes.WORDS.values():
        assert one.startswith("1 ")
        assert several.startswith("{} ")
        assert reverse(route)


def _events() -> list[type[Event]]:
    found: list[type[Event]] = []
    left = [Event]
    while left:
        some = left.pop().__subclasses__()
        found += some
        left += some
    return found


@pytest.mark.django_db
def test_a_held_list_and_a_reset_stand_on_today_for_who_decides_about_them() -> None:
    a_body()
    channel = a_live_channel(a_staff())
    rosa, hana, tom = a_person(Role.COORDINATOR), a_person(Role.HR), a_person(Role.IT_DIRECTOR)
    empty = signed_in(rosa).get("/desk/").text
    assert "No list of channels is held." in empty
    assert "Nobody waits for a second person to confirm a reset." in empty

    lists.receive_list(
        name="old.csv", content=b"Site,Link\nFacebook,https://facebook.com/elsewhere\n", actor=rosa, now=timezone.now()
    )
    Factor.objects.create(person=rosa, kind="app", name="Lost", sealed=b"sealed", added_at=timezone.now())
    people.ask_reset(person=rosa, reason="Came to the office", actor=hana, now=timezone.now())

    page = signed_in(tom).get("/desk/").text
    assert f"{rosa.name} lost every second factor" in page
    assert "old.csv" not in page
    assert "lost every second factor" not in signed_in(hana).get("/desk/").text
    page = signed_in(rosa).get("/desk/").text
    assert "old.csv" in page
    assert "It misses 1 of 1 open channel" in page
    assert "lost every second factor" not in page
    assert "Resets to confirm" not in signed_in(a_person(Role.EMPLOYEE)).get("/desk/").text
    assert channel.name not in signed_in(a_person(Role.HR)).get("/desk/").text


@pytest.mark.django_db
def test_who_is_late_with_a_day_is_late_since_that_day_and_not_since_a_midnight() -> None:
    a_body()
    late = a_person(Role.HR, name="Hana Late")
    over = datetime(2026, 11, 4, 6, tzinfo=UTC)  # the end of November 3
    duties.open_duty(
        kind="archive.fill-gap",
        title="Fill it",
        owner=late,
        owner_role=Role.HR,
        due_at=over,
        subject="gap-1",
        actor="system",
        now=NOW,
    )
    client = signed_in(a_person(Role.COORDINATOR))
    today, overdue = client.get("/desk/").text, client.get(reverse("duties-overdue")).text
    assert "Hana Late" in today
    assert "12:00 a.m." not in today
    assert "since" in today
    assert "Tue, Nov 3, 2026" in today
    assert "12:00 a.m." not in overdue
    assert "Tue, Nov 3, 2026" in overdue
