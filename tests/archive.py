"""What archive tests start from: a channel, and Items as connectors and importers make them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from rostrum.areas.channels.models import Channel, Platform
from rostrum.areas.people.models import Unit, User
from rostrum.kernel.items import Item, Kind, Route

NOW = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
PUBLISHED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_channel(slug: str = "city", **fields: Any) -> Channel:
    """A live channel on the sample square."""
    person, _ = User.objects.get_or_create(email="coordinator@city.example", defaults={"name": "Casey Coordinator"})
    unit, _ = Unit.objects.get_or_create(slug="parks", defaults={"name": "Parks"})
    platform, _ = Platform.objects.get_or_create(slug="square", defaults={"name": "Sample square"})
    values: dict[str, Any] = {
        "slug": slug,
        "platform": platform,
        "kind": "page",
        "name": slug.replace("-", " ").title(),
        "address_key": f"square:{slug}",
        "state": "live",
        "owner": "City of Example",
        "unit": unit,
        "copyright_holder": "City of Example",
        "purpose": "Tell residents",
        "mission_goal": "Safety",
        "capture_plan": "Every 15 minutes",
        "requested_by": person,
        "requested_at": NOW,
    }
    return Channel.objects.create(**(values | fields))


def make_item(native_id: str = "p1", text: str = "Water main break on Main Street", **fields: Any) -> Item:
    """One version of one post as the square shows it."""
    raw = json.dumps({"id": native_id, "text": text, "likes": fields.pop("likes", 0)}).encode()
    values: dict[str, Any] = {
        "platform": "square",
        "kind": Kind.POST,
        "native_id": native_id,
        "text": text,
        "raw": raw,
        "route": Route.API,
        "author_id": "u1",
        "author_handle": "city",
        "author_name": "City of Example",
        "published_at": PUBLISHED,
    }
    return Item(**(values | fields))


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)
