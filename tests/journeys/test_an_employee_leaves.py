"""An employee leaves on a Friday at 16:55, before a holiday weekend: what happens when, who is told, what is late.

Dev Patel speaks on two channels, put the log-in of one into custody, is an administrator of both on their platform, and
has posts that wait. Monday, May 25, 2026, is Memorial Day. The log-ins are due in 48 hours whatever the calendar says:
on Sunday at 16:55. Time is passed in; the steps build on one another.
"""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel, Separation
from rostrum.areas.channels.queries import channel_by_slug
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.people.models import SignedIn, Unit, User
from rostrum.areas.people.rules import Right, Role
from rostrum.areas.publishing import operations as publishing
from rostrum.areas.publishing import queries as posts
from rostrum.areas.publishing.models import Draft
from rostrum.cli import main as command
from rostrum.cli import sample_city
from rostrum.connectors import mail
from rostrum.connectors.square.store import SquareStore
from tests.browser import NARROW
from tests.channels import ELEMENTS, Staff, a_requested_channel, allow_the_connector, let_it_speak
from tests.journeys.town import Clock, Person, Town, town_of
from tests.people import a_person, a_unit
from tests.rights import an_issued_right
from tests.terms import reviewed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHICAGO = ZoneInfo("America/Chicago")
SCHEDULED = "The splash pad opens on Saturday at nine. Bring a towel and sunscreen. #SplashPad"
APPROVED = "Season passes are sold at the pool desk from Monday on. #PoolSeason"
PRIVATE = "dev.patel@home.example"
OWED = {
    "channels.rotate-after-separation",
    "channels.remove-platform-roles",
    "channels.name-holder",
    "channels.hand-over",
}
HAND_OVER = {
    "Recovery address": "pages@wausau.example, which the clerk's office reads",
    "Recovery telephone": "none",
    "Second factor": "none; the square has none",
    "Linked applications": "none",
    "Export of the followers": "Made on May 26, on the clerk's shared drive",
    "Export of the contacts": "none",
}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time in Wausau in May 2026."""
    return datetime(2026, 5, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


FRIDAY = at(22, 16, 55)
DUE = at(24, 16, 55)


class Letters(list[tuple[datetime, str, str, str]]):
    """What was mailed: when, to whom, about what, what it says."""

    def told(self, subject: str, since: datetime) -> dict[str, str]:
        """Who got a mail whose subject begins so since then, and what it says."""
        return {to: text for when, to, about, text in self if when >= since and about.startswith(subject)}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(at(22, 15), monkeypatch)


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Letters:
    sent = Letters()
    monkeypatch.setattr(
        mail.ConsoleMailer, "send", lambda _, to, subject, text: sent.append((clock(), to, subject, text))
    )
    return sent


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, letters: Letters) -> Iterator[Town]:
    folder = tmp_path / "city"
    with town_of(folder, lambda square: a_city(SquareStore(folder / "square"), square)) as made:
        made.work()
        letters.clear()
        yield made


def a_city(store: SquareStore, square: str) -> None:
    """Two departments with a channel each, and what Dev holds of them."""
    governance.establish_body(
        name="City of Wausau", kind="city", website="https://www.wausau.example/", actor="system", now=timezone.now()
    )
    governance.activate_packs(
        packs=("wausau-city",),
        effective_on={"wausau-city": date(2026, 1, 1)},
        reference="Resolution 26-001",
        actor="system",
        now=timezone.now(),
    )
    parks, works = a_unit("parks", "Parks Department"), a_unit("works", "Public Works Department")
    for login, name, role, unit in (
        ("dev", "Dev Patel", Role.POSTER, parks),
        ("nora", "Nora Quist", Role.POSTER, parks),
        ("maya", "Maya Thao", Role.DEPARTMENT_HEAD, parks),
        ("wade", "Wade Stone", Role.DEPARTMENT_HEAD, works),
        ("rosa", "Rosa Lindqvist", Role.COORDINATOR, None),
        ("pia", "Pia Reyes", Role.PUBLIC_AFFAIRS, None),
        ("tom", "Tom Aldrin", Role.IT_DIRECTOR, None),
        ("hana", "Hana Weiss", Role.HR, None),
    ):
        a_person(role, name=name, email=f"{login}@wausau.example", unit=unit, over=unit, password=sample_city.PASSWORD)
    dev, nora, rosa = (person(login) for login in ("dev", "nora", "rosa"))
    for handle, name, unit in (("parks", "Wausau Parks", parks), ("works", "Wausau Public Works", works)):
        channel = a_channel(store, square, handle, name, staff_of(unit))
        for holder, right in ((dev, Right.SPEAK), (nora, Right.SPEAK), (nora, Right.CREDENTIAL)):
            an_issued_right(
                staff_of(unit), channel, now=timezone.now(), person=holder, right=right, actor=staff_of(unit).head
            )
        everybody = [{"name": one.name, "login": one.email, "role": "admin"} for one in (dev, nora, rosa)]
        store.set_access(handle, everybody, [])
    channel = channel_by_slug("parks")
    an_issued_right(
        staff_of(parks), channel, now=timezone.now(), person=dev, right=Right.CREDENTIAL, actor=person("maya")
    )
    channels.deposit_credential(
        channel_id=channel.public_id, secret={"token": new_token(store, channel)}, actor=dev, now=timezone.now()
    )
    for text, when in ((SCHEDULED, at(23, 9)), (APPROVED, None)):
        a_post_of_dev(channel, text, when)


def person(login: str) -> User:
    return User.objects.get(email=f"{login}@wausau.example")


def staff_of(unit: Unit) -> Staff:
    head = person("maya" if unit.slug == "parks" else "wade")
    return Staff(unit, person("dev"), person("rosa"), head, person("pia"))


def a_channel(store: SquareStore, square: str, handle: str, name: str, staff: Staff) -> Channel:
    """A channel that went through every step, and speaks."""
    token = store.create_channel(handle, name, "\n".join(ELEMENTS.values()))
    channel = reviewed(
        staff,
        a_requested_channel(staff, handle=handle, name=name, slug=handle, now=timezone.now()),
        now=timezone.now(),
    )
    allow_the_connector(channel, staff, now=timezone.now())
    channels.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=timezone.now())
    channels.open_channel(
        channel_id=channel.public_id,
        registered_email=f"{handle}@wausau.example",
        native_id=handle,
        connection={"service": square},
        actor=staff.head,
        now=timezone.now(),
    )
    channels.deposit_credential(
        channel_id=channel.public_id, secret={"token": token}, actor=staff.coordinator, now=timezone.now()
    )
    return let_it_speak(channel, staff, now=timezone.now())


def new_token(store: SquareStore, channel: Channel) -> str:
    """Make the platform give the channel another log-in; what its page shows stays."""
    found = next(one for one in store.channels() if one["handle"] == channel.native_id)
    return store.create_channel(channel.native_id, found["name"], found["about"])


def a_post_of_dev(channel: Channel, text: str, when: datetime | None) -> Draft:
    """A post that Maya approved; with a time, Dev scheduled it."""
    dev = person("dev")
    draft = publishing.create_draft(
        unit=channel.unit,
        text=text,
        channels=(channel,),
        answers={"official_topic": "Summer"},
        publish_at=when,
        actor=dev,
        now=timezone.now(),
    )
    publishing.submit_draft(draft_id=draft.public_id, actor=dev, now=timezone.now())
    draft.refresh_from_db()
    publishing.approve_draft(
        draft_id=draft.public_id,
        digest=posts.current_revision(draft).digest,
        actor=person("maya"),
        now=timezone.now(),
    )
    if when is not None:
        publishing.schedule_publication(draft_id=draft.public_id, actor=dev, now=timezone.now())
    return draft


def test_an_employee_leaves_before_a_holiday_weekend(
    town: Town,
    clock: Clock,
    letters: Letters,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dev = at_his_desk_until_the_end(town, clock)
    hana_enters_the_separation(town, clock)
    at_that_instant_everything_ends(town, clock, dev)
    who_is_told_on_friday(town, letters)
    what_is_owed_by_when(town)
    nothing_of_his_goes_out_on_saturday(town, clock, letters)
    what_is_overdue_on_sunday(town, clock, letters, monkeypatch, capsys)
    on_the_holiday_it_goes_a_level_up(town, clock, letters)
    on_tuesday_only_a_new_tested_log_in_closes_it(town, clock)
    dev_answers_from_home(town, letters)
    the_rest_is_handed_over(town)
    others_decide_about_his_posts(town)
    nothing_is_reachable_any_more(town, letters)
    he_is_not_separated_again(town)

    town.inspect_the_rest()
    assert not (town.findings + town.complaints()), "\n".join(town.findings + town.complaints())


def sign_in_again(town: Town, login: str) -> Person:
    """After a night the session is over: the person signs in anew."""
    one = town.person(login)
    one.context.clear_cookies()
    one.sign_in(f"{login}@wausau.example", sample_city.PASSWORD)
    return one


def state_of(where: Locator, term: str) -> Locator:
    """What a list of facts says about this."""
    return where.locator("dl.ros-facts > div", has=where.page.locator("dt", has_text=term)).locator("dd")


def channel_of_separation(page: Page, name: str) -> Locator:
    return page.locator("section.ros-panel", has=page.get_by_role("heading", name=name, exact=False))


def square_of(town: Town) -> SquareStore:
    return SquareStore(town.folder / "square")


# Friday


def at_his_desk_until_the_end(town: Town, clock: Clock) -> Person:
    """Ten minutes before, Dev still works; his post for tomorrow stands as scheduled."""
    clock.set(FRIDAY - timedelta(minutes=10))
    dev = town.person("dev")
    page = dev.go("/desk/write/")
    dev.follow(SCHEDULED[:40])
    expect(page.locator("main")).to_contain_text("Scheduled")
    return dev


def hana_enters_the_separation(town: Town, clock: Clock) -> None:
    """One act: HR sees what is within his reach and enters that he leaves, with no reason asked."""
    hana = town.person("hana")
    page = hana.go("/desk/people/")
    page.get_by_role("searchbox").fill("Patel")
    hana.press("Find")
    hana.follow("Dev Patel")
    hana.follow("Enter or see the separation")
    hana.look("separation-to-enter")
    reach = page.locator("section", has=page.locator("#reach"))
    expect(reach.locator("li", has_text="Wausau Parks")).to_contain_text("deposited the log-in in use")
    expect(reach.locator("li", has_text="Wausau Public Works")).to_contain_text("speak for the channel")
    expect(page.locator("main")).to_contain_text("No reason is asked.")
    page.get_by_label("Private e-mail address").fill(PRIVATE)
    clock.set(FRIDAY)
    hana.press("Enter the separation")
    expect(page.get_by_text("Dev Patel: access has ended.")).to_be_visible()
    expect(page.get_by_role("heading", level=1).locator("xpath=..")).to_contain_text(
        "Access ended, hand-over under way"
    )
    expect(state_of(page.locator("main"), "Log-ins changed by").first).to_contain_text("May 24, 2026")
    expect(page.locator("main")).to_contain_text("48 hours by the clock, day and night; weekends and holidays count")
    hana.look("separation-entered")


def at_that_instant_everything_ends(town: Town, clock: Clock, dev: Person) -> None:
    """The page that is still open is refused at the next click, in the same minute, and the password opens nothing."""
    assert clock() < FRIDAY + timedelta(minutes=1)
    dev.page.reload()
    assert "/sign-in/" in dev.page.url
    expect(dev.page.locator("main")).to_contain_text("ended")
    dev.look("sign-in-after-leaving")
    dev.page.get_by_label("E-mail address").fill("dev@wausau.example")
    dev.page.get_by_label("Password", exact=True).fill(sample_city.PASSWORD)
    dev.press("Sign in")
    assert "/sign-in/" in dev.page.url
    left = person("dev")
    assert not left.is_active
    assert not left.role_grants.filter(ends_at=None).exists()
    assert not left.channel_grants.filter(ends_at=None).exists()
    assert not SignedIn.objects.filter(person=left, ended_at=None).exists()


def who_is_told_on_friday(town: Town, letters: Letters) -> None:
    """HR, the coordinator, IT and the heads of both departments; Dev at home gets the way to the questions."""
    town.work()
    told = letters.told("Dev Patel has left: change the log-ins by Sunday, May 24, 2026, 16:55 CDT", FRIDAY)
    assert set(told) == {f"{one}@wausau.example" for one in ("hana", "rosa", "tom", "maya", "wade")}
    assert "- Wausau Parks: " in told["rosa@wausau.example"]
    assert "- Wausau Public Works: " in told["rosa@wausau.example"]
    refused = letters.told("Refused: Dev Patel tried to get in after leaving", FRIDAY)
    assert set(refused) == set(told)
    assert PRIVATE in letters.told("Questions about the channels you worked with", FRIDAY)
    assert "dev@wausau.example" not in {to for _, to, _, _ in letters}


def what_is_owed_by_when(town: Town) -> None:
    """Four things for each channel: two by the 48 hours of the clause, on a Sunday; two by the body's own days."""
    hana = town.person("hana")
    reached = [one.public_id for one in Separation.objects.get().channels.all()]
    owed = Duty.objects.filter(subject__in=reached)
    assert {(one.kind, one.subject) for one in owed} == {(kind, one) for kind in OWED for one in reached}
    by_the_clause = owed.filter(kind__in=("channels.rotate-after-separation", "channels.remove-platform-roles"))
    assert {one.due_at.replace(second=0, microsecond=0) for one in by_the_clause if one.due_at} == {DUE}
    assert {one.clock for one in by_the_clause} == {"PT48H"}
    page = hana.go("/desk/separations/")
    hana.look("separations")
    for name in ("Wausau Parks", "Wausau Public Works"):
        row = page.get_by_role("row", name=name)
        expect(row).to_contain_text("Dev Patel")
        expect(row).to_contain_text("4 things")
        expect(row).to_contain_text("May 24, 2026")


