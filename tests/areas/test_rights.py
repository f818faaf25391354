"""Rights on channels: asked for, designated by the department, accepted, issued; refused where the packs say so."""

from datetime import timedelta

import pytest

from rostrum.areas.channels import operations
from rostrum.areas.channels.jobs import grants as jobs
from rostrum.areas.channels.models import Acceptance, Channel, RightRequest
from rostrum.areas.channels.operations import grants
from rostrum.areas.channels.queries import grants as queries
from rostrum.areas.duties import queries as duties
from rostrum.areas.governance import operations as governance
from rostrum.areas.governance.models import PolicyDocument, PolicyText
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people import operations as people
from rostrum.areas.people import queries as people_queries
from rostrum.areas.people.models import ChannelGrant, RoleGrant, User
from rostrum.areas.people.rules import HeldRole, Permission, Right, Role
from rostrum.kernel.decisions import Decision, InvalidInput, Refused
from tests.channels import (
    NOW,
    Staff,
    a_body,
    a_live_channel,
    a_reviewed_channel,
    a_staff,
    an_opened_channel,
)
from tests.people import a_person, a_unit
from tests.rights import a_request, accepted, an_issued_right, designated, issued

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def clauses(refusal: pytest.ExceptionInfo[Refused]) -> list[str | None]:
    return [reason.clause for reason in refusal.value.reasons]


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def channel(staff: Staff) -> Channel:
    return an_opened_channel(staff)


@pytest.mark.proves("grant.designated-spokesperson", "grant.issuer")
def test_a_right_goes_from_the_department_over_the_holder_to_the_coordinator(staff: Staff, channel: Channel) -> None:
    request = a_request(staff, channel)
    assert [duty.owner_role for duty in duties.open_duties(subject=request.public_id)] == [
        "department_head",
        "employee",
    ]
    designated(staff, request)
    accepted(request)
    assert [duty.kind for duty in duties.open_duties(subject=request.public_id)] == ["channels.issue-right"]

    request = grants.issue_right(request_id=request.public_id, actor=staff.coordinator, now=NOW)

    grant = ChannelGrant.objects.get(basis=request.public_id)
    assert (grant.person, grant.channel, grant.right) == (staff.spokesperson, channel.public_id, "speak")
    assert (request.designated_by, request.issued_by) == (staff.head, staff.coordinator)
    assert not duties.open_duties(subject=request.public_id).exists()
    assert [one.person for one in queries.spokespersons(staff.unit, now=NOW)] == [staff.spokesperson]
    kinds = Entry.objects.filter(kind__contains=".right").values_list("kind", flat=True).order_by("pk")
    assert list(kinds) == [
        "channels.right-requested.v1",
        "channels.right-designated.v1",
        "channels.right-issued.v1",
    ]


@pytest.mark.proves("grant.issuer")
def test_nobody_but_the_office_that_the_pack_names_issues(staff: Staff, channel: Channel) -> None:
    request = accepted(designated(staff, a_request(staff, channel)))

    for actor in (staff.public_affairs, a_person(Role.AGENCY_HEAD), a_person(Role.HR)):
        with pytest.raises(Refused) as refusal:
            grants.issue_right(request_id=request.public_id, actor=actor, now=NOW)
        assert (codes(refusal), clauses(refusal)) == (["not-your-step"], ["WAU-def-07b"])
    with pytest.raises(Refused) as not_designated:
        grants.issue_right(
            request_id=accepted(a_request(staff, channel, right=Right.APPROVE)).public_id,
            actor=staff.coordinator,
            now=NOW,
        )
    assert len(codes(not_designated)) == 1
    assert not ChannelGrant.objects.exists()


def test_nobody_designates_issues_or_takes_both_steps_for_themselves(staff: Staff, channel: Channel) -> None:
    own = a_request(staff, channel, person=staff.head, actor=staff.head)
    with pytest.raises(Refused) as designating:
        grants.designate(request_id=own.public_id, actor=staff.head, now=NOW)
    assert "own-right" in codes(designating)

    # Who stands above designates the head.
    mayor = a_person(Role.AGENCY_HEAD, Role.COORDINATOR)
    accepted(grants.designate(request_id=own.public_id, actor=mayor, now=NOW))
    with pytest.raises(Refused) as both:
        grants.issue_right(request_id=own.public_id, actor=mayor, now=NOW)
    assert codes(both) == ["took-a-step"]

    coordinators = a_request(staff, channel, person=staff.coordinator, actor=staff.coordinator)
    accepted(designated(staff, coordinators))
    with pytest.raises(Refused) as issuing:
        grants.issue_right(request_id=coordinators.public_id, actor=staff.coordinator, now=NOW)
    assert codes(issuing) == ["own-right"]


