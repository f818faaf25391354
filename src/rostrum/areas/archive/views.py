"""Pages of the archive: the search, one Item with all its versions, what was seen of each channel and what was not."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.archive import operations, presenting, queries
from rostrum.areas.archive.forms import (
    KIND_TITLES,
    STATE_TITLES,
    AdvertisingForm,
    AskSubstanceForm,
    ByHandForm,
    CloseGapForm,
    ElsewhereForm,
    SearchForm,
    SubstanceForm,
)
from rostrum.areas.archive.models import Capture, Gap, Item, Version
from rostrum.areas.archive.operations.elsewhere import ELSEWHERE, MOST_FILES, EvidenceFile
from rostrum.areas.archive.operations.gaps import CAUSE_WORDS
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.archive.rules import (
    Cause,
    Content,
    State,
    Tool,
    content_of,
    decide_advertising,
    decide_substance,
    own_mimes,
)
from rostrum.areas.channels import pack
from rostrum.areas.channels.queries.property import STAMP_TITLES
from rostrum.areas.channels.queries.terms import user_posts
from rostrum.areas.channels.terms.questions import PROPERTIES
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.people import queries as people
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Permission
from rostrum.connectors.blobs import NoSuchBlob
from rostrum.kernel import words
from rostrum.kernel.decisions import Decision, InvalidInput, Reason, Refused
from rostrum.kernel.items import Kind, Route, Seen

_PER_PAGE = 50
_CHUNK = 1 << 18
_STATE_KINDS = {State.PRESENT: "ok", State.HIDDEN: "stop", State.DELETED: "quiet"}
_SEEN_TITLES = {
    Seen.PRESENT: "Shown again",
    Seen.EDITED: "Edited",
    Seen.HIDDEN: "Hidden",
    Seen.GONE: "Gone",
}
ROUTE_TITLES = {
    Route.OWN_POST: "Published from here",
    Route.OWNER_EXPORT: "The platform's data export",
    Route.API: "The platform's interface",
    Route.FIREHOSE: "The platform's stream",
    Route.USER_SUPPLIED: "Given by a person",
}
TOOL_TITLES = {Tool.BODY: "Rostrum, the body's own tool", Tool.PLATFORM: "The platform's own tools"}
CONTENT_TITLES = {
    Content.TEXT: "Text",
    Content.ARTICLE: "Article",
    Content.PICTURE: "Picture",
    Content.VIDEO: "Video",
    Content.OTHER: "Other",
}
_ALLOWED = Decision()
_NOT_YOURS = Decision((Reason("not-yours", "Gaps are closed by those who may capture the channel by hand."),))
# Shown in place: pictures that cannot carry scripts. Everything else is only ever downloaded.
_SHOWN_IN_PLACE = ("image/png", "image/jpeg", "image/gif", "image/webp")


def _item_words(item: Item) -> dict[str, Any]:
    state = State(item.state)
    return {
        "item": item,
        "kind": KIND_TITLES[Kind(item.kind)],
        "state": STATE_TITLES[state],
        "state_kind": _STATE_KINDS[state],
        "is_present": state is State.PRESENT,
    }


def _hit_words(hit: queries.Hit, answer: queries.Search) -> dict[str, Any]:
    version = hit.versions[-1]
    pieces = presenting.excerpt(answer.tree, version.text)
    return _item_words(hit.item) | {
        "version": version,
        "pieces": pieces,
        "is_latest": version.number == hit.item.version_count,
        # The words stand in an alternative text or a card's title, which the list does not show.
        "is_elsewhere": not words.matches(answer.tree, version.text),
    }


@require_safe
@opens_for(Permission.SEE_ARCHIVE, reading=True)
def search_page(request: HttpRequest) -> HttpResponse:
    """Search the archive: every match, in order, counted; without a question, the latest."""
    now = timezone.now()
    person = signed_in_person(request)
    channels = list(queries.visible_channels(person, now=now).order_by("name"))
    asked = any(value for name, value in request.GET.items() if name not in ("after", "order"))
    form = SearchForm(request.GET or None, channels=channels)
    context: dict[str, Any] = {"form": form, "asked": asked, "hits": [], "has_channels": bool(channels)}
    context["may_classify"] = people.may(person, Permission.CLASSIFY_RECORD, reading=True, now=now).allowed
    if not channels:
        return render(request, "archive/search.html", context)
    if form.is_bound and not form.is_valid():
        return render(request, "archive/search.html", context, status=422)
    given = form.cleaned_data if form.is_bound else {}
    from_, to = queries.span_of_days(given.get("from_on"), given.get("to_on"))
    query = SearchQuery(
        text=given.get("q", ""),
        channels=tuple(filter(None, [given.get("channel")])),
        authors=tuple(filter(None, [given.get("author")])),
        kinds=tuple(filter(None, [given.get("kind")])),
        from_=from_,
        to=to,
        states=tuple(filter(None, [given.get("state")])),
    )
    try:
        answer = queries.search_for(queries.as_seen_by(person, query, now=now))
        after = int(request.GET["after"]) if "after" in request.GET else None
    except InvalidInput as problem:
        form.add_error("q", str(problem))
        return render(request, "archive/search.html", context, status=422)
    except ValueError:
        raise Http404("There is no such page of results.") from None
    newest_first = given.get("order") == "newest" or not asked
    page = answer.page(after=after, size=_PER_PAGE, newest_first=newest_first)
    address = request.GET.copy()
    address.pop("after", None)
    first_address = f"?{address.urlencode()}"
    if page.next_after is not None:
        address["after"] = str(page.next_after)
    context |= {
        "hits": [_hit_words(hit, answer) for hit in page.hits],
        "count": answer.count(),
        "newest_first": newest_first,
        "is_first": after is None,
        "first_address": first_address,
        "next_address": f"?{address.urlencode()}" if page.next_after is not None else "",
    }
    return render(request, "archive/search.html", context)


@require_safe
@opens_for(Permission.SEE_ARCHIVE, reading=True)
def item(request: HttpRequest, item_id: str) -> HttpResponse:
    """One Item: its versions side by side, how it was seen to change, its thread, its proofs, the gaps around it."""
    now = timezone.now()
    person = signed_in_person(request)
    found = get_object_or_404(queries.visible_items(person, now=now), public_id=item_id)
    versions = list(queries.versions_of(found))
    proofs = ledger.leaf_proofs([bytes(version.commitment) for version in versions])
    shown = []
    for before, version in zip([None, *versions], versions, strict=False):
        proved = proofs.get(bytes(version.commitment))
        shown.append(
            {
                "version": version,
                "before": before,
                "route": ROUTE_TITLES[Route(version.route)],
                "digest": bytes(version.raw_sha256).hex(),
                "commitment": bytes(version.commitment).hex(),
                "proof": proved,
                "entry": version.capture.entry,
                "media": [
                    {"medium": medium, "in_place": medium.mime in _SHOWN_IN_PLACE and bool(medium.sha256)}
                    for medium in version.media.all()
                ],
            }
        )
    sightings = [{"sighting": one, "words": _SEEN_TITLES[Seen(one.seen)]} for one in queries.sightings_of(found)]
    visible = queries.visible_items(person, now=now)
    thread = [_item_words(one) for one in visible.filter(pk__in=queries.thread_of(found).values("pk"))]
    is_elsewhere = found.platform == ELSEWHERE
    context = _item_words(found) | {
        "versions": shown,
        **_property(found),
        **_judged(found, person, now),
        "public_record": queries.public_record_clauses(is_elsewhere=is_elsewhere),
        "is_elsewhere": is_elsewhere,
        "property": STAMP_TITLES.get(found.property_kind, "") if found.property_holder else "",
        "latest": shown[-1] if shown else None,
        "sightings": sightings,
        "thread": thread if len(thread) > 1 else [],
        "route_titles": ROUTE_TITLES,
        "content": _content(versions[-1]) if versions else "",
        "tool": TOOL_TITLES[Tool(found.tool)],
        "gaps": [
            {"gap": gap, "cause": CAUSE_WORDS[Cause(gap.cause)]}
            for gap in queries.gaps_between([found.channel], found.sorted_at, None)
        ],
    }
    return render(request, "archive/item.html", context)


def _judged(found: Item, person: User, now: datetime) -> dict[str, Any]:
    """What people said of it: that the site placed it, and whether its words concern the body's business."""
    apart = queries.advertising_of(found)
    facts = queries.advertising_facts(found, reason="to be given", actor=person, now=now)
    return {
        "apart": apart,
        "whose": dict(AdvertisingForm().fields["whose"].choices).get(apart.whose, "") if apart else "",  # type: ignore[attr-defined]
        "apart_clause": facts.clause,
        "apart_form": AdvertisingForm() if facts.clause and facts.may_capture else None,
        "apart_decision": decide_advertising(facts),
        "substance": list(queries.substance_of(found)),
        "substance_clause": pack.clause_of("record.substance-only"),
        "ask_form": AskSubstanceForm(),
    }


