"""Pages of platforms' terms: which are kept, one platform, one text, what changed between two."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rostrum.areas.channels.forms.terms import StoreTermsForm, TermsAddressForm, TermsWatchForm
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.models.terms import TermsChange, TermsSource, TermsVersion
from rostrum.areas.channels.operations import terms_changes, terms_texts
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries import terms as queries
from rostrum.areas.channels.rules.terms import REVIEW_TITLES, USE_TITLES, ReviewState, Use
from rostrum.areas.channels.rules.terms_changes import decide_confirmation
from rostrum.areas.channels.terms import choices
from rostrum.areas.channels.terms.questions import DOCUMENT_TITLES, DocumentKind
from rostrum.areas.jobs import operations as jobs
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.forms.refused import say_on_form, status_of
from rostrum.areas.people.rules import Permission
from rostrum.connectors.blobs import LocalBlobs
from rostrum.kernel.decisions import InvalidInput, Refused

_LATEST = 10


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def overview(request: HttpRequest) -> HttpResponse:
    """Every platform with channels or kept terms: how it stands, and what waits for this person."""
    person, now = signed_in_person(request), timezone.now()
    held = set(Channel.objects.values_list("platform", flat=True).distinct())
    kept = set(TermsVersion.objects.values_list("platform", flat=True).distinct())
    unread = queries.unread_rules(person, list(queries.channels_of_speaker(person, now=now)))
    context = {
        "rows": [
            {
                "slug": slug,
                "name": PLATFORMS[slug].name,
                "open": queries.terms_open(slug),
                "texts": _texts(slug),
                "watch": queries.terms_watch(slug),
            }
            for slug in sorted(held | kept, key=lambda one: PLATFORMS[one].name)
            if slug in PLATFORMS
        ],
        "others": sorted(
            ((slug, facts.name) for slug, facts in PLATFORMS.items() if slug not in held | kept),
            key=lambda one: one[1],
        ),
        "waiting": queries.waiting_reviews(person, now=now),
        "unread": unread,
    }
    return render(request, "channels/terms/overview.html", context)


def _texts(platform: str) -> list[dict[str, Any]]:
    return [
        {"title": title, "version": queries.newest_terms(platform, document)}
        for document, title in DOCUMENT_TITLES.items()
    ]


def _platform(slug: str) -> str:
    if slug not in PLATFORMS:
        raise Http404
    return slug


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def platform(request: HttpRequest, platform: str) -> HttpResponse:
    """One platform's terms: the texts with their versions, the looks, who is in charge, the reviews of its channels."""
    person, now, slug = signed_in_person(request), timezone.now(), _platform(platform)
    watch = queries.terms_watch(slug)
    sources = {one.document: one for one in TermsSource.objects.filter(platform=slug)}
    documents = [
        {
            "code": document,
            "title": title,
            "versions": list(queries.terms_versions(slug).filter(document=document)),
            "look": queries.last_look(slug, document),
            "is_stale": queries.is_stale(slug, document, now=now),
            "source": sources.get(document),
            "form": TermsAddressForm(
                auto_id=f"id_{document}_%s",
                initial={
                    "document": document,
                    "address": sources[document].address if document in sources else "",
                    "is_fetched": document in sources and sources[document].is_fetched,
                },
            ),
        }
        for document, title in DOCUMENT_TITLES.items()
    ]
    reviews = queries.reviews().filter(channel__platform=slug).exclude(state=ReviewState.DROPPED)
    context = {
        "platform": slug,
        "name": PLATFORMS[slug].name,
        "documents": documents,
        "watch": watch,
        "watch_days": choices.watch_days(),
        "open": queries.terms_open(slug),
        "changes": [_change(one) for one in TermsChange.objects.filter(platform=slug)[:_LATEST]],
        "reviews": [{"review": one, "state": REVIEW_TITLES[ReviewState(one.state)]} for one in reviews[:50]],
        "review_count": reviews.count(),
        "keep_decision": queries.may_keep_terms(slug, actor=person, now=now),
        "watch_form": TermsWatchForm(
            persons=queries.possible_deciders(now=now),
            initial={
                "watcher": watch.watcher.public_id if watch else "",
                "decider": watch.decider.public_id if watch else "",
            },
        ),
    }
    return render(request, "channels/terms/platform.html", context)


def _change(change: TermsChange) -> dict[str, Any]:
    return {
        "change": change,
        "title": DOCUMENT_TITLES[DocumentKind(change.document)],
        "use": USE_TITLES[Use(change.use)] if change.use else "",
    }


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def set_address(request: HttpRequest, platform: str) -> HttpResponse:
    """Say where a text stands."""
    person, now, slug = signed_in_person(request), timezone.now(), _platform(platform)
    form = TermsAddressForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(next(iter(form.errors)), "give a web address, or none")
    terms_texts.set_terms_address(platform=slug, **form.cleaned_data, actor=person, now=now)
    messages.success(request, "The address is kept.")
    return redirect("terms-platform", slug)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def name_watch(request: HttpRequest, platform: str) -> HttpResponse:
    """Name who watches and who decides."""
    person, now, slug = signed_in_person(request), timezone.now(), _platform(platform)
    form = TermsWatchForm(request.POST, persons=queries.possible_deciders(now=now))
    if not form.is_valid():
        raise InvalidInput(next(iter(form.errors)), "choose a person")
    terms_texts.name_terms_watch(platform=slug, **form.cleaned_data, actor=person, now=now)
    messages.success(request, "They are named; what is open goes over to them.")
    return redirect("terms-platform", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.SEE_CHANNELS)
