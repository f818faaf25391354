"""A token dies at two in the night: what stops, what is written down, who is told; who restores it in the morning.

The square refuses the channel's token from 02:00 on. A resident writes meanwhile; a post was to be out at 03:00. In the
morning an officer with the right to its log-in, who did not connect the channel, deposits a new token. The clock is
passed in: the product and the square are told what time it is. The steps build on one another.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from rostrum.areas.archive.models import Capture, Gap, Version
from rostrum.areas.channels import granting
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.operations import grants
from rostrum.areas.channels.queries import channel_by_slug
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Right
from rostrum.areas.publishing import operations as publishing
from rostrum.areas.publishing import queries as drafts
from rostrum.areas.publishing.models import Publication
from rostrum.connectors import mail
from rostrum.connectors.square import client, store
from rostrum.connectors.square.store import SquareStore
from rostrum.worker.loop import Worker
from tests.browser import NARROW
from tests.journeys.town import Town, sample_town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ZONE = ZoneInfo("America/Chicago")
# Neither a weekend nor a holiday nor a change of the clocks: what it tells is the night itself.
AFTERNOON = datetime(2026, 12, 2, 15, 0, tzinfo=ZONE)
EVENING = datetime(2026, 12, 2, 22, 0, tzinfo=ZONE)
TWO = datetime(2026, 12, 3, 2, 0, tzinfo=ZONE)
THREE = datetime(2026, 12, 3, 3, 0, tzinfo=ZONE)
MORNING = datetime(2026, 12, 3, 7, 40, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)
POST = "The ski trails in Nine Mile Forest are groomed today. They open at 6 a.m. #SkiTrails"
ASKED_AT_NIGHT = "Is the parking lot at Nine Mile plowed, too?"
REGRETTED = "Nobody ever plows that lot."
LOST = "The connection of Wausau Parks is lost"

Letters = list[tuple[datetime, str, str, str]]


class Clock:
    """What time it is, for the product and for the square."""

    def __init__(self) -> None:
        self.at = AFTERNOON

    def __call__(self) -> datetime:
        return self.at.astimezone(ZoneInfo("UTC"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setitem(Worker.__init__.__kwdefaults__ or {}, "clock", clock)
    monkeypatch.setattr(client, "read_clock", clock)
    monkeypatch.setattr(store, "_now", lambda: clock().isoformat(timespec="milliseconds"))
    return clock


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Letters:
    """What was mailed: when, to whom, about what, what it says."""
    sent: Letters = []
    monkeypatch.setattr(
        mail.ConsoleMailer, "send", lambda _, to, subject, text: sent.append((clock.at, to, subject, text))
    )
    return sent


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, letters: Letters) -> Iterator[Town]:
    with sample_town(tmp_path / "city") as made:
        letters.clear()
        yield made


def test_a_token_dies_at_night_and_nothing_is_lost_by_the_morning(town: Town, clock: Clock, letters: Letters) -> None:
    pia_holds_the_log_in_too(clock)
    a_post_is_to_be_out_at_three(town, clock)
    fresh = the_token_dies_at_two(town, clock)
    what_stopped_is_written_down_at_once()
    they_are_told_at_night(letters)
    the_post_of_three_does_not_go_and_does_not_vanish(town, clock, letters)
    the_officer_reads_what_it_costs(town, clock)
    an_officer_who_did_not_connect_it_reconnects_it(town, fresh)
    what_was_missed_is_captured(town)
    the_post_goes_out_once(town)

    town.inspect_the_rest()
    assert not (town.findings + town.complaints()), "\n".join(town.findings + town.complaints())


def parks() -> Channel:
    """The channel as it stands now."""
    return channel_by_slug("parks")


def _person(login: str) -> User:
    return User.objects.get(email=f"{login}@wausau.example")


def _minutes(town: Town, clock: Clock, start: datetime, count: int) -> None:
    """Let the worker live through so many minutes from `start` on."""
    for number in range(count):
        clock.at = start + number * MINUTE
        town.work()


def pia_holds_the_log_in_too(clock: Clock) -> None:
    """Rosa deposited the log-in; Pia, of public affairs, is given the right to hold it as well."""
    pia, maya, rosa = _person("pia"), _person("maya"), _person("rosa")
    assert parks().credentials.get(replaced_at=None).deposited_by == rosa
    asked = grants.request_right(
        person=pia,
        right=Right.CREDENTIAL,
        unit=parks().unit,
        channel=parks(),
        need="Somebody can reconnect the channel when the coordinator is away.",
        job_duty="Stands in for the coordinator",
        actor=maya,
        now=clock(),
    )
    grants.designate(request_id=asked.public_id, actor=maya, now=clock())
    codes = [one.code for one in granting.statements()]
    grants.accept_rules(request_id=asked.public_id, statements=codes, signature=pia.name, actor=pia, now=clock())
    grants.issue_right(request_id=asked.public_id, actor=rosa, now=clock())


def a_post_is_to_be_out_at_three(town: Town, clock: Clock) -> None:
    """Dev's post is approved by Maya in the afternoon and given its time; until two the channel is seen whole."""
    dev, maya = _person("dev"), _person("maya")
    draft = publishing.create_draft(
        unit=Unit.objects.get(slug="parks"),
        text=POST,
        channels=(parks(),),
        answers={"official_topic": "Ski trails"},
        publish_at=THREE,
        actor=dev,
        now=clock(),
    )
    publishing.submit_draft(draft_id=draft.public_id, actor=dev, now=clock())
    draft.refresh_from_db()
    digest = drafts.current_revision(draft).digest
    publishing.approve_draft(draft_id=draft.public_id, digest=digest, actor=maya, now=clock())
    publishing.schedule_publication(draft_id=draft.public_id, actor=dev, now=clock())
    _minutes(town, clock, EVENING, 1)
    _minutes(town, clock, TWO - MINUTE, 1)
    channel = parks()
    assert (channel.trouble, channel.last_connected_at) == ("", TWO - MINUTE)
    assert not Gap.objects.filter(channel=channel).exists()


