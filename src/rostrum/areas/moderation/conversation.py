"""Reads for the conversation pages: the comments a person may see, and a thread with what was done about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.models import Item, Version
from rostrum.areas.archive.rules import State
from rostrum.areas.channels import pack
from rostrum.areas.moderation import queries
from rostrum.areas.moderation.models import Assessment, NoticeAnswer, Removal
from rostrum.areas.moderation.states import IN_FORCE, IN_TROUBLE, OPEN_STATES
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.kernel.items import Access, Kind

COMMENTS_PER_PAGE = 30
ITEMS_PER_PAGE = 50


def _reach(person: User, now: datetime, prefix: str = "") -> Q:
    scope = people.reach(person, Permission.SEE_CONVERSATION, reading=True, now=now)
    return scope.where(unit=f"{prefix}channel__unit", channel=f"{prefix}channel__public_id")


def visible_items(person: User, *, now: datetime) -> QuerySet[Item]:
    """What of the channels' conversations this person may see; direct messages are never here."""
    return Item.objects.filter(_reach(person, now), access=Access.OPEN).select_related("channel__unit")


_REMOVALS = Removal.objects.filter(item=OuterRef("pk"))
_ASSESSMENTS = Assessment.objects.filter(item=OuterRef("pk"))
_WAS_ASSESSED = Exists(_ASSESSMENTS.exclude(state="dropped"))
_IS_ANSWERED = Exists(
    Item.objects.filter(
        # Where its id on the platform is not known, what was kept as its own names the channel's id here.
        author_id__in=(OuterRef("channel__native_id"), OuterRef("channel__public_id")),
        channel=OuterRef("channel"),
        parent_id=OuterRef("native_id"),
    )
)


def _comments(person: User, now: datetime) -> QuerySet[Item]:
    """What others answered on the channels this person may see, newest first."""
    comments = archive.without_advertising(visible_items(person, now=now)).filter(kind=Kind.COMMENT)
    others = comments.exclude(~Q(author_id=""), author_id=F("channel__native_id"))
    return others.exclude(author_id=F("channel__public_id")).order_by("-sorted_at", "-pk")


def visible_comments(person: User, *, now: datetime) -> QuerySet[Item]:
    """What others answered on the channels this person may see, newest first, with how each stands."""
    return _comments(person, now).annotate(
        is_removed=Exists(_REMOVALS.filter(outcome__in=IN_FORCE)),
        is_in_trouble=Exists(_REMOVALS.filter(outcome__in=IN_TROUBLE)),
        is_assessed=Exists(_ASSESSMENTS.filter(state__in=OPEN_STATES)),
        was_assessed=_WAS_ASSESSED,
        is_answered=_IS_ANSWERED,
    )


def waiting_comments(person: User, *, now: datetime) -> QuerySet[Item]:
    """Of those, the ones on the platform that nobody has answered or assessed; without how each stands."""
    return _comments(person, now).filter(CHOICES["waiting"])


# Which of the comments a page shows. Waiting: on the platform, and nobody has answered or assessed it.
CHOICES = {
    "all": Q(),
    "waiting": Q(~_IS_ANSWERED, ~_WAS_ASSESSED, state=State.PRESENT.value),
    "open": Q(is_assessed=True),
    "removed": Q(is_removed=True),
}


def visible_assessments(person: User, *, now: datetime) -> QuerySet[Assessment]:
    """The assessments on channels whose conversation this person may see."""
    return Assessment.objects.filter(_reach(person, now, "item__")).select_related(
        "item__channel__unit", "version", "opened_by", "assessed_by", "seconded_by", "referral_answered_by"
    )


def open_assessments(person: User, *, now: datetime) -> QuerySet[Assessment]:
    """Of those, the ones that wait for somebody, the longest waiting first."""
    found = visible_assessments(person, now=now).filter(state__in=OPEN_STATES)
    return archive.without_advertising(found, item="item").order_by("opened_at")


@dataclass(frozen=True, slots=True)
class Shown:
    """An Item as a thread shows it: what it says now, and what was done about it."""

    item: Item
    version: Version
    is_own: bool
    removals: tuple[Removal, ...]
    assessment: Assessment | None  # the open one
    may_assess: bool
    answers: str  # whom it answers, where that is another comment
    answered_as_no_notice: bool
    may_answer_notice: bool


def latest_versions(items: Iterable[Item]) -> dict[int, Version]:
    """What each of these Items said last, by the Item's key; a version that was disposed of is not there."""
    chosen = Version.objects.filter(item__in=list(items), number=F("item__version_count"))
    return {version.item_id: version for version in chosen.prefetch_related("media").defer("raw", "seed")}


def thread_page(item: Item, person: User, *, number: str | None, now: datetime) -> tuple[Page[Item], list[Shown]]:
    """A page of the Item's thread, in order of publication; without `number`, the page the Item itself is on."""
    thread = archive.thread_of(item).filter(access=Access.OPEN)
    pages = Paginator(thread, ITEMS_PER_PAGE)
    if number is None:
        before = thread.filter(Q(sorted_at__lt=item.sorted_at) | Q(sorted_at=item.sorted_at, pk__lt=item.pk))
        number = str(before.count() // ITEMS_PER_PAGE + 1)
    page = pages.get_page(number)
    items = list(page.object_list)
    versions = latest_versions(items)
    removals: dict[int, list[Removal]] = {}
    for removal in Removal.objects.filter(item__in=items).select_related("remover", "assessment"):
        removals.setdefault(removal.item_id, []).append(removal)
    open_now = {one.item_id: one for one in Assessment.objects.filter(item__in=items, state__in=OPEN_STATES)}
    names = {one.native_id: versions[one.pk].author_name or versions[one.pk].author_handle
             for one in items if one.pk in versions}  # fmt: skip
    may = queries.may_moderate(person, item, now=now).allowed
    no_notice = set(NoticeAnswer.objects.filter(item__in=items).values_list("item", flat=True))
    has_clause = bool(pack.clause_of("page.not-legal-notice"))
    shown = []
    for one in items:
        if one.pk not in versions:
            continue
        one.channel = item.channel  # the thread is of one channel
        own = queries.is_own(one)
        shown.append(
            Shown(
                item=one,
                version=versions[one.pk],
                is_own=own,
                removals=tuple(removals.get(one.pk, ())),
                assessment=open_now.get(one.pk),
                may_assess=may
                and not own
                and one.kind in (Kind.COMMENT, Kind.SHARE)
                and not any(removal.outcome in IN_FORCE for removal in removals.get(one.pk, ())),
                answers=names.get(one.parent_id, "") if one.parent_id != one.root_id else "",
                answered_as_no_notice=one.pk in no_notice,
                may_answer_notice=may and has_clause and not own,
            )
        )
    return page, shown
