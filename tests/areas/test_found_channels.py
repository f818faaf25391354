"""Channels that exist without approval: registered as found, then through the same steps, or taken down."""

from datetime import timedelta

import pytest

from rostrum.areas.channels import operations, pack, queries
from rostrum.areas.channels.controls.life import CONTROLS
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import NOW, Staff, a_body, a_staff, let_it_speak
from tests.people import a_unit
from tests.terms import reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def found(staff: Staff, **overrides: object) -> Channel:
    values = {
        "platform": "facebook",
        "url": "https://www.facebook.com/WausauPool",
        "name": "Wausau Pool",
        "unit": staff.unit,
        "found_in": "list of 2019, row 7",
        "actor": staff.coordinator,
        "now": NOW,
    }
    return operations.register_found(**(values | overrides))  # type: ignore[arg-type]


def ask(staff: Staff, channel: Channel, **overrides: object) -> Channel:
    values = {
        "platform": "facebook",
        "handle": "wausaupool",
        "name": "Wausau Pool",
        "unit": staff.unit,
        "purpose": "Tell residents when the pool opens",
        "mission_goal": "Recreation for everybody",
        "serves": [code for code, _ in pack.purposes()][:1],
        "capture_plan": "Its own export, monthly",
        "risk_acknowledged": True,
        "found": channel.public_id,
        "actor": staff.head,
        "now": NOW,
    }
    return operations.request_channel(**(values | overrides))  # type: ignore[arg-type]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def duty(channel: Channel) -> Duty:
    return Duty.objects.get(kind=operations.REGULARISE_DUTY, subject=channel.public_id)


@pytest.mark.proves("channel.prior-authorization")
def test_a_found_channel_is_known_listed_as_unapproved_and_not_official(staff: Staff) -> None:
    channel = found(staff)

    assert channel.state == ChannelState.FOUND
    assert (channel.handle, channel.address_key, channel.requested_by) == ("WausauPool", "@wausaupool", None)
    assert not queries.official_channels().exists()
    entry = Entry.objects.get(kind="channels.channel-found.v1")
    assert (entry.body["channel"], entry.body["found_in"]) == (channel.public_id, "list of 2019, row 7")
    owed = duty(channel)
    assert (owed.owner_role, owed.unit, owed.clause) == (
        "social_media_coordinator",
        staff.unit.public_id,
        "WAU-own-02a",
    )
    assert owed.due_at == NOW + timedelta(days=30)
    control = next(one for one in CONTROLS if one.id == "channel.prior-authorization")
    assert "1 was found without approval, 1 of them still is" in control.evidence().summary


@pytest.mark.parametrize("act", ["approve", "open", "deposit", "live", "pause"])
def test_a_found_channel_skips_no_step(staff: Staff, act: str) -> None:
    channel = found(staff)
    acts = {
        "approve": lambda: operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW),
        "open": lambda: operations.open_channel(
            channel_id=channel.public_id, registered_email="pool@wausau.example.gov", actor=staff.coordinator, now=NOW
        ),
        "deposit": lambda: operations.deposit_credential(
            channel_id=channel.public_id,
            secret={"login": "pool", "password": "a long enough password"},
            actor=staff.coordinator,
            now=NOW,
        ),
        "live": lambda: operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW),
        "pause": lambda: operations.pause_channel(
            channel_id=channel.public_id, reason="x", actor=staff.coordinator, now=NOW
        ),
    }
    with pytest.raises(Refused) as refusal:
        acts[act]()
    assert "wrong-state" in codes(refusal)


def test_a_found_channel_goes_through_the_same_steps_and_its_duty_is_closed_by_going_live(staff: Staff) -> None:
    channel = ask(staff, found(staff))
    assert (channel.state, channel.requested_by) == (ChannelState.REQUESTED, staff.head)
    assert channel.found_at == NOW
    assert duty(channel).is_open

    channel_id = channel.public_id
    reviewed(staff, channel)
    operations.approve_channel(channel_id=channel_id, actor=staff.coordinator, now=NOW)
    operations.open_channel(
        channel_id=channel_id, registered_email="pool@wausau.example.gov", actor=staff.head, now=NOW
    )
    operations.deposit_credential(
        channel_id=channel_id,
        secret={"login": "pool", "password": "a long enough password"},
        actor=staff.coordinator,
        now=NOW,
    )
    let_it_speak(channel, staff)

    assert [one.name for one in queries.official_channels()] == ["Wausau Pool"]
    assert not duty(channel).is_open


