"""Looks at a channel: what they store, what they leave alone, and what they say when they cannot see."""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from rostrum.areas.archive import capturing, jobs, operations, queries
from rostrum.areas.archive.capturing import Look, look_at
from rostrum.areas.archive.models import Capture, CaptureCursor, Gap, Item, Sighting, Version
from rostrum.areas.archive.rules import Cause, State
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry, Leaf
from rostrum.cli import capture as command
from rostrum.connectors.interface import CapturePage, ConnectorError, Trouble
from rostrum.connectors.square.client import SquareConnector
from rostrum.connectors.square.store import Author
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Fault, Route, Seen
from tests.archive import make_channel, make_item
from tests.channels import Square, a_body, a_live_channel, a_requested_channel, a_square, a_staff
from tests.simulators import misbehaving

pytestmark = pytest.mark.django_db

CITY = Author("wausau-parks", "Wausau Parks")
LEE = Author("lee", "Lee Lund", "session-of-lee")


class Clock:
    """The square lives in real time, so the tests' clock starts there and is moved on by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(seconds=30)

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.fixture
def channel(square: Square) -> Channel:
    a_body()
    return a_live_channel(a_staff(), token=square.token)


def look(channel: Channel, clock: Clock) -> Look:
    clock.goes_on(minutes=1)
    channel.refresh_from_db()
    return look_at(channel, clock=clock)


def item(native_id: str) -> Item:
    return Item.objects.get(native_id=native_id)


def texts(native_id: str) -> list[str]:
    return list(queries.versions_of(item(native_id)).values_list("text", flat=True))


def seen(native_id: str) -> list[tuple[str, bool]]:
    return list(queries.sightings_of(item(native_id)).values_list("seen", "announced"))


def silently(square: Square, statement: str, *values: str) -> None:
    """Change the square without its feed telling."""
    with square.store._writing() as db:
        last = db.execute("SELECT coalesce(max(seq), 0) AS seq FROM events").fetchone()["seq"]
        db.execute(statement, values)
        db.execute("DELETE FROM events WHERE seq > ?", (last,))


def edit_silently(square: Square, author: Author, thing: str, text: str) -> None:
    """Edit as on a platform that announces no edits."""
    with square.store._open() as db:
        last = db.execute("SELECT coalesce(max(seq), 0) AS seq FROM events").fetchone()["seq"]
    square.store.edit(author, thing, text)
    with square.store._writing() as db:
        db.execute("DELETE FROM events WHERE seq > ?", (last,))


def not_found(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    return httpx.Response(404, json={"error": "no-such-item", "message": "not there"}, request=request)


def counts() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in (Item, Version, Sighting, Capture, Gap, Entry, Leaf, Duty, Job)
    }


# What a look stores


def test_a_look_stores_every_version_every_reply_and_every_tombstone(
    square: Square, channel: Channel, clock: Clock
) -> None:
    post = square.store.write(CITY, "The pool opens on Saturday").id
    kept = square.store.write(LEE, "At what time?", parent=post).id
    square.store.edit(LEE, kept, "At what time, and where?")
    gone = square.store.write(LEE, "I take it back", parent=post).id
    assert look(channel, clock).trouble == ""
    square.store.delete(LEE, gone)
    square.store.edit(CITY, post, "The pool opens on Sunday")

    done = look(channel, clock)

    assert (done.stored, done.trouble, done.faults) == (1, "", [])
    assert texts(post) == ["The pool opens on Saturday", "The pool opens on Sunday"]
    assert texts(kept) == ["At what time?", "At what time, and where?"]
    assert (texts(gone), item(gone).state) == (["I take it back"], State.DELETED)
    assert seen(gone) == [("gone", True)]
    assert item(kept).root_id == post
    assert [one.native_id for one in queries.thread_of(item(post))] == [post, kept, gone]


def test_what_was_written_and_deleted_between_two_looks_is_told_as_never_captured(
    square: Square, channel: Channel, clock: Clock
) -> None:
    post = square.store.write(CITY, "The pool opens").id
    brief = square.store.write(LEE, "Oops", parent=post).id
    square.store.delete(LEE, brief)

    look(channel, clock)

    assert not Item.objects.filter(native_id=brief).exists()
    assert [brief in one for one in Capture.objects.get().missing] == [True]


def test_a_second_look_changes_nothing(square: Square, channel: Channel, clock: Clock) -> None:
    post = square.store.write(CITY, "The pool opens").id
    comment = square.store.write(LEE, "Good", parent=post).id
    square.store.set_hidden("wausau-parks", comment, hidden=True)
    look(channel, clock)
    before = counts()

    again = [look(channel, clock) for _ in range(3)]

    assert counts() == before
    assert [one.stored for one in again] == [0, 0, 0]
    assert [one.reread for one in again] == [2, 2, 2]


def test_a_hidden_comment_stays_marked_while_its_author_edits_it_and_until_it_is_shown_again(
    square: Square, channel: Channel, clock: Clock
) -> None:
    post = square.store.write(CITY, "The pool opens").id
    comment = square.store.write(LEE, "You fools", parent=post).id
    look(channel, clock)
    square.store.set_hidden("wausau-parks", comment, hidden=True)
    look(channel, clock)
    assert (item(comment).state, seen(comment)) == (State.HIDDEN, [("hidden", True)])

    square.store.edit(LEE, comment, "You utter fools")
    look(channel, clock)
    assert (item(comment).state, texts(comment)) == (State.HIDDEN, ["You fools", "You utter fools"])

    square.store.set_hidden("wausau-parks", comment, hidden=False)
    look(channel, clock)
    assert item(comment).state == State.PRESENT


def test_a_version_gone_back_to_is_the_latest_again_and_old_pages_bring_nothing_back(channel: Channel) -> None:
    at = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    def told(key: str, minute: int, **fields: Any) -> int:
        edited = {"seen": Seen.EDITED, "edited_at": at + timedelta(minutes=minute)} if minute else {}
        one = make_item("p1", f"text {key}", version_key=key, **({"route": Route.FIREHOSE} | edited | fields))
        now = at + timedelta(hours=1)
        return operations.store_batch(
            channel=channel, items=[one], route=Route.FIREHOSE, actor="system", now=now
        ).stored

    assert [told("a", 0), told("b", 1), told("a", 2)] == [1, 1, 1]
    assert texts("p1") == ["text a", "text b", "text a"]
    # The stream from its beginning, a re-read, an export: nothing of it is new.
    assert [told("a", 0), told("b", 1), told("a", 2), told("b", 1, route=Route.OWNER_EXPORT)] == [0, 0, 0, 0]


# Known Items once more


def test_an_absence_is_first_a_sighting_and_the_second_in_a_row_a_tombstone(
    square: Square, channel: Channel, clock: Clock
) -> None:
    post = square.store.write(CITY, "The pool opens").id
    comment = square.store.write(LEE, "Good", parent=post).id
    look(channel, clock)
    silently(square, "UPDATE things SET deleted_at = created_at WHERE id = ?", comment)

    look(channel, clock)
    assert (item(comment).state, seen(comment)) == (State.PRESENT, [("gone", False)])
    look(channel, clock)
    assert (item(comment).state, seen(comment)) == (State.DELETED, [("gone", False)] * 2)
    before = counts()
    look(channel, clock)
    assert counts() == before

    silently(square, "UPDATE things SET deleted_at = NULL WHERE id = ?", comment)
    look(channel, clock)
    assert (item(comment).state, seen(comment)[-1]) == (State.PRESENT, ("present", False))


def test_edits_that_nobody_announced_are_found_our_own_too(square: Square, channel: Channel, clock: Clock) -> None:
    post = square.store.write(CITY, "The pool opens").id
    comment = square.store.write(LEE, "Good", parent=post).id
    look(channel, clock)
    edit_silently(square, LEE, comment, "Bad")
    edit_silently(square, CITY, post, "The pool is closed")

    look(channel, clock)

    assert texts(comment) == ["Good", "Bad"]
    assert texts(post) == ["The pool opens", "The pool is closed"]


def test_what_the_platform_is_about_to_tell_is_stored_in_its_order(
    square: Square, channel: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two edits fall between the feed and the second look, which sees only the later one."""
    post = square.store.write(CITY, "The pool opens").id
    comment = square.store.write(LEE, "one", parent=post).id
    look(channel, clock)
    reread = SquareConnector.reread

    def edited_meanwhile(self: SquareConnector, native_ids: Any) -> Any:
        square.store.edit(LEE, comment, "two")
        square.store.edit(LEE, comment, "three")
        return reread(self, native_ids)

    monkeypatch.setattr(SquareConnector, "reread", edited_meanwhile)
    look(channel, clock)

    assert texts(comment) == ["one", "two", "three"]


