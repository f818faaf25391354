"""What a channel is asked for with: whose use, which goal, the business case, the weighed risk, in whose name."""

from typing import Any

import pytest

from rostrum.areas.channels import operations, queries
from rostrum.areas.channels.models import ApprovalStep, Channel, Credential
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.governance import operations as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import (
    GOAL,
    NOW,
    Staff,
    a_body,
    a_live_channel,
    a_requested_channel,
    a_reviewed_channel,
    a_staff,
    an_opened_channel,
)
from tests.people import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def agency() -> Staff:
    a_body("dma-2.110", name="Department of Military Affairs")
    return a_staff()


def against(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def choose(key: str, value: Any) -> None:
    governance.set_choice(key=key, value=value, reason="Our choice", actor="system", now=NOW)


# Whose use


@pytest.mark.proves("channel.no-personal")
@pytest.mark.parametrize(
    ("packs", "clause"),
    [
        (("wausau-city",), "WAU-own-01d"),
        (("wi-hrh-480",), "WI480-010-04"),
        (("milwaukee-personal",), "MKE-VI-00a"),
    ],
)
def test_a_personal_presence_needs_no_approval_and_leaves_nothing_behind(packs: tuple[str, ...], clause: str) -> None:
    a_body(*packs)
    staff, entries = a_staff(), Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        # With a work address or without: nothing personal is taken in.
        a_requested_channel(staff, use="personal", purpose="", mission_goal="", serves=[])

    assert against(refusal) == [("personal-use", clause)]
    assert "needs no approval" in refusal.value.reasons[0].message
    assert not Channel.objects.exists()
    assert not ApprovalStep.objects.exists()
    assert Entry.objects.count() == entries


def test_an_unknown_use_is_named(staff: Staff) -> None:
    with pytest.raises(InvalidInput) as problem:
        a_requested_channel(staff, use="secret")
    assert problem.value.where == "use"


def test_a_mixed_use_waits_for_the_coordinators_decision(staff: Staff) -> None:
    channel = a_reviewed_channel(staff, use="mixed")
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert against(refusal) == [("use-not-decided", "WAU-own-01d")]
    who: dict[str, Any] = {"channel_id": channel.public_id, "now": NOW}
    for changes, code in (
        ({"use": "official", "reason": "Ours", "actor": staff.head}, "not-yours"),
        ({"use": "mixed", "reason": "Both", "actor": staff.coordinator}, "undecided"),
        ({"use": "official", "reason": " ", "actor": staff.coordinator}, "no-reason"),
    ):
        with pytest.raises(Refused) as refusal:
            operations.decide_use(**who, **changes)  # type: ignore[arg-type]
        assert against(refusal)[0][0] == code

    operations.decide_use(use="official", reason="Moved off her own profile", actor=staff.coordinator, **who)

    assert Entry.objects.get(kind="channels.channel-use-decided.v1").body["use"] == "official"
    approved = operations.approve_channel(actor=staff.coordinator, **who)
    assert approved.state == ChannelState.APPROVED


@pytest.mark.proves("channel.no-personal")
def test_a_channel_that_turns_out_personal_gets_no_custody_and_no_capture(staff: Staff) -> None:
    asked, opened = a_requested_channel(staff), an_opened_channel(staff, handle="wausau-pools", name="Wausau Pools")
    live = a_live_channel(staff, handle="wausau-zoo", name="Wausau Zoo")
    for channel, state in ((asked, ChannelState.DECLINED), (opened, ChannelState.CLOSED), (live, ChannelState.CLOSED)):
        ended = operations.decide_use(
            channel_id=channel.public_id, use="personal", reason="It is her own", actor=staff.coordinator, now=NOW
        )
        assert (ended.use, ended.state) == ("personal", state)
    with pytest.raises(Refused) as refusal:
        operations.deposit_credential(channel_id=opened.public_id, secret={"token": "t0ken"}, actor=staff.head, now=NOW)
    assert against(refusal)[0][0] == "wrong-state"
    assert not Credential.objects.filter(channel=opened).exists()
    assert not queries.watched_channels().exists()
    with pytest.raises(Refused) as refusal:
        operations.decide_use(
            channel_id=live.public_id, use="official", reason="After all", actor=staff.coordinator, now=NOW
        )
    assert against(refusal)[0][0] == "ended"


# Goals


@pytest.mark.proves("channel.purpose")
def test_a_state_agency_lists_its_goals_and_a_channel_serves_one_of_them(agency: Staff) -> None:
    with pytest.raises(Refused) as refusal:
        a_requested_channel(agency, mission_goal="Fame")
    assert against(refusal) == [("goal-not-listed", "WI480-010-01")]
    choose("body.goals", [])
    with pytest.raises(Refused) as refusal:
        a_requested_channel(agency)
    assert against(refusal) == [("no-goals-listed", "WI480-010-01")]
    choose("body.goals", ["Readiness", GOAL])

    channel = a_requested_channel(agency)

    assert channel.mission_goal == GOAL
    entry = Entry.objects.get(kind="channels.channel-requested.v1")
    assert (entry.actor, entry.at) == (agency.head.public_id, NOW)
    with pytest.raises(Refused) as refusal:
        operations.describe_channel(channel_id=channel.public_id, mission_goal="Fame", actor=agency.head, now=NOW)
    assert against(refusal) == [("goal-not-listed", "WI480-010-01")]


# The business case


@pytest.mark.proves("channel.business-case")
def test_a_business_case_is_needed_once_the_agency_makes_the_advice_its_rule() -> None:
    a_body("dma-2.110", "wi-best-practices", name="Department of Military Affairs")
    staff = a_staff()
    advised = a_requested_channel(staff)
    assert ("No business case was made for it.", "BP-0-01") in pages.advice_unheeded(advised, now=NOW)

    choose("strength.BP-0-01", "block")
    with pytest.raises(Refused) as refusal:
        a_requested_channel(staff, handle="dma-jobs")
    assert against(refusal) == [("no-business-case", "BP-0-01")]
    made = a_requested_channel(staff, handle="dma-jobs", business_case="Reaches recruits at a tenth of the cost.")

    assert made.business_case.startswith("Reaches")
    assert pages.advice_unheeded(made, now=NOW) == ()
    assert Entry.objects.filter(kind="channels.channel-requested.v1").latest("pk").body["has_business_case"] is True


@pytest.mark.proves("channel.business-case")
def test_it_alone_does_not_decide_on_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    from rostrum.areas.channels import pack
    from rostrum.areas.channels.rules import Step

    a_body("wi-best-practices")
    staff, it = a_staff(), a_person(Role.IT_DIRECTOR)
    choose("strength.BP-0-01", "block")
    channel = a_reviewed_channel(staff, business_case="Reaches residents.")
    monkeypatch.setattr(pack, "approval_steps", lambda: (Step((Role.IT_DIRECTOR,), "it director"),))
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(channel_id=channel.public_id, actor=it, now=NOW)
    assert against(refusal) == [("it-alone", "BP-0-01")]
    monkeypatch.setattr(
        pack,
        "approval_steps",
        lambda: (Step((Role.PUBLIC_AFFAIRS,), "public affairs"), Step((Role.IT_DIRECTOR,), "it director")),
    )
    operations.approve_channel(channel_id=channel.public_id, actor=staff.public_affairs, now=NOW)
    assert operations.approve_channel(channel_id=channel.public_id, actor=it, now=NOW).state == ChannelState.APPROVED


# The risk, and who approves


@pytest.mark.proves("channel.risk-acknowledged")
def test_the_departments_head_weighs_the_risk_before_the_coordinator_approves(staff: Staff) -> None:
    channel = a_reviewed_channel(staff, actor=staff.spokesperson, risk_acknowledged=False)
    who: dict[str, Any] = {"channel_id": channel.public_id, "now": NOW}
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(actor=staff.coordinator, **who)
    assert against(refusal) == [("not-your-step", "WAU-use-09a")]
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(actor=staff.head, **who)
    assert against(refusal) == [("risk-not-acknowledged", "WAU-use-09a")]

    weighed = operations.approve_channel(actor=staff.head, risk_acknowledged=True, **who)

    assert (weighed.state, weighed.risk_acknowledged_by, weighed.risk_acknowledged_at) == (
        ChannelState.REVIEWED,
        staff.head,
        NOW,
    )
    entry = Entry.objects.get(kind="channels.channel-step-taken.v1")
    assert (entry.body["risk_acknowledged"], entry.body["role"]) == (True, "department_head")
    assert operations.approve_channel(actor=staff.coordinator, **who).state == ChannelState.APPROVED


@pytest.mark.proves("channel.risk-acknowledged")
def test_a_head_who_asks_takes_the_departments_step_with_the_request(staff: Staff) -> None:
    with pytest.raises(Refused) as refusal:
        a_reviewed_channel(staff, risk_acknowledged=False)
    assert against(refusal) == [("risk-not-acknowledged", "WAU-use-09a")]
    channel = a_reviewed_channel(staff)
    assert channel.risk_acknowledged_by == staff.head
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(channel_id=channel.public_id, actor=staff.head, risk_acknowledged=True, now=NOW)
    assert {code for code, _ in against(refusal)} == {"own-request", "step-taken", "not-your-step"}


@pytest.mark.proves("channel.site-approval")
def test_only_the_role_the_policy_names_creates_a_channel() -> None:
    a_body("wausau-city", "wi-best-practices")
    staff = a_staff()
    channel = a_reviewed_channel(staff)
    for other in (staff.public_affairs, a_person(Role.IT_DIRECTOR), a_person(Role.AGENCY_HEAD)):
        with pytest.raises(Refused) as refusal:
            operations.approve_channel(channel_id=channel.public_id, actor=other, now=NOW)
        assert against(refusal) == [("not-your-step", "WAU-def-07b")]
    assert operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW).approved_at == NOW


