"""A long form that a rule refuses comes back as it was typed, with the reason beside its field; secrets never do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.channels.operations import register_found
from rostrum.areas.channels.operations.questions import ask_coordinator
from rostrum.areas.people.forms.local_time import local_text
from rostrum.areas.people.operations import deny_posting
from rostrum.areas.people.rules import Role
from tests.areas.test_custody import FIRST, SECOND, a_facebook_channel
from tests.channels import NOW, Staff, a_body, a_live_channel, a_requested_channel, a_staff
from tests.people import a_person, signed_in
from tests.terms import begun, keep_both
from tests.web.test_registry_pages import a_list

pytestmark = pytest.mark.django_db
TYPED = "Typed with care, and at some length"


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def beside(page: str, field: str) -> str:
    """What the page says beside this field."""
    return page.split(f'id="{field}-error"')[1].split("</span>", maxsplit=1)[0] if f'id="{field}-error"' in page else ""


def test_a_refused_deposit_keeps_its_time_and_shows_no_secret(staff: Staff) -> None:
    channel, client = a_facebook_channel(staff), signed_in(staff.coordinator)
    to_come = local_text(timezone.now() + timedelta(days=2))
    page = client.post(
        reverse("channel-deposit", args=[channel.slug]),
        {"password": SECOND, "recovery_codes": "1111-2222", "why_shared": TYPED, "changed_at": to_come},
    )
    assert page.status_code == 409
    assert "a time to come" in beside(page.text, "id_changed_at")
    assert f'value="{to_come}"' in page.text
    for secret in (FIRST, SECOND, "1111-2222", TYPED):
        assert secret not in page.text


def test_a_refused_request_for_a_right_keeps_every_word(staff: Staff) -> None:
    channel = a_live_channel(staff)
    deny_posting(person=staff.spokesperson, reason="Not now", actor=staff.coordinator, now=timezone.now())
    page = signed_in(staff.head).post(
        reverse("ask-right"),
        {
            "person": staff.spokesperson.email,
            "where": f"channel:{channel.slug}",
            "right": "moderate",
            "need": TYPED,
            "job_duty": "Answers residents",
        },
    )
    assert page.status_code == 409
    assert "denied" in beside(page.text, "id_person").lower()
    assert TYPED in page.text
    assert "Answers residents" in page.text


def test_a_refused_separation_keeps_when_and_where_to_ask(staff: Staff) -> None:
    leaver, client = a_person(name="Lou Leaver"), signed_in(a_person(Role.HR))
    long_ago = local_text(timezone.now() - timedelta(days=90))
    page = client.post(
        reverse("start-separation", args=[leaver.public_id]), {"at": long_ago, "contact": "lou@home.example"}
    )
    assert page.status_code == 409
    assert "at most 60 days back" in beside(page.text, "id_at")
    assert "lou@home.example" in page.text
    assert long_ago in page.text


def test_answers_about_the_terms_that_are_refused_stand_there_unsaved(staff: Staff) -> None:
    keep_both("square", staff.coordinator)
    review = begun(staff, a_requested_channel(staff)).public_id
    another = signed_in(staff.coordinator)
    page = another.post(
        reverse("terms-review-save", args=[review]),
        {"fit-for-purpose-choice": "yes", "fit-for-purpose-note": TYPED, "risks": "Costs"},
    )
    assert page.status_code == 409
    assert "This is for the reader that was named." in page.text
    assert TYPED in page.text
    assert TYPED not in another.get(reverse("terms-review", args=[review])).text


def test_an_answer_that_cites_no_clause_here_is_not_lost(staff: Staff) -> None:
    question = ask_coordinator(text="May I?", actor=staff.spokesperson, now=timezone.now())
    page = signed_in(staff.coordinator).post(
        reverse("channel-question", args=[question.public_id]), {"answer": TYPED, "clause": "WAU-nowhere-99"}
    )
    assert page.status_code == 422
    assert TYPED in page.text
    assert beside(page.text, "id_clause")


def test_a_held_list_keeps_the_reason_that_was_not_enough(staff: Staff) -> None:
    desk = signed_in(staff.coordinator)
    register_found(
        platform="x", handle="wausaufire", name="Wausau Fire", unit=staff.unit, actor=staff.coordinator, now=NOW
    )
    one = a_list(staff)
    decide = reverse("channel-list-decide", args=[one.public_id])
    page = desk.post(decide, {"act": "release", "reason": " "})
    assert page.status_code == 422
    assert beside(page.text, "id_reason")
    # Released once, it cannot be released again; why is said on the page, with what was typed.
    assert desk.post(decide, {"act": "release", "reason": "Parks only"}).status_code == 302
    again = desk.post(decide, {"act": "release", "reason": TYPED})
    assert again.status_code == 409
    assert "Read, nothing taken in yet" in again.text
    assert TYPED in again.text