def _content(version: Version) -> str:
    return CONTENT_TITLES[
        content_of(version.text, own_mimes([medium.mime for medium in version.media.all()], version.extra))
    ]


def _property(found: Item) -> dict[str, Any]:
    """Whose property another's post may be, by the review of the platform's terms that stood when it was posted."""
    if found.platform == ELSEWHERE or (found.author_id and found.author_id == found.channel.native_id):
        return {}
    answer, review = user_posts(found.channel, at=found.sorted_at)
    return {"user_property": PROPERTIES.get(answer, ""), "property_review": review, "is_user_post": True}


def _version(request: HttpRequest, item_id: str, number: int) -> Version:
    found = get_object_or_404(queries.visible_items(signed_in_person(request), now=timezone.now()), public_id=item_id)
    return get_object_or_404(queries.versions_of(found), number=number)


@require_safe
@opens_for(Permission.SEE_ARCHIVE, reading=True)
def payload(request: HttpRequest, item_id: str, number: int) -> HttpResponse:
    """The version's own payload, byte for byte."""
    version = _version(request, item_id, number)
    try:
        raw = queries.raw_of(version)
    except NoSuchBlob:
        raise Http404("This payload is no longer kept.") from None
    ending = "json" if "json" in version.raw_type else "bin"
    return _download(HttpResponse(raw), f"{item_id}-v{number}.{ending}")


