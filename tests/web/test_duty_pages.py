"""The pages and the command of duties, and the calendars: what is shown, to whom, and what a third party learns."""

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from rostrum.areas.agenda import operations as agenda
from rostrum.areas.agenda.models import CalendarFeed
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.cli import main as command
from tests.channels import a_body
from tests.people import a_person, a_unit, anonymous, signed_in

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def a_duty(**overrides: Any) -> Duty:
    now = timezone.now()
    fields: dict[str, Any] = {
        "kind": "channels.restore-connection",
        "title": "Restore the connection of Wausau Parks",
        "owner_role": Role.COORDINATOR,
        "due_at": now + HOUR,
        "subject": f"chn-{Duty.objects.count()}",
        "actor": "system",
        "now": now,
    }
    return duties.open_duty(**(fields | overrides))


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return re.sub(r"\s+", " ", response.content.decode())


# The register


def test_the_register_shows_owner_instant_clock_clause_and_what_closes_it() -> None:
    a_body()
    parks = a_unit()
    a_duty(clock="PT48H", clause="WAU-own-04c", unit=parks.public_id, other_on=date(2030, 2, 28))
    page = text(signed_in(a_person(Role.COORDINATOR)), "/desk/duties/")
    for shown in (
        "Restore the connection of Wausau Parks",
        "Social media coordinator",
        "Parks and Recreation",
        "48 hours by the clock, day and night",
        "WAU-own-04c",
        "A call to the platform succeeds again",
        "Feb 28, 2030",
        "One duty",
    ):
        assert shown in page, shown


def test_the_register_is_empty_for_who_owes_nothing_and_says_so() -> None:
    a_duty()
    assert "Nothing is owed" in text(signed_in(a_person()), "/desk/duties/")
    assert "No such duty" in text(signed_in(a_person()), "/desk/duties/?state=overdue")


def test_filters_that_make_no_sense_show_their_error_and_everything() -> None:
    a_duty()
    page = text(signed_in(a_person(Role.COORDINATOR)), "/desk/duties/?kind=nonsense&state=open&page=99")
    assert "Select a valid choice" in page
    assert "Restore the connection" in page


def test_a_long_register_has_pages_that_keep_the_filters() -> None:
    coordinator = a_person(Role.COORDINATOR)
    for _ in range(51):
        a_duty()
    page = text(signed_in(coordinator), "/desk/duties/?whose=roles")
    assert "1 to 50 of 51" in page
    assert "whose=roles&amp;page=2" in page
    assert "51 to 51 of 51" in text(signed_in(coordinator), "/desk/duties/?whose=roles&page=2")


def test_what_is_overdue_is_told_by_whom_and_since_when() -> None:
    now = timezone.now()
    ada = a_person(Role.POSTER, name="Ada Poster", unit=a_unit())
    a_duty(owner=ada, due_at=now - 30 * HOUR)
    a_duty(due_at=now - 2 * HOUR)
    client = signed_in(a_person(Role.COORDINATOR, name="Casey"))
    page = text(client, "/desk/duties/overdue/")
    assert "2 overdue duties" in page
    assert page.index("Ada Poster") < page.index("Anyone: Social media coordinator")
    assert "1 day, 6" in page.replace("\xa0", " ")
    assert "Casey" in page.split("Anyone:")[1]
    for by in ("role", "department", "nonsense"):
        assert "2 overdue duties" in text(client, f"/desk/duties/overdue/?by={by}")
    address = re.search(r'href="(/desk/duties/\?state=overdue&amp;person=[^"]+)">Ada Poster', page)
    assert address
    assert "Only what Ada Poster owes." in text(client, address[1].replace("&amp;", "&"))


def test_nothing_overdue_is_said_in_so_many_words() -> None:
    a_duty()
    assert "Nothing is overdue" in text(signed_in(a_person(Role.COORDINATOR)), "/desk/duties/overdue/")


# One duty


