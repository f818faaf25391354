"""Reviews of activity, and readings of user content. One act, one transaction, one entry each."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from rostrum.areas.assurance import events
from rostrum.areas.assurance.models import ActivityReview, ContentReading, SampledItem, ShownContent
from rostrum.areas.assurance.queries import reviews as found_in
from rostrum.areas.assurance.rules import (
    Found,
    OpeningFacts,
    decide_completion,
    decide_opening,
    digest_of,
    draw,
)
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused
from rostrum.kernel.legal_days import end_of_legal_day, legal_date

DUTY = "assurance.review-activity"
SHOWN_AT_ONCE = 20


def _chosen(channel_ids: Sequence[str], actor: User, now: datetime) -> list[Channel]:
    """The channels, as far as the actor may review them. Raises `InvalidInput` for any other."""
    chosen = list(found_in.reviewable_channels(actor, now=now).filter(public_id__in=list(channel_ids)))
    if len(chosen) != len(set(channel_ids)):
        raise InvalidInput("channels", "one of these channels is not yours to review")
    return chosen


@transaction.atomic
def open_review(
    *,
    channel_ids: Sequence[str],
    from_at: datetime,
    to_at: datetime,
    wanted: int,
    every_days: int | None = None,
    follows_id: str = "",
    seed: str = "",
    actor: User,
    now: datetime,
) -> ActivityReview:
    """Open a review: once, or (`every_days`) on an interval. The product draws the sample, and keeps its seed.

    Raises `Refused` with every reason against it, `InvalidInput` for a channel that is not the actor's to review.
    """
    channels = _chosen(channel_ids, actor, now)
    follows = (
        ActivityReview.objects.select_for_update().get(public_id=follows_id, completed_at__isnull=False)
        if follows_id
        else None
    )
    items = found_in.activity_of_others(actor, channels, from_at, min(to_at, now)) if channels else None
    versions = dict(items.values_list("public_id", "version_count")) if items is not None else {}
    role = found_in.reviewing_role(actor, now=now)
    decide_opening(
        OpeningFacts(
            may_review=people.may(actor, Permission.REVIEW_ACTIVITY, now=now),
            channels=len(channels),
            from_at=from_at,
            to_at=to_at,
            now=now,
            wanted=wanted,
            population=len(versions),
            every_days=every_days,
            is_followed=follows is not None and ActivityReview.objects.filter(follows=follows).exists(),
            clause=found_in.clause_of(found_in.REVIEW),
        )
    ).or_refuse()
    seed = seed or secrets.token_hex(16)
    made = ActivityReview.objects.create(
        reviewer=actor,
        role=role or "",
        channels=sorted(channel.public_id for channel in channels),
        from_at=from_at,
        to_at=min(to_at, now),
        seed=seed,
        wanted=wanted,
        population=len(versions),
        population_digest=digest_of(versions),
        opened_at=now,
        every_days=every_days,
        follows=follows,
    )
    sample = draw(seed, versions, wanted)
    SampledItem.objects.bulk_create(
        SampledItem(review=made, position=position, item=item, version=versions[item])
        for position, item in enumerate(sample, start=1)
    )
    event = events.ReviewOpened(
        review=made.public_id,
        role=made.role,
        channels=made.channels,
        from_at=instant_text(made.from_at),
        to_at=instant_text(made.to_at),
        seed=seed,
        population=made.population,
        population_digest=made.population_digest,
        sample=sample,
        every_days=every_days or 0,
    )
    ledger.record(event, actor=actor.public_id, now=now)
    return made


@transaction.atomic
def judge_sample(
    *, review_id: str, position: int, found: str, note: str = "", actor: User, now: datetime
) -> SampledItem:
    """Record what the reviewer found in one item of the sample. Raises `Refused`, `InvalidInput`."""
    review = ActivityReview.objects.select_for_update().get(public_id=review_id)
    against = []
    if review.reviewer_id != actor.pk:
        against.append(Reason("not-reviewer", "Who opened the review looks at its sample."))
    if review.completed_at is not None:
        against.append(Reason("completed", "This review is completed already."))
    Decision(tuple(against)).or_refuse()
    if found not in tuple(Found):
        raise InvalidInput("found", f"one of {', '.join(Found)}")
    if found == Found.FINDING and not note.strip():
        raise InvalidInput("note", "say what you found")
    item = review.sample.get(position=position)
    item.found, item.note, item.found_at = found, note.strip()[:500], now
    item.save(update_fields=["found", "note", "found_at"])
    event = events.SampleJudged(review=review.public_id, item=item.item, found=found)
    ledger.record(event, actor=actor.public_id, now=now)
    return item


@transaction.atomic
def complete_review(*, review_id: str, conclusion: str, actor: User, now: datetime) -> ActivityReview:
    """Complete the review. On an interval, the next one becomes a duty; the one before it is done with this.

    Raises `Refused` with every reason against it.
    """
    review = ActivityReview.objects.select_for_update().get(public_id=review_id)
    facts = found_in.completion_facts(review, conclusion=conclusion, actor=actor)
    decide_completion(facts).or_refuse()
    review.completed_at, review.conclusion = now, conclusion.strip()
    review.save(update_fields=["completed_at", "conclusion"])
    event = events.ReviewCompleted(
        review=review.public_id,
        findings=sum(1 for one in facts.findings if one == Found.FINDING),
        conclusion_digest=hashlib.sha256(review.conclusion.encode()).hexdigest(),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    if review.follows is not None:
        _close(review.follows, evidence=review.public_id, actor=actor, now=now)
    if review.every_days:
        last = legal_date(now, settings.LEGAL_TIME_ZONE) + timedelta(days=review.every_days)
        duties.open_duty(
            kind=DUTY,
            title="Review the activity on official channels again",
            owner_role=review.role,
            owner=actor,
            due_at=end_of_legal_day(last, settings.LEGAL_TIME_ZONE),
            subject=review.public_id,
            clause=facts.clause,
            clock=f"P{review.every_days}D",
            actor=actor.public_id,
            now=now,
        )
    return review


def _close(review: ActivityReview, *, evidence: str, actor: User, now: datetime) -> None:
    if duty_queries.open_duties(kind=DUTY, subject=review.public_id).exists():
        duties.close_duty(kind=DUTY, subject=review.public_id, evidence=evidence, actor=actor.public_id, now=now)


@transaction.atomic
def end_review_interval(*, review_id: str, reason: str, actor: User, now: datetime) -> ActivityReview:
    """Repeat the reviews no more, with the reason. Raises `Refused`, `InvalidInput`."""
    people.may(actor, Permission.REVIEW_ACTIVITY, now=now).or_refuse()
    if not reason.strip():
        raise InvalidInput("reason", "say why they are repeated no more")
    review = ActivityReview.objects.select_for_update().get(public_id=review_id)
    if not review.every_days or review.interval_ended_at is not None or hasattr(review, "followed_by"):
        raise Refused.because("no-interval", "No review is to follow this one.")
    review.interval_ended_at = now
    review.save(update_fields=["interval_ended_at"])
    event = events.ReviewIntervalEnded(review=review.public_id, reason=reason.strip()[:300])
    ledger.record(event, actor=actor.public_id, now=now)
    _close(review, evidence=f"{review.public_id}: repeated no more", actor=actor, now=now)
    return review


@transaction.atomic
def open_reading(
    *, purpose: str, channel_ids: Sequence[str], from_at: datetime, to_at: datetime, actor: User, now: datetime
) -> ContentReading:
    """Begin to read what users wrote, for a purpose. Raises `Refused`, `InvalidInput`."""
    people.may(actor, Permission.REVIEW_ACTIVITY, now=now).or_refuse()
    if not purpose.strip():
        clause = found_in.clause_of(found_in.USER_CONTENT)
        raise Refused.because("no-purpose", "Say why you read it.", clause or None)
    if from_at >= to_at:
        raise InvalidInput("to_on", "the time ends before it begins")
    channels = _chosen(channel_ids, actor, now)
    if not channels:
        raise InvalidInput("channels", "choose at least one channel")
    made = ContentReading.objects.create(
        person=actor,
        purpose=purpose.strip()[:500],
        channels=sorted(channel.public_id for channel in channels),
        from_at=from_at,
        to_at=to_at,
        started_at=now,
    )
    event = events.ContentReadingOpened(
        reading=made.public_id,
        purpose=made.purpose,
        channels=made.channels,
        from_at=instant_text(from_at),
        to_at=instant_text(to_at),
    )
    ledger.record(event, actor=actor.public_id, now=now)
    return made


def _own_open_reading(reading_id: str, actor: User) -> ContentReading:
    reading = ContentReading.objects.select_for_update().get(public_id=reading_id)
    against = []
    if reading.person_id != actor.pk:
        against.append(Reason("not-yours", "A session is of the person who opened it."))
    if reading.ended_at is not None:
        against.append(Reason("ended", "This session is over: open another, with its purpose."))
    Decision(tuple(against)).or_refuse()
    return reading


@transaction.atomic
def show_user_content(*, reading_id: str, actor: User, now: datetime) -> int:
    """Log the next items and so let the page show them; returns how many there were. Raises `Refused`."""
    reading = _own_open_reading(reading_id, actor)
    channels = _chosen(reading.channels, actor, now)
    seen = reading.shown.values("item")
    items = found_in.user_content(channels, reading.from_at, reading.to_at).exclude(public_id__in=seen)
    chosen = list(items.values_list("public_id", "version_count")[:SHOWN_AT_ONCE])
    if not chosen:
        return 0
    ShownContent.objects.bulk_create(
        ShownContent(reading=reading, item=item, version=version, shown_at=now) for item, version in chosen
    )
    event = events.UserContentShown(reading=reading.public_id, items=[item for item, _ in chosen])
    ledger.record(event, actor=actor.public_id, now=now)
    return len(chosen)


@transaction.atomic
def end_reading(*, reading_id: str, actor: User, now: datetime) -> ContentReading:
    """End the session; nothing more is shown in it. Raises `Refused`."""
    reading = _own_open_reading(reading_id, actor)
    reading.ended_at = now
    reading.save(update_fields=["ended_at"])
    event = events.ContentReadingEnded(reading=reading.public_id, items=reading.shown.count())
    ledger.record(event, actor=actor.public_id, now=now)
    return reading
