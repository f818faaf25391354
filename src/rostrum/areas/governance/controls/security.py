"""The controls of the security registers and of related policies, and what shows that they act."""

from datetime import datetime

from django.db.models import Min
from django.urls import reverse

from rostrum.areas.governance.models import BlockedSite, Persona, PersonaException, PolicyReading
from rostrum.areas.governance.queries import policies, security
from rostrum.areas.governance.rules.security import ExceptionState
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_security_registers.py::"


def _policy_read() -> Evidence:
    first: datetime | None = PolicyReading.objects.aggregate(first=Min("read_at"))["first"]
    persons = PolicyReading.objects.values("person").distinct().count()
    return Evidence(
        f"{PolicyReading.objects.count()} readings of policies are confirmed, by {persons} persons.",
        PolicyReading.objects.count(),
        first,
        reverse("policy-documents"),
    )


def _blocked() -> Evidence:
    first: datetime | None = BlockedSite.objects.aggregate(first=Min("decided_at"))["first"]
    everything = BlockedSite.objects.count()
    return Evidence(
        f"{everything} decisions to block a site, {security.blocked_sites().count()} in force; the list goes to the "
        "network team.",
        everything,
        first,
        reverse("blocked-sites"),
    )


def _persona() -> Evidence:
    first: datetime | None = PersonaException.objects.aggregate(first=Min("asked_at"))["first"]
    signed = PersonaException.objects.filter(state__in=(ExceptionState.SIGNED, ExceptionState.ENDED)).count()
    return Evidence(
        f"{PersonaException.objects.count()} exceptions were asked for, {signed} signed; {Persona.objects.count()} "
        f"personas were registered, each under one; {security.personas().count()} exist now.",
        PersonaException.objects.count(),
        first,
        reverse("personas"),
    )


def _related() -> Evidence:
    listed = policies.related_policies()
    with_version = [one for one in listed if one.text is not None]
    missing = ", ".join(sorted(policies.unlisted_kinds()))
    first = min((one.text.entered_at for one in with_version if one.text is not None), default=None)
    return Evidence(
        f"{len(listed)} policies are listed as staying in force, {len(with_version)} with their version."
        + (f" Referred to and not listed: {missing}." if missing else ""),
        len(with_version),
        first,
        reverse("policy-documents"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        policies.POLICY_READ,
        (f"{_TESTS}test_the_network_policies_stand_beside_a_right_and_their_reading_is_stored",),
        _policy_read,
    ),
    LiveControl(security.BLOCKED, (f"{_TESTS}test_a_blocked_site_is_kept_with_its_reason_and_who_decided",), _blocked),
    LiveControl(
        security.EXCEPTION,
        (
            f"{_TESTS}test_no_second_persona_exists_without_a_signed_exception",
            f"{_TESTS}test_an_exception_is_the_agency_heads_judgement_signed_with_reasons",
        ),
        _persona,
    ),
    LiveControl(
        policies.RELATED,
        (
            f"{_TESTS}test_every_policy_that_stays_in_force_is_listed_with_its_version_and_clauses",
            f"{_TESTS}test_one_pack_switches_off_no_policy_that_another_lists",
            "tests/web/test_policy_pages.py::test_related_policies_stand_beside_a_right_and_where_people_are_answered",
        ),
        _related,
        # The others also ask for them beside a recorded device (WI480-050-00m), or in guidance topic by topic.
        clauses=(
            *(f"DMA-II-A-01{letter}" for letter in "acdefghi"),
            *("MKE-VI-00d", "WAU-related-01", "WAU-related-02", "WAU-use-02a", "WI480-040-03b"),
        ),
    ),
)
