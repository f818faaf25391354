"""What tests about reviews of activity start from: a busy channel, and a review of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from rostrum.areas.archive.operations import store_batch
from rostrum.areas.assurance import operations
from rostrum.areas.assurance.models import ActivityReview
from rostrum.areas.channels.models import Channel
from rostrum.areas.people.models import User
from rostrum.kernel.items import Access, Kind, Route
from tests.archive import PUBLISHED, make_channel, make_item

NOW = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
FROM, TO = PUBLISHED - timedelta(days=1), PUBLISHED + timedelta(days=1)


def a_busy_channel(count: int = 12, **fields: Any) -> Channel:
    """A channel with posts of its own and comments of residents, captured."""
    channel = make_channel(**({"native_id": "u1"} | fields))
    items = [make_item(f"p{n}", f"Post {n}") for n in range(count // 2)]
    items += [
        make_item(f"c{n}", f"Comment {n}", kind=Kind.COMMENT, author_id=f"r{n}", author_name="A resident")
        for n in range(count - count // 2)
    ]
    items.append(make_item("m1", "A direct message", kind=Kind.MESSAGE, author_id="r1"))
    items.append(make_item("c-secret", "Kept back", kind=Kind.COMMENT, author_id="r9", access=Access.RESTRICTED))
    items.append(make_item("old", "Long ago", published_at=PUBLISHED - timedelta(days=300)))
    store_batch(channel=channel, items=items, route=Route.API, actor="system", now=NOW)
    return channel


def a_review(reviewer: User, *channels: Channel, now: datetime = NOW, **overrides: Any) -> ActivityReview:
    """A review of these channels, its sample drawn."""
    values: dict[str, Any] = {"from_at": FROM, "to_at": TO, "wanted": 5}
    return operations.open_review(
        channel_ids=[channel.public_id for channel in channels], **(values | overrides), actor=reviewer, now=now
    )
