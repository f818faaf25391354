"""Platforms' terms and their reviews in the tables: each act with its event, its rows and its refusals."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.conf import settings

from rostrum.areas.channels import operations
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsAnswer, TermsLook, TermsProblem, TermsReview, TermsVersion
from rostrum.areas.channels.operations import terms_reviews, terms_texts
from rostrum.areas.channels.operations.terms_reviews import CONFLICT_DUTY
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.terms import Answer, ReviewState
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.governance import queries as governance_queries
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.channels import NOW, Staff, a_body, a_live_channel, a_requested_channel, a_reviewed_channel, a_staff
from tests.people import a_person, a_unit
from tests.terms import (
    ANSWERS,
    TERMS,
    accepted,
    answered,
    begun,
    keep,
    keep_both,
    read,
    reviewed,
    signed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Staff:
    """Under the guideline, whose clauses ask for the review; the body named who accepts."""
    return a_guided_staff()


def a_guided_staff() -> Staff:
    a_body("wi-best-practices", name="Agency of Examples")
    governance.set_choice(
        key="terms.accepting_roles", value=["agency_head"], reason="The head agrees", actor="system", now=NOW
    )
    return a_staff()


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


def clauses(refusal: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {reason.clause for reason in refusal.value.reasons}


def last_entry(kind: str) -> Entry:
    return Entry.objects.filter(kind=f"channels.{kind}.v1").latest("pk")


def a_problem(review: TermsReview, **overrides: Any) -> TermsProblem:
    values: dict[str, Any] = {
        "quote": "You pay our costs if somebody sues us because of you.",
        "place": "3",
        "why": "The State pays nobody's costs in advance",
        "is_deal_breaker": True,
        "actor": review.reader,
        "now": NOW,
    }
    return terms_reviews.mark_terms_problem(review_id=review.public_id, **(values | overrides))


# Texts


@pytest.mark.proves("terms.versions")
def test_each_text_is_kept_with_its_digests_and_the_same_words_make_no_new_version(staff: Staff) -> None:
    first = keep("facebook", staff.coordinator)
    assert (first.number, first.retrieved_at, first.raw_sha256) == (1, NOW, sha256(TERMS.encode()).hexdigest())
    assert LocalBlobs(settings.BLOBS_FOLDER).read(first.raw_sha256) == TERMS.encode()
    body = last_entry("terms-stored").body
    assert (body["sha256"], body["platform"], body["change"]) == (first.sha256, "facebook", "")

    page = f"<html><head><title>T</title></head><body><p>{TERMS.replace(chr(10), '</p><p>')}</p></body></html>"
    look = terms_texts.store_terms(
        platform="facebook",
        document="terms",
        content=page.encode(),
        media_type="text/html",
        route="uploaded",
        actor=staff.coordinator,
        now=NOW + timedelta(days=1),
    )

    assert (look.outcome, look.version) == (TermsLook.Outcome.SAME, first)
    assert look.raw_sha256 == sha256(page.encode()).hexdigest() != first.raw_sha256
    assert TermsVersion.objects.count() == 1
    # Another platform's terms are its own, also where the words are the same.
    other = keep("instagram", staff.coordinator)
    assert (other.number, other.sha256) == (1, first.sha256)
    second = keep("facebook", staff.coordinator, text=TERMS + "\n4. New.")
    assert (second.number, queries.newest_terms("facebook", "terms")) == (2, second)


def test_what_is_no_text_is_named_and_nothing_is_kept(staff: Staff) -> None:
    for content, why in ((b"%PDF-1.7", "no text"), (b"  \n ", "no words"), (b"x" * (5 << 20), "more than 4 MB")):
        with pytest.raises(InvalidInput, match=why):
            terms_texts.store_terms(
                platform="facebook",
                document="terms",
                content=content,
                media_type="",
                route="uploaded",
                actor=staff.coordinator,
                now=NOW,
            )
    with pytest.raises(InvalidInput, match="document"):
        keep("facebook", staff.coordinator, document="manifesto")
    with pytest.raises(InvalidInput, match="platform"):
        keep("friendster", staff.coordinator)
    assert not TermsVersion.objects.exists()


def test_a_spokesperson_keeps_no_texts_of_a_platform(staff: Staff) -> None:
    with pytest.raises(Refused) as refusal:
        keep("facebook", staff.spokesperson)
    assert codes(refusal) == ["not-the-watcher"]


# The step in a channel's life


@pytest.mark.proves("terms.review-before-use")
def test_nobody_approves_a_channel_before_its_terms_and_privacy_policy_are_reviewed(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    keep("square", staff.coordinator)
    with pytest.raises(Refused) as refusal:
        begun_without_privacy(staff, channel)
    assert (codes(refusal), "privacy policy" in str(refusal.value)) == (["no-text"], True)

    for act in (lambda: None, lambda: begun(staff, channel)):
        act()
        with pytest.raises(Refused) as refusal:
            operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
        assert (codes(refusal), clauses(refusal)) == (["terms-not-reviewed"], {"BP-3-00"})

    accepted(staff, signed(staff, read(staff, answered(staff, TermsReview.objects.get()))))
    channel.refresh_from_db()
    assert channel.state == ChannelState.REVIEWED
    assert last_entry("terms-accepted").body["review_step"] is True
    approved = operations.approve_channel(channel_id=channel.public_id, actor=staff.coordinator, now=NOW)
    assert approved.state == ChannelState.APPROVED


def begun_without_privacy(staff: Staff, channel: Channel) -> None:
    terms_reviews.begin_terms_review(channel_id=channel.public_id, reader=staff.head, actor=staff.head, now=NOW)


def test_where_no_pack_asks_for_the_review_the_refusal_says_that_it_is_our_own_step() -> None:
    a_body()
    staff = a_staff()
    with pytest.raises(Refused) as refusal:
        operations.approve_channel(channel_id=a_requested_channel(staff).public_id, actor=staff.coordinator, now=NOW)
    assert clauses(refusal) == {None}
    assert "a step of Rostrum's own" in str(refusal.value)


def test_a_request_may_be_declined_before_anybody_reads_the_terms(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    declined = operations.decline_channel(
        channel_id=channel.public_id, reason="One page is enough", actor=staff.coordinator, now=NOW
    )
    assert declined.state == ChannelState.DECLINED


# The reading


@pytest.mark.proves("terms.privacy-question")
def test_a_reading_without_an_answer_is_refused_by_the_clause_that_asks_for_it(staff: Staff) -> None:
    review = begun(staff, a_requested_channel(staff))
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    assert clauses(refusal) == {
        *("BP-3-P02", "BP-3-P03", "BP-3-P03a", "BP-3-P03b", "BP-3-P03c", "BP-3-P03d", "BP-3-P03e", "BP-3-P03f"),
        *("BP-1-04a", "BP-3-T06c", "BP-3-T06d", "BP-3-T06e", "BP-3-T06f", "BP-3-T06g", "BP-3-T06h", None),
    }
    for question, clause in (("selling", "BP-3-P03c"), ("storage-place", "BP-3-P03f")):
        answered(staff, review, answers={question: Answer("")})
        with pytest.raises(Refused) as refusal:
            read(staff, review)
        assert (codes(refusal), clauses(refusal)) == (["unanswered"], {clause})
        answered(staff, review, answers={question: Answer("yes", "Somewhere", "We rent the moon")})
        with pytest.raises(Refused) as refusal:
            read(staff, review)
        assert (codes(refusal), clauses(refusal)) == (["not-in-text"], {clause})


@pytest.mark.proves("terms.privacy-question")
def test_an_answer_keeps_the_platforms_words_and_the_reader(staff: Staff) -> None:
    review = read(staff, answered(staff, begun(staff, a_requested_channel(staff))))
    answer = TermsAnswer.objects.get(review=review, question="storage-place")
    assert Answer(answer.choice, answer.note, answer.quote, answer.place) == ANSWERS["storage-place"]
    assert (review.reader, review.read_at) == (staff.head, NOW)
    body = last_entry("terms-read").body
    assert (body["terms_sha256"], body["needs_decision"]) == (review.terms.sha256, False)
    assert "servers" not in Entry.objects.filter(kind__startswith="channels.terms").latest("pk").body_text


@pytest.mark.proves("terms.review-answer")
def test_problems_fit_and_benefits_are_answered_before_a_reading_is_complete(staff: Staff) -> None:
    review = begun(staff, a_requested_channel(staff))
    for answers, more, code, clause in (
        ({"problem-terms": Answer("")}, {}, "unanswered", "BP-3-T06c"),
        ({"problem-terms": Answer("yes")}, {}, "no-problem-listed", "BP-3-T06c"),
        ({"fit-for-purpose": Answer("yes", " ")}, {}, "no-note", "BP-3-T06d"),
        ({"benefits-and-risks": Answer("yes", "It reaches many")}, {"risks": ""}, "no-note", "BP-3-T06f"),
        ({"benefits-and-risks": Answer("", "It reaches many")}, {}, "unanswered", "BP-3-T06f"),
    ):
        answered(staff, review, answers=answers, **more)
        with pytest.raises(Refused) as refusal:
            read(staff, review)
        assert (codes(refusal), clauses(refusal)) == ([code], {clause})
    answered(staff, review)
    a_problem(review, is_deal_breaker=False)
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    assert codes(refusal) == ["problem-listed"]
    answered(staff, review, answers={"problem-terms": Answer("yes")})
    assert read(staff, review).state == ReviewState.READ


def test_answers_wait_as_a_draft_and_are_the_readers_only(staff: Staff) -> None:
    review = begun(staff, a_requested_channel(staff))
    terms_reviews.save_terms_answers(
        review_id=review.public_id, answers={"selling": Answer("no")}, actor=staff.head, now=NOW
    )
    assert last_entry("terms-answers-saved").body["answered"] == 1
    with pytest.raises(Refused) as refusal:
        terms_reviews.save_terms_answers(
            review_id=review.public_id, answers={"selling": Answer("yes")}, actor=staff.coordinator, now=NOW
        )
    assert codes(refusal) == ["not-the-reader"]
    for answers in ({"colour": Answer("red")}, {"selling": Answer("perhaps")}, {"decider": Answer("yes")}):
        with pytest.raises(InvalidInput):
            terms_reviews.save_terms_answers(review_id=review.public_id, answers=answers, actor=staff.head, now=NOW)
    assert queries.answers_of(review)["selling"].choice == "no"


@pytest.mark.proves("terms.current-version-read")
def test_only_the_newest_text_is_read_and_a_stale_one_is_marked(staff: Staff) -> None:
    review = answered(staff, begun(staff, a_requested_channel(staff)))
    with pytest.raises(Refused) as refusal:
        terms_reviews.complete_terms_reading(
            review_id=review.public_id, newest_confirmed=False, actor=staff.head, now=NOW
        )
    assert (codes(refusal), clauses(refusal)) == (["not-confirmed"], {"BP-3-T02"})
    newer = keep("square", staff.coordinator, text=TERMS.replace("You keep what", "You give us what"))
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    assert (codes(refusal), clauses(refusal)) == (["newer-text"], {"BP-3-T02"})

    terms_reviews.take_newest_terms(review_id=review.public_id, actor=staff.head, now=NOW)
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    # What was quoted stands no more, and that is found.
    assert codes(refusal) == ["not-in-text"]
    answered(staff, review, answers={"user-posts": Answer("otherwise", "Theirs", "You give us what you write.")})
    done = read(staff, review)

    assert (done.terms, last_entry("terms-read").body["terms_sha256"]) == (newer, newer.sha256)
    assert not queries.is_stale("square", "terms", now=NOW + timedelta(days=90))
    assert queries.is_stale("square", "terms", now=NOW + timedelta(days=90, seconds=1))
    terms_texts.note_terms_unchanged(
        platform="square", document="terms", actor=staff.coordinator, now=NOW + timedelta(days=91)
    )
    assert not queries.is_stale("square", "terms", now=NOW + timedelta(days=91))


def test_another_reader_may_be_named_until_somebody_has_read(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    first = begun(staff, channel)
    second = terms_reviews.begin_terms_review(
        channel_id=channel.public_id, reader=staff.public_affairs, actor=staff.coordinator, now=NOW
    )
    first.refresh_from_db()
    assert (first.state, queries.review_of(channel)) == (ReviewState.DROPPED, second)
    answered(staff, second, decider=staff.coordinator)
    read(staff, second)
    with pytest.raises(Refused) as refusal:
        begun(staff, channel)
    assert codes(refusal) == ["review-under-way"]
    stranger = a_person(Role.DEPARTMENT_HEAD, over=a_unit("police", "Police Department"))
    with pytest.raises(Refused) as refusal:
        terms_reviews.begin_terms_review(
            channel_id=a_requested_channel(staff, handle="pools").public_id,
            reader=stranger,
            actor=staff.coordinator,
            now=NOW,
        )
    assert codes(refusal) == ["reader-may-not"]


# Two signatures


@pytest.mark.proves("terms.two-sign-offs")
def test_the_reader_does_not_sign_twice(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    keep_both("square", staff.coordinator)
    officer = staff.public_affairs
    review = terms_reviews.begin_terms_review(
        channel_id=channel.public_id, reader=officer, actor=staff.coordinator, now=NOW
    )
    read(staff, answered(staff, review, decider=staff.coordinator))
    for actor, code in ((officer, "own-reading"), (staff.coordinator, "not-your-signature")):
        with pytest.raises(Refused) as refusal:
            terms_reviews.sign_terms_review(review_id=review.public_id, actor=actor, now=NOW)
        assert (codes(refusal), clauses(refusal)) == ([code], {"BP-3-T03"})
    with pytest.raises(Refused) as refusal:
        accepted(staff, review)
    assert (codes(refusal), clauses(refusal)) == (["one-signature"], {"BP-3-T03"})

    second = a_person(Role.PUBLIC_AFFAIRS, name="Quinn Affairs")
    done = terms_reviews.sign_terms_review(review_id=review.public_id, actor=second, now=NOW)

    assert (done.reader, done.signed_by, done.state) == (officer, second, ReviewState.SIGNED)


def test_the_second_person_may_give_the_review_back(staff: Staff) -> None:
    review = read(staff, answered(staff, begun(staff, a_requested_channel(staff))))
    with pytest.raises(Refused) as refusal:
        terms_reviews.return_terms_review(review_id=review.public_id, note=" ", actor=staff.public_affairs, now=NOW)
    assert codes(refusal) == ["no-note"]
    back = terms_reviews.return_terms_review(
        review_id=review.public_id, note="Look at section 3 again", actor=staff.public_affairs, now=NOW
    )
    assert (back.state, back.read_at, back.returned_note) == (ReviewState.OPEN, None, "Look at section 3 again")


# Acceptance


@pytest.mark.proves("terms.accepting-authority")
def test_only_the_named_authority_accepts_free_services_too(staff: Staff) -> None:
    review = signed(staff, read(staff, answered(staff, begun(staff, a_requested_channel(staff)))))
    for other in (staff.coordinator, staff.public_affairs, staff.head):
        with pytest.raises(Refused) as refusal:
            terms_reviews.accept_terms(review_id=review.public_id, actor=other, now=NOW)
        assert (codes(refusal), clauses(refusal)) == (["not-the-authority"], {"BP-1-04a"})
    head = a_person(Role.AGENCY_HEAD, name="Harper Head")
    done = terms_reviews.accept_terms(review_id=review.public_id, actor=head, now=NOW)
    assert (done.accepted_by, done.accepted_at) == (head, NOW)
    assert last_entry("terms-accepted").actor == head.public_id


def test_a_policy_that_names_no_accepting_authority_is_told_so() -> None:
    a_body("wi-best-practices", name="Agency of Examples")
    assert "terms-authority" in {one.content for one in governance_queries.unsaid()}
    governance.set_choice(
        key="terms.accepting_roles", value=["agency_head"], reason="The head agrees", actor="system", now=NOW
    )
    assert "terms-authority" not in {one.content for one in governance_queries.unsaid()}


@pytest.mark.proves("terms.reader-before-acceptance")
def test_nobody_accepts_what_was_not_read(staff: Staff) -> None:
    review = answered(staff, begun(staff, a_requested_channel(staff)))
    with pytest.raises(Refused) as refusal:
        accepted(staff, review)
    assert (codes(refusal), clauses(refusal)) == (["not-read"], {"BP-3-T06b"})
    assert staff.head.name in str(refusal.value)
    signed(staff, read(staff, review))
    with pytest.raises(Refused) as refusal:
        accepted(staff, review, now=NOW - timedelta(minutes=1))
    assert "not-read" in codes(refusal)
    assert accepted(staff, review).state == ReviewState.ACCEPTED


# Problems and the decision on them


@pytest.mark.proves("terms.conflict-duty")
def test_a_conflict_goes_to_the_information_officer_at_once(staff: Staff) -> None:
    review = begun(staff, a_requested_channel(staff))
    with pytest.raises(InvalidInput, match="no policy in force"):
        a_problem(review, conflicts_with="XY-1")
    with pytest.raises(InvalidInput, match="do not stand in the terms"):
        a_problem(review, quote="You owe us a cake")
    problem = a_problem(review, conflicts_with="BP-6-01")
    duty = Duty.objects.get(kind=CONFLICT_DUTY)
    assert (duty.owner_role, duty.subject, duty.clause) == (Role.PUBLIC_AFFAIRS, problem.public_id, "BP-3-T04")
    assert (problem.quote[:8], problem.conflicts_with, "BP-6-01" in duty.title) == ("You pay ", "BP-6-01", True)
    # November 28 is five days on, a Saturday, at whose end it is late.
    assert duty.due_at is not None
    assert duty.due_at.isoformat() == "2026-11-29T06:00:00+00:00"

    terms_reviews.withdraw_terms_problem(problem_id=problem.public_id, actor=staff.head, now=NOW)

    duty.refresh_from_db()
    assert duty.closed_at == NOW
    assert not queries.problems_of(review).exists()


@pytest.mark.proves("terms.conflict-decision")
def test_a_deal_breaker_holds_the_request_until_the_named_person_has_decided(staff: Staff) -> None:
    channel = a_requested_channel(staff)
    review = begun(staff, channel)
    a_problem(review, conflicts_with="BP-6-01")
    answered(staff, review, answers={"problem-terms": Answer("yes")}, decider=staff.head)
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    assert codes(refusal) == ["decider-is-reader"]
    answered(staff, review, answers={"problem-terms": Answer("yes")})
    signed(staff, read(staff, review))
    with pytest.raises(Refused) as refusal:
        accepted(staff, review)
    assert (codes(refusal), clauses(refusal)) == (["undecided"], {"BP-3-T05"})

    decide: dict[str, Any] = {"review_id": review.public_id, "reasons": "The only page residents read", "now": NOW}
    for actor in (staff.coordinator, staff.head):
        with pytest.raises(Refused) as refusal:
            terms_reviews.decide_terms_use(use="use", actor=actor, **decide)
        assert "not-the-decider" in codes(refusal)
    for use, more, code in (
        ("use", {"reasons": " "}, "no-reasons"),
        ("conditional", {"conditions": ""}, "no-conditions"),
    ):
        with pytest.raises(Refused) as refusal:
            terms_reviews.decide_terms_use(use=use, actor=staff.public_affairs, **(decide | more))
        assert codes(refusal) == [code]
    terms_reviews.decide_terms_use(use="do_not_use", actor=staff.public_affairs, **decide)
    with pytest.raises(Refused) as refusal:
        accepted(staff, review)
    assert "decided not to use" in str(refusal.value)
    assert not Duty.objects.filter(kind=CONFLICT_DUTY, closed_at=None).exists()
    later = NOW + timedelta(hours=1)
    terms_reviews.decide_terms_use(
        use="conditional", conditions="No paid posts", actor=staff.public_affairs, **(decide | {"now": later})
    )

    accepted(staff, review, now=later)

    channel.refresh_from_db()
    assert channel.state == ChannelState.REVIEWED
    review.refresh_from_db()
    decision = queries.decision_on(review)
    assert decision is not None
    assert (decision.use, decision.conditions) == ("conditional", "No paid posts")


def test_a_reader_who_advises_against_makes_a_decision_necessary(staff: Staff) -> None:
    review = answered(
        staff, begun(staff, a_requested_channel(staff)), answers={"fit-for-purpose": Answer("no", "It shows ads")}
    )
    signed(staff, read(staff, review))
    with pytest.raises(Refused) as refusal:
        accepted(staff, review)
    assert codes(refusal) == ["undecided"]


def test_with_nothing_found_there_is_nothing_to_decide(staff: Staff) -> None:
    review = read(staff, answered(staff, begun(staff, a_requested_channel(staff))))
    with pytest.raises(Refused) as refusal:
        terms_reviews.decide_terms_use(
            review_id=review.public_id, use="use", reasons="-", actor=staff.public_affairs, now=NOW
        )
    assert codes(refusal) == ["nothing-to-decide"]


# Taking a review over


def test_the_tenth_channel_costs_one_sentence_and_two_signatures(staff: Staff) -> None:
    reviewed(staff, a_requested_channel(staff))
    source = TermsReview.objects.get()
    channel = a_requested_channel(staff, handle="wausau-pools", name="Wausau Pools")
    adopt: dict[str, Any] = {
        "channel_id": channel.public_id,
        "review_id": source.public_id,
        "actor": staff.head,
        "now": NOW,
    }
    with pytest.raises(Refused) as refusal:
        terms_reviews.adopt_terms_review(fit=" ", **adopt)
    assert codes(refusal) == ["no-fit"]

    taken = terms_reviews.adopt_terms_review(fit="The same residents", **adopt)

    assert (taken.state, taken.reader, taken.terms, taken.adopted_from) == ("read", staff.head, source.terms, source)
    assert TermsAnswer.objects.count() == len(ANSWERS)
    assert queries.answers_of(taken)["selling"] == ANSWERS["selling"]
    accepted(staff, signed(staff, taken))
    channel.refresh_from_db()
    assert channel.state == ChannelState.REVIEWED


def test_a_review_of_another_platform_or_of_older_words_is_not_taken_over(staff: Staff) -> None:
    reviewed(staff, a_requested_channel(staff))
    source = TermsReview.objects.get()
    facebook = a_requested_channel(staff, platform="facebook", handle="WausauParks", name="Parks on Facebook")
    keep_both("facebook", staff.coordinator)
    pools = a_requested_channel(staff, handle="wausau-pools", name="Wausau Pools")

    def adopt(channel: Channel) -> None:
        terms_reviews.adopt_terms_review(
            channel_id=channel.public_id, review_id=source.public_id, fit="Same", actor=staff.head, now=NOW
        )

    with pytest.raises(Refused) as refusal:
        adopt(facebook)
    assert codes(refusal) == ["other-platform"]
    keep("square", staff.coordinator, text=TERMS + "\n4. We may charge you.")
    with pytest.raises(Refused) as refusal:
        adopt(pools)
    assert codes(refusal) == ["not-accepted", "newer-text"]


# Whose users' posts are


@pytest.mark.proves("custody.user-post-property")
def test_whose_users_posts_are_is_taken_from_the_accepted_review() -> None:
    a_body()
    staff = a_staff()
    channel = a_requested_channel(staff)
    review = begun(staff, channel)
    answered(staff, review, answers={"user-posts": Answer("forbidden", "Theirs", "We own everything")})
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    assert (codes(refusal), clauses(refusal)) == (["not-in-text"], {"WAU-legal-06b"})
    answered(staff, review, answers={"user-posts": Answer("open", "")})
    with pytest.raises(Refused) as refusal:
        read(staff, review)
    assert (codes(refusal), clauses(refusal)) == (["no-note"], {"WAU-legal-06b"})
    assert queries.user_posts(channel) == ("", None)

    answered(staff, review)
    accepted(staff, signed(staff, read(staff, review)))

    channel.refresh_from_db()
    assert channel.terms_on_user_posts.startswith("No: the terms give it to the users")
    assert queries.user_posts(channel) == ("otherwise", review)
    assert queries.user_posts(channel, at=NOW - timedelta(days=1)) == ("", None)
    assert last_entry("terms-accepted").body["user_posts"] == "otherwise"


def test_a_live_channel_may_be_reviewed_again_and_stays_live(staff: Staff) -> None:
    channel = a_live_channel(staff)
    again = begun(staff, channel, now=NOW + timedelta(days=1))
    accepted(
        staff,
        signed(staff, read(staff, answered(staff, again), now=NOW + timedelta(days=1)), now=NOW + timedelta(days=1)),
        now=NOW + timedelta(days=1),
    )
    channel.refresh_from_db()
    assert channel.state == ChannelState.LIVE
    assert last_entry("terms-accepted").body["review_step"] is False
    assert queries.review_in_force(channel) == again


def test_under_wausau_the_coordinator_accepts_and_the_decision_names_who_watches() -> None:
    a_body()
    staff = a_staff()
    channel = a_reviewed_channel(staff)
    review = TermsReview.objects.get()
    assert review.accepted_by == staff.coordinator
    watch = queries.terms_watch(channel.platform_id)
    assert watch is not None
    assert (watch.watcher, watch.decider) == (staff.coordinator, staff.public_affairs)


def test_an_unknown_review_is_named(staff: Staff) -> None:
    with pytest.raises(InvalidInput) as problem:
        terms_reviews.sign_terms_review(review_id="trv-none", actor=staff.public_affairs, now=NOW)
    assert problem.value.where == "review"
