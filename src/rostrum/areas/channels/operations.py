"""Everything that changes a channel: asked for, approved, opened, its log-in deposited, live, paused, closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from rostrum.areas.channels import custody, events, pack, queries, rules
from rostrum.areas.channels.addresses import Address, read_address
from rostrum.areas.channels.models import ApprovalStep, Channel, Credential, Platform, SecretMark
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.rules import CHANNEL_MACHINE, ChannelAct, ChannelKind, ChannelState
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, InvalidInput, Reason

DEPOSIT_DUTY = "channels.deposit-credential"
CONNECTION_DUTY = "channels.restore-connection"

# What `describe_channel` may set; all else about a channel has an act of its own.
DESCRIBED = (
    "name",
    "purpose",
    "mission_goal",
    "capture_plan",
    "cadence_minutes",
    "maintained_by",
    "comment_policy",
    "blocking_notice",
    "stated_purpose",
    "official_contact",
    "policy_link",
    "official_site_link",
)


@transaction.atomic
def request_channel(
    *,
    platform: str,
    name: str,
    unit: Unit,
    purpose: str,
    mission_goal: str,
    actor: User,
    now: datetime,
    serves: Sequence[str] = (),
    handle: str = "",
    url: str = "",
    kind: str = ChannelKind.PAGE,
    capture_plan: str = "",
    slug: str = "",
) -> Channel:
    """Ask for a channel, with what it is for. Its address may be written in any of the usual ways.

    Raises `InvalidInput` naming the field for an address, kind or name that cannot be used, and `Refused` with every
    reason against the request (purpose, mission goal, address already a channel, not this person's unit). `serves`
    names which of the purposes that the packs list (`pack.purposes`) the channel serves.
    """
    address = read_address(platform, handle=handle, url=url)
    if kind not in list(ChannelKind):
        raise InvalidInput("kind", f"one of {', '.join(ChannelKind)}")
    if not name.strip():
        raise InvalidInput("name", "give the channel a name, as people will read it")
    listed = [code for code, _ in pack.purposes()]
    if unknown := set(serves) - set(listed):
        raise InvalidInput("serves", f"{sorted(unknown)[0]!r} is not one of {', '.join(listed) or 'none'}")
    facts = queries.request_facts(
        platform=platform,
        address=address,
        unit=unit,
        purpose=purpose,
        mission_goal=mission_goal,
        serves=serves,
        actor=actor,
        now=now,
    )
    rules.decide_request(facts).or_refuse()

    known = PLATFORMS[platform]
    row, _ = Platform.objects.update_or_create(
        slug=platform, defaults={"name": known.name, "terms_on_user_posts": known.terms_on_user_posts}
    )
    body = pack.body_name()
    channel = Channel(
        slug=_free_slug(slug or name, platform),
        platform=row,
        kind=kind,
        name=name.strip(),
        handle=address.handle,
        url=address.url,
        address_key=address.key,
        state=CHANNEL_MACHINE.initial,
        owner=body,
        unit=unit,
        copyright_holder=body,
        terms_on_user_posts=row.terms_on_user_posts,
        serves=sorted(set(serves)),
        purpose=purpose.strip(),
        mission_goal=mission_goal.strip(),
        capture_plan=capture_plan.strip(),
        requested_by=actor,
        requested_at=now,
    )
    _insert(channel, address)
    ledger.record(
        events.ChannelRequested(
            channel=channel.public_id,
            platform=platform,
            channel_kind=kind,
            address=address.key,
            unit=unit.public_id,
            serves=channel.serves,
        ),
        actor=actor.public_id,
        now=now,
    )
    return channel


def _insert(channel: Channel, address: Address) -> None:
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError:
        # Somebody asked for the same address at the same moment.
        taken = queries.channel_at(channel.platform_id, address.key)
        if taken is None:
            raise
        Decision((Reason("address-taken", f"This address is already the channel “{taken.name}”."),)).or_refuse()


def _free_slug(wanted: str, platform: str) -> str:
    base = slugify(wanted)[:60] or platform
    slug, number = base, 1
    while Channel.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def approve_channel(*, channel_id: str, actor: User, now: datetime, note: str = "") -> Channel:
    """Take the next step of the approval, in the order the pack names; the last step approves the channel.

    Raises `Refused`: not this person's step, the person asked for the channel or took a step before, wrong state.
    """
    channel = _locked(channel_id)
    facts = queries.step_facts(channel, actor=actor, now=now)
    rules.decide_step(facts).or_refuse()

    number, is_last = len(facts.taken) + 1, facts.is_last
    step = facts.next_step
    role = next((role for role in step.roles if role in facts.actor_roles), "") if step else ""
    ApprovalStep.objects.create(
        channel=channel, number=number, role=role, person=actor, taken_at=now, note=note.strip()
    )
    values: dict[str, Any] = {"channel": channel.public_id, "step": number, "role": role, "note": note.strip()}
    if is_last:
        _move(channel, ChannelAct.APPROVE, approved_by=actor, approved_at=now)
        ledger.record(events.ChannelApproved(**values), actor=actor.public_id, now=now)
    else:
        ledger.record(events.ChannelStepTaken(**values), actor=actor.public_id, now=now)
    return channel


@transaction.atomic
def decline_channel(*, channel_id: str, reason: str, actor: User, now: datetime) -> Channel:
    """Decline a request, with the reason shown to who asked. Raises `Refused` as `approve_channel` does."""
    channel = _locked(channel_id)
    facts = queries.step_facts(channel, actor=actor, now=now)
    rules.decide_step(facts).or_refuse()
    rules.decide_stop(rules.StopFacts(facts.state, ChannelAct.DECLINE, Decision(), reason)).or_refuse()

    step = facts.next_step
    role = next((role for role in step.roles if role in facts.actor_roles), "") if step else ""
    _move(channel, ChannelAct.DECLINE, declined_reason=reason.strip())
    ledger.record(
        events.ChannelDeclined(channel=channel.public_id, role=role, reason=reason.strip()),
        actor=actor.public_id,
        now=now,
    )
    return channel


@transaction.atomic
def open_channel(
    *,
    channel_id: str,
    registered_email: str,
    actor: User,
    now: datetime,
    why_other_email: str = "",
    copyright_holder: str = "",
    native_id: str = "",
    connection: Mapping[str, str] | None = None,
) -> Channel:
    """Record that the approved channel now exists on its platform, and open the duty to deposit its log-in.

    `connection` holds what a connector needs and is no secret (`connectors.registry`, settings). The owner is the body
    and cannot be chosen. Raises `Refused` (not approved, e-mail rule of the pack) or `InvalidInput` (connection).
    """
    channel = _locked(channel_id)
    facts = queries.opening_facts(
        channel, registered_email=registered_email, why_other_email=why_other_email, actor=actor, now=now
    )
    rules.decide_opening(facts).or_refuse()

    _move(
        channel,
        ChannelAct.OPEN,
        registered_email=registered_email.strip(),
        copyright_holder=copyright_holder.strip() or channel.owner,
        native_id=native_id.strip(),
        connection=_connection(channel, connection or {}),
        opened_by=actor,
        opened_at=now,
    )
    ledger.record(
        events.ChannelOpened(
            channel=channel.public_id,
            owner=channel.owner,
            unit=channel.unit.public_id,
            copyright_holder=channel.copyright_holder,
            official_email=facts.has_official_email,
            why_other_email=why_other_email.strip(),
        ),
        actor=actor.public_id,
        now=now,
    )
    duties.open_duty(
        kind=DEPOSIT_DUTY,
        title=f"Deposit the log-in of {channel.name}",
        owner_role=Role.COORDINATOR,
        owner=actor,
        due_at=now + timedelta(hours=pack.deposit_hours()),
        subject=channel.public_id,
        clause=pack.clauses().get("custody.deposit-duty", ""),
        clock="hours set by the body (local choice)",
        actor=actor.public_id,
        now=now,
    )
    return channel


def _connection(channel: Channel, given: Mapping[str, str]) -> dict[str, str]:
    fields = queries.connection_fields(channel.platform_id)
    values = {field.name: given.get(field.name, "").strip() for field in fields}
    for field in fields:
        if field.required and not values[field.name]:
            raise InvalidInput(field.name, f"{field.label} is needed. {field.help}")
    return {name: value for name, value in values.items() if value}


@transaction.atomic
def describe_channel(*, channel_id: str, actor: User, now: datetime, **values: str | int) -> Channel:
    """Set what the channel's page must show, its capture plan and cadence (names in `DESCRIBED`).

    Raises `InvalidInput` for an unknown name, a cadence below one minute, or when nothing changes; `Refused` without
    the right.
    """
    if unknown := set(values) - set(DESCRIBED):
        raise InvalidInput(sorted(unknown)[0], "this is not part of a channel's description")
    channel = _locked(channel_id)
    queries.may_describe(channel, actor=actor, now=now).or_refuse()
    if int(values.get("cadence_minutes", channel.cadence_minutes)) < 1:
        raise InvalidInput("cadence_minutes", "at least one minute")
    for name in ("name", "purpose", "mission_goal"):
        if name in values and not str(values[name]).strip():
            raise InvalidInput(name, "this cannot be empty")
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    changed = sorted(name for name, value in clean.items() if getattr(channel, name) != value)
    if not changed:
        raise InvalidInput("description", "nothing was changed")
    if channel.state == ChannelState.LIVE and "capture_plan" in changed and not clean["capture_plan"]:
        raise InvalidInput("capture_plan", "a live channel keeps a capture plan")
    for name in changed:
        setattr(channel, name, clean[name])
    channel.save(update_fields=changed)
    ledger.record(events.ChannelDescribed(channel=channel.public_id, changed=changed), actor=actor.public_id, now=now)
    return channel


@transaction.atomic
def deposit_credential(*, channel_id: str, secret: Mapping[str, str], actor: User, now: datetime) -> Credential:
    """Seal the channel's log-in into custody; the one before it is kept without its secret. Closes the deposit duty.

    `secret` has the fields that `queries.secret_fields` names. Raises `Refused`: a field is empty or too short, a
    secret was used before, the key file is missing, wrong state or right; `InvalidInput` for an unknown field.
    """
    channel = _locked(channel_id)
    fields = queries.secret_fields(channel.platform_id)
    names = [field.name for field in fields]
    if unknown := set(secret) - set(names):
        raise InvalidInput(sorted(unknown)[0], f"the log-in of this platform has: {', '.join(names)}")
    if not Credential.objects.exists():
        # Only before the first deposit: later a missing key must be found, not replaced.
        custody.make_key(settings.KEYS_FOLDER)
    key = custody.read_key(settings.KEYS_FOLDER)
    kept = {name: secret.get(name, "") for name in names if secret.get(name, "")}
    marks = {key.mark(value) for name, value in kept.items() if name in custody.SECRET_NAMES}
    # Who signs in stays the same when the password changes, but is no other channel's.
    ids = {key.mark(f"{name}\n{value.casefold()}") for name, value in kept.items() if name not in custody.SECRET_NAMES}
    others = SecretMark.objects.exclude(credential__channel=channel)
    facts = rules.DepositFacts(
        state=ChannelState(channel.state),
        may_deposit=queries.may_deposit(channel, actor=actor, now=now),
        missing=tuple(field.label for field in fields if field.required and not kept.get(field.name, "").strip()),
        weak=rules.weak_secrets(kept),
        used_before=SecretMark.objects.filter(mark__in=marks).exists() or others.filter(mark__in=ids).exists(),
        clauses=pack.clauses(),
    )
    rules.decide_deposit(facts).or_refuse()

    before = channel.credentials.select_for_update().filter(replaced_at=None).first()
    if before is not None:
        before.sealed, before.replaced_at = b"", now
        before.save(update_fields=["sealed", "replaced_at"])
    credential = Credential(channel=channel, key_id=key.key_id, deposited_by=actor, deposited_at=now)
    credential.sealed = key.seal(kept, channel=channel.public_id, credential=credential.public_id)
    credential.save(force_insert=True)
    known = set(SecretMark.objects.filter(mark__in=ids).values_list("mark", flat=True))
    SecretMark.objects.bulk_create(
        [SecretMark(credential=credential, mark=mark) for mark in sorted(marks | ids - known)]
    )
    _move(channel, ChannelAct.DEPOSIT)
    ledger.record(
        events.CredentialDeposited(
            channel=channel.public_id,
            credential=credential.public_id,
            replaces=before.public_id if before else "",
        ),
        actor=actor.public_id,
        now=now,
    )
    for duty in duty_queries.open_duties(kind=DEPOSIT_DUTY, subject=channel.public_id):
        duties.close_duty(duty_id=duty.public_id, evidence=credential.public_id, actor=actor.public_id, now=now)
    return credential


@transaction.atomic
def go_live(*, channel_id: str, actor: User, now: datetime, page_seen: bool = False) -> Channel:
    """Let the channel speak for the body. `page_seen` is the actor's word that the page shows each required element.

    Raises `Refused`, each reason with its clause: no credential, no capture plan, a page element missing or not seen.
    """
    channel = _locked(channel_id)
    facts = queries.live_facts(channel, act=ChannelAct.GO_LIVE, page_seen=page_seen, actor=actor, now=now)
    rules.decide_going_live(facts).or_refuse()
    _move(channel, ChannelAct.GO_LIVE, live_at=now)
    ledger.record(
        events.ChannelWentLive(
            channel=channel.public_id,
            cadence_minutes=channel.cadence_minutes,
            page_elements_seen=[element.clause for element in facts.elements],
        ),
        actor=actor.public_id,
        now=now,
    )
    return channel


@transaction.atomic
def pause_channel(*, channel_id: str, reason: str, actor: User, now: datetime) -> Channel:
    """Stop publishing on the channel for now, with a reason; capture goes on. Raises `Refused`."""
    channel = _locked(channel_id)
    rules.decide_stop(queries.stop_facts(channel, ChannelAct.PAUSE, reason, actor=actor, now=now)).or_refuse()
    _move(channel, ChannelAct.PAUSE)
    ledger.record(
        events.ChannelPaused(channel=channel.public_id, reason=reason.strip()), actor=actor.public_id, now=now
    )
    return channel


@transaction.atomic
def resume_channel(*, channel_id: str, actor: User, now: datetime, page_seen: bool = False) -> Channel:
    """Let a paused channel speak again, under the same conditions as going live. Raises `Refused`."""
    channel = _locked(channel_id)
    facts = queries.live_facts(channel, act=ChannelAct.RESUME, page_seen=page_seen, actor=actor, now=now)
    rules.decide_going_live(facts).or_refuse()
    _move(channel, ChannelAct.RESUME)
    ledger.record(events.ChannelResumed(channel=channel.public_id), actor=actor.public_id, now=now)
    return channel


@transaction.atomic
def close_channel(*, channel_id: str, reason: str, actor: User, now: datetime) -> Channel:
    """End the channel, with a reason. Its records and its history are kept. Raises `Refused`."""
    channel = _locked(channel_id)
    rules.decide_stop(queries.stop_facts(channel, ChannelAct.CLOSE, reason, actor=actor, now=now)).or_refuse()
    _move(channel, ChannelAct.CLOSE, closed_at=now)
    ledger.record(
        events.ChannelClosed(channel=channel.public_id, reason=reason.strip()), actor=actor.public_id, now=now
    )
    return channel


@transaction.atomic
def note_connection(*, channel_id: str, trouble: str, actor: str, now: datetime) -> Channel:
    """Note how a call to the platform went: `trouble` is a code of `connectors.interface.Trouble`, "" for none.

    Only a change is an act: trouble begun opens a duty, trouble ended closes it. `actor` is "system" or a public id.
    """
    channel = _locked(channel_id)
    before = channel.trouble
    if not trouble:
        channel.last_connected_at = now
    if trouble != before:
        channel.trouble = trouble
        channel.trouble_since = now if trouble else None
    channel.save(update_fields=["last_connected_at", "trouble", "trouble_since"])
    if trouble and trouble != before:
        ledger.record(events.ConnectionLost(channel=channel.public_id, trouble=trouble), actor=actor, now=now)
        duties.open_duty(
            kind=CONNECTION_DUTY,
            title=f"Restore the connection of {channel.name}",
            owner_role=Role.COORDINATOR,
            due_at=now + timedelta(hours=pack.reconnect_hours()),
            subject=channel.public_id,
            clock="hours set by the body (local choice)",
            actor=actor,
            now=now,
        )
    elif before and not trouble:
        entry = ledger.record(
            events.ConnectionRestored(channel=channel.public_id, trouble=before), actor=actor, now=now
        )
        for duty in duty_queries.open_duties(kind=CONNECTION_DUTY, subject=channel.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=entry.public_id, actor=actor, now=now)
    return channel


def _locked(channel_id: str) -> Channel:
    try:
        return (
            Channel.objects.select_for_update(of=("self",))
            .select_related("unit", "platform", "requested_by")
            .get(public_id=channel_id)
        )
    except Channel.DoesNotExist as fault:
        raise InvalidInput("channel", f"there is no channel {channel_id}") from fault


def _move(channel: Channel, act: ChannelAct, **values: Any) -> None:
    channel.state = CHANNEL_MACHINE.next_state(ChannelState(channel.state), act)
    for name, value in values.items():
        setattr(channel, name, value)
    channel.save(update_fields=["state", *values])