def test_a_duty_has_its_own_page_with_its_history_and_where_it_is_done() -> None:
    coordinator = a_person(Role.COORDINATOR, name="Casey")
    duty = a_duty(kind="archive.fill-gap", owner_role=Role.COORDINATOR)
    page = text(signed_in(coordinator), f"/desk/duties/{duty.public_id}/")
    assert 'href="/desk/archive/captures/">Go to where it is done' in page
    assert "Opened: Rostrum" in page
    assert "Say what was done" not in page


def test_a_duty_of_somebody_else_is_not_there() -> None:
    duty = a_duty(owner=a_person(Role.COORDINATOR))
    assert signed_in(a_person(Role.POSTER)).get(f"/desk/duties/{duty.public_id}/").status_code == 404


def test_a_duty_is_handed_over_on_its_page_and_back_to_its_role() -> None:
    casey, robin = a_person(Role.COORDINATOR, name="Casey"), a_person(Role.COORDINATOR, name="Robin")
    duty = a_duty(owner=casey)
    client = signed_in(casey)
    address = f"/desk/duties/{duty.public_id}/hand-over"
    refused = client.post(address, {"to": robin.public_id, "reason": ""})
    assert refused.status_code == 422
    nobody = client.post(address, {"to": a_person(Role.HR).public_id, "reason": "Away"})
    assert nobody.status_code == 422
    response = client.post(address, {"to": robin.public_id, "reason": "Away"}, follow=True)
    assert "Robin owes this now." in response.content.decode()
    assert "Handed over to Robin" in response.content.decode()
    client.post(address, {"to": "role", "reason": "Not mine"})
    duty.refresh_from_db()
    assert duty.owner_id is None


def test_who_hands_over_what_they_then_no_longer_see_goes_back_to_the_register() -> None:
    parks = a_unit()
    poster = a_person(Role.POSTER, unit=parks, over=parks)
    duty = a_duty(owner=poster, owner_role=Role.RECORDS_CUSTODIAN, unit=parks.public_id)
    other = a_person(Role.POSTER, unit=parks, over=parks)
    response = signed_in(poster).post(
        f"/desk/duties/{duty.public_id}/hand-over", {"to": other.public_id, "reason": "Away"}
    )
    assert response["Location"] == "/desk/duties/"


def test_of_many_who_may_have_it_one_is_named_by_e_mail_address() -> None:
    parks = a_unit()
    head = a_person(Role.DEPARTMENT_HEAD, unit=parks, over=parks)
    duty = a_duty(owner=head, owner_role=Role.EMPLOYEE)
    for _ in range(101):
        last = a_person(unit=parks)
    page = text(signed_in(head), f"/desk/duties/{duty.public_id}/")
    assert "To (e-mail address)" in page
    signed_in(head).post(f"/desk/duties/{duty.public_id}/hand-over", {"to": last.email.upper(), "reason": "Away"})
    duty.refresh_from_db()
    assert duty.owner == last


def test_a_duty_without_another_page_is_closed_by_saying_what_was_done() -> None:
    director = a_person(Role.IT_DIRECTOR)
    duty = a_duty(kind="ledger.explain-trouble", owner_role=Role.IT_DIRECTOR)
    client = signed_in(director)
    assert "Say what was done" in text(client, f"/desk/duties/{duty.public_id}/")
    assert client.post(f"/desk/duties/{duty.public_id}/done", {"statement": ""}).status_code == 422
    client.post(f"/desk/duties/{duty.public_id}/done", {"statement": "Restored from a backup"})
    page = text(client, f"/desk/duties/{duty.public_id}/")
    assert "Closed in time" in page
    assert "Restored from a backup" in page
    assert "Hand over" not in page


# Queries do not grow with rows


