"""The controls that act in a channel's life, and what shows that they do."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse

from rostrum.areas.channels.models import ApprovalStep, Channel
from rostrum.areas.channels.rules import Use
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_channels.py::"
_ASKED = "tests/areas/test_channels_asked_for.py::"


def _answer(summary: str, count: int, since: datetime | None) -> Evidence:
    return Evidence(summary, count, since, reverse("channels"))


def _opened() -> QuerySet[Channel]:
    return Channel.objects.filter(opened_at__isnull=False)


def _since(rows: QuerySet[Channel], field: str) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min(field))["first"]
    return first


def _purpose() -> Evidence:
    asked = Channel.objects.all()
    listed = sum(1 for serves in asked.values_list("serves", flat=True) if serves)
    return _answer(
        f"{asked.count()} channels were asked for, each with a purpose and a goal; {listed} name a listed purpose.",
        asked.count(),
        _since(asked, "requested_at"),
    )


def _approvals() -> Evidence:
    steps = ApprovalStep.objects.all()
    own = Channel.objects.filter(approved_by=F("requested_by")).count()
    first: datetime | None = steps.aggregate(first=Min("taken_at"))["first"]
    return _answer(
        f"{steps.count()} approval steps were taken; {own} channels were approved by who asked.", steps.count(), first
    )


def _prior_authorization() -> Evidence:
    opened = _opened()
    without = opened.filter(Q(approved_at__isnull=True) | Q(approved_at__gt=F("opened_at"))).count()
    found = Channel.objects.filter(found_at__isnull=False)
    unapproved = found.filter(approved_at__isnull=True, closed_at__isnull=True).count()
    were, are = ("was" if found.count() == 1 else "were"), ("is" if unapproved == 1 else "are")
    return _answer(
        f"{opened.count()} channels were opened, {without} of them without an earlier approval. "
        f"{found.count()} {were} found without approval, {unapproved} of them still {are}.",
        opened.count() + found.count(),
        min(filter(None, (_since(opened, "opened_at"), _since(found, "found_at"))), default=None),
    )


def _official_email() -> Evidence:
    entries = Entry.objects.filter(kind="channels.channel-opened.v1").order_by("pk")
    bodies = [entry.body for entry in entries]
    official = sum(1 for body in bodies if body["official_email"])
    reasoned = sum(1 for body in bodies if body["why_other_email"])
    first = entries.first()
    return _answer(
        f"{official} of {len(bodies)} channels are registered with the body's e-mail; {reasoned} say why not.",
        len(bodies),
        first.at if first else None,
    )


def _owned_by_body() -> Evidence:
    opened = _opened()
    owners = opened.values_list("owner", flat=True).distinct()
    named = ", ".join(sorted(owners)) or "none yet"
    return _answer(
        f"Owner of all {opened.count()} opened channels: {named}.", opened.count(), _since(opened, "opened_at")
    )


def _owning_unit() -> Evidence:
    asked = Channel.objects.all()
    units = asked.values("unit").distinct().count()
    return _answer(
        f"Each of {asked.count()} channels has one maintaining unit; {units} units maintain channels.",
        asked.count(),
        _since(asked, "requested_at"),
    )


def _business_case() -> Evidence:
    made = Channel.objects.exclude(business_case="")
    decided = made.filter(steps__role__in=[role for role in Role if role is not Role.IT_DIRECTOR]).distinct().count()
    asked = Channel.objects.count()
    return _answer(
        f"{made.count()} of {asked} channels were asked for with a business case; other than IT decided on {decided}.",
        made.count(),
        _since(made, "requested_at"),
    )


def _registered_name() -> Evidence:
    bodies = [entry.body for entry in Entry.objects.filter(kind="channels.channel-opened.v1").order_by("pk")]
    own = sum(1 for body in bodies if body.get("official_name", True) and body.get("official_contact", True))
    reasoned = sum(1 for body in bodies if body.get("why_other_name"))
    return _answer(
        f"{own} of {len(bodies)} channels are registered in the body's name with its contact; {reasoned} say why not.",
        len(bodies),
        _since(_opened(), "opened_at"),
    )


def _no_personal() -> Evidence:
    decided = Entry.objects.filter(kind="channels.channel-use-decided.v1").order_by("pk")
    personal = Channel.objects.filter(use=Use.PERSONAL).exclude(state__in=("declined", "closed")).count()
    first = decided.first()
    return _answer(
        f"{personal} channels are only personal; {decided.count()} times it was decided whose use one is of. "
        "A request for a personal presence is refused and leaves nothing behind.",
        decided.count(),
        first.at if first else None,
    )


def _risk() -> Evidence:
    weighed = Channel.objects.filter(risk_acknowledged_at__isnull=False)
    approved = Channel.objects.filter(approved_at__isnull=False)
    without = approved.filter(risk_acknowledged_at=None).count()
    return _answer(
        f"{weighed.count()} times a department's head weighed the added risk; {without} of {approved.count()} approved "
        "channels lack it.",
        weighed.count(),
        _since(weighed, "risk_acknowledged_at"),
    )


def _control(id: str, evidence: Callable[[], Evidence], *tests: str, clauses: tuple[str, ...] = ()) -> LiveControl:
    return LiveControl(id, tuple(test if "::" in test else _TESTS + test for test in tests), evidence, clauses)


CONTROLS: tuple[LiveControl, ...] = (
    _control(
        "channel.purpose",
        _purpose,
        "test_a_request_without_purpose_or_goal_is_refused_with_its_clause",
        f"{_ASKED}test_a_state_agency_lists_its_goals_and_a_channel_serves_one_of_them",
    ),
    _control(
        "channel.business-case",
        _business_case,
        f"{_ASKED}test_a_business_case_is_needed_once_the_agency_makes_the_advice_its_rule",
        f"{_ASKED}test_it_alone_does_not_decide_on_a_channel",
    ),
    _control(
        "channel.no-personal",
        _no_personal,
        f"{_ASKED}test_a_personal_presence_needs_no_approval_and_leaves_nothing_behind",
        f"{_ASKED}test_a_channel_that_turns_out_personal_gets_no_custody_and_no_capture",
        # Not the two that ask for a look at handles registered twice, and for the review of cases.
        clauses=("WAU-own-01d", "WAU-use-01c", "WI480-050-00a", "WI480-050-04a", "MKE-VI-00a", "MKE-VI-03"),
    ),
    _control(
        "channel.registered-name",
        _registered_name,
        f"{_ASKED}test_a_name_or_contact_that_is_not_the_bodys_needs_a_reason",
    ),
    _control(
        "channel.risk-acknowledged",
        _risk,
        f"{_ASKED}test_the_departments_head_weighs_the_risk_before_the_coordinator_approves",
    ),
    _control(
        "channel.site-approval",
        _approvals,
        "test_under_wausau_the_coordinator_approves_and_nobody_else",
        "test_who_asked_never_approves",
        f"{_ASKED}test_only_the_role_the_policy_names_creates_a_channel",
    ),
    _control(
        "channel.approval-route",
        _approvals,
        "test_under_dma_the_steps_go_from_management_over_state_it_to_public_affairs",
    ),
    LiveControl(
        "channel.prior-authorization",
        (
            f"{_TESTS}test_an_unapproved_channel_is_not_opened",
            "tests/areas/test_found_channels.py::test_a_found_channel_is_known_listed_as_unapproved_and_not_official",
        ),
        _prior_authorization,
    ),
    _control(
        "channel.official-email",
        _official_email,
        "test_a_private_address_needs_a_reason_under_wausau",
        "test_dma_takes_no_private_address_at_all",
        f"{_ASKED}test_an_address_of_the_agency_is_only_for_what_was_approved",
    ),
    _control(
        "channel.owned-by-body",
        _owned_by_body,
        "test_the_body_owns_and_one_department_maintains_whoever_opens",
    ),
    _control(
        "channel.owning-unit",
        _owning_unit,
        "test_the_body_owns_and_one_department_maintains_whoever_opens",
    ),
)
