"""Looks at a channel's page: read by the product, or attested by a person with a picture."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from rostrum.areas.channels import events, pack, queries, rules
from rostrum.areas.channels.models import Channel, PageCheck, PageSight
from rostrum.areas.channels.operations.rows import locked, move
from rostrum.areas.channels.pictures import read_picture
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.rules import ChannelAct, ChannelState
from rostrum.areas.channels.rules.page import How, Place, decide_page_check, found_in
from rostrum.areas.duties import operations as duties
from rostrum.areas.duties import queries as duty_queries
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger.rules import instant_text
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Item

PAGE_DUTY = "channels.check-page"
RESTORE_DUTY = "channels.restore-page"


@transaction.atomic
def record_page_reading(*, channel_id: str, profile: Item, actor: str, now: datetime) -> PageCheck:
    """Record what the channel's profile shows, as its connector read it: which elements stand in it, which are gone.

    A profile that shows what it showed before lengthens the last reading; nothing is recorded then. What the profile
    never showed may stand elsewhere on the page: a person says so. `actor` is "system" or a public id.
    """
    channel = locked(channel_id)
    shown = "\n".join(part for part in (profile.author_name, profile.text) if part)
    elements = queries.page_elements(channel)
    found = {element.code: words for element in elements if (words := found_in(element, shown))}
    asked = {element.code: element for element in elements}
    digest = LocalBlobs(settings.BLOBS_FOLDER).put(profile.raw)
    last = pages.last_reading(channel)
    in_profile = {
        code for code, sight in pages.last_sights(channel).items() if sight.in_place and sight.how is How.READ
    }
    # What is no longer asked for cannot be lost.
    lost = sorted((in_profile - found.keys()) & asked.keys())
    if last is not None and last.profile == digest and not lost and found.keys() <= in_profile:
        last.last_at, last.looks = now, last.looks + 1
        last.save(update_fields=["last_at", "looks"])
        settle_page(channel, evidence=last.public_id, actor=actor, now=now)
        return last
    check = PageCheck.objects.create(
        channel=channel, how=How.READ, at=now, last_at=now, profile=digest, profile_text=shown
    )
    PageSight.objects.bulk_create(
        [
            PageSight(
                check_run=check,
                element=code,
                clause=asked[code].clause,
                wanted=asked[code].text,
                in_place=in_place,
                place="Profile",
                matched=words,
            )
            for code, in_place, words in (
                *((code, True, words) for code, words in found.items()),
                *((code, False, "") for code in lost),
            )
        ]
    )
    ledger.record(
        events.PageRead(
            channel=channel.public_id,
            check=check.public_id,
            profile=digest,
            was_read_before=last is not None,
            found=sorted(found),
            lost=lost,
        ),
        actor=actor,
        now=now,
    )
    settle_page(channel, evidence=check.public_id, actor=actor, now=now)
    return check


@transaction.atomic
def check_page(
    *,
    channel_id: str,
    seen: Mapping[str, str],
    actor: User,
    now: datetime,
    missing: Collection[str] = (),
    picture: bytes = b"",
    note: str = "",
) -> PageCheck:
    """Record a person's look at the page: `seen` (element → where it stands), `missing`, and a picture of it.

    When every element that a pack asks for is in place, a deposited channel counts as checked. Raises `Refused` (not
    this person's, wrong state, no place, no picture, text not settled), `InvalidInput` for a picture or element that
    cannot be used.
    """
    channel = locked(channel_id)
    known = {element.code: element for element in queries.page_elements(channel)}
    if unknown := (set(seen) | set(missing)) - known.keys():
        raise InvalidInput(
            "element", f"{sorted(unknown)[0]!r} is not among {', '.join(known) or 'what a pack asks for'}"
        )
    mime = read_picture(picture) if picture else ""
    facts = pages.page_check_facts(
        channel, seen=dict(seen), missing=missing, has_picture=bool(picture), actor=actor, now=now
    )
    decide_page_check(facts).or_refuse()

    digest = LocalBlobs(settings.BLOBS_FOLDER).put(picture) if picture else ""
    check = PageCheck.objects.create(
        channel=channel,
        how=How.ATTESTED,
        by=actor,
        at=now,
        last_at=now,
        picture=digest,
        picture_mime=mime,
        note=note.strip(),
    )
    PageSight.objects.bulk_create(
        [
            *(
                PageSight(
                    check_run=check,
                    element=code,
                    clause=known[code].clause,
                    wanted=known[code].text,
                    in_place=True,
                    place=place.strip()[:200],
                )
                for code, place in seen.items()
            ),
            *(
                PageSight(
                    check_run=check, element=code, clause=known[code].clause, wanted=known[code].text, in_place=False
                )
                for code in sorted(missing)
            ),
        ]
    )
    ledger.record(
        events.PageAttested(
            channel=channel.public_id,
            check=check.public_id,
            picture=digest,
            seen=sorted(seen),
            missing=sorted(missing),
        ),
        actor=actor.public_id,
        now=now,
    )
    settle_page(channel, evidence=check.public_id, actor=actor.public_id, now=now)
    return check


def settle_page(channel: Channel, *, evidence: str, actor: str, now: datetime) -> None:
    """Draw what follows from a look, or from another text: checked or not, what is owed, until when it counts."""
    standing = queries.page_standing(channel, now=now)
    lacking = [one for one in standing if one.place is not Place.IN_PLACE and not one.element.is_advice]
    state = ChannelState(channel.state)
    values = {
        "page_due_at": pages.page_due_at(channel, now=now),
        "page_missing": sum(1 for one in lacking if one.place is Place.MISSING),
        "page_lapsed_at": channel.page_lapsed_at if any(one.place is Place.LAPSED for one in lacking) else None,
    }
    if not lacking and pages.was_page_checked(channel) and rules.CHANNEL_MACHINE.allows(state, ChannelAct.CHECK_PAGE):
        move(channel, ChannelAct.CHECK_PAGE, **values)
    else:
        for name, value in values.items():
            setattr(channel, name, value)
        channel.save(update_fields=list(values))
    if lacking and state in rules.OFFICIAL_STATES:
        duties.open_duty(
            kind=RESTORE_DUTY,
            title=f"Have the page of {channel.name} show {lacking[0].element.words}",
            owner_role=Role.COORDINATOR,
            due_at=now + timedelta(hours=pack.page_restore_hours()),
            subject=channel.public_id,
            clause=lacking[0].element.clause,
            clock="hours set by the body (local choice)",
            actor=actor,
            now=now,
        )
    done = [] if lacking else [RESTORE_DUTY]
    due_at = channel.page_due_at
    if not lacking and due_at is not None and due_at > now + timedelta(days=pack.page_notice_days()):
        done.append(PAGE_DUTY)
    for kind in done:
        for duty in duty_queries.open_duties(kind=kind, subject=channel.public_id):
            duties.close_duty(duty_id=duty.public_id, evidence=evidence, actor=actor, now=now)


def _owe_check(channel: Channel, *, due_at: datetime, actor: str, now: datetime) -> None:
    duties.open_duty(
        kind=PAGE_DUTY,
        title=f"Look at the page of {channel.name} again",
        owner_role=Role.COORDINATOR,
        due_at=due_at,
        subject=channel.public_id,
        clause=pack.clauses().get("page.check-before-open", ""),
        clock="days set by the body (local choice)",
        actor=actor,
        now=now,
    )


@transaction.atomic
def ask_page_check(*, channel_id: str, actor: str, now: datetime) -> Channel:
    """Open the duty to look at a page before the last look lapses; open already, nothing happens."""
    channel = locked(channel_id)
    _owe_check(channel, due_at=max(channel.page_due_at or now, now), actor=actor, now=now)
    return channel


@transaction.atomic
def note_page_lapse(*, channel_id: str, actor: str, now: datetime) -> Channel:
    """Note that nobody looked at an open channel's page in time: recorded once, its duty overdue from then on."""
    channel = locked(channel_id)
    due_at = channel.page_due_at
    if channel.page_lapsed_at is not None or due_at is None or due_at >= now:
        return channel
    channel.page_lapsed_at = now
    channel.save(update_fields=["page_lapsed_at"])
    ledger.record(events.PageCheckLapsed(channel=channel.public_id, due_at=instant_text(due_at)), actor=actor, now=now)
    _owe_check(channel, due_at=due_at, actor=actor, now=now)
    return channel
