"""What counts as content: text, articles, pictures, videos and whatever else, posted with whichever tool."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from rostrum.areas.archive import operations, queries
from rostrum.areas.archive.models import Item, Version
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.archive.rules import Content, Tool, content_of
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import jobs
from rostrum.kernel.items import Access, Kind, MediaFile, Route
from tests.archive import make_channel, make_item
from tests.channels import NOW, Square, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, signed_in
from tests.publishing import a_scheduled_draft, speaks_on, work

pytestmark = pytest.mark.django_db
ARTICLE = "The flood of April, hour by hour.\n\n" + "It began at the bridge. " * 60


def a_medium(mime: str, data: bytes = b"bytes") -> MediaFile:
    return MediaFile(f"a.{mime.rpartition('/')[2]}", mime, open=lambda: io.BytesIO(data))


@pytest.mark.proves("definition.item-kinds")
def test_every_kind_of_content_is_taken_kept_and_found() -> None:
    a_body()
    channel = make_channel()
    given = {
        Content.TEXT: make_item("t", "needle in words"),
        Content.ARTICLE: make_item("a", f"needle. {ARTICLE}"),
        Content.PICTURE: make_item("p", "needle", media=(a_medium("image/png"),)),
        Content.VIDEO: make_item("v", "needle", media=(a_medium("image/png"), a_medium("video/mp4", b"film"))),
        Content.OTHER: make_item("o", "needle", media=(a_medium("application/pdf", b"%PDF-"),)),
    }
    comment = make_item("c", "needle of a resident", kind=Kind.COMMENT, author_id="ann", parent_id="t")
    message = make_item("m", "needle in private", kind=Kind.MESSAGE, access=Access.RESTRICTED)
    operations.store_batch(
        channel=channel, items=[*given.values(), comment, message], route=Route.API, actor="system", now=NOW
    )

    desk = signed_in(a_person(Role.RECORDS_CUSTODIAN))
    for content, item in given.items():
        row = Item.objects.get(native_id=item.native_id)
        version = Version.objects.get(item=row)
        media = list(version.media.all())
        assert content_of(version.text, [medium.mime for medium in media]) is content
        assert queries.raw_of(version) == item.raw
        for medium, original in zip(media, item.media, strict=True):
            assert original.open is not None
            assert queries.blobs().read(medium.sha256) == original.open().read()
        page = desk.get(reverse("archive-item", args=[row.public_id])).content.decode()
        assert f"<dd>{content.value.capitalize()}</dd>" in page
    found = {item.native_id for item in queries.items_matching(SearchQuery(text="needle"), include_restricted=True)}
    assert found == {"t", "a", "p", "v", "o", "c", "m"}


@pytest.mark.parametrize(
    ("text", "mimes", "content"),
    [
        ("", (), Content.OTHER),  # a bare reaction, or a post of nothing
        ("A title", ("audio/mpeg",), Content.OTHER),
        ("x" * 2000, (), Content.TEXT),  # long, and no article: one paragraph
        ("short\n\nparagraphs", (), Content.TEXT),
        ("", ("IMAGE/PNG",), Content.PICTURE),
        ("", ("",), Content.OTHER),
    ],
)
def test_whatever_comes_is_one_of_the_five(text: str, mimes: tuple[str, ...], content: Content) -> None:
    assert content_of(text, mimes) is content


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.mark.proves("definition.item-kinds")
def test_an_item_says_with_whose_tool_it_was_posted(square: Square) -> None:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, channel)
    _, (ours,) = a_scheduled_draft(staff, channel)
    work([ours])
    resident = make_item("c1", "Thank you", kind=Kind.COMMENT, author_id="ann", author_handle="ann")
    by_hand = make_item("h1", "Posted by telephone", author_handle="wausau-parks")
    post = make_item(ours.native_id, "The splash pad opens", author_handle="wausau-parks")
    operations.store_batch(channel=channel, items=[post, by_hand, resident], route=Route.API, actor="system", now=NOW)
    assert set(Item.objects.values_list("tool", flat=True)) == {Tool.PLATFORM}

    jobs.compare({"publication": ours.public_id}, now=NOW)

    tools = dict(Item.objects.values_list("native_id", "tool"))
    assert tools == {ours.native_id: Tool.BODY, "h1": Tool.PLATFORM, "c1": Tool.PLATFORM}
    desk = signed_in(a_person(Role.RECORDS_CUSTODIAN))
    page = desk.get(reverse("archive-item", args=[Item.objects.get(native_id=ours.native_id).public_id]))
    assert "the body&#x27;s own tool" in page.content.decode()
