"""Who and what may act on a channel: administrators against the roster, allowed applications, settings."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.guides import VERSION, guide_for
from rostrum.areas.channels.jobs import access as jobs
from rostrum.areas.channels.models import (
    AdministratorFinding,
    AdministratorList,
    AllowedApplication,
    ApplicationFinding,
    Channel,
    SettingsCheck,
)
from rostrum.areas.channels.operations import access as operations
from rostrum.areas.channels.queries import access as queries
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import ChannelGrant, User
from rostrum.areas.people.rules import Right, Role
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import (
    ELEMENTS,
    NOW,
    Staff,
    a_body,
    a_live_channel,
    a_square,
    a_staff,
    an_opened_channel,
    see_the_page,
)
from tests.people import LONG_AGO, a_person, signed_in

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def holds(person: User, channel: Channel, right: Right = Right.CREDENTIAL) -> User:
    ChannelGrant.objects.create(person=person, channel=channel.public_id, right=right.value, starts_at=LONG_AGO)
    return person


def listed(*persons: User, more: str = "") -> bytes:
    return ("Name,E-mail,Role\n" + "".join(f"{one.name},{one.email},Admin\n" for one in persons) + more).encode()


def hand_in(channel: Channel, data: bytes, staff: Staff, **overrides: Any) -> AdministratorList:
    values = {"channel_id": channel.public_id, "data": data, "actor": staff.coordinator, "now": NOW} | overrides
    return operations.hand_in_administrators(**values)


def standing(channel: Channel) -> list[str]:
    return sorted(queries.administrator_findings(channel).values_list("kind", flat=True))


def open_duties(kind: str) -> list[Duty]:
    return list(Duty.objects.filter(kind=kind, closed_at=None))


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


# Administrators


def test_the_platforms_list_is_held_against_the_roster(staff: Staff) -> None:
    channel = a_live_channel(staff)
    first, second = holds(a_person(name="Fay First"), channel), holds(a_person(name="Sol Second"), channel)
    gone = a_person(name="Gia Gone")
    gone.left_at = LONG_AGO
    gone.save()
    data = listed(first, gone, staff.public_affairs, more="Stranger,who@else.example,Editor\n")

    made = hand_in(channel, data, staff)

    assert standing(channel) == ["departed", "no-right", "too-few", "unknown"]
    assert pages.blobs().read(made.source) == data
    duties = {duty.subject: duty for duty in open_duties(operations.ROSTER_DUTY)}
    assert len(duties) == 4
    departed = AdministratorFinding.objects.get(kind="departed")
    assert (departed.person, duties[departed.public_id].due_at) == (gone, NOW + 24 * HOUR)
    entry = Entry.objects.get(kind="channels.administrators-listed.v1")
    assert (entry.body["count"], len(entry.body["opened"])) == (4, 4)
    assert "else.example" not in entry.body_text

    # The next list settles what was put right, and says nothing twice.
    hand_in(channel, listed(first, second, more="Stranger,who@else.example,Editor\n"), staff, now=NOW + DAY)
    assert standing(channel) == ["unknown"]
    assert len(open_duties(operations.ROSTER_DUTY)) == 1
    departed.refresh_from_db()
    assert departed.resolved_at == NOW + DAY


def test_a_disagreement_is_answered_with_a_reason_by_another_person(staff: Staff) -> None:
    channel = a_live_channel(staff)
    both = [holds(a_person(), channel), holds(a_person(), channel)]
    hand_in(channel, listed(*both, staff.public_affairs), staff)
    (finding,) = queries.administrator_findings(channel)
    for actor, reason, code in (
        (staff.spokesperson, "x", "no-role"),
        (staff.public_affairs, "It is me", "own-finding"),
        (staff.coordinator, " ", "no-reason"),
    ):
        with pytest.raises(Refused) as refusal:
            operations.answer_administrator_finding(finding_id=finding.public_id, reason=reason, actor=actor, now=NOW)
        assert code in codes(refusal)

    operations.answer_administrator_finding(
        finding_id=finding.public_id, reason="She stands in until May", actor=staff.coordinator, now=NOW
    )

    assert open_duties(operations.ROSTER_DUTY) == []
    hand_in(channel, listed(*both, staff.public_affairs), staff, now=NOW + DAY)
    assert open_duties(operations.ROSTER_DUTY) == []  # answered, and not asked again
    assert standing(channel) == ["no-right"]
    with pytest.raises(Refused) as refusal:
        operations.answer_administrator_finding(
            finding_id=finding.public_id, reason="Again", actor=staff.coordinator, now=NOW
        )
    assert codes(refusal) == ["answered"]


def test_whom_a_log_in_is_told_to_be_is_known_in_the_next_list(staff: Staff) -> None:
    channel = a_live_channel(staff)
    first, second = holds(a_person(), channel), holds(a_person(), channel)
    odd = f"Name,User name\n{first.name},\nQueen of the Pool,qp77\n".encode()
    hand_in(channel, odd, staff)
    unknown = AdministratorFinding.objects.get(kind="unknown")
    operations.answer_administrator_finding(
        finding_id=unknown.public_id, reason="Her stage name", is_person=second, actor=staff.coordinator, now=NOW
    )
    hand_in(channel, odd, staff, now=NOW + DAY)
    assert standing(channel) == []


def test_a_list_that_names_nobody_changes_nothing(staff: Staff) -> None:
    channel = a_live_channel(staff)
    with pytest.raises(InvalidInput) as problem:
        hand_in(channel, b"\n", staff)
    assert problem.value.where == "list"
    with pytest.raises(Refused):
        hand_in(channel, b"Dana", staff, actor=staff.spokesperson)
    assert not AdministratorList.objects.exists()


def test_a_bad_line_is_kept_as_a_fault_and_shown(staff: Staff) -> None:
    channel = a_live_channel(staff)
    made = hand_in(channel, b"Name,Email\nDana Head,dana@x.gov\n,,\n", staff)
    assert made.faults == [{"where": "line 3", "why": "nobody is named in it"}]
    page = signed_in(staff.coordinator).get(f"/desk/channels/{channel.slug}/administrators")
    assert "Line 3: nobody is named in it" in page.text
    assert "Too few verified holders" in page.text


def test_where_the_platform_tells_its_list_is_read(
    staff: Staff, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_square(tmp_path, monkeypatch) as square:
        channel = a_live_channel(staff, token=square.token)
        person = holds(a_person(name="Fay First"), channel)
        square.store.set_access(
            square.handle, [{"name": "Fay First", "email": person.email, "role": "admin"}], ["Quiz of the Day"]
        )
        jobs.watch_access({}, now=NOW)
        assert Job.objects.filter(kind="channels.read-access").count() == 1

        jobs.read_access({"channel": channel.public_id}, now=NOW)

        made = AdministratorList.objects.get()
        assert (made.is_read, made.rows[0]["person"]) == (True, person.public_id)
        assert standing(channel) == ["too-few"]
        assert ApplicationFinding.objects.get().name == "Quiz of the Day"
        page = signed_in(staff.coordinator).post(f"/desk/channels/{channel.slug}/administrators/read", follow=True)
        assert "Read, and compared" in page.text


def test_where_nothing_tells_a_person_is_asked_for_the_list(staff: Staff) -> None:
    channel = a_live_channel(staff)  # its log-in reaches no platform here
    channel.platform_id = "square"
    Channel.objects.filter(pk=channel.pk).update(connection={})
    jobs.read_access({"channel": channel.public_id}, now=NOW)
    (duty,) = open_duties(operations.LIST_DUTY)
    assert duty.due_at == NOW + 14 * DAY
    hand_in(channel, b"Dana Head", staff)
    assert open_duties(operations.LIST_DUTY) == []
    Job.objects.all().delete()
    jobs.watch_access({}, now=NOW + 89 * DAY)
    assert not Job.objects.filter(kind="channels.read-access").exists()
    jobs.watch_access({}, now=NOW + 91 * DAY)
    assert Job.objects.filter(kind="channels.read-access").count() == 1


# Applications


def propose(actor: User, name: str = "Planner Pro", **overrides: Any) -> AllowedApplication:
    values = {"name": name, "purpose": "Plan posts", "actor": actor, "now": NOW} | overrides
    return operations.propose_application(**values)


@pytest.mark.proves("channel.apps-allow-list")
def test_an_application_is_allowed_by_the_coordinator_and_it_both(staff: Staff) -> None:
    it = a_person(Role.IT_DIRECTOR)
    made = propose(staff.coordinator)
    assert (made.coordinator, made.is_allowed) == (staff.coordinator, False)
    for actor, code in ((staff.coordinator, "not-yours"), (staff.head, "not-yours")):
        with pytest.raises(Refused) as refusal:
            operations.approve_application(application_id=made.public_id, actor=actor, now=NOW)
        assert code in codes(refusal)
    assert operations.approve_application(application_id=made.public_id, actor=it, now=NOW).is_allowed
    with pytest.raises(Refused) as refusal:
        propose(staff.coordinator, " planner  PRO ")
    assert codes(refusal) == ["listed"]
    with pytest.raises(Refused) as refusal:
        propose(staff.spokesperson, "Quiz")
    assert codes(refusal) == ["not-yours"]


@pytest.mark.proves("channel.apps-allow-list")
def test_one_person_with_both_offices_does_not_allow_alone(staff: Staff) -> None:
    both = a_person(Role.COORDINATOR, Role.IT_DIRECTOR)
    made = propose(both)
    with pytest.raises(Refused) as refusal:
        operations.approve_application(application_id=made.public_id, actor=both, now=NOW)
    assert codes(refusal) == ["second-person"]


@pytest.mark.proves("channel.apps-allow-list")
def test_anything_connected_that_is_not_allowed_opens_a_security_duty(staff: Staff) -> None:
    channel, it = a_live_channel(staff), a_person(Role.IT_DIRECTOR)
    connector = queries.connector_name("square")
    who: dict[str, Any] = {"channel_id": channel.public_id, "actor": staff.coordinator}
    operations.check_applications(names=[connector, "Quiz of the Day", "quiz of the  day"], now=NOW, **who)
    (duty,) = open_duties(operations.APP_DUTY)
    assert (duty.owner_role, duty.clause, duty.due_at) == (Role.IT_DIRECTOR, "WAU-use-08", NOW + 24 * HOUR)
    operations.check_applications(names=[connector, "Planner Pro", "Quiz of the Day"], now=NOW + HOUR, **who)
    assert len(open_duties(operations.APP_DUTY)) == 2

    made = propose(staff.coordinator)
    operations.approve_application(application_id=made.public_id, actor=it, now=NOW + HOUR)
    assert [one.name for one in queries.application_findings(channel)] == ["Quiz of the Day"]
    operations.check_applications(names=[connector], now=NOW + 2 * HOUR, **who)
    assert open_duties(operations.APP_DUTY) == []
    assert set(ApplicationFinding.objects.values_list("resolution", flat=True)) == {"allowed", "gone"}

    operations.withdraw_application(application_id=made.public_id, reason="Sold", actor=it, now=NOW + 3 * HOUR)
    operations.check_applications(names=["Planner Pro"], now=NOW + 4 * HOUR, **who)
    assert len(open_duties(operations.APP_DUTY)) == 1


@pytest.mark.proves("channel.apps-allow-list")
def test_a_channel_does_not_go_live_through_a_connector_that_is_not_allowed(staff: Staff) -> None:
    channel = an_opened_channel(staff)
    AllowedApplication.objects.all().delete()
    channels.deposit_credential(
        channel_id=channel.public_id, secret={"token": "t0ken"}, actor=staff.coordinator, now=NOW
    )
    channels.describe_channel(channel_id=channel.public_id, **ELEMENTS, actor=staff.head, now=NOW)
    see_the_page(channel, staff.coordinator)
    with pytest.raises(Refused) as refusal:
        channels.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert [(one.code, one.clause) for one in refusal.value.reasons] == [("connector-not-allowed", "WAU-use-08")]
    made = propose(staff.coordinator, queries.connector_name("square"), platform="square", is_connector=True)
    operations.approve_application(application_id=made.public_id, actor=a_person(Role.IT_DIRECTOR), now=NOW)
    assert channels.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW).live_at == NOW


def test_a_look_at_applications_is_asked_for_on_its_cadence(staff: Staff) -> None:
    channel = a_live_channel(staff)
    jobs.watch_access({}, now=NOW)
    (duty,) = open_duties(operations.APPS_DUTY)
    assert (duty.subject, duty.owner_role) == (channel.public_id, Role.IT_DIRECTOR)
    operations.check_applications(channel_id=channel.public_id, names=[], actor=a_person(Role.IT_DIRECTOR), now=NOW)
    jobs.watch_access({}, now=NOW + 89 * DAY)
    assert open_duties(operations.APPS_DUTY) == []
    jobs.watch_access({}, now=NOW + 91 * DAY)
    assert len(open_duties(operations.APPS_DUTY)) == 1


# Settings


@pytest.mark.proves("channel.privacy-settings")
def test_the_guide_is_gone_through_and_kept_as_a_checklist() -> None:
    a_body("wi-best-practices")
    staff = a_staff()
    channel = a_live_channel(staff)
    jobs.watch_access({}, now=NOW)
    (duty,) = open_duties(operations.SETTINGS_DUTY)
    assert duty.clause == "BP-5-05"
    items = [one.code for one in guide_for("square").settings]
    who: dict[str, Any] = {"channel_id": channel.public_id, "now": NOW}
    for answers, actor, code in (
        ({items[0]: "set"}, staff.coordinator, "incomplete"),
        (dict.fromkeys(items, "not-set"), staff.coordinator, "no-note"),
        (dict.fromkeys(items, "set"), a_person(Role.MODERATOR), "no-role"),
    ):
        with pytest.raises(Refused) as refusal:
            operations.check_settings(answers=answers, actor=actor, **who)
        assert codes(refusal) == [code]

    answers = dict.fromkeys(items, "set") | {items[1]: "not-set"}
    check = operations.check_settings(answers=answers, note="After the update in May", actor=staff.coordinator, **who)

    assert (check.guide_version, check.answers) == (VERSION, answers)
    assert Entry.objects.get(kind="channels.settings-checked.v1").body["open"] == [items[1]]
    assert open_duties(operations.SETTINGS_DUTY) == []
    jobs.watch_access({}, now=NOW + 181 * DAY)
    assert len(open_duties(operations.SETTINGS_DUTY)) == 1


@pytest.mark.proves("channel.privacy-settings")
def test_everybody_can_read_how_to_set_up_a_profile() -> None:
    a_body("wi-best-practices")
    page = signed_in(a_person()).get("/desk/channels/privacy-settings/")
    assert page.status_code == 200
    for words in ("Facebook", "BP-5-05", "never the work address", "Nobody here looks at anybody"):
        assert words in page.text


# Pages


def test_the_pages_do_what_the_operations_do(staff: Staff) -> None:
    channel, it = a_live_channel(staff), a_person(Role.IT_DIRECTOR)
    desk, address = signed_in(staff.coordinator), f"/desk/channels/{channel.slug}"
    assert desk.post(f"{address}/administrators", {"text": "", "file": ""}).status_code == 422
    assert desk.post(f"{address}/administrators", {"text": "Dana Head\nStranger"}).status_code == 302
    unknown = AdministratorFinding.objects.get(kind="unknown")
    page = desk.get(f"/desk/channels/administrators/{unknown.public_id}/")
    assert "Stranger is nobody the body knows." in page.text
    answer = desk.post(
        f"/desk/channels/administrators/{unknown.public_id}/", {"reason": "A contractor", "is_person": ""}
    )
    assert answer.status_code == 302
    assert "A contractor" in desk.get(f"{address}/administrators").text

    new = {"name": "Planner", "purpose": "Plan", "vendor": "", "platform": ""}
    assert desk.post("/desk/channels/applications/", new).status_code == 302
    made = AllowedApplication.objects.get(name="Planner")
    assert signed_in(it).post(f"/desk/channels/applications/{made.public_id}/approve").status_code == 302
    assert "Allowed" in desk.get("/desk/channels/applications/").text
    assert desk.post(f"{address}/applications", {"names": "Planner\nQuiz"}).status_code == 302
    assert "To be removed" in desk.get(f"{address}/applications").text
    assert desk.post(f"/desk/channels/applications/{made.public_id}/withdraw", {"reason": "Sold"}).status_code == 302

    answers = {f"set_{one.code}": "set" for one in guide_for("square").settings}
    assert desk.post(f"{address}/settings", answers).status_code == 302
    assert SettingsCheck.objects.count() == 1
    page = desk.get(f"{address}/")
    assert "Something is not allowed" in page.text
    assert "Does not agree with the roster" in page.text
