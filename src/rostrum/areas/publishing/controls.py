"""The controls that act on drafts and posts, and what shows that they do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q
from django.urls import reverse

from rostrum.areas.channels.models import RightRequest
from rostrum.areas.channels.rules.grants import SCOPE_ALL
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import ChannelGrant, Computer
from rostrum.areas.people.rules import Right
from rostrum.areas.publishing.checks import AREA_CONTROL
from rostrum.areas.publishing.models import (
    Approval,
    Check,
    Clearance,
    Confirmation,
    Consent,
    DisclosureAuthorization,
    FindingCount,
    IntegrityAlert,
    IntegrityWatch,
    Publication,
    WorkPlace,
)
from rostrum.areas.publishing.rules.confirmations import Moment
from rostrum.policy.controls import Evidence, LiveControl

_DRAFTS = "tests/areas/test_publishing_drafts.py::"
_POSTS = "tests/areas/test_publishing_posts.py::"
_AREAS = "tests/areas/test_programme_areas.py::"
_ELECTED = "tests/areas/test_elected_exemption.py::"
_PLACES = "tests/areas/test_work_places.py::"
_CONFIRMED = "tests/areas/test_publishing_confirmations.py::"
_DISCLOSURES = "tests/areas/test_publishing_disclosures.py::"
_INTEGRITY = "tests/areas/test_integrity.py::"
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
    approvals = Approval.objects.filter(emergency="")
    emergencies = Approval.objects.exclude(emergency="").count()
    own = approvals.filter(Q(approver=F("revision__draft__author")) | Q(approver=F("revision__made_by"))).count()
    first: datetime | None = approvals.aggregate(first=Min("approved_at"))["first"]
    return _answer(
        f"{approvals.count()} approvals were given, {own} of them by an author. {emergencies} drafts went out "
        "unapproved under an emergency right, each to be reviewed by another person.",
        approvals.count(),
        first,
    )


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
    stopped = Publication.objects.filter(failure__in=("no-role", "out-of-reach", "not-present", "no-approved-request"))
    scheduled = Publication.objects.all()
    without = ChannelGrant.objects.filter(ends_at=None, basis="").count()
    first: datetime | None = scheduled.aggregate(first=Min("due_at"))["first"]
    return _answer(
        f"{scheduled.count()} publications were scheduled by holders of a grant; {stopped.count()} were stopped when "
        f"it ended; {without} rights in force rest on no request.",
        scheduled.count(),
        first,
    )


def _spokespersons() -> Evidence:
    designated = RightRequest.objects.filter(designated_at__isnull=False, right=Right.SPEAK.value)
    stopped = Publication.objects.filter(failure="no-spokesperson").count()
    first: datetime | None = designated.aggregate(first=Min("designated_at"))["first"]
    return _answer(
        f"{designated.count()} spokespersons were designated by the head of their department; {stopped} publications "
        "were stopped where none was left.",
        designated.count(),
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
    representing = RightRequest.objects.filter(
        represents__isnull=False, subject_scope=SCOPE_ALL, issued_at__isnull=False
    )
    elected = Q(revision__draft__author__employment_class="elected")
    checks = Check.objects.filter(elected | Q(revision__draft__author__in=representing.values("person")))
    first: datetime | None = checks.aggregate(first=Min("checked_at"))["first"]
    return _answer(
        f"{checks.count()} checks of drafts by elected officials, and by the {representing.count()} who were given a "
        "right to speak for one, left out the cross-unit clauses at most, and no other.",
        checks.count(),
        first,
    )


def _disclosures() -> Evidence:
    given = DisclosureAuthorization.objects.all()
    linked = Clearance.objects.filter(authorization__isnull=False).count()
    withdrawn = given.filter(withdrawn_at__isnull=False).count()
    first: datetime | None = given.aggregate(first=Min("authorized_at"))["first"]
    return Evidence(
        f"{given.count()} disclosures were authorized, {withdrawn} of them taken back; {linked} findings about "
        "protected information were cleared, each by one of them.",
        given.count(),
        first,
        reverse("disclosure-authorizations"),
    )


def _confirmations() -> Evidence:
    kept = Confirmation.objects.all()
    published = kept.filter(moment=Moment.PUBLICATION).values("revision").distinct().count()
    handed_in = kept.filter(moment=Moment.SUBMISSION).values("revision").distinct().count()
    first: datetime | None = kept.aggregate(first=Min("confirmed_at"))["first"]
    return _answer(
        f"{kept.count()} reminders were confirmed, in the words of the policy then in force: for {published} posts "
        f"as they were published, for {handed_in} as they were handed in.",
        kept.count(),
        first,
    )


# What is kept of so many of the newest checks is read for evidence; all of them would take minutes.
_NEWEST = 200


def _newest_evaluations() -> list[dict[str, Any]]:
    kept = Check.objects.order_by("-pk").values_list("evaluations", flat=True)[:_NEWEST]
    return [one for evaluations in kept for one in evaluations.values()]


def _scopes() -> Evidence:
    evaluations = _newest_evaluations()
    left_out = sum(1 for one in evaluations for skipped in one["skipped"] if "use" in skipped["why"])
    first: datetime | None = Check.objects.aggregate(first=Min("checked_at"))["first"]
    return _answer(
        f"{Check.objects.count()} checks keep which clauses were left out by their scope, and why; in the newest "
        f"{len(evaluations)} evaluations that was so {left_out} times.",
        Check.objects.count(),
        first,
    )


def _devices() -> Evidence:
    evaluations = _newest_evaluations()
    named = sum(1 for one in evaluations if one["facts"].get("device"))
    first: datetime | None = Check.objects.aggregate(first=Min("checked_at"))["first"]
    return _answer(
        f"{named} of the newest {len(evaluations)} evaluations name the device; none of the checks reads it.",
        named,
        first,
    )


def _integrity() -> Evidence:
    watches = IntegrityWatch.objects.all()
    runs = sum(watches.values_list("runs", flat=True))
    alerts = IntegrityAlert.objects.all()
    first: datetime | None = watches.aggregate(first=Min("first_at"))["first"]
    return Evidence(
        f"{watches.count()} channels were held against the record {runs} times; {alerts.count()} unexplained changes "
        f"or unknown posts were found, {alerts.filter(verdict='').count()} wait for an answer, "
        f"{alerts.filter(verdict='not-ours').count()} were not ours.",
        runs,
        first,
        reverse("channels"),
    )


def _areas() -> Evidence:
    spoke = FindingCount.objects.filter(control=AREA_CONTROL)
    found = sum(spoke.values_list("count", flat=True))
    agreed = Clearance.objects.filter(control=AREA_CONTROL)
    named = RightRequest.objects.filter(issued_at__isnull=False).exclude(topics=[])
    first: datetime | None = named.aggregate(first=Min("issued_at"))["first"]
    return _answer(
        f"{named.count()} rights name the programme areas they are for; {found} times a draft went beyond them or "
        f"named none, and {agreed.count()} times who approves there agreed.",
        named.count(),
        first,
    )


def _places() -> Evidence:
    kept = WorkPlace.objects.all()
    elsewhere = kept.filter(is_trusted=False)
    confirmed = Computer.objects.filter(confirmed_at__isnull=False, withdrawn_at=None).count()
    first: datetime | None = kept.aggregate(first=Min("at"))["first"]
    return Evidence(
        f"{kept.count()} times posts were handed in or published, {elsewhere.count()} of them from elsewhere, each "
        f"with a reason that public affairs was shown; {confirmed} computers are confirmed as the body's.",
        kept.count(),
        first,
        reverse("work-place"),
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
        (
            _TEXTS + "test_an_elected_official_speaks_of_all_departments_and_is_bound_by_all_else",
            _ELECTED + "test_who_represents_an_elected_official_is_exempt_from_the_one_rule_on_that_channel",
            _ELECTED + "test_every_other_clause_speaks_to_them_as_to_everybody",
        ),
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
        "draft.disclosure-authorization",
        (
            _DISCLOSURES + "test_only_an_authorization_clears_a_finding_about_protected_information",
            _DISCLOSURES + "test_nothing_is_published_on_an_authorization_that_is_over",
        ),
        _disclosures,
    ),
    LiveControl(
        "grant.topics",
        (
            _AREAS + "test_a_draft_about_another_area_waits_for_who_approves_there",
            _AREAS + "test_the_department_sets_the_areas_and_the_right_shows_them",
        ),
        _areas,
    ),
    LiveControl(
        "publish.trusted-device",
        (
            _PLACES + "test_from_elsewhere_a_reason_is_asked_kept_and_shown_to_public_affairs",
            _PLACES + "test_from_a_confirmed_computer_on_the_bodys_network_nothing_is_asked",
        ),
        _places,
    ),
    LiveControl(
        "publish.confirmation",
        (
            _CONFIRMED + "test_nothing_is_published_before_each_reminder_is_confirmed",
            _CONFIRMED + "test_under_dma_the_author_answers_as_the_draft_is_handed_in",
        ),
        _confirmations,
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
        (
            _POSTS + "test_who_lost_the_right_to_speak_neither_schedules_nor_publishes",
            _POSTS + "test_under_chapter_480_a_right_without_an_approved_request_publishes_nothing",
        ),
        _grant_required,
    ),
    LiveControl(
        "grant.designated-spokesperson",
        (
            _POSTS + "test_a_department_without_a_designated_spokesperson_publishes_nothing",
            "tests/areas/test_rights.py::test_a_right_goes_from_the_department_over_the_holder_to_the_coordinator",
        ),
        _spokespersons,
    ),
    LiveControl(
        "custody.deposit-before-posting",
        (_POSTS + "test_nothing_is_scheduled_on_a_channel_without_a_log_in_in_custody",),
        _deposit_before_posting,
    ),
    LiveControl(
        "channel.integrity-watch",
        (
            _INTEGRITY + "test_a_post_that_nobody_here_published_is_an_alert_and_the_coordinators_duty",
            _INTEGRITY + "test_a_published_post_that_says_something_else_or_is_gone_is_an_alert",
            _INTEGRITY + "test_a_profile_that_changed_is_an_alert",
        ),
        _integrity,
    ),
    LiveControl(
        "definition.scope",
        (
            "tests/unit/policy/test_scope.py::test_personal_use_that_does_not_concern_the_body_falls_outside_every_rule",
            _TEXTS + "test_the_kept_check_names_what_its_scope_left_out_and_the_device",
        ),
        _scopes,
    ),
    LiveControl(
        "definition.device-neutral",
        (
            "tests/unit/policy/test_scope.py::test_the_device_changes_no_finding_of_any_pack",
            _TEXTS + "test_the_kept_check_names_what_its_scope_left_out_and_the_device",
        ),
        _devices,
    ),
)