def test_every_known_item_has_its_turn(
    square: Square, channel: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capturing, "_REREAD_AT_ONCE", 2)
    post = square.store.write(CITY, "The pool opens").id
    comments = [square.store.write(LEE, f"comment {number}", parent=post).id for number in range(6)]
    look(channel, clock)
    square.transport.requests.clear()

    looks = [look(channel, clock) for _ in range(3)]

    assert [one.reread for one in looks] == [4, 4, 4]
    asked = {request.rpartition("/")[2] for request in square.transport.requests if "/api/items/" in request}
    assert asked == {post, *comments}


def test_what_is_older_than_thirty_days_is_left_alone(square: Square, channel: Channel, clock: Clock) -> None:
    square.store.write(CITY, "The pool opens")
    assert look(channel, clock).reread == 1
    clock.goes_on(days=31)
    assert look(channel, clock).reread == 0


def test_a_second_look_that_takes_long_goes_on_at_the_next(
    square: Square, channel: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capturing, "_REREAD_AT_ONCE", 1)
    for number in range(4):
        square.store.write(CITY, f"post {number}")
    look(channel, clock)
    reread, asked = SquareConnector.reread, list[str]()

    def slow(self: SquareConnector, native_ids: Any) -> Any:
        for one in reread(self, native_ids):
            clock.goes_on(seconds=61)
            asked.append(one.native_id)  # type: ignore[union-attr]
            yield one

    monkeypatch.setattr(SquareConnector, "reread", slow)

    assert [look(channel, clock).reread for _ in range(2)] == [1, 1]
    assert CaptureCursor.objects.get().reread_to > 0


