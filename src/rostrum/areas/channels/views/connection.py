"""The page of one channel's line to its platform: how it stands, what it costs, how to restore it."""

from contextlib import closing
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from rostrum.areas.channels import operations, pack, queries
from rostrum.areas.channels.jobs.connection import may_restore, told_of
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.queries import page as pages
from rostrum.areas.channels.rules import CHANNEL_MACHINE, ChannelAct, ChannelState
from rostrum.areas.channels.views.frame import find, shown
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.connectors.interface import ConnectorError, Trouble


def panel(channel: Channel, person: User, now: datetime) -> dict[str, Any]:
    """How the line stands, for the channel's own page."""
    del person
    tied = channel.tied_to
    return {
        "tied_to": tied,
        "tied_has_left": tied is not None and not people.is_present(tied, now=now),
        "can_be_tried": pages.can_be_read(channel),
    }


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def connection(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the state of the line, since when, what a lost one costs, and who may restore it."""
    person, found, now = find(request, slug)
    state = ChannelState(found.state)
    context = (
        shown(found, now)
        | panel(found, person, now)
        | {
            "credential": queries.credential_in_force(found),
            "deposit_decision": queries.may_deposit(found, actor=person, now=now),
            "may_deposit_now": CHANNEL_MACHINE.allows(state, ChannelAct.DEPOSIT),
            "hours": pack.reconnect_hours(),
            "told": told_of(found, now=now),
            "able": may_restore(found, now=now),
            "is_lost": found.trouble == Trouble.LOST_TOKEN,
            "now": now,
            "history": [
                entry
                for entry in queries.history(found)
                if entry.kind in ("channels.connection-lost.v1", "channels.connection-restored.v1")
            ][::-1],
        }
    )
    return render(request, "channels/connection.html", context)


@require_POST
@opens_for(Permission.DEPOSIT_CREDENTIAL, Permission.MANAGE_CHANNEL)
def try_connection(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the platform something harmless now, and note whether it answers."""
    person, found, now = find(request, slug)
    may = queries.may_deposit(found, actor=person, now=now)
    if not may.allowed:
        queries.may_manage(found, actor=person, now=now).or_refuse()
    with closing(queries.connector_for(found)) as connector:
        try:
            connector.profile()
        except ConnectorError as problem:
            trouble, words = problem.kind.value, problem.message
        else:
            trouble, words = "", ""
    operations.note_connection(channel_id=found.public_id, trouble=trouble, actor=person.public_id, now=timezone.now())
    if trouble:
        messages.error(request, f"The platform does not let us in: {words}")
    else:
        messages.success(request, "The platform lets us in. What was missed is captured at the next look.")
    return redirect("channel-connection", slug)
