"""The channel pages as their visitors use them."""

import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from rostrum.areas.channels import operations, queries
from rostrum.areas.channels.models import ApprovalStep, Channel, ChannelQuestion, Credential
from rostrum.areas.channels.operations.questions import ask_coordinator
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.people.models import ChannelGrant
from rostrum.areas.people.rules import Role
from tests.channels import (
    ELEMENTS,
    NOW,
    Staff,
    a_body,
    a_live_channel,
    a_picture,
    a_reviewed_channel,
    a_staff,
    allow_the_connector,
    an_opened_channel,
)
from tests.people import a_person, signed_in
from tests.rights import an_issued_right
from tests.structure.test_routes import NAMED
from tests.terms import reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def asked(**changes: str) -> dict[str, str]:
    return {
        "platform": "square",
        "kind": "official_page",
        "name": "Wausau Parks",
        "handle": "@wausau-parks",
        "url": "",
        "unit": "parks",
        "purpose": "Tell residents what happens in the parks",
        "mission_goal": "Recreation for everybody",
        "capture_plan": "Through its connector",
        "serves": "activities",
        "use": "official",
        "risk_acknowledged": "on",
        "request_token": "token-1",
    } | changes


def act(client: Client, name: str, channel: Channel, /, **fields: str) -> Any:
    return client.post(reverse(name, args=[channel.slug]), fields)


def test_the_list_without_channels_says_how_one_begins(staff: Staff) -> None:
    page = signed_in(staff.head).get(reverse("channels"))
    assert page.status_code == 200
    assert "No channel yet" in page.text
    assert reverse("channel-request") in page.text


def test_a_channel_lives_from_request_to_live_through_the_pages(staff: Staff) -> None:
    head, coordinator = signed_in(staff.head), signed_in(staff.coordinator)

    page = head.get(reverse("channel-request"))
    assert "social media coordinator" in page.text
    answer = head.post(reverse("channel-request"), asked())
    channel = Channel.objects.get()
    assert answer["Location"] == reverse("channel", args=[channel.slug])
    page = head.get(answer["Location"])
    assert "Who asked for a channel cannot approve it." in page.text
    assert "disabled" in page.text

    assert act(coordinator, "channel-approve", channel, note="Fits").status_code == 409
    reviewed(staff, channel)
    assert act(coordinator, "channel-approve", channel, note="Fits").status_code == 302
    page = head.get(reverse("channel-open", args=[channel.slug]))
    assert "within 24 hours" in page.text
    answer = act(head, "channel-open", channel, registered_email="parks@wausau.example.gov", service="http://sq.test")
    assert answer.status_code == 302
    assert act(head, "channel-deposit", channel, token="a planted secret").status_code == 302
    page = head.get(reverse("channel", args=[channel.slug]))
    assert "In custody" in page.text
    assert "planted" not in page.text
    page = coordinator.get(reverse("channel-page", args=[channel.slug]))
    assert "Its text is not settled yet" in page.text
    described = {
        "name": channel.name,
        "purpose": channel.purpose,
        "mission_goal": channel.mission_goal,
        "capture_plan": channel.capture_plan,
        "cadence_minutes": "15",
    } | ELEMENTS
    assert act(head, "channel-describe", channel, **described).status_code == 302
    looked = {f"is_{element.code}": "seen" for element in queries.page_elements(channel)} | {
        f"where_{element.code}": "About section" for element in queries.page_elements(channel)
    }
    page = act(coordinator, "channel-page", channel, **looked)
    # What was said stays where it was typed; only the picture is asked for.
    assert page.status_code == 409
    assert "Add a picture of the page" in page.text
    assert 'value="About section"' in page.text
    answer = coordinator.post(
        reverse("channel-page", args=[channel.slug]), looked | {"picture": io.BytesIO(a_picture())}, follow=True
    )
    assert "Every element is in place." in answer.text
    allow_the_connector(channel, staff)
    assert act(coordinator, "channel-go-live", channel).status_code == 302

    channel.refresh_from_db()
    assert channel.state == ChannelState.LIVE
    page = coordinator.get(reverse("channels"))
    assert "Live" in page.text
    assert "Not yet connected" in page.text
    page = coordinator.get(reverse("channel", args=[channel.slug]))
    for words in (
        "Asked for",
        "Approved",
        "Opened on its platform",
        "Log-in taken into custody",
        "Page looked at",
        "Went live",
    ):
        assert words in page.text


