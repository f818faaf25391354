"""What tests about platforms' terms start from: texts that are kept, answers, a review at any point of its life."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsReview, TermsVersion
from rostrum.areas.channels.operations import terms_reviews, terms_texts
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules.terms import Answer
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import DocumentKind
from rostrum.areas.people.models import User
from tests.people import a_person

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
TERMS = """Terms of the square

1. You keep what you write. We may show it to others.
2. You agree to watch over what is written on your pages.
3. You pay our costs if somebody sues us because of you.
"""
PRIVACY = """Privacy on the square

1. We record which pages you look at, and keep that for a year on servers in Wisconsin.
2. We sell nothing, and no other company follows you here.
3. We give what we know to a court that asks for it. You cannot opt out.
"""
ANSWERS: Mapping[str, Answer] = {
    "advertising-tracking": Answer("no", quote="no other company follows you here", place="2"),
    "access-and-disclosure": Answer("yes", quote="We give what we know to a court that asks for it.", place="3"),
    "selling": Answer("no", quote="We sell nothing", place="2"),
    "usage-recording": Answer("yes", quote="We record which pages you look at", place="1"),
    "opt-out": Answer("no", quote="You cannot opt out.", place="3"),
    "storage-place": Answer("yes", "Wisconsin", "on servers in Wisconsin", "1"),
    "data-stewardship": Answer("yes", "A year, which fits our schedule", "keep that for a year", "1"),
    "other": Answer("no"),
    "problem-terms": Answer("no"),
    "fit-for-purpose": Answer("yes", "Residents read it without signing in"),
    "monitoring": Answer("no"),
    "benefits-and-risks": Answer("yes", "It reaches residents who read no newspaper"),
    "user-posts": Answer("otherwise", "The users keep what they write", "You keep what you write.", "1"),
}


class TermsStaff(Protocol):
    """The persons a review needs (see `tests.channels.Staff`)."""

    head: User
    coordinator: User
    public_affairs: User


def keep(platform: str, actor: User, document: str = "terms", text: str = TERMS, now: datetime = NOW) -> TermsVersion:
    """Store a text as pasted; returns the version that is the newest then."""
    look = terms_texts.store_terms(
        platform=platform,
        document=document,
        content=text.encode(),
        media_type="text/plain",
        route="pasted",
        actor=actor,
        now=now,
    )
    assert look.version is not None
    return look.version


def keep_both(platform: str, actor: User, now: datetime = NOW) -> None:
    """Store both texts a review reads, unless they are kept already."""
    for document, text in ((DocumentKind.TERMS, TERMS), (DocumentKind.PRIVACY, PRIVACY)):
        if queries.newest_terms(platform, document) is None:
            keep(platform, actor, document, text, now)


def begun(staff: TermsStaff, channel: Channel, *, now: datetime = NOW) -> TermsReview:
    """A review that the department's head, who asked for the channel, is to read."""
    keep_both(channel.platform_id, staff.coordinator, now)
    return terms_reviews.begin_terms_review(
        channel_id=channel.public_id, reader=staff.head, actor=staff.coordinator, now=now
    )


def answered(
    staff: TermsStaff,
    review: TermsReview,
    *,
    now: datetime = NOW,
    answers: Mapping[str, Answer] | None = None,
    **more: Any,
) -> TermsReview:
    """The review with every question answered, nothing found against the platform."""
    values = {
        "authority": staff.coordinator,
        "watcher": staff.coordinator,
        "decider": staff.public_affairs,
        "risks": "Costs, if somebody sues",
    } | more
    return terms_reviews.save_terms_answers(
        review_id=review.public_id, answers={**ANSWERS, **(answers or {})}, actor=review.reader, now=now, **values
    )


def read(staff: TermsStaff, review: TermsReview, *, now: datetime = NOW) -> TermsReview:
    """The reading completed."""
    return terms_reviews.complete_terms_reading(
        review_id=review.public_id, newest_confirmed=True, actor=review.reader, now=now
    )


def signed(staff: TermsStaff, review: TermsReview, *, now: datetime = NOW) -> TermsReview:
    """The second signature given."""
    return terms_reviews.sign_terms_review(review_id=review.public_id, actor=staff.public_affairs, now=now)


def authority(now: datetime = NOW) -> User:
    """Somebody who may agree to terms under the packs in force."""
    role = choices.accepting_roles()[0]
    from rostrum.areas.people import queries as people

    return people.persons_with(role, now=now).first() or a_person(role)


def accepted(staff: TermsStaff, review: TermsReview, *, now: datetime = NOW) -> TermsReview:
    """The terms accepted by the authority."""
    return terms_reviews.accept_terms(review_id=review.public_id, actor=authority(now), now=now)


def reviewed(staff: TermsStaff, channel: Channel, *, now: datetime = NOW) -> Channel:
    """The channel after the whole review of its platform's terms; an earlier one of the same texts is taken over."""
    keep_both(channel.platform_id, staff.coordinator, now)
    earlier = queries.adoptable_reviews(channel)
    if earlier:
        review = terms_reviews.adopt_terms_review(
            channel_id=channel.public_id,
            review_id=earlier[0].public_id,
            fit="Residents read it without signing in",
            actor=staff.head,
            now=now,
        )
    else:
        review = read(staff, answered(staff, begun(staff, channel, now=now), now=now), now=now)
    accepted(staff, signed(staff, review, now=now), now=now)
    channel.refresh_from_db()
    return channel
