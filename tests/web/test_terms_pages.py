"""The pages of platforms' terms as their visitors use them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.archive.models import Item
from rostrum.areas.archive.operations import store_batch
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsChange, TermsReview, TermsSource, TermsVersion
from rostrum.areas.channels.operations import terms_texts
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.governance import operations as governance
from rostrum.areas.jobs.models import Job
from rostrum.areas.people.rules import Role
from rostrum.kernel.items import Route
from tests.archive import NOW as CAPTURED
from tests.archive import make_item
from tests.channels import NOW, Staff, a_body, a_live_channel, a_requested_channel, a_staff
from tests.people import a_person, signed_in
from tests.publishing import speaks_on
from tests.terms import ANSWERS, PRIVACY, TERMS, answered, begun, keep, read, reviewed

pytestmark = pytest.mark.django_db
CHANGED = TERMS.replace("You keep what you write.", "What you write is ours as well.")


@pytest.fixture
def staff() -> Staff:
    a_body()
    governance.set_choice(key="terms.change_suspends", value=True, reason="Safer", actor="system", now=NOW)
    return a_staff()


def post(client: Client, name: str, /, *where: str, **fields: Any) -> Any:
    return client.post(reverse(name, args=where), fields)


def form_of(**more: str) -> dict[str, str]:
    """The whole long form, filled in."""
    fields = {"risks": "Costs, if somebody sues", "monitoring-days": ""}
    for question, answer in ANSWERS.items():
        fields |= {
            f"{question}-choice": answer.choice,
            f"{question}-note": answer.note,
            f"{question}-quote": answer.quote,
            f"{question}-place": answer.place,
        }
    return fields | more


def test_terms_are_kept_read_signed_and_accepted_through_the_pages(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    head, coordinator, officer = (signed_in(one) for one in (staff.head, staff.coordinator, staff.public_affairs))
    page = coordinator.get(reverse("channel", args=[channel.slug]))
    assert "Store the text first" in page.text
    assert "are not reviewed and accepted for this channel yet" in page.text

    assert post(coordinator, "terms-store", "square", document="terms", pasted=TERMS, address="").status_code == 302
    file = SimpleUploadedFile("privacy.txt", PRIVACY.encode(), "text/plain")
    assert post(coordinator, "terms-store", "square", document="privacy", file=file).status_code == 302
    page = coordinator.get(reverse("terms-platform", args=["square"]))
    assert page.text.count("Version 1") == 2
    assert "Uploaded" in page.text

    answer = post(coordinator, "channel-terms-begin", channel.slug, reader=staff.head.public_id)
    review = TermsReview.objects.get()
    assert answer["Location"] == reverse("terms-review", args=[review.public_id])
    page = head.get(answer["Location"])
    assert page.status_code == 200
    assert "things still missing" in page.text
    assert "May what users give the platform be sold?" in page.text
    assert "Take it back" not in page.text
    # Nobody else writes in it.
    assert "<textarea" not in coordinator.get(answer["Location"]).text.split("Problem terms")[0]

    persons = {
        "authority-choice": staff.coordinator.public_id,
        "watcher-choice": staff.coordinator.public_id,
        "decider-choice": staff.public_affairs.public_id,
    }
    assert post(head, "terms-review-save", review.public_id, **form_of(**persons)).status_code == 302
    page = head.get(answer["Location"])
    assert "Everything is answered." in page.text
    assert "We sell nothing" in page.text
    assert post(head, "terms-review-complete", review.public_id).status_code == 409
    assert post(head, "terms-review-complete", review.public_id, newest="yes").status_code == 302
    assert "Second signature" in officer.get(answer["Location"]).text
    assert post(head, "terms-review-sign", review.public_id).status_code == 409
    assert post(officer, "terms-review-sign", review.public_id).status_code == 302
    assert post(officer, "terms-review-accept", review.public_id).status_code == 409
    assert "Agree to the terms for the body" in coordinator.get(reverse("today")).text
    assert post(coordinator, "terms-review-accept", review.public_id).status_code == 302

    channel.refresh_from_db()
    assert channel.state == ChannelState.REVIEWED
    page = coordinator.get(reverse("channel", args=[channel.slug]))
    assert "Terms accepted" in page.text
    assert "No: the terms give it to the users" in page.text


def test_mistakes_in_a_stored_text_stand_beside_their_field(staff: Staff) -> None:
    client = signed_in(staff.coordinator)
    page = post(client, "terms-store", "square", document="terms", pasted="")
    assert (page.status_code, "Paste the words, or choose a file." in page.text) == (422, True)
    pdf = SimpleUploadedFile("terms.pdf", b"%PDF-1.7 \0", "application/pdf")
    page = post(client, "terms-store", "square", document="terms", file=pdf)
    assert (page.status_code, "copy the words and paste them" in page.text) == (422, True)
    assert not TermsVersion.objects.exists()
    page = post(client, "terms-address", "square", document="terms", address="not an address")
    assert page.status_code == 422
    assert client.get("/desk/channels/terms/friendster/").status_code == 404


def test_a_problem_is_listed_and_decided_on_the_page(staff: Staff) -> None:
    review = begun(staff, a_requested_channel(staff))
    head, officer = signed_in(staff.head), signed_in(staff.public_affairs)
    page = post(head, "terms-review-problem", review.public_id, quote="You owe us a cake", why="It is a cake")
    assert (page.status_code, "these words do not stand in the terms" in page.text) == (422, True)
    assert "You owe us a cake" in page.text
    fields = {"quote": "You pay our costs", "why": "Nobody may promise that", "is_deal_breaker": "on"}
    assert post(head, "terms-review-problem", review.public_id, **fields).status_code == 302
    answered(staff, review, answers={"problem-terms": type(ANSWERS["other"])("yes")})
    read(staff, review, now=timezone.now())
    page = officer.get(reverse("terms-review", args=[review.public_id]))
    assert "deal breaker" in page.text
    assert "nobody has decided on it yet" in page.text
    assert post(officer, "terms-review-decide", review.public_id, use="use", reasons="").status_code == 422
    fields = {"use": "conditional", "reasons": "Insurance pays", "conditions": "No contests"}
    assert post(officer, "terms-review-decide", review.public_id, **fields).status_code == 302
    page = officer.get(reverse("terms-review", args=[review.public_id]))
    assert "Conditions: No contests" in page.text


def test_a_review_is_taken_over_on_the_channels_page(staff: Staff) -> None:
    reviewed(staff, a_requested_channel(staff))
    channel = a_requested_channel(staff, handle="pools", name="Pools")
    head = signed_in(staff.head)
    page = head.get(reverse("channel", args=[channel.slug]))
    assert "reviewed the same texts for" in page.text
    source = TermsReview.objects.get()
    answer = post(head, "channel-terms-adopt", channel.slug, review=source.public_id, fit="The same residents")
    page = head.get(answer["Location"])
    assert "Why they suit this one: The same residents" in page.text
    assert "We sell nothing" in page.text


def test_a_change_is_shown_word_by_word_and_decided_by_the_named_person(staff: Staff) -> None:
    channel = a_live_channel(staff)
    keep("square", staff.coordinator, text=CHANGED)
    change = TermsChange.objects.get()
    coordinator, officer = signed_in(staff.coordinator), signed_in(staff.public_affairs)
    assert "Terms changed, review open" in coordinator.get(reverse("channels")).text
    page = coordinator.get(reverse("channel", args=[channel.slug]))
    assert "Suspended" in page.text
    assert reverse("terms-change", args=[change.public_id]) in page.text
    page = coordinator.get(reverse("terms-change", args=[change.public_id]))
    assert "[Removed: " in page.text
    assert "[Added: " in page.text
    assert "Only the person named for it decides about these terms." in page.text
    assert "Decide about the changed terms of service" in officer.get(reverse("today")).text
    fields = {"use": "use", "reasons": "Ours as well means nothing new", "seen": change.to_version.sha256}
    assert post(coordinator, "terms-change-decide", change.public_id, **fields).status_code == 409
    assert post(officer, "terms-change-decide", change.public_id, **fields | {"seen": "0" * 64}).status_code == 409
    assert post(officer, "terms-change-decide", change.public_id, **fields).status_code == 302
    assert Channel.objects.get().state == ChannelState.LIVE
    assert "Decided: use it" in coordinator.get(reverse("terms-change", args=[change.public_id])).text
    compare = coordinator.get(reverse("terms-compare", args=[change.to_version.public_id]))
    assert "passage" in compare.text
    raw = coordinator.get(reverse("terms-raw", args=[change.to_version.public_id]))
    assert raw.content == CHANGED.encode()
    assert "attachment" in raw["Content-Disposition"]


def test_who_is_in_charge_and_where_a_text_stands_are_said_on_the_platforms_page(staff: Staff) -> None:
    client = signed_in(staff.coordinator)
    fields = {"watcher": staff.head.public_id, "decider": staff.public_affairs.public_id}
    assert post(client, "terms-watch", "facebook", **fields).status_code == 302
    fields = {"document": "terms", "address": "https://facebook.example/terms", "is_fetched": "on"}
    assert post(client, "terms-address", "facebook", **fields).status_code == 302
    page = client.get(reverse("terms-platform", args=["facebook"]))
    assert "Dana Head looks every 90 days" in page.text
    assert "is fetched from there every day" in page.text
    assert post(client, "terms-fetch", "facebook", document="terms").status_code == 302
    assert Job.objects.filter(kind="channels.fetch-terms").count() == 1
    assert post(client, "terms-fetch", "facebook", document="privacy").status_code == 409
    assert post(client, "terms-unchanged", "facebook", document="terms").status_code == 422
    keep("facebook", staff.coordinator)
    assert post(client, "terms-unchanged", "facebook", document="terms").status_code == 302
    auditor = signed_in(a_person(Role.AUDITOR))
    page = auditor.get(reverse("terms-platform", args=["facebook"]))
    assert "Store a text" not in page.text
    assert post(auditor, "terms-unchanged", "facebook", document="terms").status_code == 409


@pytest.mark.proves("terms.venue-rules-shown")
def test_the_venues_rules_stand_beside_the_draft() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    channel = reviewed(staff, a_requested_channel(staff))
    Channel.objects.update(state=ChannelState.LIVE)
    speaks_on(staff.spokesperson, channel)
    client = signed_in(staff.spokesperson)
    page = client.get(reverse("draft-new"))
    assert "The text of Sample square kept here, version 1" in page.text
    assert "not confirmed" in page.text
    assert "DMA-II-A-05b" in page.text
    assert TermsSource.objects.count() == 0
    terms_texts.set_terms_address(
        platform="square",
        document="terms",
        address="https://square.example/terms",
        is_fetched=False,
        actor=staff.coordinator,
        now=NOW,
    )
    assert 'href="https://square.example/terms"' in client.get(reverse("draft-new")).text

    version = TermsVersion.objects.get(document="terms")
    page = client.get(reverse("terms-version", args=[version.public_id]))
    assert "I have read these rules" in page.text
    assert "Rules you have not confirmed" in client.get(reverse("terms")).text
    assert post(client, "terms-confirm-read", version.public_id).status_code == 302
    assert "not confirmed" not in client.get(reverse("draft-new")).text
    assert "You have confirmed" in client.get(reverse("terms-version", args=[version.public_id])).text


def test_a_residents_post_shows_whose_property_it_may_be(staff: Staff) -> None:
    channel = a_live_channel(staff)
    Channel.objects.update(native_id="wausau-parks")
    TermsReview.objects.update(begun_at=CAPTURED, read_at=CAPTURED, signed_at=CAPTURED, accepted_at=CAPTURED)
    channel.refresh_from_db()
    for native_id, author, at in (("p1", "ann", "later"), ("p2", "wausau-parks", "later"), ("p3", "ann", "before")):
        published = NOW if at == "later" else CAPTURED.replace(year=2025)
        item = make_item(native_id, "Nice!", author_id=author, published_at=published)
        store_batch(channel=channel, items=[item], route=Route.API, actor="system", now=NOW)
    client = signed_in(a_person(Role.RECORDS_CUSTODIAN))

    def page(native_id: str) -> str:
        return client.get(reverse("archive-item", args=[Item.objects.get(native_id=native_id).public_id])).text

    assert "No: the terms give it to the users or to somebody else" in page("p1")
    assert "body’s property" not in page("p2")
    assert "Not settled" in page("p3")


def test_cookies_of_our_own_site_have_a_page(staff: Staff) -> None:
    client, officer = signed_in(staff.coordinator), signed_in(staff.public_affairs)
    assert "Nobody has said yet" in client.get(reverse("terms-cookies")).text
    page = post(client, "terms-cookies", uses_cookies="yes", what_for="")
    assert (page.status_code, "say what they are used for" in page.text) == (422, True)
    assert post(client, "terms-cookies", uses_cookies="yes", what_for="Language").status_code == 302
    assert "review is due" in client.get(reverse("terms-cookies")).text
    fields = {"keeps": "yes", "privacy_policy": "Version of March 2026", "reasons": "Only the language"}
    assert post(officer, "terms-cookies-decide", **fields).status_code == 302
    assert "held against Version of March 2026" in client.get(reverse("terms-cookies")).text


def test_a_channel_named_terms_keeps_its_page(staff: Staff) -> None:
    channel = a_requested_channel(staff, name="Terms", handle="terms")
    assert channel.slug == "terms-2"
