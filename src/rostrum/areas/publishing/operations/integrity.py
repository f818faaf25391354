"""Holding a channel's page against the record: alerts on what nobody here did, and a person's word on each."""

from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as open_duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import events, pack
from rostrum.areas.publishing.models import IntegrityAlert, IntegrityWatch
from rostrum.areas.publishing.queries import integrity as reads
from rostrum.areas.publishing.rules.integrity import AlertKind, Verdict, compared, decide_answer
from rostrum.kernel.decisions import InvalidInput

INTEGRITY_DUTY = "publishing.integrity-alert"
_CONTROL = "channel.integrity-watch"
_LONGEST_EXPLANATION = 1000


@transaction.atomic
def watch_channel(*, channel_id: str, actor: str, now: datetime) -> int:
    """Hold a channel's page against the record; each unexplained change or unknown post is an alert, and one duty.

    Nothing is done where no clause in force asks for it. Returns how many alerts were raised; running it again raises
    none twice. A post whose receipt is still awaited is compared at a later run.
    """
    if not pack.clause(_CONTROL):
        return 0
    # Locked, so that two runs do not raise the same alert.
    channel = Channel.objects.select_for_update().get(public_id=channel_id)
    watch, _ = IntegrityWatch.objects.get_or_create(channel=channel, defaults={"first_at": now, "last_at": now})
    newest, raised, waiting = reads.newest_capture(channel), 0, []
    for post in reads.posts_to_compare(channel, watch):
        result = compared(post.standing)
        watch.compared += 1
        if result.must_wait:
            waiting.append(post.capture)
        for kind in result.alerts:
            mark = {
                AlertKind.UNKNOWN_POST: "",
                AlertKind.CHANGED_POST: str(post.version),
                AlertKind.VANISHED_POST: instant_text(post.item.state_since),
            }[kind]
            raised += _raise(channel, kind, post.item.public_id, mark, actor=actor, now=now)
    changes, watch.check_seen = reads.profile_changes(channel, watch)
    for check in changes:
        raised += _raise(channel, AlertKind.CHANGED_PROFILE, check.public_id, check.profile, actor=actor, now=now)
    watch.capture_seen = min((newest, *(capture - 1 for capture in waiting)))
    watch.gone_seen_at = channel.items.order_by("-state_since").values_list("state_since", flat=True).first()
    watch.runs, watch.last_at = watch.runs + 1, now
    watch.save()
    if raised:
        _owe(channel, actor=actor, now=now)
    return raised


def _raise(channel: Channel, kind: AlertKind, subject: str, mark: str, *, actor: str, now: datetime) -> int:
    alert, is_new = IntegrityAlert.objects.get_or_create(
        kind=kind, subject=subject, mark=mark, defaults={"channel": channel, "found_at": now}
    )
    if not is_new:
        return 0
    ledger.record(
        events.IntegrityAlertRaised(
            alert=alert.public_id, channel=channel.public_id, alert_kind=kind, subject=subject, mark=mark
        ),
        actor=actor,
        now=now,
    )
    return 1


def _owe(channel: Channel, *, actor: str, now: datetime) -> None:
    duties.open_duty(
        kind=INTEGRITY_DUTY,
        title=f"Something on {channel.name} was not done from here: say what it is",
        owner_role=Role.COORDINATOR,
        due_at=now + timedelta(hours=pack.attention_hours()),
        subject=channel.public_id,
        clause=pack.clause(_CONTROL),
        clock="hours set by the body (local choice)",
        actor=actor,
        now=now,
    )


@transaction.atomic
def answer_alert(*, alert_id: str, verdict: str, explanation: str, actor: User, now: datetime) -> IntegrityAlert:
    """Say what an alert was: ours (who did it, and why), or not ours (what was done about it).

    The duty closes with the last open alert of the channel. Raises `Refused`, or `InvalidInput` for another verdict
    or a text that is too long.
    """
    if verdict not in tuple(Verdict):
        raise InvalidInput("verdict", f"is one of {', '.join(Verdict)}")
    if len(explanation) > _LONGEST_EXPLANATION or "\0" in explanation:
        raise InvalidInput("explanation", f"at most {_LONGEST_EXPLANATION} characters")
    alert = (
        IntegrityAlert.objects.select_for_update(of=("self",)).select_related("channel__unit").get(public_id=alert_id)
    )
    decide_answer(
        is_open=not alert.verdict,
        explanation=explanation,
        may_manage=channels.may_manage(alert.channel, actor=actor, now=now),
        clause=pack.clause(_CONTROL),
    ).or_refuse()
    alert.verdict, alert.explanation = verdict, explanation.strip()
    alert.answered_by, alert.answered_at = actor, now
    alert.save(update_fields=["verdict", "explanation", "answered_by", "answered_at"])
    ledger.record(
        events.IntegrityAlertAnswered(
            alert=alert.public_id,
            verdict=verdict,
            explanation_digest=sha256(alert.explanation.encode()).hexdigest(),
        ),
        actor=actor.public_id,
        now=now,
    )
    if not reads.open_alerts(alert.channel).exists():
        for duty in open_duties.open_duties(kind=INTEGRITY_DUTY, subject=alert.channel.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=alert.public_id, actor=actor.public_id, now=now)
    return alert
