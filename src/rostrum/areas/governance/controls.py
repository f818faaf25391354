"""The controls that act when a pack is put into force, and what shows that they do."""

from django.urls import NoReverseMatch, reverse

from rostrum.areas.governance import queries, rules
from rostrum.areas.governance.models import PackActivation
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


CONTROLS: tuple[LiveControl, ...] = (
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
        proven_by=("tests/areas/test_governance.py::test_every_entry_names_the_policy_version_then_in_force",),
        evidence=_version_in_force,
        # The others also ask that issuer and enabling cite stand on every served copy.
        clauses=("WAU-legal-07d",),
    ),
)