def test_a_request_sent_twice_makes_one_channel(staff: Staff) -> None:
    client = signed_in(staff.head)
    first = client.post(reverse("channel-request"), asked())
    second = client.post(reverse("channel-request"), asked())
    assert first["Location"] == second["Location"]
    assert Channel.objects.count() == 1


def test_an_approval_sent_twice_is_one_step(staff: Staff) -> None:
    channel, client = a_reviewed_channel(staff), signed_in(staff.coordinator)
    for _ in range(2):
        assert act(client, "channel-approve", channel, note="", request_token="t").status_code == 302
    assert ApprovalStep.objects.filter(person=staff.coordinator).count() == 1


def test_mistakes_stand_beside_their_fields(staff: Staff) -> None:
    client = signed_in(staff.head)
    page = client.post(reverse("channel-request"), asked(handle="two words"))
    assert page.status_code == 422
    assert "a handle has letters" in page.text
    page = client.post(reverse("channel-request"), asked(purpose=""))
    assert page.status_code == 422


def test_a_refusal_stands_on_the_form_with_its_clause_and_nothing_typed_is_lost(staff: Staff) -> None:
    client = signed_in(staff.head)
    client.post(reverse("channel-request"), asked())
    typed = {"purpose": "What took an hour to write"}
    page = client.post(reverse("channel-request"), asked(request_token="token-2", handle="WAUSAU-PARKS", **typed))
    assert page.status_code == 409
    assert "however it is spelt" in page.text
    assert "What took an hour to write</textarea>" in page.text
    alike = asked(request_token="token-3", handle="wausau-рarks", **typed)
    page = client.post(reverse("channel-request"), alike)
    assert page.status_code == 409
    assert "can be mistaken for that of “Wausau Parks”" in page.text
    assert "WAU-own-02" in page.text
    page = client.post(reverse("channel-request"), alike | {"request_token": "token-4", "why_alike": "Our second page"})
    assert page.status_code == 302


def test_a_deposit_form_never_shows_what_was_typed(staff: Staff) -> None:
    channel, client = an_opened_channel(staff, platform="facebook", handle="WausauParks"), signed_in(staff.head)
    page = act(client, "channel-deposit", channel, login="", password="planted-4711-secret")
    assert page.status_code == 422
    assert "planted" not in page.text
    assert "no-store" in page["Cache-Control"]
    page = act(client, "channel-deposit", channel, login="parks", password="short")
    assert page.status_code == 409
    assert "at least 12 characters" in page.text
    assert not Credential.objects.exists()


def test_a_reason_is_asked_to_decline_pause_and_close(staff: Staff) -> None:
    channel, client = a_live_channel(staff), signed_in(staff.coordinator)
    for name in ("channel-pause", "channel-close"):
        assert act(client, name, channel, reason="").status_code == 409
    assert act(client, "channel-pause", channel, reason="Spam").status_code == 302
    page = client.get(reverse("channel", args=[channel.slug]))
    assert "Let it speak again" in page.text
    assert act(client, "channel-go-live", channel).status_code == 302
    assert act(client, "channel-close", channel, reason="Merged").status_code == 302
    channel.refresh_from_db()
    assert channel.state == ChannelState.CLOSED