def test_a_found_channel_that_is_declined_stays_found_and_owed(staff: Staff) -> None:
    channel = ask(staff, found(staff))
    operations.decline_channel(
        channel_id=channel.public_id, reason="The parks page serves for it", actor=staff.coordinator, now=NOW
    )
    channel.refresh_from_db()

    assert channel.state == ChannelState.FOUND
    assert channel.declined_reason == "The parks page serves for it"
    assert duty(channel).is_open

    operations.close_channel(
        channel_id=channel.public_id, reason="Taken down on the platform", actor=staff.coordinator, now=NOW
    )
    assert duty(channel).evidence == "Closed: Taken down on the platform"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "no-name"),
        ({"url": "", "handle": "WausauParks"}, "address-taken"),
        ({"url": "facebook.com/wausau.parks"}, "address-taken"),
        ({"url": "", "handle": "wausau_parks"}, "looks-alike"),
        ({"url": "", "handle": "wаusaupаrks"}, "looks-alike"),
        ({"unit": "police"}, "out-of-reach"),
    ],
)
def test_a_found_channel_is_refused_with_the_reason(staff: Staff, change: dict[str, object], code: str) -> None:
    found(staff, url="https://facebook.com/wausauparks", name="Wausau Parks")
    if change.get("unit") == "police":
        change = {"unit": a_unit("police", "Police Department"), "actor": staff.head}
    with pytest.raises(Refused) as refusal:
        found(staff, **change)
    assert codes(refusal) == [code]
    assert Channel.objects.count() == 1


def test_a_look_alike_needs_a_reason_which_is_recorded(staff: Staff) -> None:
    first = found(staff, url="", handle="wausauparks", name="Wausau Parks")
    second = found(
        staff, url="", handle="wausau_parks", name="Old parks page", why_alike="The head opened both in 2014"
    )

    entry = Entry.objects.get(kind="channels.look-alike-explained.v1")
    assert entry.body == {
        "channel": second.public_id,
        "resembles": first.public_id,
        "reason": "The head opened both in 2014",
    }


def test_a_request_for_a_look_alike_is_refused_without_a_reason(staff: Staff) -> None:
    found(staff, url="", handle="wausauparks", name="Wausau Parks")
    new = {"found": "", "handle": "wausaupark5", "name": "Parks two"}
    with pytest.raises(Refused) as refusal:
        ask(staff, Channel(), **new)
    assert codes(refusal) == ["looks-alike"]
    assert "Wausau Parks" in refusal.value.reasons[0].message

    channel = ask(staff, Channel(), **new, why_alike="The first one is being closed")
    assert channel.why_alike == "The first one is being closed"
    assert Entry.objects.filter(kind="channels.look-alike-explained.v1").count() == 1


def test_the_same_handle_on_another_platform_is_no_look_alike(staff: Staff) -> None:
    found(staff, url="", handle="wausauparks", name="Wausau Parks")
    found(staff, platform="instagram", url="", handle="wausauparks", name="Wausau Parks")

    assert Channel.objects.count() == 2


def test_another_address_is_not_the_channel_that_was_found(staff: Staff) -> None:
    channel = found(staff)
    with pytest.raises(InvalidInput) as problem:
        ask(staff, channel, handle="wausaupool2")
    assert problem.value.where == "url"


def test_a_channel_is_found_before_there_is_a_body_or_a_policy() -> None:
    channel = operations.register_found(
        platform="x", handle="@wausaupolice", name="Police", unit=a_unit(), actor="system", now=NOW
    )

    assert (channel.owner, channel.state) == ("This body", ChannelState.FOUND)
    assert duty(channel).clause == ""