@pytest.mark.parametrize("path", ["/desk/duties/", "/desk/duties/overdue/", "/desk/duties/overdue/?by=department"])
def test_the_number_of_queries_does_not_grow_with_the_duties(path: str) -> None:
    a_body()
    parks = a_unit()
    client = signed_in(a_person(Role.COORDINATOR))
    now = timezone.now()

    def more(count: int) -> None:
        for number in range(count):
            owner = a_person(Role.POSTER, unit=parks, over=parks) if number % 2 else None
            kind = ("channels.deposit-credential", "request.respond", "archive.fill-gap")[number % 3]
            a_duty(kind=kind, owner=owner, unit=parks.public_id, clock="PT48H", due_at=now - HOUR, clause="WAU-own-04c")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text(client, path)
        return len(captured)

    more(6)
    few = asked()
    more(30)
    assert asked() <= few


# Calendars


def made(person: User) -> tuple[str, str]:
    """The person's calendar through the page: its addresses for events and for tasks, as shown once."""
    page = signed_in(person).post("/desk/me/calendar/").content.decode()
    (events,) = re.findall(r"http://testserver(/calendar/[^/<]+/duties\.ics)", page)
    (tasks,) = re.findall(r"http://testserver(/calendar/[^/<]+/tasks\.ics)", page)
    return events, tasks


def entries(path: str, kind: str) -> dict[str, Any]:
    response = anonymous().get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found = Calendar.from_ical(response.content)
    assert not found.errors
    assert not [error for part in found.walk(kind) for error in part.errors]
    return {str(one["UID"]): one for one in found.walk(kind)}


def test_the_address_of_a_calendar_is_shown_once_and_kept_nowhere() -> None:
    person = a_person(Role.COORDINATOR)
    events, _ = made(person)
    page = text(signed_in(person), "/desk/me/calendar/")
    assert "You have a calendar" in page
    assert events.split("/")[2] not in page
    assert events.split("/")[2] not in str(list(CalendarFeed.objects.values()))


def test_a_calendar_holds_ones_own_duties_and_those_open_to_ones_roles_and_nothing_that_tells_more() -> None:
    person = a_person(Role.COORDINATOR)
    due = datetime(2026, 3, 8, 8, 30, tzinfo=UTC)  # 3:30 in Wausau, an hour after the clocks went forward
    mine = a_duty(owner=person, title="Restore the secret channel", due_at=due)
    role = a_duty(kind="request.respond", due_at=datetime(2026, 12, 8, 6, 0, tzinfo=UTC))  # the end of December 7
    a_duty(owner=a_person(Role.COORDINATOR))
    a_duty(due_at=None)
    events, tasks = made(person)

    found = entries(events, "VEVENT")
    assert set(found) == {f"{mine.public_id}@rostrum", f"{role.public_id}@rostrum"}
    instant, day = found[f"{mine.public_id}@rostrum"], found[f"{role.public_id}@rostrum"]
    assert str(instant["SUMMARY"]) == "Restore a connection"
    assert instant["DTSTART"].dt == due
    assert instant["DTSTART"].to_ical() == b"20260308T083000Z"
    assert day["DTSTART"].dt == date(2026, 12, 7)
    assert str(instant["URL"]) == f"http://testserver/desk/duties/{mine.public_id}/"
    assert b"secret channel" not in anonymous().get(events).content
    assert b"secret channel" not in anonymous().get(tasks).content
    assert {str(one["STATUS"]) for one in entries(tasks, "VTODO").values()} == {"NEEDS-ACTION"}
    assert entries(tasks, "VTODO")[f"{mine.public_id}-task@rostrum"]["DUE"].dt == due


