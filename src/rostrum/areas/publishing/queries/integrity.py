"""What is compared when a channel's page is held against the record, and the alerts that came of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from rostrum.areas.archive.models import Capture, Item, Version
from rostrum.areas.archive.rules import State
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import Channel, PageCheck
from rostrum.areas.channels.queries.property import is_made_by_channel
from rostrum.areas.channels.rules.page import How
from rostrum.areas.publishing.models import IntegrityAlert, IntegrityWatch, Publication
from rostrum.areas.publishing.queries.posts import content_of
from rostrum.areas.publishing.rules import Compared, Outcome
from rostrum.areas.publishing.rules import compare as compare_texts
from rostrum.areas.publishing.rules.integrity import Approved, StandingPost
from rostrum.kernel.items import Kind, Route

_POSTS = (Kind.POST, Kind.COMMENT, Kind.SHARE)
_UNDER_WAY = (Outcome.INTENDED, Outcome.UNCLEAR)


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post in the channel's name with what the comparison needs, and the capture that saw its last version."""

    item: Item
    standing: StandingPost
    version: int
    capture: int


def open_alerts(channel: Channel) -> QuerySet[IntegrityAlert]:
    """The alerts on a channel that nobody has answered, newest first."""
    return IntegrityAlert.objects.filter(channel=channel, verdict="")


def posts_to_compare(channel: Channel, watch: IntegrityWatch) -> Iterator[OwnPost]:
    """The posts in the channel's name that were captured, changed or lost since the last comparison.

    What was there before the channel went live is its history, and not held against what is published from here.
    """
    changed = Version.objects.filter(item__channel=channel, capture__gt=watch.capture_seen).values("item")
    gone = Q(state__in=(State.DELETED, State.HIDDEN))
    if watch.gone_seen_at is not None:
        gone &= Q(state_since__gt=watch.gone_seen_at)
    items = Item.objects.filter(Q(pk__in=changed) | gone, channel=channel, kind__in=_POSTS)
    if channel.live_at is not None:
        items = items.filter(sorted_at__gte=channel.live_at)
    for item in items.order_by("pk").iterator(chunk_size=200):
        is_own = is_made_by_channel(channel, author_id=item.author_id, author_handle=item.author_handle)
        # What a named person kept as the channel's own is said to be so already; nothing captures it.
        if is_own and item.versions.exclude(route=Route.USER_SUPPLIED).exists():
            yield _own_post(channel, item)


def _own_post(channel: Channel, item: Item) -> OwnPost:
    versions = list(item.versions.order_by("number").only("number", "text", "capture_id"))
    sent = _published(channel, item)
    standing = StandingPost(
        texts=tuple(version.text for version in versions) or ("",),
        is_shown=item.state == State.PRESENT,
        approved=None
        if sent is None
        else Approved(
            content_of(sent.revision).published_text,
            bool(sent.removal_asked_at or sent.removed_at),
        ),
        may_be_under_way=sent is None and bool(versions) and _is_under_way(channel, versions[0].text),
    )
    return OwnPost(item, standing, versions[-1].number if versions else 0, versions[-1].capture_id if versions else 0)


def _published(channel: Channel, item: Item) -> Publication | None:
    named = Q(native_id=item.native_id)
    if item.url:
        named |= Q(url=item.url)
    return Publication.objects.filter(named, channel=channel).select_related("revision").order_by("-pk").first()


def _is_under_way(channel: Channel, text: str) -> bool:
    sent = Publication.objects.filter(channel=channel, native_id="", url="", outcome__in=_UNDER_WAY)
    return any(
        compare_texts(content_of(one.revision).published_text, text) is Compared.SAME
        for one in sent.select_related("revision")
    )


def newest_capture(channel: Channel) -> int:
    """The last capture of a channel (primary key), 0 before the first."""
    return Capture.objects.filter(channel=channel).order_by("-pk").values_list("pk", flat=True).first() or 0


def profile_changes(channel: Channel, watch: IntegrityWatch) -> tuple[list[PageCheck], int]:
    """The readings since the last comparison in which the profile says something else than in the one before.

    With them the last reading that was compared (primary key).
    """
    checks = channel.page_checks.filter(how=How.READ).order_by("pk")
    before = checks.filter(pk__lte=watch.check_seen).last()
    changes, seen = [], watch.check_seen
    for check in checks.filter(pk__gt=watch.check_seen):
        was_live = channel.live_at is not None and check.at >= channel.live_at
        if before is not None and was_live and check.profile_text != before.profile_text:
            changes.append(check)
        before, seen = check, check.pk
    return changes, seen


def profile_before(check: PageCheck) -> PageCheck | None:
    """The reading before this one."""
    return PageCheck.objects.filter(channel=check.channel, how=How.READ, pk__lt=check.pk).order_by("-pk").first()


def watched() -> QuerySet[Channel]:
    """The channels whose page is held against the record: those that speak for the body."""
    return channels.official_channels()