# In whose name


def opening(staff: Staff, channel: Channel, **overrides: Any) -> Channel:
    values = {
        "channel_id": channel.public_id,
        "registered_email": "parks@wausau.example.gov",
        "connection": {"service": "http://square.test"},
        "actor": staff.head,
        "now": NOW,
    }
    return operations.open_channel(**(values | overrides))


@pytest.mark.proves("channel.registered-name")
def test_a_name_or_contact_that_is_not_the_bodys_needs_a_reason(staff: Staff) -> None:
    choose("body.government_domains", ["wausau.example.gov"])
    channel = a_reviewed_channel(staff)
    operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    for given in (
        {"registered_name": "Friends of the Parks"},
        {"registered_contact": "call Dana at home"},
        {"registered_name": "Dana's parks", "registered_contact": "dana@mail.example"},
    ):
        with pytest.raises(Refused) as refusal:
            opening(staff, channel, **given)
        assert against(refusal) == [("not-in-our-name", "WAU-own-02b")]

    opened = opening(
        staff, channel, registered_name="Friends of the Parks", why_other_name="The name was taken on this platform"
    )

    body = Entry.objects.get(kind="channels.channel-opened.v1").body
    assert (body["official_name"], body["official_contact"]) == (False, True)
    assert opened.why_other_name == body["why_other_name"] == "The name was taken on this platform"