def test_a_change_keeps_the_name_and_raises_the_sequence_and_what_is_done_is_cancelled_and_ticked_off() -> None:
    person, other = a_person(Role.COORDINATOR), a_person(Role.COORDINATOR)
    duty = a_duty(owner=person)
    events, tasks = made(person)
    uid = f"{duty.public_id}@rostrum"
    assert entries(events, "VEVENT")[uid]["SEQUENCE"] == 0
    now = timezone.now()
    agenda.hand_over(duty_id=duty.public_id, to=other, reason="x", actor=person, now=now)
    assert entries(events, "VEVENT") == {}
    agenda.hand_over(duty_id=duty.public_id, to=person, reason="x", actor=other, now=now)
    assert entries(events, "VEVENT")[uid]["SEQUENCE"] == 2
    duties.close_duty(duty_id=duty.public_id, evidence="e", actor="system", now=now)
    done = entries(events, "VEVENT")[uid]
    assert (done["SEQUENCE"], str(done["STATUS"])) == (3, "CANCELLED")
    ticked = entries(tasks, "VTODO")[f"{duty.public_id}-task@rostrum"]
    assert (str(ticked["STATUS"]), ticked["PERCENT-COMPLETE"]) == ("COMPLETED", 100)
    Duty.objects.update(closed_at=now - timedelta(days=31))
    assert entries(events, "VEVENT") == {}


def test_an_unchanged_calendar_is_the_same_bytes_and_answered_with_not_modified() -> None:
    person = a_person(Role.COORDINATOR)
    a_duty(owner=person)
    events, _ = made(person)
    first = anonymous().get(events)
    again = anonymous().get(events, headers={"If-None-Match": f'W/{first["ETag"]}, "other"'})
    assert anonymous().get(events).content == first.content
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    a_duty(owner=person)
    assert anonymous().get(events, headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert "no-cache" in first["Cache-Control"]


def test_a_calendar_that_was_revoked_replaced_or_never_was_answers_alike() -> None:
    person = a_person(Role.COORDINATOR)
    first, _ = made(person)
    second, _ = made(person)
    assert anonymous().get(first).status_code == 404
    assert anonymous().get(second).status_code == 200
    signed_in(person).post("/desk/me/calendar/revoke")
    answers = [anonymous().get(path) for path in (first, second, "/calendar/nonsense/duties.ics")]
    assert {one.status_code for one in answers} == {404}
    assert signed_in(person).post("/desk/me/calendar/revoke").status_code == 409


def test_a_person_learns_when_their_calendar_was_last_read() -> None:
    person = a_person(Role.COORDINATOR)
    events, _ = made(person)
    assert "Last read never" in text(signed_in(person), "/desk/me/calendar/")
    anonymous().get(events)
    assert "Last read never" not in text(signed_in(person), "/desk/me/calendar/")


# The command


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["rostrum", "duties", *words])
    code = command.main()
    return code, capsys.readouterr().out


def test_the_command_lists_duties_for_people_and_for_machines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_body()
    now = timezone.now()
    late = a_duty(due_at=now - HOUR, clause="WAU-own-04c", clock="PT48H")
    coming = a_duty(owner=a_person(name="Ada"))

    code, out = run(monkeypatch, capsys, "list")
    assert code == 0
    assert out.splitlines()[0].startswith("OVERDUE ")
    assert f"{coming.public_id}  channels.restore-connection  Ada: Restore" in out

    code, out = run(monkeypatch, capsys, "list", "--overdue", "--json")
    (record,) = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert (record["id"], record["is_overdue"], record["clause"], record["clock"]) == (
        late.public_id,
        True,
        "WAU-own-04c",
        "PT48H",
    )
    assert run(monkeypatch, capsys, "list", "--closed", "--json") == (0, "")
    assert run(monkeypatch, capsys, "list", "--overdue", "--kind", "request.respond") == (0, "")


@pytest.mark.parametrize("words", [("--kind", "no.such"), ("--role", "nobody"), ("--overdue", "--role", "Coordinator")])
def test_a_kind_or_role_that_nobody_owes_is_refused_and_not_taken_for_all_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    a_body()
    assert run(monkeypatch, capsys, "list", *words) == (2, "")
    assert run(monkeypatch, capsys, "list", "--role", "hr", "--kind", "channels.regularise") == (0, "")
