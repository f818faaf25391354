"""The controls that act in a channel's life, and what shows that they do."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse

from rostrum.areas.channels.models import ApprovalStep, Channel, Credential
from rostrum.areas.channels.operations import DEPOSIT_DUTY
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_channels.py::"


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
    own = steps.filter(person=F("channel__requested_by")).count()
    first: datetime | None = steps.aggregate(first=Min("taken_at"))["first"]
    return _answer(f"{steps.count()} approval steps were taken, {own} of them by who asked.", steps.count(), first)


def _prior_authorization() -> Evidence:
    opened = _opened()
    without = opened.filter(Q(approved_at__isnull=True) | Q(approved_at__gt=F("opened_at"))).count()
    return _answer(
        f"{opened.count()} channels were opened, {without} of them without an earlier approval.",
        opened.count(),
        _since(opened, "opened_at"),
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


def _deposit_duty() -> Evidence:
    owed = Duty.objects.filter(kind=DEPOSIT_DUTY)
    closed = owed.filter(closed_at__isnull=False).count()
    first: datetime | None = owed.aggregate(first=Min("opened_at"))["first"]
    return _answer(f"{owed.count()} deposits were owed, {closed} closed by a sealed log-in.", owed.count(), first)


def _unique_credential() -> Evidence:
    held = Credential.objects.all()
    first: datetime | None = held.aggregate(first=Min("deposited_at"))["first"]
    return _answer(
        f"{held.count()} log-ins were deposited; no secret was taken twice, by keyed hash.", held.count(), first
    )


def _page_elements() -> Evidence:
    entries = Entry.objects.filter(kind="channels.channel-went-live.v1").order_by("pk")
    seen = sum(len(entry.body["page_elements_seen"]) for entry in entries)
    first = entries.first()
    return _answer(
        f"{entries.count()} channels went live after {seen} page elements were seen on them.",
        entries.count(),
        first.at if first else None,
    )


def _control(id: str, evidence: Callable[[], Evidence], *tests: str, clauses: tuple[str, ...] = ()) -> LiveControl:
    return LiveControl(id, tuple(_TESTS + test for test in tests), evidence, clauses)


CONTROLS: tuple[LiveControl, ...] = (
    _control(
        "channel.purpose",
        _purpose,
        "test_a_request_without_purpose_or_goal_is_refused_with_its_clause",
        # Chapter 480 also asks for a link to the agency's own list of goals.
        clauses=("WAU-purpose-01", "DMA-I-A-01"),
    ),
    _control(
        "channel.site-approval",
        _approvals,
        "test_under_wausau_the_coordinator_approves_and_nobody_else",
        "test_who_asked_never_approves",
        clauses=("WAU-def-07b",),
    ),
    _control(
        "channel.approval-route",
        _approvals,
        "test_under_dma_the_steps_go_from_management_over_state_it_to_public_affairs",
    ),
    _control("channel.prior-authorization", _prior_authorization, "test_an_unapproved_channel_is_not_opened"),
    _control(
        "channel.official-email",
        _official_email,
        "test_a_private_address_needs_a_reason_under_wausau",
        "test_dma_takes_no_private_address_at_all",
        clauses=("WAU-own-05e", "DMA-II-B-04a"),
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
    _control(
        "custody.deposit-duty",
        _deposit_duty,
        "test_opening_owes_a_deposit_which_the_sealed_log_in_closes",
    ),
    _control(
        "custody.unique-credential",
        _unique_credential,
        "test_a_secret_ever_used_is_refused_for_any_channel",
        "test_a_log_in_name_serves_one_channel_and_stays_when_its_password_changes",
    ),
    _control(
        "page.element",
        _page_elements,
        "test_a_channel_without_its_page_elements_does_not_go_live",
        clauses=(
            "WAU-page-01a",
            "WAU-page-01b",
            "WAU-page-02",
            "WAU-page-03",
            "WAU-page-04",
            "WAU-page-05a",
            "WAU-page-06",
            "WAU-page-07",
        ),
    ),
)