def the_token_dies_at_two(town: Town, clock: Clock) -> str:
    """The square ends the token at two. Residents write and take back while nobody looks. Returns a new token."""
    clock.at = TWO
    fresh = town.new_channel_token("parks", "Wausau Parks", parks_page(town))
    town.work()
    square = SquareStore(town.folder / "square")
    ann, kim = square.name_resident("demo-ann", "Ann Sorensen"), square.name_resident("demo-kim", "K. Dahl")
    root = square.posts("parks")[0].id
    clock.at = TWO + 10 * MINUTE
    square.write(ann, ASKED_AT_NIGHT, parent=root)
    gone = square.write(kim, REGRETTED, parent=root)
    clock.at = TWO + 12 * MINUTE
    square.delete(kim, gone.id)
    return fresh


def parks_page(town: Town) -> str:
    """What the channel's page on the square says about itself."""
    return next(one["about"] for one in SquareStore(town.folder / "square").channels() if one["handle"] == "parks")


def what_stopped_is_written_down_at_once() -> None:
    """One gap from where the channel was last seen, the line's trouble, and a duty with its instant for each."""
    channel = parks()
    assert (channel.trouble, channel.trouble_since) == ("lost_token", TWO)
    gap = Gap.objects.get(channel=channel)
    assert (gap.cause, gap.from_at, gap.closed_at) == ("lost_token", TWO - MINUTE, None)
    fill = Duty.objects.get(kind="archive.fill-gap")
    restore = Duty.objects.get(kind="channels.restore-connection")
    assert (fill.due_at, restore.due_at) == (TWO + 15 * MINUTE, TWO + timedelta(hours=4))
    assert {fill.closed_at, restore.closed_at} == {None}
    kinds = set(Entry.objects.filter(at=TWO).values_list("kind", flat=True))
    assert {"archive.gap-opened.v1", "channels.connection-lost.v1"} <= kinds


def they_are_told_at_night(letters: Letters) -> None:
    """The department's head and the coordinator are mailed at two, what it costs and within which time."""
    told = {to: text for at, to, subject, text in letters if subject == LOST and at == TWO}
    assert set(told) == {f"{one}@wausau.example" for one in ("rosa", "maya", "pia")}
    for text in told.values():
        for words in (
            "Sample square no longer accepts the log-in of Wausau Parks, since Thursday, December 3, 2:00 a.m. CST.",
            "nothing is captured there and nothing is published",
            "within 4 hours",
        ):
            assert words in text, text
    # Maya answers for the channel; the log-in is not hers to deposit, so she reads whose it is.
    assert "It can be done by: Pia Reyes, Rosa Lindqvist." in told["maya@wausau.example"]
    assert "You may do so. So may: Pia Reyes." in told["rosa@wausau.example"]
    assert "You may do so. So may: Rosa Lindqvist." in told["pia@wausau.example"]


