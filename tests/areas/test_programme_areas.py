"""Rights to speak name programme areas: a post about another is warned of and cleared by who approves there."""

import pytest
from django.urls import reverse

from rostrum.areas.channels.models import Channel, RightRequest
from rostrum.areas.channels.queries import grants as rights
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.models import Draft
from rostrum.areas.publishing.rules import DraftState, finding_key
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.findings import Finding, Strength
from tests.channels import NOW, Staff, a_body, a_live_channel, a_staff
from tests.people import a_person, a_unit, signed_in
from tests.publishing import TEXT, a_draft, edit, speaks_on
from tests.rights import a_request, an_issued_right, designated, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    a_body("wi-hrh-480", name="A state agency")
    return a_staff()


@pytest.fixture
def channel(staff: Staff) -> Channel:
    made = a_live_channel(staff)
    speaks_about(staff.spokesperson, made, "Trails", "Beaches")
    return made


@pytest.fixture
def warden(staff: Staff, channel: Channel) -> User:
    """The head of the department whose spokesperson speaks about hunting."""
    wardens = a_unit("wardens", "Wardens")
    head = a_person(Role.DEPARTMENT_HEAD, name="Willa Warden", unit=wardens, over=wardens)
    theirs = a_live_channel(
        Staff(wardens, staff.spokesperson, staff.coordinator, head, staff.public_affairs),
        token="token-of-the-wardens-channel",
        handle="wardens",
        name="Wardens",
        unit=wardens,
    )
    speaks_about(a_person(Role.POSTER, unit=wardens, over=wardens), theirs, "Hunting")
    return head


def speaks_about(person: User, channel: Channel, *topics: str) -> None:
    speaks_on(person, channel)
    RightRequest.objects.filter(person=person, channel=channel).update(topics=list(topics))


def about(area: str) -> dict[str, str]:
    same = {"WI480-040-04c": "It is the same"}
    return same | {"programme_area": area} if area else same


def beyond(draft: Draft) -> list[Finding]:
    return [one for one in queries.findings_now(queries.current_revision(draft)) if one.control == "grant.topics"]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def approve(draft: Draft, actor: User) -> None:
    operations.approve_draft(
        draft_id=draft.public_id,
        digest=queries.current_revision(draft).digest,
        answers=dict.fromkeys(("WI480-040-04c", "WI480-040-05b1"), "Looked at"),
        actor=actor,
        now=NOW,
    )


@pytest.mark.proves("grant.topics")
def test_a_draft_about_another_area_waits_for_who_approves_there(staff: Staff, channel: Channel, warden: User) -> None:
    draft = a_draft(staff, channel, text="The deer season opens.", answers=about("Hunting"))
    (found,) = beyond(draft)
    assert (found.clause, found.strength) == ("WI480-040-04a", Strength.WARN)
    assert found.message == "It is about Hunting; the author's right here names: Trails, Beaches."
    assert not queries.visible_drafts(warden, now=NOW).exists()
    draft = operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)

    with pytest.raises(Refused) as warned:
        approve(draft, staff.head)
    assert codes(warned) == ["warning-open"]
    with pytest.raises(Refused) as other:
        operations.clear_finding(
            draft_id=draft.public_id, finding=finding_key(found), reason="Fine", actor=staff.head, now=NOW
        )
    assert [(one.code, one.clause) for one in other.value.reasons] == [("other-area", "WI480-040-04a")]
    assert "who approves for Wardens clears it" in str(other.value)

    assert queries.waiting_for_area(warden, now=NOW) == [draft]
    assert queries.waiting_for_area(staff.head, now=NOW) == []
    operations.clear_finding(
        draft_id=draft.public_id, finding=finding_key(found), reason="It is right", actor=warden, now=NOW
    )
    assert queries.waiting_for_area(warden, now=NOW) == []
    approve(draft, staff.head)
    draft.refresh_from_db()
    assert draft.state == DraftState.APPROVED


@pytest.mark.parametrize(("area", "spoken"), [("trails", 0), ("Beaches", 0), ("", 1), ("Hunting", 1)])
def test_what_the_author_names_is_compared_with_the_right(
    staff: Staff, channel: Channel, area: str, spoken: int
) -> None:
    assert len(beyond(a_draft(staff, channel, answers=about(area)))) == spoken


def test_an_area_that_nobody_holds_is_cleared_for_the_drafts_own_department(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, answers=about("Fishing"))
    operations.clear_finding(
        draft_id=draft.public_id, finding=finding_key(beyond(draft)[0]), reason="Ours too", actor=staff.head, now=NOW
    )