@require_safe
@opens_for(Permission.SEE_ARCHIVE, reading=True)
def proof(request: HttpRequest, item_id: str, number: int) -> HttpResponse:
    """The proof that the version's leaf stands in the ledger under its newest checkpoint."""
    version = _version(request, item_id, number)
    found = ledger.leaf_proof(bytes(version.commitment))
    if found is None:
        raise Http404("This version waits for its place in the ledger.")
    return _download(HttpResponse(found.text()), f"{item_id}-v{number}.tlog-proof")


@require_safe
@opens_for(Permission.SEE_ARCHIVE, reading=True)
def media(request: HttpRequest, item_id: str, number: int, position: int) -> StreamingHttpResponse:
    """One medium of a version: pictures in place, everything else as a download."""
    medium = get_object_or_404(_version(request, item_id, number).media.exclude(sha256=""), position=position)
    try:
        size = queries.blobs().size_bytes(medium.sha256)
    except NoSuchBlob:
        raise Http404("This file is no longer kept.") from None
    in_place = medium.mime in _SHOWN_IN_PLACE
    response = StreamingHttpResponse(
        _bytes_of(medium.sha256), content_type=medium.mime if in_place else "application/octet-stream"
    )
    name = f"{item_id}-v{number}-{position}{_ending(medium.name)}"
    response["Content-Disposition"] = f'{"inline" if in_place else "attachment"}; filename="{name}"'
    response["Content-Length"] = str(size)
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _bytes_of(digest: str) -> Iterator[bytes]:
    with queries.blobs().open(digest) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _ending(name: str) -> str:
    ending = name.rpartition(".")[2]
    return f".{ending.lower()}" if ending.isascii() and ending.isalnum() and len(ending) <= 5 and "." in name else ""


