"""What the worker does about reviews of rights: begin them, let them lapse openly, tell whom it concerns.

Kinds: ``channels.tend-reviews`` {} (hourly), ``channels.tell-review`` {review, step}.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from rostrum.areas.channels.models import RightsReview
from rostrum.areas.channels.operations import reviews as operations
from rostrum.areas.channels.queries import reviews as queries
from rostrum.areas.channels.rules.reviews import ReviewStep
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import operations as people
from rostrum.areas.people import queries as people_queries
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.mail import mailer
from rostrum.kernel.legal_days import day_ending_at

_SUBJECTS = {
    ReviewStep.LAPSE: "The review of who may act on channels is late: {unit}",
    ReviewStep.ESCALATE: "Still not reviewed: who may act on the channels of {unit}",
    ReviewStep.SUSPEND: "Rights on channels are suspended: {unit}",
}


def tend_reviews(args: dict[str, Any], *, now: datetime) -> None:
    """Begin the reviews whose time has come, and do what time asks of those under way."""
    del args
    if governance.activation() is None:
        return
    operations.begin_due_reviews(actor=people.SYSTEM, now=now)
    for review in queries.open_reviews():
        operations.tend_review(review_id=review.public_id, actor=people.SYSTEM, now=now)


def tell_review(args: dict[str, Any], *, now: datetime) -> None:
    """Mail the holders concerned, the department's heads, the coordinator, and (later) the appointing authority."""
    review = RightsReview.objects.select_related("unit").get(public_id=args["review"])
    step = ReviewStep(args["step"])
    left = queries.undecided(review, now=now)
    if not left or review.suspend_at is None:
        return
    by = _after(review.suspend_at)
    about = f"on the channels of {review.unit.name}, {len(left)} {'right is' if len(left) == 1 else 'rights are'}"
    words = (
        f"From now on, {about} suspended, because nobody confirmed them. Each is in force again once it is kept."
        if step is ReviewStep.SUSPEND
        else f"Today, {about} not confirmed yet. What is not confirmed is suspended {by}."
    )
    text = f"{words}\n\nThe review is under Channels, Rights on channels. Nothing was ended.\n"
    subject = _SUBJECTS[step].format(unit=review.unit.name)
    for person in _concerned(review, step, {grant.person_id for grant in left}, now):
        mailer(settings.MAIL_SERVER, settings.MAIL_FROM).send(person.email, subject, f"{person.name},\n\n{text}")


def _after(at: datetime) -> str:
    if (last := day_ending_at(at, settings.LEGAL_TIME_ZONE)) is not None:
        return f"after {last:%B} {last.day}, {last.year}"
    return at.astimezone(ZoneInfo(settings.LEGAL_TIME_ZONE)).strftime("on %B %d, %Y, %H:%M")


def _concerned(review: RightsReview, step: ReviewStep, holders: set[int], now: datetime) -> list[User]:
    roles = [Role.COORDINATOR] + ([Role.AGENCY_HEAD] if step is not ReviewStep.LAPSE else [])
    concerned = {person.pk: person for person in people_queries.persons_present(now=now).filter(pk__in=holders)}
    for person in people_queries.persons_with(Role.DEPARTMENT_HEAD, unit=review.unit, now=now):
        concerned[person.pk] = person
    for role in roles:
        concerned |= {person.pk: person for person in people_queries.persons_with(role, now=now)}
    return sorted(concerned.values(), key=lambda person: person.email)
