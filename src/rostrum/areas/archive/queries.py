"""Reads of the archive: searching it, an Item with its versions and thread, what was seen of each channel."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, F, Max, Model, OuterRef, Prefetch, Q, QuerySet

from rostrum.areas.archive import content, payloads, search
from rostrum.areas.archive.models import (
    Advertising,
    Capture,
    CaptureCursor,
    Gap,
    Item,
    Media,
    Sighting,
    SubstanceQuestion,
    Version,
)
from rostrum.areas.archive.rules import AdvertisingFacts, ByHandFacts, ElsewhereFacts, State, SubstanceFacts
from rostrum.areas.archive.search.documents import second_of_key
from rostrum.areas.channels import addresses, pack
from rostrum.areas.channels import queries as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries.property import is_made_by_channel
from rostrum.areas.channels.rules import OFFICIAL_STATES
from rostrum.areas.governance import queries as governance
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission, Reach
from rostrum.connectors import registry
from rostrum.connectors.blobs import LocalBlobs
from rostrum.evidence.commitments import Part
from rostrum.kernel import words
from rostrum.kernel.decisions import Decision, InvalidInput, Reason
from rostrum.kernel.items import Access, Kind

_AT_ONCE = 500
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked of the archive. Empty tuples ask for all; `from_` is inclusive, `to` exclusive.

    `text` is in the query language of `kernel.words`. `channels` are slugs; `authors` ids, handles or names;
    `kinds` and `states` codes. Restricted Items (direct messages) answer only where `include_restricted` is set, and
    that is for those who may see them (`may_see_restricted`).
    """

    text: str = ""
    channels: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    from_: datetime | None = None
    to: datetime | None = None
    states: tuple[str, ...] = ()
    include_restricted: bool = False

    def to_json(self) -> dict[str, Any]:
        """The query as it is saved with a request, so that it can be run again."""
        return {
            "text": self.text,
            "channels": list(self.channels),
            "authors": list(self.authors),
            "kinds": list(self.kinds),
            "from": content.instant(self.from_),
            "to": content.instant(self.to),
            "states": list(self.states),
            "include_restricted": self.include_restricted,
        }

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "SearchQuery":
        """The query that `to_json` saved."""
        return cls(
            text=saved["text"],
            channels=tuple(saved["channels"]),
            authors=tuple(saved["authors"]),
            kinds=tuple(saved["kinds"]),
            from_=datetime.fromisoformat(saved["from"]) if saved["from"] else None,
            to=datetime.fromisoformat(saved["to"]) if saved["to"] else None,
            states=tuple(saved["states"]),
            include_restricted=saved["include_restricted"],
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """An Item that answers, with those of its versions that do."""

    item: Item
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits in order, and the key to go on from (None: there are no more)."""

    hits: tuple[Hit, ...]
    next_after: int | None


class Search:
    """The answer to a query: every match, in order of publication, counted. Reads nothing until asked."""

    def __init__(self, filters: search.Filters) -> None:
        self._filters = filters

    @property
    def tree(self) -> words.Query | None:
        """The query as a tree, for highlighting."""
        return self._filters.tree

    def count(self) -> int:
        """How many Items answer."""
        return search.index().count_items(self._filters)

    def count_versions(self) -> int:
        """How many versions answer."""
        return search.index().count_versions(self._filters)

    def __iter__(self) -> Iterator[Hit]:
        """Every hit, oldest first; memory does not grow with their number."""
        after: int | None = None
        while (page := self.page(after=after, size=_AT_ONCE)).hits:
            yield from page.hits
            if page.next_after is None:
                return
            after = page.next_after

    def page(self, *, after: int | None = None, size: int = 50, newest_first: bool = False) -> Page:
        """The hits after the key `after`: `size` versions, and what completes the Items of the last second.

        All versions of an Item have the same second, so that an Item is never torn between two pages.
        """
        index = search.index()
        keys = index.keys(self._filters, after=after, newest_first=newest_first, limit=size)
        if not keys:
            return Page((), None)
        is_last = len(keys) < size
        while not is_last:
            more = index.keys(self._filters, after=keys[-1], newest_first=newest_first, limit=size)
            same_second = [key for key in more if second_of_key(key) == second_of_key(keys[-1])]
            keys += same_second
            is_last = not more
            if len(same_second) < len(more):
                break
        return Page(_hits(keys), None if is_last else keys[-1])


def span_of_days(from_on: date | None, to_on: date | None) -> tuple[datetime | None, datetime | None]:
    """From the first instant of one civil day to the last of another, both inclusive, in the body's own zone.

    As `SearchQuery` takes it: the second instant is exclusive.
    """
    zone = ZoneInfo(settings.LEGAL_TIME_ZONE)
    from_ = None if from_on is None else datetime.combine(from_on, time.min, zone)
    to = None if to_on is None or to_on == date.max else datetime.combine(to_on + timedelta(days=1), time.min, zone)
    return from_, to


def search_for(query: SearchQuery) -> Search:
    """The search for this query. Raises `InvalidInput` naming the place of what cannot be read, or what is unknown."""
    try:
        tree = words.parse(query.text)
    except words.QueryProblem as problem:
        raise InvalidInput(f"query, character {problem.start + 1}", problem.message) from None
    channels = dict(Channel.objects.filter(slug__in=query.channels).values_list("slug", "pk"))
    for slug in query.channels:
        if slug not in channels:
            raise InvalidInput("channel", f"There is no channel {slug!r}.")
    _must_be_one_of("kind", query.kinds, [kind.value for kind in Kind])
    _must_be_one_of("state", query.states, [state.value for state in State])
    return Search(
        search.Filters(
            tree=tree,
            channels=tuple(channels[slug] for slug in query.channels),
            kinds=query.kinds,
            authors=query.authors,
            from_=query.from_,
            to=query.to,
            states=query.states,
            include_restricted=query.include_restricted,
        )
    )


def items_matching(query: SearchQuery, *, include_restricted: bool | None = None) -> Iterator[Item]:
    """Every Item that answers, oldest first. Raises as `search_for`."""
    if include_restricted is not None:
        query = replace(query, include_restricted=include_restricted)
    for hit in search_for(query):
        yield hit.item


def _must_be_one_of(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    for code in given:
        if code not in known:
            raise InvalidInput(what, f"{code!r} is none of {', '.join(known)}.")


def _hits(keys: Sequence[int]) -> tuple[Hit, ...]:
    found = {
        version.pk: version
        for version in Version.objects.filter(pk__in=keys).select_related("item__channel").defer("raw", "seed")
    }
    by_item: dict[int, list[Version]] = {}
    for key in keys:
        # A version disposed of between the index's answer and this read is no answer any more.
        if key in found:
            by_item.setdefault(found[key].item_id, []).append(found[key])
    return tuple(
        Hit(versions[0].item, tuple(sorted(versions, key=lambda version: version.number)))
        for versions in by_item.values()
    )


def may_see_restricted(person: User, *, now: datetime) -> bool:
    """Whether the person may see direct messages and personal data: those who process records requests."""
    return people.may(person, Permission.PROCESS_REQUEST, reading=True, now=now).allowed


def visible_channels(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The channels whose archive the person may see."""
    return Channel.objects.filter(
        people.reach(person, Permission.SEE_ARCHIVE, reading=True, now=now).where(unit="unit")
    )


def as_seen_by(person: User, query: SearchQuery, *, now: datetime) -> SearchQuery:
    """The query narrowed to what the person may see. Raises `InvalidInput` for a channel they may not."""
    visible = tuple(visible_channels(person, now=now).order_by("slug").values_list("slug", flat=True))
    for slug in query.channels:
        if slug not in visible:
            raise InvalidInput("channel", f"There is no channel {slug!r}.")
    channels = query.channels or (visible if len(visible) < Channel.objects.count() else ())
    if not visible:
        raise InvalidInput("channel", "There is no channel whose archive you may see.")
    return replace(query, channels=channels, include_restricted=may_see_restricted(person, now=now))


def visible_items(person: User, *, now: datetime) -> QuerySet[Item]:
    """The Items the person may see; none without the right to see the archive at all."""
    items = Item.objects.select_related("channel__platform").filter(
        people.reach(person, Permission.SEE_ARCHIVE, reading=True, now=now).where(unit="channel__unit")
    )
    return items if may_see_restricted(person, now=now) else items.filter(access=Access.OPEN)


def versions_of(item: Item) -> QuerySet[Version]:
    """The Item's versions, oldest first, with their media."""
    return (
        Version.objects.filter(item=item)
        .select_related("capture")
        .prefetch_related(Prefetch("media", Media.objects.order_by("position")))
        .order_by("number")
    )


def latest_version(item: Item) -> Version:
    """What the Item said last. Raises Version.DoesNotExist when it was disposed of."""
    return versions_of(item).get(number=item.version_count)


def sightings_of(item: Item) -> QuerySet[Sighting]:
    """How the Item was seen to change, in order."""
    return Sighting.objects.filter(item=item).order_by("at", "pk")


def thread_of(item: Item) -> QuerySet[Item]:
    """The thread the Item stands in, itself included, in order of publication: the root, and all that name it."""
    root = item.root_id or item.parent_id or item.native_id
    of_channel = Item.objects.filter(channel=item.channel_id)
    thread = of_channel.filter(native_id=root) | of_channel.filter(root_id=root) | of_channel.filter(parent_id=root)
    if item.native_id != root:
        thread |= of_channel.filter(parent_id=item.native_id) | of_channel.filter(pk=item.pk)
    return thread.distinct().order_by("sorted_at", "pk")


def item_by_id(public_id: str) -> Item:
    """The Item with this public id. Raises Item.DoesNotExist."""
    return Item.objects.select_related("channel__platform").get(public_id=public_id)


def content_of(version: Version) -> content.Content:
    """The version as its commitment sees it, from its rows."""
    item = version.item
    return content.Content(
        platform=item.platform,
        kind=item.kind,
        native_id=item.native_id,
        number=version.number,
        route=version.route,
        raw_sha256=bytes(version.raw_sha256).hex(),
        raw_type=version.raw_type,
        captured_at=version.captured_at,
        published_at=item.published_at,
        edited_at=version.edited_at,
        parent_id=item.parent_id,
        root_id=item.root_id,
        quoted_id=item.quoted_id,
        visibility=version.visibility,
        version_key=version.version_key,
        lang=version.lang,
        author_id=item.author_id,
        author_handle=version.author_handle,
        author_name=version.author_name,
        url=version.url,
        text=version.text,
        extra=version.extra,
        media=[(medium.sha256, medium.alt) for medium in version.media.all()],
    )


def parts_of(version: Version) -> list[Part]:
    """The parts that `version.commitment` commits to, in order, made again from the rows."""
    return content.parts_of(content_of(version))


def raw_of(version: Version) -> bytes:
    """The version's own payload, byte for byte. Raises `NoSuchBlob` when a large one is gone."""
    packed = None if version.raw is None else bytes(version.raw)
    return payloads.unpack(version.raw_packing, packed, bytes(version.raw_sha256).hex(), blobs())


def blobs() -> LocalBlobs:
    """Where payloads, media and imported files are kept."""
    return LocalBlobs(settings.BLOBS_FOLDER)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was seen of one channel: when last, from when on, how much; and what was not."""

    channel: Channel
    first_at: datetime | None
    last_at: datetime | None
    items: int
    versions: int
    gaps: tuple[Gap, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it was looked at, and nothing is known to be missing now."""
        return self.last_at is not None and not any(gap.closed_at is None for gap in self.gaps)


def coverage(channels: Iterable[Channel]) -> list[Coverage]:
    """What was seen of each of these channels."""
    found: list[Coverage] = []
    for channel in channels:
        captures = Capture.objects.filter(channel=channel)
        first = captures.order_by("started_at").values_list("window_from", "started_at").first()
        found.append(
            Coverage(
                channel=channel,
                first_at=(first[0] or first[1]) if first else None,
                last_at=captures.aggregate(last=Max("finished_at"))["last"],
                items=without_advertising(Item.objects.filter(channel=channel)).count(),
                versions=Version.objects.filter(item__channel=channel).count(),
                gaps=tuple(Gap.objects.filter(channel=channel).order_by("-opened_at")),
            )
        )
    return found


def gaps_between(channels: Iterable[Channel], from_: datetime | None, to: datetime | None) -> QuerySet[Gap]:
    """The gaps of these channels that touch a span of time, open or closed: a production has to state them."""
    gaps = Gap.objects.filter(channel__in=list(channels)).select_related("channel")
    if to is not None:
        gaps = gaps.exclude(from_at__gte=to)
    if from_ is not None:
        gaps = gaps.exclude(to_at__lte=from_)
    return gaps.order_by("opened_at", "pk")


# What makes everything on a hosted page a public record, whatever it says and whoever wrote it.
_PUBLIC_RECORD = ("record.fixed-public", "capture.all-items")


def public_record_clauses(*, is_elsewhere: bool = False) -> tuple[str, ...]:
    """The clauses of the policy in force that make everything on an official channel a public record, by id.

    With `is_elsewhere`, those that make a record of what was posted for the body on somebody else's site.
    Nobody decides it item by item, so nothing is stored with the Item and nobody can opt out.
    """
    if governance.activation() is None:
        return ()
    bound = (one for control in _PUBLIC_RECORD for one in governance.policy().bound_to(control))
    return tuple(dict.fromkeys(one.clause.id for one in bound if (one.clause.id in _ELSEWHERE) is is_elsewhere))


# About what stands on others' pages.
_ELSEWHERE = ("WAU-use-10a",)


def elsewhere_facts(
    channel: Channel,
    *,
    page: addresses.Page,
    posted_by: User,
    is_official: bool,
    place: str,
    text: str,
    files: int,
    posted_at: datetime,
    actor: User,
    now: datetime,
) -> ElsewhereFacts:
    """The facts about a post on somebody else's site that is to be kept among a channel's records."""
    handle = addresses.fold(page.platform, page.named.handle) if page.named and page.named.handle else ""
    ours = [
        one
        for one in channels.known_channels().filter(platform=page.platform)
        if one.handle and handle and addresses.fold(page.platform, one.handle) == handle
    ]
    return ElsewhereFacts(
        may_capture=people.may(
            actor,
            Permission.CAPTURE_BY_HAND,
            unit=channel.unit,
            channel=channel.public_id,
            owner=posted_by,
            now=now,
        ),
        is_official=is_official,
        own_channel=ours[0].name if ours else "",
        text=text,
        place=place,
        files=files,
        posted_at=posted_at,
        now=now,
        clause=elsewhere_clause(),
    )


def captured_by(channel: Channel) -> str:
    """What captures the channel by itself now, in words; "" where people do it."""
    is_automatic = (
        channel.platform_id in registry.PLATFORMS and governance.capture_choice(channel.platform_id).is_automatic
    )
    return f"A connector to {channel.platform.name}" if is_automatic else ""


def by_hand_facts(
    channel: Channel,
    *,
    page: addresses.Page,
    text: str,
    author: str,
    is_comment: bool,
    answers: str,
    own_files: int,
    proofs: int,
    posted_at: datetime,
    actor: User,
    now: datetime,
) -> ByHandFacts:
    """The facts about something on a channel that is to be kept by hand."""
    facts = PLATFORMS.get(channel.platform_id)
    return ByHandFacts(
        may_capture=Decision() if kept_by(actor, now=now).filter(pk=channel.pk).exists() else _NOT_THEIRS,
        is_open=channel.state in OFFICIAL_STATES,
        connector=captured_by(channel),
        is_elsewhere=page.platform != channel.platform_id and bool(page.platform or (facts and facts.hosts)),
        platform=channel.platform.name,
        text=text,
        author=author,
        is_comment=is_comment,
        answers=answers,
        own_files=own_files,
        proofs=proofs,
        posted_at=posted_at,
        now=now,
        clause=next(iter(pack.definitions_of(channel.platform_id)), ""),
    )


def channels_kept_by_hand(person: User, *, now: datetime) -> list[Channel]:
    """The open channels that nothing captures by itself and that this person may keep by hand."""
    found = kept_by(person, now=now).filter(state__in=OFFICIAL_STATES).select_related("platform").order_by("name")
    return [one for one in found if not captured_by(one)]


def without_advertising(rows: QuerySet[_Row], *, item: str = "pk") -> QuerySet[_Row]:
    """The rows whose Item (at `item`) nobody set apart as advertising of the site."""
    return rows.exclude(Exists(Advertising.objects.filter(item=OuterRef(item), taken_back_at=None)))


def advertising_of(item: Item) -> Advertising | None:
    """As whose advertising the Item is set apart now, if it is."""
    return item.advertising.filter(taken_back_at=None).select_related("set_by").first()


def advertising_clause() -> str:
    """The clause in force that leaves the site's own advertising out of the body's control; "" for none."""
    return pack.clause_of("capture.advertising-apart")


def advertising_facts(item: Item, *, reason: str, actor: User, now: datetime) -> AdvertisingFacts:
    """The facts about an Item that is to be set apart as advertising of the site."""
    own = bool(item.property_holder) or is_made_by_channel(
        item.channel, author_id=item.author_id, author_handle=item.author_handle
    )
    return AdvertisingFacts(
        may_capture=kept_by(actor, now=now).filter(pk=item.channel_id).exists(),
        is_own=own or item.platform == "elsewhere",
        is_message=item.is_restricted or item.kind == Kind.MESSAGE,
        is_apart=advertising_of(item) is not None,
        reason=reason,
        clause=advertising_clause(),
    )


def substance_questions() -> QuerySet[SubstanceQuestion]:
    """All questions whether something concerns the body's business, the open ones first, then the latest."""
    return SubstanceQuestion.objects.select_related("version__item", "asked_by", "decided_by").order_by(
        F("decided_at").desc(nulls_first=True), "asked_at"
    )


def substance_of(item: Item) -> QuerySet[SubstanceQuestion]:
    """What was asked and answered about an Item's words."""
    return SubstanceQuestion.objects.filter(version__item=item).select_related("version", "asked_by", "decided_by")


def substance_facts(question: SubstanceQuestion, *, reason: str, actor: User, now: datetime) -> SubstanceFacts:
    """The facts about an answer to whether something concerns the body's business."""
    return SubstanceFacts(
        may_classify=people.may(
            actor, Permission.CLASSIFY_RECORD, unit=question.version.item.channel.unit, now=now
        ).allowed,
        has_asked=question.asked_by_id == actor.pk,
        has_written=question.version.item.author_id == actor.public_id,
        is_open=question.is_related is None,
        reason=reason,
        clause=pack.clause_of("record.substance-only"),
    )


def kept_by(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The channels on which this person may keep by hand what stands there; who writes for a department, its own."""
    scope = people.reach(person, Permission.CAPTURE_BY_HAND, now=now)
    reached = scope.where(unit="unit", channel="public_id")
    # Whoever reaches everything is asked for nothing: one more way must not narrow that.
    if (
        not scope.everything
        and Reach.OWN in people.reaches(person, Permission.CAPTURE_BY_HAND, now=now)
        and person.unit_id
    ):
        reached |= Q(unit=person.unit_id)
    return Channel.objects.filter(reached)


_NOT_THEIRS = Decision(
    (Reason("out-of-reach", "Custodians and coordinators keep what stands on a channel, and who works for its unit."),)
)


def channels_to_capture(person: User, *, now: datetime) -> QuerySet[Channel]:
    """The official channels among whose records this person may keep something by hand, own posts included."""
    scope = people.reach(person, Permission.CAPTURE_BY_HAND, now=now)
    found = channels.official_channels()
    if Reach.OWN in people.reaches(person, Permission.CAPTURE_BY_HAND, now=now):
        return found
    return found.filter(scope.where(unit="unit", channel="public_id"))


def elsewhere_clause() -> str:
    """The clause of the policy in force about posts made on others' sites; "" where none speaks of them."""
    stamps = pack.bindings("custody.property-stamp") if governance.activation() else ()
    found = (clause for clause, parameters in stamps if parameters.get("elsewhere"))
    return next(found, "") or pack.clause_of("capture.elsewhere")


def closable_gaps(person: User, *, now: datetime) -> QuerySet[Gap]:
    """The open gaps the person may close: those who may capture the channel by hand, not only their own posts."""
    scope = people.reach(person, Permission.CAPTURE_BY_HAND, now=now)
    return Gap.objects.filter(scope.where(unit="channel__unit"), closed_at=None).select_related("channel")


def capture_cursor(channel: Channel) -> str | None:
    """How far the channel was read, in the platform's own cursor; None when it never was."""
    return CaptureCursor.objects.filter(channel=channel).values_list("cursor", flat=True).first() or None
