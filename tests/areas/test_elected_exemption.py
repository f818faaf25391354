"""Elected officials and those who represent them: exempt from the cross-department rule, and from nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from rostrum.areas.channels.models import Channel, RightRequest
from rostrum.areas.people.models import ChannelGrant, User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import checks, operations, queries
from rostrum.areas.publishing.models import Draft
from rostrum.areas.publishing.rules import DraftState
from rostrum.policy.evaluate import Evaluation
from tests.areas.test_publishing_text_checks import CASES
from tests.channels import NOW, Staff, a_body, a_live_channel, a_staff
from tests.people import a_person, signed_in
from tests.publishing import TOPIC, a_draft, edit, speaks_on
from tests.rights import an_issued_right

pytestmark = pytest.mark.django_db

OTHERS = "The Police Department closes Grant Street for the parade."
RULE = ["WAU-use-03a", "WAU-use-03c"]


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def channel(staff: Staff) -> Channel:
    return a_live_channel(staff)


@pytest.fixture
def alder(staff: Staff) -> User:
    return a_person(Role.ELECTED_OFFICIAL, name="Alex Alder", unit=staff.unit)


@pytest.fixture
def aide(staff: Staff, channel: Channel, alder: User) -> User:
    """Who speaks for the alder on the channel, by a right that was asked for, designated and issued as such."""
    person = a_person(Role.POSTER, name="Ari Aide", unit=staff.unit, over=staff.unit)
    right = an_issued_right(staff, channel, person=person, represents=alder, actor=person)
    assert (right.subject_scope, right.subject_scope_clause) == ("all-units", "WAU-use-04a")
    return person


def found_in(draft: Draft) -> set[str]:
    return {one.control for one in queries.findings_now(queries.current_revision(draft))}


def left_out(draft: Draft) -> list[str]:
    check = queries.last_check(queries.current_revision(draft))
    assert check is not None
    return sorted(one.clause for one in checks.exemptions_used(check))


@pytest.mark.proves("draft.elected-exempt")
def test_who_represents_an_elected_official_is_exempt_from_the_one_rule_on_that_channel(
    staff: Staff, channel: Channel, aide: User
) -> None:
    speaks_on(staff.spokesperson, channel)
    assert "draft.other-unit" in found_in(a_draft(staff, channel, text=OTHERS))

    draft = a_draft(staff, channel, text=OTHERS, actor=aide)

    assert found_in(draft) == set()
    assert left_out(draft) == RULE
    assert operations.submit_draft(draft_id=draft.public_id, actor=aide, now=NOW).state == DraftState.IN_REVIEW
    page = signed_in(staff.head).get(reverse("draft", args=[draft.public_id]))
    assert "WAU-use-04b exempts elected official representatives from this clause" in page.text


@pytest.mark.parametrize("who", ["alder", "aide"])
@pytest.mark.parametrize("control", [control for control, (pack, _) in CASES.items() if pack == "wausau-city"])
@pytest.mark.proves("draft.elected-exempt")
def test_every_other_clause_speaks_to_them_as_to_everybody(
    request: pytest.FixtureRequest, staff: Staff, channel: Channel, who: str, control: str
) -> None:
    person = request.getfixturevalue(who)
    speaks_on(staff.spokesperson, channel)
    fields: dict[str, Any] = dict(CASES[control][1])
    fields["answers"] = TOPIC | fields.get("answers", {})
    fields["text"] = f"{fields.get('text', 'News of the pool.')} {OTHERS}"

    theirs = a_draft(staff, channel, actor=person, **fields)
    everybodys = a_draft(staff, channel, **fields)

    assert control in found_in(theirs)
    assert found_in(theirs) == found_in(everybodys) - {"draft.other-unit"}
    assert left_out(theirs) == RULE
    assert left_out(everybodys) == []


def end_the_right(aide: User, alder: User) -> None:
    ChannelGrant.objects.filter(person=aide).update(ends_at=NOW)


def suspend_the_right(aide: User, alder: User) -> None:
    ChannelGrant.objects.filter(person=aide).update(suspended_at=NOW)


def leave_office(aide: User, alder: User) -> None:
    User.objects.filter(pk=alder.pk).update(left_at=NOW - timedelta(days=1))


def lose_the_election(aide: User, alder: User) -> None:
    User.objects.filter(pk=alder.pk).update(employment_class="permanent")


def have_no_recorded_scope(aide: User, alder: User) -> None:
    RightRequest.objects.filter(person=aide).update(subject_scope="unit")


@pytest.mark.parametrize(
    "change", [end_the_right, suspend_the_right, leave_office, lose_the_election, have_no_recorded_scope]
)
def test_the_exemption_ends_with_the_right_and_with_the_office(
    staff: Staff, channel: Channel, aide: User, alder: User, change: Any
) -> None:
    draft = a_draft(staff, channel, text=OTHERS, actor=aide)
    change(aide, alder)
    check = operations.check_draft(draft_id=draft.public_id, actor=staff.head, now=NOW)
    assert "draft.other-unit" in {one.control for one in checks.findings_of(check)}
    assert checks.exemptions_used(check) == ()


def test_on_another_channel_and_on_none_the_representative_is_a_poster_as_all_are(
    staff: Staff, channel: Channel, aide: User
) -> None:
    other = a_live_channel(staff, token="token-of-the-pool-channel", handle="wausau-pool", name="Wausau Pool")
    speaks_on(aide, other)
    assert "draft.other-unit" in found_in(a_draft(staff, text=OTHERS, actor=aide))
    both = a_draft(staff, channel, other, text=OTHERS, actor=aide)
    assert "draft.other-unit" in found_in(both)
    edit(both, aide, channels=[channel])
    assert "draft.other-unit" not in found_in(both)


def test_the_exemption_is_read_from_the_facts_that_were_kept(staff: Staff, channel: Channel, aide: User) -> None:
    check = queries.last_check(queries.current_revision(a_draft(staff, channel, text=OTHERS, actor=aide)))
    assert check is not None
    kept = Evaluation.from_json(check.evaluations[channel.public_id])
    assert kept.facts.role == "elected_official_representative"
    assert checks.is_replay_equal(check)
