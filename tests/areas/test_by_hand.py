"""Channels that no connector captures: each kind the policies name is registered, and what stands there is kept."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rostrum.areas.archive import jobs, operations, queries
from rostrum.areas.archive.models import Gap, Item, Version
from rostrum.areas.archive.operations import EvidenceFile
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.archive.rules import Content, content_of, own_mimes
from rostrum.areas.channels import operations as operations_on_channels
from rostrum.areas.channels import pack
from rostrum.areas.channels.models import Channel, Platform
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries import official_channels
from rostrum.areas.channels.queries.kind import captured_how, scope_of
from rostrum.areas.channels.queries.property import is_made_by_channel
from rostrum.areas.moderation import conversation
from rostrum.areas.people.forms.local_time import local_text
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing.models import IntegrityWatch
from rostrum.areas.publishing.queries.integrity import posts_to_compare
from rostrum.connectors import registry
from rostrum.importers import detect
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Kind, Route
from rostrum.policy.packs import load_shipped
from tests.archive import make_channel
from tests.channels import GOAL, NOW, Staff, a_body, a_picture, a_staff, an_opened_channel, let_it_speak
from tests.people import a_person, a_unit, signed_in
from tests.unit.importers.test_feed import WXR

pytestmark = pytest.mark.django_db
VIDEO = b"\x00\x00\x00\x18ftypmp42" + b"film" * 8
SHOWN = [EvidenceFile("seen.png", a_picture())]
# One platform for each kind that chapter 480 names; "other" is its open end.
NAMED = {
    "social-network": ("nextdoor", "https://nextdoor.com/agency-detail/wi/wausau/parks/"),
    "microblog": ("threads", "https://www.threads.net/@wausauparks"),
    "alert-service": ("alert-service", "https://alerts.example.org/wausau"),
    "photo-sharing": ("flickr", "https://www.flickr.com/photos/wausauparks"),
    "video-sharing": ("vimeo", "https://vimeo.com/wausauparks"),
    "wiki": ("wiki", "https://wiki.example.org/parks"),
    "blog": ("blog", "https://blog.example.org/parks"),
    "forum": ("forum", "https://forum.example.org/c/parks"),
    "media-comments": ("media-comments", "https://news.example.com/profile/wausau-parks"),
    "news-sharing": ("news-sharing", "https://links.example.com/u/wausau"),
    "other": ("other", "https://elsewhere.example.com/wausau"),
}


def a_channel_on(platform: str, url: str, *packs: str) -> tuple[Staff, Channel]:
    a_body(*packs)
    staff = a_staff()
    row, _ = Platform.objects.get_or_create(slug=platform, defaults={"name": PLATFORMS[platform].name})
    return staff, make_channel(unit=staff.unit, platform=row, url=url)


def keep(staff: Staff, channel: Channel, url: str, **overrides: Any) -> Item:
    values: dict[str, Any] = {
        "channel_id": channel.public_id,
        "url": url,
        "kind": Kind.POST,
        "text": "The trail is closed until Friday.",
        "posted_at": NOW - timedelta(hours=1),
        "author": "Wausau Parks",
        "is_ours": True,
        "files": [],
        "evidence": SHOWN,
        "actor": staff.spokesperson,
        "now": NOW,
    }
    return operations.keep_by_hand(**(values | overrides))


def against(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.proves("definition.platform-kinds")
def test_each_kind_that_chapter_480_names_is_an_official_channel_whose_posts_are_kept() -> None:
    a_body("wi-hrh-480")
    staff = a_staff()
    (clause,) = [one for one in load_shipped()["wi-hrh-480"].clauses if one.id == "WI480-030-02b"]
    assert set(NAMED) == set(clause.bindings[0].parameters["kinds"])  # type: ignore[arg-type]
    for number, (kind, (platform, url)) in enumerate(NAMED.items()):
        assert kind in PLATFORMS[platform].kinds
        assert clause.id in scope_of(platform).within
        # The whole way: asked for, terms read, approved, opened, its log-in held, its page seen, live.
        channel = an_opened_channel(staff, platform=platform, url=url, handle="", name=f"Parks {number}")
        operations_on_channels.deposit_credential(
            channel_id=channel.public_id,
            secret={"login": f"parks-{number}", "password": f"{number}-Kettle-Moraine-lantern-{kind}"},
            actor=staff.coordinator,
            now=NOW,
        )
        let_it_speak(channel, staff)
        assert channel in official_channels()

        item = keep(staff, channel, f"{url.rstrip('/')}/812")

        assert (item.platform, item.kind, item.published_at) == (platform, Kind.POST, NOW - timedelta(hours=1))
        assert list(queries.items_matching(SearchQuery(text="trail", channels=(channel.slug,)))) == [item]
    assert "WI480-060-00a" in queries.public_record_clauses()


@pytest.mark.proves("definition.platform-kinds")
@pytest.mark.parametrize(
    ("shape", "values", "content"),
    [
        ("status", {}, Content.TEXT),
        ("link", {"text": "Read this", "link": "https://wausau.example.gov/trail"}, Content.TEXT),
        ("photo", {"text": "", "files": [EvidenceFile("trail.jpg", a_picture("JPEG"))]}, Content.PICTURE),
        ("video", {"text": "See for yourself", "files": [EvidenceFile("trail.mp4", VIDEO)]}, Content.VIDEO),
    ],
)
def test_status_link_photo_and_video_of_facebook_are_kept(shape: str, values: dict[str, Any], content: Content) -> None:
    staff, channel = a_channel_on("facebook", "https://www.facebook.com/wi.guard", "dma-2.110")
    assert "DMA-I-B-02a" in scope_of("facebook").within
    item = keep(staff, channel, "https://www.facebook.com/wi.guard/posts/17", **values)
    version = Version.objects.get(item=item)
    media = list(version.media.all())
    mimes = own_mimes([medium.mime for medium in media], version.extra)
    assert content_of(version.text, mimes) is content
    # What shows how it stood is kept beside it, and is no part of the post.
    assert len(media) == len(mimes) + 1
    told = json.loads(queries.raw_of(version))
    assert told["kept_by"] == staff.spokesperson.public_id
    for medium, file in zip(media[: len(mimes)], values.get("files", []), strict=True):
        assert queries.blobs().read(medium.sha256) == file.data
    if shape == "link":
        assert version.text == "Read this\n\nhttps://wausau.example.gov/trail"
    assert (item.property_holder, item.property_kind) == (channel.copyright_holder, "copyright")
    page = signed_in(a_person(Role.RECORDS_CUSTODIAN)).get(reverse("archive-item", args=[item.public_id]))
    assert f"<dd>{content.value.capitalize()}</dd>" in page.content.decode()


@pytest.mark.proves("definition.platform-kinds")
def test_a_blog_takes_long_text_pictures_and_video_and_keeps_the_order_of_its_entries(tmp_path: Path) -> None:
    staff, channel = a_channel_on("blog", "https://blog.example.gov", "dma-2.110")
    story = "The flood of April, hour by hour.\n\n" + "It began at the bridge. " * 4_000
    files = [EvidenceFile("a.png", a_picture()), EvidenceFile("b.mp4", VIDEO)]
    for day, text, own in ((3, "Third", []), (1, story, files), (2, "Second", [])):
        keep(
            staff, channel, f"https://blog.example.gov/{day}", text=text, files=own,
            posted_at=datetime(2026, 11, day, 15, tzinfo=UTC),
        )  # fmt: skip
    assert len(Version.objects.get(item__url="https://blog.example.gov/1").text) > 90_000
    # What WordPress exports of the same blog stands among it, comments included.
    path = tmp_path / "blog.xml"
    path.write_text(WXR)
    with detect([path]) as export:
        report = operations.store_batch(
            channel=channel, items=export.read(), route=Route.OWNER_EXPORT, actor="system", now=NOW
        )
    assert (report.recognised, report.faults) == ({"post": 2, "comment": 1}, [])
    ordered = [item.sorted_at for item in Item.objects.filter(channel=channel)]
    assert ordered == sorted(ordered)
    posts = queries.items_matching(SearchQuery(kinds=("post",)), include_restricted=False)
    assert [one.url.rpartition("/")[2] for one in posts] == ["1", "2", "trail", "3"]
    # Every entry of the body's own blog is the body's; what residents say there is not.
    assert Item.objects.get(native_id="g-1").property_kind == "copyright"
    assert Item.objects.get(kind=Kind.COMMENT).property_kind == ""


def test_a_residents_comment_stands_in_the_thread_of_what_it_answers() -> None:
    staff, channel = a_channel_on("forum", "https://forum.example.org/c/parks")
    post = keep(staff, channel, "https://forum.example.org/t/1")
    comment = keep(
        staff, channel, "https://forum.example.org/t/1#2", kind=Kind.COMMENT, text="Until when?", author="robin",
        is_ours=False, answers="https://forum.example.org/t/1",
    )  # fmt: skip
    assert comment.url == "https://forum.example.org/t/1#2"
    assert (comment.parent_id, comment.property_holder) == (post.native_id, "")
    assert list(queries.thread_of(post)) == [post, comment]
    answer = keep(
        staff, channel, "https://forum.example.org/t/1#3", kind=Kind.COMMENT, text="Until Friday.",
        answers="https://forum.example.org/t/1#2",
    )  # fmt: skip
    # Moderators see the resident's comment as answered, and the channel's own words not at all.
    listed = conversation.visible_comments(a_person(Role.MODERATOR), now=NOW)
    assert [(one, one.is_answered) for one in listed] == [(comment, True)]
    # A person said whose they are: nothing captured contradicts it, and no alert asks again.
    watch = IntegrityWatch(channel=channel)
    assert list(posts_to_compare(channel, watch)) == []
    assert is_made_by_channel(channel, author_id=answer.author_id, author_handle="")


def test_what_cannot_be_kept_is_refused_with_why() -> None:
    staff, channel = a_channel_on("forum", "https://forum.example.org/c/parks")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"text": " "}, "nothing-said"),
        ({"author": ""}, "no-author"),
        ({"evidence": []}, "no-evidence"),
        ({"posted_at": NOW + timedelta(minutes=1)}, "not-yet"),
        ({"kind": Kind.COMMENT}, "answers-nothing"),
        ({"url": "https://www.facebook.com/wausau/posts/1"}, "other-platform"),
    ]
    for values, code in cases:
        with pytest.raises(Refused) as refusal:
            keep(staff, channel, **({"url": "https://forum.example.org/t/1"} | values))
        assert against(refusal) == [code]
    assert not Item.objects.exists()


def test_what_a_connector_captures_is_not_kept_twice() -> None:
    staff, channel = a_channel_on("square", "https://square.example.org/parks")
    with pytest.raises(Refused) as refusal:
        keep(staff, channel, "https://square.example.org/1")
    assert "captured-already" in against(refusal)
    assert queries.channels_kept_by_hand(staff.spokesperson, now=NOW) == []


def test_the_same_again_is_refused_and_a_change_is_a_further_version() -> None:
    staff, channel = a_channel_on("forum", "https://forum.example.org/c/parks")
    first = keep(staff, channel, "https://forum.example.org/t/1")
    with pytest.raises(Refused) as refusal:
        keep(staff, channel, "https://forum.example.org/t/1")
    assert against(refusal) == ["kept-already"]
    assert keep(staff, channel, "https://forum.example.org/t/1", text="It is open again.") == first
    assert [one.text for one in queries.versions_of(first)][-1] == "It is open again."


def test_bad_input_names_the_place_and_keeps_nothing() -> None:
    staff, channel = a_channel_on("forum", "https://forum.example.org/c/parks")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"files": [EvidenceFile("a.html", b"<script>")]}, "files"),
        ({"files": [EvidenceFile("a.mp4", VIDEO[:12] + b"0" * (50 << 20))]}, "files"),
        ({"files": [EvidenceFile("a.mp4", VIDEO)] * 6}, "files"),
        ({"evidence": [EvidenceFile("a.mp4", VIDEO)]}, "files"),
        ({"text": "a\0b"}, "text"),
        ({"kind": Kind.MESSAGE}, "kind"),
    ]
    for values, where in cases:
        with pytest.raises(InvalidInput) as problem:
            keep(staff, channel, **({"url": "https://forum.example.org/t/1"} | values))
        assert problem.value.where == where
    assert not Item.objects.exists()


def test_who_works_elsewhere_keeps_nothing_here() -> None:
    staff, channel = a_channel_on("forum", "https://forum.example.org/c/parks")
    with pytest.raises(Refused):
        keep(staff, channel, "https://forum.example.org/t/1", actor=a_person(Role.POSTER, name="Another Poster"))
    # A custodian of the whole body who works in another department and is an employee, too.
    custodian = a_person(Role.RECORDS_CUSTODIAN, Role.POSTER, unit=a_unit("clerk", "City Clerk"))
    assert queries.channels_kept_by_hand(custodian, now=NOW) == [channel]
    assert keep(staff, channel, "https://forum.example.org/t/1", actor=custodian)


def test_a_week_in_which_nobody_kept_anything_is_a_gap_until_somebody_explains_it() -> None:
    staff, channel = a_channel_on("forum", "https://forum.example.org/c/parks")
    jobs.capture_due({}, now=NOW)
    gap = Gap.objects.get()
    assert gap.from_at is None
    keep(staff, channel, "https://forum.example.org/t/1")
    operations.close_gap(gap_id=gap.public_id, because="Kept by hand.", actor=staff.coordinator, now=NOW)
    jobs.capture_due({}, now=NOW + timedelta(days=6, hours=23))
    assert not Gap.objects.filter(closed_at=None).exists()
    jobs.capture_due({}, now=NOW + timedelta(days=7))
    assert Gap.objects.get(closed_at=None).from_at == NOW
    # Told once, however often it is looked.
    jobs.capture_due({}, now=NOW + timedelta(days=8))
    assert Gap.objects.count() == 2


def test_how_a_platform_is_captured_promises_only_what_works() -> None:
    a_body()
    for platform in PLATFORMS.values():
        told = captured_how(platform)
        assert ("by hand" in told.casefold()) is (platform.slug not in registry.PLATFORMS), told
    assert "its data archive" in captured_how(PLATFORMS["x"])


@pytest.mark.proves("definition.platform-kinds")
@pytest.mark.parametrize(
    ("platform", "packs", "told"),
    [
        ("blog", "dma-2.110", "DMA-I-B-01"),
        ("feed", "dma-2.110", "DMA-I-B-04"),
        ("alert-service", "milwaukee-personal", "outside what MKE-III-03, MKE-III-04 calls social media"),
    ],
)
def test_who_asks_is_told_whether_the_definition_reaches_it_and_how_it_is_captured(
    platform: str, packs: str, told: str
) -> None:
    a_body(packs)
    staff = a_staff()
    client = signed_in(staff.head)
    page = client.get(reverse("channel-request")).content.decode()
    assert "By a person, by hand" in page
    form = {
        "platform": platform, "name": "The Guard", "url": "https://guard.example.org/news", "kind": "official_page",
        "unit": staff.unit.slug, "use": "official", "purpose": "News", "mission_goal": GOAL,
        "serves": [code for code, _ in pack.purposes()][:1], "business_case": "It reaches families",
        "risk_acknowledged": "on",
    }  # fmt: skip
    answer = client.post(reverse("channel-request"), form, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    said = [str(message) for message in answer.context["messages"]]
    assert any(told in one and "By a person" in one for one in said), said
    asked = Channel.objects.get()
    shown = signed_in(staff.coordinator).get(reverse("channel", args=[asked.slug])).content.decode()
    assert captured_how(PLATFORMS[platform]) in shown.replace("&#x27;", "'")
    assert ("Outside what the policy calls social media" in shown) is (platform == "alert-service")


def test_the_page_keeps_a_post_and_gives_back_what_was_typed() -> None:
    staff, channel = a_channel_on("forum", "https://forum.example.org/c/parks")
    client = signed_in(staff.spokesperson)
    page = reverse("archive-by-hand")
    form = {
        "channel": channel.public_id,
        "url": "https://forum.example.org/t/1",
        "kind": "post",
        "whose": "ours",
        "author": "Wausau Parks",
        "posted_at": local_text(NOW - timedelta(days=400)),
        "text": "The pool opens",
    }
    refused = client.post(page, form)
    assert refused.status_code == 409
    assert "The pool opens" in refused.content.decode()
    assert "Add a picture or a saved copy" in refused.content.decode()
    wrong = client.post(page, form | {"own_files": SimpleUploadedFile("a.html", b"<p>", "text/html")})
    assert wrong.status_code == 422
    kept = client.post(page, form | {"evidence": SimpleUploadedFile("seen.png", a_picture(), "image/png")})
    assert kept.status_code == 302, kept.content.decode()[-3000:]
    assert Item.objects.get().url == "https://forum.example.org/t/1"
