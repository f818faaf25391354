"""The controls that act when people leave, and what shows that they do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse

from rostrum.areas.channels.models import ChannelHandOver, ReachedChannel, Separation, TransitionTask
from rostrum.areas.channels.operations.separation import ROTATION_DUTY, SURRENDER_DUTY
from rostrum.areas.duties.models import Duty
from rostrum.areas.people.models import RefusedAttempt, User
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_separation.py::"


def _answer(summary: str, count: int, since: datetime | None) -> Evidence:
    return Evidence(summary, count, since, reverse("separations"))


def _since(rows: QuerySet[Any], field: str) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min(field))["first"]
    return first


def _ends_access() -> Evidence:
    separated = Separation.objects.filter(ended_at__isnull=False)
    late = separated.filter(ended_at__gt=F("at")).count()
    held = Q(person__role_grants__ends_at__gt=F("ended_at")) | Q(person__channel_grants__ends_at__gt=F("ended_at"))
    beyond = separated.filter(held, person__is_active=False).distinct().count()
    attempts = sum(RefusedAttempt.objects.values_list("count", flat=True))
    return _answer(
        f"{separated.count()} persons were separated, {late} of them reported late; {beyond} kept a grant beyond that "
        f"instant; {attempts} later attempts were refused.",
        separated.count(),
        _since(separated, "at"),
    )


def _engagement_end() -> Evidence:
    dated = User.objects.filter(engagement_ends_at__isnull=False)
    by_end = Separation.objects.filter(started_by=None)
    return _answer(
        f"{dated.count()} persons have an engagement with an end; {by_end.count()} separations began with it.",
        by_end.count(),
        _since(by_end, "at"),
    )


def _rotation() -> Evidence:
    owed = Duty.objects.filter(kind=ROTATION_DUTY)
    closed = owed.filter(closed_at__isnull=False)
    in_time = closed.filter(closed_at__lte=F("due_at")).count()
    return _answer(
        f"Changes of log-ins owed after separations: {owed.count()}; confirmed by a second person: {closed.count()}, "
        f"in time: {in_time}.",
        owed.count(),
        _since(owed, "opened_at"),
    )


def _surrender() -> Evidence:
    owed = Duty.objects.filter(kind=SURRENDER_DUTY)
    done = ReachedChannel.objects.filter(surrendered_at__isnull=False)
    return _answer(
        f"{owed.count()} log-ins were to be handed in before planned separations; {done.count()} were, and tested.",
        owed.count(),
        _since(owed, "opened_at"),
    )


def _transition() -> Evidence:
    tasks = TransitionTask.objects.all()
    answered = tasks.filter(answered_at__isnull=False).count()
    return _answer(
        f"{tasks.count()} questions were put to people who leave, {answered} are answered.",
        tasks.count(),
        _since(tasks, "assigned_at"),
    )


def _hand_over() -> Evidence:
    given = ChannelHandOver.objects.all()
    confirmed = given.filter(confirmed_at__isnull=False).count()
    return _answer(
        f"{given.count()} channels were handed over by the form, {confirmed} confirmed by a second person.",
        given.count(),
        _since(given, "given_at"),
    )


def _continuity() -> Evidence:
    closed = Separation.objects.filter(closed_at__isnull=False)
    without = ReachedChannel.objects.filter(separation__in=closed, new_holder=None).exclude(channel__state="closed")
    open_now = Separation.objects.filter(state="open").count()
    return _answer(
        f"{closed.count()} separations are closed, with {without.count()} channels left without a new named holder; "
        f"{open_now} wait for theirs.",
        closed.count(),
        _since(closed, "closed_at"),
    )


def _control(id: str, evidence: Callable[[], Evidence], *tests: str) -> LiveControl:
    return LiveControl(id, tuple(_TESTS + test for test in tests), evidence)


CONTROLS: tuple[LiveControl, ...] = (
    _control(
        "person.separation-ends-access",
        _ends_access,
        "test_at_the_instant_sign_in_roles_and_rights_end",
        "test_a_planned_separation_ends_access_at_its_instant_even_without_a_worker",
        "test_later_attempts_are_refused_counted_and_reported",
    ),
    _control(
        "person.engagement-end",
        _engagement_end,
        "test_an_agents_access_ends_with_the_engagement_and_a_separation_begins",
    ),
    _control(
        "custody.rotation-after-separation",
        _rotation,
        "test_log_ins_are_due_forty_eight_hours_after_whatever_the_calendar_says",
        "test_only_a_newly_deposited_tested_log_in_confirmed_by_another_closes_the_rotation",
    ),
    _control(
        "custody.surrender-before-separation",
        _surrender,
        "test_before_leaving_each_log_in_is_handed_in_by_deposit_and_a_test",
    ),
    _control(
        "custody.transition-duty",
        _transition,
        "test_the_leaver_helps_before_and_after_without_reaching_a_channel",
    ),
    _control(
        "custody.hand-over-form",
        _hand_over,
        "test_a_hand_over_says_everything_needed_and_is_confirmed_by_another",
    ),
    _control(
        "custody.continuity",
        _continuity,
        "test_a_separation_closes_only_when_every_channel_has_a_new_holder_and_nothing_is_open",
    ),
)
