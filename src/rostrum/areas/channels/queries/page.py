"""What a channel's page must show, what was seen there, and until when that counts."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from rostrum.areas.channels import pack, rules
from rostrum.areas.channels.models import Channel, PageCheck, PageSight
from rostrum.areas.channels.queries.custody import credential_in_force
from rostrum.areas.channels.rules import ELEMENTS, ChannelAct, ChannelState
from rostrum.areas.channels.rules.page import (
    Element,
    How,
    Look,
    PageCheckFacts,
    Sight,
    Standing,
    due_at,
    standings,
    stood_at,
)
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.connectors import registry
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import Decision

# Where a page is worth looking at: the channel exists, its log-in is held, and it has not ended.
LOOKED_AT = (ChannelState.DEPOSITED, ChannelState.CHECKED, *rules.OFFICIAL_STATES)


def page_elements(channel: Channel) -> tuple[Element, ...]:
    """What the active packs ask or advise this channel's page to show, with what is settled so far."""
    return tuple(
        Element(code, clauses, words, _wanted(channel, name), advised)
        for code, clauses, advised in pack.page_elements()
        for name, words in [ELEMENTS[code]]
    )


def _wanted(channel: Channel, name: str) -> str:
    if not name:
        return pack.not_legal_notice()
    return channel.unit.name if name == "department" else str(getattr(channel, name))


def last_sights(channel: Channel) -> dict[str, Sight]:
    """The last word on each element ever looked for on the page, by the element's code."""
    rows = PageSight.objects.filter(check_run__channel=channel).select_related("check_run__by").order_by("pk")
    found = [
        (
            row.element,
            Sight(
                in_place=row.in_place,
                how=How(row.check_run.how),
                place=row.place,
                wanted=row.wanted,
                matched=row.matched,
                # A reading that was lengthened saw again what is there; of what was gone it said so only once.
                at=row.check_run.last_at if row.in_place else row.check_run.at,
                by=row.check_run.by.name if row.check_run.by else "",
            ),
        )
        for row in rows
    ]
    return dict(sorted(found, key=lambda pair: pair[1].at))


def page_standing(channel: Channel, *, now: datetime) -> tuple[Standing, ...]:
    """How each element stands on the channel's page now."""
    return standings(page_elements(channel), last_sights(channel), check_days=pack.page_check_days(), now=now)


def look_that_shows(channel: Channel, element: str, *, at: datetime) -> Look | None:
    """The look by which an element stood on the channel's page at an instant in the past; None where none shows it."""
    rows = PageSight.objects.filter(check_run__channel=channel, element=element).select_related("check_run")
    looks = [
        Look(row.check_run.at, row.check_run.last_at, row.in_place, row.check_run.public_id)
        for row in rows.order_by("check_run__at", "pk")
    ]
    return stood_at(looks, at=at, check_days=pack.page_check_days())


def page_due_at(channel: Channel, *, now: datetime) -> datetime | None:
    """Until when the page must be looked at again; None before anybody has."""
    newest = channel.page_checks.order_by("-last_at").values_list("last_at", flat=True).first()
    return due_at(page_standing(channel, now=now), newest, check_days=pack.page_check_days())


def was_page_checked(channel: Channel) -> bool:
    """Whether anybody, or the product, ever looked at the page."""
    return channel.page_checks.exists()


def page_checks(channel: Channel) -> QuerySet[PageCheck]:
    """The looks at the page, newest first."""
    return channel.page_checks.select_related("by").prefetch_related("sights")


def last_reading(channel: Channel) -> PageCheck | None:
    """The last look at the profile by the product itself."""
    return channel.page_checks.filter(how=How.READ).order_by("-last_at", "-pk").first()


def blobs() -> LocalBlobs:
    """Where the pictures of pages and the profiles as they came are kept."""
    return LocalBlobs(settings.BLOBS_FOLDER)


