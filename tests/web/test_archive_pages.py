"""The archive's pages: searching, one Item with its versions, captures and gaps; what one may not see is not there."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive import queries
from rostrum.areas.archive.models import Gap, Item
from rostrum.areas.archive.rules import Cause
from rostrum.areas.ledger.sequencer import sequence
from rostrum.areas.people.rules import Role
from rostrum.kernel.items import Access, Kind, MediaFile, Route
from tests.archive import NOW, PUBLISHED, make_channel, make_item, minutes
from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n"


def store(channel, *items, now=NOW):
    return archive.store_batch(channel=channel, items=items, route=Route.API, actor="system", now=now)


@pytest.fixture
def desk() -> Client:
    return signed_in(a_person(Role.COORDINATOR))


def text_of(response) -> str:
    """The page's words without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_a_search_shows_every_match_oldest_first_counted_and_marked(desk: Client) -> None:
    channel = make_channel()
    store(channel, make_item("new", "The flood is over", published_at=PUBLISHED + minutes(9)), make_item("x", "calm"))
    store(channel, make_item("old", "A <b>Flood</b> warning", published_at=PUBLISHED))
    page = desk.get(reverse("archive"), {"q": "flood"})
    html = page.content.decode()
    assert "2 found, oldest first" in text_of(page)
    assert html.index("&lt;b&gt;<mark>Flood</mark>&lt;/b&gt; warning") < html.index("The <mark>flood</mark> is over")
    assert "calm" not in html


def test_an_edited_item_found_by_what_it_said_once_says_so(desk: Client) -> None:
    channel = make_channel()
    store(channel, make_item("p1", "flood"))
    store(channel, make_item("p1", "calm"))
    assert "An earlier version" in text_of(desk.get(reverse("archive"), {"q": "flood"}))
    assert "Edited" in text_of(desk.get(reverse("archive"), {"q": "calm"}))


def test_filters_narrow_and_stay_in_the_pages_of_results(desk: Client) -> None:
    parks, police = make_channel("parks"), make_channel("police")
    store(parks, *(make_item(f"p{n}", f"flood {n}", published_at=PUBLISHED + minutes(n)) for n in range(60)))
    store(police, make_item("d", "flood downtown"))
    asked = {"q": "flood", "channel": "parks", "from_on": "2026-11-02", "to_on": "2026-11-02", "state": "present"}
    first = desk.get(reverse("archive"), asked)
    assert "60 found" in text_of(first)
    assert len(re.findall(r"<article", first.content.decode())) == 50
    following = re.search(r'href="(\?[^"]+)" rel="next"', first.content.decode())
    assert following
    second = desk.get(reverse("archive") + following[1].replace("&amp;", "&"))
    assert len(re.findall(r"<article", second.content.decode())) == 10
    assert "continued" in text_of(second)
    assert "First page" in text_of(second)
    assert 'rel="next"' not in second.content.decode()
    newest = desk.get(reverse("archive"), asked | {"order": "newest"}).content.decode()
    assert newest.index("<mark>flood</mark> 59") < newest.index("<mark>flood</mark> 58")


def test_nothing_found_says_that_the_search_was_complete(desk: Client) -> None:
    store(make_channel(), make_item())
    page = desk.get(reverse("archive"), {"q": "absent"})
    assert (page.status_code, "Nothing found" in text_of(page)) == (200, True)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"q": 'water "main'}, "query, character 7: This quotation mark is never closed."),
        ({"from_on": "2026-11-02", "to_on": "2026-11-01"}, "The last day is before the first."),
        ({"from_on": "yesterday"}, "Enter a valid date."),
        ({"channel": "nowhere"}, "Select a valid choice"),
    ],
)
def test_a_question_that_cannot_be_read_says_where(desk: Client, asked: dict, says: str) -> None:
    make_channel()
    page = desk.get(reverse("archive"), asked)
    assert page.status_code == 422
    assert says in text_of(page)


def test_empty_pages_say_what_would_fill_them(desk: Client) -> None:
    assert "No channels yet" in text_of(desk.get(reverse("archive")))
    make_channel()
    assert "Nothing archived yet" in text_of(desk.get(reverse("archive")))
    assert "Nothing captured yet" in text_of(desk.get(reverse("archive-captures")))
    assert desk.get(reverse("archive"), {"after": "x"}).status_code == 404