def test_a_lost_connection_is_seen_in_the_list(staff: Staff) -> None:
    channel = a_live_channel(staff)
    operations.note_connection(channel_id=channel.public_id, trouble="lost_token", actor="system", now=NOW)
    assert "Log-in no longer accepted" in signed_in(staff.coordinator).get(reverse("channels")).text


def test_who_may_only_look_gets_no_act(staff: Staff) -> None:
    channel = a_live_channel(staff)
    auditor = signed_in(a_person(Role.AUDITOR))
    page = auditor.get(reverse("channel", args=[channel.slug]))
    assert page.status_code == 200
    assert reverse("channel-describe", args=[channel.slug]) not in page.text
    for name in ("channel-approve", "channel-pause", "channel-close", "channel-go-live", "channel-deposit"):
        assert act(auditor, name, channel, reason="x").status_code == 403
    assert queries.channel_by_slug(channel.slug).state == ChannelState.LIVE


def test_a_channel_that_is_not_there_is_not_found(staff: Staff) -> None:
    client = signed_in(staff.coordinator)
    assert client.get("/desk/channels/none/").status_code == 404
    assert client.post("/desk/channels/none/approve").status_code == 404


def test_the_channels_page_says_who_may_act_on_it_and_where_to_ask(staff: Staff) -> None:
    channel = a_live_channel(staff)
    coordinator = signed_in(staff.coordinator)
    page = coordinator.get(reverse("channel", args=[channel.slug]))
    assert "Nobody yet." in page.text
    assert "No spokesperson" in page.text
    assert f"{reverse('ask-right')}?where=channel:{channel.slug}" in page.text

    request = an_issued_right(staff, channel, now=timezone.now())

    page = coordinator.get(reverse("channel", args=[channel.slug]))
    assert "Sam Spokesperson: speak for the channel" in page.text
    assert "No spokesperson" not in page.text
    assert reverse("right-request", args=[request.public_id]) in page.text


@pytest.mark.parametrize("back", ["channel", "person", ""])
def test_ending_a_right_leads_back_to_where_it_was_ended(staff: Staff, back: str) -> None:
    channel = a_live_channel(staff)
    an_issued_right(staff, channel, now=timezone.now())
    grant = ChannelGrant.objects.latest("pk")
    client = signed_in(staff.coordinator)
    assert 'name="back" value="channel"' in client.get(reverse("channel", args=[channel.slug])).content.decode()

    response = client.post(reverse("end-channel-right", args=[grant.public_id]), {"back": back})

    assert (
        response["Location"]
        == {
            "channel": reverse("channel", args=[channel.slug]),
            "person": reverse("person", args=[grant.person.public_id]),
            "": reverse("unit-rights", args=[channel.unit.slug]),
        }[back]
    )


ABOUT_ONE_CHANNEL = [
    str(pattern.name)
    for pattern in NAMED
    if str(pattern.pattern).startswith("desk/channels/<slug:slug>/") and "<str:" not in str(pattern.pattern)
]


def test_a_page_about_a_channel_names_it_in_its_title_and_its_heading(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    seen, nameless = 0, []
    for route in ABOUT_ONE_CHANNEL:
        for person in (staff.coordinator, staff.spokesperson):
            answer = signed_in(person).get(reverse(route, args=[channel.slug]))
            if answer.status_code == 200:
                break
        else:
            continue  # it takes forms only
        seen += 1
        title, heading = (re.search(f"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL) for tag in ("title", "h1"))
        if not (title and heading and channel.name in title[1] and channel.name in heading[1]):
            nameless.append(route)
    assert nameless == []
    assert seen > 10


def test_a_question_about_channels_is_titled_with_who_asks(staff: Staff) -> None:
    ask_coordinator(text="May I?", channel=None, actor=staff.spokesperson, now=NOW)
    page = signed_in(staff.coordinator).get(reverse("channel-question", args=[ChannelQuestion.objects.get().public_id]))
    assert f"<title>Question of {staff.spokesperson.name}" in page.text