def may_check_page(channel: Channel, *, actor: User, now: datetime) -> Decision:
    """Whether this person may look at the page for the body: its poster or head, the coordinator, IT."""
    may = people.may(actor, Permission.CHECK_PAGE, unit=channel.unit, channel=channel.public_id, now=now)
    return pack.with_ground(may)


def can_be_read(channel: Channel) -> bool:
    """Whether the product can read the profile itself: the platform has a connector, and a log-in is in custody."""
    return channel.platform_id in registry.PLATFORMS and credential_in_force(channel) is not None


def page_check_facts(
    channel: Channel,
    *,
    seen: dict[str, str],
    missing: Iterable[str],
    has_picture: bool,
    actor: User,
    now: datetime,
) -> PageCheckFacts:
    """The facts about a person's look that is to be recorded."""
    clauses = pack.clauses()
    return PageCheckFacts(
        allows=rules.skipped_step(
            ChannelState(channel.state), ChannelAct.CHECK_PAGE, clauses.get("page.check-before-open")
        ),
        may_check=may_check_page(channel, actor=actor, now=now),
        elements=page_elements(channel),
        seen=seen,
        missing=frozenset(missing),
        has_picture=has_picture,
        clause=clauses.get("page.check-before-open", ""),
        clauses=clauses,
    )


def pages_to_read(*, now: datetime) -> QuerySet[Channel]:
    """The channels whose profile the product can read, and has not read within the interval."""
    lately = PageCheck.objects.filter(how=How.READ, last_at__gt=now - timedelta(hours=pack.page_read_hours()))
    return (
        Channel.objects.filter(
            state__in=LOOKED_AT,
            platform__in=list(registry.PLATFORMS),
            credentials__replaced_at__isnull=True,
            credentials__isnull=False,
            # A lost token is restored by a person; asking again and again would tell nothing.
            trouble="",
        )
        .exclude(pk__in=lately.values("channel"))
        .distinct()
        .order_by("pk")
    )


def pages_due(*, now: datetime) -> QuerySet[Channel]:
    """The open channels whose page has to be looked at soon, or already had to."""
    soon = now + timedelta(days=pack.page_notice_days())
    return Channel.objects.filter(state__in=rules.OFFICIAL_STATES).filter(
        Q(page_due_at__isnull=True) | Q(page_due_at__lte=soon)
    )


def pages_lapsed(*, now: datetime) -> QuerySet[Channel]:
    """The open channels whose page nobody looked at in time, and of which that was not said yet."""
    return Channel.objects.filter(state__in=rules.OFFICIAL_STATES, page_due_at__lt=now, page_lapsed_at=None)


def advice_unheeded(channel: Channel, *, now: datetime) -> tuple[tuple[str, str], ...]:
    """What the guidelines in force advise and this channel does not have: a sentence and its clause."""
    found: list[tuple[str, str]] = []
    if (clause := pack.advising_clause("channel.business-case")) and not channel.business_case:
        found.append(("No business case was made for it.", clause))
    standing = page_standing(channel, now=now)
    if channel.state in LOOKED_AT:
        found += [
            (f"{one.element.words[:1].upper()}{one.element.words[1:]}: {one.title.lower()}.", one.element.clause)
            for one in standing
            if one.element.is_advice and one.place is not rules.Place.IN_PLACE
        ]
    if (clause := pack.checklist_clause()) and channel.state in LOOKED_AT:
        introduction = {"purpose", "purpose-and-scope"}
        links = {"policy-link", "official-site-link"}
        for words, has in (
            ("an introduction", any(_stands(one, introduction) for one in standing)),
            ("links to the official site", any(_stands(one, links) for one in standing)),
            ("a way in which its content is kept", bool(channel.capture_plan.strip())),
        ):
            if not has:
                found.append((f"The list of what a page should have: it lacks {words}.", clause))
    return tuple(found)


def _stands(standing: Standing, codes: set[str]) -> bool:
    return standing.element.code in codes and standing.place is rules.Place.IN_PLACE