def test_a_head_designates_in_the_own_department_only(staff: Staff, channel: Channel) -> None:
    police = a_unit("police", "Police")
    other = a_person(Role.DEPARTMENT_HEAD, over=police, unit=police)

    with pytest.raises(Refused) as refusal:
        grants.designate(request_id=a_request(staff, channel).public_id, actor=other, now=NOW)

    assert codes(refusal) == ["not-your-step"]
    with pytest.raises(Refused) as asking:
        a_request(staff, channel, right=Right.APPROVE, actor=other)
    assert codes(asking) == ["out-of-reach"]


@pytest.mark.proves("grant.necessity")
def test_a_right_without_a_need_is_not_asked_for(staff: Staff, channel: Channel) -> None:
    with pytest.raises(Refused) as refusal:
        a_request(staff, channel, need=" ", job_duty="")

    assert codes(refusal) == ["no-need", "no-job-duty"]
    assert clauses(refusal)[0] == "WAU-use-09b"


def test_a_right_that_ends_before_it_begins_is_refused_naming_the_field(staff: Staff, channel: Channel) -> None:
    for begins, ends in ((NOW + 2 * DAY, NOW + DAY), (None, NOW)):
        with pytest.raises(InvalidInput, match="ends before it begins") as problem:
            a_request(staff, channel, starts_at=begins, ends_at=ends)
        assert problem.value.where == "ends_at"


def test_a_right_is_asked_for_once_and_held_once(staff: Staff, channel: Channel) -> None:
    request = a_request(staff, channel)
    with pytest.raises(Refused) as twice:
        a_request(staff, channel)
    assert codes(twice) == ["asked-already"]

    issued(staff, designated(staff, request))
    with pytest.raises(Refused) as held:
        a_request(staff, channel)
    assert codes(held) == ["already-held"]


def test_a_right_given_without_a_request_is_replaced_by_the_issued_one(staff: Staff, channel: Channel) -> None:
    old = ChannelGrant.objects.create(
        person=staff.spokesperson, channel=channel.public_id, right="speak", starts_at=NOW - DAY
    )

    request = an_issued_right(staff, channel)

    old.refresh_from_db()
    assert old.ends_at == NOW
    assert ChannelGrant.objects.get(basis=request.public_id).starts_at == NOW


@pytest.mark.proves("grant.acceptance")
def test_the_holder_signs_the_rules_by_their_version_before_the_right_is_issued(staff: Staff, channel: Channel) -> None:
    document = PolicyDocument.objects.create(
        pack="wausau-city",
        related="city-code-of-ethics",
        kind="ethics-code",
        title="City Code of Ethics",
        added_by="system",
        added_at=NOW,
    )
    text = PolicyText.objects.create(
        document=document,
        number=1,
        text="Serve the public.",
        digest="e" * 64,
        entered_by="system",
        entered_at=NOW,
        in_force_at=NOW,
        put_in_force_by="system",
    )
    request = designated(staff, a_request(staff, channel))
    with pytest.raises(Refused) as unsigned:
        grants.issue_right(request_id=request.public_id, actor=staff.coordinator, now=NOW)
    assert (codes(unsigned), clauses(unsigned)) == (["not-accepted"], ["WAU-use-02c"])

    statements = ["work-rules-and-ethics", "repair-priority"]
    accept = {"request_id": request.public_id, "actor": staff.spokesperson, "now": NOW}
    for ticked, signature, code in (
        (statements[:1], "Sam Spokesperson", "not-ticked"),
        (statements, "S. S.", "other-name"),
    ):
        with pytest.raises(Refused) as refusal:
            grants.accept_rules(statements=ticked, signature=signature, **accept)
        assert codes(refusal) == [code]
    with pytest.raises(Refused) as another:
        grants.accept_rules(statements=statements, signature="Dana Head", **accept | {"actor": staff.head})
    assert "not-the-holder" in codes(another)
    grants.accept_rules(statements=statements, signature="sam spokesperson", **accept)

    ethics, repairs = Acceptance.objects.filter(request=request)
    assert [rule["version"] for rule in ethics.rules if rule["id"] == "city-code-of-ethics"] == [text.digest]
    assert {rule["id"] for rule in ethics.rules} == {"city-work-rules", "city-code-of-ethics"}
    assert "lower priority" in repairs.words
    grants.issue_right(request_id=request.public_id, actor=staff.coordinator, now=NOW)


