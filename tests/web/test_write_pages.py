"""The pages for writing and review as their visitors use them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.channels.models import Channel
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.models import Approval, Check, Clearance, Draft, DraftMedia, DraftRevision, Publication
from rostrum.areas.publishing.rules import DraftState, Outcome
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, a_unit, signed_in
from tests.publishing import PNG, TEXT, a_draft, a_scheduled_draft, a_submitted_draft, edit, speaks_on, work
from tests.simulators import misbehaving

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.fixture
def channel(staff: Staff, square: Square) -> Channel:
    made = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, made)
    return made


def written(channel: Channel, **changes: object) -> dict[str, object]:
    return {
        "text": TEXT,
        "channels": [channel.public_id],
        "publish_at": "",
        "about": "",
        "answer_official_topic": "parks",
        "act": "save",
        "request_token": "token-1",
    } | changes


def act(client: Client, name: str, draft: Draft, **fields: str) -> object:
    return client.post(reverse(name, args=[draft.public_id]), fields)


def test_a_post_lives_from_the_editor_to_the_channel_through_the_pages(
    staff: Staff, square: Square, channel: Channel
) -> None:
    author, head = signed_in(staff.spokesperson), signed_in(staff.head)
    page = author.get(reverse("draft-new"))
    assert channel.name in page.text
    assert "Which official topic" in page.text

    answer = author.post(reverse("draft-new"), written(channel))
    draft = Draft.objects.get()
    assert answer["Location"] == reverse("draft-edit", args=[draft.public_id])
    assert "Nothing in the policy stands against it so far." in author.get(answer["Location"]).text
    assert act(author, "draft-submit", draft).status_code == 302

    page = author.get(reverse("draft", args=[draft.public_id]))
    assert "Authors cannot approve their own drafts." in page.text
    assert "Waiting for you to approve" in head.get(reverse("write")).text
    page = head.get(reverse("draft", args=[draft.public_id]))
    digest = queries.current_revision(draft).digest
    assert TEXT in page.text
    assert digest in page.text
    assert act(head, "draft-approve", draft, digest=digest).status_code == 302
    assert act(author, "draft-schedule", draft).status_code == 302
    work(list(Publication.objects.all()), now=timezone.now())

    assert square.posts() == [TEXT]
    page = author.get(reverse("draft", args=[draft.public_id]))
    assert "Not captured back yet" in page.text
    for words in ("Begun", "Handed in", "Approved", "Scheduled", "Published"):
        assert words in page.text


def test_a_draft_sent_twice_is_saved_once(staff: Staff, channel: Channel) -> None:
    client = signed_in(staff.spokesperson)
    first = client.post(reverse("draft-new"), written(channel))
    second = client.post(reverse("draft-new"), written(channel))
    assert first["Location"] == second["Location"]
    assert Draft.objects.count() == 1


def test_an_approval_sent_twice_is_one(staff: Staff, channel: Channel) -> None:
    draft, client = a_submitted_draft(staff, channel), signed_in(staff.head)
    digest = queries.current_revision(draft).digest
    for _ in range(2):
        assert act(client, "draft-approve", draft, digest=digest, request_token="t").status_code == 302
    assert Approval.objects.count() == 1


def test_the_findings_appear_while_writing_and_nothing_is_kept(staff: Staff, channel: Channel) -> None:
    client = signed_in(staff.spokesperson)
    text = "Mrs. Novak (715-555-0142) found a dog. #communitycleanup <b>bold</b>"
    page = client.post(
        reverse("draft-new-check"), written(channel, text=text, request_token=""), headers={"HX-Request": "true"}
    )
    assert page.status_code == 200
    assert "<html" not in page.text
    assert "<mark>715-555-0142</mark>" in page.text
    assert "#CommunityCleanup" in page.text
    assert "leaving out addresses" in page.text
    assert f"{len(text)} of 500 characters" in page.text or f"{len(text)} characters" in page.text
    assert "&lt;b&gt;" in page.text
    assert not Draft.objects.exists()
    assert not Check.objects.exists()


def test_without_scripts_the_check_button_shows_the_same_on_a_full_page(staff: Staff, channel: Channel) -> None:
    client = signed_in(staff.spokesperson)
    page = client.post(reverse("draft-new"), written(channel, text="Call 715-555-0142 now.", act="check"))
    assert page.status_code == 200
    assert "<mark>715-555-0142</mark>" in page.text
    assert "Call 715-555-0142 now.</textarea>" in page.text
    assert not Draft.objects.exists()
    assert client.post(reverse("draft-new"), written(channel)).status_code == 302


def test_an_image_is_uploaded_described_and_dropped_again(staff: Staff, channel: Channel) -> None:
    client = signed_in(staff.spokesperson)
    upload = SimpleUploadedFile("pad.png", PNG, content_type="image/png")
    client.post(reverse("draft-new"), written(channel, file_1=upload, alt_1=""))
    draft, image = Draft.objects.get(), DraftMedia.objects.get()
    editor = reverse("draft-edit", args=[draft.public_id])
    assert "no alternative text" in client.get(editor).text
    shown = client.get(reverse("draft-medium", args=[draft.public_id, image.blob]))
    assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")

    kept = {f"keep_{image.blob}": "1", f"words_{image.blob}": "Children run through the fountain"}
    assert client.post(editor, written(channel, request_token="t2", **kept)).status_code == 302
    assert queries.current_revision(draft).media.get().alt == "Children run through the fountain"
    assert "no alternative text" not in client.get(editor).text

    assert client.post(editor, written(channel, request_token="t3")).status_code == 302
    assert not queries.current_revision(draft).media.exists()


def test_a_file_that_is_no_image_is_named_and_the_text_stays(staff: Staff, channel: Channel) -> None:
    client = signed_in(staff.spokesperson)
    upload = SimpleUploadedFile("x.png", b"<script>alert(1)</script>", content_type="image/png")
    page = client.post(reverse("draft-new"), written(channel, file_1=upload))
    assert page.status_code == 422
    assert "x.png" in page.text
    assert TEXT in page.text
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "status"),
    [("2027-06-01T10:00", 302), ("2027-03-14T02:30", 422), ("2027-13-01T10:00", 422), ("soon", 422)],
)
def test_a_time_is_read_in_the_bodys_zone_and_one_the_clocks_skip_is_refused(
    staff: Staff, channel: Channel, typed: str, status: int
) -> None:
    client = signed_in(staff.spokesperson)
    assert client.post(reverse("draft-new"), written(channel, publish_at=typed)).status_code == status
    if status == 302:
        revision = DraftRevision.objects.get()
        assert revision.publish_at is not None
        assert revision.publish_at.isoformat() == "2027-06-01T15:00:00+00:00"
        assert f'value="{typed}"' in client.get(reverse("draft-edit", args=[revision.draft.public_id])).text


def test_saving_without_a_change_says_so(staff: Staff, channel: Channel) -> None:
    draft, client = a_draft(staff, channel), signed_in(staff.spokesperson)
    page = client.post(reverse("draft-edit", args=[draft.public_id]), written(channel))
    assert page.status_code == 422
    assert "nothing was changed" in page.text


def test_another_departments_draft_is_not_there_for_a_spokesperson(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel)
    police = a_unit("police", "Police Department")
    stranger = a_person(Role.POSTER, unit=police, over=police)
    speaks_on(stranger, channel)
    client = signed_in(stranger)
    assert TEXT not in client.get(reverse("write")).text
    for name in ("draft", "draft-edit"):
        assert client.get(reverse(name, args=[draft.public_id])).status_code == 404
    for name in ("draft-submit", "draft-check-text", "draft-schedule", "draft-withdraw", "draft-correct"):
        assert act(client, name, draft, text="x").status_code == 404
    assert client.get(reverse("draft-medium", args=[draft.public_id, "0" * 64])).status_code == 404


def test_a_spokesperson_does_not_reach_the_approvers_acts(staff: Staff, channel: Channel) -> None:
    draft, client = a_submitted_draft(staff, channel), signed_in(staff.spokesperson)
    for name in ("draft-approve", "draft-return", "draft-clear"):
        assert act(client, name, draft, digest="x", note="x", reason="x").status_code == 403


def test_what_was_changed_after_it_was_shown_is_not_approved(staff: Staff, channel: Channel) -> None:
    draft, client = a_submitted_draft(staff, channel), signed_in(staff.head)
    shown = queries.current_revision(draft).digest
    edit(draft, staff.spokesperson, text="The splash pad opens on Sunday.")
    operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)
    page = act(client, "draft-approve", draft, digest=shown)
    assert page.status_code == 409
    assert "changed after it was shown" in page.text
    assert not Approval.objects.exists()


def test_a_warning_is_cleared_and_a_draft_returned_on_its_page(staff: Staff, channel: Channel) -> None:
    draft, client = a_submitted_draft(staff, channel, text=f"{TEXT} #communitycleanup"), signed_in(staff.head)
    page = client.get(reverse("draft", args=[draft.public_id]))
    assert "A warning is neither heeded nor cleared" in page.text
    (key,) = [part.split('"')[0] for part in page.text.split('name="finding" value="')[1:]]
    assert act(client, "draft-clear", draft, finding=key, reason="The campaign's own tag").status_code == 302
    page = client.get(reverse("draft", args=[draft.public_id]))
    assert "The campaign&#x27;s own tag" in page.text
    assert "A warning is neither heeded nor cleared" not in page.text
    assert Clearance.objects.count() == 1
    assert act(client, "draft-return", draft, note="Say which Saturday").status_code == 302
    assert "Say which Saturday" in signed_in(staff.spokesperson).get(reverse("draft", args=[draft.public_id])).text


def test_consent_is_recorded_on_the_drafts_page(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, text="The Police Department closes Grant Street.")
    client = signed_in(staff.spokesperson)
    assert "Consent of others" in client.get(reverse("draft", args=[draft.public_id])).text
    consent = {"party": "Police Department", "given_by": "Chief Barnes", "given_on": "2026-11-01", "how": "Letter"}
    assert act(client, "draft-consent", draft, **(consent | {"given_on": "someday"})).status_code == 422
    assert act(client, "draft-consent", draft, **consent).status_code == 302
    assert "Chief Barnes" in client.get(reverse("draft", args=[draft.public_id])).text
    assert act(client, "draft-check", draft).status_code == 302
    assert act(client, "draft-submit", draft).status_code == 302


def test_an_unclear_post_is_settled_by_who_looked(staff: Staff, square: Square, channel: Channel) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.silent, "POST", "/api/posts")
    work(publications)
    client = signed_in(staff.spokesperson)
    page = client.get(reverse("draft", args=[draft.public_id]))
    assert "Unclear; a person must look" in page.text
    resolve = reverse("publication-resolve", args=[publications[0].public_id])
    assert TEXT in client.get(resolve).text
    assert client.post(resolve, {"found": "yes"}).status_code == 422
    assert client.post(resolve, {"found": "no"}).status_code == 302
    publications[0].refresh_from_db()
    assert publications[0].outcome == Outcome.NOT_PUBLISHED
    stranger = signed_in(a_person(Role.POSTER, over=a_unit("police", "Police Department")))
    assert stranger.post(resolve, {"found": "no"}).status_code == 404


def test_a_failed_post_is_tried_again_from_its_page(staff: Staff, square: Square, channel: Channel) -> None:
    _, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.lost_token, "POST", "/api/posts")
    work(publications)
    client = signed_in(staff.spokesperson)
    assert client.post(reverse("publication-retry", args=[publications[0].public_id])).status_code == 302
    publications[0].refresh_from_db()
    work(publications, now=publications[0].due_at + timedelta(seconds=1))
    assert square.posts() == [TEXT]


def test_a_published_post_is_corrected_and_withdrawn_from_its_page(
    staff: Staff, square: Square, channel: Channel
) -> None:
    draft, publications = a_scheduled_draft(staff, channel)
    work(publications)
    client = signed_in(staff.spokesperson)
    answer = act(client, "draft-correct", draft)
    correction = Draft.objects.get(corrects=draft)
    assert answer["Location"] == reverse("draft-edit", args=[correction.public_id])
    assert "Say openly what was wrong" in client.get(answer["Location"]).text
    assert (
        "A correction of this post is already being written."
        in client.get(reverse("draft", args=[draft.public_id])).text
    )
    assert act(client, "draft-withdraw", draft, reason="").status_code == 409
    assert act(client, "draft-withdraw", draft, reason="The pad is broken").status_code == 302
    page = client.get(reverse("draft", args=[draft.public_id]))
    assert "The pad is broken" in page.text
    assert "being taken down" in page.text


def test_a_scheduled_post_is_called_off_from_its_page(staff: Staff, channel: Channel) -> None:
    draft, _ = a_scheduled_draft(staff, channel, publish_at=NOW + timedelta(days=400))
    client = signed_in(staff.spokesperson)
    assert act(client, "draft-call-off", draft).status_code == 302
    draft.refresh_from_db()
    assert draft.state == DraftState.APPROVED


def test_the_list_shows_one_state_at_a_time(staff: Staff, channel: Channel) -> None:
    a_draft(staff, channel, text="Still being written.")
    a_submitted_draft(staff, channel, text="Already handed in.")
    page = signed_in(staff.spokesperson).get(reverse("write"), {"state": "in_review"})
    assert "Already handed in." in page.text
    assert "Still being written." not in page.text


def test_who_writes_for_no_department_is_told(staff: Staff) -> None:
    assert signed_in(a_person(Role.EMPLOYEE)).get(reverse("draft-new")).status_code == 403
    assert signed_in(a_person(Role.MODERATOR)).get(reverse("write")).status_code == 403


def test_today_shows_what_waits_for_whom(staff: Staff, square: Square, channel: Channel) -> None:
    returned = a_submitted_draft(staff, channel, text="Say which Saturday it is.")
    operations.return_draft(draft_id=returned.public_id, note="Which?", actor=staff.head, now=NOW)
    a_submitted_draft(staff, channel, text="The pool is open.")
    _, publications = a_scheduled_draft(staff, channel)
    square.transport.next(misbehaving.lost_token, "POST", "/api/posts")
    work(publications)

    head = signed_in(staff.head).get(reverse("today")).text
    assert "Posts to approve" in head
    assert "The pool is open." in head
    author = signed_in(staff.spokesperson).get(reverse("today")).text
    assert "Returned to me" in author
    assert "Say which Saturday it is." in author
    assert "Posts that did not get through" in author
    assert "Channels in trouble" in signed_in(staff.coordinator).get(reverse("today")).text


def test_a_post_is_titled_by_its_first_words_and_the_editor_marks_only_what_must_be_filled(
    staff: Staff, channel: Channel
) -> None:
    client = signed_in(staff.spokesperson)
    draft = a_draft(staff)
    page = client.get(reverse("draft", args=[draft.public_id])).content.decode()
    assert f"<h1>{queries.current_revision(draft).text[:20]}" in page
    editor = client.get(reverse("draft-new")).content.decode()
    assert "(optional)" not in editor
    assert "A post needs a text or an image." in editor
