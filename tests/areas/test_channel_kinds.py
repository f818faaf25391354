"""What makes a channel official, computed from who established, maintains and controls it."""

import pytest
from django.urls import reverse

from rostrum.areas.channels import operations, pack
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries.kind import kinds
from rostrum.areas.channels.queries.warnings import warnings_about
from rostrum.areas.channels.rules.warnings import nearly_the_same
from rostrum.areas.people import operations as people
from rostrum.areas.people.rules import Right
from rostrum.kernel.decisions import Refused
from tests.channels import GOAL, NOW, a_body, a_live_channel, a_requested_channel, a_staff, an_opened_channel
from tests.people import signed_in

pytestmark = pytest.mark.django_db


def missing(channel: object) -> dict[str, tuple[str, ...]]:
    return {one.clause: one.missing for one in kinds(channel, now=NOW)}  # type: ignore[arg-type]


@pytest.mark.proves("channel.kind")
def test_a_site_is_the_bodys_when_it_established_maintains_and_controls_it() -> None:
    a_body()
    staff = a_staff()
    channel = an_opened_channel(staff)
    assert missing(channel)["WAU-def-02a"] == ("its log-in is not in the body's custody",)
    operations.deposit_credential(
        channel_id=channel.public_id, secret={"token": "token-of-the-parks"}, actor=staff.coordinator, now=NOW
    )
    assert missing(channel)["WAU-def-02a"] == ()
    asked = a_requested_channel(staff, handle="wausau-pool", name="Wausau Pool")
    assert "the body has not established it" in missing(asked)["WAU-def-02a"]


@pytest.mark.proves("channel.kind")
@pytest.mark.parametrize(("packs", "clause"), [(("wausau-city",), "WAU-def-06"), (("milwaukee-personal",), "MKE-V-03")])
def test_a_sponsored_site_has_a_designated_employee_and_an_official_purpose(
    packs: tuple[str, ...], clause: str
) -> None:
    a_body(*packs)
    staff = a_staff()
    channel = a_live_channel(staff)
    assert missing(channel)[clause] == ("no employee is designated to speak on it",)
    people.give_channel_right(
        person=staff.spokesperson, channel=channel.public_id, right=Right.SPEAK, unit=staff.unit,
        actor=staff.coordinator, now=NOW,
    )  # fmt: skip
    assert missing(channel)[clause] == ()


@pytest.mark.proves("channel.page-type")
def test_an_official_profile_where_organizations_use_pages_is_warned_of_until_it_is_a_page() -> None:
    a_body("dma-2.110")
    staff = a_staff()
    profile = a_requested_channel(staff, platform="facebook", handle="wi.guard", kind="profile")
    (warning,) = warnings_about(profile)
    assert (warning.code, warning.clause) == ("profile-not-page", "DMA-I-B-02b")
    # Whoever decides sees it before deciding, with what to do.
    page = signed_in(staff.coordinator).get(reverse("channel", args=[profile.slug])).content.decode()
    assert "ask for a page" in page
    assert "DMA-I-B-02b" in page

    Channel.objects.filter(pk=profile.pk).update(kind="official_page")
    profile.refresh_from_db()
    assert warnings_about(profile) == ()
    # Where the platform knows no pages, or no clause in force speaks of them, a profile is no matter.
    assert warnings_about(a_requested_channel(staff, handle="wi-guard", kind="profile")) == ()


def test_who_asks_for_a_profile_is_told_at_once() -> None:
    a_body("dma-2.110")
    staff = a_staff()
    form = {
        "platform": "facebook",
        "name": "The Guard",
        "handle": "wi.guard",
        "kind": "profile",
        "unit": staff.unit.slug,
        "use": "official",
        "purpose": "News",
        "mission_goal": GOAL,
        "serves": [code for code, _ in pack.purposes()][:1],
        "business_case": "It reaches families",
        "risk_acknowledged": "on",
    }
    answer = signed_in(staff.head).post(reverse("channel-request"), form, follow=True)
    assert answer.status_code == 200, answer.context["form"].errors
    said = [str(message) for message in answer.context["messages"]]
    assert any("person's profile" in one and "DMA-I-B-02b" in one for one in said), said


@pytest.mark.parametrize(
    ("handle", "is_near"),
    [
        ("wausau-park", True),  # one letter fewer
        ("wausau-parkss", True),
        ("wausua-parks", True),  # two swapped
        ("wаusau-park", True),  # a Cyrillic letter besides
        ("wausau-zoo", False),
        ("wausau-parks-2", True),
    ],
)
def test_who_asks_for_a_handle_one_letter_from_anothers_is_warned(handle: str, is_near: bool) -> None:
    a_body()
    staff = a_staff()
    a_requested_channel(staff)
    asked = a_requested_channel(staff, handle=handle, name="Another")
    assert [one.code for one in warnings_about(asked)] == (["near-miss"] if is_near else [])
    page = signed_in(staff.coordinator).get(reverse("channel", args=[asked.slug])).content.decode()
    assert ("differs by a single letter" in page) is is_near


def test_a_handle_that_looks_quite_the_same_needs_a_reason_from_whoever_asks() -> None:
    a_body()
    staff = a_staff()
    a_requested_channel(staff)
    with pytest.raises(Refused) as refusal:
        a_requested_channel(staff, handle="wausau-pаrks", name="Another")
    assert [one.code for one in refusal.value.reasons] == ["looks-alike"]


def test_numbered_handles_are_a_series_and_no_near_miss() -> None:
    assert nearly_the_same("wausau-ward-1", [("wausau-ward-2", "Ward 2"), ("wausau-ward-a1", "Ward A")]) == ("Ward A",)
    assert nearly_the_same("zoo", [("zoos", "The zoo")]) == ()
