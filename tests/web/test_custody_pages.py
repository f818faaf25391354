"""The pages of custody as their visitors use them: nothing secret in them, nothing of them kept, every act in reach."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.channels import custody, queries
from rostrum.areas.channels.models import Channel, EmergencyRight, LogInDisclosure
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.forms.local_time import local_text
from rostrum.areas.people.models import PostedForm, RoleGrant
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing.models import Draft, Publication
from rostrum.worker.loop import Worker
from tests.areas.test_custody import FIRST, SECOND, SEED, a_facebook_channel, opened
from tests.channels import Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, a_unit, signed_in
from tests.publishing import a_draft, speaks_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


def at(name: str, channel: Channel) -> str:
    return reverse(name, args=[channel.slug])


def is_kept_nowhere(answer: Any) -> bool:
    return "no-store" in answer["Cache-Control"]


def changed(**fields: str) -> dict[str, str]:
    return {"changed_at": local_text(timezone.now())} | fields


def a_held_channel(staff: Staff) -> Channel:
    """A channel whose log-in is in custody for two days: pages read the real clock."""
    channel, before = a_facebook_channel(staff), timezone.now() - timedelta(days=2)
    credential = queries.credential_in_force(channel)
    assert credential is not None
    credential.deposited_at = credential.changed_at = before
    credential.parts = dict.fromkeys(credential.parts, before.isoformat())
    credential.save()
    return channel


def test_a_deposit_is_typed_in_once_and_never_sent_back(staff: Staff) -> None:
    channel, client = a_held_channel(staff), signed_in(staff.coordinator)
    page = client.get(at("channel-deposit", channel))
    assert is_kept_nowhere(page)
    assert FIRST not in page.text
    assert "parks-page" not in page.text
    assert 'autocomplete="new-password"' in page.text

    wrong = client.post(
        at("channel-deposit", channel),
        changed(
            login="other-page", password=SECOND, recovery_codes="1111-2222", totp_seed="no seed!", request_token="t"
        ),
    )
    assert wrong.status_code == 422
    assert is_kept_nowhere(wrong)
    for typed in ("other-page", SECOND, "1111-2222", "no seed!"):
        assert typed not in wrong.text

    done = client.post(at("channel-deposit", channel), changed(password=SECOND, totp_seed=SEED, request_token="t2"))
    assert done.status_code == 302
    assert opened(channel) == {"login": "parks-page", "password": SECOND, "totp_seed": SEED}
    assert set(PostedForm.objects.values_list("content", flat=True)) == {""}, "not even a digest of it is kept"
    assert (
        client.post(at("channel-deposit", channel), changed(password=SECOND, totp_seed=SEED, request_token="t2"))[
            "Location"
        ]
        == done["Location"]
    )


def test_a_refused_deposit_names_the_reason_and_quotes_nothing(staff: Staff) -> None:
    channel, client = a_held_channel(staff), signed_in(staff.coordinator)
    page = client.post(at("channel-deposit", channel), changed(password=FIRST))
    assert page.status_code == 409
    assert is_kept_nowhere(page)
    assert "is or was in use" in page.text
    assert FIRST not in page.text


def test_a_time_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first(staff: Staff) -> None:
    channel, client = a_held_channel(staff), signed_in(staff.coordinator)
    page = client.post(at("channel-deposit", channel), {"password": SECOND, "changed_at": "2026-03-08T02:30"})
    assert page.status_code == 422
    assert "skip this time" in page.text
    client.post(at("channel-changed", channel), {"changed_at": "2026-11-01T01:30"})
    assert not Duty.objects.filter(kind="channels.record-change").exists(), "older than the log-in in custody"


def test_a_late_change_is_shown_as_late_on_the_channel_and_in_the_overview(staff: Staff) -> None:
    channel, client = a_held_channel(staff), signed_in(staff.coordinator)
    credential = queries.credential_in_force(channel)
    assert credential is not None
    type(credential).objects.filter(pk=credential.pk).update(due_at=credential.deposited_at - timedelta(hours=1))
    for page in (client.get(at("channel", channel)), client.get(reverse("custody"))):
        assert "Recorded late" in page.text


def test_the_code_page_shows_codes_and_their_seconds_and_never_the_seed(staff: Staff) -> None:
    channel, client = a_held_channel(staff), signed_in(staff.coordinator)
    assert "No seed is in custody" in client.get(at("channel-code", channel)).text
    client.post(at("channel-deposit", channel), changed(totp_seed=SEED))
    asked = client.get(at("channel-code", channel))
    shown = client.post(at("channel-code", channel))
    for page in (asked, shown):
        assert is_kept_nowhere(page)
        assert SEED not in page.text
    assert "The code" not in asked.text
    assert "Good for" in shown.text


def test_two_persons_and_the_log_in_stands_on_one_page_once(staff: Staff) -> None:
    second = a_person(Role.COORDINATOR, name="Robin Deputy")
    channel = a_held_channel(staff)
    first, other = signed_in(staff.coordinator), signed_in(second)
    assert "Robin Deputy" in first.get(at("channel-disclose", channel)).text
    asked = first.post(at("channel-disclose", channel), {"parts": ["password"], "reason": "The site moves"})
    page = asked["Location"]
    found = LogInDisclosure.objects.get()
    assert "A second person must confirm" in first.get(page).text
    show = reverse("custody-show", args=[found.public_id])
    assert first.post(show).status_code == 409
    assert first.post(reverse("custody-confirm", args=[found.public_id])).status_code == 409
    assert found.requested_by.name in other.get(reverse("custody")).text
    assert other.post(reverse("custody-confirm", args=[found.public_id])).status_code == 302

    seen = first.post(show)
    assert (seen.status_code, is_kept_nowhere(seen)) == (200, True)
    assert FIRST in seen.text
    assert "has to be changed" in seen.text
    again = first.post(show)
    assert again.status_code == 409
    assert FIRST not in again.text
    assert first.get(show).status_code == 302
    assert FIRST not in first.get(page).text + first.get(at("channel", channel)).text
    assert "Seen, to be changed" in first.get(at("channel", channel)).text


def test_others_do_not_find_a_request_to_see_a_log_in(staff: Staff) -> None:
    channel = a_held_channel(staff)
    signed_in(staff.coordinator).post(at("channel-disclose", channel), {"parts": ["password"], "reason": "x"})
    found = LogInDisclosure.objects.get()
    assert signed_in(staff.head).get(reverse("custody-disclosure", args=[found.public_id])).status_code == 403


def test_a_missing_key_stands_on_every_page_it_concerns_and_goes_away_with_the_key(
    staff: Staff, square: Square
) -> None:
    channel, client = a_live_channel(staff, token=square.token), signed_in(staff.coordinator)
    key = Path(settings.KEYS_FOLDER) / custody.KEY_NAME
    kept = key.read_text()
    pages = [at("channel", channel), at("channel-deposit", channel), reverse("custody")]
    key.unlink()
    for address in pages:
        page = client.get(address)
        assert page.status_code == 200
        assert "Put the custody key back" in page.text, address
    key.write_text("44" * 32)
    assert "is not there; another key is" in client.get(pages[0]).text
    key.write_text(kept)
    for address in pages:
        assert "custody key back" not in client.get(address).text


def test_the_overview_is_for_who_manages_channels_and_shows_theirs(staff: Staff) -> None:
    channel = a_held_channel(staff)
    elsewhere = a_person(Role.DEPARTMENT_HEAD, over=a_unit("library", "Library"))
    assert channel.name in signed_in(staff.head).get(reverse("custody")).text
    assert channel.name not in signed_in(elsewhere).get(reverse("custody")).text
    assert channel.name in signed_in(a_person(Role.IT_DIRECTOR)).get(reverse("custody")).text
    assert signed_in(staff.spokesperson).get(reverse("custody")).status_code == 403


def reasons(answer: Any) -> str:
    """What stands on a page of refusal."""
    return " ".join(re.findall(r"(?:<li>|error-message[^>]*>)([^<]+)<", answer.text))


# Break-glass


def in_an_emergency(client: Client, channel: Channel, text: str) -> tuple[int, Publication]:
    """What a second officer does, page by page, from the channel to the post; how many pages it took."""
    pages = 1
    assert at("channel-emergency", channel) in client.get(at("channel", channel)).text
    pages += 1
    assert client.get(at("channel-emergency", channel)).status_code == 200
    taken = client.post(at("channel-emergency", channel), {"reason": "The dam is overflowing", "request_token": "a"})
    pages += 1
    editor = client.get(taken["Location"])
    assert f'value="{channel.public_id}"' in editor.text
    written = client.post(
        taken["Location"],
        {
            "text": text,
            "channels": [channel.public_id],
            "answer_official_topic": "parks",
            "official_topic": "parks",
            "act": "save",
            "request_token": "b",
        },
    )
    assert written.status_code == 302, reasons(written)
    pages += 1
    draft = Draft.objects.latest("pk")
    page = client.get(written["Location"])
    assert "Publish now" in page.text
    assert written["Location"] == reverse("draft", args=[draft.public_id])
    digest = draft.revisions.latest("number").digest
    sent = client.post(reverse("draft-emergency", args=[draft.public_id]), {"digest": digest, "request_token": "c"})
    assert sent.status_code == 302, reasons(sent)
    Worker().run_until_idle()
    return pages, Publication.objects.latest("pk")


@pytest.mark.parametrize("who", ["head", "public_affairs"])
def test_a_second_officer_posts_in_four_pages_and_three_forms_without_a_coordinator(
    staff: Staff, square: Square, who: str
) -> None:
    channel = a_live_channel(staff, token=square.token)
    # The department has its spokesperson, who cannot be reached, and so cannot the coordinator.
    speaks_on(staff.spokesperson, channel)
    RoleGrant.objects.filter(role=Role.COORDINATOR).delete()
    officer = getattr(staff, who)
    begun = timezone.now()

    pages, publication = in_an_emergency(signed_in(officer), channel, "Keep away from the river banks.")

    assert pages == 4
    # Everything the product itself does of the two minutes; the rest is one person reading and typing.
    assert timezone.now() - begun < timedelta(seconds=30)
    assert publication.outcome == "published"
    assert square.posts() == ["Keep away from the river banks."]
    found = EmergencyRight.objects.get()
    page = signed_in(staff.public_affairs if who == "head" else staff.head).get(
        reverse("custody-emergency", args=[found.public_id])
    )
    assert publication.url in page.text
    assert found.reason in page.text


def test_nobody_lets_a_post_out_without_the_emergency_right(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, channel)
    draft = a_draft(staff, channel)
    digest = draft.revisions.latest("number").digest
    client = signed_in(staff.spokesperson)
    assert "Publish now" not in client.get(reverse("draft", args=[draft.public_id])).text
    answer = client.post(reverse("draft-emergency", args=[draft.public_id]), {"digest": digest})
    assert answer.status_code == 409
    assert "no emergency right" in answer.text
    assert not Publication.objects.exists()


def test_what_the_policy_blocks_it_blocks_in_an_emergency_too(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    client = signed_in(staff.head)
    client.post(at("channel-emergency", channel), {"reason": "A flood"})
    client.post(
        reverse("draft-new"),
        {
            "text": "Call Vera Visitor, 715-555-0134, at home.",
            "channels": [channel.public_id],
            "answer_official_topic": "parks",
            "official_topic": "parks",
            "act": "save",
        },
    )
    draft = Draft.objects.get()
    digest = draft.revisions.latest("number").digest
    answer = client.post(reverse("draft-emergency", args=[draft.public_id]), {"digest": digest})
    assert answer.status_code == 409
    assert not Publication.objects.exists()


def test_the_review_is_read_and_closed_on_its_page_by_another(staff: Staff, square: Square) -> None:
    channel = a_live_channel(staff, token=square.token)
    officer, reviewer = signed_in(staff.head), signed_in(staff.coordinator)
    officer.post(at("channel-emergency", channel), {"reason": "A flood"})
    page = reverse("custody-emergency", args=[EmergencyRight.objects.get().public_id])
    assert "still runs" in reviewer.get(page).text
    officer.post(reverse("custody-end-emergency", args=[EmergencyRight.objects.get().public_id]))
    review = reverse("custody-review-emergency", args=[EmergencyRight.objects.get().public_id])
    answers = {"verdict": "justified", "findings": "It had to be."}
    assert officer.post(review, answers).status_code == 409
    assert reviewer.post(review, {"verdict": "justified", "findings": ""}).status_code == 422
    assert "Review an emergency right" not in reviewer.get(page).text
    assert reviewer.post(review, answers).status_code == 302
    assert "It had to be." in reviewer.get(page).text
    assert not Duty.objects.filter(kind="channels.review-emergency", closed_at=None).exists()
