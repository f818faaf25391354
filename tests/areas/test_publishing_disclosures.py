"""Protected information in posts: disclosed only by an authorization, for what it covers, while it is in force."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from rostrum.areas.assurance.queries.clauses import standing_of
from rostrum.areas.channels.models import Channel
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.models import Clearance, DisclosureAuthorization, Draft
from rostrum.areas.publishing.rules import DraftState, Outcome, finding_key
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.findings import Finding
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, a_unit, signed_in
from tests.publishing import a_draft, an_authorization, approved, edit, speaks_on, work

pytestmark = pytest.mark.django_db

HEALTH = "Our lifeguard Ms. Novak was hospitalized for a concussion and is well again."
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def staff() -> Staff:
    a_body("milwaukee-personal", name="City of Milwaukee")
    return a_staff()


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.fixture
def channel(staff: Staff, square: Square) -> Channel:
    made = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, made)
    return made


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def found_in(draft: Draft) -> Finding:
    (one,) = [one for one in queries.findings_now(queries.current_revision(draft)) if one.strength == "block"]
    return one


def clear(draft: Draft, actor: User, authorization: DisclosureAuthorization | None = None, **more: Any) -> Clearance:
    values: dict[str, Any] = {
        "draft_id": draft.public_id,
        "finding": finding_key(found_in(draft)),
        "reason": "It is what she agreed to",
        "authorization": authorization.public_id if authorization else "",
        "actor": actor,
        "now": NOW,
    }
    return operations.clear_finding(**(values | more))


def handed_in(draft: Draft, staff: Staff) -> Draft:
    return operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)


@pytest.mark.proves("draft.disclosure-authorization")
def test_only_an_authorization_clears_a_finding_about_protected_information(staff: Staff, channel: Channel) -> None:
    draft = a_draft(staff, channel, text=HEALTH)
    assert found_in(draft).clause == "MKE-VI-04b"
    with pytest.raises(Refused) as stopped:
        handed_in(draft, staff)
    assert codes(stopped) == ["blocked"]
    for person in (staff.public_affairs, a_person(Role.RECORDS_CUSTODIAN)):
        with pytest.raises(Refused) as refusal:
            clear(draft, person)
        assert [(one.code, one.clause) for one in refusal.value.reasons] == [("only-authorized", "MKE-VI-04h")]

    given = an_authorization(staff)
    clear(draft, staff.public_affairs, given)

    entry = Entry.objects.filter(kind="publishing.finding-cleared.v1").get()
    assert (entry.body["authorization"], entry.body["still_needed"]) == (given.public_id, 0)
    assert Clearance.objects.get().authorization == given
    assert handed_in(draft, staff).state == DraftState.IN_REVIEW
    assert approved(staff, draft).state == DraftState.APPROVED
    edit(draft, staff.spokesperson, text=HEALTH + " Thank you all!")
    with pytest.raises(Refused) as again:
        handed_in(draft, staff)
    assert codes(again) == ["blocked"]


def test_an_authorization_clears_what_it_covers_for_whom_it_is_given_and_no_more(
    staff: Staff, channel: Channel
) -> None:
    draft = a_draft(staff, channel, text=HEALTH)
    colleague = a_person(Role.POSTER, unit=staff.unit, over=staff.unit)
    cases = (
        (an_authorization(staff, covers=["MKE-VI-04c"]), "not-covered"),
        (an_authorization(staff, person=colleague), "other-holder"),
        (an_authorization(staff, starts_at=LATER), "not-in-force"),
    )
    for given, code in cases:
        with pytest.raises(Refused) as refusal:
            clear(draft, staff.public_affairs, given)
        assert codes(refusal) == [code]
    with pytest.raises(InvalidInput, match="there is no authorization"):
        operations.clear_finding(
            draft_id=draft.public_id,
            finding=finding_key(found_in(draft)),
            reason="It covers it",
            authorization="dau-none",
            actor=staff.public_affairs,
            now=NOW,
        )
    assert not Clearance.objects.exists()


def test_who_gave_the_authorization_does_not_apply_it(staff: Staff, channel: Channel) -> None:
    boss = a_person(Role.AGENCY_HEAD, Role.PUBLIC_AFFAIRS)
    draft = a_draft(staff, channel, text=HEALTH)
    with pytest.raises(Refused) as refusal:
        clear(draft, boss, an_authorization(staff, actor=boss))
    assert codes(refusal) == ["own-authorization"]


def test_a_finding_that_other_clauses_share_needs_the_usual_persons_as_well() -> None:
    a_body("wausau-city", "milwaukee-personal")
    staff = a_staff()
    channel = a_live_channel(staff)
    speaks_on(staff.spokesperson, channel)
    draft = a_draft(staff, channel, text="Call Mrs. Novak at 715-555-0142 about the lost dog.")
    assert {found_in(draft).clause, *found_in(draft).also} >= {"WAU-use-05d", "MKE-VI-04g"}
    given = an_authorization(staff, covers=["MKE-VI-04g"], what="The number of Mrs. Novak")

    clear(draft, staff.public_affairs, given)

    with pytest.raises(Refused) as refusal:
        handed_in(draft, staff)
    assert codes(refusal) == ["blocked"]
    clear(draft, a_person(Role.RECORDS_CUSTODIAN))
    assert handed_in(draft, staff).state == DraftState.IN_REVIEW


def test_without_such_a_clause_two_persons_clear_a_block_as_ever() -> None:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff)
    speaks_on(staff.spokesperson, channel)
    draft = a_draft(staff, channel, text=HEALTH)
    with pytest.raises(Refused) as nothing:
        an_authorization(staff)
    assert "no-ban" in codes(nothing)
    strong = [one for one in queries.findings_now(queries.current_revision(draft)) if one.strength == "block"]
    for one in strong:
        for person in (staff.public_affairs, a_person(Role.RECORDS_CUSTODIAN)):
            clear(draft, person, finding=finding_key(one))
    assert queries.cleared_counts(queries.current_revision(draft), at=NOW) == {finding_key(one): 2 for one in strong}


def scheduled(staff: Staff, draft: Draft, at: datetime = NOW) -> Any:
    return operations.schedule_publication(draft_id=draft.public_id, actor=staff.spokesperson, now=at)


@pytest.mark.proves("draft.disclosure-authorization")
def test_nothing_is_published_on_an_authorization_that_is_over(staff: Staff, square: Square, channel: Channel) -> None:
    given = an_authorization(staff, ends_at=LATER)
    late = a_draft(staff, channel, text=HEALTH, publish_at=LATER)
    soon = a_draft(staff, channel, text=HEALTH + " Welcome back!")
    for draft in (late, soon):
        clear(draft, staff.public_affairs, given)
        approved(staff, handed_in(draft, staff))

    with pytest.raises(Refused) as refusal:
        scheduled(staff, late)
    assert [(one.code, one.clause) for one in refusal.value.reasons] == [("authorization-over", "MKE-VI-04h")]

    publications = scheduled(staff, soon)
    operations.withdraw_authorization(
        authorization_id=given.public_id, reason="She changed her mind", actor=staff.head, now=NOW
    )
    work(publications, now=NOW + timedelta(minutes=1))
    assert square.posts() == []
    assert (publications[0].outcome, publications[0].failure) == (Outcome.FAILED, "authorization-over")
    assert Entry.objects.filter(kind="publishing.disclosure-authorization-withdrawn.v1").count() == 1


def test_an_authorization_that_ended_before_the_approval_counts_no_more(staff: Staff, channel: Channel) -> None:
    given = an_authorization(staff, ends_at=LATER)
    draft = a_draft(staff, channel, text=HEALTH)
    clear(draft, staff.public_affairs, given)
    draft = handed_in(draft, staff)
    digest = queries.current_revision(draft).digest
    with pytest.raises(Refused) as refusal:
        operations.approve_draft(draft_id=draft.public_id, digest=digest, actor=staff.head, now=LATER)
    assert codes(refusal) == ["blocked"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"what": " "}, "no-matter"),
        ({"basis": ""}, "no-basis"),
        ({"covers": []}, "no-kind"),
        ({"covers": ["MKE-VI-05"]}, "no-kind"),
        ({"ends_at": NOW}, "no-end"),
        ({"starts_at": NOW + timedelta(days=2)}, "no-end"),
    ],
)
def test_an_authorization_names_what_on_which_basis_and_until_when(
    staff: Staff, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        an_authorization(staff, **changes)
    assert codes(refusal) == [code]
    assert refusal.value.reasons[0].clause == "MKE-VI-04h"
    assert not DisclosureAuthorization.objects.exists()


def test_only_who_answers_for_the_department_authorizes_and_never_themselves(staff: Staff) -> None:
    other = a_unit("police", "Police Department")
    for actor in (staff.public_affairs, a_person(Role.DEPARTMENT_HEAD, unit=other, over=other)):
        with pytest.raises(Refused):
            an_authorization(staff, actor=actor)
    with pytest.raises(Refused) as own:
        an_authorization(staff, person=staff.head)
    assert codes(own) == ["own-disclosure"]
    given = an_authorization(staff)
    entry = Entry.objects.filter(kind="publishing.disclosure-authorized.v1").get()
    assert given.what not in entry.body_text
    with pytest.raises(Refused) as unexplained:
        operations.withdraw_authorization(authorization_id=given.public_id, reason=" ", actor=staff.head, now=NOW)
    assert codes(unexplained) == ["no-reason"]
    operations.withdraw_authorization(authorization_id=given.public_id, reason="Error", actor=staff.head, now=NOW)
    with pytest.raises(Refused) as twice:
        operations.withdraw_authorization(authorization_id=given.public_id, reason="Error", actor=staff.head, now=NOW)
    assert codes(twice) == ["over"]


def test_a_head_authorizes_and_public_affairs_applies_it_on_the_pages(staff: Staff, channel: Channel) -> None:
    head, affairs = signed_in(staff.head), signed_in(staff.public_affairs)
    address = reverse("disclosure-authorizations")
    draft = a_draft(staff, channel, text=HEALTH)
    page = affairs.get(reverse("draft", args=[draft.public_id]))
    assert "Only a disclosure authorization clears this" in page.text
    fields = {
        "person": staff.spokesperson.email,
        "unit": staff.unit.slug,
        "covers": ["MKE-VI-04b"],
        "what": "That she has left hospital",
        "basis": "Her consent",
        "starts_at": "",
        "ends_at": "2099-01-01T12:00",
        "request_token": "t1",
    }
    assert "healthcare and mental health records" in head.get(address).text
    assert head.post(address, fields | {"ends_at": "soon", "request_token": "t0"}).status_code == 422
    assert head.post(address, fields).status_code == 302
    given = DisclosureAuthorization.objects.get()
    assert "That she has left hospital" in head.get(address).text
    assert "That she has left hospital" in signed_in(staff.spokesperson).get(address).text
    stranger = a_person(Role.POSTER, unit=a_unit("police"), over=a_unit("police"))
    assert "That she has left hospital" not in signed_in(stranger).get(address).text

    page = affairs.get(reverse("draft", args=[draft.public_id]))
    assert given.public_id in page.text
    sent = {"finding": finding_key(found_in(draft)), "reason": "It covers it", "authorization": given.public_id}
    assert affairs.post(reverse("draft-clear", args=[draft.public_id]), sent).status_code == 302
    page = affairs.get(reverse("draft", args=[draft.public_id]))
    assert "Authorized by Dana Head until" in page.text

    withdraw = reverse("disclosure-authorization-withdraw", args=[given.public_id])
    assert signed_in(a_person(Role.AGENCY_HEAD)).post(withdraw, {"reason": "Enough"}).status_code == 302
    assert "Enough" in head.get(address).text


def test_the_clause_of_milwaukee_is_live_with_its_authorizations(staff: Staff) -> None:
    an_authorization(staff)
    standing = standing_of("MKE-VI-04h")
    assert standing is not None
    assert standing.status == "live"
    assert [one.evidence.count for one in standing.controls if one.evidence] == [1]
