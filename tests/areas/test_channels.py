"""The life of a channel in the tables: each act with its event, its rows and its refusals."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from rostrum.areas.channels import custody, operations, queries
from rostrum.areas.channels.models import ApprovalStep, Channel, Credential, SecretMark
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.connectors.keystore import Sealed
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import (
    ELEMENTS,
    NOW,
    Staff,
    a_body,
    a_live_channel,
    a_requested_channel,
    a_reviewed_channel,
    a_staff,
    an_opened_channel,
    see_the_page,
)
from tests.people import a_person, a_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def kinds() -> list[str]:
    return list(Entry.objects.filter(kind__startswith="channels.").order_by("pk").values_list("kind", flat=True))


def last_entry() -> Entry:
    return Entry.objects.filter(kind__startswith="channels.").latest("pk")


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def clauses(refusal: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {reason.clause for reason in refusal.value.reasons}


def test_a_request_keeps_what_the_channel_is_for_and_fixes_its_owner(staff: Staff) -> None:
    channel = a_requested_channel(staff)

    assert channel.state == ChannelState.REQUESTED
    assert (channel.owner, channel.unit, channel.copyright_holder) == ("City of Wausau", staff.unit, "City of Wausau")
    assert channel.terms_on_user_posts
    assert kinds() == ["channels.channel-requested.v1", "channels.channel-step-taken.v1"]
    entry = Entry.objects.get(kind="channels.channel-requested.v1")
    assert entry.actor == staff.head.public_id
    assert entry.body["channel"] == channel.public_id


@pytest.mark.proves("channel.purpose")
def test_a_request_without_purpose_or_goal_is_refused_with_its_clause(staff: Staff) -> None:
    with pytest.raises(Refused) as refusal:
        a_requested_channel(staff, purpose=" ", mission_goal="", serves=[])
    assert codes(refusal) == ["no-purpose", "no-mission-goal", "no-listed-purpose"]
    assert clauses(refusal) == {"WAU-purpose-01"}
    assert not Channel.objects.exists()
    assert kinds() == []


@pytest.mark.parametrize("spelling", [{"handle": "@WAUSAU-Parks"}, {"handle": "", "url": "square.test/@wausau-parks/"}])
def test_the_same_address_in_another_spelling_is_refused(staff: Staff, spelling: dict[str, str]) -> None:
    a_requested_channel(staff)
    with pytest.raises(Refused) as refusal:
        a_requested_channel(staff, **spelling)
    assert codes(refusal) == ["address-taken"]
    assert Channel.objects.count() == 1


def test_a_declined_address_may_be_asked_for_again(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    operations.decline_channel(
        channel_id=channel.public_id, reason="Use the city's page", actor=staff.coordinator, now=NOW
    )
    again = a_requested_channel(staff)
    assert again.slug != channel.slug


def test_nobody_asks_for_a_channel_of_another_department(staff: Staff) -> None:
    with pytest.raises(Refused) as refusal:
        a_requested_channel(staff, unit=a_unit("police", "Police Department"))
    assert codes(refusal) == ["out-of-reach"]


@pytest.mark.parametrize(
    ("overrides", "where"),
    [
        ({"platform": "friendster"}, "platform"),
        ({"kind": "shop"}, "kind"),
        ({"name": " "}, "name"),
        ({"serves": ["fun"]}, "serves"),
    ],
)
def test_what_cannot_be_used_is_named(staff: Staff, overrides: dict[str, str], where: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        a_requested_channel(staff, **overrides)
    assert problem.value.where == where


@pytest.mark.proves("channel.site-approval")
def test_under_wausau_the_coordinator_approves_and_nobody_else(staff: Staff) -> None:
    channel = a_reviewed_channel(staff)
    for other in (staff.spokesperson, staff.public_affairs):
        with pytest.raises(Refused) as refusal:
            operations.approve_channel(channel_id=channel.public_id, actor=other, now=NOW)
        assert codes(refusal) == ["not-your-step"]
        assert clauses(refusal) == {"WAU-def-07b"}

    approved = operations.approve_channel(
        channel_id=channel.public_id, note="Fits the plan", actor=staff.coordinator, now=NOW
    )

    assert approved.state == ChannelState.APPROVED
    assert approved.approved_by == staff.coordinator
    step = ApprovalStep.objects.get(number=2)
    assert (step.role, step.person, step.note) == (Role.COORDINATOR, staff.coordinator, "Fits the plan")
    assert last_entry().kind == "channels.channel-approved.v1"


@pytest.mark.proves("channel.site-approval")
def test_who_asked_never_approves(staff: Staff) -> None:
    channel = a_reviewed_channel(staff, actor=staff.coordinator)
    operations.approve_channel(channel_id=channel.public_id, risk_acknowledged=True, actor=staff.head, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["own-request"]
    assert clauses(refusal) == {"WAU-own-02a"}


@pytest.mark.proves("channel.approval-route")
def test_under_dma_the_steps_go_from_management_over_state_it_to_public_affairs() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    it = a_person(Role.IT_DIRECTOR)
    channel = a_reviewed_channel(staff, actor=a_person(Role.COORDINATOR))

    for early in (staff.public_affairs, it):
        with pytest.raises(Refused) as refusal:
            operations.approve_channel(channel_id=channel.public_id, actor=early, now=NOW)
        assert clauses(refusal) == {"DMA-II-B-02a"}
    states = [
        operations.approve_channel(channel_id=channel.public_id, actor=person, now=NOW).state
        for person in (staff.head, it, staff.public_affairs)
    ]

    assert states == [ChannelState.REVIEWED, ChannelState.REVIEWED, ChannelState.APPROVED]
    assert kinds()[-3:] == [
        "channels.channel-step-taken.v1",
        "channels.channel-step-taken.v1",
        "channels.channel-approved.v1",
    ]


def test_a_decline_needs_a_reason_and_ends_the_request(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    with pytest.raises(Refused) as refusal:
        operations.decline_channel(channel_id=channel.public_id, reason=" ", actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["no-reason"]
    declined = operations.decline_channel(
        channel_id=channel.public_id, reason="Too many pages", actor=staff.coordinator, now=NOW
    )
    assert declined.state == ChannelState.DECLINED
    assert last_entry().body["reason"] == "Too many pages"


@pytest.mark.proves("channel.prior-authorization")
def test_an_unapproved_channel_is_not_opened(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    with pytest.raises(Refused) as refusal:
        operations.open_channel(
            channel_id=channel.public_id, registered_email="parks@wausau.example.gov", actor=staff.head, now=NOW
        )
    assert codes(refusal) == ["wrong-state"]
    assert clauses(refusal) == {"WAU-own-02a"}


@pytest.mark.proves("channel.official-email")
def test_a_private_address_needs_a_reason_under_wausau(staff: Staff) -> None:
    governance.set_choice(
        key="body.government_domains",
        value=["wausau.example.gov"],
        reason="Our only domain",
        actor="system",
        now=NOW,
    )
    channel = a_reviewed_channel(staff)
    operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    opening: dict[str, Any] = {
        "channel_id": channel.public_id,
        "registered_email": "parks@mail.example.com",
        "connection": {"service": "http://square.test"},
        "actor": staff.head,
        "now": NOW,
    }
    with pytest.raises(Refused) as refusal:
        operations.open_channel(**opening)
    assert codes(refusal) == ["not-official-email"]
    assert clauses(refusal) == {"WAU-own-05e"}

    operations.open_channel(**opening, why_other_email="The platform refuses .gov addresses")

    assert last_entry().body["official_email"] is False


@pytest.mark.proves("channel.official-email")
def test_dma_takes_no_private_address_at_all() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    channel = a_reviewed_channel(staff, actor=a_person(Role.COORDINATOR))
    for person in (staff.head, a_person(Role.IT_DIRECTOR), staff.public_affairs):
        operations.approve_channel(channel_id=channel.public_id, actor=person, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.open_channel(
            channel_id=channel.public_id,
            registered_email="dma@mail.example.com",
            why_other_email="Because",
            connection={"service": "http://square.test"},
            actor=staff.head,
            now=NOW,
        )
    assert clauses(refusal) == {"DMA-II-B-04a"}


@pytest.mark.proves("channel.owned-by-body", "channel.owning-unit")
def test_the_body_owns_and_one_department_maintains_whoever_opens(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    entry = Entry.objects.get(kind="channels.channel-opened.v1")
    assert channel.opened_by == staff.head
    assert (entry.body["owner"], entry.body["unit"]) == ("City of Wausau", staff.unit.public_id)


def test_an_opening_without_what_the_connection_needs_names_it(staff: Staff) -> None:
    channel = a_reviewed_channel(staff)
    operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    with pytest.raises(InvalidInput) as problem:
        operations.open_channel(
            channel_id=channel.public_id, registered_email="parks@wausau.example.gov", actor=staff.head, now=NOW
        )
    assert problem.value.where == "service"


@pytest.mark.proves("custody.deposit-duty")
def test_opening_owes_a_deposit_which_the_sealed_log_in_closes(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    duty = Duty.objects.get(kind=operations.DEPOSIT_DUTY)
    assert (duty.subject, duty.clause, duty.owner) == (channel.public_id, "WAU-own-02c", staff.head)
    assert duty.due_at == NOW + timedelta(hours=24)

    credential = operations.deposit_credential(
        channel_id=channel.public_id, secret={"token": "a planted secret"}, actor=staff.head, now=NOW
    )

    duty.refresh_from_db()
    assert (duty.closed_at, duty.evidence) == (NOW, credential.public_id)
    channel.refresh_from_db()
    assert channel.state == ChannelState.DEPOSITED


def test_a_deposited_secret_stands_nowhere_in_the_database_or_the_ledger(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    operations.deposit_credential(
        channel_id=channel.public_id, secret={"token": "planted-secret-4711"}, actor=staff.head, now=NOW
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'SELECT * FROM "{table}"')
            for value in (value for row in cursor.fetchall() for value in row):
                kept = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                assert b"planted-secret-4711" not in kept, table
    assert "planted" not in last_entry().body_text
    found = Credential.objects.get()
    sealed = Sealed(found.key_id, bytes(found.sealed))
    opened = custody.open_custody().unseal(sealed, channel=channel.public_id, credential=found.public_id)
    assert opened == {"token": "planted-secret-4711"}


def test_a_changed_log_in_replaces_the_one_before_and_erases_its_secret(staff: Staff) -> None:
    channel = a_live_channel(staff)
    first = queries.credential_in_force(channel)
    assert first is not None
    second = operations.deposit_credential(
        channel_id=channel.public_id, secret={"token": "the next token"}, actor=staff.coordinator, now=NOW
    )
    first.refresh_from_db()
    channel.refresh_from_db()
    assert (bytes(first.sealed), first.replaced_at) == (b"", NOW)
    assert queries.credential_in_force(channel) == second
    assert channel.state == ChannelState.LIVE
    assert last_entry().body["replaces"] == first.public_id


@pytest.mark.proves("custody.unique-credential")
def test_a_secret_ever_used_is_refused_for_any_channel(staff: Staff) -> None:
    first = a_live_channel(staff, token="one and the same")
    second = an_opened_channel(staff, handle="wausau-pools", name="Wausau Pools")
    for channel in (first, second):
        with pytest.raises(Refused) as refusal:
            operations.deposit_credential(
                channel_id=channel.public_id, secret={"token": "one and the same"}, actor=staff.coordinator, now=NOW
            )
        assert codes(refusal) == ["reused-secret"]
    assert SecretMark.objects.count() == 1


@pytest.mark.proves("custody.unique-credential")
def test_a_log_in_name_serves_one_channel_and_stays_when_its_password_changes(staff: Staff) -> None:
    first = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    second = an_opened_channel(staff, platform="facebook", handle="WausauPools", name="Wausau Pools")

    def deposit(channel: Channel, login: str, password: str) -> None:
        secret = {"login": login, "password": password}
        operations.deposit_credential(channel_id=channel.public_id, secret=secret, actor=staff.coordinator, now=NOW)

    deposit(first, "parks@wausau.example.gov", "the first long password")
    deposit(first, "parks@wausau.example.gov", "the second long password")
    with pytest.raises(Refused) as refusal:
        deposit(second, "Parks@wausau.example.gov", "the third long password")
    assert codes(refusal) == ["reused-secret"]


@pytest.mark.parametrize(("secret", "code"), [({}, "empty-secret"), ({"token": " "}, "empty-secret")])
def test_an_empty_secret_is_refused(staff: Staff, secret: dict[str, str], code: str) -> None:
    channel = an_opened_channel(staff)
    with pytest.raises(Refused) as refusal:
        operations.deposit_credential(channel_id=channel.public_id, secret=secret, actor=staff.head, now=NOW)
    assert codes(refusal) == [code]
    assert not Credential.objects.exists()


def test_a_platform_without_a_connector_takes_login_and_a_long_password(staff: Staff) -> None:
    channel = an_opened_channel(staff, platform="facebook", handle="WausauParks")
    with pytest.raises(Refused) as refusal:
        operations.deposit_credential(
            channel_id=channel.public_id, secret={"login": "parks", "password": "short"}, actor=staff.head, now=NOW
        )
    assert codes(refusal) == ["weak-secret"]
    with pytest.raises(InvalidInput) as problem:
        operations.deposit_credential(channel_id=channel.public_id, secret={"token": "x"}, actor=staff.head, now=NOW)
    assert problem.value.where == "token"


def test_nobody_else_deposits(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    with pytest.raises(Refused):
        operations.deposit_credential(
            channel_id=channel.public_id, secret={"token": "t"}, actor=staff.public_affairs, now=NOW
        )


def test_a_missing_custody_key_is_said_and_nothing_is_lost(staff: Staff) -> None:
    channel = a_live_channel(staff)
    key = Path(settings.KEYS_FOLDER) / custody.KEY_NAME
    kept = key.read_bytes()
    key.unlink()

    for act in (
        lambda: queries.connector_for(channel),
        lambda: operations.deposit_credential(
            channel_id=channel.public_id, secret={"token": "next"}, actor=staff.coordinator, now=NOW
        ),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert codes(refusal) == ["custody-key-missing"]
    assert not key.exists()

    key.write_bytes(kept)
    queries.connector_for(channel).close()


def test_without_a_log_in_there_is_no_connector(staff: Staff) -> None:
    with pytest.raises(Refused) as refusal:
        queries.connector_for(an_opened_channel(staff))
    assert clauses(refusal) == {"WAU-own-02c"}


@pytest.mark.proves("page.element")
def test_a_channel_without_its_page_elements_does_not_go_live(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    operations.deposit_credential(channel_id=channel.public_id, secret={"token": "t0ken"}, actor=staff.head, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert set(codes(refusal)) == {"wrong-state", "page-element-unsettled", "page-element-unseen", "page-not-checked"}
    assert clauses(refusal) == {
        "WAU-legal-07c",
        "WAU-page-00",
        "WAU-page-01a",
        "WAU-page-01b",
        "WAU-page-02",
        "WAU-page-03",
        "WAU-page-04",
        "WAU-page-05a",
        "WAU-page-06",
        "WAU-page-07",
    }
    operations.describe_channel(channel_id=channel.public_id, **ELEMENTS, actor=staff.head, now=NOW)
    see_the_page(channel, staff.coordinator)

    live = operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)

    assert live.state == ChannelState.LIVE
    assert "WAU-page-02" in last_entry().body["page_elements_seen"]
    assert list(queries.official_channels()) == [channel]
    assert list(queries.watched_channels()) == [channel]


def test_a_channel_without_a_capture_plan_does_not_go_live(staff: Staff) -> None:
    channel = an_opened_channel(staff, capture_plan="")
    operations.deposit_credential(channel_id=channel.public_id, secret={"token": "t0ken"}, actor=staff.head, now=NOW)
    operations.describe_channel(channel_id=channel.public_id, **ELEMENTS, actor=staff.head, now=NOW)
    see_the_page(channel, staff.coordinator)
    with pytest.raises(Refused) as refusal:
        operations.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["no-capture-plan"]
    assert clauses(refusal) == {"WAU-use-10c"}


def test_a_description_is_recorded_by_what_changed(staff: Staff) -> None:
    channel = a_live_channel(staff)
    operations.describe_channel(
        channel_id=channel.public_id, cadence_minutes=5, official_contact="City Hall", actor=staff.head, now=NOW
    )
    assert last_entry().body["changed"] == ["cadence_minutes", "official_contact"]
    for values, where in (
        ({"cadence_minutes": 5}, "description"),
        ({"cadence_minutes": 0}, "cadence_minutes"),
        ({"capture_plan": " "}, "capture_plan"),
        ({"state": "closed"}, "state"),
        ({"purpose": ""}, "purpose"),
    ):
        with pytest.raises(InvalidInput) as problem:
            operations.describe_channel(channel_id=channel.public_id, **values, actor=staff.head, now=NOW)  # type: ignore[arg-type]
        assert problem.value.where == where


def test_a_channel_is_paused_resumed_and_closed_with_its_reasons(staff: Staff) -> None:
    channel = a_live_channel(staff)
    operations.pause_channel(channel_id=channel.public_id, reason="Under attack", actor=staff.coordinator, now=NOW)
    assert list(queries.live_channels()) == []
    assert list(queries.official_channels()) == [channel]
    operations.resume_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.close_channel(channel_id=channel.public_id, reason="", actor=staff.coordinator, now=NOW)
    assert codes(refusal) == ["no-reason"]
    closed = operations.close_channel(
        channel_id=channel.public_id, reason="Merged into one page", actor=staff.coordinator, now=NOW
    )
    assert (closed.state, closed.closed_at) == (ChannelState.CLOSED, NOW)
    assert kinds()[-3:] == [
        "channels.channel-paused.v1",
        "channels.channel-resumed.v1",
        "channels.channel-closed.v1",
    ]
    assert list(queries.official_channels()) == []
    about_the_platform = {"channels.terms-stored.v1", "channels.terms-watch-named.v1"}
    assert [entry.kind for entry in queries.history(channel)] == [
        one for one in kinds() if one not in about_the_platform
    ]


def test_a_spokesperson_does_not_pause_a_channel(staff: Staff) -> None:
    channel = a_live_channel(staff)
    with pytest.raises(Refused):
        operations.pause_channel(channel_id=channel.public_id, reason="x", actor=staff.spokesperson, now=NOW)


def test_a_lost_connection_is_an_act_once_and_its_return_another(staff: Staff) -> None:
    channel = a_live_channel(staff)
    for _ in range(3):
        operations.note_connection(channel_id=channel.public_id, trouble="lost_token", actor="system", now=NOW)
    duty = Duty.objects.get(kind=operations.CONNECTION_DUTY)
    assert (duty.subject, duty.closed_at) == (channel.public_id, None)
    for _ in range(2):
        operations.note_connection(channel_id=channel.public_id, trouble="", actor="system", now=NOW)
    duty.refresh_from_db()
    channel.refresh_from_db()
    assert duty.closed_at == NOW
    assert (channel.trouble, channel.last_connected_at) == ("", NOW)
    assert kinds()[-2:] == ["channels.connection-lost.v1", "channels.connection-restored.v1"]


def test_an_unknown_channel_is_named(staff: Staff) -> None:
    with pytest.raises(InvalidInput) as problem:
        operations.approve_channel(channel_id="chn-none", actor=staff.coordinator, now=NOW)
    assert problem.value.where == "channel"


def test_every_control_of_channels_answers_for_itself(staff: Staff) -> None:
    from rostrum.areas.channels.controls import life, page

    a_live_channel(staff)
    answers = {control.id: control.evidence() for control in (*life.CONTROLS, *page.CONTROLS)}
    silent = {"channel.business-case", "channel.no-personal"}
    assert all(answer.count >= 1 for id, answer in answers.items() if id not in silent)
    assert all(answer.since == NOW and answer.link for id, answer in answers.items() if id not in silent)
    assert "0 channels were approved by who asked" in answers["channel.site-approval"].summary
    assert "0 of them without an earlier approval" in answers["channel.prior-authorization"].summary
    assert "9 elements" in answers["page.element"].summary