def test_trouble_in_the_middle_of_the_second_look_keeps_what_was_seen_before_it(
    square: Square, channel: Channel, clock: Clock
) -> None:
    posts = [square.store.write(CITY, text).id for text in ("one", "two", "three")]
    look(channel, clock)
    for post in posts:
        edit_silently(square, CITY, post, "changed")
    square.transport.next(misbehaving.rate_limited, "GET", f"/api/items/{posts[0]}")

    done = look(channel, clock)

    # The newest is looked at first; of the second nobody knows whether it was told whole.
    assert (done.trouble, done.reread) == ("rate_limited", 1)
    assert [texts(post)[1:] for post in posts] == [[], [], ["changed"]]
    look(channel, clock)
    assert [texts(post)[1:] for post in posts] == [["changed"]] * 3


# Trouble


TROUBLES = [
    (misbehaving.lost_token, Cause.LOST_TOKEN),
    (misbehaving.rate_limited, Cause.RATE_LIMITED),
    (misbehaving.failing, Cause.PLATFORM_ERROR),
    (misbehaving.unreachable, Cause.PLATFORM_ERROR),
    (misbehaving.silent, Cause.PLATFORM_ERROR),
]


@pytest.mark.parametrize(("fault", "cause"), TROUBLES, ids=[fault.__name__ for fault, _ in TROUBLES])
def test_trouble_is_a_gap_with_a_duty_until_a_look_works_again(
    square: Square, channel: Channel, clock: Clock, fault: misbehaving.Fault, cause: Cause
) -> None:
    square.store.write(CITY, "seen")
    look(channel, clock)
    seen_to = Capture.objects.get().window_to
    square.store.write(CITY, "not seen yet")
    square.transport.next(fault, "GET", "/api/feed", times=2)

    assert [look(channel, clock).trouble for _ in range(2)] == [cause, cause]

    (gap,) = Gap.objects.all()
    duty = Duty.objects.get(public_id=gap.duty)
    assert (gap.cause, gap.from_at, gap.to_at, gap.closed_at) == (cause, seen_to, None, None)
    assert duty.due_at - gap.opened_at <= timedelta(minutes=15)
    assert duty.closed_at is None
    channel.refresh_from_db()
    assert channel.trouble == ("lost_token" if cause is Cause.LOST_TOKEN else "")

    assert look(channel, clock).stored == 1
    gap.refresh_from_db()
    duty.refresh_from_db()
    channel.refresh_from_db()
    assert (gap.closed_at, gap.to_at) == (clock.now, clock.now)
    assert duty.closed_at == clock.now
    assert channel.trouble == ""
    # That the terms of its platform are looked at again is owed as before.
    assert not Duty.objects.filter(closed_at=None).exclude(kind="channels.watch-terms").exists()