def test_an_item_shows_its_versions_side_by_side_with_their_evidence(desk: Client) -> None:
    channel = make_channel()
    picture = MediaFile("a.png", "image/png", "A bridge", open=lambda: io.BytesIO(PNG))
    drawing = MediaFile("a.svg", "image/svg+xml", "", open=lambda: io.BytesIO(b"<svg onload='x'/>"))
    lost = MediaFile("b.png", "image/png", missing="not in the export")
    store(channel, make_item("p1", "Main Street closed", media=(picture, drawing, lost)))
    store(channel, make_item("c1", "Thanks!", kind=Kind.COMMENT, parent_id="p1", root_id="p1", author_name="Ray"))
    store(channel, make_item("p1", "Main Street open", media=(picture, drawing, lost)), now=NOW + minutes(5))
    archive.mark_hidden(item=Item.objects.get(native_id="p1"), actor="system", now=NOW + minutes(6), note="By us")
    archive.open_gap(channel=channel, cause=Cause.RATE_LIMITED, from_at=NOW, actor="system", now=NOW + minutes(7))
    found = Item.objects.get(native_id="p1")
    page = desk.get(reverse("archive-item", args=[found.public_id]))
    html, words = page.content.decode(), text_of(page)
    assert "<del>closed</del>" in html
    assert "<ins>open</ins>" in html
    assert "Hidden on the platform" in words
    assert "By us" in words
    assert "Comment by Ray" in words
    assert "not in the export" in words
    assert "the platform limits how often" in words.lower()
    assert "Waits for its place in the ledger" in words

    version = queries.latest_version(found)
    raw = desk.get(reverse("archive-payload", args=[found.public_id, 2]))
    assert raw.content == queries.raw_of(version)
    assert raw["Content-Disposition"].startswith("attachment")
    image = desk.get(reverse("archive-media", args=[found.public_id, 1, 0]))
    assert (b"".join(image.streaming_content), image["Content-Type"]) == (PNG, "image/png")
    svg = desk.get(reverse("archive-media", args=[found.public_id, 1, 1]))
    assert svg["Content-Type"] == "application/octet-stream"
    assert svg["Content-Disposition"].startswith("attachment")
    assert desk.get(reverse("archive-media", args=[found.public_id, 1, 2])).status_code == 404
    assert desk.get(reverse("archive-payload", args=[found.public_id, 9])).status_code == 404


def test_a_version_is_proved_once_it_has_its_place_in_the_ledger(desk: Client) -> None:
    store(make_channel(), make_item("p1"))
    found = Item.objects.get()
    address = reverse("archive-proof", args=[found.public_id, 1])
    assert desk.get(address).status_code == 404
    sequence(NOW + minutes(1))
    assert desk.get(address).content.startswith(b"c2sp.org/tlog-proof@v1\nindex ")
    assert "in a tree of" in text_of(desk.get(reverse("archive-item", args=[found.public_id])))


def test_direct_messages_are_not_there_for_those_who_do_not_process_requests(desk: Client) -> None:
    store(
        make_channel(),
        make_item("m1", "private flood", kind=Kind.MESSAGE, access=Access.RESTRICTED),
        make_item("p1", "public flood", root_id="m1"),
    )
    private = Item.objects.get(native_id="m1")
    address = reverse("archive-item", args=[private.public_id])
    assert "1 found" in text_of(desk.get(reverse("archive"), {"q": "flood"}))
    for name, args in [("archive-item", []), ("archive-payload", [1]), ("archive-proof", [1])]:
        assert desk.get(reverse(name, args=[private.public_id, *args])).status_code == 404
    public = Item.objects.get(native_id="p1")
    assert private.public_id not in desk.get(reverse("archive-item", args=[public.public_id])).content.decode()

    custodian = signed_in(a_person(Role.RECORDS_CUSTODIAN))
    assert "2 found" in text_of(custodian.get(reverse("archive"), {"q": "flood"}))
    assert "Restricted" in text_of(custodian.get(address))


def test_captures_show_what_was_seen_and_an_open_gap_is_closed_there(desk: Client) -> None:
    channel = make_channel()
    store(channel, make_item("p1"), make_item("", "no id"))
    gap = archive.open_gap(
        channel=channel, cause=Cause.LOST_TOKEN, from_at=NOW, note="Asked to sign in.", actor="system", now=NOW
    )
    page = desk.get(reverse("archive-captures"))
    words = text_of(page)
    for said in ("With a gap", "no longer accepts its credentials", "Asked to sign in.", "1 fault", "it has no id"):
        assert said in words
    auditor = signed_in(a_person(Role.AUDITOR))
    assert "Not possible now" in text_of(auditor.get(reverse("archive-captures")))
    address = reverse("archive-close-gap", args=[gap.public_id])
    refused = desk.post(address, {"because": ""})
    assert refused.status_code == 422
    done = desk.post(address, {"because": "Signed in again"})
    assert (done.status_code, done["Location"]) == (302, reverse("archive-captures"))
    assert Gap.objects.get().closed_because == "Signed in again"
    assert "Signed in again" in text_of(desk.get(reverse("archive-captures")))