@pytest.mark.proves("grant.poster-cap")
def test_over_its_cap_the_department_gives_a_reason(staff: Staff, channel: Channel) -> None:
    governance.set_choice(key="grant.poster_cap", value=1, reason="One voice", actor="system", now=NOW)
    an_issued_right(staff, channel)
    second = a_person(unit=staff.unit)
    request = a_request(staff, channel, person=second, actor=second)

    with pytest.raises(Refused) as refusal:
        designated(staff, request)
    assert (codes(refusal), clauses(refusal)) == (["over-cap"], ["WAU-auth-01b"])
    designated(staff, request, cap_reason="Summer season")

    request.refresh_from_db()
    assert request.cap_reason == "Summer season"
    # The cap is about those who speak.
    third = a_person(unit=staff.unit)
    designated(staff, a_request(staff, channel, person=third, actor=third, right=Right.MODERATE))


@pytest.mark.proves("grant.agent-sponsor")
def test_a_contractor_needs_a_sponsor_of_the_department_a_contract_and_a_last_day(
    staff: Staff, channel: Channel
) -> None:
    agent = a_person(employment_class="contractor", name="Con Tractor")
    request = a_request(staff, channel, person=agent, actor=staff.head)
    with pytest.raises(Refused) as bare:
        designated(staff, request)
    assert codes(bare) == ["no-sponsor", "no-contract", "no-end"]
    assert set(clauses(bare)) == {"WAU-auth-01d"}

    grants.withdraw_request(request_id=request.public_id, actor=staff.head, now=NOW)
    ends_at = NOW + 30 * DAY
    request = a_request(staff, channel, person=agent, actor=staff.head, ends_at=ends_at, contract_reference="C-26-117")
    stranger = a_person(unit=a_unit("police", "Police"))
    for sponsor, code in ((stranger, "sponsor-elsewhere"), (agent, "sponsor-is-agent")):
        with pytest.raises(Refused) as refusal:
            designated(staff, request, sponsor=sponsor)
        assert codes(refusal) == [code]
    request = accepted(designated(staff, request, sponsor=staff.head))

    # The contractor's own certification of the policy is asked for too.
    with pytest.raises(Refused) as uncertified:
        grants.issue_right(request_id=request.public_id, actor=staff.coordinator, now=NOW)
    assert clauses(uncertified) == ["WAU-auth-01d"]


def test_a_contractors_right_ends_with_the_engagement(staff: Staff, channel: Channel) -> None:
    agent = a_person(employment_class="vendor")
    User.objects.filter(pk=agent.pk).update(engagement_ends_at=NOW + 10 * DAY)
    agent.refresh_from_db()

    request = a_request(staff, channel, person=agent, actor=staff.head)
    assert request.ends_at == NOW + 10 * DAY

    grants.withdraw_request(request_id=request.public_id, actor=staff.head, now=NOW)
    longer = a_request(
        staff,
        channel,
        person=agent,
        actor=staff.head,
        ends_at=NOW + 11 * DAY,
        sponsor=staff.head,
        contract_reference="C-1",
    )
    with pytest.raises(Refused) as refusal:
        designated(staff, longer)
    assert codes(refusal) == ["outlasts-engagement"]


@pytest.mark.proves("grant.denied-list")
def test_who_stands_on_the_denied_list_gets_no_right_and_has_none_until_it_is_lifted(
    staff: Staff, channel: Channel
) -> None:
    an_issued_right(staff, channel)
    waiting = a_request(staff, channel, right=Right.APPROVE)
    may = {"unit": staff.unit, "channel": channel.public_id, "now": NOW}
    assert people_queries.may(staff.spokesperson, Permission.PUBLISH, **may).allowed

    denial = people.deny_posting(person=staff.spokesperson, reason="Case 26-04", actor=staff.coordinator, now=NOW)

    assert not people_queries.may(staff.spokesperson, Permission.PUBLISH, **may).allowed
    assert not people_queries.may(staff.spokesperson, Permission.DRAFT, now=NOW).allowed
    assert people_queries.rights_of(staff.spokesperson, NOW) == ()
    assert not queries.spokespersons(staff.unit, now=NOW).exists()
    with pytest.raises(Refused) as designating:
        designated(staff, waiting)
    assert (codes(designating), clauses(designating)) == (["denied"], ["WAU-auth-02c"])
    with pytest.raises(Refused) as asking:
        a_request(staff, channel, right=Right.MODERATE)
    assert codes(asking) == ["denied"]
    for actor, reason, code in (
        (staff.spokesperson, "x", "own-denial"),
        (staff.coordinator, " ", "no-reason"),
    ):
        with pytest.raises(Refused) as refusal:
            people.lift_denial(denial_id=denial.public_id, reason=reason, actor=actor, now=NOW)
        assert code in codes(refusal)

    people.lift_denial(denial_id=denial.public_id, reason="Not upheld", actor=staff.public_affairs, now=NOW)
    assert people_queries.may(staff.spokesperson, Permission.PUBLISH, **may).allowed


