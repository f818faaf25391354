"""What publishing asks of somebody."""

from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.kinds import DutyKind, pages_at
from rostrum.areas.publishing.models import Draft, Publication

KINDS = (
    DutyKind(
        "publishing.decide-leavers-post",
        "Decide about a post of somebody who left",
        "A second person schedules it in their own name, or returns it",
        find_pages=pages_at("draft", Draft),
    ),
    DutyKind(
        "publishing.explain-difference",
        "Explain a difference from what was approved",
        "Somebody has said why",
        find_pages=pages_at("draft", Publication, "revision__draft__public_id"),
        closes_here=True,
    ),
    DutyKind(
        "publishing.integrity-alert",
        "Say what a change on a channel is",
        "Every alert on the channel is answered",
        find_pages=pages_at("channel-integrity", Channel, "slug"),
    ),
    DutyKind(
        "publishing.work-from-elsewhere",
        "Look at work on a post away from the body's computers",
        "Public affairs has seen the reason",
        find_pages=pages_at("draft", Draft),
        closes_here=True,
    ),
    DutyKind(
        "publishing.resolve-unclear",
        "Find out whether a post was published",
        "Somebody has looked and said so",
        find_pages=pages_at("draft", Publication, "revision__draft__public_id"),
    ),
    DutyKind(
        "publishing.retry-failed",
        "See to a post that was not published",
        "It is published, or given up",
        find_pages=pages_at("draft", Publication, "revision__draft__public_id"),
    ),
)
