"""The controls about platforms' terms and privacy policies, and what shows that they act."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import (
    CookieDecision,
    TermsAnswer,
    TermsChange,
    TermsDecision,
    TermsLook,
    TermsReading,
    TermsReview,
    TermsSource,
    TermsVersion,
    TermsWatch,
)
from rostrum.areas.channels.operations.terms_changes import CHANGE_DUTY, READ_DUTY
from rostrum.areas.channels.operations.terms_duties import COOKIE_DUTY, USE_DUTY
from rostrum.areas.channels.operations.terms_reviews import CONFLICT_DUTY
from rostrum.areas.channels.operations.terms_texts import WATCH_DUTY
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import PRIVACY_QUESTIONS, PROPERTIES
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger.models import Entry
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_terms.py::"
_CHANGES = "tests/areas/test_terms_changes.py::"


def _answer(summary: str, count: int, since: datetime | None) -> Evidence:
    return Evidence(summary, count, since, reverse("terms"))


def _since(rows: QuerySet[Any], field: str) -> datetime | None:
    first: datetime | None = rows.aggregate(first=Min(field))["first"]
    return first


def _accepted() -> QuerySet[TermsReview]:
    return TermsReview.objects.filter(accepted_at__isnull=False)


def _before_use() -> Evidence:
    approved = Channel.objects.filter(approved_at__isnull=False)
    reviewed = approved.filter(
        terms_reviews__accepted_at__isnull=False, terms_reviews__accepted_at__lte=F("approved_at")
    ).distinct()
    return _answer(
        f"{reviewed.count()} of {approved.count()} approved channels had both texts of their platform reviewed and "
        "accepted before the approval.",
        reviewed.count(),
        _since(_accepted(), "accepted_at"),
    )


def _privacy() -> Evidence:
    answers = TermsAnswer.objects.filter(question__in=[one.id for one in PRIVACY_QUESTIONS]).exclude(choice="")
    quoted = answers.exclude(quote="").count()
    read = TermsReview.objects.filter(read_at__isnull=False)
    return _answer(
        f"{answers.count()} answers about privacy policies, {quoted} with the platform's own words; "
        f"{read.count()} readings are complete.",
        answers.count(),
        _since(read, "read_at"),
    )


def _what_matters() -> Evidence:
    asked = ("problem-terms", "fit-for-purpose", "benefits-and-risks")
    read = TermsReview.objects.filter(read_at__isnull=False)
    answers = TermsAnswer.objects.filter(question__in=asked, review__in=read).exclude(choice="")
    against = answers.filter(Q(question="problem-terms", choice="yes") | Q(question__in=asked[1:], choice="no")).count()
    return _answer(
        f"{answers.count()} answers on problems, fit and benefits in {read.count()} complete readings; "
        f"{against} speak against the platform.",
        answers.count(),
        _since(read, "read_at"),
    )


def _newest_read() -> Evidence:
    read = Entry.objects.filter(kind="channels.terms-read.v1")
    readings = TermsReading.objects.all()
    owed = Duty.objects.filter(kind=READ_DUTY, closed_at=None).count()
    first = read.order_by("pk").first()
    return _answer(
        f"{read.count()} readers confirmed the newest text; {readings.count()} confirmations by those who post, "
        f"{owed} owed.",
        read.count() + readings.count(),
        min(filter(None, (first.at if first else None, _since(readings, "read_at"))), default=None),
    )


def _two_signatures() -> Evidence:
    signed = TermsReview.objects.filter(signed_at__isnull=False)
    own = signed.filter(signed_by=F("reader")).count()
    return _answer(
        f"{signed.count()} reviews were signed by a second person, {own} of them by their reader.",
        signed.count(),
        _since(signed, "signed_at"),
    )


def _authority() -> Evidence:
    accepted = _accepted()
    named = choices.titles(choices.accepting_roles()) if governance.activation() else "nobody yet"
    persons = accepted.values("accepted_by").distinct().count()
    return _answer(
        f"Terms were accepted {accepted.count()} times, by {persons} persons; it is for: {named}.",
        accepted.count(),
        _since(accepted, "accepted_at"),
    )


def _read_first() -> Evidence:
    accepted = _accepted()
    late = accepted.filter(Q(read_at__isnull=True) | Q(read_at__gt=F("accepted_at"))).count()
    return _answer(
        f"{accepted.count()} acceptances, {late} of them without an earlier reading by the person named.",
        accepted.count(),
        _since(accepted, "accepted_at"),
    )


def _versions() -> Evidence:
    kept = TermsVersion.objects.all()
    platforms = kept.values("platform").distinct().count()
    return _answer(
        f"{kept.count()} texts of {platforms} platforms are kept, each with its SHA-256 and when it was retrieved.",
        kept.count(),
        _since(kept, "retrieved_at"),
    )


def _duties(kind: str, what: str) -> Evidence:
    owed = Duty.objects.filter(kind=kind)
    closed = owed.filter(closed_at__isnull=False).count()
    return _answer(f"{owed.count()} {what}, {closed} closed by what was done.", owed.count(), _since(owed, "opened_at"))


def _conflict_duty() -> Evidence:
    return _duties(CONFLICT_DUTY, "conflicts of terms and policy were put to the information officer")


def _conflict_decision() -> Evidence:
    decided = TermsDecision.objects.filter(review__isnull=False)
    against = decided.filter(use="do_not_use").count()
    return _answer(
        f"{decided.count()} decisions on the use of a platform with reasons, {against} against it.",
        decided.count(),
        _since(decided, "decided_at"),
    )


def _monitoring() -> Evidence:
    return _duties(USE_DUTY, "looks at how channels are used were owed")


def _watching() -> Evidence:
    looks = TermsLook.objects.exclude(outcome=TermsLook.Outcome.FAILED)
    changes = TermsChange.objects.count()
    owed = Duty.objects.filter(kind=WATCH_DUTY, closed_at=None).count()
    return _answer(
        f"{TermsWatch.objects.count()} platforms are watched by a named person; {looks.count()} looks, {changes} "
        f"changes that reopened reviews, {owed} looks owed.",
        looks.count(),
        _since(looks, "looked_at"),
    )


def _deciding() -> Evidence:
    decided = TermsDecision.objects.filter(change__isnull=False)
    undecided = TermsChange.objects.filter(use="").count()
    closed = Duty.objects.filter(kind=CHANGE_DUTY, closed_at__isnull=False).count()
    return _answer(
        f"{decided.count()} decisions on changed terms by the person named, {undecided} undecided; {closed} duties "
        "closed by a decision.",
        decided.count(),
        _since(decided, "decided_at"),
    )


def _cookies() -> Evidence:
    said = queries.cookie_use()
    decided = CookieDecision.objects.count()
    owed = Duty.objects.filter(kind=COOKIE_DUTY)
    words = "nobody has said yet" if said is None else "it does" if said.uses_cookies else "it does not"
    return _answer(
        f"Whether the body's site uses persistent cookies: {words}. {decided} decisions of the information officer.",
        decided,
        _since(owed, "opened_at"),
    )


def _venue_rules() -> Evidence:
    sources = TermsSource.objects.exclude(address="")
    platforms = sources.values("platform").distinct().count()
    first = Entry.objects.filter(kind="channels.terms-address-set.v1").order_by("pk").first()
    return _answer(
        f"Beside every draft stand the rules of its platforms; {platforms} platforms have their own address entered.",
        platforms,
        first.at if first else None,
    )


def _user_posts() -> Evidence:
    accepted = _accepted()
    answers = TermsAnswer.objects.filter(question="user-posts").exclude(choice="")
    counted = ", ".join(
        f"{answers.filter(choice=code).count()} × {words.partition(':')[0].lower()}"
        for code, words in PROPERTIES.items()
    )
    return _answer(
        f"Whether users' posts may be the body's property, as the reviews found: {counted}.",
        accepted.count(),
        _since(accepted, "accepted_at"),
    )


def _control(id: str, evidence: Callable[[], Evidence], *tests: str) -> LiveControl:
    return LiveControl(id, tests, evidence)


CONTROLS: tuple[LiveControl, ...] = (
    _control(
        "terms.review-before-use",
        _before_use,
        f"{_TESTS}test_nobody_approves_a_channel_before_its_terms_and_privacy_policy_are_reviewed",
    ),
    _control(
        "terms.privacy-question",
        _privacy,
        f"{_TESTS}test_a_reading_without_an_answer_is_refused_by_the_clause_that_asks_for_it",
        f"{_TESTS}test_an_answer_keeps_the_platforms_words_and_the_reader",
    ),
    _control(
        "terms.review-answer",
        _what_matters,
        f"{_TESTS}test_problems_fit_and_benefits_are_answered_before_a_reading_is_complete",
    ),
    _control(
        "terms.current-version-read",
        _newest_read,
        f"{_TESTS}test_only_the_newest_text_is_read_and_a_stale_one_is_marked",
        f"{_CHANGES}test_under_dma_those_who_post_read_each_new_version_and_confirm_it",
    ),
    _control("terms.two-sign-offs", _two_signatures, f"{_TESTS}test_the_reader_does_not_sign_twice"),
    _control(
        "terms.accepting-authority", _authority, f"{_TESTS}test_only_the_named_authority_accepts_free_services_too"
    ),
    _control("terms.reader-before-acceptance", _read_first, f"{_TESTS}test_nobody_accepts_what_was_not_read"),
    _control(
        "terms.versions",
        _versions,
        f"{_TESTS}test_each_text_is_kept_with_its_digests_and_the_same_words_make_no_new_version",
    ),
    _control("terms.conflict-duty", _conflict_duty, f"{_TESTS}test_a_conflict_goes_to_the_information_officer_at_once"),
    _control(
        "terms.conflict-decision",
        _conflict_decision,
        f"{_TESTS}test_a_deal_breaker_holds_the_request_until_the_named_person_has_decided",
    ),
    _control(
        "terms.monitoring-duty", _monitoring, f"{_CHANGES}test_terms_that_oblige_to_watch_open_a_duty_that_returns"
    ),
    _control("terms.amendment-watch", _watching, f"{_CHANGES}test_the_watcher_owes_a_look_that_each_look_renews"),
    _control("terms.amendment-decider", _deciding, f"{_CHANGES}test_only_the_named_person_decides_about_a_change"),
    _control("terms.cookie-review", _cookies, f"{_CHANGES}test_cookies_of_our_own_site_are_gone_over_by_the_officer"),
    _control(
        "terms.venue-rules-shown",
        _venue_rules,
        "tests/web/test_terms_pages.py::test_the_venues_rules_stand_beside_the_draft",
    ),
    _control(
        "custody.user-post-property",
        _user_posts,
        f"{_TESTS}test_whose_users_posts_are_is_taken_from_the_accepted_review",
    ),
)
