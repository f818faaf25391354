"""What a channel's lost connection costs those who publish."""

from datetime import datetime

from django.urls import reverse

from rostrum.areas.channels.costs import Cost
from rostrum.areas.channels.models import Channel
from rostrum.areas.publishing.models import Publication
from rostrum.areas.publishing.rules import Outcome

# What a failed publication is called when the line, not the post, was at fault.
_FOR_THE_LINE = ("lost_token", "no-credential", "sealed-unreadable")


def costs(channel: Channel, now: datetime) -> list[Cost]:
    """The posts that wait to be published on the channel, and those that are late."""
    waiting = Publication.objects.filter(channel=channel, outcome=Outcome.SCHEDULED)
    failed = Publication.objects.filter(channel=channel, outcome=Outcome.FAILED, failure__in=_FOR_THE_LINE).count()
    late, count = waiting.filter(due_at__lt=now).count(), waiting.count()
    found = []
    if count:
        posts = "1 post waits" if count == 1 else f"{count} posts wait"
        found.append(Cost(f"{posts} to be published; {late} should be out already.", reverse("write")))
    if failed:
        posts = "1 post was" if failed == 1 else f"{failed} posts were"
        found.append(Cost(f"{posts} not published for it, to be sent again by a person.", reverse("write")))
    return found
