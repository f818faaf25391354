"""The life of a channel: asked for, approved, opened, described, live, paused, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from rostrum.areas.channels import events, pack, queries, rules
from rostrum.areas.channels.addresses import read_address
from rostrum.areas.channels.models import ApprovalStep, Channel
from rostrum.areas.channels.operations.custody import DEPOSIT_DUTY
from rostrum.areas.channels.operations.page import settle_page
from rostrum.areas.channels.operations.registry import note_look_alike, settle_regularising
from rostrum.areas.channels.operations.rows import free_slug, insert, locked, move, platform_row
from rostrum.areas.channels.rules import CHANNEL_MACHINE, ChannelAct, ChannelKind, ChannelState, Use
from rostrum.areas.channels.rules import asking as rules_of_use
from rostrum.areas.channels.rules.page import is_own_link
from rostrum.areas.duties import operations as duties
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Decision, InvalidInput

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
    why_alike: str = "",
    found: str = "",
    use: str = Use.OFFICIAL,
    business_case: str = "",
    risk_acknowledged: bool = False,
) -> Channel:
    """Ask for a channel, with what it is for. Its address may be written in any of the usual ways.

    `found` is the public id of a channel that was found on its platform: asked for afterwards, it goes through the same
    steps as a new one. `why_alike` says why a handle is chosen that can be mistaken for that of a channel of the body.
    Where the department weighs the added risk first, the request of its own head is its step, and needs
    `risk_acknowledged`. A presence that is only personal is refused, and nothing of it is kept.

    Raises `InvalidInput` naming the field for an address, kind or name that cannot be used, and `Refused` with every
    reason against the request (purpose, mission goal, address already a channel, not this person's unit). `serves`
    names which of the purposes that the packs list (`pack.purposes`) the channel serves.
    """
    was_found = locked(found) if found else None
    if use not in list(Use):
        raise InvalidInput("use", f"one of {', '.join(Use)}")
    address = read_address(platform, handle=handle, url=url)
    if was_found and (platform, address.key) != (was_found.platform_id, was_found.address_key):
        raise InvalidInput("url", f"this is not the address of the channel that was found, {was_found.name}")
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
        why_alike=why_alike,
        found=was_found,
        use=use,
        business_case=business_case,
        risk_acknowledged=risk_acknowledged,
    )
    rules.decide_request(facts).or_refuse()

    row = platform_row(platform)
    body = pack.body_name()
    values: dict[str, Any] = {
        "kind": kind,
        "name": name.strip(),
        "owner": body,
        "unit": unit,
        "copyright_holder": body,
        "terms_on_user_posts": row.terms_on_user_posts,
        "serves": sorted(set(serves)),
        "purpose": purpose.strip(),
        "mission_goal": mission_goal.strip(),
        "capture_plan": capture_plan.strip(),
        "use": use,
        "business_case": business_case.strip(),
        "why_alike": why_alike.strip(),
        "requested_by": actor,
        "requested_at": now,
    }
    if was_found:
        channel = was_found
        # Steps taken before it was sent back count no more; the ledger keeps them.
        channel.steps.all().delete()
        move(channel, ChannelAct.ASK, **values)
    else:
        channel = Channel(
            slug=free_slug(slug or name, platform),
            platform=row,
            handle=address.handle,
            url=address.url,
            address_key=address.key,
            state=CHANNEL_MACHINE.initial,
            **values,
        )
        insert(channel)
    ledger.record(
        events.ChannelRequested(
            channel=channel.public_id,
            platform=platform,
            channel_kind=kind,
            address=address.key,
            unit=unit.public_id,
            serves=channel.serves,
            use=channel.use,
            has_business_case=bool(channel.business_case),
        ),
        actor=actor.public_id,
        now=now,
    )
    step = pack.approval_steps()[0]
    if step.weighs_risk and facts.asked is not None and facts.asked.asked_by_head:
        role = next(held.role for held in people.roles_of(actor, now) if held.role in step.roles)
        _take_step(channel, step, number=1, role=role, note="", risk_acknowledged=True, actor=actor, now=now)
    note_look_alike(channel, facts.looks_like_id, actor=actor, now=now)
    return channel


def _take_step(
    channel: Channel,
    step: rules.Step,
    *,
    number: int,
    role: str,
    note: str,
    risk_acknowledged: bool,
    actor: User,
    now: datetime,
) -> None:
    """Record one step that is not the last."""
    ApprovalStep.objects.create(channel=channel, number=number, role=role, person=actor, taken_at=now, note=note)
    if step.weighs_risk:
        channel.risk_acknowledged_by, channel.risk_acknowledged_at = actor, now
        channel.save(update_fields=["risk_acknowledged_by", "risk_acknowledged_at"])
    ledger.record(
        events.ChannelStepTaken(
            channel=channel.public_id, step=number, role=role, note=note, risk_acknowledged=risk_acknowledged
        ),
        actor=actor.public_id,
        now=now,
    )


@transaction.atomic
def approve_channel(
    *, channel_id: str, actor: User, now: datetime, note: str = "", risk_acknowledged: bool = False
) -> Channel:
    """Take the next step of the approval, in the order the pack names; the last step approves the channel.

    `risk_acknowledged` is the department head's word that the added risk was weighed. Raises `Refused`: not this
    person's step, the person asked for the channel or took a step before, the risk not weighed, wrong state.
    """
    channel = locked(channel_id)
    facts = queries.step_facts(channel, actor=actor, now=now, risk_acknowledged=risk_acknowledged)
    rules.decide_step(facts).or_refuse()

    number, is_last = len(facts.taken) + 1, facts.is_last
    step = facts.next_step
    role = next((role for role in step.roles if role in facts.actor_roles), "") if step else ""
    weighs = bool(step and step.weighs_risk)
    if step and not is_last:
        _take_step(
            channel,
            step,
            number=number,
            role=role,
            note=note.strip(),
            risk_acknowledged=weighs and risk_acknowledged,
            actor=actor,
            now=now,
        )
        return channel
    ApprovalStep.objects.create(
        channel=channel, number=number, role=role, person=actor, taken_at=now, note=note.strip()
    )
    move(channel, ChannelAct.APPROVE, approved_by=actor, approved_at=now)
    ledger.record(
        events.ChannelApproved(
            channel=channel.public_id,
            step=number,
            role=role,
            note=note.strip(),
            risk_acknowledged=channel.risk_acknowledged_at is not None,
        ),
        actor=actor.public_id,
        now=now,
    )
    return channel


@transaction.atomic
def decline_channel(*, channel_id: str, reason: str, actor: User, now: datetime) -> Channel:
    """Decline a request, with the reason shown to who asked. Raises `Refused` as `approve_channel` does.

    A channel that was found exists all the same: it goes back to the found ones, whose duty stays open.
    """
    channel = locked(channel_id)
    # What an approval needs besides (the risk weighed, the use decided) stands against no decline.
    facts = replace(queries.step_facts(channel, act=ChannelAct.DECLINE, actor=actor, now=now), words=None)
    rules.decide_step(facts).or_refuse()
    rules.decide_stop(
        rules.StopFacts(facts.state, ChannelAct.DECLINE, Decision(), reason, pack.clauses_if_any())
    ).or_refuse()

    step = facts.next_step
    role = next((role for role in step.roles if role in facts.actor_roles), "") if step else ""
    move(channel, ChannelAct.SEND_BACK if channel.found_at else ChannelAct.DECLINE, declined_reason=reason.strip())
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
    registered_name: str = "",
    registered_contact: str = "",
    why_other_name: str = "",
    tied_to: User | None = None,
) -> Channel:
    """Record that the approved channel now exists on its platform, and open the duty to deposit its log-in.

    `registered_name` and `registered_contact` are what stands on the platform (empty: the channel's name, the e-mail
    address). `tied_to` is the person through whose own profile the platform lets the body in, where it asks for one.

    `connection` holds what a connector needs and is no secret (`connectors.registry`, settings). The owner is the body
    and cannot be chosen. Raises `Refused` (not approved, e-mail rule of the pack) or `InvalidInput` (connection).
    """
    channel = locked(channel_id)
    facts = queries.opening_facts(
        channel,
        registered_email=registered_email,
        why_other_email=why_other_email,
        registered_name=registered_name.strip(),
        registered_contact=registered_contact.strip(),
        why_other_name=why_other_name,
        actor=actor,
        now=now,
    )
    rules.decide_opening(facts).or_refuse()

    move(
        channel,
        ChannelAct.OPEN,
        registered_email=registered_email.strip(),
        registered_name=registered_name.strip() or channel.name,
        registered_contact=registered_contact.strip() or registered_email.strip(),
        why_other_name=why_other_name.strip(),
        tied_to=tied_to,
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
            official_name=facts.registered is None or facts.registered.has_own_name,
            official_contact=facts.registered is None or facts.registered.has_own_contact,
            why_other_name=channel.why_other_name,
            tied_to=tied_to.public_id if tied_to else "",
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
    channel = locked(channel_id)
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
    if "mission_goal" in changed:
        against = rules_of_use.against_goal(str(clean["mission_goal"]), pack.goals(), pack.goals_clause())
        pack.with_ground(Decision(against)).or_refuse()
    links = {name: str(clean[name]) for name in changed if name in ("policy_link", "official_site_link")}
    for name, link in links.items():
        if link and not is_own_link(link, pack.own_sites()):
            raise InvalidInput(name, f"this is not an address of the body: {', '.join(pack.own_sites())}")
    for name in changed:
        setattr(channel, name, clean[name])
    channel.save(update_fields=changed)
    ledger.record(events.ChannelDescribed(channel=channel.public_id, changed=changed), actor=actor.public_id, now=now)
    # What was seen was the text before: a changed one must be seen anew.
    settle_page(channel, evidence=channel.public_id, actor=actor.public_id, now=now)
    return channel


@transaction.atomic
def decide_use(*, channel_id: str, use: str, reason: str, actor: User, now: datetime) -> Channel:
    """Decide whose use a channel is of, with the reason: it stays an official one, or is only personal and ends here.

    Raises `Refused` (not the coordinator's decision, no reason, ended), `InvalidInput` for an unknown use.
    """
    if use not in list(Use):
        raise InvalidInput("use", f"one of {', '.join(Use)}")
    channel = locked(channel_id)
    rules_of_use.decide_use(queries.use_facts(channel, use=use, reason=reason, actor=actor, now=now)).or_refuse()
    channel.use = use
    channel.save(update_fields=["use"])
    if use == Use.PERSONAL:
        may_decline = CHANNEL_MACHINE.allows(ChannelState(channel.state), ChannelAct.DECLINE)
        if may_decline:
            move(channel, ChannelAct.DECLINE, declined_reason=reason.strip())
        else:
            move(channel, ChannelAct.CLOSE, closed_at=now)
    ledger.record(
        events.ChannelUseDecided(channel=channel.public_id, use=use, reason=reason.strip()),
        actor=actor.public_id,
        now=now,
    )
    return channel


@transaction.atomic
def go_live(*, channel_id: str, actor: User, now: datetime) -> Channel:
    """Let the channel speak for the body, after its page was checked.

    Raises `Refused`, each reason with its clause: no credential, no capture plan, a page element missing or not seen.
    """
    channel = locked(channel_id)
    facts = queries.live_facts(channel, act=ChannelAct.GO_LIVE, actor=actor, now=now)
    rules.decide_going_live(facts).or_refuse()
    move(channel, ChannelAct.GO_LIVE, live_at=now)
    ledger.record(
        events.ChannelWentLive(
            channel=channel.public_id,
            cadence_minutes=channel.cadence_minutes,
            page_elements_seen=[one.element.clause for one in facts.page if one.place is rules.Place.IN_PLACE],
        ),
        actor=actor.public_id,
        now=now,
    )
    settle_regularising(channel, evidence=f"{channel.name} is approved and live", actor=actor, now=now)
    return channel


@transaction.atomic
def pause_channel(*, channel_id: str, reason: str, actor: User, now: datetime) -> Channel:
    """Stop publishing on the channel for now, with a reason; capture goes on. Raises `Refused`."""
    channel = locked(channel_id)
    rules.decide_stop(queries.stop_facts(channel, ChannelAct.PAUSE, reason, actor=actor, now=now)).or_refuse()
    move(channel, ChannelAct.PAUSE)
    ledger.record(
        events.ChannelPaused(channel=channel.public_id, reason=reason.strip()), actor=actor.public_id, now=now
    )
    return channel


@transaction.atomic
def resume_channel(*, channel_id: str, actor: User, now: datetime) -> Channel:
    """Let a paused channel speak again, under the same conditions as going live. Raises `Refused`."""
    channel = locked(channel_id)
    facts = queries.live_facts(channel, act=ChannelAct.RESUME, actor=actor, now=now)
    rules.decide_going_live(facts).or_refuse()
    move(channel, ChannelAct.RESUME)
    ledger.record(events.ChannelResumed(channel=channel.public_id), actor=actor.public_id, now=now)
    return channel


@transaction.atomic
def close_channel(*, channel_id: str, reason: str, actor: User, now: datetime) -> Channel:
    """End the channel, with a reason. Its records and its history are kept. Raises `Refused`."""
    channel = locked(channel_id)
    rules.decide_stop(queries.stop_facts(channel, ChannelAct.CLOSE, reason, actor=actor, now=now)).or_refuse()
    move(channel, ChannelAct.CLOSE, closed_at=now)
    ledger.record(
        events.ChannelClosed(channel=channel.public_id, reason=reason.strip()), actor=actor.public_id, now=now
    )
    settle_regularising(channel, evidence=f"Closed: {reason.strip()}"[:500], actor=actor, now=now)
    return channel
