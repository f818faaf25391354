"""What staff post for the body on others' sites, kept by hand, with evidence, its owner and its place in the ledger."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from rostrum.areas.archive import operations, queries
from rostrum.areas.archive.capturing import _to_read_again
from rostrum.areas.archive.models import Item, Version
from rostrum.areas.archive.operations import EvidenceFile
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.channels.models import Channel, Platform
from rostrum.areas.ledger.models import Entry, Leaf
from rostrum.areas.people.forms.local_time import local_text
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.archive import make_channel
from tests.channels import NOW, Staff, a_body, a_picture, a_staff
from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db
URL = "https://forum.example.org/t/flood-help/812?page=2"
TEXT = "The Guard fills sandbags at the armory until 9 p.m."
PDF = b"%PDF-1.7 a saved copy"


def a_service(*packs: str) -> tuple[Staff, Channel]:
    a_body(*packs)
    staff = a_staff()
    return staff, make_channel(unit=staff.unit)


def keep(staff: Staff, channel: Channel, **overrides: Any) -> Item:
    values: dict[str, Any] = {
        "channel_id": channel.public_id,
        "url": URL,
        "place": "Forum of the river towns",
        "text": TEXT,
        "posted_at": NOW - timedelta(hours=3),
        "posted_by": staff.spokesperson,
        "is_official": True,
        "files": [EvidenceFile("seen.png", a_picture()), EvidenceFile("saved.pdf", PDF)],
        "actor": staff.spokesperson,
        "now": NOW,
    }
    return operations.keep_post_made_elsewhere(**(values | overrides))


def against(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


@pytest.mark.proves("custody.property-stamp")
def test_a_post_made_elsewhere_is_kept_with_its_evidence_and_its_owner() -> None:
    staff, channel = a_service("dma-2.110")

    item = keep(staff, channel)

    assert (item.property_holder, item.property_kind) == (channel.copyright_holder, "copyright")
    version = Version.objects.get(item=item)
    assert (version.text, version.route, version.url) == (TEXT, "user_supplied", URL)
    assert (item.author_name, item.published_at) == ("Sam Spokesperson", NOW - timedelta(hours=3))
    shown = {medium.name: medium for medium in version.media.all()}
    assert {name: medium.mime for name, medium in shown.items()} == {
        "seen.png": "image/png",
        "saved.pdf": "application/pdf",
    }
    assert queries.blobs().read(shown["saved.pdf"].sha256) == PDF
    told = json.loads(queries.raw_of(version))
    assert (told["url"], told["posted_by"], told["kept_by"]) == (URL, *[staff.spokesperson.public_id] * 2)
    assert {one["sha256"] for one in told["files"]} == {sha256(PDF).hexdigest(), sha256(a_picture()).hexdigest()}
    # One act, one entry, one leaf; nothing of the words in it.
    entry = Entry.objects.get(kind="archive.capture-stored.v1")
    assert (entry.actor, entry.body["route"], entry.body["versions"]) == (
        staff.spokesperson.public_id,
        "user_supplied",
        1,
    )
    assert TEXT not in entry.body_text
    assert Leaf.objects.filter(commitment=version.commitment).exists()
    assert [one.public_id for one in queries.items_matching(SearchQuery(text="sandbags"))] == [item.public_id]


@pytest.mark.proves("capture.elsewhere", "record.fixed-public")
def test_a_post_made_elsewhere_is_a_public_record_without_anybodys_choice() -> None:
    staff, channel = a_service()
    item = keep(staff, channel)
    assert queries.public_record_clauses(is_elsewhere=True) == ("WAU-use-10a",)
    page = signed_in(a_person(Role.RECORDS_CUSTODIAN)).get(reverse("archive-item", args=[item.public_id]))
    said = page.content.decode()
    assert "Yes, as everything posted for the body elsewhere" in said
    assert "WAU-use-10a" in said
    assert "WAU-use-10b" not in said
    assert "posted elsewhere: Forum of the river towns" in said
    assert (item.property_holder, item.property_kind) == (channel.owner, "property")


def test_the_same_again_is_refused_and_a_change_is_a_further_version() -> None:
    staff, channel = a_service()
    first = keep(staff, channel)
    with pytest.raises(Refused) as refusal:
        keep(staff, channel, now=NOW + timedelta(hours=1))
    assert against(refusal) == [("kept-already", None)]
    again = keep(staff, channel, text="The Guard has left the armory.", now=NOW + timedelta(hours=2))
    assert again == first
    assert [version.text for version in queries.versions_of(again)] == [TEXT, "The Guard has left the armory."]
    other = keep(staff, channel, url="https://forum.example.org/t/flood-help/813")
    assert other != first


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"is_official": False}, "not-official"),
        ({"text": "  "}, "no-text"),
        ({"place": ""}, "no-place"),
        ({"files": []}, "no-evidence"),
        ({"posted_at": NOW + timedelta(minutes=1)}, "not-yet"),
        ({"url": "https://x.com/wausau-parks/status/1"}, None),
    ],
)
def test_what_cannot_be_kept_is_refused_with_why(values: dict[str, Any], code: str | None) -> None:
    staff, channel = a_service("dma-2.110")
    if code is None:
        assert keep(staff, channel, **values)
        return
    with pytest.raises(Refused) as refusal:
        keep(staff, channel, **values)
    assert [found for found, _ in against(refusal)] == [code]
    assert not Item.objects.exists()


def test_what_stands_on_a_channel_of_ours_is_captured_there() -> None:
    staff, channel = a_service()
    x, _ = Platform.objects.get_or_create(slug="x", defaults={"name": "X"})
    Channel.objects.filter(pk=channel.pk).update(platform=x, handle="WausauParks")
    with pytest.raises(Refused) as refusal:
        keep(staff, channel, url="https://www.x.com/wausauparks/status/12")
    assert against(refusal) == [("own-channel", None)]


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "not an address"}, "url"),
        ({"files": [EvidenceFile("a.gif", b"GIF89a")]}, "files"),
        ({"files": [EvidenceFile("big.pdf", b"%PDF-" + b"0" * (20 * 1024 * 1024))]}, "files"),
        ({"files": [EvidenceFile("a.pdf", PDF)] * 6}, "files"),
        ({"text": "a\0b"}, "text"),
        ({"place": "x" * 201}, "place"),
    ],
)
def test_bad_input_names_the_place_and_keeps_nothing(values: dict[str, Any], where: str) -> None:
    staff, channel = a_service()
    with pytest.raises(InvalidInput) as problem:
        keep(staff, channel, **values)
    assert problem.value.where == where
    assert not Item.objects.exists()


def test_people_keep_their_own_posts_and_custodians_those_of_others() -> None:
    staff, channel = a_service()
    stranger = a_person(Role.POSTER, name="Another Poster")
    with pytest.raises(Refused) as refusal:
        keep(staff, channel, actor=stranger)
    assert not Item.objects.exists(), against(refusal)
    custodian = a_person(Role.RECORDS_CUSTODIAN)
    assert keep(staff, channel, actor=custodian).author_id == staff.spokesperson.public_id


def test_no_look_at_the_channel_asks_its_platform_for_a_post_made_elsewhere() -> None:
    staff, channel = a_service()
    keep(staff, channel)
    for platform in ("elsewhere", "square"):
        assert _to_read_again(channel, platform, now=NOW) == ([], [])


def test_the_page_keeps_a_post_and_gives_back_what_was_typed() -> None:
    staff, channel = a_service()
    client = signed_in(staff.spokesperson)
    page = reverse("archive-elsewhere")
    assert page in client.get(reverse("write")).content.decode()
    assert page in signed_in(a_person(Role.RECORDS_CUSTODIAN)).get(reverse("archive")).content.decode()
    form = {
        "url": URL,
        "place": "Forum of the river towns",
        "text": TEXT,
        "posted_at": local_text(NOW - timedelta(days=400)),
        "posted_by": staff.spokesperson.email,
        "is_official": "yes",
        "channel": channel.public_id,
    }
    refused = client.post(page, form)
    assert refused.status_code == 409
    assert TEXT in refused.content.decode()
    assert "Add a picture or a saved copy" in refused.content.decode()
    picture = SimpleUploadedFile("seen.png", a_picture(), "image/png")
    wrong = client.post(page, form | {"posted_by": "nobody@nowhere.example", "evidence": picture})
    assert wrong.status_code == 422
    assert "Nobody of the body has this address" in wrong.content.decode()
    pictures = [SimpleUploadedFile(name, a_picture(), "image/png") for name in ("a.png", "b.png")]
    kept = client.post(page, form | {"evidence": pictures})
    item = Item.objects.get()
    assert kept.status_code == 302
    # The spokesperson keeps it, and may not read the archive.
    assert kept["Location"] == page
    assert item.author_id == staff.spokesperson.public_id
    assert Version.objects.get().media.count() == 2
