"""The pages of reviews and of readings of user content, as their visitors use them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from rostrum.areas.assurance.models import ActivityReview, ContentReading
from rostrum.areas.people.rules import Role
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import a_body
from tests.people import PASSWORD, a_person, signed_in
from tests.reviews import FROM, a_busy_channel, a_review

EMAIL = "affairs@dma.example"


def fields(channel: str) -> dict[str, object]:
    return {
        "channels": [channel],
        "from_on": FROM.date().isoformat(),
        "to_on": (FROM + timedelta(days=2)).date().isoformat(),
        "wanted": "3",
    }


@pytest.mark.django_db
def test_a_review_is_opened_looked_through_and_completed() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    channel = a_busy_channel()
    client = signed_in(a_person(Role.PUBLIC_AFFAIRS))
    assert "No review yet" in client.get(reverse("reviews")).text
    given = fields(channel.public_id)
    empty = client.post(reverse("review-new"), given | {"to_on": "2020-01-01", "from_on": "2020-01-01"})
    assert (empty.status_code, "hold nothing" in empty.text) == (422, True)
    page = client.post(reverse("review-new"), given | {"every_days": "30"}, follow=True)
    assert "The sample is drawn: 3 of 12." in page.text
    made = ActivityReview.objects.get()
    assert made.seed in page.text

    address = reverse("review", args=[made.public_id])
    page = client.post(address, {"conclusion": "Good"})
    assert (page.status_code, "3 of the sample have not been looked at yet." in page.text) == (422, True)
    for position in (1, 2):
        client.post(reverse("review-judge", args=[made.public_id, position]), {"found": "in-order"})
    client.post(reverse("review-judge", args=[made.public_id, 3]), {"found": "finding", "note": "No signature line"})
    page = client.post(address, {"conclusion": "One finding"}, follow=True)
    assert "The review is completed." in page.text
    assert "No signature line" in page.text
    again = client.get(f"{reverse('review-new')}?follows={made.public_id}")
    assert "It follows the review" in again.text
    client.post(reverse("review-end-interval", args=[made.public_id]), {"reason": "Enough"})
    assert "Open the next one" not in client.get(address).text
    assert client.get(reverse("review-judge", args=[made.public_id, 1])).status_code == 405


@pytest.mark.django_db
def test_user_content_is_read_with_a_purpose_and_by_its_opener_only() -> None:
    a_body()
    channel = a_busy_channel()
    client = signed_in(a_person(Role.COORDINATOR))
    given = {name: value for name, value in fields(channel.public_id).items() if name != "wanted"}
    assert client.post(reverse("reading-new"), given | {"purpose": ""}).status_code == 422
    page = client.post(reverse("reading-new"), given | {"purpose": "Complaints"}, follow=True)
    assert "0 shown, each logged." in page.text
    assert "Comment 1" not in page.text
    address = reverse("reading", args=[ContentReading.objects.get().public_id])
    page = client.post(address, {"act": "more"}, follow=True)
    assert "6 shown, each logged." in page.text
    assert "Comment 1" in page.text
    assert "Post 1" not in page.text
    assert "There is nothing more" in client.post(address, {"act": "more"}, follow=True).text
    auditor = signed_in(a_person(Role.AUDITOR))
    assert "Complaints" in auditor.get(reverse("readings")).text
    assert auditor.get(address).status_code == 404
    client.post(address, {"act": "end"})
    assert "Show the next" not in client.get(address).text


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_of_reviews_are_accessible_and_fit(chromium: Browser, width: int) -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    affairs = a_person(Role.PUBLIC_AFFAIRS, email=EMAIL, password=PASSWORD)
    made = a_review(affairs, a_busy_channel(), now=timezone.now())
    with served() as address:
        visitor = Visitor(chromium, address, width=width)
        visitor.sign_in(EMAIL, PASSWORD)
        for name, path in {
            "reviews": reverse("reviews"),
            "review": reverse("review", args=[made.public_id]),
            "review-new": reverse("review-new"),
            "readings": reverse("readings"),
            "reading-new": reverse("reading-new"),
        }.items():
            visitor.open(path)
            visitor.shoot(f"reviews-{name}")
            visitor.assert_accessible()
            visitor.assert_fits()
        visitor.assert_no_complaints()
        visitor.close()