# The weekend


def nothing_of_his_goes_out_on_saturday(town: Town, clock: Clock, letters: Letters) -> None:
    """His post was due on Saturday at nine; it waits for Maya. The platform still lists him, which the product sees."""
    clock.set(at(23, 9, 5))
    town.work()
    shown = [one.text for one in square_of(town).posts("parks")]
    assert not {SCHEDULED, APPROVED} & set(shown)
    held = Duty.objects.filter(kind="publishing.decide-leavers-post", closed_at=None)
    assert {one.subject for one in held} == set(
        Draft.objects.filter(author=person("dev"), state="approved").values_list("public_id", flat=True)
    )
    assert held.count() == 2
    rosa = sign_in_again(town, "rosa")
    page = rosa.go("/desk/channels/parks/administrators")
    expect(page.locator("main")).to_contain_text("Dev Patel, who has left")
    rosa.look("administrators-with-a-leaver")


def what_is_overdue_on_sunday(
    town: Town,
    clock: Clock,
    letters: Letters,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A quarter of an hour after the 48 hours: the page and the command say what is late, whose, since when."""
    clock.set(DUE + timedelta(minutes=15))
    town.work()
    for login in ("rosa", "hana"):
        sign_in_again(town, login)
    rosa, hana = town.person("rosa"), town.person("hana")
    page = rosa.go("/desk/duties/overdue/")
    whose = page.get_by_role("row", name="Anyone: Social media coordinator")
    expect(whose).to_contain_text("Rosa Lindqvist")
    for name in ("Wausau Parks", "Wausau Public Works"):
        row = page.get_by_role("row", name=f"Change the log-in of {name}: Dev Patel left")
        expect(row).to_contain_text("48 hours by the clock, day and night")
        expect(row).to_contain_text("since May 24, 2026, 4:55")
        expect(row).to_contain_text("WAU-own-04c")
    rosa.look("overdue-on-sunday")
    page = hana.go("/desk/separations/")
    expect(page.get_by_role("row", name="Wausau Parks")).to_contain_text("Overdue")
    hana.look("separations-overdue")

    monkeypatch.setattr(sys, "argv", ["rostrum", "duties", "list", "--overdue", "--json"])
    capsys.readouterr()
    assert command.main() == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    late = [one for one in told if one["kind"] in OWED]
    assert {one["due_at"][:16] for one in late} == {"2026-05-24T21:55"}
    assert {one["role"] for one in late} == {Role.COORDINATOR.value}
    assert len(late) == 4
    told_now = letters.told("Duties:", DUE)
    assert "Due now:" in told_now["rosa@wausau.example"]
    assert "Change a log-in after somebody left" in told_now["rosa@wausau.example"]


def on_the_holiday_it_goes_a_level_up(town: Town, clock: Clock, letters: Letters) -> None:
    """On Memorial Day, 24 hours late: Maya, whose department's channel it is, hears of it."""
    clock.set(at(25, 17, 15))
    town.work()
    told = letters.told("Duties:", at(25, 0))["maya@wausau.example"]
    assert "Overdue and put before you, because nobody has acted" in told
    assert "Change a log-in after somebody left" in told


# Tuesday


def on_tuesday_only_a_new_tested_log_in_closes_it(town: Town, clock: Clock) -> None:
    """Nora, the new holder, deposits; nothing but a new log-in, tested, and confirmed by another closes the duty."""
    clock.set(at(26, 8, 30))
    for login in ("rosa", "maya", "wade", "hana"):
        sign_in_again(town, login)
    maya, rosa, wade = (town.person(one) for one in ("maya", "rosa", "wade"))
    nora = town.without_scripts()
    nora.sign_in("nora@wausau.example", sample_city.PASSWORD)
    for login in ("maya", "rosa"):
        town.person(login).go("/desk/separations/")
        town.person(login).follow("Wausau Parks")
    one = channel_of_separation(maya.page, "Wausau Parks")
    expect(one.get_by_role("button", name="Confirm the change")).to_be_disabled()
    expect(one).to_contain_text("Not changed since the separation: Channel token.")

    parks, works = channel_by_slug("parks"), channel_by_slug("works")
    token = new_token(square_of(town), parks)
    nora_deposits(nora, "parks", "short")
    expect(nora.page.locator("main")).to_contain_text("Channel token")
    nora_deposits(nora, "parks", token)
    expect(nora.page.get_by_text("The log-in is in custody. It is being tested.")).to_be_visible()
    maya.page.reload()
    expect(one).to_contain_text("Nobody has signed in with the changed log-in yet.")
    town.work()
    maya.page.reload()
    maya.look("separation-log-in-changed")
    one.get_by_role("button", name="Confirm the change").click()
    expect(maya.page.get_by_text("The changed log-in is confirmed.")).to_be_visible()

    # The same token again is no change; and who changed it does not confirm it.
    nora_deposits(nora, "works", token)
    expect(nora.page.locator("main")).to_contain_text("Every channel needs one of its own, new at each change.")
    page = rosa.go("/desk/channels/works/deposit")
    page.get_by_label("Channel token").fill(new_token(square_of(town), works))
    rosa.press("Deposit")
    town.work()
    for who in (rosa, wade):
        who.go("/desk/separations/")
        who.follow("Wausau Public Works")
    expect(channel_of_separation(rosa.page, "Wausau Public Works")).to_contain_text(
        "You deposited the changed log-in; a second person confirms the change."
    )
    two = channel_of_separation(wade.page, "Wausau Public Works")
    two.get_by_role("button", name="Confirm the change").click()
    expect(two).to_contain_text("confirmed by Wade Stone")
    assert not Duty.objects.filter(kind="channels.rotate-after-separation", closed_at=None).exists()


def nora_deposits(nora: Person, slug: str, token: str) -> None:
    """Without scripts, at 320 pixels."""
    page = nora.go(f"/desk/channels/{slug}/deposit")
    page.set_viewport_size({"width": NARROW, "height": 900})
    page.get_by_label("Channel token").fill(token)
    nora.press("Deposit")
    nora.assert_fits()


def dev_answers_from_home(town: Town, letters: Letters) -> None:
    """By the link that only he was sent: it opens the questions and nothing else."""
    text = letters.told("Questions about the channels you worked with", FRIDAY)[PRIVATE]
    link = next(word for word in text.split() if word.startswith("http"))
    home = town.stranger()
    page = home.go(link)
    home.look("questions-at-home")
    page.get_by_label("Answer").fill("The pool desk asks every Friday for the opening hours. Nothing is kept by me.")
    home.press("Answer")
    expect(page.locator("main")).to_contain_text("Thank you")


def the_rest_is_handed_over(town: Town) -> None:
    """Rosa removes his roles and hands over, others confirm, and each channel gets a new named holder."""
    maya, rosa, wade = (town.person(one) for one in ("maya", "rosa", "wade"))
    store = square_of(town)
    for name, slug, second, holder in (
        ("Wausau Parks", "parks", maya, "Nora Quist"),
        ("Wausau Public Works", "works", wade, "Nora Quist"),
    ):
        channel = channel_by_slug(slug)
        page = rosa.go("/desk/separations/")
        rosa.follow(name)
        one = channel_of_separation(page, name)
        expect(state_of(one, "Roles on the platform")).to_contain_text("Still listed there")
        expect(one.get_by_role("button", name="They are removed")).to_be_disabled()
        who_stay = [one for one in store.access(channel.native_id)["administrators"] if one["name"] != "Dev Patel"]
        store.set_access(channel.native_id, who_stay, [])
        rosa.go(f"/desk/channels/{slug}/administrators")
        rosa.press("Have the platform asked now")
        town.work()
        page.reload()
        expect(page.locator("main")).not_to_contain_text("who has left")
        rosa.go("/desk/separations/")
        rosa.follow(name)
        one.get_by_label("What you saw on the platform").fill("His role as administrator was removed; read again.")
        one.get_by_role("button", name="They are removed").click()
        expect(state_of(one, "Roles on the platform")).to_contain_text("Removed")
        with page.expect_navigation():
            one.get_by_role("link", name="Give it for Dev Patel").click()
        for label, words in HAND_OVER.items():
            page.get_by_label(label).fill(words)
        page.get_by_text("There are none").click()
        rosa.look("hand-over")
        rosa.press("Hand it over")
        expect(channel_of_separation(page, name)).to_contain_text("Who gave it does not confirm it")
        second.page.reload()
        at_second = channel_of_separation(second.page, name)
        at_second.get_by_role("button", name="Confirm the hand-over").click()
        expect(state_of(at_second, "Hand-over")).to_contain_text("Confirmed")
        at_second.get_by_label("New holder").fill(holder)
        at_second.get_by_role("button", name="Name the holder").click()
        expect(at_second).to_contain_text("Nothing open")
        second.look("separation-of-one-channel-done")


def others_decide_about_his_posts(town: Town) -> None:
    """Maya returns the one whose day has passed; Nora publishes the other in her own name. Each closes its duty."""
    maya, nora = town.person("maya"), town.person("nora")
    page = maya.go("/desk/")
    maya.follow("Decide about a post of Dev Patel")
    maya.look("duty-of-a-leavers-post")
    maya.go("/desk/write/")
    maya.follow(SCHEDULED[:30])
    maya.look("leavers-post")
    page.get_by_label("What the author should change").fill("Saturday has passed.")
    maya.press("Return to the author")
    nora.go("/desk/write/")
    nora.follow(APPROVED[:30])
    nora.press("Publish it")
    town.work()
    assert not Duty.objects.filter(kind="publishing.decide-leavers-post", closed_at=None).exists()
    shown = [one.text for one in square_of(town).posts("parks")]
    assert APPROVED in shown
    assert SCHEDULED not in shown


def nothing_is_reachable_any_more(town: Town, letters: Letters) -> None:
    """The list of what is still reachable is empty; HR closes; whom it concerned is told."""
    hana = town.person("hana")
    page = hana.go("/desk/separations/")
    expect(page.locator("main")).to_contain_text("Nothing is within reach of anybody who left")
    hana.look("separations-nothing-reachable")
    hana.follow("Dev Patel")
    hana.press("Close the separation")
    expect(page.locator("main")).to_contain_text("Closed by Hana Weiss")
    hana.look("separation-closed")
    town.work()
    told = letters.told("Dev Patel: the separation is closed", at(26, 0))
    assert {f"{one}@wausau.example" for one in ("hana", "rosa", "tom", "maya", "wade")} == set(told)
    assert not Duty.objects.filter(closed_at=None, title__contains="Dev Patel").exists()


def he_is_not_separated_again(town: Town) -> None:
    """The button says why not, and a form sent all the same is refused with the clause."""
    hana = town.person("hana")
    page = hana.go(f"/desk/people/{person('dev').public_id}/")
    expect(page.get_by_role("heading", level=1).locator("xpath=..")).to_contain_text("Left")
    hana.follow("Enter or see the separation")
    expect(page.get_by_role("button", name="Enter the separation")).to_be_disabled()
    expect(page.locator("main")).to_contain_text("This person is separated already.")
    hana.look("separation-again")
    with page.expect_navigation():
        page.evaluate("document.querySelector('main form').submit()")
    expect(page.locator("main")).to_contain_text("This person is separated already.")
    expect(page.locator("main")).to_contain_text("Immediately upon and after separation")
    hana.look("separation-again-refused")
    assert Separation.objects.count() == 1
