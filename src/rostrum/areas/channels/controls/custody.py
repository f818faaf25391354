"""The controls of custody, and what shows that they act."""

from datetime import datetime

from django.db.models import F, Min, QuerySet
from django.urls import reverse

from rostrum.areas.channels.models import ChangeReport, Credential
from rostrum.areas.channels.operations.custody import DEPOSIT_DUTY
from rostrum.areas.duties.models import Duty
from rostrum.policy.controls import Evidence, LiveControl

_LIFE = "tests/areas/test_channels.py::"
_CUSTODY = "tests/areas/test_custody.py::"


def _answer(summary: str, count: int, since: datetime | None) -> Evidence:
    return Evidence(summary, count, since, reverse("custody"))


def _first(rows: QuerySet[Credential]) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min("deposited_at"))["first"]
    return first


def _deposit_duty() -> Evidence:
    owed = Duty.objects.filter(kind=DEPOSIT_DUTY)
    closed = owed.filter(closed_at__isnull=False).count()
    first: datetime | None = owed.aggregate(first=Min("opened_at"))["first"]
    return _answer(f"{owed.count()} deposits were owed, {closed} closed by a sealed log-in.", owed.count(), first)


def _unique_credential() -> Evidence:
    held = Credential.objects.all()
    return _answer(
        f"{held.count()} log-ins were deposited; no secret was taken twice, by keyed hash.", held.count(), _first(held)
    )


def _change_recorded() -> Evidence:
    changes = Credential.objects.filter(due_at__isnull=False)
    late = changes.filter(deposited_at__gt=F("due_at")).count()
    owed = ChangeReport.objects.filter(closed_at=None).count()
    return _answer(
        f"{changes.count()} changed log-ins were recorded, {changes.count() - late} of them in time and {late} late; "
        f"{owed} reported or noticed changes are not in custody yet.",
        changes.count(),
        _first(changes),
    )


def _separate_id() -> Evidence:
    held = Credential.objects.all()
    shared = held.exclude(shared_with_work="")
    reasoned = shared.exclude(why_shared="").count()
    return _answer(
        f"{held.count()} log-ins were compared with work log-ins; {shared.count()} resemble one, {reasoned} with "
        "the reason why.",
        held.count(),
        _first(held),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        "custody.deposit-duty",
        (_LIFE + "test_opening_owes_a_deposit_which_the_sealed_log_in_closes",),
        _deposit_duty,
    ),
    LiveControl(
        "custody.unique-credential",
        (
            _LIFE + "test_a_secret_ever_used_is_refused_for_any_channel",
            _LIFE + "test_a_log_in_name_serves_one_channel_and_stays_when_its_password_changes",
        ),
        _unique_credential,
    ),
    LiveControl(
        "custody.change-recorded",
        (
            _CUSTODY + "test_a_change_is_recorded_within_24_hours_or_marked_late",
            _CUSTODY + "test_a_reported_change_is_owed_until_the_deposit_that_closes_it",
            _CUSTODY + "test_a_log_in_the_platform_no_longer_takes_owes_word_of_a_change",
        ),
        _change_recorded,
    ),
    LiveControl(
        "custody.separate-id",
        (
            _CUSTODY + "test_somebodys_work_log_in_needs_a_reason_which_is_kept",
            _CUSTODY + "test_ones_own_sign_in_password_needs_a_reason_and_is_compared_by_its_hash_only",
        ),
        _separate_id,
    ),
)
