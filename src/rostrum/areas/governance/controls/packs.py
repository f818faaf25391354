"""The controls that act when a pack is put into force, and what shows that they do."""

from datetime import datetime

from django.db.models import Max
from django.urls import NoReverseMatch, reverse

from rostrum.areas.governance import queries, rules
from rostrum.areas.governance.models import PackActivation
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.policy.controls import Evidence, LiveControl


def _link() -> str:
    try:
        return reverse("policy")
    except NoReverseMatch:
        return ""


def _effective_date() -> Evidence:
    entered = PackActivation.objects.exclude(effective_on={})
    first = entered.order_by("activated_at").first()
    current = queries.activation()
    days = ", ".join(f"{pack} on {day}" for pack, day in (current.effective_on if current else {}).items())
    summary = f"In force by the body's own adoption: {days}." if days else "No pack in force leaves its date blank."
    return Evidence(summary, entered.count(), first.activated_at if first else None, _link())


def _parent_required() -> Evidence:
    body = queries.body()
    if body is None or body.kind != rules.STATE_AGENCY:
        return Evidence("This body is not a state agency, so no parent standard is required of it.", 0, None, _link())
    activations = queries.activations()
    first = activations.order_by("activated_at").first()
    summary = f"Every activation of this state agency includes {rules.PARENT_OF_STATE_AGENCIES}."
    return Evidence(summary, activations.count(), first.activated_at if first else None, _link())


def _version_in_force() -> Evidence:
    current = queries.activation()
    if current is None:
        return Evidence("No pack was activated yet.", 0, None, _link())
    activations = queries.activations()
    first = activations.order_by("activated_at").first()
    summary = f"Every entry since then names the version in force, now {current.policy_version}."
    return Evidence(summary, activations.count(), first.activated_at if first else None, _link())


def _coverage() -> Evidence:
    persons = User.objects.select_related("unit").filter(is_active=True)
    # As things stood at the last act: evidence reads no clock.
    now = Entry.objects.aggregate(last=Max("at"))["last"]
    covered = sum(
        1 for person in persons if now and any(one.is_covered for one in queries.coverage_of(person, now=now))
    )
    summary = f"Of {len(persons)} persons present, the policies in force cover {covered}, by class and unit."
    return Evidence(summary, covered, _first(), _link())


def _completeness() -> Evidence:
    unsaid = queries.unsaid()
    what = "; ".join(one.content for one in unsaid)
    summary = (
        f"Left unsaid by the policy in force: {what}." if unsaid else "The policy in force says the least it should."
    )
    return Evidence(summary, len(unsaid), _first(), _link())


def _advice() -> Evidence:
    raised = queries.raised_advice()
    summary = f"{len(raised)} items of the guidelines in force are raised to rules; the others advise."
    return Evidence(summary, len(raised), _first(), _link())


def _first() -> datetime | None:
    first = queries.activations().order_by("activated_at").first()
    return first.activated_at if first else None


_TESTS = "tests/areas/test_controls_governance.py::"

CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="definition.coverage",
        proven_by=(
            f"{_TESTS}test_each_class_of_work_is_covered_as_the_packs_say",
            f"{_TESTS}test_fire_and_police_are_left_out_with_everybody_in_them",
            f"{_TESTS}test_an_agent_is_covered_and_let_in_until_the_engagement_ends",
            f"{_TESTS}test_agents_get_the_same_checks_and_duties_as_staff",
        ),
        evidence=_coverage,
        # MKE-III-02 also asks that nobody left out is the subject of a case, and cases are not built.
        clauses=(
            *("WI480-010-07", "WI480-010-08", "WI480-030-01a", "WI480-030-01b"),
            *("MKE-III-01", "MKE-IV-01", "MKE-IV-02", "WAU-auth-02d"),
        ),
    ),
    LiveControl(
        id="governance.policy-completeness",
        proven_by=(f"{_TESTS}test_what_a_policy_leaves_unsaid_is_named_with_the_clause_that_asks_for_it",),
        evidence=_completeness,
    ),
    LiveControl(
        id="governance.advice-layer",
        proven_by=(f"{_TESTS}test_a_guideline_advises_until_the_bodys_own_policy_makes_it_a_rule",),
        evidence=_advice,
    ),
    LiveControl(
        id="governance.effective-date",
        proven_by=("tests/areas/test_governance.py::test_a_pack_without_a_date_waits_for_the_bodys_own_adoption",),
        evidence=_effective_date,
    ),
    LiveControl(
        id="governance.parent-required",
        proven_by=("tests/areas/test_governance.py::test_a_state_agency_cannot_work_without_the_parent_standard",),
        evidence=_parent_required,
    ),
    LiveControl(
        id="governance.version-in-force",
        proven_by=(
            "tests/areas/test_governance.py::test_every_entry_names_the_policy_version_then_in_force",
            f"{_TESTS}test_a_changed_policy_is_served_to_whoever_holds_a_grant",
        ),
        evidence=_version_in_force,
        # The others also ask that the enabling cite stand on every served copy, and that conduct before it go free.
        clauses=("WAU-legal-07d", "WI480-070-01"),
    ),
)
