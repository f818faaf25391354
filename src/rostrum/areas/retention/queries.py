"""Reads over holds, for pages and other areas."""

from django.db.models import Count, QuerySet

from rostrum.areas.archive.models import Item
from rostrum.areas.retention.models import Hold


def open_holds() -> QuerySet[Hold]:
    """Every hold in force, newest first, with `item_count`."""
    return Hold.objects.filter(released_at__isnull=True).annotate(item_count=Count("held"))


def holds_on(item: Item) -> QuerySet[Hold]:
    """The holds in force on one Item."""
    return Hold.objects.filter(released_at__isnull=True, held__item=item)


def hold_of(*, kind: str, matter: str) -> Hold | None:
    """The hold in force for a matter, or None."""
    return Hold.objects.filter(kind=kind, matter=matter, released_at__isnull=True).first()