def test_a_platform_that_asks_to_wait_is_not_asked_before(square: Square, channel: Channel, clock: Clock) -> None:
    def wait_an_hour(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
        return httpx.Response(429, headers={"Retry-After": "3600"}, request=request)

    square.transport.next(wait_an_hour, "GET", "/api/feed")
    look(channel, clock)
    assert capturing.due_channels(now=clock.now + timedelta(minutes=59)) == []
    assert capturing.due_channels(now=clock.now + timedelta(minutes=61)) == [channel]


def test_a_log_in_that_cannot_be_read_is_told_as_not_configured(
    square: Square, channel: Channel, clock: Clock, settings: Any, tmp_path: Path
) -> None:
    settings.KEYS_FOLDER = tmp_path / "other-keys"
    assert look(channel, clock).trouble == "not_configured"
    assert Gap.objects.get().cause == Cause.NOT_CONFIGURED


def test_what_cannot_be_read_is_a_gap_and_the_rest_is_stored(
    square: Square, channel: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = square.store.write(CITY, "its time is broken").id
    silently(square, "UPDATE things SET created_at = '2026-11-02T10:00:00' WHERE id = ?", bad)
    good = square.store.write(CITY, "fine").id

    done = look(channel, clock)

    assert [fault.where for fault in done.faults] == ["events/0"]
    assert texts(good) == ["fine"]
    gap = Gap.objects.get()
    assert (gap.cause, gap.closed_at) == (Cause.FAULTS, None)
    assert "zone" in gap.note
    look(channel, clock)
    gap.refresh_from_db()
    assert gap.closed_at is None  # no later look brings it back: a person closes it


def test_changes_the_platform_no_longer_keeps_are_a_gap_for_a_person(
    square: Square, channel: Channel, clock: Clock
) -> None:
    square.store.write(CITY, "one")
    look(channel, clock)
    square.store.write(CITY, "two")
    square.store.forget_feed(before=2)
    three = square.store.write(CITY, "three").id

    done = look(channel, clock)

    assert (done.trouble, texts(three)) == ("", ["three"])
    assert list(Gap.objects.values_list("cause", "closed_at")) == [(Cause.STREAM_LOST, None)]


def test_a_connector_that_breaks_is_stated_and_raised(
    square: Square, channel: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: SquareConnector, cursor: str | None) -> Any:
        raise KeyError("nonsense")

    monkeypatch.setattr(SquareConnector, "capture", broken)
    with pytest.raises(KeyError):
        look(channel, clock)
    assert list(Gap.objects.values_list("cause", "note")) == [(Cause.PLATFORM_ERROR, "KeyError")]


def test_a_look_that_another_has_overtaken_ends_without_a_trace(
    square: Square, channel: Channel, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    square.store.write(CITY, "one")
    capture = SquareConnector.capture

    def meanwhile(self: SquareConnector, cursor: str | None) -> Iterator[CapturePage]:
        pages = list(capture(self, cursor))
        monkeypatch.undo()
        look_at(channel, clock=clock)  # the other one
        yield from pages

    with monkeypatch.context() as patch:
        patch.setattr(SquareConnector, "capture", meanwhile)
        monkeypatch.undo = patch.undo  # type: ignore[method-assign]
        done = look(channel, clock)

    assert (done.pages, done.stored) == (0, 0)
    assert (Item.objects.count(), Version.objects.count(), Gap.objects.count()) == (1, 1, 0)


def test_a_run_that_its_time_ended_goes_on_at_once(channel: Channel, clock: Clock) -> None:
    class Slow:
        platform, abilities, runs = "square", SquareConnector.abilities, 0

        def capture(self, cursor: str | None) -> Iterator[CapturePage]:
            self.runs += 1
            behind = clock.now - timedelta(hours=3 - self.runs)
            yield CapturePage(b"", "", (), str(self.runs), None, behind)

        def reread(self, native_ids: Any) -> Iterator[Fault]:
            raise ConnectorError(Trouble.PLATFORM_ERROR, "must not be asked")

        def close(self) -> None:
            pass

    slow = Slow()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(capturing.channel_queries, "connector_for", lambda _: slow)
        assert look_at(channel, clock=clock).trouble == ""
    assert slow.runs == 3
    assert queries.capture_cursor(channel) == "3"


# The cadence


def test_only_what_is_due_is_queued(square: Square, channel: Channel, clock: Clock) -> None:
    def queued() -> int:
        Job.objects.filter(kind="archive.capture").delete()
        jobs.capture_due({}, now=clock.now)
        jobs.capture_due({}, now=clock.now)
        return Job.objects.filter(kind="archive.capture").count()

    assert queued() == 1
    look(channel, clock)
    assert queued() == 0
    clock.goes_on(minutes=14)
    assert queued() == 0
    clock.goes_on(minutes=1)
    assert queued() == 1


def test_a_queued_look_captures(square: Square, channel: Channel, clock: Clock) -> None:
    post = square.store.write(CITY, "The pool opens").id
    jobs.capture({"channel": channel.public_id}, now=clock.now)
    assert texts(post) == ["The pool opens"]


def test_a_channel_closed_since_its_look_was_queued_is_left_alone(
    square: Square, channel: Channel, clock: Clock
) -> None:
    Channel.objects.filter(pk=channel.pk).update(state="closed")
    jobs.capture({"channel": channel.public_id}, now=clock.now)
    assert square.transport.requests == []
    with pytest.raises(InvalidInput):
        look(channel, clock)


def test_an_open_channel_that_nothing_captures_is_told_once(clock: Clock) -> None:
    make_channel("city")
    for _ in range(2):
        jobs.capture_due({}, now=clock.now)
    gap = Gap.objects.get()
    assert (gap.cause, Duty.objects.get().public_id) == (Cause.NOT_CONFIGURED, gap.duty)
    operations.close_gap(gap_id=gap.public_id, because="Its export is imported monthly.", actor="system", now=clock.now)
    jobs.capture_due({}, now=clock.now)
    assert Gap.objects.count() == 1


# The command


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[dict[str, Any]], str]:
    parser = argparse.ArgumentParser()
    command.configure(parser)
    code = command.run(parser.parse_args(list(words)))
    told = capsys.readouterr()
    return code, [json.loads(line) for line in told.out.splitlines()], told.err


def test_the_command_looks_once_and_says_what_came_of_it(
    square: Square, channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    square.store.write(CITY, "The pool opens")
    code, told, _ = run(capsys, "--channel", channel.slug, "--once", "--json")
    assert code == 0
    assert told == [
        {
            "channel": channel.slug, "pages": 1, "recognised": {"post": 1}, "stored": 1, "unchanged": 0, "reread": 1,
            "faults": [], "trouble": "",
        }
    ]  # fmt: skip
    assert run(capsys, "--once", "--json")[1][0]["stored"] == 0


def test_the_commands_exit_code_tells_of_trouble_and_of_faults(
    square: Square, channel: Channel, capsys: pytest.CaptureFixture[str]
) -> None:
    square.transport.next(misbehaving.failing, "GET", "/api/feed")
    code, told, _ = run(capsys, "--channel", channel.slug, "--once", "--json")
    assert (code, told[0]["trouble"]) == (1, "platform_error")
    bad = square.store.write(CITY, "its time is broken").id
    silently(square, "UPDATE things SET created_at = '2026-11-02T10:00:00' WHERE id = ?", bad)
    code, told, err = run(capsys, "--channel", channel.slug, "--once", "--json")
    assert (code, len(told[0]["faults"])) == (1, 1)
    assert "events/0" in err
    assert run(capsys, "--channel", channel.slug, "--once", "--json")[0] == 0


def test_one_broken_channel_does_not_keep_the_others_from_their_look(
    square: Square, channel: Channel, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: SquareConnector, cursor: str | None) -> Any:
        raise KeyError("nonsense")

    monkeypatch.setattr(SquareConnector, "capture", broken)
    code, told, err = run(capsys, "--once", "--json")
    assert (code, told) == (1, [])
    assert channel.slug in err


@pytest.mark.parametrize("slug", ["unheard-of", "wausau-parks"])
def test_a_channel_that_cannot_be_looked_at_is_said_so(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    a_body()
    a_requested_channel(a_staff())
    with pytest.raises(InvalidInput, match=slug):
        run(capsys, "--channel", slug, "--once")
