"""The controls of governance and of what looks over all areas, each seen to act."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from rostrum.areas.assurance import queries as assurance
from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations, queries, scope, today
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import ChannelGrant
from rostrum.areas.people.operations import EMPLOYMENT_CLASSES
from rostrum.areas.people.rules import Permission, Right, Role
from rostrum.areas.publishing import queries as posts
from rostrum.kernel.decisions import Refused
from rostrum.kernel.findings import Strength
from rostrum.policy.compose import compose_shipped
from rostrum.policy.controls import Stage
from rostrum.policy.packs import Pack, load_shipped
from tests.archive import make_channel
from tests.channels import (
    ELEMENTS,
    NOW,
    a_body,
    a_live_channel,
    a_requested_channel,
    a_staff,
    an_opened_channel,
    see_the_page,
)
from tests.governance import a_department, delivered
from tests.people import LONG_AGO, a_person, a_unit, signed_in
from tests.publishing import a_draft


def covered(pack: str, employment_class: str, unit: str = "parks") -> tuple[bool, tuple[str, ...]]:
    found = scope.coverage_under(load_shipped()[pack], scope.PersonFacts(employment_class, unit))
    assert found is not None
    return found.is_covered, found.clauses


@pytest.mark.proves("definition.coverage")
def test_each_class_of_work_is_covered_as_the_packs_say() -> None:
    for one in ("permanent", "project", "unclassified", "limited-term", "seasonal"):
        assert covered("wi-hrh-480", one) == (True, ("WI480-010-07", "WI480-030-01a"))
    for one in ("contractor", "intern", "extern", "volunteer"):
        assert covered("wi-hrh-480", one)[0]
    for one in ("temporary", "permanent", "student", "volunteer", "intern", "extern"):
        assert covered("milwaukee-personal", one)[0]
    for one in ("contractor", "vendor"):
        assert covered("milwaukee-personal", one) == (False, ("MKE-III-01",))
    for one in ("permanent", "seasonal", "contractor", "vendor", "agent"):
        assert covered("wausau-city", one) == (True, ("WAU-auth-02d",))
    assert scope.coverage_under(load_shipped()["us-accessibility"], scope.PersonFacts("permanent")) is None


@pytest.mark.proves("definition.coverage")
def test_fire_and_police_are_left_out_with_everybody_in_them() -> None:
    assert covered("milwaukee-personal", "permanent", "fire Fire Department") == (False, ("MKE-III-02", "MKE-IV-02"))
    assert covered("milwaukee-personal", "intern", "police-records Police Department") == (
        False,
        ("MKE-III-02", "MKE-IV-02"),
    )
    assert covered("milwaukee-personal", "permanent", "library Public Library")[0]
    # A word that only contains the name is another unit.
    assert covered("milwaukee-personal", "permanent", "firearms-museum Firearms Museum")[0]


@pytest.mark.django_db
def test_a_persons_coverage_is_read_from_class_and_unit() -> None:
    a_body()
    contractor = a_person(Role.CONTRACTOR, unit=a_unit())

    assert [(one.pack, one.is_covered) for one in queries.coverage_of(contractor, now=NOW)] == [("wausau-city", True)]
    assert [name for name, _ in queries.coverage_by_class()] == list(EMPLOYMENT_CLASSES)


_WI_AGENTS = ("contractor", "intern", "extern", "volunteer")


@pytest.mark.django_db
@pytest.mark.proves("definition.coverage")
@pytest.mark.parametrize("employment_class", _WI_AGENTS)
def test_an_agent_is_covered_and_let_in_until_the_engagement_ends(employment_class: str) -> None:
    a_body("wi-hrh-480")
    agent = a_person(Role.POSTER, employment_class=employment_class)
    ends_at = NOW + timedelta(days=1)
    agent.engagement_ends_at = ends_at
    agent.save()
    for at, is_in in ((ends_at - timedelta(seconds=1), True), (ends_at, False), (ends_at + timedelta(days=1), False)):
        (found,) = queries.coverage_of(agent, now=at)
        assert (found.is_covered, found.clauses) == (is_in, ("WI480-010-08", "WI480-030-01b"))
        assert people.may(agent, Permission.DRAFT, now=at).allowed is is_in
    # The end of an engagement says nothing of staff: they leave, or they stay.
    agent.employment_class = "permanent"
    assert queries.coverage_of(agent, now=ends_at)[0].is_covered


@pytest.mark.django_db
@pytest.mark.proves("definition.coverage")
def test_agents_get_the_same_checks_and_duties_as_staff() -> None:
    a_department()
    staff = a_staff()
    found: dict[str, object] = {}
    for employment_class in ("permanent", *_WI_AGENTS):
        person = a_person(
            Role.POSTER, name="Sam Same", unit=staff.unit, over=staff.unit, employment_class=employment_class
        )
        draft = a_draft(staff, text="Damn it, the gate is shut.", actor=person)
        check = posts.last_check(posts.current_revision(draft))
        assert check is not None
        found[employment_class] = [(one["clause"], one["message"]) for one in check.findings]
        given = delivered(person)
        duty = Duty.objects.get(kind="governance.certify", subject=given.public_id)
        assert (duty.owner, duty.due_at) == (person, given.due_at)
        page = signed_in(person).get(reverse("mine")).content.decode()
        assert "covers you" in page
    assert found["permanent"]
    assert all(one == found["permanent"] for one in found.values())


@pytest.mark.proves("governance.policy-completeness")
def test_what_a_policy_leaves_unsaid_is_named_with_the_clause_that_asks_for_it() -> None:
    alone = compose_shipped("wi-best-practices", "milwaukee-personal")
    said = {one.content: one.clause for one in scope.unsaid(alone)}

    assert said["access-and-security"] == "BP-1-04d"
    assert said["records-retention"] == "BP-1-04e"
    own = {one.content for one in scope.unsaid(compose_shipped("wausau-city", "wi-best-practices"))}
    assert not {"acceptable-content", "channel-creation", "access-and-security"} & own
    # Wausau's document names no records custodian.
    assert "records-retention" in own


def test_a_policy_without_any_rule_on_content_is_told_so() -> None:
    law = compose_shipped("wisconsin-law")

    assert "acceptable-content" in {one.content for one in scope.unsaid(law)}


@pytest.mark.proves("governance.advice-layer")
def test_a_guideline_advises_until_the_bodys_own_policy_makes_it_a_rule() -> None:
    alone = compose_shipped("wi-best-practices")
    layered = compose_shipped("wausau-city", "wi-best-practices")

    advice = [bound for bound in alone.bounds if bound.clause.pack == "wi-best-practices"]
    findings = [bound.strength for bound in advice if bound.spec.stage is Stage.DRAFT_CHECK]
    assert set(findings) == {Strength.INFORM}
    assert Strength.BLOCK not in {bound.strength for bound in advice}
    assert scope.raised_advice(alone) == ()
    raised = {one.advice: one.rules for one in scope.raised_advice(layered)}
    assert "BP-2-01" in raised
    assert all(rule.startswith("WAU-") for rules in raised.values() for rule in rules)
    assert len(raised) < len({bound.clause.id for bound in advice})


@pytest.mark.django_db
@pytest.mark.proves("governance.version-in-force")
def test_a_changed_policy_is_served_to_whoever_holds_a_grant() -> None:
    a_body()
    staff, employee = a_staff(), a_person(Role.EMPLOYEE)
    assert today.cards(staff.spokesperson, NOW) == []

    later = NOW + timedelta(days=2)
    made = operations.activate_packs(
        packs=("wausau-city", "wi-best-practices"),
        effective_on={"wausau-city": NOW.date()},
        reference="Resolution 26-002",
        actor="system",
        now=later,
    )

    (card,) = today.cards(staff.spokesperson, later)
    assert made.policy_version in card.items[0].note
    assert card.items[0].url == "/desk/policy/"
    assert today.cards(employee, later) == []
    assert today.cards(staff.spokesperson, later + timedelta(days=31)) == []


@pytest.mark.django_db
@pytest.mark.proves("governance.own-policy")
def test_channels_without_a_policy_of_ones_own_are_warned_of() -> None:
    a_body("wi-best-practices")
    assert assurance.own_policy_missing() == ""
    make_channel()
    assert assurance.own_policy_missing() == "BP-1-01"

    operations.activate_packs(
        packs=("wausau-city",),
        effective_on={"wausau-city": NOW.date()},
        reference="Resolution 26-002",
        actor="system",
        now=NOW,
    )
    assert assurance.own_policy_missing() == ""


@pytest.mark.django_db
@pytest.mark.proves("page.policy-public")
def test_a_channel_does_not_go_live_without_the_link_to_the_policy() -> None:
    a_body()
    staff = a_staff()
    channel = an_opened_channel(staff)
    channels.deposit_credential(
        channel_id=channel.public_id, secret={"token": "token"}, actor=staff.coordinator, now=NOW
    )
    said = {name: text for name, text in ELEMENTS.items() if name != "policy_link"}
    channels.describe_channel(channel_id=channel.public_id, **said, actor=staff.head, now=NOW)

    codes = (
        "maintained-by",
        "department",
        "comment-policy",
        "purpose",
        "blocking-notice",
        "contact",
        "official-site-link",
    )
    see_the_page(channel, staff.coordinator, seen=dict.fromkeys(codes, "About section"))
    with pytest.raises(Refused) as refusal:
        channels.go_live(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)

    assert any("policy" in reason.message for reason in refusal.value.reasons)


def test_every_shipped_pack_that_speaks_of_classes_speaks_of_known_ones() -> None:
    def classes(pack: Pack) -> set[str]:
        return {
            str(one)
            for clause in pack.clauses
            for binding in clause.bindings
            if binding.control == scope.COVERAGE
            for name in ("classes", "excluded")
            for one in binding.parameters.get(name, [])  # type: ignore[union-attr]
        }

    for pack in load_shipped().values():
        assert classes(pack) <= {*EMPLOYMENT_CLASSES, "employee"}


@pytest.mark.django_db
def test_the_policy_page_has_no_warning_where_nothing_is_missing() -> None:
    a_body()
    a_live_channel(a_staff())

    assert assurance.own_policy_missing() == ""


@pytest.mark.django_db
@pytest.mark.proves("channel.inventory")
def test_every_channel_stands_in_the_inventory_with_who_answers_for_it() -> None:
    a_body()
    staff = a_staff()
    a_person(Role.IT_DIRECTOR, email="security@wausau.example")
    channel = a_live_channel(staff)
    holder = a_person(Role.POSTER, email="holder@wausau.example")
    ChannelGrant.objects.create(
        person=holder, channel=channel.public_id, right=Right.CREDENTIAL.value, starts_at=LONG_AGO
    )
    a_requested_channel(staff, handle="library", name="=Library")
    answer = signed_in(a_person(Role.AUDITOR)).get(reverse("assurance-inventory"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))

    assert {row["id"] for row in rows} == set(Channel.objects.values_list("public_id", flat=True))
    parks = next(row for row in rows if row["id"] == channel.public_id)
    assert (parks["owner"], parks["administrators"], parks["security contact"]) == (
        "City of Wausau",
        "holder@wausau.example",
        "security@wausau.example",
    )
    assert "'=Library" in {row["name"] for row in rows}