def test_an_office_that_posts_without_a_right_is_denied_too(staff: Staff) -> None:
    people.deny_posting(person=staff.public_affairs, reason="Case 26-05", actor=staff.coordinator, now=NOW)

    assert not people_queries.may(staff.public_affairs, Permission.PUBLISH, now=NOW).allowed
    assert people_queries.may(staff.public_affairs, Permission.SEE_CHANNELS, now=NOW).allowed


@pytest.mark.proves("grant.stop-on-request")
def test_asked_to_stop_a_person_loses_everything_at_once_and_confirms(staff: Staff, channel: Channel) -> None:
    other = a_live_channel(staff, handle="wausau-pools", name="Wausau Pools")
    an_issued_right(staff, channel)
    an_issued_right(staff, other, right=Right.CREDENTIAL)
    waiting = a_request(staff, channel, right=Right.APPROVE)

    stop = grants.stop_access(person=staff.spokesperson, reason="Under review", actor=staff.head, now=NOW)

    assert people_queries.rights_of(staff.spokesperson, NOW) == ()
    assert HeldRole(Role.POSTER, staff.unit.public_id) not in people_queries.roles_of(staff.spokesperson, NOW)
    assert people_queries.is_present(staff.spokesperson, now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    assert len(stop.ended) == 3
    (duty,) = duties.open_duties(owner=staff.spokesperson, kind="channels.confirm-stop")
    assert duty.clause == "WAU-own-04a"
    with pytest.raises(Refused):
        grants.confirm_stop(stop_id=stop.public_id, actor=staff.head, now=NOW)
    grants.confirm_stop(stop_id=stop.public_id, actor=staff.spokesperson, now=NOW + DAY)
    assert not duties.open_duties(kind="channels.confirm-stop").exists()
    with pytest.raises(Refused) as nothing:
        grants.stop_access(person=staff.spokesperson, reason="Again", actor=staff.coordinator, now=NOW)
    assert codes(nothing) == ["nothing-held"]


def test_who_does_not_answer_for_a_person_cannot_make_them_stop(staff: Staff, channel: Channel) -> None:
    an_issued_right(staff, channel)
    police = a_unit("police", "Police")

    for actor in (a_person(Role.DEPARTMENT_HEAD, over=police), a_person(Role.HR)):
        with pytest.raises(Refused):
            grants.stop_access(person=staff.spokesperson, reason="No", actor=actor, now=NOW)

    assert people_queries.rights_of(staff.spokesperson, NOW)


@pytest.mark.proves("grant.elected-scope")
def test_an_elected_officials_right_is_kept_with_its_wide_scope_and_the_clause(staff: Staff, channel: Channel) -> None:
    member = a_person(Role.ELECTED_OFFICIAL, name="Lee Council")
    aide = a_person(unit=staff.unit)

    own = a_request(staff, channel, person=member, actor=staff.head)
    theirs = a_request(staff, channel, person=aide, represents=member, actor=staff.head)
    plain = a_request(staff, channel)

    assert (own.subject_scope, own.subject_scope_clause) == ("all-units", "WAU-use-04a")
    assert (theirs.subject_scope, theirs.subject_scope_clause) == ("all-units", "WAU-use-04a")
    assert (plain.subject_scope, plain.subject_scope_clause) == ("unit", "")
    with pytest.raises(InvalidInput) as problem:
        a_request(staff, channel, person=aide, right=Right.APPROVE, represents=staff.head, actor=staff.head)
    assert problem.value.where == "represents"
    issued(staff, designated(staff, theirs))
    assert queries.represented_by(aide, now=NOW) == member
    assert queries.represented_by(aide, now=NOW - DAY) is None


def test_a_right_over_a_department_reaches_its_channels_and_those_it_opens_later(
    staff: Staff, channel: Channel
) -> None:
    request = an_issued_right(staff, None)
    assert [grant.channel for grant in ChannelGrant.objects.filter(basis=request.public_id)] == [channel.public_id]

    later = an_opened_channel(staff, handle="wausau-pools", name="Wausau Pools")
    entry = Entry.objects.filter(kind="channels.channel-opened.v1").latest("pk")
    for _ in range(2):
        jobs.extend_unit_rights({"entry": entry.public_id}, now=NOW + DAY)

    given = ChannelGrant.objects.filter(basis=request.public_id, channel=later.public_id)
    assert [grant.starts_at for grant in given] == [NOW + DAY]
    elsewhere = a_staff(a_unit("works", "Public Works"))
    works = an_opened_channel(elsewhere, handle="wausau-works", name="Wausau Works")
    grants.extend_unit_rights(channel_id=works.public_id, actor="system", now=NOW + DAY)
    assert not ChannelGrant.objects.filter(channel=works.public_id).exists()


def test_who_is_to_speak_becomes_a_poster_of_the_department_as_long_as_the_right(
    staff: Staff, channel: Channel
) -> None:
    clerk = a_person(unit=staff.unit)

    an_issued_right(staff, channel, person=clerk, actor=clerk, starts_at=NOW + DAY, ends_at=NOW + 3 * DAY)

    grant = RoleGrant.objects.get(person=clerk)
    assert (grant.role, grant.unit, grant.starts_at, grant.ends_at) == (
        "authorized_poster",
        staff.unit,
        NOW + DAY,
        NOW + 3 * DAY,
    )
    may = {"unit": staff.unit, "channel": channel.public_id}
    for at, allowed in ((NOW, False), (NOW + DAY, True), (NOW + 3 * DAY, False)):
        assert people_queries.may(clerk, Permission.PUBLISH, now=at, **may).allowed is allowed


def test_a_request_is_declined_with_a_reason_and_withdrawn_by_who_asked(staff: Staff, channel: Channel) -> None:
    request = a_request(staff, channel)
    with pytest.raises(Refused) as no_reason:
        grants.decline_right(request_id=request.public_id, reason="", actor=staff.head, now=NOW)
    assert codes(no_reason) == ["no-reason"]
    with pytest.raises(Refused) as own:
        grants.decline_right(request_id=request.public_id, reason="No", actor=staff.spokesperson, now=NOW)
    assert codes(own) == ["not-your-step"]
    declined = grants.decline_right(request_id=request.public_id, reason="Not now", actor=staff.head, now=NOW)
    assert (declined.state, declined.closed_reason) == ("declined", "Not now")
    assert not duties.open_duties(subject=request.public_id).exists()

    again = a_request(staff, channel)
    with pytest.raises(Refused):
        grants.withdraw_request(request_id=again.public_id, actor=staff.coordinator, now=NOW)
    grants.withdraw_request(request_id=again.public_id, actor=staff.spokesperson, now=NOW)
    assert RightRequest.objects.get(pk=again.pk).state == "withdrawn"


@pytest.mark.proves("grant.necessity")
def test_the_last_use_of_each_right_is_noted(staff: Staff, channel: Channel) -> None:
    request = an_issued_right(staff, channel, right=Right.CREDENTIAL)
    operations.deposit_credential(
        channel_id=channel.public_id, secret={"token": "a-token-of-its-own"}, actor=staff.spokesperson, now=NOW + DAY
    )
    entry = Entry.objects.filter(kind="channels.credential-deposited.v1").latest("pk")

    jobs.note_use({"entry": entry.public_id}, now=NOW + 2 * DAY)

    assert ChannelGrant.objects.get(basis=request.public_id).last_used_at == NOW + DAY


def test_a_right_is_ended_by_who_answers_for_the_channels_department(staff: Staff, channel: Channel) -> None:
    guest = a_person(unit=a_unit("works", "Public Works"), name="Guest")
    an_issued_right(staff, channel, person=guest, actor=staff.head)
    grant = ChannelGrant.objects.get(person=guest)
    own_head = a_person(Role.DEPARTMENT_HEAD, over=guest.unit)

    with pytest.raises(Refused) as refusal:
        grants.end_right(grant_id=grant.public_id, actor=own_head, now=NOW)
    assert codes(refusal) == ["out-of-reach"]

    assert grants.end_right(grant_id=grant.public_id, actor=staff.head, now=NOW + DAY).ends_at == NOW + DAY


# Other packs, same engine


@pytest.mark.proves("grant.management-approval", "grant.issuer", "grant.position-description")
def test_under_dma_management_agrees_and_public_affairs_or_the_agency_head_issues(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    monkeypatch.setattr(queries, "may_be_granted", lambda person, now: Decision())
    channel = an_opened_dma_channel(staff)

    for issuer in (staff.public_affairs, a_person(Role.AGENCY_HEAD)):
        holder = a_person(unit=staff.unit)
        request = a_request(staff, channel, person=holder, actor=holder, position_description="PD 2026-14, item 3")
        with pytest.raises(Refused) as too_early:
            grants.issue_right(request_id=request.public_id, actor=issuer, now=NOW)
        assert len(codes(too_early)) == 1
        with pytest.raises(Refused) as not_management:
            grants.designate(request_id=request.public_id, actor=staff.public_affairs, now=NOW)
        assert clauses(not_management) == ["DMA-II-B-03b"]
        designated(staff, request)
        with pytest.raises(Refused) as coordinator:
            grants.issue_right(request_id=request.public_id, actor=staff.coordinator, now=NOW)
        assert (codes(coordinator), clauses(coordinator)) == (["not-your-step"], ["DMA-II-B-01a"])
        done = grants.issue_right(request_id=request.public_id, actor=issuer, now=NOW)
        assert (done.designated_by, done.issued_by) == (staff.head, issuer)
        assert done.position_description == "PD 2026-14, item 3"


def an_opened_dma_channel(staff: Staff) -> Channel:
    channel = a_reviewed_channel(staff, actor=a_person(Role.PUBLIC_AFFAIRS))
    for step in (staff.head, a_person(Role.IT_DIRECTOR), staff.public_affairs):
        operations.approve_channel(channel_id=channel.public_id, actor=step, now=NOW)
    return Channel.objects.get(pk=channel.pk)


@pytest.mark.proves("grant.job-reason")
def test_under_milwaukee_the_job_classification_is_one_the_body_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    a_body("milwaukee-personal", name="City of Milwaukee")
    staff = a_staff()
    monkeypatch.setattr(queries, "may_be_granted", lambda person, now: Decision())
    channel = an_opened_channel(staff)
    request = a_request(staff, channel, job_classification="Graphic Designer")
    with pytest.raises(Refused) as unlisted:
        designated(staff, request)
    assert (codes(unlisted), clauses(unlisted)) == (["no-classifications"], ["MKE-V-01"])

    governance.set_choice(
        key="grant.job_classifications", value=["Public Relations Officer"], reason="DER", actor="system", now=NOW
    )
    with pytest.raises(Refused) as other:
        designated(staff, request)
    assert codes(other) == ["classification-not-listed"]
    grants.withdraw_request(request_id=request.public_id, actor=staff.spokesperson, now=NOW)
    designated(staff, a_request(staff, channel, job_classification="public relations officer"))
    with pytest.raises(Refused) as no_reason:
        a_request(staff, channel, right=Right.APPROVE, job_duty=" ")
    assert clauses(no_reason) == ["MKE-V-01"]


@pytest.mark.proves("grant.request-route")
def test_a_policy_that_names_nobody_for_requests_is_not_put_in_force() -> None:
    a_body("wi-hrh-480", name="A state agency")

    for key in ("grant.request_reviewers", "grant.request_approvers"):
        with pytest.raises(Refused) as refusal:
            governance.set_choice(key=key, value=[], reason="None", actor="system", now=NOW)
        assert clauses(refusal) == ["WI480-040-00a"]

    # The body's own route is the one that requests take.
    governance.set_choice(
        key="grant.request_approvers", value=["agency_head"], reason="Small agency", actor="system", now=NOW
    )
    staff = a_staff()
    channel = an_opened_channel(staff)
    request = accepted(designated(staff, a_request(staff, channel)))
    with pytest.raises(Refused) as refusal:
        grants.issue_right(request_id=request.public_id, actor=staff.public_affairs, now=NOW)
    assert clauses(refusal) == ["WI480-040-00a"]
    grants.issue_right(request_id=request.public_id, actor=a_person(Role.AGENCY_HEAD), now=NOW)
