"""What every connector must do, whatever the platform: one suite, run against the sample square and against Bluesky.

A test module subclasses `ConnectorSuite` and gives a fixture `stage`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx
import pytest

from rostrum.connectors.interface import (
    CapturePage,
    Connector,
    ConnectorError,
    OutgoingMedia,
    OutgoingPost,
    Receipt,
    Trouble,
)
from rostrum.kernel.items import Fault, Item, Kind, Seen
from tests.simulators import misbehaving
from tests.simulators.misbehaving import MisbehavingTransport

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Other(Protocol):
    """Another user of the platform."""

    def reply(self, parent: str, text: str) -> str: ...

    def edit(self, native_id: str, text: str) -> None: ...

    def delete(self, native_id: str) -> None: ...


@dataclass
class Stage:
    """A channel on a platform, another user, and the line between them and us."""

    connector: Connector
    other: Other
    transport: MisbehavingTransport
    edit_own: Callable[[str, str], None]
    write_path: str
    look_path: str


@dataclass
class Archive:
    """What a caller of `capture` keeps: every version and state in order, and the cursor of the last page."""

    connector: Connector
    cursor: str | None = None
    items: list[Item] = field(default_factory=list)
    pages: list[CapturePage] = field(default_factory=list)

    def capture(self) -> list[Item]:
        """Run one capture; return what was new."""
        new: list[Item] = []
        for page in self.connector.capture(self.cursor):
            assert page.faults == ()
            assert page.lost is None
            if page.window_from and page.window_to:
                assert page.window_from <= page.window_to
            self.cursor = page.cursor
            self.pages.append(page)
            new += page.items
        self.items += new
        return new

    def capture_until(self, holds: Callable[[list[Item]], bool], seconds: float = 20) -> list[Item]:
        """Capture until what was seen in all these runs satisfies; platforms need a moment to tell."""
        deadline, new = time.monotonic() + seconds, list[Item]()
        while True:
            new += self.capture()
            if holds(new):
                return new
            assert time.monotonic() < deadline, f"not seen in {seconds} s; seen: {[(i.seen, i.text) for i in new]}"
            time.sleep(0.2)


def of(native_id: str, items: list[Item]) -> list[Item]:
    return [item for item in items if item.native_id == native_id]


def states(items: list[Item]) -> list[tuple[str, str, str]]:
    return [(item.seen, item.version_key, item.text) for item in items]


_keys = iter(range(10**9))


def key() -> str:
    return f"suite-{time.time_ns()}-{next(_keys)}"


def publish(stage: Stage, text: str, *media: OutgoingMedia) -> Receipt:
    return stage.connector.publish(OutgoingPost(text, ("en",), media), idempotency_key=key())


class ConnectorSuite:
    def test_it_keeps_to_the_interface(self, stage: Stage) -> None:
        assert isinstance(stage.connector, Connector)

    def test_a_published_post_is_captured_as_it_was_published(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        receipt = publish(stage, "Road closed on Main St. 🚧", OutgoingMedia(PNG, "image/png", "A map of the detour"))

        (item,) = of(receipt.native_id, archive.capture_until(lambda new: bool(of(receipt.native_id, new))))

        assert item.kind is Kind.POST
        assert item.text == "Road closed on Main St. 🚧"
        assert item.seen is Seen.PRESENT
        assert item.version_key == receipt.version_key
        assert item.url == receipt.url
        assert item.lang == "en"
        assert item.raw
        assert any(item.raw in page.container for page in archive.pages)
        assert abs(item.published_at - receipt.at) < timedelta(seconds=30)  # type: ignore[operator]
        (medium,) = item.media
        assert (medium.mime, medium.alt) == ("image/png", "A map of the detour")
        assert medium.open is not None
        for _ in range(2):
            with medium.open() as file:
                assert file.read() == PNG

    def test_one_key_publishes_once(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        post, one_key = OutgoingPost("Only once", intended_at=datetime.now(UTC)), key()

        first = stage.connector.publish(post, idempotency_key=one_key)
        again = stage.connector.publish(post, idempotency_key=one_key)

        assert (first.native_id, first.version_key) == (again.native_id, again.version_key)
        new = archive.capture_until(lambda new: bool(of(first.native_id, new)))
        assert [item.text for item in new] == ["Only once"]

    def test_a_key_that_was_never_used_finds_nothing(self, stage: Stage) -> None:
        assert stage.connector.find_published(OutgoingPost("x"), idempotency_key=key()) is None

    def test_a_reply_by_another_is_captured_below_its_post(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        post = publish(stage, "Budget hearing on Tuesday")
        reply = stage.other.reply(post.native_id, "Will it be streamed?")

        (item,) = of(reply, archive.capture_until(lambda new: bool(of(reply, new))))

        assert item.kind is Kind.COMMENT
        assert item.text == "Will it be streamed?"
        assert (item.parent_id, item.root_id) == (post.native_id, post.native_id)
        assert item.author_handle
        assert item.author_id

    def test_our_answer_to_a_reply_is_a_comment_in_the_same_thread(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        post = publish(stage, "Budget hearing on Tuesday")
        reply = stage.other.reply(post.native_id, "Will it be streamed?")
        answer = stage.connector.publish(OutgoingPost("Yes.", reply_to=reply), idempotency_key=key())

        (item,) = of(answer.native_id, archive.capture_until(lambda new: bool(of(answer.native_id, new))))

        assert (item.kind, item.parent_id, item.root_id) == (Kind.COMMENT, reply, post.native_id)

    def test_every_edit_is_a_further_version(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        post = publish(stage, "On Tuesday")
        reply = stage.other.reply(post.native_id, "first")
        stage.other.edit(reply, "second")
        stage.edit_own(post.native_id, "On Wednesday")

        new = archive.capture_until(lambda new: len(of(reply, new)) >= 2 and len(of(post.native_id, new)) >= 2)

        assert [(item.seen, item.text) for item in of(reply, new)] == [(Seen.PRESENT, "first"), (Seen.EDITED, "second")]
        assert [item.text for item in of(post.native_id, new)] == ["On Tuesday", "On Wednesday"]
        assert len({item.version_key for item in of(reply, new)}) == 2
        assert len({item.raw for item in of(reply, new)}) == 2
        assert of(reply, new)[1].edited_at is not None

    def test_a_deletion_is_announced_and_leaves_a_tombstone(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        post = publish(stage, "A post")
        reply = stage.other.reply(post.native_id, "Call 715-555-0199")
        archive.capture_until(lambda new: bool(of(reply, new)))
        stage.other.delete(reply)
        stage.connector.delete(post.native_id)

        new = archive.capture_until(lambda new: bool(of(reply, new)) and bool(of(post.native_id, new)))

        for native_id in (reply, post.native_id):
            (gone,) = of(native_id, new)
            assert gone.seen is Seen.GONE
            assert gone.deleted_at is not None
            assert gone.raw

    def test_a_reread_shows_what_is_there_now(self, stage: Stage) -> None:
        post = publish(stage, "A post")
        reply = stage.other.reply(post.native_id, "first")
        (before,) = stage.connector.reread([reply])
        stage.other.edit(reply, "second")
        (after,) = stage.connector.reread([reply])
        stage.other.delete(reply)
        (gone,) = stage.connector.reread([reply])

        assert isinstance(before, Item)
        assert isinstance(after, Item)
        assert isinstance(gone, Item)
        assert (before.text, after.text) == ("first", "second")
        assert before.version_key != after.version_key
        assert gone.seen is Seen.GONE
        # Absence on a look is not an announcement.
        assert gone.deleted_at is None

    def test_capture_and_reread_agree_on_a_version(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        receipt = publish(stage, "One version")
        (captured,) = of(receipt.native_id, archive.capture_until(lambda new: bool(of(receipt.native_id, new))))
        (seen,) = stage.connector.reread([receipt.native_id])

        assert isinstance(seen, Item)
        assert (captured.raw, captured.version_key) == (seen.raw, seen.version_key)

    def test_an_id_of_no_form_is_a_fault_or_gone_and_the_rest_is_read(self, stage: Stage) -> None:
        receipt = publish(stage, "A post")
        strange, found = stage.connector.reread(["no such thing", receipt.native_id])

        assert isinstance(strange, Fault) or strange.seen is Seen.GONE
        assert isinstance(found, Item)
        assert found.text == "A post"

    def test_a_hidden_reply_is_told_hidden_and_shown_again(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        post = publish(stage, "A post")
        reply = stage.other.reply(post.native_id, "Something to hide")
        archive.capture_until(lambda new: bool(of(reply, new)))

        stage.connector.hide(reply)
        stage.connector.hide(reply)
        hidden = of(reply, archive.capture_until(lambda new: bool(of(reply, new))))
        looked = list(stage.connector.reread([reply]))
        stage.connector.unhide(reply)
        shown = of(reply, archive.capture_until(lambda new: bool(of(reply, new))))
        looked_again = list(stage.connector.reread([reply]))

        assert [item.seen for item in hidden] == [Seen.HIDDEN]
        assert [item.seen for item in looked if isinstance(item, Item)] == [Seen.PRESENT, Seen.HIDDEN]
        assert [(item.seen, item.text) for item in shown] == [(Seen.PRESENT, "Something to hide")]
        assert [item.seen for item in looked_again if isinstance(item, Item)] == [Seen.PRESENT]

    def test_two_replies_can_be_hidden_below_one_post(self, stage: Stage) -> None:
        post = publish(stage, "A post")
        first, second = (stage.other.reply(post.native_id, text) for text in ("one", "two"))
        stage.connector.hide(first)
        stage.connector.hide(second)

        looked = [item for item in stage.connector.reread([first, second]) if isinstance(item, Item)]

        assert [item.seen for item in looked] == [Seen.PRESENT, Seen.HIDDEN] * 2

    def test_capturing_again_changes_nothing(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        before = archive.cursor
        post = publish(stage, "A post")
        reply = stage.other.reply(post.native_id, "first")
        stage.other.edit(reply, "second")
        new = archive.capture_until(lambda new: len(of(reply, new)) >= 2)

        assert archive.capture() == []
        # A run that ended before its cursor was stored is run again from the old one.
        again = Archive(stage.connector, before)
        repeated = again.capture_until(lambda new: len(of(reply, new)) >= 2)
        assert states(of(reply, repeated)) == states(of(reply, new))
        assert states(of(post.native_id, repeated)) == states(of(post.native_id, new))

    def test_a_capture_that_ends_early_goes_on_where_it_was(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        written = [publish(stage, f"post {number}").native_id for number in range(3)]

        pages = stage.connector.capture(archive.cursor)
        first = next(pages)
        pages.close()  # type: ignore[attr-defined]
        archive.cursor = first.cursor
        archive.items = list(first.items)
        archive.capture_until(lambda new: all(of(one, archive.items) for one in written))

        assert [len(of(one, archive.items)) for one in written] == [1, 1, 1]

    def test_only_own_posts_can_be_deleted(self, stage: Stage) -> None:
        post = publish(stage, "A post")
        reply = stage.other.reply(post.native_id, "Mine")

        with pytest.raises(ConnectorError) as refused:
            stage.connector.delete(reply)

        assert refused.value.kind is Trouble.REFUSED
        (still,) = stage.connector.reread([reply])
        assert isinstance(still, Item)
        assert still.text == "Mine"

    def test_deleting_twice_is_deleting_once(self, stage: Stage) -> None:
        post = publish(stage, "A post")
        stage.connector.delete(post.native_id)
        stage.connector.delete(post.native_id)

    @pytest.mark.parametrize("text", ["x" * 5000, "   "])
    def test_what_the_platform_does_not_take_is_refused(self, stage: Stage, text: str) -> None:
        with pytest.raises(ConnectorError) as refused:
            publish(stage, text)

        assert refused.value.kind is Trouble.REFUSED

    def test_a_lost_answer_is_looked_up_and_not_repeated(self, stage: Stage) -> None:
        archive = Archive(stage.connector)
        archive.capture()
        stage.transport.next(misbehaving.answer_dropped, "POST", stage.write_path)

        receipt = publish(stage, "Once, in spite of all")

        new = archive.capture_until(lambda new: bool(of(receipt.native_id, new)))
        assert [item.text for item in new] == ["Once, in spite of all"]

    def test_an_outcome_nobody_can_tell_is_unclear_until_it_is_looked_up(self, stage: Stage) -> None:
        post, one_key = OutgoingPost("Perhaps", intended_at=datetime.now(UTC)), key()

        def drop_answer_and_what_follows(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
            stage.transport.next(misbehaving.silent, "GET", stage.look_path)
            return misbehaving.answer_dropped(request, inner)

        stage.transport.next(drop_answer_and_what_follows, "POST", stage.write_path)
        with pytest.raises(ConnectorError) as unclear:
            stage.connector.publish(post, idempotency_key=one_key)

        assert unclear.value.kind is Trouble.UNCLEAR_OUTCOME
        found = stage.connector.find_published(post, idempotency_key=one_key)
        again = stage.connector.publish(post, idempotency_key=one_key)
        assert found is not None
        assert (found.native_id, found.version_key) == (again.native_id, again.version_key)

    def test_a_write_that_arrived_nowhere_stays_unclear(self, stage: Stage) -> None:
        post, one_key = OutgoingPost("Never arrived", intended_at=datetime.now(UTC)), key()
        stage.transport.next(misbehaving.silent, "POST", stage.write_path)

        with pytest.raises(ConnectorError) as unclear:
            stage.connector.publish(post, idempotency_key=one_key)

        assert unclear.value.kind is Trouble.UNCLEAR_OUTCOME
        assert stage.connector.find_published(post, idempotency_key=one_key) is None

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (misbehaving.rate_limited, Trouble.RATE_LIMITED),
            (misbehaving.failing, Trouble.PLATFORM_ERROR),
            (misbehaving.unreachable, Trouble.PLATFORM_ERROR),
        ],
    )
    def test_trouble_while_publishing_is_named_and_nothing_is_written(
        self, stage: Stage, fault: misbehaving.Fault, kind: Trouble
    ) -> None:
        post, one_key = OutgoingPost("Not today", intended_at=datetime.now(UTC)), key()
        stage.transport.next(fault, "POST", stage.write_path)

        with pytest.raises(ConnectorError) as trouble:
            stage.connector.publish(post, idempotency_key=one_key)

        assert trouble.value.kind is kind
        assert stage.connector.find_published(post, idempotency_key=one_key) is None
        if kind is Trouble.RATE_LIMITED:
            assert trouble.value.retry_after == timedelta(seconds=7)

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            (misbehaving.lost_token, Trouble.LOST_TOKEN),
            (misbehaving.rate_limited, Trouble.RATE_LIMITED),
            (misbehaving.failing, Trouble.PLATFORM_ERROR),
            (misbehaving.silent, Trouble.PLATFORM_ERROR),
            (misbehaving.garbage, Trouble.PLATFORM_ERROR),
        ],
    )
    def test_trouble_while_looking_is_named(self, stage: Stage, fault: misbehaving.Fault, kind: Trouble) -> None:
        stage.transport.next(fault, "GET", stage.look_path, times=2)

        with pytest.raises(ConnectorError) as trouble:
            stage.connector.find_published(OutgoingPost("x"), idempotency_key=key())

        assert trouble.value.kind is kind
        stage.transport.behave()

    def test_the_profile_tells_who_the_channel_is(self, stage: Stage) -> None:
        profile = stage.connector.profile()

        assert profile.kind is Kind.PROFILE
        assert profile.author_handle
        assert profile.raw
