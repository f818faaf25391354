"""What people answered on the channels, and one thread."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from rostrum.areas.archive import queries as archive
from rostrum.areas.moderation import conversation as reads
from rostrum.areas.moderation import operations, queries, rules
from rostrum.areas.moderation.forms import NoticeAnswerForm
from rostrum.areas.people.access import opens_for, signed_in_person
from rostrum.areas.people.rules import Permission

SHOWN_OPEN = 10
TITLES = {"all": "All", "waiting": "Waiting", "open": "Being looked at", "removed": "Removed by us"}


@require_safe
@opens_for(Permission.SEE_CONVERSATION, reading=True)
def conversation(request: HttpRequest) -> HttpResponse:
    """What people answered, newest first, with what is being looked at on top."""
    person, now = signed_in_person(request), timezone.now()
    chosen = request.GET.get("show", "all")
    if chosen not in reads.CHOICES:
        chosen = "all"
    comments = reads.visible_comments(person, now=now).filter(reads.CHOICES[chosen])
    page = Paginator(comments, reads.COMMENTS_PER_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    versions = reads.latest_versions(items)
    open_now = reads.open_assessments(person, now=now)
    return render(
        request,
        "moderation/conversation.html",
        {
            "page": page,
            "rows": [(item, versions[item.pk]) for item in items if item.pk in versions],
            "filters": TITLES,
            "chosen": chosen,
            "open_assessments": open_now[:SHOWN_OPEN],
            "open_count": open_now.count(),
        },
    )


@require_safe
@opens_for(Permission.SEE_CONVERSATION, reading=True)
def thread(request: HttpRequest, item_id: str) -> HttpResponse:
    """One conversation from its first post, each comment with what can be done about it."""
    person, now = signed_in_person(request), timezone.now()
    item = get_object_or_404(reads.visible_items(person, now=now), public_id=item_id)
    page, shown = reads.thread_page(item, person, number=request.GET.get("page"), now=now)
    return render(
        request,
        "moderation/thread.html",
        {"item": item, "channel": item.channel, "page": page, "shown": shown},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@opens_for(Permission.REMOVE_COMMENT)
def no_notice(request: HttpRequest, item_id: str) -> HttpResponse:
    """Answer a message that was meant as a claim or a legal notice with the standard reply, and record it."""
    person, now = signed_in_person(request), timezone.now()
    item = get_object_or_404(reads.visible_items(person, now=now), public_id=item_id)
    form = NoticeAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.answer_as_no_notice(
            item_id=item.public_id,
            was_given=form.cleaned_data["given"] == "yes",
            how=form.cleaned_data["how"],
            actor=person,
            now=now,
        )
        messages.success(request, "Recorded: it was answered as no legal notice. No time limit runs from it.")
        return redirect("conversation-thread", item.public_id)
    facts = queries.notice_facts(item)
    context = {
        "item": item,
        "version": archive.latest_version(item),
        "channel": item.channel,
        "reply": queries.reply_to_notice() if facts.clause else "",
        "decision": queries.may_moderate(person, item, now=now).also(rules.decide_notice_answer(facts)),
        "form": form,
    }
    return render(request, "moderation/no_notice.html", context, status=422 if form.errors else 200)
