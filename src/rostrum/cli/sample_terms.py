"""Platforms' terms in the sample city: kept, read once for each platform, one text changed. All invented."""

from datetime import datetime

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.operations import terms_reviews, terms_texts
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules.terms import Answer
from rostrum.areas.people.models import User

_TERMS = """Terms of {name} (sample text, not the platform's own words)

1. Opening a channel on {name} is free of charge.

2. You keep what you write. You allow us to show it to everybody who comes to {name}.

3. You follow the rules of {name}: no threats, no advertising, no false names.

4. If your pages break the law, we may take them down without asking you first.

5. We may change these terms at any time. Who goes on using {name} agrees to the new ones.
"""
_PRIVACY = """Privacy on {name} (sample text, not the platform's own words)

1. We record which pages you look at and when, and forget it after thirty days.

2. We sell nothing we know about you, and no other company follows you here.

3. We give what we know to a court that asks for it.

4. Residents may choose another name at any time. There is no way to opt out of the record in section 1.

5. Everything lies in one place, on machines in Wisconsin.
"""
_CHANGED = """Privacy on {name} (sample text, not the platform's own words)

1. We record which pages you look at and when, and forget it after two years.

2. We sell nothing we know about you. Companies that advertise on {name} learn which of their notices you looked at.

3. We give what we know to a court that asks for it.

4. Residents may choose another name at any time. There is no way to opt out of the record in section 1.

5. Everything lies in one place, on machines in Wisconsin.
"""
_NAMES = {"square": "the sample square", "facebook": "Facebook"}
_ANSWERS = {
    "advertising-tracking": Answer("no", quote="no other company follows you here", place="2"),
    "access-and-disclosure": Answer("yes", quote="We give what we know to a court that asks for it.", place="3"),
    "selling": Answer("no", quote="We sell nothing we know about you", place="2"),
    "usage-recording": Answer("yes", quote="We record which pages you look at and when", place="1"),
    "opt-out": Answer("no", quote="There is no way to opt out of the record in section 1.", place="4"),
    "storage-place": Answer(
        "yes",
        "In Wisconsin",
        "Everything lies in one place, on machines in Wisconsin.",
        "5",
    ),
    "data-stewardship": Answer("yes", "Thirty days, which is enough for us", "forget it after thirty days", "1"),
    "other": Answer("no"),
    "problem-terms": Answer("yes"),
    "fit-for-purpose": Answer("yes", "Residents read and answer without paying and without a telephone number."),
    "monitoring": Answer("silent"),
    "benefits-and-risks": Answer("yes", "Residents who read no newspaper hear of the city's services there."),
    "user-posts": Answer("otherwise", "Those who post keep what they write.", "You keep what you write.", "2"),
}


def keep_texts(platform: str, actor: User, now: datetime) -> None:
    """Store the platform's two texts."""
    for document, text in (("terms", _TERMS), ("privacy", _PRIVACY)):
        _store(platform, document, text, actor, now)


def change_privacy(platform: str, actor: User, now: datetime) -> None:
    """Store a newer privacy text: who watches the platform found it changed, and somebody has to decide."""
    _store(platform, "privacy", _CHANGED, actor, now)


def _store(platform: str, document: str, text: str, actor: User, now: datetime) -> None:
    terms_texts.store_terms(
        platform=platform,
        document=document,
        content=text.format(name=_NAMES[platform]).encode(),
        media_type="text/plain",
        route="pasted",
        actor=actor,
        now=now,
    )


def review(channel: Channel, *, reader: User, coordinator: User, now: datetime) -> None:
    """Review the platform's terms for the channel: the first time question by question, then by taking that over."""
    earlier = queries.adoptable_reviews(channel)
    if earlier:
        found = terms_reviews.adopt_terms_review(
            channel_id=channel.public_id,
            review_id=earlier[0].public_id,
            fit="It serves the same residents in the same way.",
            actor=reader,
            now=now,
        )
    else:
        found = terms_reviews.begin_terms_review(
            channel_id=channel.public_id, reader=reader, actor=coordinator, now=now
        )
        terms_reviews.save_terms_answers(
            review_id=found.public_id,
            answers=_ANSWERS,
            authority=coordinator,
            watcher=coordinator,
            decider=coordinator,
            risks="A page can be taken down without the city being asked.",
            actor=reader,
            now=now,
        )
        terms_reviews.mark_terms_problem(
            review_id=found.public_id,
            quote="we may take them down without asking you first",
            place="4",
            why="Notices would be gone without warning; they stand on the city's own site too.",
            is_deal_breaker=False,
            actor=reader,
            now=now,
        )
        terms_reviews.complete_terms_reading(review_id=found.public_id, newest_confirmed=True, actor=reader, now=now)
    terms_reviews.sign_terms_review(review_id=found.public_id, actor=coordinator, now=now)
    terms_reviews.accept_terms(review_id=found.public_id, actor=coordinator, now=now)