def test_a_name_written_in_one_word_is_the_bodys(staff: Staff) -> None:
    channel = a_reviewed_channel(staff)
    operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    opened = opening(staff, channel, registered_name="WausauParks")
    assert (opened.registered_name, opened.registered_contact) == ("WausauParks", "parks@wausau.example.gov")


@pytest.mark.proves("channel.official-email")
def test_an_address_of_the_agency_is_only_for_what_was_approved(agency: Staff) -> None:
    channel = a_reviewed_channel(agency, actor=a_person(Role.COORDINATOR))
    with pytest.raises(Refused) as refusal:
        opening(agency, channel, registered_email="parks@wisconsin.gov")
    assert ("not-authorized", "WI480-050-04b") in against(refusal)
    for person in (agency.head, a_person(Role.IT_DIRECTOR), agency.public_affairs):
        operations.approve_channel(channel_id=channel.public_id, actor=person, now=NOW)
    assert opening(agency, channel, registered_email="parks@wisconsin.gov").state == ChannelState.OPENED


def test_a_channel_reached_through_somebodys_own_profile_says_so(staff: Staff) -> None:
    channel = a_reviewed_channel(staff)
    operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    opened = opening(staff, channel, tied_to=staff.spokesperson)
    assert opened.tied_to == staff.spokesperson
    assert Entry.objects.get(kind="channels.channel-opened.v1").body["tied_to"] == staff.spokesperson.public_id
