"""Keeping somebody from a channel for a while: asked, agreed by a second person, done by hand, and ended.

No connector blocks anybody: a person does it on the platform, and the duty stays open until that is said.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as open_duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.moderation import events, queries, rules
from rostrum.areas.moderation.models import Block
from rostrum.areas.moderation.operations.acting import LONGEST_TEXT, locked_removal, sentence
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import InvalidInput

BLOCK_DUTY = "moderation.carry-out-block"
UNBLOCK_DUTY = "moderation.lift-block"
_LONGEST_WAY = 500


@transaction.atomic
def ask_block(*, removal_id: str, days: int, reason: str, heard_by: str, actor: User, now: datetime) -> Block:
    """Ask that the author of a removed comment be blocked for so many days; `heard_by` says how they reach the body.

    Raises `Refused` with every reason against it, first of all where no look shows that the page carried the notice
    when the comment was made (WAU-page-05a).
    """
    removal = locked_removal(removal_id)
    for where, given, longest in (("reason", reason, LONGEST_TEXT), ("heard_by", heard_by, _LONGEST_WAY)):
        if len(given) > longest or "\0" in given:
            raise InvalidInput(where, f"at most {longest} characters")
    facts = queries.block_facts(removal, days=days, reason=reason, heard_by=heard_by)
    queries.may_moderate(actor, removal.item, now=now).also(rules.decide_block(facts)).or_refuse()
    look = queries.notice_at(removal)
    block = Block.objects.create(
        removal=removal,
        channel=removal.item.channel,
        person_id=removal.poster_id,
        person_name=removal.poster,
        days=days,
        reason=reason.strip(),
        heard_by=heard_by.strip(),
        notice_check=look.check if look else "",
        asked_by=actor,
        asked_at=now,
    )
    ledger.record(
        events.BlockAsked(
            block=block.public_id,
            removal=removal.public_id,
            channel=block.channel.public_id,
            days=days,
            notice_check=block.notice_check,
        ),
        actor=actor.public_id,
        now=now,
    )
    return block


@transaction.atomic
def agree_to_block(*, block_id: str, actor: User, now: datetime) -> Block:
    """Agree as a second person: from now the days count, and blocking and unblocking are owed by the moderators.

    Raises `Refused`: the person's own, not asked for, the removal was taken back meanwhile, no notice on the page.
    """
    block = _locked(block_id)
    facts = queries.block_facts(
        block.removal, days=block.days, reason=block.reason, heard_by=block.heard_by, besides=block
    )
    (
        queries.may_moderate(actor, block.removal.item, now=now)
        .also(rules.decide_block_agreement(queries.block_standing(block, actor)))
        .also(rules.decide_block(facts))
        .or_refuse()
    )
    block.agreed_by, block.agreed_at, block.until = actor, now, now + timedelta(days=block.days)
    block.save(update_fields=["agreed_by", "agreed_at", "until"])
    ledger.record(
        events.BlockAgreed(block=block.public_id, asked_by=block.asked_by.public_id, until=instant_text(block.until)),
        actor=actor.public_id,
        now=now,
    )
    for kind, title, due_at in (
        (BLOCK_DUTY, f"Block {block.person_name[:80]} on {block.channel.name}", now + queries.decision_time()),
        (UNBLOCK_DUTY, f"End the block of {block.person_name[:80]} on {block.channel.name}", block.until),
    ):
        duties.open_duty(
            kind=kind,
            title=title,
            owner_role=Role.MODERATOR,
            due_at=due_at,
            subject=block.public_id,
            clause=facts.may_block_clause,
            clock="set by the body (local choice)",
            actor=actor.public_id,
            now=now,
        )
    return block


@transaction.atomic
def note_block_done(*, block_id: str, actor: User, now: datetime) -> Block:
    """Record that the person is blocked on the platform now. Raises `Refused`."""
    block = _locked(block_id)
    standing = queries.block_standing(block, actor)
    queries.may_moderate(actor, block.removal.item, now=now).also(rules.decide_block_done(standing)).or_refuse()
    block.done_by, block.done_at = actor, now
    block.save(update_fields=["done_by", "done_at"])
    ledger.record(events.BlockCarriedOut(block=block.public_id), actor=actor.public_id, now=now)
    _close(BLOCK_DUTY, block, actor=actor, now=now)
    return block


@transaction.atomic
def end_block(*, block_id: str, reason: str, actor: User, now: datetime) -> Block:
    """Record that a block was lifted on the platform, at its end or before, or is given up. Raises `Refused`."""
    block = _locked(block_id)
    standing = queries.block_standing(block, actor)
    queries.may_moderate(actor, block.removal.item, now=now).also(rules.decide_block_end(standing)).or_refuse()
    block.ended_reason = sentence("reason", reason, why="say why it ends")
    block.ended_by, block.ended_at = actor, now
    block.save(update_fields=["ended_by", "ended_at", "ended_reason"])
    ledger.record(
        events.BlockEnded(
            block=block.public_id,
            was_carried_out=block.done_at is not None,
            reason_digest=sha256(block.ended_reason.encode()).hexdigest(),
        ),
        actor=actor.public_id,
        now=now,
    )
    for kind in (BLOCK_DUTY, UNBLOCK_DUTY):
        _close(kind, block, actor=actor, now=now)
    return block


def _close(kind: str, block: Block, *, actor: User, now: datetime) -> None:
    for duty in open_duties.open_duties(kind=kind, subject=block.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=block.public_id, actor=actor.public_id, now=now)


def _locked(block_id: str) -> Block:
    return (
        Block.objects.select_for_update(of=("self",))
        .select_related("removal__item__channel__unit", "channel", "asked_by")
        .get(public_id=block_id)
    )