def _download(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Type"] = "application/octet-stream"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@opens_for(Permission.SEE_ARCHIVE, reading=True)
def captures(request: HttpRequest) -> HttpResponse:
    """What was seen of each channel, what could not be, and the captures one by one."""
    now = timezone.now()
    person = signed_in_person(request)
    channels = list(queries.visible_channels(person, now=now).order_by("name"))
    listed = (
        Capture.objects.filter(channel__in=channels)
        .select_related("channel")
        .prefetch_related("sources")
        .order_by("-finished_at", "-pk")
    )
    page = Paginator(listed, _PER_PAGE).get_page(request.GET.get("page"))
    gaps = Gap.objects.filter(channel__in=channels).select_related("channel").order_by("-opened_at", "-pk")
    closable = set(queries.closable_gaps(person, now=now).values_list("pk", flat=True))
    context = {
        "coverage": queries.coverage(channels),
        "open_gaps": [
            _gap_words(gap) | {"may_close": _ALLOWED if gap.pk in closable else _NOT_YOURS}
            for gap in gaps.filter(closed_at=None)
        ],
        "closed_gaps": [_gap_words(gap) for gap in gaps.exclude(closed_at=None)[:_PER_PAGE]],
        "page": page,
        "rows": [{"capture": one, "route": ROUTE_TITLES[Route(one.route)]} for one in page],
    }
    return render(request, "archive/captures.html", context)


def _gap_words(gap: Gap) -> dict[str, Any]:
    return {"gap": gap, "cause": CAUSE_WORDS[Cause(gap.cause)]}


@require_POST
@opens_for(Permission.CAPTURE_BY_HAND)
def close_gap(request: HttpRequest, gap_id: str) -> HttpResponse:
    """Close a gap with what filled or explains it."""
    person = signed_in_person(request)
    now = timezone.now()
    gap = get_object_or_404(queries.closable_gaps(person, now=now), public_id=gap_id)
    form = CloseGapForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("because", "Say what filled or explains the gap, in at most 500 characters.")
    operations.close_gap(gap_id=gap.public_id, because=form.cleaned_data["because"], actor=person, now=now)
    messages.success(request, "The gap is closed. It stays in the record and in every production it touches.")
    return redirect("archive-captures")


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.CAPTURE_BY_HAND)
def elsewhere(request: HttpRequest) -> HttpResponse:
    """Keep a post that one of ours made for the body on somebody else's site."""
    person, now = signed_in_person(request), timezone.now()
    channels = queries.channels_to_capture(person, now=now)
    form = ElsewhereForm(
        request.POST or None,
        request.FILES or None,
        channels=list(channels),
        initial={"posted_by": person.email},
    )
    refusal: tuple[Reason, ...] = ()
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = operations.keep_post_made_elsewhere(
                channel_id=given["channel"],
                url=given["url"],
                place=given["place"],
                text=given["text"],
                posted_at=given["posted_at"],
                posted_by=given["posted_by"],
                is_official=given["is_official"] == "yes",
                files=[EvidenceFile(one.name or "file", one.read()) for one in given["evidence"]],
                actor=person,
                now=now,
            )
        except InvalidInput as problem:
            where = "evidence" if problem.where == "files" else problem.where
            form.add_error(where if where in form.fields else None, problem.why)
        except Refused as refused:
            # Shown with everything that was typed.
            refusal = refused.reasons
        else:
            messages.success(request, "The post is kept, with what shows it.")
            # Whoever may not read the archive keeps their own posts in it all the same.
            sees = queries.visible_items(person, now=now).filter(pk=kept.pk).exists()
            return redirect("archive-item", kept.public_id) if sees else redirect("archive-elsewhere")
    context = {
        "form": form,
        "refusal": Decision(refusal),
        "has_channels": channels.exists(),
        "clause_id": queries.elsewhere_clause(),
        "max_files": MOST_FILES,
    }
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "archive/elsewhere.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.CAPTURE_BY_HAND)
def by_hand(request: HttpRequest) -> HttpResponse:
    """Keep what stands on a channel that nothing captures by itself."""
    person, now = signed_in_person(request), timezone.now()
    channels = queries.channels_kept_by_hand(person, now=now)
    chosen = next((one for one in channels if one.slug == request.GET.get("channel")), None)
    form = ByHandForm(
        request.POST or None,
        request.FILES or None,
        channels=channels,
        initial={"channel": chosen.public_id if chosen else None},
    )
    refusal: tuple[Reason, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            kept = operations.keep_by_hand(**form.operation_arguments(), actor=person, now=now)
        except InvalidInput as problem:
            where = "own_files" if problem.where == "files" else problem.where
            form.add_error(where if where in form.fields else None, problem.why)
        except Refused as refused:
            # Shown with everything that was typed.
            refusal = refused.reasons
        else:
            messages.success(request, "It is kept, with what shows it.")
            sees = queries.visible_items(person, now=now).filter(pk=kept.pk).exists()
            return redirect("archive-item", kept.public_id) if sees else redirect("archive-by-hand")
    context = {"form": form, "refusal": Decision(refusal), "has_channels": bool(channels), "max_files": MOST_FILES}
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "archive/by_hand.html", context, status=status)


