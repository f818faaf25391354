"""The controls that act on drafts and posts, and what shows that they do."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import F, Min, Q
from django.urls import reverse

from rostrum.areas.ledger.models import Entry
from rostrum.areas.publishing.models import Approval, Check, Consent, FindingCount, Publication
from rostrum.policy.controls import Evidence, LiveControl

_DRAFTS = "tests/areas/test_publishing_drafts.py::"
_POSTS = "tests/areas/test_publishing_posts.py::"
_TEXTS = "tests/areas/test_publishing_text_checks.py::"


def _answer(summary: str, count: int, since: datetime | None) -> Evidence:
    return Evidence(summary, count, since, reverse("write"))


def _spoke(control: str) -> Callable[[], Evidence]:
    """How often a text control spoke, in how many checks of saved drafts."""

    def evidence() -> Evidence:
        spoke = FindingCount.objects.filter(control=control)
        found = sum(spoke.values_list("count", flat=True))
        checked = Check.objects.count()
        first: datetime | None = spoke.aggregate(first=Min("check_run__checked_at"))["first"]
        return _answer(f"It ran in {checked} checks of drafts and spoke {found} times.", found, first)

    return evidence


def _entries(kind: str, words: str) -> Evidence:
    entries = Entry.objects.filter(kind=kind)
    first: datetime | None = entries.aggregate(first=Min("at"))["first"]
    return _answer(words.format(entries.count()), entries.count(), first)


def _second_person() -> Evidence:
    approvals = Approval.objects.all()
    own = approvals.filter(Q(approver=F("revision__draft__author")) | Q(approver=F("revision__made_by"))).count()
    first: datetime | None = approvals.aggregate(first=Min("approved_at"))["first"]
    return _answer(f"{approvals.count()} approvals were given, {own} of them by an author.", approvals.count(), first)


def _checklist() -> Evidence:
    return _entries("publishing.draft-approved.v1", "{} approvals keep their answers to the checklist.")


def _other_party() -> Evidence:
    consents = Consent.objects.all()
    first: datetime | None = consents.aggregate(first=Min("recorded_at"))["first"]
    return _answer(f"{consents.count()} dated consents of others are on file.", consents.count(), first)


def _with_record() -> Evidence:
    published = Publication.objects.filter(published_at__isnull=False)
    whole = published.exclude(digest="").filter(intent_at__isnull=False).count()
    first: datetime | None = published.aggregate(first=Min("published_at"))["first"]
    return _answer(
        f"{whole} of {published.count()} published posts have exact bytes, people, time and digest on record.",
        published.count(),
        first,
    )


def _responsible_unit() -> Evidence:
    return _entries("publishing.post-published.v1", "{} posts name their unit, author, approvers and publisher.")


def _bound_identity() -> Evidence:
    return _entries("publishing.draft-submitted.v1", "{} drafts were handed in, each by the person signed in.")


def _grant_required() -> Evidence:
    refused = Publication.objects.filter(failure__in=("no-role", "out-of-reach", "not-present")).count()
    scheduled = Publication.objects.all()
    first: datetime | None = scheduled.aggregate(first=Min("due_at"))["first"]
    return _answer(
        f"{scheduled.count()} publications were scheduled by holders of a grant; {refused} were stopped when it ended.",
        scheduled.count(),
        first,
    )


def _deposit_before_posting() -> Evidence:
    scheduled = Publication.objects.all()
    without = scheduled.filter(channel__credentials__isnull=True).count()
    first: datetime | None = scheduled.aggregate(first=Min("due_at"))["first"]
    return _answer(
        f"{scheduled.count()} publications were scheduled, {without} of them on a channel without a deposited log-in.",
        scheduled.count(),
        first,
    )


def _elected() -> Evidence:
    checks = Check.objects.filter(revision__draft__author__employment_class="elected")
    first: datetime | None = checks.aggregate(first=Min("checked_at"))["first"]
    return _answer(
        f"{checks.count()} checks of elected officials' drafts left out the cross-unit clauses and no other.",
        checks.count(),
        first,
    )


def _text(control: str, *tests: str, clauses: tuple[str, ...] = ()) -> LiveControl:
    return LiveControl(control, tests, _spoke(control), clauses)


# One test per control of a table, in which a saved draft makes it speak.
_SPEAKS = _TEXTS + "test_a_control_speaks_about_the_saved_draft_it_is_for"

CONTROLS: tuple[LiveControl, ...] = (
    _text("draft.personal-data", _DRAFTS + "test_a_residents_phone_number_stops_the_submission"),
    _text("draft.alt-text", _DRAFTS + "test_an_image_without_alternative_text_stops_the_submission"),
    _text("draft.length", _DRAFTS + "test_text_over_a_platforms_limit_is_found_for_that_channel_only"),
    _text("draft.hashtags", _DRAFTS + "test_an_unreadable_hashtag_is_a_warning_that_an_approver_must_clear"),
    _text("draft.other-unit", _DRAFTS + "test_material_about_another_department_waits_for_its_consent"),
    _text("draft.business-topic", _DRAFTS + "test_a_draft_without_an_official_topic_is_not_handed_in"),
    _text("draft.signature", _DRAFTS + "test_under_dma_the_authors_name_and_title_are_part_of_the_approved_bytes"),
    _text("draft.correction-wording", _TEXTS + "test_a_correction_under_dma_says_what_was_wrong"),
    _text("draft.listed-terms", _TEXTS + "test_a_term_on_the_bodys_own_list_is_found"),
    _text("draft.media-limits", _TEXTS + "test_more_images_than_the_platform_takes_are_found"),
    _text(
        "draft.published-source",
        _TEXTS + "test_material_of_another_department_passes_with_a_link_to_its_own_post_only",
    ),
    LiveControl(
        "draft.elected-exempt",
        (_TEXTS + "test_an_elected_official_speaks_of_all_departments_and_is_bound_by_all_else",),
        _elected,
    ),
    *(
        _text(control, _SPEAKS)
        for control in (
            "draft.captions",
            "draft.citation",
            "draft.confidential-markers",
            "draft.critical-other-channel",
            "draft.endorsement",
            "draft.health-data",
            "draft.not-comfortable",
            "draft.opinion-voice",
            "draft.personal-message",
            "draft.plain-characters",
            "draft.political",
            "draft.profanity",
            "draft.required-notice",
            "draft.tone",
            "meeting.event-warning",
        )
    ),
    LiveControl(
        "approval.second-person",
        (_DRAFTS + "test_nobody_approves_what_they_wrote_edited_or_handed_in",),
        _second_person,
    ),
    LiveControl("approval.checklist", (_DRAFTS + "test_the_approver_answers_the_packs_checklist",), _checklist),
    LiveControl(
        "approval.other-party",
        (_DRAFTS + "test_material_about_another_department_waits_for_its_consent",),
        _other_party,
    ),
    LiveControl(
        "publish.with-record",
        (
            _POSTS + "test_an_approved_post_is_published_once_with_its_whole_record",
            _POSTS + "test_altered_bytes_are_not_published",
        ),
        _with_record,
    ),
    LiveControl(
        "publish.responsible-unit",
        (_POSTS + "test_an_approved_post_is_published_once_with_its_whole_record",),
        _responsible_unit,
    ),
    LiveControl(
        "publish.bound-identity",
        (_POSTS + "test_an_approved_post_is_published_once_with_its_whole_record",),
        _bound_identity,
    ),
    LiveControl(
        "grant.required",
        (_POSTS + "test_who_lost_the_right_to_speak_neither_schedules_nor_publishes",),
        _grant_required,
        # Chapter 480 also asks on which approved request the grant rests.
        clauses=("WAU-auth-01c", "DMA-II-B-01a"),
    ),
    LiveControl(
        "custody.deposit-before-posting",
        (_POSTS + "test_nothing_is_scheduled_on_a_channel_without_a_log_in_in_custody",),
        _deposit_before_posting,
    ),
)
