"""Lists of channels that were given in: what they hold, what they miss, and what the reader needs to know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from rostrum.areas.channels import pack
from rostrum.areas.channels.lists import Known, KnownChannel, Units
from rostrum.areas.channels.models import Channel, ChannelList, ListFind
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.lists import ListAct, ListFacts, ListState
from rostrum.areas.people import queries as people
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.operations.acting import Actor
from rostrum.areas.people.rules import Permission
from rostrum.kernel.decisions import Decision, Reason

ALL, PART = "all", "part"


def may_take_lists(actor: Actor, *, now: datetime) -> Decision:
    """Whether the actor may take in lists, which name channels of every department: who keeps the whole registry."""
    if not isinstance(actor, User) or people.reach(actor, Permission.MANAGE_CHANNEL, now=now).everything:
        return Decision()
    return Decision((Reason("out-of-reach", "Lists name channels of every department: they are for the coordinator."),))


def channel_lists() -> QuerySet[ChannelList]:
    """All lists, newest first, without the files' bytes."""
    return ChannelList.objects.defer("content")


def known_for_lists() -> Known:
    """The registry as the reader of a list needs it: every channel that was not declined."""
    rows = Channel.objects.exclude(state=ChannelState.DECLINED).order_by("pk")
    return Known(
        KnownChannel(public_id, name, platform, key, is_closed=state == ChannelState.CLOSED)
        for public_id, name, platform, key, state in rows.values_list(
            "public_id", "name", "platform_id", "address_key", "state"
        )
    )


def units_by_name() -> Units:
    """The departments by every name they go by: their own, their short names, and those the body has listed."""
    names: dict[str, str] = {}
    units = {unit.public_id: unit for unit in Unit.objects.all()}
    for unit in units.values():
        names[unit.name] = names[unit.slug] = unit.public_id
    own = Units(names)
    for known_as in pack.unit_names():
        found = {called for name in known_as if (called := own.called(name))}
        if len(found) == 1:
            names |= {name: next(iter(found)) for name in known_as if name not in names}
    return Units(names)


def open_channels_covered(covers: str) -> QuerySet[Channel]:
    """The channels that a list of this cover should name: open ones of the body, of a department, or none."""
    known = Channel.objects.exclude(state__in=(ChannelState.DECLINED, ChannelState.CLOSED)).order_by("name", "pk")
    if covers == PART:
        return known.none()
    return known if covers == ALL else known.filter(unit__public_id=covers)


def missing_channels(found: ChannelList) -> QuerySet[Channel]:
    """The channels that the list should have named and did not."""
    return Channel.objects.filter(public_id__in=found.missing).select_related("platform", "unit").order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class ListFigures:
    """How many rows of each kind a list has, and how many addresses with each outcome."""

    rows: dict[str, int]
    finds: dict[str, int]

    @property
    def to_decide(self) -> int:
        """How many rows and addresses wait for a person."""
        return self.finds.get("decide", 0) + self.rows.get("unclear", 0)


def figures(found: ChannelList) -> ListFigures:
    """The figures of a list; a row that a person has settled counts as settled."""
    by_kind = dict(found.rows.order_by().values_list("kind").annotate(count=Count("pk")))
    if settled := found.rows.filter(kind="unclear", settled_at__isnull=False).count():
        by_kind |= {"unclear": by_kind["unclear"] - settled, "settled": settled}
    return ListFigures(by_kind, dict(found.finds.order_by().values_list("outcome").annotate(count=Count("pk"))))


def unnamed_units(found: ChannelList) -> list[tuple[str, int]]:
    """The department names in a list that no department here goes by ("" where a row names none), with how often."""
    waiting = found.finds.filter(outcome="decide", unit=None).order_by().values_list("unit_text")
    return sorted(waiting.annotate(count=Count("pk")))


# Rows that say something and name no channel, and rows with an address that is not settled.
WAITS_FOR_A_PERSON = Q(kind="unclear", settled_at__isnull=True) | Q(finds__outcome="decide")


def list_facts(found: ChannelList, act: ListAct, may_keep: Decision) -> ListFacts:
    """The facts about an act on a list, as its page asks for them: as if a reason were given."""
    return ListFacts(ListState(found.state), act, may_keep)


def lists_waiting() -> QuerySet[ChannelList]:
    """Lists that wait for a person: held, or read and neither taken in nor set aside."""
    return channel_lists().filter(state__in=(ListState.HELD, ListState.READY))


def finds_of(found: ChannelList, outcomes: Iterable[str] = ()) -> QuerySet[ListFind]:
    """The addresses of a list in its order, all or those with these outcomes."""
    finds = found.finds.select_related("row", "unit", "channel")
    return finds.filter(outcome__in=list(outcomes)) if outcomes else finds