def the_post_of_three_does_not_go_and_does_not_vanish(town: Town, clock: Clock, letters: Letters) -> None:
    """At three the square takes nothing; Dev, who scheduled it, owes a look at it, and is mailed."""
    _minutes(town, clock, TWO + 15 * MINUTE, 2)
    _minutes(town, clock, THREE, 3)
    for hour in (4, 5, 6, 7):
        _minutes(town, clock, THREE.replace(hour=hour), 1)
    publication = Publication.objects.get(revision__text=POST)
    assert (publication.outcome, publication.failure, publication.attempts) == ("failed", "lost_token", 1)
    duty = Duty.objects.get(kind="publishing.retry-failed")
    assert (duty.owner, duty.due_at, duty.closed_at) == (_person("dev"), THREE + timedelta(hours=4), None)
    assert POST not in [post.text for post in SquareStore(town.folder / "square").posts("parks")]
    # Told once, however often the line is tried again, and reminded when something falls due.
    assert len([1 for _, _, subject, _ in letters if subject == LOST]) == 3
    assert Gap.objects.count() == 1
    dev = {at: text for at, to, _, text in letters if to == "dev@wausau.example"}
    assert "See to a post that was not published, due Thursday, December 3, 7:00 a.m. CST" in dev[THREE]
    rosa = {at: text for at, to, _, text in letters if to == "rosa@wausau.example"}
    assert "Fill a gap in what was captured, due Thursday, December 3, 2:15 a.m. CST" in rosa[TWO + 15 * MINUTE]
    assert "Restore a connection, due Thursday, December 3, 6:00 a.m. CST" in rosa[THREE.replace(hour=6)]


def the_officer_reads_what_it_costs(town: Town, clock: Clock) -> None:
    """In the morning Pia finds it on Today; the page of the connection says since when and what is lost."""
    clock.at = MORNING
    pia = town.person("pia")
    page = pia.go("/desk/")
    pia.look("today-after-the-night")
    page = pia.go("/desk/channels/parks/connection")
    main = page.locator("main")
    expect(main).to_contain_text("In trouble since Dec 3, 2026, 2:00 a.m.")
    expect(main).to_contain_text("Sample square no longer accepts the log-in.")
    expect(main).to_contain_text("Nothing is captured since Dec 3, 1:59 a.m.")
    expect(main).to_contain_text("1 post was not published for it, to be sent again by a person.")
    aside = page.locator("aside")
    expect(aside.get_by_role("listitem").filter(has_text="Maya Thao")).to_contain_text("cannot deposit its log-in")
    expect(aside.get_by_role("listitem").filter(has_text="Pia Reyes")).to_contain_text("may restore it")
    pia.look("connection-lost")


def an_officer_who_did_not_connect_it_reconnects_it(town: Town, fresh: str) -> None:
    """Pia deposits the new token and tries the line, at 320 pixels."""
    pia = town.person("pia")
    page = pia.page
    page.set_viewport_size({"width": NARROW, "height": 900})
    pia.follow("Deposit a new log-in")
    pia.look("deposit-after-the-night")
    page.set_viewport_size({"width": NARROW, "height": 900})
    page.get_by_label("Channel token").fill(fresh)
    pia.press("Deposit")
    pia.go("/desk/channels/parks/connection")
    pia.press("Try the connection now")
    expect(page.get_by_text("The platform lets us in.")).to_be_visible()
    assert parks().credentials.get(replaced_at=None).deposited_by == _person("pia")
    assert parks().trouble == ""
    pia.look("connection-restored")


def what_was_missed_is_captured(town: Town) -> None:
    """The next look goes on from where the last had ended: the gap closes and says what was missed and what is lost."""
    town.work()
    gap = Gap.objects.get()
    assert (gap.from_at, gap.to_at, gap.closed_at) == (TWO - MINUTE, MORNING, MORNING)
    assert gap.closed_because == (
        "The platform was seen again, from where the last look had ended. 1 version was captured late. "
        "1 thing is lost: gone from the platform, or without its files, before it could be captured."
    )
    late = Version.objects.get(text=ASKED_AT_NIGHT)
    assert (late.item.published_at, late.captured_at) == (TWO + 10 * MINUTE, MORNING)
    # Taken back before anybody looked: no words of it are anywhere, and the capture says that it was there.
    assert not Version.objects.filter(text=REGRETTED).exists()
    assert "never captured" in str(Capture.objects.get(stored=1, started_at=MORNING).missing)
    open_kinds = set(Duty.objects.filter(closed_at=None).values_list("kind", flat=True))
    night = {"archive.fill-gap", "channels.restore-connection", "channels.record-change"}
    assert not night & open_kinds
    assert night <= set(Duty.objects.exclude(evidence="").values_list("kind", flat=True))
    pia = town.person("pia")
    pia.go("/desk/archive/captures/")
    pia.look("captures-after-the-night")
    expect(pia.page.locator("main")).to_contain_text("1 version was captured late.")


def the_post_goes_out_once(town: Town) -> None:
    """Dev sees on Today that it did not get through, and sends it again himself."""
    dev = town.person("dev")
    page = dev.go("/desk/")
    dev.look("today-of-the-writer")
    dev.follow(POST[:30])
    dev.look("draft-that-failed")
    expect(page.locator("main")).to_contain_text(
        "The platform said: The square no longer accepts this channel's token."
    )
    dev.press("Try again")
    town.work()
    posts = [post.text for post in SquareStore(town.folder / "square").posts("parks")]
    assert posts.count(POST) == 1
    assert Publication.objects.get(revision__text=POST).outcome == "published"
    assert Duty.objects.get(kind="publishing.retry-failed").closed_at == MORNING