def _seen_item(request: HttpRequest, item_id: str) -> Item:
    return get_object_or_404(queries.visible_items(signed_in_person(request), now=timezone.now()), public_id=item_id)


@require_POST
@opens_for(Permission.SEE_ARCHIVE)
def set_apart(request: HttpRequest, item_id: str) -> HttpResponse:
    """Set an Item apart as advertising or a link of the site's owner, vendors or partners."""
    found = _seen_item(request, item_id)
    operations.set_advertising_apart(
        item_id=found.public_id,
        whose=request.POST.get("whose", ""),
        reason=request.POST.get("reason", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "It is set apart: it stays stored, is not counted, and is not moderated.")
    return redirect("archive-item", found.public_id)


@require_POST
@opens_for(Permission.SEE_ARCHIVE)
def take_back(request: HttpRequest, item_id: str) -> HttpResponse:
    """Count an Item that was set apart as content again."""
    found = _seen_item(request, item_id)
    operations.take_advertising_back(item_id=found.public_id, actor=signed_in_person(request), now=timezone.now())
    messages.success(request, "It counts as content again.")
    return redirect("archive-item", found.public_id)


@require_POST
@opens_for(Permission.SEE_ARCHIVE)
def ask_substance(request: HttpRequest, item_id: str) -> HttpResponse:
    """Ask whether an Item's words concern the body's business."""
    found = _seen_item(request, item_id)
    operations.ask_about_substance(
        item_id=found.public_id,
        why=request.POST.get("why", ""),
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "It is asked. Who answers sees the words, and neither who posted them nor where.")
    return redirect("archive-item", found.public_id)


@require_safe
@opens_for(Permission.CLASSIFY_RECORD, reading=True)
def substance(request: HttpRequest) -> HttpResponse:
    """The questions whether something concerns the body's business: open ones first."""
    page = Paginator(queries.substance_questions(), _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "archive/substance.html", {"page": page})


@require_safe
@opens_for(Permission.CLASSIFY_RECORD, reading=True)
def substance_question(request: HttpRequest, question_id: str) -> HttpResponse:
    """One question: the words alone, without who posted them, with what, or where; and the answer."""
    return _question_page(request, question_id, SubstanceForm())


@require_POST
@opens_for(Permission.CLASSIFY_RECORD)
def answer_substance(request: HttpRequest, question_id: str) -> HttpResponse:
    """Answer a question on the words alone, with the reason."""
    form = SubstanceForm(request.POST)
    if not form.is_valid():
        return _question_page(request, question_id, form)
    question = get_object_or_404(queries.substance_questions(), public_id=question_id)
    operations.decide_on_substance(
        question_id=question.public_id,
        is_related=form.cleaned_data["answer"] == "yes",
        reason=form.cleaned_data["reason"],
        actor=signed_in_person(request),
        now=timezone.now(),
    )
    messages.success(request, "The answer is kept with its reason.")
    return redirect("archive-substance")


def _question_page(request: HttpRequest, question_id: str, form: SubstanceForm) -> HttpResponse:
    person, now = signed_in_person(request), timezone.now()
    question = get_object_or_404(queries.substance_questions(), public_id=question_id)
    facts = queries.substance_facts(question, reason="to be given", actor=person, now=now)
    context = {"question": question, "form": form, "decision": decide_substance(facts), "clause_id": facts.clause}
    return render(request, "archive/substance_question.html", context, status=422 if form.errors else 200)