def store(request: HttpRequest, platform: str) -> HttpResponse:
    """Keep a platform's text as it stands now."""
    person, now, slug = signed_in_person(request), timezone.now(), _platform(platform)
    asked = request.GET.get("document", "")
    form = StoreTermsForm(
        request.POST or None,
        request.FILES or None,
        initial={"document": asked if asked in list(DocumentKind) else DocumentKind.TERMS},
    )
    if request.method == "POST" and form.is_valid():
        try:
            look = terms_texts.store_terms(platform=slug, **form.operation_arguments(), actor=person, now=now)
        except InvalidInput as problem:
            form.add_error("file" if form.cleaned_data["file"] else "pasted", problem.why)
        except Refused as refusal:
            say_on_form(form, refusal)
        else:
            is_new = look.outcome == look.Outcome.NEW
            messages.success(
                request,
                f"Kept as version {look.version.number}."
                if is_new and look.version
                else "The words are the same as before; the look is recorded.",
            )
            return redirect("terms-platform", slug)
    context = {
        "form": form,
        "platform": slug,
        "name": PLATFORMS[slug].name,
        "decision": queries.may_keep_terms(slug, actor=person, now=now),
    }
    return render(request, "channels/terms/store.html", context, status=status_of(form))


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def note_unchanged(request: HttpRequest, platform: str) -> HttpResponse:
    """Record that this person looked, and the text was the same."""
    person, now, slug = signed_in_person(request), timezone.now(), _platform(platform)
    terms_texts.note_terms_unchanged(platform=slug, document=request.POST.get("document", ""), actor=person, now=now)
    messages.success(request, "Your look is recorded.")
    return redirect("terms-platform", slug)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def fetch_now(request: HttpRequest, platform: str) -> HttpResponse:
    """Have the worker fetch a text at once."""
    person, now, slug = signed_in_person(request), timezone.now(), _platform(platform)
    queries.may_keep_terms(slug, actor=person, now=now).or_refuse()
    source = TermsSource.objects.filter(
        platform=slug, document=request.POST.get("document", ""), is_fetched=True
    ).first()
    if source is None:
        raise Refused.because("not-fetched", "This text is not fetched: enter its address first.")
    args = {"platform": slug, "document": source.document}
    jobs.enqueue("channels.fetch-terms", args, now=now, unique_key=f"fetch-terms:{slug}:{source.document}")
    messages.success(request, "It is being fetched. Look again in a minute.")
    return redirect("terms-platform", slug)


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def version(request: HttpRequest, version_id: str) -> HttpResponse:
    """One text in full, with its digests, and its confirmation by those who post."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(TermsVersion.objects.select_related("platform", "added_by"), public_id=version_id)
    before = queries.terms_versions(found.platform_id).filter(document=found.document, number=found.number - 1).first()
    newest = queries.newest_terms(found.platform_id, DocumentKind(found.document))
    facts = queries.confirm_facts(found, actor=person, now=now)
    context = {
        "version": found,
        "title": DOCUMENT_TITLES[DocumentKind(found.document)],
        "before": before,
        "is_newest": newest is not None and newest.pk == found.pk,
        "newest": newest,
        "asks_reading": bool(choices.posters_confirm()) and facts.is_newest and facts.speaks,
        "has_read": facts.already,
        "read_clause": choices.posters_confirm(),
        "confirm_decision": decide_confirmation(facts),
    }
    return render(request, "channels/terms/version.html", context)


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def raw(_request: HttpRequest, version_id: str) -> HttpResponse:
    """The bytes of a text as they came, as a download."""
    found = get_object_or_404(TermsVersion.objects.defer("text"), public_id=version_id)
    # Never shown as a page of ours: it is somebody else's.
    response = HttpResponse(
        LocalBlobs(settings.BLOBS_FOLDER).read(found.raw_sha256), content_type="application/octet-stream"
    )
    name = f"{found.platform_id}-{found.document}-{found.number}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@opens_for(Permission.SEE_CHANNELS, reading=True)
def compare(request: HttpRequest, version_id: str) -> HttpResponse:
    """What changed between a text and the one before it."""
    found = get_object_or_404(TermsVersion.objects.select_related("platform"), public_id=version_id)
    before = TermsVersion.objects.filter(
        platform=found.platform_id, document=found.document, number=found.number - 1
    ).first()
    if before is None:
        raise Http404
    context = {"version": found, "before": before, "title": DOCUMENT_TITLES[DocumentKind(found.document)]}
    return render(request, "channels/terms/compare.html", context)


@require_POST
@opens_for(Permission.SEE_CHANNELS)
def confirm_read(request: HttpRequest, version_id: str) -> HttpResponse:
    """Record that this person read the rules of a platform on which they post."""
    person, now = signed_in_person(request), timezone.now()
    found = get_object_or_404(TermsVersion.objects.defer("text"), public_id=version_id)
    terms_changes.confirm_terms_read(version_id=found.public_id, actor=person, now=now)
    messages.success(request, "It is recorded that you read these rules.")
    return redirect("terms-version", found.public_id)
