"""What people say of an Item: that the site placed it, and whether its words concern the body's business."""

from datetime import datetime, timedelta

from django.db import transaction

from rostrum.areas.archive import events, queries
from rostrum.areas.archive.models import Advertising, SubstanceQuestion, Version
from rostrum.areas.archive.models import Item as ItemRow
from rostrum.areas.archive.rules import (
    Whose,
    decide_advertising,
    decide_advertising_back,
    decide_substance,
    decide_substance_question,
)
from rostrum.areas.channels import pack
from rostrum.areas.duties import operations as duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

SUBSTANCE_DUTY = "archive.judge-substance"
# The policies name no time; a question that waits longer holds up whoever asked.
ANSWERED_WITHIN = timedelta(days=5)
_LONGEST = 500


@transaction.atomic
def set_advertising_apart(*, item_id: str, whose: str, reason: str, actor: User, now: datetime) -> Advertising:
    """Say that an Item is advertising or a link of the site's owner, a vendor or a partner: not the body's content.

    It stays stored and found, is not counted as the body's, and cannot be moderated. Raises `Refused` (the body's own,
    a message, no clause lets it, no reason) and `InvalidInput` (whose).
    """
    if whose not in list(Whose):
        raise InvalidInput("whose", f"one of {', '.join(Whose)}")
    item = _locked(item_id)
    decide_advertising(queries.advertising_facts(item, reason=reason, actor=actor, now=now)).or_refuse()
    apart = Advertising.objects.create(
        item=item, whose=whose, reason=reason.strip()[:_LONGEST], set_by=actor, set_at=now
    )
    ledger.record(
        events.AdvertisingSetApart(
            item=item.public_id,
            channel=item.channel.public_id,
            whose=whose,
            reason=apart.reason,
            clause=queries.advertising_clause(),
        ),
        actor=actor.public_id,
        now=now,
    )
    return apart


@transaction.atomic
def take_advertising_back(*, item_id: str, actor: User, now: datetime) -> ItemRow:
    """Count an Item that was set apart as content again. Raises `Refused`: it is not apart, not this person's."""
    item = _locked(item_id)
    apart = Advertising.objects.filter(item=item, taken_back_at=None).first()
    decide_advertising_back(
        may_capture=queries.kept_by(actor, now=now).filter(pk=item.channel_id).exists(), is_apart=apart is not None
    ).or_refuse()
    Advertising.objects.filter(item=item, taken_back_at=None).update(taken_back_at=now)
    ledger.record(
        events.AdvertisingTakenBack(item=item.public_id, channel=item.channel.public_id),
        actor=actor.public_id,
        now=now,
    )
    return item


@transaction.atomic
def ask_about_substance(*, item_id: str, why: str, actor: User, now: datetime) -> SubstanceQuestion:
    """Ask the records custodian whether the latest words of an Item concern the body's business.

    Opens a duty that names neither who posted it nor where. Raises `Refused`: no words, asked already, no reason.
    """
    item = _locked(item_id)
    version = queries.latest_version(item)
    decide_substance_question(
        has_text=bool(version.text.strip()),
        is_open=SubstanceQuestion.objects.filter(version=version, is_related=None).exists(),
        why=why,
    ).or_refuse()
    question = SubstanceQuestion(version=version, why=why.strip()[:_LONGEST], asked_by=actor, asked_at=now)
    duty = duties.open_duty(
        kind=SUBSTANCE_DUTY,
        title="Say whether a text concerns the body's business",
        owner_role=Role.RECORDS_CUSTODIAN,
        due_at=now + ANSWERED_WITHIN,
        subject=question.public_id,
        clause=pack.clauses().get("record.substance-only", ""),
        actor=actor.public_id,
        now=now,
    )
    question.save()
    ledger.record(
        events.SubstanceAsked(
            question=question.public_id,
            item=item.public_id,
            version=version.number,
            why=question.why,
            duty=duty.public_id,
        ),
        actor=actor.public_id,
        now=now,
    )
    return question


@transaction.atomic
def decide_on_substance(
    *, question_id: str, is_related: bool, reason: str, actor: User, now: datetime
) -> SubstanceQuestion:
    """Answer, on the words alone, whether they concern the body's business, with the reason.

    Raises `Refused`: not a custodian, who asked or wrote it, answered already, no reason.
    """
    question = (
        SubstanceQuestion.objects.select_for_update(of=("self",))
        .select_related("version__item", "asked_by")
        .get(public_id=question_id)
    )
    decide_substance(queries.substance_facts(question, reason=reason, actor=actor, now=now)).or_refuse()
    question.is_related, question.reason = is_related, reason.strip()[: 2 * _LONGEST]
    question.decided_by, question.decided_at = actor, now
    question.save(update_fields=["is_related", "reason", "decided_by", "decided_at"])
    version: Version = question.version
    entry = ledger.record(
        events.SubstanceDecided(
            question=question.public_id,
            item=version.item.public_id,
            version=version.number,
            is_related=is_related,
            reason=question.reason,
            clause=pack.clauses().get("record.substance-only", ""),
        ),
        actor=actor.public_id,
        now=now,
    )
    duties.close_duty(
        kind=SUBSTANCE_DUTY, subject=question.public_id, evidence=entry.public_id, actor=actor.public_id, now=now
    )
    return question


def _locked(item_id: str) -> ItemRow:
    return ItemRow.objects.select_for_update(of=("self",)).select_related("channel__unit").get(public_id=item_id)
