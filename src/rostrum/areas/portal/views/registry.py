"""The public registry: the directory, one channel, "is it official?", badges, feeds, and who we are elsewhere."""

from typing import Any
from xml.sax.saxutils import escape

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.governance import queries as governance
from rostrum.areas.people.access import opens_for_anyone
from rostrum.areas.portal import limits, queries
from rostrum.areas.portal.answers import Answer, Verdict
from rostrum.areas.portal.forms import DirectoryForm, LookUpForm
from rostrum.areas.portal.views.public import cached

_PER_PAGE = 50
_STATES = {
    ChannelState.LIVE: ("Official", "ok"),
    ChannelState.PAUSED: ("Official, paused", "wait"),
    ChannelState.CLOSED: ("Closed", "quiet"),
}
CHANGE_WORDS = {
    "opened": "speaks for us from now on",
    "paused": "is paused: nothing is published on it for now",
    "resumed": "goes on",
    "closed": "is closed: it does not speak for us any more, and its records are kept",
}
_ALERTS = {
    Verdict.OFFICIAL: "success",
    Verdict.WAS_OFFICIAL: "warning",
    Verdict.UNDER_REVIEW: "info",
    Verdict.LOOKS_LIKE: "error",
    Verdict.NOT_OURS: "warning",
    Verdict.CANNOT_TELL: "info",
}


@require_safe
@opens_for_anyone
def channel_directory(request: HttpRequest) -> HttpResponse:
    """Every channel that speaks for the body, or did, by department; searched and filtered."""
    every = queries.registered_channels()
    given = {"state": "official"} | request.GET.dict()
    form = DirectoryForm(
        given,
        units=list(every.order_by("unit__name").values_list("unit__slug", "unit__name").distinct()),
        platforms=list(every.order_by("platform__name").values_list("platform", "platform__name").distinct()),
    )
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {"state": "official"}
    matching = queries.searched(
        every,
        words=chosen.get("q", ""),
        platform=chosen.get("platform", ""),
        unit=chosen.get("unit", ""),
        state=chosen.get("state", ""),
    )
    page = Paginator(matching, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "look_up": LookUpForm(),
        "page": page,
        "rows": [shown(one) for one in page],
        "has_any": every.exists(),
    }
    return render(request, "portal/channels.html", context, status=422 if form.errors else 200)


def shown(channel: Channel) -> dict[str, Any]:
    """A channel with its state in words."""
    words, kind = _STATES[ChannelState(channel.state)]
    return {"channel": channel, "state": words, "state_kind": kind, "page": queries.public_page(channel)}


@require_safe
@opens_for_anyone
def check(request: HttpRequest) -> HttpResponse:
    """Is this one official? Works on whatever was pasted in."""
    is_asked = "address" in request.GET
    form = LookUpForm(request.GET if is_asked else None)
    found: tuple[Answer, ...] = ()
    status = 200
    if is_asked:
        wait = limits.asks_too_often(limits.QUESTIONS, request.META.get("REMOTE_ADDR", ""), now=timezone.now())
        if wait:
            form.add_error(None, f"From your network came many questions within a minute. Ask again in {wait} seconds.")
            status = 429
        elif form.is_valid():
            found = queries.is_it_ours(form.cleaned_data["address"])
        else:
            status = 422
    context = {
        "form": form,
        "answers": [{"answer": one, "kind": _ALERTS[one.verdict], "verdict": one.verdict.value} for one in found],
        "suggestions": _suggestions(found),
    }
    return render(request, "portal/check.html", context, status=status)


def _suggestions(found: tuple[Answer, ...]) -> list[Channel]:
    """Channels whose names are in words that hold no address."""
    if len(found) != 1 or found[0].verdict is not Verdict.CANNOT_TELL or found[0].notes[0].code != "no-address":
        return []
    return list(queries.searched(queries.registered_channels(), words=found[0].asked, state="official")[:5])


@require_safe
@opens_for_anyone
def channel(request: HttpRequest, slug: str) -> HttpResponse:
    """One channel: whose it is, whether it still speaks for the body, how to verify it, how well it is recorded."""
    found = get_object_or_404(queries.registered_channels(), slug=slug)
    policy_link = request.build_absolute_uri(reverse("portal-policy"))
    health = next((one for one in queries.capture_health() if one.channel.pk == found.pk), None)
    context = shown(found) | {
        "health": health,
        "is_closed": found.state == ChannelState.CLOSED,
        "notices": queries.page_notices(found, policy_link=policy_link) if found.state != ChannelState.CLOSED else (),
        "version": queries.policy_version(),
        "address": request.build_absolute_uri(reverse("portal-channel", args=[slug])),
        "badge": request.build_absolute_uri(reverse("portal-badge", args=[slug])),
        "api": reverse("api-channel", args=[found.public_id]),
    }
    return render(request, "portal/channel.html", context)