def test_a_right_without_areas_covers_all_and_one_that_ended_covers_none(staff: Staff, channel: Channel) -> None:
    RightRequest.objects.update(topics=[])
    assert beyond(a_draft(staff, channel, answers=about("Hunting"))) == []
    RightRequest.objects.update(topics=["Trails"])
    assert set(rights.programme_areas(now=NOW)) == {"trails"}
    staff.spokesperson.channel_grants.update(suspended_at=NOW)
    assert rights.programme_areas(now=NOW) == {}


def test_the_area_is_part_of_the_approved_bytes_and_checked_again_after_an_edit(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, answers=about("Trails"))
    revision = queries.current_revision(draft)
    assert b'"programme_area":"Trails"' in bytes(revision.body)
    assert revision.area == "trails"
    edit(draft, staff.spokesperson, answers=about("Hunting"))
    assert len(beyond(draft)) == 1


def test_without_such_a_clause_nothing_is_asked_or_found() -> None:
    a_body()
    staff = a_staff()
    made = a_live_channel(staff)
    speaks_about(staff.spokesperson, made, "Trails")
    draft = a_draft(staff, made)
    assert beyond(draft) == []
    assert queries.areas_to_choose(staff.spokesperson, now=NOW) == []
    assert "programme area" not in signed_in(staff.spokesperson).get(reverse("draft-new")).text


@pytest.mark.proves("grant.topics")
def test_the_department_sets_the_areas_and_the_right_shows_them() -> None:
    a_body()
    staff = a_staff()
    made = a_live_channel(staff)
    asked = a_request(staff, made, topics=["Trails", " trails", "Everything  else", ""])
    assert asked.topics == ["Trails", "Everything else"]
    head = signed_in(staff.head)
    page = head.get(reverse("right-request", args=[asked.public_id]))
    assert "Trails\nEverything else</textarea>" in page.text

    fields = {"topics": "Trails\r\nBeaches\r\n", "cap_reason": ""}
    assert head.post(reverse("right-designate", args=[asked.public_id]), fields).status_code == 302

    asked.refresh_from_db()
    assert asked.topics == ["Trails", "Beaches"]
    assert Entry.objects.get(kind="channels.right-designated.v1").body["topics"] == ["Trails", "Beaches"]
    issued(staff, asked)
    assert rights.topics_of(staff.spokesperson, made.public_id, now=NOW) == ("Trails", "Beaches")
    for page in (
        signed_in(staff.spokesperson).get(reverse("my-rights")),
        head.get(reverse("unit-rights", args=[staff.unit.slug])),
    ):
        assert "About Trails, Beaches" in page.text


def test_a_designation_that_says_nothing_of_areas_leaves_those_asked_for() -> None:
    a_body()
    staff = a_staff()
    made = a_live_channel(staff)
    assert designated(staff, a_request(staff, made, topics=["Trails"])).topics == ["Trails"]
    again = an_issued_right(staff, made, person=a_person(unit=staff.unit), topics=["Beaches"], actor=staff.head)
    assert again.topics == ["Beaches"]


@pytest.mark.parametrize("topics", [["x" * 101], [f"Area {number}" for number in range(51)]])
def test_too_many_or_too_long_areas_are_named(topics: list[str]) -> None:
    a_body()
    staff = a_staff()
    with pytest.raises(InvalidInput) as problem:
        a_request(staff, a_live_channel(staff), topics=topics)
    assert problem.value.where == "topics"


def test_the_author_chooses_the_area_and_the_approver_sees_it(staff: Staff, channel: Channel, warden: User) -> None:
    author = signed_in(staff.spokesperson)
    page = author.get(reverse("draft-new"))
    assert '<optgroup label="Your areas">' in page.text
    assert '<optgroup label="Areas of others">' in page.text
    written = {
        "text": TEXT,
        "channels": [channel.public_id],
        "answer_programme_area": "Hunting",
        "act": "save",
        "request_token": "t1",
    }
    wrong = author.post(reverse("draft-new"), written | {"answer_programme_area": "Astronomy", "request_token": "t0"})
    assert wrong.status_code == 422
    assert author.post(reverse("draft-new"), written).status_code == 302
    draft = Draft.objects.get()
    edit(draft, staff.spokesperson, answers=about("Hunting"))
    operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)

    assert "About your programme areas, by others" in signed_in(warden).get(reverse("write")).text
    assert "About your programme areas, by others" in signed_in(warden).get(reverse("today")).text
    page = signed_in(warden).get(reverse("draft", args=[draft.public_id]))
    assert "Which programme area is it about?</dt><dd>Hunting" in page.text
    sent = {"finding": finding_key(beyond(draft)[0]), "reason": "It is right"}
    assert signed_in(warden).post(reverse("draft-clear", args=[draft.public_id]), sent).status_code == 302
