"""The standard reply to a message that was meant as a claim or a legal notice: given and recorded, no clock started."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.moderation import events, queries, rules
from rostrum.areas.moderation.models import NoticeAnswer
from rostrum.areas.moderation.operations.acting import sentence
from rostrum.areas.people.models import User

_LONGEST_HOW = 500


@transaction.atomic
def answer_as_no_notice(*, item_id: str, was_given: bool, how: str, actor: User, now: datetime) -> NoticeAnswer:
    """Record the standard reply to a message meant as a claim or legal notice: `how` it was given, or why not.

    Opens no duty and starts no clock: the message was not served (WAU-legal-07c). Raises `Refused` (not this
    person's, the body's own post, answered already, no clause asks for it), `InvalidInput` for an empty `how`.
    """
    item = Item.objects.select_for_update(of=("self",)).select_related("channel__unit").get(public_id=item_id)
    queries.may_moderate(actor, item, now=now).also(rules.decide_notice_answer(queries.notice_facts(item))).or_refuse()
    version = archive.latest_version(item)
    answer = NoticeAnswer.objects.create(
        item=item,
        version=version,
        reply=queries.reply_to_notice(),
        was_given=was_given,
        how=sentence("how", how, why="say where the reply was given, or why it could not be", longest=_LONGEST_HOW),
        answered_by=actor,
        answered_at=now,
    )
    ledger.record(
        events.NoticeAnswered(
            answer=answer.public_id,
            item=item.public_id,
            commitment=bytes(version.commitment).hex(),
            reply_digest=sha256(answer.reply.encode()).hexdigest(),
            was_given=was_given,
        ),
        actor=actor.public_id,
        now=now,
    )
    return answer