def _badge_state(channel: Channel) -> tuple[str, str]:
    if channel.state == ChannelState.CLOSED:
        on = channel.closed_at.date().isoformat() if channel.closed_at else ""
        return f"Closed {on}".strip(), "#5c5c5c"
    return ("Official, paused", "#8a5a00") if channel.state == ChannelState.PAUSED else ("Official", "#0b5d54")


@require_safe
@opens_for_anyone
def badge(request: HttpRequest, slug: str) -> HttpResponse:
    """A small picture for other sites: whether the channel is official, and that it can be checked here.

    A picture proves nothing, since anybody can copy it; it is a link to the page that does.
    """
    found = get_object_or_404(queries.registered_channels(), slug=slug)
    state, colour = _badge_state(found)
    label = f"{state}: verify at {request.get_host()}"
    width = 24 + 7 * len(label)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="28" role="img" viewBox="0 0 {width} 28">'
        f"<title>{escape(found.name)}: {escape(label)}</title>"
        f'<rect width="{width}" height="28" rx="4" fill="{colour}"/>'
        f'<text x="12" y="19" fill="#ffffff" font-family="Arial, Helvetica, sans-serif" font-size="13" '
        f'textLength="{width - 24}" lengthAdjust="spacingAndGlyphs">{escape(label)}</text></svg>'
    )
    return cached(request, HttpResponse(picture, content_type="image/svg+xml"))


def _change_title(change: queries.Change) -> str:
    return f"{change.channel.name} on {change.channel.platform.name} {CHANGE_WORDS[change.what]}"


def _change_id(request: HttpRequest, change: queries.Change) -> str:
    host = request.get_host().split(":")[0]
    return f"tag:{host},{change.at:%Y-%m-%d}:{change.channel.public_id}:{change.what}:{change.at:%Y%m%dT%H%M%SZ}"


@require_safe
@opens_for_anyone
def changes_atom(request: HttpRequest) -> HttpResponse:
    """Changes in the registry as an Atom feed."""
    home = request.build_absolute_uri(reverse("portal-channels"))
    feed = Atom1Feed(
        title=f"Official channels of {governance.body_name()}",
        link=home,
        description="Channels opened, paused, going on and closed.",
        feed_url=request.build_absolute_uri(),
        author_name=governance.body_name(),
    )
    for change in queries.registry_changes():
        feed.add_item(
            title=_change_title(change),
            link=request.build_absolute_uri(reverse("portal-channel", args=[change.channel.slug])),
            description=f"{_change_title(change)}. Kept by {change.channel.unit.name}.",
            unique_id=_change_id(request, change),
            pubdate=change.at,
            updateddate=change.at,
        )
    return cached(request, HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"))


@require_safe
@opens_for_anyone
def changes_json(request: HttpRequest) -> HttpResponse:
    """The same as a JSON Feed 1.1."""
    items = [
        {
            "id": _change_id(request, change),
            "url": request.build_absolute_uri(reverse("portal-channel", args=[change.channel.slug])),
            "title": _change_title(change),
            "content_text": f"{_change_title(change)}. Kept by {change.channel.unit.name}.",
            "date_published": change.at.isoformat(),
            "tags": [change.what, change.channel.platform_id],
        }
        for change in queries.registry_changes()
    ]
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Official channels of {governance.body_name()}",
        "home_page_url": request.build_absolute_uri(reverse("portal-channels")),
        "feed_url": request.build_absolute_uri(),
        "authors": [{"name": governance.body_name()}],
        "items": items,
    }
    return cached(request, JsonResponse(body, content_type="application/feed+json"))


@require_safe
@opens_for_anyone
def trust_txt(request: HttpRequest) -> HttpResponse:
    """Which pages elsewhere are the body's, in the form of trust.txt (JournalList), for crawlers."""
    lines = [
        f"# Official channels of {governance.body_name()}",
        f"# {request.build_absolute_uri(reverse('portal-channels'))}",
    ]
    official = queries.searched(queries.registered_channels(), state="official")
    lines += [f"social={page}" for one in official if (page := queries.public_page(one))]
    lines.append(f"disclosure={request.build_absolute_uri(reverse('portal-policy'))}")
    return cached(request, HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
@opens_for_anyone
def signed_registry(request: HttpRequest) -> HttpResponse:
    """The newest signed export of the registry."""
    found = queries.signed_export()
    if found is None:
        raise Http404
    answer = HttpResponse(found, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="registry.json"'
    return cached(request, answer)
